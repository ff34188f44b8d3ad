/*
 * How sure a way is: what was decided between the birth of a null and its use.
 *
 * A null that is used wherever it goes is certain. Where another condition, asked after the
 * null was settled, leads to the use, that condition may be false whenever the pointer is
 * null, for reasons that no path engine sees; a chain of `else if` may cover all there is.
 */
#include "flow/engine.h"

typedef struct Way {
    Engine *engine;
    uint32_t use;   /* block */
    uint64_t *seen; /* blocks, of the walk at work */
    Op end; /* how ways end: returns, or in a function without any, the end of the program */
    uint64_t
        *stores; /* blocks that give the variable another value; NULL: not a variable */
} Way;

/* Is there a way from here to the end that does not pass the use? */
static bool can_avoid(Way *way, uint32_t block)
{
    const Body *body = way->engine->body;
    if (block == way->use || bit_get(way->seen, block)) return false;
    bit_set(way->seen, block);
    const Block *at = &body->blocks[block];
    if (at->nins && at->ins[at->nins - 1].op == way->end) return true;
    for (uint32_t i = 0; i < at->nsucc; i++)
        if (can_avoid(way, at->succ[i])) return true;
    return false;
}

/* Is there a way, without going back, to another value of the variable before the use? */
static bool can_store(Way *way, uint32_t block)
{
    const Body *body = way->engine->body;
    if (bit_get(way->stores, block)) return true;
    if (block == way->use || bit_get(way->seen, block)) return false;
    bit_set(way->seen, block);
    const Block *at = &body->blocks[block];
    for (uint32_t i = 0; i < at->nsucc; i++)
        if (at->succ[i] > block && can_store(way, at->succ[i])) return true;
    return false;
}

static void forget_seen(Way *way)
{
    for (uint32_t i = 0; i <= way->engine->body->nblock / 64; i++)
        way->seen[i] = 0;
}

static uint32_t block_of(const Engine *engine, uint32_t number)
{
    uint32_t low = 0, high = engine->body->nblock;
    while (low + 1 < high) {
        uint32_t middle = (low + high) / 2;
        if (engine->shape.first[middle] <= number)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool way_is_later(const Engine *engine, uint32_t number, uint32_t than)
{
    if (number > than) return true;
    uint32_t a = block_of(engine, number), b = block_of(engine, than);
    for (uint32_t head = 0; head <= a; head++) {
        const uint64_t *loop = engine->shape.loop[head];
        if (loop && bit_get(loop, a) && bit_get(loop, b)) return true;
    }
    return false;
}

/* Could the other side of this branch leave the use out? */
static bool is_decisive(Way *way, const Trace *at)
{
    const Block *block = &way->engine->body->blocks[block_of(way->engine, at->ins)];
    forget_seen(way);
    for (uint32_t i = 0; i < block->nsucc; i++)
        if (block->succ[i] != at->to && can_avoid(way, block->succ[i])) return true;
    return false;
}

/* Did this branch leave out every other value of the variable? */
static bool is_skip(Way *way, const Trace *at)
{
    const Block *block = &way->engine->body->blocks[block_of(way->engine, at->ins)];
    forget_seen(way);
    if (can_store(way, at->to)) return false;
    for (uint32_t i = 0; i < block->nsucc; i++) {
        forget_seen(way);
        if (block->succ[i] != at->to && can_store(way, block->succ[i])) return true;
    }
    return false;
}

/* The only block that leads here; the block count when there is none, or more than one. */
static uint32_t only_predecessor(const Body *body, uint32_t block)
{
    uint32_t found = body->nblock;
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nsucc; i++) {
            if (body->blocks[b].succ[i] != block) continue;
            if (found != body->nblock) return body->nblock;
            found = b;
        }
    return found;
}

/* `if (a) p = x; else if (b) p = y;`: tests before this one, each with a value of its own. */
static uint32_t chain_length(const Way *way, uint32_t block)
{
    const Body *body = way->engine->body;
    uint32_t n = 0;
    for (uint32_t at = block, before; n < 8; at = before, n++) {
        before = only_predecessor(body, at);
        if (before >= at) break;
        const Block *test = &body->blocks[before];
        bool has_value = false;
        for (uint32_t i = 0; i < test->nsucc; i++)
            has_value |= test->succ[i] != at && bit_get(way->stores, test->succ[i]);
        if (!has_value) break;
    }
    return n;
}

/* How many sides that were not taken begin with another value of the variable. */
static uint32_t choices(const Way *way, const Trace *at)
{
    const Block *block = &way->engine->body->blocks[block_of(way->engine, at->ins)];
    uint32_t n = 0;
    for (uint32_t i = 0; i < block->nsucc; i++)
        n += block->succ[i] != at->to && bit_get(way->stores, block->succ[i]);
    return n;
}

/* The local that a store writes directly; 0: some other memory. */
static LocalId stored_local(const Engine *engine, const Block *block, const Ins *store)
{
    const Ins *to = &block->ins[engine->shape.def[store->a]];
    return to->op == OP_ADDR && to->ref == REF_LOCAL ? to->local : 0;
}

static LocalId nulled_local(const Engine *engine, uint32_t number)
{
    uint32_t b = block_of(engine, number);
    const Block *block = &engine->body->blocks[b];
    Val null = block->ins[number - engine->shape.first[b]].dst;
    for (uint32_t i = number - engine->shape.first[b] + 1; null && i < block->nins; i++) {
        const Ins *ins = &block->ins[i];
        if (ins->op == OP_CALC && ins->calc == CALC_CAST && ins->a == null)
            null = ins->dst;
        else if (ins->op == OP_STORE && ins->b == null)
            return stored_local(engine, block, ins);
    }
    return 0;
}

static uint64_t *find_stores(const Engine *engine, LocalId local, uint32_t number)
{
    if (!local) return NULL;
    uint64_t *stores =
        ARENA_ARRAY(engine->scratch, uint64_t, engine->body->nblock / 64 + 1);
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++)
            if (block->ins[i].op == OP_STORE && engine->shape.first[b] + i > number &&
                stored_local(engine, block, &block->ins[i]) == local)
                bit_set(stores, b);
    }
    return stores;
}

/* The local whose value is dereferenced at the use; 0: something else. */
static LocalId used_local(const Engine *engine)
{
    const Block *block = &engine->body->blocks[engine->block];
    const Ins *use = &block->ins[engine->ins];
    Val at = use->op == OP_LOAD || use->op == OP_STORE ? use->a : 0;
    while (at) {
        if (engine->shape.def[at] >= block->nins) return 0;
        const Ins *def = &block->ins[engine->shape.def[at]];
        if (def->dst != at) return 0;
        if (def->op == OP_LOAD) return stored_local(engine, block, def);
        if (def->op != OP_FIELD && def->op != OP_INDEX && def->op != OP_CALC) return 0;
        at = def->a;
    }
    return 0;
}

/* --- failures ---------------------------------------------------------------------------- */

/* Did the call (its number + 1) fail, or rather: could only the world have made it succeed? */
static bool is_failed_call(const Engine *engine, const State *state, uint32_t call)
{
    uint32_t b = block_of(engine, call - 1);
    const Ins *ins = &engine->body->blocks[b].ins[call - 1 - engine->shape.first[b]];
    if (ins->op != OP_CALL || !ins->fn || ins->a) return false;
    const ProgramFn *callee = program_fn(engine->context->program, engine->unit, ins->fn);
    if (!callee->fn->body) return !(callee->fn->flags & FN_PURE);
    const Summary *summary = engine_summary(engine, callee, false);
    for (const Trace *at = state->trace; summary && at; at = at->before)
        if (at->kind == TRACE_CALL && at->ins == call - 1)
            return at->outcome < summary->noutcome &&
                   summary->outcomes[at->outcome].is_failure;
    return false;
}

bool way_asks_world(const ProgramFn *callee)
{
    const Fn *fn = callee ? callee->fn : NULL;
    if (!fn || fn->body || (fn->flags & FN_PURE) || fn->result.kind != TYPE_INT)
        return false;
    for (uint32_t i = 0; i < fn->nparam; i++)
        if (fn->params[i].type.kind != TYPE_POINTER || fn->params[i].type.to_const)
            return false;
    return true;
}

bool way_is_failure(const Engine *engine, const State *state, const Origin *origin)
{
    if (origin->kind == ORIGIN_ALLOC) return true;
    if (origin->kind == ORIGIN_RETURN && origin->outcome) {
        const ProgramFn *callee =
            origin->callee ? program_find(engine->context->program, origin->callee)
                           : NULL;
        return origin->outcome->is_failure || (callee && !callee->fn->body);
    }
    for (const Trace *at = state->trace; at; at = at->before) {
        uint32_t call = at->call ? at->call : at->tested;
        if (at->kind == TRACE_BRANCH && call && is_failed_call(engine, state, call))
            return true;
    }
    return false;
}

/* The null went from one variable to another on a condition, and otherwise something else would
 * have: whether both go together is not known here. */
static bool is_handed_on(Way *way, const State *state, const Origin *origin,
                         LocalId nulled)
{
    LocalId used = used_local(way->engine);
    if (!used || !nulled || used == nulled) return false;
    uint64_t *stores = way->stores;
    way->stores = find_stores(way->engine, used, origin->ins);
    bool found = false;
    for (const Trace *at = state->trace; at && at->ins != origin->ins && !found;
         at = at->before) {
        if (at->kind != TRACE_BRANCH || !at->is_open) continue;
        found = bit_get(way->stores, at->to) && choices(way, at);
    }
    way->stores = stores;
    return found;
}

/* --- decisions --------------------------------------------------------------------------- */

/* The answer lay in memory that a callee may have changed. */
static bool is_of_unknown(const Way *way, const Trace *at)
{
    const Terms *terms = &way->engine->terms;
    TermId id = at->condition;
    while (id && terms->at[id].kind == TERM_CALC)
        id = terms->at[id].a;
    const Term *term = &terms->at[id];
    return id && term->kind == TERM_FRESH && term->calc == (Calc)FRESH_HAVOC;
}

/* Branches are met newest first: those asked after the one that settled the null. */
static uint32_t decisions(Way *way, const State *state, const Origin *origin)
{
    bool is_test = origin->kind == ORIGIN_TESTED || origin->kind == ORIGIN_ZEROED;
    uint32_t later = 0, chosen = 0;
    bool is_settled = false, is_doubtful = false;
    for (const Trace *at = state->trace; at && at->ins != origin->ins; at = at->before) {
        if (at->kind != TRACE_BRANCH || !at->is_open) continue;
        if (!way_is_later(way->engine, at->ins, origin->ins)) break;
        if (way->stores) chosen += choices(way, at);
        if (is_settled) continue;
        is_settled = way->stores && is_skip(way, at);
        is_doubtful |= is_settled && is_of_unknown(way, at);
        if (is_settled && choices(way, at))
            chosen += chain_length(way, block_of(way->engine, at->ins));
        later += !is_settled && is_decisive(way, at);
    }
    bool is_later = (later && (is_test || is_settled)) || is_doubtful;
    return (is_later ? CANDIDATE_LATER : 0u) | (chosen > 1 ? CANDIDATE_LAST_ELSE : 0u);
}

uint32_t way_flags(Engine *engine, const State *state, const Origin *origin)
{
    bool is_test = origin->kind == ORIGIN_TESTED || origin->kind == ORIGIN_ZEROED;
    if ((!is_test && origin->kind != ORIGIN_CONST) || origin->ins == NO_INS) return 0;
    ArenaMark mark = arena_mark(engine->scratch);
    Way way = {.engine = engine, .use = engine->block};
    way.end = OP_STOP;
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        if (block->nins && block->ins[block->nins - 1].op == OP_RETURN)
            way.end = OP_RETURN;
    }
    way.seen = ARENA_ARRAY(engine->scratch, uint64_t, engine->body->nblock / 64 + 1);
    LocalId nulled = is_test ? 0 : nulled_local(engine, origin->ins);
    way.stores = find_stores(engine, nulled, origin->ins);
    uint32_t flags = is_test || way.stores ? decisions(&way, state, origin) : 0;
    if (is_handed_on(&way, state, origin, nulled)) flags |= CANDIDATE_LATER;
    arena_reset(engine->scratch, mark);
    return flags;
}

static bool is_allocation(const Outcome *outcome)
{
    bool found = outcome->origin == ORIGIN_ALLOC;
    for (uint32_t i = 0; i < outcome->npost; i++)
        found |= outcome->posts[i].birth.kind == STEP_ALLOC &&
                 outcome->posts[i].birth.site.fn != NULL;
    return found;
}

bool way_is_free(const Outcome *outcome)
{
    if (outcome->is_hidden || (outcome->nguard && !is_allocation(outcome))) return false;
    for (uint32_t i = 0; i < outcome->nguard; i++) {
        Range range = outcome->guards[i].range;
        range.classes |= CLASS_NULL;
        if (!range_equal(range, range_without(0))) return false;
    }
    return true;
}
