#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

/* Everything a rule may use. A rule includes this and its family's own header. */
#include "base/attr.h"
#include "belief/belief.h"
#include "check/memo.h"
#include "finding/finding.h"
#include "finding/why.h"
#include "flow/flow.h"

typedef enum Stage { STAGE_PREVIEW, STAGE_STABLE, STAGE_RETIRED } Stage;

/* What a repair has to do about a rule's findings, when there is an obvious one. */
typedef enum Remedy {
    REMEDY_NONE,
    REMEDY_TEST,    /* the pointer is tested before its use */
    REMEDY_STATUS,  /* what the call returned is asked before its use */
    REMEDY_REORDER, /* the test goes in front of the use */
    REMEDY_PASS     /* what is at hand is passed instead of NULL */
} Remedy;

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
    Remedy remedy;
    /* Looks at one candidate; reports it, or does nothing. Rules are asked in the order of
     * rules.def until one has taken it. */
    void (*judge)(Check *check, const Candidate *candidate);
} Rule;

/* No call that the program makes passes a null, some pass what cannot be one, and
 * it is only called by name: a test of this parameter (from 1) is caution, not a belief. */
bool check_always_passed(const Check *check, uint32_t param);
/* At how many call sites this parameter (from 0) of the function may be handed a null. */
uint32_t check_maybe_passed(const Check *check, const Name *target, uint32_t param);
/* Votes of the whole program on the result of one function: call sites. */
Votes check_votes(const Check *check, const Name *fn);
/* Of the calls where a function breaks its promise of an out-parameter: `checked` test
 * the pointer as well, `unchecked` rely on the status and use the null. */
Votes check_breach(const Check *check, const Breach *breach);
/* How often in the program its error pointer passes a test for NULL, or the reverse. */
uint32_t check_mixed(const Check *check, const Name *fn);
/* Of the calls of the function: how many look at the number it returns, how many do not. */
Votes check_status(const Check *check, const Name *fn);
/* The number is a failure to those who call the function. */
bool check_is_failure(const Check *check, const Name *fn, int64_t status);
/* Of the calls where the fault's argument could be a context (one came in): `checked` pass
 * one, `unchecked` NULL or a root. Calls through members of one record count together. */
Votes check_passing(Check *check, const Fault *fault);
Votes check_slot_votes(const Check *check, Slot slot);
/* All that is known of a slot. */
Tally check_tally(const Check *check, Slot slot);
/* "the result of 'f()'", "field 'ssl' of 'struct conn'", "'config'" */
const char *check_slot(const Check *check, Slot slot);
const ProgramFn *check_fn_of(const Check *check,
                             const Name *link_name); /* NULL unknown */
const ProgramFn *check_function(const Check *check); /* the function at work */
const Ins *check_ins(const Check *check, const Candidate *candidate);
/* "lookup" of "a.c:lookup"; "" of NULL */
const char *check_name(const Check *check, const Name *link_name);
/* The pointer as written, in quotes: "'p->next'", or "this pointer" when it has no name. */
const char *check_what(const Check *check, const Candidate *candidate);
/* Where the null came from, as a clause: "it is set to NULL on line 12". */
const char *check_because(const Check *check, const Candidate *candidate);

/* A finding at the candidate's place, its steps made from the candidate's; one a candidate. */
void report(Check *check, Tier tier, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The same of a candidate of kind REQUEST: the place and the steps are its fault's. */
void report_fault(Check *check, Tier tier, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The same, but the candidate is the effect and the defect is in `fn`, which the path went
 * through: the finding is at the last step there, and the candidate's place is related to
 * it. One finding for all candidates with that way through fn. */
void report_cause(Check *check, Tier tier, const Name *fn, const char *fmt, ...)
    PRINTF_LIKE(4, 5);
/* A reason for the tier, shown with the finding; before report(). */
void report_term(Check *check, const char *name, double value);
/* The candidate is this rule's business, and no finding: nobody else is asked. */
void dismiss(Check *check);

/* --- for the conductor ---------------------------------------------------------------- */

typedef struct CheckStats {
    uint32_t nexhausted; /* functions whose budget ran out */
    uint32_t ncandidate;
    uint32_t nrun; /* functions run, each as often as it was run */
    uint32_t
        nunsettled; /* functions that did not see the last summaries of their callees */
    uint64_t nstep; /* instructions run over all states */
    double seconds_summarise, seconds_judge;
} CheckStats;

/* What was found out of a program's functions. In a program with the same names, those that are
 * the same and read the same of others need not be run again. Facts that linking finds out of
 * the whole program (what a slot may hold) are taken to be as they were: for trials. */
typedef struct CheckMemory CheckMemory;
CheckMemory *check_memory_new(Arena *arena);

typedef struct CheckOptions {
    const Rule *const *rules;
    uint32_t nrule;
    ContextModel *contexts;      /* what requests' contexts are; NULL: not known */
    CheckMemory *remember;       /* is filled, or NULL */
    const CheckMemory *recalled; /* of an earlier program, or NULL */
    Buf *dump_summaries;         /* NULL: no */
    Buf *dump_candidates;        /* NULL: no */
    Buf *dump_beliefs;           /* NULL: no */
    /* Told of every function with a body, once its last result stands; NULL: nobody is. */
    void (*see)(void *data, const ProgramFn *fn, const FlowResult *result);
    void *see_data;
    /* Told before a function is run: how many have been run at least once; NULL: nobody is. */
    void (*tick)(void *data, uint32_t done, const ProgramFn *fn);
    void *tick_data;
    Memo *memo; /* earlier runs of the engine, this one's are added; NULL: none */
    /* ... then of each candidate that a rule took, and what it said; NULL: nobody is. */
    void (*told)(void *data, const ProgramFn *fn, const Candidate *candidate,
                 const Finding *made);
    /* The line that somebody asks about, and what there is to say; why_path NULL: nobody. */
    const char *why_path;
    uint32_t why_line;
    WhyList *why;
} CheckOptions;

/* needs: a linked program.
 * gives: findings, unsorted, in `arena`: summaries bottom-up, beliefs merged, rules asked. */
void check_program(const Program *program, const CheckOptions *options, Arena *arena,
                   FindingList *findings, CheckStats *stats);

#endif
