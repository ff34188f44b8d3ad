#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

/* Everything a rule may use. A rule includes this and its family's own header. */
#include "base/attr.h"
#include "finding/finding.h"
#include "flow/flow.h"

typedef enum Stage { STAGE_PREVIEW, STAGE_STABLE, STAGE_RETIRED } Stage;

/* One rule at work on one candidate. */
typedef struct Check Check;

typedef struct Rule {
    const char *id;     /* what users type; never renamed, never reused */
    const char *title;  /* reads well after "allow": "a null pointer dereference" */
    const char *advice; /* what to do about it: one sentence, imperative */
    Stage stage;
    const char *since; /* version that first had it */
    const char *page;  /* Markdown, built in from <rule>.md */
    const char *cwe;   /* "CWE-476" */
    /* Looks at one candidate; reports it, or does nothing. Rules are asked in the order of
     * rules.def until one has reported. */
    void (*judge)(Check *check, const Candidate *candidate);
} Rule;

/* Votes over the whole program on the result of one function. */
typedef struct Votes {
    uint32_t checked, unchecked; /* sites */
} Votes;

Votes check_votes(const Check *check, const Name *fn);
const ProgramFn *check_fn_of(const Check *check,
                             const Name *link_name); /* NULL unknown */
const ProgramFn *check_function(const Check *check); /* the function at work */
const Ins *check_ins(const Check *check, const Candidate *candidate);
const char *check_name(const Check *check,
                       const Name *link_name); /* "lookup" of "a.c:lookup" */

/* A finding at the candidate's place, its steps made from the candidate's; one a candidate. */
void report(Check *check, Tier tier, const char *fmt, ...) PRINTF_LIKE(3, 4);
void report_term(Check *check, const char *name,
                 double value); /* a reason for the tier, before report */

#endif
