#ifndef FLOW_TERM_H
#define FLOW_TERM_H

#include "base/arena.h"
#include "summary/summary.h"

/*
 * Values as terms: hash-consed, so that equal terms have equal numbers and a condition
 * met twice is the same condition. Operands have smaller numbers than their users.
 * Comparisons are kept as EQ and LT only; the others are built from them with NOT.
 */
typedef enum FreshKind {
    FRESH_RESULT, /* of a call; number: the instruction */
    FRESH_HAVOC, /* memory at `a` after instruction `number` changed it in an unknown way */
    FRESH_PHI,   /* memory at `a` where paths met at block `number` */
    FRESH_OPAQUE, /* what we do not model; number: the instruction */
    FRESH_UNSET,  /* a local that was never written; a: its address */
    FRESH_LEFT, /* an out-parameter that a call left unset; number: the call, a: its address */
    FRESH_NEW /* numbered values of a callee's outcome; number: call and index */
} FreshKind;

typedef struct Term {
    TermKind kind : 8;
    Calc calc : 8;        /* CALC; FRESH: a FreshKind */
    bool is_unsigned : 1; /* CALC LT */
    bool is_entry : 1; /* says something about the state on entry: callers can read it */
    bool has_fresh : 1;
    bool is_read : 1;    /* from a slot; set by believe.c */
    bool is_context : 1; /* INIT: a member that is a context; set by request.c */
    bool is_outside : 1; /* an answer of the world, or made from one and from what callers
                            can read: nothing in the program says what it is */
    bool is_weak : 1;    /* GLOBAL, FN: the address may be null; set by doubt.c */
    uint8_t depth;
    TermId root; /* see term_root */
    TermId a, b; /* FRESH: b 1 is the value of an earlier turn of the loop */
    int64_t imm;
    const Name *name;
} Term;

typedef struct Terms {
    Arena *arena;
    Term *at;
    uint32_t n, room;
    uint32_t *slots;
    uint32_t nslot;
} Terms;

void terms_init(Terms *terms, Arena *arena);

TermId term_int(Terms *terms, int64_t value);
TermId term_null(Terms *terms, uint32_t origin);
TermId term_param(Terms *terms, uint32_t param);
TermId term_named(Terms *terms, TermKind kind, const Name *name); /* GLOBAL, FN, STRING */
TermId term_local(Terms *terms, uint32_t local);
TermId term_string(Terms *terms, uint32_t ins);
TermId term_init(Terms *terms, TermId address);
TermId term_offset(Terms *terms, TermId base, int64_t bytes);
TermId term_index(Terms *terms, TermId base, TermId index, int64_t size);
TermId term_fresh(Terms *terms, FreshKind kind, uint64_t number, TermId address);
TermId term_pure(Terms *terms, const Name *name, TermId a, TermId b);
/* Folds constants and normal forms; b 0 for unary operations. */
TermId term_calc(Terms *terms, Calc calc, bool is_unsigned, TermId a, TermId b);
TermId term_not(Terms *terms, TermId a);
TermId term_eq(Terms *terms, TermId a, TermId b);
TermId term_old(Terms *terms,
                TermId fresh); /* the same value, one turn of the loop ago */

/* The value is an answer of the world; before anything is made from it. */
void term_mark_outside(Terms *terms, TermId fresh);

bool term_is_bool(const Terms *terms, TermId id); /* EQ, LT, NOT: 0 or 1 */
bool term_is_int(const Terms *terms, TermId id,
                 int64_t *value);                    /* INT; NULL counts as 0 */
bool term_is_address(const Terms *terms, TermId id); /* of an object: not null */

/* An address without its constant offset (kept INDEX): the object or element. */
TermId term_object(const Terms *terms, TermId address, int64_t *offset);
/* The pointer an address rests on: without OFFSET and INDEX. */
static inline TermId term_root(const Terms *terms, TermId address)
{
    return terms->at[address].root;
}

#endif
