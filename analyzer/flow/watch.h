#ifndef FLOW_WATCH_H
#define FLOW_WATCH_H

#include "base/vec.h"
#include "ir/ir.h"
#include "summary/summary.h"

/*
 * What the engine knows of a pointer at each of its uses: for those who ask why nothing was
 * reported there. A run without a Watch (FlowContext.watch NULL) pays a test of a pointer.
 */

/* What decides whether the pointer can be null at a use, on one of the paths to it. */
typedef enum SightReason {
    SIGHT_NULL,     /* it is, or may be: there is a candidate */
    SIGHT_OBJECT,   /* the address of an object, a string, a function */
    SIGHT_TESTED,   /* `by` is a branch or switch that found it not null */
    SIGHT_ASSUMED,  /* `by` is an assertion that was compiled out */
    SIGHT_USED,     /* `by` dereferenced it before */
    SIGHT_DEMANDED, /* `by` is a call that cannot do with null */
    SIGHT_OUTCOME, /* `by` is a call that only comes back like this when it is not null */
    SIGHT_DECLARED, /* a parameter that is declared non-null */
    SIGHT_RESULT,   /* `by` is a call: its result is not null on this path */
    SIGHT_SORTED,   /* `by` is a branch on what the call gave that gave this */
    SIGHT_MET,      /* paths met: none of them brought a null */
    SIGHT_CONSTANT, /* a number that is not 0 */
    SIGHT_ARGUMENT, /* nothing excludes null: a parameter */
    SIGHT_MEMORY,   /* ... what memory held on entry */
    SIGHT_UNKNOWN,  /* ... the result of the call `by`, of which nothing is known */
    SIGHT_CHANGED,  /* ... `by` may have written there */
    SIGHT_COMPUTED, /* ... what we do not model, or arithmetic */
    SIGHT_UNSET,    /* ... a local that nobody set */
    SIGHT_IDLE      /* PASSED: the callee uses it under a condition that does not hold */
} SightReason;

typedef enum SightKind { SIGHT_DEREF, SIGHT_CALL, SIGHT_PASSED } SightKind;

typedef struct Sight {
    SightKind kind;
    SightReason reason;
    uint32_t block, ins;
    uint32_t by;    /* number of an instruction; NO_INS: none */
    bool truth;     /* TESTED: the condition was true */
    bool is_joined; /* seen where paths had been folded into one */
    const char *what;
    const Name *target; /* PASSED: to this function */
    uint32_t param;     /* ... as this argument, from 0; ARGUMENT: the parameter */
} Sight;

/* That a value is not null, and what told. */
typedef struct Learned {
    uint32_t term, by;
    bool truth;
} Learned;

/* A branch asked about the null, or the status, that an instruction gave. */
typedef struct Asked {
    uint32_t about, by;
} Asked;

/* Of one function. */
typedef struct Watch {
    Arena *arena;
    VEC(Sight) sights;
    uint32_t *reached; /* per block: instructions that some path got to; see flow_run */
    VEC(Learned) learned;
    VEC(Asked) asked;
    VEC(uint32_t) known; /* values that were not null before the instruction at work */
} Watch;

#endif
