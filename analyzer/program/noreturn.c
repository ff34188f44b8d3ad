/*
 * Functions that never come back: no return can be reached from the entry when calls to such
 * functions end their block. Everything is taken to return until shown otherwise, so what
 * is found is certain; whatever is found sends its callers through the test again.
 *
 * needs: everything else. gives: is_noreturn, all_noreturn.
 */
#include <string.h>

#include "base/shake.h"
#include "program/tables.h"

typedef struct Solver {
    Program *program;
    CallList callers; /* by callee: who may have to be looked at again */
    VEC(uint32_t) work;
    Arena *scratch;
    bool *is_seen;   /* by block */
    uint32_t *stack; /* of blocks */
} Solver;

/* The integer a temporary of this block is made of, when that is plain to see. */
static bool constant_of(const Block *block, uint32_t before, Val val, int64_t *value)
{
    for (uint32_t i = before; val && i-- > 0;) {
        const Ins *ins = &block->ins[i];
        if (ins->dst != val) continue;
        if (ins->op == OP_CALC && ins->calc == CALC_CAST && ins->type.kind == TYPE_INT) {
            val = ins->a;
            continue;
        }
        *value = ins->imm;
        return ins->op == OP_CONST && ins->type.kind == TYPE_INT;
    }
    return false;
}

static bool outcome_is_possible(const Summary *model, const Outcome *outcome,
                                const Block *block, uint32_t at)
{
    const Ins *call = &block->ins[at];
    for (uint32_t i = 0; i < outcome->nguard; i++) {
        const SummaryTerm *term = &model->terms[outcome->guards[i].term];
        int64_t value = 0;
        if (term->kind != TERM_PARAM || term->imm >= call->narg) continue;
        if (!constant_of(block, at, call->args[term->imm], &value)) continue;
        Range range = range_meet(outcome->guards[i].range, range_of_int(value));
        if (range_is_empty(range)) return false;
    }
    return true;
}

/* error(1, ...) ends the program, error(0, ...) does not: ask the outcomes. */
static bool model_returns(const Summary *model, const Block *block, uint32_t at)
{
    if (model->flags & SUMMARY_NORETURN) return false;
    for (uint32_t i = 0; i < model->noutcome; i++)
        if (outcome_is_possible(model, &model->outcomes[i], block, at)) return true;
    return !model->noutcome;
}

static bool targets_return(Targets targets)
{
    if (!targets.n || !targets.is_complete) return true;
    for (uint32_t i = 0; i < targets.n; i++)
        if (!targets.at[i]->is_noreturn) return true;
    return false;
}

bool program_call_returns(const Program *program, const Unit *unit, const Fn *caller,
                          uint32_t block, uint32_t ins)
{
    const Block *at = &caller->body->blocks[block];
    if (!at->ins[ins].fn)
        return targets_return(program_targets(program, unit, caller, block, ins));
    const ProgramFn *callee = program_fn(program, unit, at->ins[ins].fn);
    if (callee->is_noreturn) return false;
    return callee->fn->body || !callee->model || model_returns(callee->model, at, ins);
}

/* Can control pass the end of this block? */
static bool block_passes(const Solver *solver, const ProgramFn *fn, uint32_t block)
{
    const Block *at = &fn->fn->body->blocks[block];
    for (uint32_t i = 0; i < at->nins; i++)
        if (at->ins[i].op == OP_CALL &&
            !program_call_returns(solver->program, fn->unit, fn->fn, block, i))
            return false;
    return true;
}

static bool fn_returns(Solver *solver, const ProgramFn *fn)
{
    const Body *body = fn->fn->body;
    uint32_t n = 0;
    memset(solver->is_seen, 0, body->nblock * sizeof *solver->is_seen);
    solver->stack[n++] = 0;
    solver->is_seen[0] = true;
    while (n) {
        uint32_t block = solver->stack[--n];
        const Block *at = &body->blocks[block];
        if (!block_passes(solver, fn, block)) continue;
        if (at->ins[at->nins - 1].op == OP_RETURN) return true;
        for (uint32_t s = 0; s < at->nsucc; s++) {
            if (solver->is_seen[at->succ[s]]) continue;
            solver->is_seen[at->succ[s]] = true;
            solver->stack[n++] = at->succ[s];
        }
    }
    return false;
}

/* Visits every edge on which noreturn travels back: direct calls, complete slots. */
static void each_edge(const Program *program, CallList calls,
                      void (*visit)(CallList *callers, uint32_t from, uint32_t to),
                      CallList *callers)
{
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const ProgramFn *fn = program->fns.at[i];
        for (uint32_t e = calls.first[i]; e < calls.first[i + 1]; e++)
            visit(callers, i, calls.to[e]);
        const Body *body = fn->fn->body;
        if (!(program->tables->traits[i] & TRAIT_CALLS_SLOT)) continue;
        for (uint32_t b = 0; body && b < body->nblock; b++) {
            for (uint32_t k = 0; k < body->blocks[b].nins; k++) {
                if (body->blocks[b].ins[k].op != OP_CALL || body->blocks[b].ins[k].fn)
                    continue;
                Targets targets = program_targets(program, fn->unit, fn->fn, b, k);
                for (uint32_t t = 0; targets.is_complete && t < targets.n; t++)
                    visit(callers, i, targets.at[t]->id);
            }
        }
    }
}

static void count_edge(CallList *callers, uint32_t from, uint32_t to)
{
    (void)from;
    callers->first[to + 1]++;
}

/* `first` is moved along while dealing; callers_collect moves it back. */
static void deal_edge(CallList *callers, uint32_t from, uint32_t to)
{
    callers->to[callers->first[to]++] = from;
}

static CallList callers_collect(const Program *program, CallList calls, Arena *scratch)
{
    uint32_t n = program->fns.n;
    CallList callers = {.first = ARENA_ARRAY(scratch, uint32_t, n + 1)};
    each_edge(program, calls, count_edge, &callers);
    for (uint32_t i = 0; i < n; i++)
        callers.first[i + 1] += callers.first[i];
    callers.to = ARENA_ARRAY(scratch, uint32_t, callers.first[n]);
    each_edge(program, calls, deal_edge, &callers);
    for (uint32_t i = n; i > 0; i--)
        callers.first[i] = callers.first[i - 1];
    callers.first[0] = 0;
    return callers;
}

static void push_callers(Solver *solver, const ProgramFn *fn)
{
    for (uint32_t e = solver->callers.first[fn->id];
         e < solver->callers.first[fn->id + 1]; e++)
        vec_push(solver->scratch, &solver->work, solver->callers.to[e]);
}

static void solver_init(Solver *solver, Program *program, CallList calls, Arena *scratch)
{
    uint32_t most = 1;
    *solver = (Solver){.program = program, .scratch = scratch};
    solver->callers = callers_collect(program, calls, scratch);
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const Body *body = program->fns.at[i]->fn->body;
        if (body && body->nblock > most) most = body->nblock;
    }
    solver->is_seen = ARENA_ARRAY(scratch, bool, most);
    solver->stack = ARENA_ARRAY(scratch, uint32_t, most);
}

void noreturn_solve(Program *program, CallList calls, Arena *scratch)
{
    Solver solver;
    solver_init(&solver, program, calls, scratch);
    for (uint32_t i = 0; i < program->fns.n; i++) {
        ProgramFn *fn = program->fns.at[i];
        if (!fn->fn->body && fn->model && (fn->model->flags & SUMMARY_NORETURN))
            fn->is_noreturn = true;
    }
    for (uint32_t i = program->norder; i > 0; i--)
        vec_push(scratch, &solver.work,
                 program->order[shaken(i - 1, program->norder)]->id);
    while (solver.work.n) {
        ProgramFn *fn = program->fns.at[solver.work.at[--solver.work.n]];
        if (fn->is_noreturn || !fn->fn->body || fn_returns(&solver, fn)) continue;
        fn->is_noreturn = true;
        push_callers(&solver, fn);
    }
    for (uint32_t i = 0; i < program->tables->targets.n; i++) {
        Targets *targets = &program->tables->targets.at[i];
        targets->all_noreturn = targets->n > 0;
        for (uint32_t k = 0; k < targets->n; k++)
            if (!targets->at[k]->is_noreturn) targets->all_noreturn = false;
    }
}
