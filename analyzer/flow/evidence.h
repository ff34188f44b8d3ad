#ifndef FLOW_EVIDENCE_H
#define FLOW_EVIDENCE_H

#include "summary/summary.h"

/*
 * What one function shows of what its author believes: it asks before it uses, it uses
 * without asking, it hands over a null. Free of locations, so that the evidence of all
 * functions can be merged in any order; what it amounts to is decided in belief/.
 */

typedef enum SlotKind {
    SLOT_RESULT, /* of the function `name`; of one without a body, asked for `number` */
    SLOT_PARAM,  /* parameter `number` (from 0) of the function `name` */
    SLOT_FIELD,  /* of a record: "tag@file.field" */
    SLOT_GLOBAL,
    SLOT_OUT, /* what `name` leaves in its out-parameter `number` (from 0) where it breaks its
                  * promise of an object */
    SLOT_ACCESS, /* what `name` reads through parameters and globals, and uses unchecked */
    SLOT_STATUS, /* the integer that the function `name` returns */
    SLOT_COUNT
} SlotKind;

/* What a belief is about: one place in the program's text that holds a pointer. */
typedef struct Slot {
    SlotKind kind;
    uint32_t
        number; /* PARAM, OUT; RESULT: constant arguments; ACCESS: path of the reads */
    const Name *name; /* link name; FIELD: program_field */
} Slot;

typedef enum EvidenceKind {
    EVIDENCE_CHECKED,       /* asked for null, and used */
    EVIDENCE_CHECKED_MACRO, /* ... in a macro: the macro's caution, not the author's */
    EVIDENCE_ASSERTED,      /* ... and null ends the program: null is not believed in */
    EVIDENCE_ASKED,         /* asked for null, not used */
    EVIDENCE_UNCHECKED,     /* used as an object, and never asked for */
    EVIDENCE_SET_NULL,      /* FIELD, GLOBAL: NULL is assigned */
    EVIDENCE_SET_NEW,       /* ... to an object that this function has just made */
    EVIDENCE_SET_VALID,     /* something that is not null is assigned */
    EVIDENCE_SET_UNKNOWN,   /* something that may or may not be null is assigned */
    EVIDENCE_PASSED_VALID,  /* PARAM, ACCESS: a call that never passes null */
    EVIDENCE_PASSED_MAYBE,  /* PARAM, ACCESS: a call of which nobody knows */
    EVIDENCE_PASSED_NULL,   /* PARAM: a call that passes null on some path */
    EVIDENCE_NAMED,         /* RESULT: the function's address is taken */
    EVIDENCE_IGNORED,       /* STATUS: a call that throws it away */
    EVIDENCE_ZERO,          /* STATUS: a call that asks whether it is zero */
    EVIDENCE_SIGN,          /* STATUS: a call that asks whether it is negative */
    EVIDENCE_EQUAL, /* STATUS: a call that asks whether it is some other constant */
    EVIDENCE_COUNT
} EvidenceKind;

typedef enum EvidenceFlag {
    EVIDENCE_GUARDED = 1, /* UNCHECKED: something else was asked of the same object */
    EVIDENCE_PASSED = 2,  /* UNCHECKED: it is a callee that uses it */
    EVIDENCE_MERGED = 4,  /* UNCHECKED: only where paths had been joined */
    EVIDENCE_CALLED = 8   /* UNCHECKED: it is a function, and called */
} EvidenceFlag;

/* One site that says something of one slot. */
typedef struct Evidence {
    EvidenceKind kind;
    uint32_t flags; /* EvidenceFlag */
    Slot slot;
    Site site; /* RESULT, PARAM, ACCESS: the call; else the use, test or assignment */
    uint32_t
        use; /* UNCHECKED: the instruction of the first use; NO_INS: not to be reported */
    Val what; /* ... and the temporary of its block that is used there, 0 unknown */
    uint32_t
        place; /* FIELD, GLOBAL, ACCESS: the path by which this function itself reads it, as
                     * in its own ACCESS slot; 0: callers have no part in it */
    const Name *reached; /* the record that is reached through it, NULL unknown */
} Evidence;

#endif
