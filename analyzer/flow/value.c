/*
 * What is known of values: a range is read off the structure of the term and the facts
 * of the state, and a condition taken as true or false is pushed down into its operands.
 * That is what ties a flag, an error code or a length to a pointer: `b` is the term
 * `p == 0`, so branching on b says something about p.
 *
 * Zero is one thing for pointers and integers: the class CLASS_NULL. The two views are
 * kept in step by `keep_step`, as are error pointers and -4095 .. -1.
 */
#include "flow/engine.h"

enum { NONZERO = CLASS_ERR | CLASS_VALID, DEEPEST_RANGE = 5 };
#define ZERO_HOLE ((uint64_t)1 << -RANGE_LOWEST_HOLE)

/* The meet with 0. */
static void keep_zero(Range *range)
{
    if (range_skips(*range, 0)) range->classes = 0;
    range->low = range->high = 0;
    range->holes = 0;
    range->has_hole = false;
}

/* What the interval says about zero goes into the classes, and back. */
static void keep_step(Range *range)
{
    if (range->low == INT64_MIN && range->high == INT64_MAX && !range->has_hole &&
        !range->holes && range->classes != CLASS_NULL && range->classes != CLASS_ERR &&
        range->classes)
        return;
    bool zero_out = range->low > 0 || range->high < 0 || (range->holes & ZERO_HOLE);
    if (zero_out) range->classes &= NONZERO;
    if (range->classes == CLASS_NULL) keep_zero(range);
    if (range->low == 0 && range->high == 0) range->classes &= CLASS_NULL;
    if (!(range->classes & CLASS_NULL)) {
        if (range->low == 0) range->low = 1;
        if (range->high == 0) range->high = -1;
    }
    if (range->classes == CLASS_ERR && (range->low < ERROR_LOWEST || range->high >= 0)) {
        range->low = range->low > ERROR_LOWEST ? range->low : ERROR_LOWEST;
        range->high = range->high < -1 ? range->high : -1;
    }
    if (errptr_is(*range) && !(range->classes & CLASS_ERR)) range->classes = 0;
    if (range_is_empty(*range)) range->classes = 0;
}

static inline Range in_step(Range range)
{
    keep_step(&range);
    return range;
}

static Range range_bool(bool can_false, bool can_true)
{
    Range range = range_any;
    range.low = can_false ? 0 : 1;
    range.high = can_true ? 1 : 0;
    return in_step(range);
}

static bool range_const(Range range, int64_t *value)
{
    if (range.classes == CLASS_NULL) {
        *value = 0;
        return true;
    }
    *value = range.low;
    return range.low == range.high;
}

static Range range_eq(Range a, Range b)
{
    int64_t x, y;
    if (range_const(a, &x) && range_const(b, &y)) return range_bool(x != y, x == y);
    if (range_is_empty(in_step(range_meet(a, b)))) return range_bool(true, false);
    return range_bool(true, true);
}

/* a < bound, unsigned: a negative bound cuts -1, -2, ... off at the top. */
static Range range_below_top(Range a, int64_t bound)
{
    bool all = a.low >= bound && a.high < 0;
    bool none = a.low >= 0 || a.high < bound || a.classes == CLASS_NULL;
    if (bound <= ERROR_LOWEST && errptr_is(a)) all = true;
    if (bound == ERROR_LOWEST && !(a.classes & CLASS_ERR)) none = true;
    return range_bool(!none, !all);
}

static Range range_lt(Range a, Range b, bool is_unsigned)
{
    if (is_unsigned && (a.low < 0 || b.low < 0)) {
        if (b.low == 0 && b.high == 0) return range_bool(true, false);
        if (a.low == 0 && a.high == 0 && !(b.classes & CLASS_NULL))
            return range_bool(false, true);
        if (b.low == b.high) return range_below_top(a, b.low);
        return range_bool(true, true);
    }
    return range_bool(a.high >= b.low, a.low < b.high);
}

static Range range_add(Range a, Range b)
{
    Range sum = range_any;
    if (a.low == INT64_MIN || b.low == INT64_MIN ||
        __builtin_add_overflow(a.low, b.low, &sum.low))
        sum.low = INT64_MIN;
    if (a.high == INT64_MAX || b.high == INT64_MAX ||
        __builtin_add_overflow(a.high, b.high, &sum.high))
        sum.high = INT64_MAX;
    return in_step(sum);
}

/* Bits of a value that are certainly one, certainly zero. */
typedef struct Bits {
    uint64_t ones, zeros;
} Bits;

/* What one remembered answer, of a question for some bits, says about those. */
static void learn_bits(Bits *bits, uint64_t mask, const Range *answer)
{
    if (answer->classes == CLASS_NULL || answer->low == answer->high) {
        uint64_t value = answer->classes == CLASS_NULL ? 0 : (uint64_t)answer->low;
        bits->ones |= mask & value;
        bits->zeros |= mask & ~value;
    } else if (!(answer->classes & CLASS_NULL)) {
        uint64_t left = mask & ~bits->zeros; /* at least one of these is set */
        if (left && !(left & (left - 1))) bits->ones |= left;
    }
}

/* `x & READ`, `x & (READ | WRITE)`: asked before, they tell of the bits of x. Twice, because
 * what the second says may tell which of the first's bits it was. */
static Bits remembered_bits(const Engine *engine, const State *state, TermId id)
{
    Bits bits = {0, 0};
    for (int turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < state->nfact; i++) {
            const Fact *fact = &state->facts[i];
            const Term *term = &engine->terms.at[fact->term];
            int64_t mask;
            if (term->kind == TERM_CALC && term->calc == CALC_AND && term->a == id &&
                term_is_int(&engine->terms, term->b, &mask))
                learn_bits(&bits, (uint64_t)mask, &fact->range);
        }
    return bits;
}

static Bits value_bits(Engine *engine, const State *state, TermId id, int depth)
{
    const Term *term = &engine->terms.at[id];
    int64_t value;
    if (term_is_int(&engine->terms, id, &value))
        return (Bits){(uint64_t)value, ~(uint64_t)value};
    const Fact *fact =
        state_fact(state, id); /* a result that is known to be a constant */
    if (fact && fact->range.low == fact->range.high)
        return (Bits){(uint64_t)fact->range.low, ~(uint64_t)fact->range.low};
    if (depth > 4) return (Bits){0, 0};
    if (term->kind != TERM_CALC || (term->calc != CALC_AND && term->calc != CALC_OR))
        return remembered_bits(engine, state, id);
    Bits a = value_bits(engine, state, term->a, depth + 1);
    Bits b = value_bits(engine, state, engine->terms.at[id].b, depth + 1);
    if (engine->terms.at[id].calc == CALC_AND)
        return (Bits){a.ones & b.ones, a.zeros | b.zeros};
    return (Bits){a.ones | b.ones, a.zeros & b.zeros};
}

static void range_at(Engine *engine, const State *state, TermId id, int depth,
                     Range *range);

static Range calc_range(Engine *engine, const State *state, TermId id, int depth)
{
    Term term = engine->terms.at[id];
    if (term.calc == CALC_AND || term.calc == CALC_OR) {
        Bits bits = value_bits(engine, state, id, 0);
        if (~(bits.zeros | bits.ones) == 0)
            return in_step(range_of_int((int64_t)bits.ones));
        Range range = range_any;
        if (bits.ones) range.classes = NONZERO;
        if ((int64_t)~bits.zeros >= 0) { /* the sign is known to be clear */
            range.low = (int64_t)bits.ones;
            range.high = (int64_t)~bits.zeros;
        }
        return in_step(range);
    }
    /* Terms share operands: without a limit a hash function costs its number of paths. */
    if (depth >= DEEPEST_RANGE) return range_any;
    Range a, b = range_any;
    range_at(engine, state, term.a, depth + 1, &a);
    if (term.b) range_at(engine, state, term.b, depth + 1, &b);
    switch (term.calc) {
    case CALC_EQ: return range_eq(a, b);
    case CALC_LT: return range_lt(a, b, term.is_unsigned);
    case CALC_NOT: return range_bool(a.classes & NONZERO, a.classes & CLASS_NULL);
    case CALC_ADD:
        /* Lengths and sizes: sums that wrap around are another rule's business. */
        if (term.is_unsigned && a.low < 0) a.low = a.classes & CLASS_NULL ? 0 : 1;
        if (term.is_unsigned && b.low < 0) b.low = b.classes & CLASS_NULL ? 0 : 1;
        return range_add(a, b);
    case CALC_REM:
    case CALC_SUB:
    case CALC_MUL:
    case CALC_DIV:
    case CALC_AND:
    case CALC_OR:
    case CALC_XOR:
    case CALC_SHL:
    case CALC_SHR:
    case CALC_NE:
    case CALC_LE:
    case CALC_GT:
    case CALC_GE:
    case CALC_NEG:
    case CALC_FLIP:
    case CALC_CAST:
    case CALC_COUNT: break;
    }
    return range_any;
}

static void range_at(Engine *engine, const State *state, TermId id, int depth,
                     Range *range)
{
    const Term *term = &engine->terms.at[id];
    *range = range_any;
    switch (term->kind) {
    case TERM_INT:
        range->classes = term->imm ? NONZERO : CLASS_NULL;
        range->low = range->high = term->imm;
        return;
    case TERM_NULL: *range = (Range){.classes = CLASS_NULL}; return;
    case TERM_GLOBAL:
    case TERM_FN:
        if (term->is_weak) break;
        range->classes = CLASS_VALID;
        return;
    case TERM_LOCAL:
    case TERM_STRING:
    case TERM_OFFSET:
    case TERM_INDEX:
        /* A field's address is not zero, whatever the pointer: it is the object that counts. */
        range->classes = CLASS_VALID;
        return;
    case TERM_CALC: *range = calc_range(engine, state, id, depth); break;
    case TERM_NONE:
    case TERM_PARAM:
    case TERM_INIT:
    case TERM_FRESH:
    case TERM_PURE:
    case TERM_COUNT: break;
    }
    const Fact *fact = state_fact(state, id);
    TermId canon = state_canon(state, id);
    if (fact) range_narrow(range, &fact->range);
    if (canon != id) {
        Range other;
        range_at(engine, state, canon, depth, &other);
        range_narrow(range, &other);
    }
    keep_step(range);
}

Range value_range(Engine *engine, const State *state, TermId id)
{
    Range range;
    range_at(engine, state, id, 0, &range);
    return range;
}

bool value_is_null(Engine *engine, const State *state, TermId term)
{
    return value_range(engine, state, term).classes == CLASS_NULL;
}

bool value_is_valid(Engine *engine, const State *state, TermId term)
{
    return !(value_range(engine, state, term).classes & CLASS_NULL);
}

uint32_t value_origin(Engine *engine, const State *state, TermId id)
{
    const Term *term = &engine->terms.at[id];
    if (term->kind == TERM_NULL) return (uint32_t)term->imm;
    const Fact *fact = state_fact(state, id);
    if (fact && fact->why) return fact->why;
    TermId canon = state_canon(state, id);
    return canon == id ? 0 : value_origin(engine, state, canon);
}

int value_entails(Engine *engine, const State *state, TermId term, Range range)
{
    Range known = value_range(engine, state, term), met = known;
    range_narrow(&met, &range);
    keep_step(&met);
    if (range_is_empty(met)) return -1;
    keep_step(&range);
    return range_within(known, range) ? 1 : 0;
}

/* A narrowed fact about a plain term. */
static bool narrow(Engine *engine, State *state, TermId id, Range range, uint32_t origin)
{
    Range known = value_range(engine, state, id), met = known;
    range_narrow(&met, &range);
    keep_step(&met);
    if (range_is_empty(met)) return false;
    int64_t ignored;
    if (range_equal(met, known) || term_is_int(&engine->terms, id, &ignored)) return true;
    const Fact *old = state_fact(state, id);
    Fact fact = {.term = id, .range = met};
    if (old) {
        fact.why = old->why;
        fact.deref = old->deref;
        fact.is_demand = old->is_demand;
    }
    if (met.classes == CLASS_NULL && known.classes != CLASS_NULL) fact.why = origin;
    if (!fact.why && errptr_is(met)) fact.why = origin;
    state_know(state, fact);
    TermId canon = state_canon(state, id);
    return canon == id || narrow(engine, state, canon, range, origin);
}

static bool assume_equal(Engine *engine, State *state, TermId a, TermId b,
                         uint32_t origin)
{
    Range both = range_meet(value_range(engine, state, a), value_range(engine, state, b));
    if (!narrow(engine, state, a, both, origin) ||
        !narrow(engine, state, b, both, origin))
        return false;
    int64_t value;
    if (term_is_int(&engine->terms, b, &value) || term_is_int(&engine->terms, a, &value))
        return true;
    TermId from = state_canon(state, a), to = state_canon(state, b);
    if (from == to) return true;
    /* The address of an object is the better name of the two, then the older term. */
    bool swap =
        term_is_address(&engine->terms, term_root(&engine->terms, from)) ||
        (!term_is_address(&engine->terms, term_root(&engine->terms, to)) && from < to);
    if (swap)
        state_equate(state, to, from);
    else
        state_equate(state, from, to);
    return true;
}

static bool assume_different(Engine *engine, State *state, TermId a, TermId b,
                             uint32_t origin)
{
    int64_t value;
    if (range_const(value_range(engine, state, b), &value)) {
        return narrow(engine, state, a, in_step(range_without(value)), origin);
    }
    if (range_const(value_range(engine, state, a), &value)) {
        return narrow(engine, state, b, in_step(range_without(value)), origin);
    }
    return state_canon(state, a) != state_canon(state, b);
}

static bool assume_less(Engine *engine, State *state, const Term *term, bool truth,
                        uint32_t origin)
{
    Range a = value_range(engine, state, term->a),
          b = value_range(engine, state, term->b);
    Range for_a = range_any, for_b = range_any;
    if (term->is_unsigned) {
        if (truth) for_b.classes = NONZERO; /* nothing is below zero */
        if (!truth && a.low == 0 && a.high == 0)
            return narrow(engine, state, term->b, range_of_int(0), origin);
        if (truth && b.low >= 0 && b.high < INT64_MAX) {
            for_a.low = 0;
            for_a.high = b.high - 1;
        }
        if (b.low == b.high && b.low < 0) {
            if (truth && b.low <= ERROR_LOWEST) for_a.classes = CLASS_NULL | CLASS_VALID;
            if (!truth) for_a.low = b.low;
            if (!truth) for_a.high = -1;
        }
        if (a.low < 0 || b.low < 0) {
            return narrow(engine, state, term->a, in_step(for_a), origin) &&
                   narrow(engine, state, term->b, in_step(for_b), origin);
        }
    }
    if (truth) {
        if (b.high != INT64_MAX && b.high != INT64_MIN) for_a.high = b.high - 1;
        if (a.low != INT64_MIN && a.low != INT64_MAX) for_b.low = a.low + 1;
    } else {
        for_a.low = b.low;
        for_b.high = a.high;
    }
    return narrow(engine, state, term->a, in_step(for_a), origin) &&
           narrow(engine, state, term->b, in_step(for_b), origin);
}

static bool assume_bits(Engine *engine, State *state, const Term *term, bool truth,
                        uint32_t origin)
{
    if (term->calc != CALC_OR || truth) return true;
    return value_assume(engine, state, term->a, false, origin) &&
           value_assume(engine, state, term->b, false, origin);
}

static bool assume_calc(Engine *engine, State *state, TermId id, bool truth,
                        uint32_t origin)
{
    Term term = engine->terms.at[id];
    switch (term.calc) {
    case CALC_NOT: return value_assume(engine, state, term.a, !truth, origin);
    case CALC_EQ:
        return truth ? assume_equal(engine, state, term.a, term.b, origin)
                     : assume_different(engine, state, term.a, term.b, origin);
    case CALC_LT: return assume_less(engine, state, &term, truth, origin);
    case CALC_AND:
    case CALC_OR: return assume_bits(engine, state, &term, truth, origin);
    case CALC_SUB:
        return truth ? assume_different(engine, state, term.a, term.b, origin)
                     : assume_equal(engine, state, term.a, term.b, origin);
    case CALC_ADD:
    case CALC_MUL:
    case CALC_DIV:
    case CALC_REM:
    case CALC_XOR:
    case CALC_SHL:
    case CALC_SHR:
    case CALC_NE:
    case CALC_LE:
    case CALC_GT:
    case CALC_GE:
    case CALC_NEG:
    case CALC_FLIP:
    case CALC_CAST:
    case CALC_COUNT: break;
    }
    return true;
}

bool value_assume(Engine *engine, State *state, TermId id, bool truth, uint32_t origin)
{
    Range range = truth ? range_of_class(NONZERO) : range_of_int(0);
    if (!truth) range.classes = CLASS_NULL;
    if (truth && term_is_bool(&engine->terms, id)) range = range_of_int(1);
    range = in_step(range);
    if (engine->terms.at[id].kind != TERM_CALC)
        return narrow(engine, state, id, range, origin);
    if (range_is_empty(in_step(range_meet(value_range(engine, state, id), range))))
        return false;
    if (!assume_calc(engine, state, id, truth, origin)) return false;
    /* What the operands now say by themselves need not be remembered. */
    if (range_within(value_range(engine, state, id), range)) return true;
    return narrow(engine, state, id, range, origin);
}

bool value_assume_range(Engine *engine, State *state, TermId id, Range range,
                        uint32_t origin)
{
    range = in_step(range);
    if (range.classes == CLASS_NULL)
        return value_assume(engine, state, id, false, origin);
    if (!(range.classes & CLASS_NULL) && !value_assume(engine, state, id, true, origin))
        return false;
    const Term *term = &engine->terms.at[id];
    int64_t constant;
    /* x + c within [l, h] says x within [l - c, h - c] */
    if (term->kind == TERM_CALC && term->calc == CALC_ADD &&
        term_is_int(&engine->terms, term->b, &constant)) {
        Range shifted = range_any;
        if (range.low != INT64_MIN &&
            __builtin_sub_overflow(range.low, constant, &shifted.low))
            shifted.low = INT64_MIN;
        if (range.high != INT64_MAX &&
            __builtin_sub_overflow(range.high, constant, &shifted.high))
            shifted.high = INT64_MAX;
        if (!narrow(engine, state, term->a, shifted, origin)) return false;
    }
    return narrow(engine, state, id, range, origin);
}
