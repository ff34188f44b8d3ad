/*
 * The graph of direct calls.
 *
 * needs: links. gives: ncaller, is_address_taken.
 */
#include "program/tables.h"

/* Calls `visit` for every direct call of a body, in order. */
static void each_call(const Program *program, const ProgramFn *caller,
                      void (*visit)(void *data, ProgramFn *callee), void *data)
{
    const Body *body = caller->fn->body;
    for (uint32_t b = 0; body && b < body->nblock; b++) {
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op == OP_CALL && ins->fn)
                visit(data, program_fn(program, caller->unit, ins->fn));
            else if (ins->op == OP_ADDR && ins->ref == REF_FN)
                program_fn(program, caller->unit, ins->fn)->is_address_taken = true;
        }
    }
}

static void count_call(void *data, ProgramFn *callee)
{
    ++*(uint32_t *)data;
    callee->ncaller++;
}

static void note_call(void *data, ProgramFn *callee)
{
    uint32_t **next = data;
    *(*next)++ = callee->id;
}

static CallList calls_collect(Program *program, Arena *scratch)
{
    CallList calls = {.first = ARENA_ARRAY(scratch, uint32_t, program->fns.n + 1)};
    uint32_t n = 0;
    for (uint32_t i = 0; i < program->fns.n; i++) {
        calls.first[i] = n;
        each_call(program, program->fns.at[i], count_call, &n);
    }
    calls.first[program->fns.n] = n;
    calls.to = ARENA_ARRAY(scratch, uint32_t, n);
    uint32_t *next = calls.to;
    for (uint32_t i = 0; i < program->fns.n; i++)
        each_call(program, program->fns.at[i], note_call, &next);
    return calls;
}

static void note_addresses_in_data(Program *program)
{
    for (uint32_t i = 0; i < program->globals.n; i++) {
        const ProgramGlobal *global = program->globals.at[i];
        for (uint32_t k = 0; k < global->global->ninit; k++) {
            const Init *init = &global->global->inits[k];
            if (init->kind == INIT_FN)
                program_fn(program, global->unit, init->fn)->is_address_taken = true;
        }
    }
}

CallList graph_build(Program *program, Arena *scratch)
{
    CallList calls = calls_collect(program, scratch);
    note_addresses_in_data(program);
    return calls;
}
