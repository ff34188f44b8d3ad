#ifndef PROGRAM_TABLES_H
#define PROGRAM_TABLES_H

#include "program/program.h"

/* Functions and whom they call, by id. */
typedef struct CallList {
    uint32_t *first; /* nfn + 1 */
    uint32_t *to;
} CallList;

/* One way to be called through a pointer. */
typedef struct Level {
    CallList links;
    uint32_t *component; /* by function: its cycle of calls in this way, callees first */
} Level;

/* What the files of this folder share: how a unit's own numbers map to the program's. */
typedef struct UnitTable {
    ProgramFn **fns; /* by FnId, GlobalId, FieldId of the unit */
    ProgramGlobal **globals;
    const Name **fields;
} UnitTable;

struct ProgramTables {
    Map unit_at; /* Unit -> index into units */
    UnitTable *units;
    Map fn_at, global_at; /* link name -> id */
    Map site_at;          /* indirect CALL instruction -> index into targets */
    VEC(Targets) targets;
    bool *is_shared; /* by global id: its address is a value somewhere */
    Level levels[2]; /* see schedule.c */
    uint8_t *traits; /* by function; see below */
};

/* What is in a body, so that others need not look for it. */
enum {
    TRAIT_CALLS_SLOT = 1,   /* some call is not a plain one of a function by name */
    TRAIT_TAKES_ADDRESS = 2 /* of a function */
};

/* By path; of equal paths by content. */
Unit **units_sorted(Unit *const *units, uint32_t nunit, Arena *arena);
/* By unit and FnId: definitions of a header's function with equal hashes are one; all zero for
 * other functions. needs: units. */
Hash **variants_solve(const Program *program, Arena *scratch);
/* gives: units, fns, globals and the tables above, is_shared aside. */
void link_units(Program *program, Unit *const *units, uint32_t nunit, Arena *scratch);
/* gives: is_written, is_nulled, is_escaped of every global, is_shared. */
void globals_scan(Program *program, Arena *scratch);
/* gives: is_address_taken, ncaller, traits; the direct calls. */
CallList graph_build(Program *program, Arena *scratch);
/* needs: slots_solve. gives: order, scc, is_recursive, levels. */
void schedule_build(Program *program, CallList calls, Arena *scratch);
/* needs: globals_scan, graph_build. gives: site_at, targets (all_noreturn aside). */
void slots_solve(Program *program, Arena *scratch);
/* needs: all of the above. gives: is_noreturn, all_noreturn. */
void noreturn_solve(Program *program, CallList calls, Arena *scratch);

static inline const UnitTable *unit_table(const Program *program, const Unit *unit)
{
    const uint64_t *at = map_get(&program->tables->unit_at, MAP_KEY(unit));
    return at ? &program->tables->units[*at] : NULL;
}

#endif
