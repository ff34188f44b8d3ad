#ifndef CONTRACT_INNER_H
#define CONTRACT_INNER_H

#include "base/vec.h"
#include "contract/contract.h"
#include "contract/phrase.h"

/* What the parts of contract_infer say to each other. */

typedef VEC(const char *) TextList;

/* infer.c: what a guard says, unless it says nothing or was said. False: it has no name. */
bool add_guard(const Phrase *phrase, Guard guard, TextList *texts);

/* cases.c: `common` is what holds in all of them. */
void cases_infer(const Phrase *phrase, Contract *contract, TextList *common);
/* demands.c */
void demands_infer(const Phrase *phrase, Contract *contract);

/* site.c */
const Ins *site_ins(const Program *program, Site site, const ProgramFn **fn);
Place site_place(const Program *program, Site site); /* line 0: none */
/* The function that a call instruction at a site names; "" none. */
const char *site_callee(const Program *program, Site site);
/* The site is only reached by leaving a loop because its condition no longer holds. */
bool site_ends_loop(const Program *program, Site site);
Place place_of_loc(const Unit *unit, Loc loc);
/* Of what a body does: not of where it stands, nor of where what it uses stands. */
Hash body_hash(const ProgramFn *fn, Arena *scratch);

/* ranges.c */
/* True when one range holds exactly what a or b hold. */
bool ranges_unite(Range a, Range b, Range *both);

#endif
