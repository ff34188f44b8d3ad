#ifndef IR_BUILD_H
#define IR_BUILD_H

#include "base/map.h"
#include "ir/ir.h"

/*
 * Makes units and bodies. UnitBuild interns the tables; BodyBuild appends instructions to
 * the current block. build_body_end drops unreachable blocks, puts the rest in reverse
 * postorder and freezes the body.
 */
typedef struct UnitBuild UnitBuild;
typedef struct BodyBuild BodyBuild;

UnitBuild *build_unit(Arena *arena, Names *names, const char *path);
Unit *build_unit_end(UnitBuild *build); /* tables in order of first use */

uint32_t build_file(UnitBuild *build, const char *path);
MacroId build_macro(UnitBuild *build, const char *name);
/* Adds an empty row; the caller fills it through the pointer before the next add. */
FnId build_fn(UnitBuild *build, Fn **fn);
GlobalId build_global(UnitBuild *build, Global **global);
FieldId build_field(UnitBuild *build, Field **field);
Fn *build_fn_at(UnitBuild *build, FnId id);
Global *build_global_at(UnitBuild *build, GlobalId id);
Field *build_field_at(UnitBuild *build, FieldId id);
void build_note(UnitBuild *build, NoteKind kind, Loc loc, const char *text);
void build_status(UnitBuild *build, UnitStatus status); /* keeps the worse */
void build_lines(UnitBuild *build, uint32_t nline);
const Name *build_name(UnitBuild *build, const char *text);

BodyBuild *build_body(UnitBuild *build);
Body *build_body_end(BodyBuild *body, Loc end);

LocalId build_local(BodyBuild *body, const char *name, Type type, uint32_t flags,
                    Loc loc);
Local *build_local_at(BodyBuild *body, LocalId id);

uint32_t build_block(BodyBuild *body); /* a new, empty block; not the current one */
void build_enter(BodyBuild *body, uint32_t block); /* make it current */
uint32_t build_current(const BodyBuild *body);
bool build_ended(
    const BodyBuild
        *body); /* the current block has its terminator: what follows is unreachable */

Val build_val(BodyBuild *body);
/* Appends a copy; a value-giving op with dst 0 gets a fresh one. In an ended block the
 * instruction is dropped, but a value is still given. */
Val build_ins(BodyBuild *body, Ins ins);
Val *build_vals(BodyBuild *body, uint32_t n);

void build_jump(BodyBuild *body, Loc loc, uint32_t to);
void build_branch(BodyBuild *body, Ins at, uint32_t yes,
                  uint32_t no); /* at: a, loc, macro, flags */
void build_switch(BodyBuild *body, Ins at, const Case *cases, const uint32_t *to,
                  uint32_t ncase, uint32_t other);
void build_return(BodyBuild *body, Loc loc, Val value);
void build_stop(BodyBuild *body, Loc loc);

#endif
