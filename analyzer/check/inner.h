#ifndef CHECK_INNER_H
#define CHECK_INNER_H

#include "base/map.h"
#include "base/vec.h"
#include "check/check.h"

/* Where in its function a numbered instruction stands. */
typedef struct InsPlace {
    uint32_t block, ins;
} InsPlace;

struct Check {
    const Program *program;
    Arena *arena;
    Beliefs *beliefs;
    const Rule *rule;
    const ProgramFn *fn;
    const Candidate *candidate;
    Finding made; /* of the candidate at work; rule_id NULL: none */
    VEC(Finding) findings;
    VEC(ScoreTerm) terms;
    Map by_cause; /* hash of rule and cause -> finding */
    Map mixed;    /* by link name of a function: see check_mixed */
    Map roots;    /* by name of a callee and argument: calls that pass a root */
    Map passing;  /* ... -> Votes: see check_passing */
    bool is_taken;
};

/* Results of all functions with a body, by ProgramFn.id, each made with the last summaries
 * of its callees, except for stats->nunsettled of them. */
FlowResult *summarise(const Program *program, const CheckOptions *options, Arena *arena,
                      CheckStats *stats);

InsPlace place_of(const Body *body, uint32_t number);
Place place_at(const Unit *unit, Loc loc);
/* Steps for people, as seen from `home`; those in models have no place and are left out. */
Step *steps_make(const Check *check, const ProgramFn *home, const SiteStep *steps,
                 uint32_t n, uint32_t *made);
const char *step_text(const Check *check, const SiteStep *step, const ProgramFn *fn);

#endif
