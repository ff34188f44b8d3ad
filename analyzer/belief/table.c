/*
 * Where a function's address is handed out. A short table of operations, or a registration here
 * and there, is made for objects in a certain state: who gets called that way may know what is
 * set. A long list of commands is the program's door: its members know nothing of each other.
 */
#include "belief/inner.h"

enum { LONG_LIST = 64 };

static void add_place(Beliefs *beliefs, const Name *fn, uint32_t *length)
{
    uint64_t *first = map_put(&beliefs->tables, MAP_KEY(fn), 0, NULL);
    vec_push(beliefs->arena, &beliefs->places, ((TablePlace){length, (uint32_t)*first}));
    *first = beliefs->places.n - 1;
    ++*length;
}

/* Initialisers of globals, and functions that hand out the addresses of others. */
static void find_places(Beliefs *beliefs)
{
    const Program *program = beliefs->program;
    Map lengths;
    map_init(&lengths, beliefs->arena);
    vec_push(beliefs->arena, &beliefs->places, ((TablePlace){NULL, 0}));
    for (uint32_t g = 0; g < program->globals.n; g++) {
        const ProgramGlobal *global = program->globals.at[g];
        uint32_t *length = ARENA_NEW(beliefs->arena, uint32_t);
        for (uint32_t i = 0; global->global && i < global->global->ninit; i++)
            if (global->global->inits[i].kind == INIT_FN)
                add_place(beliefs,
                          program_fn(program, global->unit, global->global->inits[i].fn)
                              ->link_name,
                          length);
    }
    for (uint32_t i = 1; i < beliefs->details.n; i++) {
        const Evidence *named = &beliefs->details.at[i].evidence;
        if (named->kind != EVIDENCE_NAMED) continue;
        bool added;
        uint64_t *length = map_put(&lengths, MAP_KEY(named->site.fn), 0, &added);
        if (added) *length = MAP_KEY(ARENA_NEW(beliefs->arena, uint32_t));
        add_place(beliefs, named->slot.name, (uint32_t *)(uintptr_t)*length);
    }
}

bool table_is_list(Beliefs *beliefs, const Name *fn)
{
    if (!beliefs->places.n) find_places(beliefs);
    const uint64_t *first = map_get(&beliefs->tables, MAP_KEY(fn));
    for (uint32_t i = first ? (uint32_t)*first : 0; i; i = beliefs->places.at[i].next)
        if (*beliefs->places.at[i].length < LONG_LIST) return false;
    return first != NULL;
}
