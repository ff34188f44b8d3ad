/*
 * The path engine's main loop. Blocks in reverse postorder, each with the states that
 * wait for it. In acyclic code every block runs once, with all its states together; the
 * head of a loop remembers what it has seen and runs only what is new, until nothing is.
 *
 * needs: the function's body, summaries of its callees.
 * gives: summary, candidates, evidence. The budget is counted in instructions run, so
 * that the same function gives the same answer on every machine.
 *
 * Sources of the ideas: disjuncts and latent errors as in Infer's Pulse, joins by relevance
 * as in ESP's property simulation, outcomes of callees split as smatch splits returns.
 */
#include "flow/request.h"

#include <string.h>

enum {
    MOST_STATES = 16,
    WIDEN_AFTER = 3,
    WIDEN_FAR_AFTER = 6,
    TURNS_APART = 2,
    SMALL_BODY = 14,
    SMALL_STATES = 4,
    BASE_BUDGET = 1000,
    BUDGET_PER_INS = 4
};

/* What a loop head has run already. */
typedef struct Seen {
    uint64_t key, coarse;
    State *state;
    uint32_t rounds; /* how often it grew */
    uint32_t place;  /* of its copy in the list at work, from 1; 0: it has none */
} Seen;

typedef struct Work {
    Engine *engine;
    StateList *waiting; /* per block */
    uint64_t *ready;    /* bit set of the blocks that wait */
    VEC(Seen) * seen;   /* per block, loop heads only */
} Work;

static void send(Work *work, State *state, uint32_t to)
{
    Engine *engine = work->engine;
    if (engine->watch)
        watch_after(engine, state, to == engine->body->blocks[engine->block].succ[0]);
    if (to <= engine->block && engine->shape.is_head[to]) join_age(engine, state, to);
    join_tidy(engine, state, to);
    state->vals = NULL;
    vec_push(engine->scratch, &work->waiting[to].list, state);
    bit_set(work->ready, to);
}

static State *fork_state(Engine *engine, const State *state)
{
    return state_copy(engine->scratch, state, 0);
}

/* --- terminators ------------------------------------------------------------------------ */

static bool tests_pointer(const Engine *engine, Val val)
{
    for (;;) {
        const Ins *def = &engine->body->blocks[engine->block].ins[engine->shape.def[val]];
        if (def->op != OP_CALC || def->calc == CALC_CAST)
            return def->type.kind == TYPE_POINTER;
        if (!def->a) return false;
        val = def->a;
    }
}

/* `p == end` is no test for null, even where `end` happens to be null. */
static bool compares_variables(const Engine *engine, Val val)
{
    const Block *block = &engine->body->blocks[engine->block];
    const Ins *def = &block->ins[engine->shape.def[val]];
    while (def->op == OP_CALC && def->calc == CALC_NOT)
        def = &block->ins[engine->shape.def[def->a]];
    bool equality = def->op == OP_CALC && (def->calc == CALC_EQ || def->calc == CALC_NE);
    return equality && !exec_is_literal(engine, def->a) &&
           !exec_is_literal(engine, def->b);
}

static const Ins *def_in_block(const Engine *engine, Val val)
{
    return &engine->body->blocks[engine->block].ins[engine->shape.def[val]];
}

/* `p && ..` of a p that only ever was `&a[i]` says nothing of a; the null where a loop over
 * an array ended is its terminator, and says nothing of other elements. */
static bool tests_element(const Engine *engine, const Ins *branch)
{
    const Ins *def = def_in_block(engine, branch->a);
    while (def->op == OP_CALC && def->a)
        def = def_in_block(engine, def->a);
    if (def->op != OP_LOAD) return false;
    const Ins *from = def_in_block(engine, def->a);
    if (from->op == OP_ADDR && from->ref == REF_LOCAL)
        return bit_get(engine->shape.elements, from->local);
    return from->op == OP_INDEX && (branch->flags & INS_LOOP_BRANCH);
}

static uint32_t branch_origin(Engine *engine, const Ins *ins, TermId condition)
{
    bool in_macro = ins->macro && !(ins->flags & INS_MACRO_ARG);
    bool hearsay =
        in_macro || compares_variables(engine, ins->a) || tests_element(engine, ins);
    Origin origin = {.kind = hearsay ? ORIGIN_TESTED_MACRO : ORIGIN_TESTED,
                     .ins = engine_number(engine),
                     .is_loop = ins->flags & INS_LOOP_BRANCH,
                     .is_pointer = tests_pointer(engine, ins->a),
                     .tested_param = note_tested_param(engine, condition)};
    return note_origin(engine, origin);
}

/* A loop ends some time, whatever decides it. */
static void hide_condition(const Engine *engine, State *state, TermId condition,
                           const Ins *ins, bool truth)
{
    const Term *term = &engine->terms.at[condition];
    if (term->is_entry) return;
    state->is_hidden = true;
    bool ends = (ins->flags & INS_LOOP_BRANCH) && !truth;
    if (!term->is_outside && !ends) state->is_murky = true;
}

static void run_branch(Work *work, State *state, const Block *block, const Ins *ins)
{
    Engine *engine = work->engine;
    TermId condition = exec_val(engine, state, ins->a);
    uint32_t origin = branch_origin(engine, ins, condition);
    bool of_variables = compares_variables(engine, ins->a);
    if (!of_variables && !state->is_unasserted) note_test(engine, state, condition, ins);
    if (engine->watch) watch_test(engine, condition);
    Range range = value_range(engine, state, condition);
    bool both = (range.classes & CLASS_NULL) && range.classes != CLASS_NULL;
    uint32_t call = note_deciding_call(engine, condition);
    uint32_t tested = ins->flags & INS_LOOP_BRANCH || ins->macro || of_variables
                          ? 0
                          : note_tested_null(engine, condition);
    state->vals = NULL;
    for (int truth = 1; truth >= 0; truth--) {
        if (!truth && range.classes && !(range.classes & CLASS_NULL)) continue;
        if (truth && range.classes == CLASS_NULL) continue;
        State *next = both && truth ? fork_state(engine, state) : state;
        if (!value_assume(engine, next, condition, truth, origin)) continue;
        if (both) hide_condition(engine, next, condition, ins, truth);
        if (both || call || tested) {
            Trace *trace = trace_add(engine, next, TRACE_BRANCH, truth, 0);
            trace->call = call;
            trace->condition = condition;
            trace->is_open = both;
            trace->to = block->succ[truth ? 0 : 1];
            trace->tested = tested;
            trace->is_loop_exit = !truth && (ins->flags & INS_LOOP_BRANCH);
        }
        send(work, next, block->succ[truth ? 0 : 1]);
    }
}

static Trace *trace_switch(Engine *engine, State *state, uint32_t to, bool is_case)
{
    Trace *trace = trace_add(engine, state, TRACE_BRANCH, is_case, 0);
    trace->is_open = true;
    trace->to = to;
    return trace;
}

static void run_switch(Work *work, State *state, const Block *block, const Ins *ins)
{
    Engine *engine = work->engine;
    TermId value = exec_val(engine, state, ins->a);
    state->vals = NULL;
    for (uint32_t i = 1; i < block->nsucc; i++) {
        Range range = range_any;
        range.low = block->cases[i - 1].low;
        range.high = block->cases[i - 1].high;
        bool single = range.low == range.high;
        TermId equal =
            single ? term_eq(&engine->terms, value, term_int(&engine->terms, range.low))
                   : 0;
        if (value_entails(engine, state, value, range) < 0) continue;
        if (equal && value_is_null(engine, state, equal))
            continue; /* known to be another */
        State *next = fork_state(engine, state);
        if (!value_assume_range(engine, next, value, range, 0)) continue;
        trace_switch(engine, next, block->succ[i], true)->call =
            note_deciding_call(engine, value);
        next->is_hidden |= !engine->terms.at[value].is_entry;
        next->is_murky |= next->is_hidden && !engine->terms.at[value].is_outside;
        send(work, next, block->succ[i]);
    }
    for (uint32_t i = 1; i < block->nsucc; i++) { /* the default: none of them */
        Case one = block->cases[i - 1];
        Range range = range_of_int(one.low);
        if (value_entails(engine, state, value, range) == 1) return;
        if (one.low != one.high) continue;
        TermId equal = term_eq(&engine->terms, value, term_int(&engine->terms, one.low));
        if (!value_assume(engine, state, equal, false, 0)) return;
    }
    trace_switch(engine, state, block->succ[0], false)->call =
        note_deciding_call(engine, value);
    send(work, state, block->succ[0]);
}

static void check_return(Engine *engine, State *state, TermId value, const Ins *ins)
{
    if (!(engine->fn->fn->flags & FN_RETURNS_NONNULL) || !value) return;
    if (!value_is_null(engine, state, value)) return;
    uint32_t origin = value_origin(engine, state, value);
    Candidate candidate = {.kind = CANDIDATE_RETURN};
    candidate.what =
        ir_text(engine->unit, engine->body, engine->block, ins->a, engine->arena);
    if (origin) note_candidate(engine, state, candidate, value, origin, NULL, 0);
}

static void run_terminator(Work *work, State *state, const Block *block)
{
    Engine *engine = work->engine;
    const Ins *ins = &block->ins[block->nins - 1];
    if (engine->watch) watch_before(engine, state);
    switch (ins->op) {
    case OP_JUMP: send(work, state, block->succ[0]); break;
    case OP_BRANCH: run_branch(work, state, block, ins); break;
    case OP_SWITCH: run_switch(work, state, block, ins); break;
    case OP_RETURN: {
        TermId value = exec_val(engine, state, ins->a);
        check_return(engine, state, value, ins);
        trace_add(engine, state, TRACE_RETURN, true, 0);
        state->vals = NULL;
        if (state->is_unasserted) break;
        vec_push(engine->scratch, &engine->finals, state);
        vec_push(engine->scratch, &engine->final_results, value);
        break;
    }
    case OP_STOP:
    case OP_CONST:
    case OP_STRING:
    case OP_ADDR:
    case OP_LOAD:
    case OP_STORE:
    case OP_COPY:
    case OP_FILL:
    case OP_FIELD:
    case OP_INDEX:
    case OP_CALC:
    case OP_CALL:
    case OP_ASSUME:
    case OP_ASM:
    case OP_OPAQUE:
    case OP_END:
    case OP_COUNT: break;
    }
}

/* --- blocks ----------------------------------------------------------------------------- */

/* Copying and joining a state costs by its size. */
static uint32_t cost(const State *state)
{
    return 1 + (state->ncell + state->nfact) / 8;
}

/* Predicates and getters are told apart by each condition, so that callers can match what
 * one says with what the next does. */
static bool keeps_apart(const Engine *engine, const StateList *states)
{
    return engine->body->nblock <= SMALL_BODY && states->list.n <= SMALL_STATES;
}

/* All states of a block go through it in step, so that a call's outcomes can join. */
static void run_block(Work *work, uint32_t b, StateList *states)
{
    Engine *engine = work->engine;
    const Block *block = &engine->body->blocks[b];
    uint32_t most = engine->is_merging ? 1 : MOST_STATES;
    engine->block = b;
    for (uint32_t i = 0; i < states->list.n; i++)
        states->list.at[i]->vals =
            ARENA_ARRAY(engine->scratch, TermId, engine->shape.nval[b] + 1);
    for (uint32_t k = 0; k + 1 < block->nins; k++) {
        engine->ins = k;
        if (states->list.n && engine->reached[b] <= k) engine->reached[b] = k + 1;
        StateList next = {0};
        for (uint32_t i = 0; i < states->list.n; i++)
            exec_ins(engine, states->list.at[i], &block->ins[k], &next);
        engine->nstep += states->list.n;
        if (block->ins[k].op == OP_CALL)
            for (uint32_t i = 0; i < next.list.n; i++)
                engine->nstep += cost(next.list.at[i]);
        *states = next;
        if (block->ins[k].op == OP_CALL && states->list.n > 1 &&
            !keeps_apart(engine, states))
            join_reduce(engine, states, b, k + 1, most);
    }
    engine->ins = block->nins - 1;
    if (states->list.n) engine->reached[b] = block->nins;
    engine->nstep += states->list.n;
    for (uint32_t i = 0; i < states->list.n; i++)
        run_terminator(work, states->list.at[i], block);
}

/* The entry this state belongs to; n when there is none. A counter makes each turn a state
 * of its own: from the third on, only null pointers tell turns apart. */
static uint32_t find_seen(const Work *work, uint32_t b, uint64_t key, uint64_t coarse,
                          uint32_t most)
{
    uint32_t n = work->seen[b].n, alike = 0, last = n;
    for (uint32_t k = 0; k < n; k++) {
        const Seen *seen = &work->seen[b].at[k];
        if (seen->key == key || k == most) return k;
        if (seen->coarse != coarse) continue;
        alike++;
        last = k;
    }
    return alike >= TURNS_APART ? last : n;
}

/* Folds one more state into what the head has run; its copy in `fresh` runs once, however
 * many states of one round made it grow. */
static void grow_seen(Work *work, uint32_t b, Seen *seen, State *state, StateList *fresh)
{
    Engine *engine = work->engine;
    uint32_t round = seen->rounds + !seen->place;
    Widen widen = {b, round > WIDEN_FAR_AFTER};
    if (!join_into(engine, seen->state, state, b, b, round > WIDEN_AFTER ? &widen : NULL))
        return;
    State *copy = fork_state(engine, seen->state);
    if (seen->place) {
        fresh->list.at[seen->place - 1] = copy;
        return;
    }
    seen->rounds = round;
    vec_push(engine->scratch, &fresh->list, copy);
    seen->place = fresh->list.n;
}

/* Leaves in `states` what the head has not run yet. */
static void run_new(Work *work, uint32_t b, StateList *states)
{
    Engine *engine = work->engine;
    StateList fresh = {0};
    uint32_t most = engine->is_merging ? 1 : MOST_STATES;
    for (uint32_t k = 0; k < work->seen[b].n; k++)
        work->seen[b].at[k].place = 0;
    for (uint32_t i = 0; i < states->list.n; i++) {
        State *state = states->list.at[i];
        uint64_t key = join_key(engine, state, b, false);
        uint64_t coarse = join_key(engine, state, b, true);
        uint32_t n = work->seen[b].n, k = find_seen(work, b, key, coarse, most);
        if (k == most && state->is_unasserted) continue;
        if (k == most) state->is_merged = true;
        if (k < n) {
            grow_seen(work, b, &work->seen[b].at[k], state, &fresh);
            continue;
        }
        vec_push(engine->scratch, &fresh.list, state);
        Seen seen = {key, coarse, fork_state(engine, state), 1, fresh.list.n};
        vec_push(engine->scratch, &work->seen[b], seen);
    }
    *states = fresh;
}

/* The first block in reverse postorder that has states waiting; nblock when none has. */
static uint32_t next_block(const Work *work)
{
    uint32_t n = work->engine->body->nblock;
    for (uint32_t word = 0; word * 64 < n; word++)
        if (work->ready[word])
            return word * 64 + (uint32_t)__builtin_ctzll(work->ready[word]);
    return n;
}

static void run_all(Work *work)
{
    Engine *engine = work->engine;
    for (uint32_t b; (b = next_block(work)) < engine->body->nblock;) {
        StateList states = work->waiting[b];
        work->waiting[b] = (StateList){0};
        work->ready[b / 64] &= ~((uint64_t)1 << (b % 64));
        if (engine->nstep > engine->budget) engine->is_merging = true;
        if (engine->nstep > 3 * engine->budget) {
            engine->is_exhausted = true;
            return;
        }
        engine->block = b;
        for (uint32_t i = 0; i < states.list.n; i++)
            engine->nstep += cost(states.list.at[i]);
        if (!engine->shape.is_head[b] && !keeps_apart(engine, &states))
            join_reduce(engine, &states, b, 0, engine->is_merging ? 1 : MOST_STATES);
        else if (engine->shape.is_head[b])
            run_new(work, b, &states);
        if (states.list.n) run_block(work, b, &states);
    }
}

/* --- a function -------------------------------------------------------------------------- */

static State *entry_state(Engine *engine)
{
    State *state = state_new(engine->scratch);
    const Fn *fn = engine->fn->fn;
    for (uint32_t i = 0; i < fn->nparam; i++) {
        const Local *local = &engine->body->locals[i + 1];
        if (local->type.kind == TYPE_AGGREGATE) continue;
        TermId value = term_param(&engine->terms, i);
        if (local->type.kind == TYPE_FLOAT)
            value = term_fresh(&engine->terms, FRESH_OPAQUE, UINT32_MAX, value);
        state_put(state, (Cell){.address = term_local(&engine->terms, i + 1),
                                .value = value,
                                .type = local->type});
        if (fn->params[i].is_nonnull) value_assume(engine, state, value, true, 0);
        if (fn->params[i].is_nullable) doubt_add(engine, value, NULL);
    }
    return state;
}

/* Nothing has run before main(), unless there are functions that do just that. */
static bool is_start(const Engine *engine)
{
    const Program *program = engine->context->program;
    if (strcmp(engine->fn->link_name->text, "main") || engine->fn->is_recursive)
        return false;
    for (uint32_t i = 0; i < program->fns.n; i++)
        if (program->fns.at[i]->fn->flags & FN_CONSTRUCTOR) return false;
    return true;
}

static void engine_init(Engine *engine, Arena *scratch)
{
    terms_init(&engine->terms, scratch);
    engine->is_start = is_start(engine);
    map_init(&engine->result_of, scratch);
    map_init(&engine->handed, scratch);
    map_init(&engine->doubts, scratch);
    map_init(&engine->latent_seen, scratch);
    map_init(&engine->errors_asked, scratch);
    map_init(&engine->passed_seen, scratch);
    map_init(&engine->candidate_seen, scratch);
    map_init(&engine->use_at, scratch);
    map_init(&engine->use_of, scratch);
    map_init(&engine->asked_about, scratch);
    shape_make(engine);
    export_begin(engine);
    request_begin(engine);
    note_origin(engine,
                (Origin){.kind = ORIGIN_NONE, .ins = NO_INS, .param = UINT32_MAX});
    engine->reached = ARENA_ARRAY(scratch, uint32_t, engine->body->nblock + 1);
    engine->tests = ARENA_ARRAY(scratch, TestSeen, engine->body->nblock + 1);
    engine->budget = engine->context->budget
                         ? engine->context->budget
                         : BASE_BUDGET + BUDGET_PER_INS * engine->shape.nins;
}

/* Where it is said: in this function, whatever it is about. */
static void note_faults(Engine *engine)
{
    const Request *request = engine->request;
    for (uint32_t i = 0; i < request->faults.n; i++) {
        Fault *fault = ARENA_NEW(engine->arena, Fault);
        *fault = request->faults.at[i];
        Candidate candidate = {.kind = CANDIDATE_REQUEST,
                               .what = fault->context,
                               .callee = fault->callee,
                               .param = fault->arg,
                               .fault = fault,
                               .steps = fault->steps,
                               .nstep = fault->nstep,
                               .source = fault->site};
        vec_push(engine->arena, &engine->candidates, candidate);
    }
}

static void list_named(const Engine *engine, FlowResult *result)
{
    VEC(FlowNamed) named = {0};
    for (uint32_t i = 0; i < engine->terms.n; i++) {
        const Term *term = &engine->terms.at[i];
        if (term->kind != TERM_FN && term->kind != TERM_GLOBAL) continue;
        vec_push(engine->arena, &named, ((FlowNamed){term->name, term->kind == TERM_FN}));
    }
    result->named = named.at;
    result->nnamed = named.n;
}

FlowResult flow_run(const FlowContext *context, const ProgramFn *fn, Arena *arena,
                    Arena *scratch)
{
    ArenaMark mark = arena_mark(scratch);
    Engine engine = {.context = context,
                     .watch = context->watch,
                     .fn = fn,
                     .unit = fn->unit,
                     .body = fn->fn->body,
                     .arena = arena,
                     .scratch = scratch};
    engine_init(&engine, scratch);
    if (engine.watch) watch_begin(&engine);
    Work work = {.engine = &engine};
    work.waiting = ARENA_ARRAY(scratch, StateList, engine.body->nblock + 1);
    work.seen = arena_take_array(scratch, engine.body->nblock + 1, sizeof *work.seen,
                                 _Alignof(max_align_t));
    work.ready = ARENA_ARRAY(scratch, uint64_t, engine.body->nblock / 64 + 1);
    vec_push(scratch, &work.waiting[0].list, entry_state(&engine));
    bit_set(work.ready, 0);
    run_all(&work);
    if (engine.request && !engine.is_exhausted) request_end(&engine);
    FlowResult result = {.summary = export_summary(&engine)};
    note_candidates_end(&engine);
    note_tests_end(&engine);
    believe_end(&engine);
    breach_end(&engine);
    errptr_end(&engine);
    if (engine.request) note_faults(&engine);
    if (!engine.body->degraded) {
        result.candidates = engine.candidates.at;
        result.ncandidate = engine.candidates.n;
        result.evidence = engine.evidence.at;
        result.nevidence = engine.evidence.n;
    }
    for (uint32_t b = 0; b < engine.body->nblock; b++)
        result.nunreached += engine.body->blocks[b].nins - engine.reached[b];
    result.nstep_used = engine.nstep;
    result.is_exhausted = engine.is_exhausted;
    list_named(&engine, &result);
    arena_reset(scratch, mark);
    return result;
}
