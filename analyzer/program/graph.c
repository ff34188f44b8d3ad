/*
 * The graph of direct calls.
 *
 * needs: links. gives: ncaller, is_address_taken.
 */
#include "program/tables.h"

typedef VEC(uint32_t) Numbers;

/* One walk for all who need to know: what follows asks only functions with such a trait. */
static void collect_calls(Program *program, const ProgramFn *caller, Numbers *calls,
                          Arena *scratch)
{
    const Body *body = caller->fn->body;
    uint8_t *traits = &program->tables->traits[caller->id];
    for (uint32_t b = 0; body && b < body->nblock; b++) {
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op == OP_CALL && (!ins->fn || ins->a)) *traits |= TRAIT_CALLS_SLOT;
            if (ins->op == OP_CALL && ins->fn) {
                ProgramFn *callee = program_fn(program, caller->unit, ins->fn);
                callee->ncaller++;
                vec_push(scratch, calls, callee->id);
            } else if (ins->op == OP_ADDR && ins->ref == REF_FN) {
                *traits |= TRAIT_TAKES_ADDRESS;
                program_fn(program, caller->unit, ins->fn)->is_address_taken = true;
            }
        }
    }
}
static CallList calls_collect(Program *program, Arena *scratch)
{
    CallList calls = {.first = ARENA_ARRAY(scratch, uint32_t, program->fns.n + 1)};
    Numbers to = {0};
    program->tables->traits = ARENA_ARRAY(program->arena, uint8_t, program->fns.n);
    for (uint32_t i = 0; i < program->fns.n; i++) {
        calls.first[i] = to.n;
        collect_calls(program, program->fns.at[i], &to, scratch);
    }
    calls.first[program->fns.n] = to.n;
    calls.to = to.at;
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
