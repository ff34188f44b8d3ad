#ifndef TESTS_UNIT_PROGRAM_TEXT_H
#define TESTS_UNIT_PROGRAM_TEXT_H

/* For the tests of program/: units from IR text, linked, and short questions to the result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ir/read.h"
#include "program/program.h"

typedef struct World {
    Arena *arena;
    Names *names;
    Unit *units[512];
    uint32_t nunit;
    Models models;
    Program *program;
} World;

static inline void world_init(World *world)
{
    *world = (World){.arena = arena_new("test")};
    world->names = names_new(world->arena);
    models_init(&world->models, world->arena, world->names);
}

static inline Unit *world_add(World *world, const char *text)
{
    Err err = {0};
    Unit *unit = NULL;
    if (!ir_read_unit(text, strlen(text), world->names, world->arena, &unit, &err))
        fail_msg("%s", err.text);
    return world->units[world->nunit++] = unit;
}

static inline void world_link(World *world)
{
    world->program = program_link(world->units, world->nunit, &world->models,
                                  world->names, world->arena);
}

static inline ProgramFn *world_fn(const World *world, const char *link_name)
{
    ProgramFn *fn = program_find(world->program, name_of(world->names, link_name));
    if (!fn) fail_msg("there is no function %s", link_name);
    return fn;
}

static inline ProgramGlobal *world_global(const World *world, const char *link_name)
{
    ProgramGlobal *global =
        program_find_global(world->program, name_of(world->names, link_name));
    if (!global) fail_msg("there is no global %s", link_name);
    return global;
}

/* The nth call instruction of a function, from 0: its block and place in it. */
static inline void world_call(const ProgramFn *fn, uint32_t nth, uint32_t *block,
                              uint32_t *ins)
{
    const Body *body = fn->fn->body;
    for (uint32_t b = 0; b < body->nblock; b++) {
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            if (body->blocks[b].ins[i].op != OP_CALL || nth--) continue;
            *block = b;
            *ins = i;
            return;
        }
    }
    fail_msg("not so many calls in %s", fn->link_name->text);
}

/* "a b" for complete targets, "a b ..." when there may be more. */
static inline const char *world_targets(const World *world, const char *caller,
                                        uint32_t nth)
{
    const ProgramFn *fn = world_fn(world, caller);
    uint32_t block = 0, ins = 0;
    world_call(fn, nth, &block, &ins);
    Targets targets = program_targets(world->program, fn->unit, fn->fn, block, ins);
    Buf text;
    buf_init(&text, world->arena);
    buf_text(&text, "");
    for (uint32_t i = 0; i < targets.n; i++)
        buf_printf(&text, "%s%s", i ? " " : "", targets.at[i]->link_name->text);
    if (!targets.is_complete) buf_text(&text, targets.n ? " ..." : "...");
    return text.at;
}

static inline bool world_call_returns(const World *world, const char *caller,
                                      uint32_t nth)
{
    const ProgramFn *fn = world_fn(world, caller);
    uint32_t block = 0, ins = 0;
    world_call(fn, nth, &block, &ins);
    return program_call_returns(world->program, fn->unit, fn->fn, block, ins);
}

#endif
