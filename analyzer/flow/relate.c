/*
 * What values have to do with each other, kept where two paths meet. Both sides' p gets one
 * name there, phi. Then `found`, which is p != NULL on both sides, is phi != NULL; and `next`,
 * which is what p->next holds on both, is what phi->next holds. So what a loop or a branch
 * knows of two variables together outlives the join. The first is anti-unification (Plotkin
 * 1970) of the two states' terms, over the pairs of values that have a name already.
 */
#include "flow/engine.h"

enum { DEEPEST_ALIKE = 6 };

TermId relate_name(const Pairs *pairs, TermId x, TermId y)
{
    for (uint32_t i = 0; i < pairs->list.n; i++)
        if (pairs->list.at[i].x == x && pairs->list.at[i].y == y)
            return pairs->list.at[i].name;
    return 0;
}

/* The two are made in the same way. */
static bool are_alike(const Term *x, const Term *y)
{
    return x->kind == y->kind && x->calc == y->calc && x->is_unsigned == y->is_unsigned &&
           x->name == y->name && x->imm == y->imm && !x->a == !y->a && !x->b == !y->b;
}

static TermId unify(Engine *engine, const Pairs *pairs, TermId x, TermId y, int depth);

static TermId unify_parts(Engine *engine, const Pairs *pairs, Term term, Term other,
                          int depth)
{
    Terms *terms = &engine->terms;
    TermId a = unify(engine, pairs, term.a, other.a, depth + 1);
    TermId b = a && term.b ? unify(engine, pairs, term.b, other.b, depth + 1) : 0;
    if (!a || (term.b && !b)) return 0;
    switch (term.kind) {
    case TERM_OFFSET: return term_offset(terms, a, term.imm);
    case TERM_INDEX: return term_index(terms, a, b, term.imm);
    case TERM_PURE: return term_pure(terms, term.name, a, b);
    case TERM_CALC: return term_calc(terms, term.calc, term.is_unsigned, a, b);
    case TERM_INIT:
    case TERM_FRESH:
    case TERM_NONE:
    case TERM_INT:
    case TERM_NULL:
    case TERM_PARAM:
    case TERM_GLOBAL:
    case TERM_FN:
    case TERM_STRING:
    case TERM_LOCAL:
    case TERM_COUNT: break;
    }
    return 0;
}

static TermId unify(Engine *engine, const Pairs *pairs, TermId x, TermId y, int depth)
{
    if (x == y) return x;
    TermId name = relate_name(pairs, x, y);
    if (name) return name;
    if (depth > DEEPEST_ALIKE) return 0;
    Term term = engine->terms.at[x], other = engine->terms.at[y];
    if (!relate_can(engine, x, y)) return 0;
    return unify_parts(engine, pairs, term, other, depth);
}

bool relate_can(const Engine *engine, TermId x, TermId y)
{
    const Term *term = &engine->terms.at[x];
    if (!are_alike(term, &engine->terms.at[y]) || !term->a) return false;
    switch (term->kind) {
    case TERM_OFFSET:
    case TERM_INDEX:
    case TERM_PURE:
    case TERM_CALC: return true;
    case TERM_INIT:
    case TERM_FRESH:
    case TERM_NONE:
    case TERM_INT:
    case TERM_NULL:
    case TERM_PARAM:
    case TERM_GLOBAL:
    case TERM_FN:
    case TERM_STRING:
    case TERM_LOCAL:
    case TERM_COUNT: break;
    }
    return false;
}

TermId relate_terms(Engine *engine, const Pairs *pairs, TermId x, TermId y)
{
    return unify(engine, pairs, x, y, 0);
}

/* --- what a pointer leads to ------------------------------------------------------------ */

/* What stands there now; reading changes nothing. */
static TermId content(Engine *engine, const State *state, TermId address, Type type,
                      FieldId field)
{
    const Cell *cell = state_cell(state, address);
    return cell ? cell->value : memory_unmapped(engine, state, address, type, field);
}

/* The place this value was read from; 0: it was not read. */
static TermId read_from(const Engine *engine, TermId value)
{
    const Term *term = &engine->terms.at[value];
    bool is_havoc = term->kind == TERM_FRESH && term->calc == (Calc)FRESH_HAVOC;
    return term->kind == TERM_INIT || (is_havoc && !term->b) ? term->a : 0;
}

/* The cells of `into` have their new names already: was this value called x before? */
static bool was(const Pairs *pairs, TermId now, TermId x)
{
    for (uint32_t i = 0; i < pairs->list.n; i++)
        if (pairs->list.at[i].name == now && pairs->list.at[i].x == x) return true;
    return now == x;
}

/* Says that `pair` is what stands at this offset of what `owner` names, if it is. */
static bool relate_member(Engine *engine, State *into, const State *from,
                          const Pairs *pairs, const Pair *owner, int64_t offset,
                          const Pair *pair)
{
    Terms *terms = &engine->terms;
    const Type type = {.kind = TYPE_POINTER, .size = 8};
    TermId place = term_offset(terms, owner->name, offset);
    if (state_cell(into, place)) return false;
    TermId mine = term_offset(terms, owner->x, offset);
    TermId theirs = term_offset(terms, owner->y, offset);
    if (content(engine, from, theirs, type, 0) != pair->y ||
        !was(pairs, content(engine, into, mine, type, 0), pair->x))
        return false;
    state_put(into, (Cell){.address = place, .value = pair->name, .type = type});
    return true;
}

bool relate_content(Engine *engine, State *into, const State *from, const Pairs *pairs,
                    const Pair *pair)
{
    TermId address = read_from(engine, pair->x);
    bool is_x = address != 0, is_new = false;
    if (!address) address = read_from(engine, pair->y);
    if (!address) return false;
    int64_t offset;
    TermId object = term_object(&engine->terms, address, &offset);
    for (uint32_t i = 0; i < pairs->list.n; i++) {
        const Pair *owner = &pairs->list.at[i];
        if ((is_x ? owner->x : owner->y) == object && owner != pair)
            is_new |= relate_member(engine, into, from, pairs, owner, offset, pair);
    }
    return is_new;
}

TermId relate_other(Engine *engine, const State *from, const Pairs *pairs,
                    const Cell *cell)
{
    int64_t offset;
    TermId object = term_object(&engine->terms, cell->address, &offset);
    for (uint32_t i = 0; i < pairs->list.n; i++) {
        const Pair *owner = &pairs->list.at[i];
        if (owner->name != object || owner->x != object) continue;
        TermId theirs = term_offset(&engine->terms, owner->y, offset);
        return content(engine, from, theirs, cell->type, cell->field);
    }
    return 0;
}
