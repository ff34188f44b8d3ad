/*
 * What was asked of an object before one of its members is used. An author who tests
 * `c->state`, or the answer of `is_open(c)`, may know that `c->socket` goes with it; so a use that
 * comes after such a question is no use without a test.
 *
 * Conditions on other members are read off the state. Answers of functions are read off the
 * text: a branch that the use depends on, whose condition is made from a call that was given
 * the object, directly or through a local variable; the state has forgotten most of these by
 * the time that the member is used. So are members of another object of the same record, which
 * may be the same object.
 */
#include "flow/engine.h"

#include "base/hash.h"

enum { MOST_STEPS = 40 };

uint64_t guard_expression(const Engine *engine, const Block *block, Val val)
{
    uint64_t key = 1;
    for (uint32_t depth = 0; val && depth < 12; depth++) {
        const Ins *def = &block->ins[engine->shape.def[val]];
        uint64_t part = ((uint64_t)def->op << 40) ^ (uint64_t)def->ref << 36;
        if (def->op == OP_ADDR || def->op == OP_FIELD || def->op == OP_CALL)
            part ^= def->local;
        for (uint32_t i = 0; def->op == OP_CALL && i < def->narg; i++)
            part ^= hash_word(guard_expression(engine, block, def->args[i]) + i);
        key = hash_word(key ^ hash_word(part + 1));
        val = def->op == OP_CALL ? 0 : def->a;
    }
    return key;
}

const Block *guard_block(const Engine *engine, uint32_t number, const Ins **ins)
{
    uint32_t b = 0;
    while (engine->shape.first[b + 1] <= number)
        b++;
    *ins = &engine->body->blocks[b].ins[number - engine->shape.first[b]];
    return &engine->body->blocks[b];
}

/* --- other members ---------------------------------------------------------------------- */

/* The object that a pointer was read from. */
static TermId owner_of(const Engine *engine, TermId id)
{
    const Term *term = &engine->terms.at[id];
    return term->a ? term_root(&engine->terms, term->a) : id;
}

static bool is_about(const Engine *engine, TermId id, TermId object)
{
    while (id && id != object) {
        const Term *term = &engine->terms.at[id];
        if (term->kind == TERM_CALC && term->b && is_about(engine, term->b, object))
            return true;
        id = term->kind == TERM_FRESH && term->calc == (Calc)FRESH_NEW ? 0 : term->a;
    }
    return id != 0;
}

static bool knows_other_member(const Engine *engine, const State *state, TermId member)
{
    TermId object = owner_of(engine, member);
    for (uint32_t i = 0; i < state->nfact; i++) {
        const Fact *fact = &state->facts[i];
        if (fact->is_demand || fact->term == object || fact->term == member) continue;
        if (is_about(engine, fact->term, object)) return true;
    }
    return false;
}

/* --- answers of functions --------------------------------------------------------------- */

static bool is_given(const Engine *engine, const Block *block, const Ins *call,
                     uint64_t owner)
{
    for (uint32_t i = 0; i < call->narg; i++)
        if (guard_expression(engine, block, call->args[i]) == owner) return true;
    return false;
}

/* Is this value made from the answer of a function that was given the object, or from another
 * member of such a record (it may be the same by another name)? by_local: also
 * through what is assigned to a local variable (`rc = f(c); if (rc)`). */
static bool is_answer(const Engine *engine, const Block *block, Val val,
                      const Member *member, bool by_local);

static bool local_is_answer(const Engine *engine, LocalId local, const Member *member)
{
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *store = &block->ins[i];
            if (store->op != OP_STORE) continue;
            const Ins *to = &block->ins[engine->shape.def[store->a]];
            if (to->op == OP_ADDR && to->ref == REF_LOCAL && to->local == local &&
                is_answer(engine, block, store->b, member, false))
                return true;
        }
    }
    return false;
}

static bool is_other_member(const Engine *engine, const Block *block, const Ins *address,
                            const Member *member)
{
    if (address->op != OP_FIELD || address->field == member->field) return false;
    const Field *fields = engine->unit->fields;
    if (member->field && fields[address->field].record == fields[member->field].record)
        return true;
    while (block->ins[engine->shape.def[address->a]].op == OP_FIELD)
        address = &block->ins[engine->shape.def[address->a]];
    return member->owner && guard_expression(engine, block, address->a) == member->owner;
}

static bool is_answer(const Engine *engine, const Block *block, Val val,
                      const Member *member, bool by_local)
{
    const Ins *def = &block->ins[engine->shape.def[val]];
    for (uint32_t depth = 0; def->op == OP_CALC && depth < 8; depth++) {
        if (def->b && is_answer(engine, block, def->b, member, by_local)) return true;
        def = &block->ins[engine->shape.def[def->a]];
    }
    if (def->op == OP_CALL) return is_given(engine, block, def, member->owner);
    if (def->op != OP_LOAD) return false;
    const Ins *from = &block->ins[engine->shape.def[def->a]];
    if (is_other_member(engine, block, from, member)) return true;
    return by_local && from->op == OP_ADDR && from->ref == REF_LOCAL &&
           local_is_answer(engine, from->local, member);
}

/* --- branches that a block depends on --------------------------------------------------- */

/* Blocks stand in reverse postorder: the nearest common dominator has the smaller number. */
static uint32_t meet(const uint32_t *dominator, uint32_t a, uint32_t b)
{
    while (a != b) {
        while (a > b)
            a = dominator[a];
        while (b > a)
            b = dominator[b];
    }
    return a;
}

/* Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm. */
static void find_dominators(Engine *engine)
{
    const Body *body = engine->body;
    uint32_t *dominator = ARENA_ARRAY(engine->scratch, uint32_t, body->nblock);
    for (uint32_t b = 1; b < body->nblock; b++)
        dominator[b] = UINT32_MAX;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t b = 0; b < body->nblock; b++) {
            if (dominator[b] == UINT32_MAX) continue;
            for (uint32_t i = 0; i < body->blocks[b].nsucc; i++) {
                uint32_t to = body->blocks[b].succ[i], old = dominator[to];
                uint32_t new = old == UINT32_MAX ? b : meet(dominator, old, b);
                if (to == 0 || new == old) continue;
                dominator[to] = new;
                changed = true;
            }
        }
    }
    engine->dominator = dominator;
}

static bool leads_to_only(const Body *body, uint32_t from, uint32_t to)
{
    bool leads = false;
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nsucc; i++) {
            if (body->blocks[b].succ[i] != to) continue;
            if (b != from) return false;
            leads = true;
        }
    return leads;
}

/* Every way to `block` takes the same side of a branch that asks about the object. */
static bool depends_on_answer(const Engine *engine, uint32_t block, const Member *member)
{
    const Body *body = engine->body;
    for (uint32_t at = block; at; at = engine->dominator[at]) {
        uint32_t before = engine->dominator[at];
        const Block *from = &body->blocks[before];
        const Ins *last = &from->ins[from->nins - 1];
        bool branches = last->op == OP_BRANCH || last->op == OP_SWITCH;
        if (branches && is_answer(engine, from, last->a, member, true) &&
            leads_to_only(body, before, at))
            return true;
    }
    return false;
}

static bool branch_asks(Engine *engine, uint32_t branch, const Member *member)
{
    bool added;
    uint64_t key =
        hash_word(member->owner ^ hash_word(~(uint64_t)branch)) ^ member->field;
    const uint64_t *known = map_put(&engine->asked_about, key, 0, &added);
    if (!added) return *known;
    const Ins *ins;
    const Block *block = guard_block(engine, branch, &ins);
    bool asks = ins->a && is_answer(engine, block, ins->a, member, true);
    *map_put(&engine->asked_about, key, 0, NULL) = asks;
    return asks;
}

/* Every way to the block asks, or the way of this state has asked. */
static bool has_asked(Engine *engine, const State *state, const Member *member)
{
    bool added;
    uint64_t key = hash_word(member->owner ^ hash_word(engine->block)) ^ member->field;
    const uint64_t *known = map_put(&engine->asked_about, key, 0, &added);
    if (added) {
        if (!engine->dominator) find_dominators(engine);
        bool depends = depends_on_answer(engine, engine->block, member);
        *map_put(&engine->asked_about, key, 0, NULL) = depends;
        if (depends) return true;
    } else if (*known) {
        return true;
    }
    uint32_t steps = 0;
    for (const Trace *at = state->trace; at && steps < MOST_STEPS;
         at = at->before, steps++)
        if (at->kind == TRACE_BRANCH && branch_asks(engine, at->ins, member)) return true;
    return false;
}

bool guard_covers(Engine *engine, const State *state, TermId value, Member member)
{
    if (knows_other_member(engine, state, value)) return true;
    return member.owner && has_asked(engine, state, &member);
}
