#ifndef FINDING_WHY_H
#define FINDING_WHY_H

#include "finding/finding.h"

/* Why a use of a pointer is reported, or is not: answers of `sluice why-not`. Plain data. */

typedef enum WhyKind {
    WHY_REPORTED,     /* it is */
    WHY_GROUPED,      /* with another use of the same null */
    WHY_SUPPRESSED,   /* a comment allows it */
    WHY_TIER,         /* it is too weak to be shown unless asked for */
    WHY_DISMISSED,    /* the null is one that rules do not believe in */
    WHY_GUARD,        /* a test lets no null through */
    WHY_USE,          /* it was used before: a null would have crashed there */
    WHY_CONTRACT,     /* a function's promise or demand */
    WHY_BELIEF,       /* too few of the program's other sites ask */
    WHY_VALUE,        /* it cannot be null by what it is */
    WHY_UNKNOWN,      /* nothing says that it can be null */
    WHY_BUDGET,       /* the function was not followed to its end */
    WHY_UNREACHABLE,  /* no path gets there */
    WHY_NOT_ANALYSED, /* nobody looked */
    WHY_NO_USE,       /* there is no pointer in use */
    WHY_COUNT
} WhyKind;

typedef struct WhyAnswer {
    WhyKind kind;
    Place place;          /* of the use; of the line when there is none */
    const char *function; /* "" outside of any */
    const char *use;      /* "'p' is dereferenced"; "" for the whole line */
    const char *text;     /* a sentence without its full stop */
    Place by;             /* the test, the call, the finding; line 0 none */
    const char *rule_id;  /* of a candidate that a rule took; else NULL */
    Tier tier;            /* REPORTED, GROUPED, SUPPRESSED, TIER */
    double score;
    const ScoreTerm *terms;
    uint32_t nterm;
} WhyAnswer;

typedef struct WhyList {
    WhyAnswer *at;
    uint32_t n;
} WhyList;

const char *why_kind_text(WhyKind kind); /* "guard" */

#endif
