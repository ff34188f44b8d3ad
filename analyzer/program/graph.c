/*
 * The graph of direct calls, and the order in which functions are summarised: strongly
 * connected components by Tarjan's algorithm, callees first. The recursion is unrolled
 * into a list of frames, for call chains may be as deep as the program is large.
 *
 * needs: links. gives: ncaller, is_address_taken, order, scc, is_recursive.
 */
#include <stdlib.h>
#include <string.h>

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

typedef struct Frame {
    uint32_t node, edge;
} Frame;

typedef struct Tarjan {
    Program *program;
    CallList calls;
    uint32_t *index, *low; /* index 0: not seen */
    bool *is_open;         /* on the stack of nodes */
    uint32_t *stack;
    uint32_t nstack, nindex, nscc;
    Frame *frames;
    uint32_t nframe;
} Tarjan;

static int number_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static bool calls_itself(const Tarjan *tarjan, uint32_t node)
{
    for (uint32_t e = tarjan->calls.first[node]; e < tarjan->calls.first[node + 1]; e++)
        if (tarjan->calls.to[e] == node) return true;
    return false;
}

/* The nodes above `root` on the stack are one component: inside it, by id. */
static void component_end(Tarjan *tarjan, uint32_t root)
{
    Program *program = tarjan->program;
    uint32_t start = tarjan->nstack;
    do {
        tarjan->is_open[tarjan->stack[--start]] = false;
    } while (tarjan->stack[start] != root);
    uint32_t n = tarjan->nstack - start;
    qsort(tarjan->stack + start, n, sizeof *tarjan->stack, number_compare);
    for (uint32_t i = start; i < tarjan->nstack; i++) {
        ProgramFn *fn = program->fns.at[tarjan->stack[i]];
        fn->is_recursive = n > 1 || calls_itself(tarjan, fn->id);
        if (!fn->fn->body) continue;
        program->order[program->norder] = fn;
        program->scc[program->norder++] = tarjan->nscc;
    }
    if (program->norder && program->scc[program->norder - 1] == tarjan->nscc)
        tarjan->nscc++;
    tarjan->nstack = start;
}

static void node_enter(Tarjan *tarjan, uint32_t node)
{
    tarjan->index[node] = tarjan->low[node] = ++tarjan->nindex;
    tarjan->is_open[node] = true;
    tarjan->stack[tarjan->nstack++] = node;
    tarjan->frames[tarjan->nframe++] = (Frame){node, tarjan->calls.first[node]};
}

static void tarjan_from(Tarjan *tarjan, uint32_t root)
{
    node_enter(tarjan, root);
    while (tarjan->nframe) {
        Frame *frame = &tarjan->frames[tarjan->nframe - 1];
        uint32_t node = frame->node;
        if (frame->edge < tarjan->calls.first[node + 1]) {
            uint32_t to = tarjan->calls.to[frame->edge++];
            if (!tarjan->index[to])
                node_enter(tarjan, to);
            else if (tarjan->is_open[to] && tarjan->index[to] < tarjan->low[node])
                tarjan->low[node] = tarjan->index[to];
            continue;
        }
        if (tarjan->low[node] == tarjan->index[node]) component_end(tarjan, node);
        tarjan->nframe--;
        if (!tarjan->nframe) break;
        uint32_t parent = tarjan->frames[tarjan->nframe - 1].node;
        if (tarjan->low[node] < tarjan->low[parent])
            tarjan->low[parent] = tarjan->low[node];
    }
}

CallList graph_build(Program *program, Arena *scratch)
{
    uint32_t n = program->fns.n;
    CallList calls = calls_collect(program, scratch);
    note_addresses_in_data(program);
    Tarjan tarjan = {.program = program,
                     .calls = calls,
                     .index = ARENA_ARRAY(scratch, uint32_t, n),
                     .low = ARENA_ARRAY(scratch, uint32_t, n),
                     .is_open = ARENA_ARRAY(scratch, bool, n),
                     .stack = ARENA_ARRAY(scratch, uint32_t, n),
                     .frames = ARENA_ARRAY(scratch, Frame, n)};
    program->order = ARENA_ARRAY(program->arena, ProgramFn *, n);
    program->scc = ARENA_ARRAY(program->arena, uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        if (!tarjan.index[i]) tarjan_from(&tarjan, i);
    return calls;
}
