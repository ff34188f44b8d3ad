/*
 * Sights: beside the engine, not in it. Which instruction told that a value is not null is
 * found by comparing what is known before and after it, so that no state carries it along.
 */
#include "flow/engine.h"

enum { MOST_SIGHTS = 400 };

void watch_begin(Engine *engine)
{
    Watch *watch = engine->watch;
    watch->reached = ARENA_ARRAY(watch->arena, uint32_t, engine->body->nblock + 1);
    watch->sights.n = watch->learned.n = watch->known.n = watch->asked.n = 0;
}

static bool is_valid(const Fact *fact)
{
    return !(fact->range.classes & CLASS_NULL);
}

void watch_before(Engine *engine, const State *state)
{
    Watch *watch = engine->watch;
    if (watch->reached[engine->block] < engine->ins + 1)
        watch->reached[engine->block] = engine->ins + 1;
    watch->known.n = 0;
    for (uint32_t i = 0; i < state->nfact; i++)
        if (is_valid(&state->facts[i]))
            vec_push(watch->arena, &watch->known, state->facts[i].term);
}

static bool was_known(const Watch *watch, TermId term)
{
    for (uint32_t i = 0; i < watch->known.n; i++)
        if (watch->known.at[i] == term) return true;
    return false;
}

void watch_after(Engine *engine, const State *state, bool truth)
{
    Watch *watch = engine->watch;
    Learned learned = {.by = engine_number(engine), .truth = truth};
    for (uint32_t i = 0; i < state->nfact; i++) {
        learned.term = state->facts[i].term;
        if (!is_valid(&state->facts[i]) || was_known(watch, learned.term)) continue;
        bool told = false;
        for (uint32_t k = 0; k < watch->learned.n && !told; k++)
            told = watch->learned.at[k].term == learned.term &&
                   watch->learned.at[k].by == learned.by &&
                   watch->learned.at[k].truth == learned.truth;
        if (!told) vec_push(watch->arena, &watch->learned, learned);
    }
}

static void ask(Engine *engine, uint32_t about)
{
    Watch *watch = engine->watch;
    Asked asked = {about, engine_number(engine)};
    for (uint32_t i = 0; i < watch->asked.n; i++)
        if (watch->asked.at[i].about == about && watch->asked.at[i].by == asked.by)
            return;
    vec_push(watch->arena, &watch->asked, asked);
}

void watch_test(Engine *engine, TermId condition)
{
    uint32_t null = note_tested_null(engine, condition);
    uint32_t status = note_deciding_call(engine, condition);
    if (null) ask(engine, null - 1);
    if (status) ask(engine, status - 1);
}

/* A call can give null, and not here: a test has sorted its ways to end. */
static void explain_result(const Engine *engine, Sight *sight)
{
    const Watch *watch = engine->watch;
    uint32_t here = engine_number(engine), best = NO_INS;
    for (uint32_t i = 0; i < watch->asked.n; i++) {
        Asked asked = watch->asked.at[i];
        if (asked.about != sight->by) continue;
        bool better =
            best == NO_INS || (asked.by < here && (asked.by > best || best > here));
        if (better) best = asked.by;
    }
    if (best == NO_INS) return;
    sight->reason = SIGHT_SORTED;
    sight->by = best;
}

static const Ins *ins_of(const Engine *engine, uint32_t number)
{
    uint32_t b = 0;
    while (engine->shape.first[b + 1] <= number)
        b++;
    return &engine->body->blocks[b].ins[number - engine->shape.first[b]];
}

static bool is_on_way(const State *state, const Learned *learned)
{
    for (const Trace *at = state->trace; at; at = at->before)
        if (at->kind == TRACE_BRANCH && at->ins == learned->by)
            return at->flag == learned->truth;
    return false;
}

/* What told that the value is not null; what this path passed is preferred. */
static const Learned *find_learned(const Engine *engine, const State *state, TermId term)
{
    const Watch *watch = engine->watch;
    const Learned *best = NULL;
    for (uint32_t i = 0; i < watch->learned.n; i++) {
        const Learned *learned = &watch->learned.at[i];
        if (learned->term != term) continue;
        if (is_on_way(state, learned)) return learned;
        if (!best) best = learned;
    }
    return best;
}

static SightReason reason_of(const Engine *engine, const Fact *fact,
                             const Learned *learned)
{
    switch (ins_of(engine, learned->by)->op) {
    case OP_BRANCH:
    case OP_SWITCH: return SIGHT_TESTED;
    case OP_ASSUME: return SIGHT_ASSUMED;
    case OP_CALL: return fact && fact->is_demand ? SIGHT_DEMANDED : SIGHT_OUTCOME;
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
    case OP_ASM:
    case OP_OPAQUE:
    case OP_END:
    case OP_JUMP:
    case OP_RETURN:
    case OP_STOP:
    case OP_COUNT: break;
    }
    return SIGHT_USED;
}

/* Where a value that this function made or met comes from. */
static void explain_fresh(const Term *term, bool valid, Sight *sight)
{
    uint32_t number = (uint32_t)term->imm;
    switch ((FreshKind)term->calc) {
    case FRESH_RESULT:
    case FRESH_NEW:
        sight->reason = valid ? SIGHT_RESULT : SIGHT_UNKNOWN;
        sight->by = number;
        return;
    case FRESH_HAVOC:
        sight->reason = valid ? SIGHT_MET : SIGHT_CHANGED;
        sight->by = number;
        return;
    case FRESH_PHI: sight->reason = valid ? SIGHT_MET : SIGHT_COMPUTED; return;
    case FRESH_UNSET:
    case FRESH_LEFT: sight->reason = valid ? SIGHT_MET : SIGHT_UNSET; return;
    case FRESH_OPAQUE: sight->reason = valid ? SIGHT_MET : SIGHT_COMPUTED; return;
    }
}

static void explain_open(const Term *term, Sight *sight)
{
    switch (term->kind) {
    case TERM_PARAM:
        sight->reason = SIGHT_ARGUMENT;
        if (sight->kind != SIGHT_PASSED) sight->param = (uint32_t)term->imm;
        return;
    case TERM_INIT: sight->reason = SIGHT_MEMORY; return;
    case TERM_FRESH: explain_fresh(term, false, sight); return;
    case TERM_NONE:
    case TERM_INT:
    case TERM_NULL:
    case TERM_GLOBAL:
    case TERM_FN:
    case TERM_LOCAL:
    case TERM_STRING:
    case TERM_OFFSET:
    case TERM_INDEX:
    case TERM_CALC:
    case TERM_PURE:
    case TERM_COUNT: break;
    }
    sight->reason = SIGHT_COMPUTED;
}

static void explain_valid(const Engine *engine, const State *state, TermId root,
                          Sight *sight)
{
    const Term *term = &engine->terms.at[root];
    const Fact *fact = state_fact(state, root);
    const Learned *learned = find_learned(engine, state, root);
    if (learned) {
        sight->reason = reason_of(engine, fact, learned);
        sight->by = learned->by;
        sight->truth = learned->truth;
        bool own = sight->reason == SIGHT_OUTCOME && term->kind == TERM_FRESH &&
                   (uint32_t)term->imm == learned->by;
        if (own) sight->reason = SIGHT_RESULT;
    } else if (term->kind == TERM_PARAM) {
        sight->reason = SIGHT_DECLARED;
    } else if (term->kind == TERM_INT) {
        sight->reason = SIGHT_CONSTANT;
    } else if (term->kind == TERM_FRESH) {
        explain_fresh(term, true, sight);
    } else {
        sight->reason = SIGHT_MET;
    }
}

static void add_sight(Engine *engine, const State *state, TermId root, Sight sight)
{
    Watch *watch = engine->watch;
    Range range = value_range(engine, state, root);
    bool left = engine->terms.at[root].kind == TERM_FRESH &&
                engine->terms.at[root].calc == (Calc)FRESH_LEFT;
    sight.block = engine->block;
    sight.ins = engine->ins;
    sight.by = NO_INS;
    sight.is_joined = state->is_merged;
    if (sight.reason != SIGHT_IDLE) {
        if (term_is_address(&engine->terms, root))
            sight.reason = SIGHT_OBJECT;
        else if (!(range.classes & CLASS_NULL))
            explain_valid(engine, state, root, &sight);
        else if (range.classes == CLASS_NULL || left || value_origin(engine, state, root))
            sight.reason = SIGHT_NULL;
        else
            explain_open(&engine->terms.at[root], &sight);
        if (sight.reason == SIGHT_RESULT) explain_result(engine, &sight);
    }
    for (uint32_t i = 0; i < watch->sights.n; i++) {
        const Sight *known = &watch->sights.at[i];
        if (known->block == sight.block && known->ins == sight.ins &&
            known->kind == sight.kind && known->reason == sight.reason &&
            known->by == sight.by && known->truth == sight.truth &&
            known->param == sight.param && known->target == sight.target)
            return;
    }
    if (watch->sights.n < MOST_SIGHTS) vec_push(watch->arena, &watch->sights, sight);
}

static const Ins *def_of(const Engine *engine, Val val)
{
    return &engine->body->blocks[engine->block].ins[engine->shape.def[val]];
}

void watch_use(Engine *engine, const State *state, TermId root, Val val, bool is_call)
{
    const Ins *def = def_of(engine, val);
    while (def->op == OP_FIELD || def->op == OP_INDEX) {
        val = def->a;
        def = def_of(engine, val);
    }
    if (def->op == OP_ADDR) return; /* a variable itself: no pointer is used */
    Sight sight = {.kind = is_call ? SIGHT_CALL : SIGHT_DEREF};
    sight.what =
        ir_text(engine->unit, engine->body, engine->block, val, engine->watch->arena);
    add_sight(engine, state, root, sight);
}

void watch_passed(Engine *engine, const State *state, TermId root,
                  const Candidate *candidate, bool is_idle)
{
    Sight sight = {.kind = SIGHT_PASSED,
                   .reason = is_idle ? SIGHT_IDLE : SIGHT_NULL,
                   .what = candidate->what,
                   .target = candidate->target,
                   .param = candidate->param};
    add_sight(engine, state, root, sight);
}
