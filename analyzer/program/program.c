/*
 * The program as one: runs the passes in the order in which they need each other, and
 * answers the questions that are one look into a table.
 */
#include "program/program.h"

#include "base/err.h"
#include "program/tables.h"

Program *program_link(Unit *const *units, uint32_t nunit, Models *models, Names *names,
                      Arena *arena)
{
    Program *program = ARENA_NEW(arena, Program);
    program->arena = arena;
    program->names = names;
    program->models = models;
    program->tables = ARENA_NEW(arena, struct ProgramTables);
    Arena *scratch = arena_new("link");
    link_units(program, units, nunit, scratch);
    globals_scan(program, scratch);
    CallList calls = graph_build(program, scratch);
    slots_solve(program, scratch);
    schedule_build(program, calls, scratch);
    noreturn_solve(program, calls, scratch);
    arena_free(scratch);
    return program;
}

ProgramFn *program_fn(const Program *program, const Unit *unit, FnId id)
{
    const UnitTable *table = unit_table(program, unit);
    return table && id < unit->nfn ? table->fns[id] : NULL;
}

ProgramGlobal *program_global(const Program *program, const Unit *unit, GlobalId id)
{
    const UnitTable *table = unit_table(program, unit);
    return table && id < unit->nglobal ? table->globals[id] : NULL;
}

const Name *program_field(const Program *program, const Unit *unit, FieldId id)
{
    const UnitTable *table = unit_table(program, unit);
    return table && id < unit->nfield ? table->fields[id] : NULL;
}

ProgramFn *program_find(const Program *program, const Name *link_name)
{
    const uint64_t *at = map_get(&program->tables->fn_at, MAP_KEY(link_name));
    return at ? program->fns.at[*at] : NULL;
}

ProgramGlobal *program_find_global(const Program *program, const Name *link_name)
{
    const uint64_t *at = map_get(&program->tables->global_at, MAP_KEY(link_name));
    return at ? program->globals.at[*at] : NULL;
}

Targets program_targets(const Program *program, const Unit *unit, const Fn *caller,
                        uint32_t block, uint32_t ins)
{
    (void)unit;
    const Ins *call = &caller->body->blocks[block].ins[ins];
    const uint64_t *at = map_get(&program->tables->site_at, MAP_KEY(call));
    return at ? program->tables->targets.at[*at] : (Targets){0};
}

bool targets_are_few(const Targets *targets)
{
    return targets->is_complete && targets->n && targets->n <= MOST_TARGETS;
}
