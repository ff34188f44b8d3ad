/*
 * Terms: one table a function, hash-consed, with the few rewritings that make equal
 * values look equal: constants folded, offsets added up, comparisons brought to EQ and LT.
 */
#include "flow/term.h"

#include <string.h>

#include "base/hash.h"

enum { DEEPEST = 40, DEEPEST_SUM = 16 };

void terms_init(Terms *terms, Arena *arena)
{
    *terms = (Terms){.arena = arena, .room = 256, .nslot = 512};
    terms->at = ARENA_ARRAY(arena, Term, terms->room);
    terms->slots = ARENA_ARRAY(arena, uint32_t, terms->nslot);
    terms->n = 1; /* 0 is "none" */
}

static uint64_t term_hash(const Term *term)
{
    uint64_t head = (uint64_t)term->kind | (uint64_t)term->calc << 8 |
                    (uint64_t)term->is_unsigned << 16;
    uint64_t operands = (uint64_t)term->a << 32 | term->b;
    uint64_t name = term->name ? term->name->hash : 0;
    return hash_word((head + operands * 0x9e3779b97f4a7c15u) ^ (uint64_t)term->imm ^
                     name << 17);
}

static bool term_same(const Term *x, const Term *y)
{
    return x->kind == y->kind && x->calc == y->calc && x->is_unsigned == y->is_unsigned &&
           x->a == y->a && x->b == y->b && x->imm == y->imm && x->name == y->name;
}

static void terms_grow(Terms *terms)
{
    Term *at = ARENA_ARRAY(terms->arena, Term, terms->room * 2);
    memcpy(at, terms->at, terms->n * sizeof *at);
    terms->at = at;
    terms->room *= 2;
    terms->nslot = terms->room * 2;
    terms->slots = ARENA_ARRAY(terms->arena, uint32_t, terms->nslot);
    for (uint32_t i = 1; i < terms->n; i++) {
        uint32_t slot = (uint32_t)term_hash(&at[i]) & (terms->nslot - 1);
        while (terms->slots[slot])
            slot = (slot + 1) & (terms->nslot - 1);
        terms->slots[slot] = i;
    }
}

static bool is_entry(const Terms *terms, const Term *term)
{
    switch (term->kind) {
    case TERM_INT:
    case TERM_NULL:
    case TERM_PARAM:
    case TERM_GLOBAL:
    case TERM_FN:
    case TERM_STRING: return true;
    case TERM_INIT:
    case TERM_OFFSET:
    case TERM_INDEX:
    case TERM_CALC:
    case TERM_PURE:
        return (!term->a || terms->at[term->a].is_entry) &&
               (!term->b || terms->at[term->b].is_entry);
    case TERM_NONE:
    case TERM_LOCAL:
    case TERM_FRESH:
    case TERM_COUNT: return false;
    }
    return false;
}

static bool is_outside(const Terms *terms, const Term *term)
{
    if (term->kind != TERM_CALC) return false;
    const Term *a = &terms->at[term->a], *b = term->b ? &terms->at[term->b] : NULL;
    if (!a->is_outside && !(b && b->is_outside)) return false;
    return (a->is_outside || a->is_entry) && (!b || b->is_outside || b->is_entry);
}

static TermId term_add(Terms *terms, uint32_t slot, Term term)
{
    uint8_t a = term.a ? terms->at[term.a].depth : 0;
    uint8_t b = term.b > 1 ? terms->at[term.b].depth : 0;
    term.depth = (uint8_t)((a > b ? a : b) + 1);
    term.is_entry = is_entry(terms, &term);
    term.is_outside = is_outside(terms, &term);
    term.is_read = false;
    term.has_fresh = term.kind == TERM_FRESH || (term.a && terms->at[term.a].has_fresh) ||
                     (term.b && term.kind != TERM_FRESH && terms->at[term.b].has_fresh);
    bool based = term.kind == TERM_OFFSET || term.kind == TERM_INDEX;
    term.root = based ? terms->at[term.a].root : terms->n;
    terms->at[terms->n] = term;
    terms->slots[slot] = terms->n;
    return terms->n++;
}

static TermId term_intern(Terms *terms, const Term *term)
{
    if (terms->n == terms->room) terms_grow(terms);
    uint32_t slot = (uint32_t)term_hash(term) & (terms->nslot - 1);
    for (; terms->slots[slot]; slot = (slot + 1) & (terms->nslot - 1))
        if (term_same(&terms->at[terms->slots[slot]], term)) return terms->slots[slot];
    return term_add(terms, slot, *term);
}

static bool too_deep(const Terms *terms, TermId a, TermId b)
{
    return (a && terms->at[a].depth >= DEEPEST) || (b && terms->at[b].depth >= DEEPEST);
}

TermId term_int(Terms *terms, int64_t value)
{
    return term_intern(terms, &(Term){.kind = TERM_INT, .imm = value});
}

TermId term_null(Terms *terms, uint32_t origin)
{
    return term_intern(terms, &(Term){.kind = TERM_NULL, .imm = origin});
}

TermId term_param(Terms *terms, uint32_t param)
{
    return term_intern(terms, &(Term){.kind = TERM_PARAM, .imm = param});
}

TermId term_named(Terms *terms, TermKind kind, const Name *name)
{
    return term_intern(terms, &(Term){.kind = kind, .name = name});
}

TermId term_local(Terms *terms, uint32_t local)
{
    return term_intern(terms, &(Term){.kind = TERM_LOCAL, .imm = local});
}

TermId term_string(Terms *terms, uint32_t ins)
{
    return term_intern(terms, &(Term){.kind = TERM_STRING, .imm = ins});
}

TermId term_init(Terms *terms, TermId address)
{
    return term_intern(terms, &(Term){.kind = TERM_INIT, .a = address});
}

TermId term_fresh(Terms *terms, FreshKind kind, uint64_t number, TermId address)
{
    if (too_deep(terms, address, 0)) address = 0;
    return term_intern(terms, &(Term){.kind = TERM_FRESH,
                                      .calc = (Calc)kind,
                                      .imm = (int64_t)number,
                                      .a = address});
}

void term_mark_outside(Terms *terms, TermId fresh)
{
    if (terms->at[fresh].kind == TERM_FRESH) terms->at[fresh].is_outside = true;
}

TermId term_old(Terms *terms, TermId fresh)
{
    Term term = terms->at[fresh];
    term.b = 1;
    return term_intern(terms, &term);
}

TermId term_pure(Terms *terms, const Name *name, TermId a, TermId b)
{
    return term_intern(terms, &(Term){.kind = TERM_PURE, .name = name, .a = a, .b = b});
}

TermId term_offset(Terms *terms, TermId base, int64_t bytes)
{
    const Term *term = &terms->at[base];
    int64_t sum = bytes;
    if (term->kind == TERM_OFFSET) {
        if (__builtin_add_overflow(term->imm, bytes, &sum)) sum = bytes;
        base = term->a;
    }
    if (sum == 0) return base;
    return term_intern(terms, &(Term){.kind = TERM_OFFSET, .a = base, .imm = sum});
}

TermId term_index(Terms *terms, TermId base, TermId index, int64_t size)
{
    int64_t value, bytes;
    if (term_is_int(terms, index, &value) && !__builtin_mul_overflow(value, size, &bytes))
        return term_offset(terms, base, bytes);
    if (too_deep(terms, base, index)) return base;
    return term_intern(terms,
                       &(Term){.kind = TERM_INDEX, .a = base, .b = index, .imm = size});
}

bool term_is_bool(const Terms *terms, TermId id)
{
    const Term *term = &terms->at[id];
    return term->kind == TERM_CALC &&
           (term->calc == CALC_EQ || term->calc == CALC_LT || term->calc == CALC_NOT);
}

bool term_is_int(const Terms *terms, TermId id, int64_t *value)
{
    const Term *term = &terms->at[id];
    if (term->kind != TERM_INT && term->kind != TERM_NULL) return false;
    *value = term->kind == TERM_INT ? term->imm : 0;
    return true;
}

bool term_is_address(const Terms *terms, TermId id)
{
    TermKind kind = terms->at[id].kind;
    return kind == TERM_LOCAL || kind == TERM_STRING ||
           ((kind == TERM_GLOBAL || kind == TERM_FN) && !terms->at[id].is_weak);
}

static TermId calc_raw(Terms *terms, Calc calc, bool is_unsigned, TermId a, TermId b)
{
    bool compares = calc == CALC_EQ || calc == CALC_LT || calc == CALC_NOT;
    uint8_t most = compares ? DEEPEST : DEEPEST_SUM;
    if (terms->at[a].depth >= most || (b && terms->at[b].depth >= most))
        return term_fresh(terms, FRESH_OPAQUE, UINT32_MAX | (uint64_t)b << 32, a);
    return term_intern(
        terms,
        &(Term){
            .kind = TERM_CALC, .calc = calc, .is_unsigned = is_unsigned, .a = a, .b = b});
}

TermId term_not(Terms *terms, TermId a)
{
    int64_t value;
    if (term_is_int(terms, a, &value)) return term_int(terms, value == 0);
    if (term_is_address(terms, a)) return term_int(terms, 0);
    const Term *term = &terms->at[a];
    if (term->kind == TERM_CALC && term->calc == CALC_NOT && term_is_bool(terms, term->a))
        return term->a;
    if (term_is_bool(terms, a)) return calc_raw(terms, CALC_NOT, false, a, 0);
    return term_eq(terms, a, term_int(terms, 0));
}

/* (x + c) == d becomes x == d - c, for pointers and integers alike. */
static bool eq_peel(Terms *terms, TermId *a, int64_t *value)
{
    const Term *term = &terms->at[*a];
    int64_t constant;
    if (term->kind == TERM_CALC && term->calc == CALC_ADD && !term->is_unsigned &&
        term_is_int(terms, term->b, &constant) &&
        !__builtin_sub_overflow(*value, constant, value)) {
        *a = term->a;
        return true;
    }
    return false;
}

TermId term_eq(Terms *terms, TermId a, TermId b)
{
    int64_t x, y;
    if (a == b) return term_int(terms, 1);
    bool a_int = term_is_int(terms, a, &x), b_int = term_is_int(terms, b, &y);
    /* A null keeps its name under a test, so that the test is known to be about it. */
    bool named = a_int && b_int &&
                 (terms->at[a].kind == TERM_NULL) != (terms->at[b].kind == TERM_NULL);
    if (a_int && b_int && !named) return term_int(terms, x == y);
    if (named)
        return calc_raw(terms, CALC_EQ, false, terms->at[a].kind == TERM_NULL ? a : b,
                        term_int(terms, terms->at[a].kind == TERM_NULL ? y : x));
    if (a_int) return term_eq(terms, b, a);
    if (b_int) {
        if (term_is_bool(terms, a))
            return y == 0 ? term_not(terms, a) : y == 1 ? a : term_int(terms, 0);
        if (y == 0 && term_is_address(terms, a)) return term_int(terms, 0);
        while (eq_peel(terms, &a, &y)) {
        }
        return calc_raw(terms, CALC_EQ, false, a, term_int(terms, y));
    }
    if (term_is_address(terms, a) && term_is_address(terms, b)) return term_int(terms, 0);
    return a < b ? calc_raw(terms, CALC_EQ, false, a, b)
                 : calc_raw(terms, CALC_EQ, false, b, a);
}

static bool fold(Calc calc, bool is_unsigned, int64_t x, int64_t y, int64_t *out)
{
    uint64_t ux = (uint64_t)x, uy = (uint64_t)y;
    switch (calc) {
    case CALC_ADD: *out = (int64_t)(ux + uy); return true;
    case CALC_SUB: *out = (int64_t)(ux - uy); return true;
    case CALC_MUL: *out = (int64_t)(ux * uy); return true;
    case CALC_DIV:
        if (y == 0 || (x == INT64_MIN && y == -1)) return false;
        *out = is_unsigned ? (int64_t)(ux / uy) : x / y;
        return true;
    case CALC_REM:
        if (y == 0 || (x == INT64_MIN && y == -1)) return false;
        *out = is_unsigned ? (int64_t)(ux % uy) : x % y;
        return true;
    case CALC_AND: *out = x & y; return true;
    case CALC_OR: *out = x | y; return true;
    case CALC_XOR: *out = x ^ y; return true;
    case CALC_SHL: *out = y >= 0 && y < 64 ? (int64_t)(ux << y) : 0; return true;
    case CALC_SHR:
        *out = y >= 0 && y < 64 ? (is_unsigned ? (int64_t)(ux >> y) : x >> y) : 0;
        return true;
    case CALC_LT: *out = is_unsigned ? ux < uy : x < y; return true;
    case CALC_NEG: *out = (int64_t)(0 - ux); return true;
    case CALC_FLIP: *out = ~x; return true;
    case CALC_EQ:
    case CALC_NE:
    case CALC_LE:
    case CALC_GT:
    case CALC_GE:
    case CALC_NOT:
    case CALC_CAST:
    case CALC_COUNT: return false;
    }
    return false;
}

static TermId calc_arithmetic(Terms *terms, Calc calc, bool is_unsigned, TermId a,
                              TermId b)
{
    int64_t x = 0, y = 0, folded;
    bool a_int = term_is_int(terms, a, &x), b_int = b && term_is_int(terms, b, &y);
    if (a_int && (b_int || !b) && fold(calc, is_unsigned, x, y, &folded))
        return term_int(terms, folded);
    if (b_int && y == 0 &&
        (calc == CALC_ADD || calc == CALC_SUB || calc == CALC_OR || calc == CALC_XOR))
        return a;
    if (b_int && y == 0 && (calc == CALC_AND || calc == CALC_MUL))
        return term_int(terms, 0);
    if (calc == CALC_LT && a == b) return term_int(terms, 0);
    if (calc == CALC_SUB && a == b) return term_int(terms, 0);
    if (calc == CALC_SUB && b_int && y != INT64_MIN)
        return term_calc(terms, CALC_ADD, false, a, term_int(terms, -y));
    bool commutes = calc == CALC_ADD || calc == CALC_MUL || calc == CALC_AND ||
                    calc == CALC_OR || calc == CALC_XOR;
    if (commutes && (a_int || (!b_int && a > b))) {
        TermId other = a;
        a = b;
        b = other;
        b_int = a_int;
        y = x;
    }
    const Term *left = &terms->at[a];
    int64_t inner;
    if (b_int && left->kind == TERM_CALC && left->calc == calc &&
        term_is_int(terms, left->b, &inner) &&
        (calc == CALC_ADD || calc == CALC_OR || calc == CALC_AND) &&
        fold(calc, false, inner, y, &folded))
        return term_calc(terms, calc, is_unsigned, left->a, term_int(terms, folded));
    bool keeps_sign = calc == CALC_LT || calc == CALC_ADD || calc == CALC_MUL;
    return calc_raw(terms, calc, keeps_sign && is_unsigned, a, b);
}

TermId term_calc(Terms *terms, Calc calc, bool is_unsigned, TermId a, TermId b)
{
    switch (calc) {
    case CALC_EQ: return term_eq(terms, a, b);
    case CALC_NE: return term_not(terms, term_eq(terms, a, b));
    case CALC_GT: return term_calc(terms, CALC_LT, is_unsigned, b, a);
    case CALC_LE: return term_not(terms, term_calc(terms, CALC_LT, is_unsigned, b, a));
    case CALC_GE: return term_not(terms, term_calc(terms, CALC_LT, is_unsigned, a, b));
    case CALC_NOT: return term_not(terms, a);
    case CALC_CAST: return a;
    case CALC_ADD:
    case CALC_SUB:
    case CALC_MUL:
    case CALC_DIV:
    case CALC_REM:
    case CALC_AND:
    case CALC_OR:
    case CALC_XOR:
    case CALC_SHL:
    case CALC_SHR:
    case CALC_LT:
    case CALC_NEG:
    case CALC_FLIP: return calc_arithmetic(terms, calc, is_unsigned, a, b);
    case CALC_COUNT: break;
    }
    return a;
}

TermId term_object(const Terms *terms, TermId address, int64_t *offset)
{
    const Term *term = &terms->at[address];
    *offset = term->kind == TERM_OFFSET ? term->imm : 0;
    return term->kind == TERM_OFFSET ? term->a : address;
}
