#ifndef FLOW_EVIDENCE_H
#define FLOW_EVIDENCE_H

#include "summary/summary.h"

/*
 * What one function shows of what its author believes: it asks before it uses, it uses
 * without asking, it hands over a null. Free of locations, so that the evidence of all
 * functions can be merged in any order; what it amounts to is decided in belief/.
 */

typedef enum SlotKind {
    SLOT_RESULT, /* of the function `name` */
    SLOT_PARAM,  /* parameter `param` (from 0) of the function `name` */
    SLOT_OUT, /* what `name` leaves in its out-parameter `param` (from 0) where it breaks
                    its promise of an object */
    SLOT_COUNT
} SlotKind;

/* What a belief is about: one place in the program's text that holds a pointer. */
typedef struct Slot {
    SlotKind kind;
    uint32_t param;   /* PARAM, OUT */
    const Name *name; /* link name */
} Slot;

typedef enum EvidenceKind {
    EVIDENCE_CHECKED,       /* asked for null before it was used */
    EVIDENCE_CHECKED_MACRO, /* ... in a macro: the macro's caution, not the author's */
    EVIDENCE_UNCHECKED,     /* used as an object, and never asked for */
    EVIDENCE_PASSED_VALID,  /* PARAM: a call that never passes null */
    EVIDENCE_PASSED_MAYBE,  /* PARAM: a call of which nobody knows */
    EVIDENCE_PASSED_NULL,   /* PARAM: a call that passes null on some path */
    EVIDENCE_COUNT
} EvidenceKind;

/* One site that says something of one slot. */
typedef struct Evidence {
    EvidenceKind kind;
    Slot slot;
    Site site;
} Evidence;

#endif
