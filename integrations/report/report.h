#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "finding/finding.h"
#include "run/run.h"

/*
 * How findings leave the house: one reporter a format, found by its id. A reporter knows
 * findings and the notes of the run; rules come to it as plain data.
 */

/* What a report may say about a rule. Strings are borrowed. */
typedef struct ReportRule {
    const char *id;
    const char *title;  /* reads well after "allow": "a null pointer dereference" */
    const char *advice; /* one sentence, imperative */
    const char *page;   /* Markdown */
    const char *cwe;    /* "CWE-476" or NULL */
    const char *since;  /* version or NULL */
    bool is_preview;    /* STAGE_PREVIEW: its precision is not yet known */
} ReportRule;

typedef struct ReportInput {
    const FindingList *findings; /* sorted (finding_sort), suppressed ones included */
    const FindingList *remarks;  /* of suppress_apply, or NULL; always shown */
    const ReportRule *rules; /* every rule that was asked, in the order of rules.def */
    uint32_t nrule;
    const RunNote *notes; /* RunResult.notes */
    uint32_t nnote;
    const RunStats *stats; /* NULL: no figures */
    bool is_incomplete;    /* RunResult.is_incomplete */
    double coverage;       /* percent of the program that was analysed */
} ReportInput;

/* How many notes are of this kind. */
uint32_t report_count_notes(const ReportInput *input, RunNoteKind kind);

typedef struct ReportOptions {
    const char *root;     /* source lines are read below it; absolute */
    bool color;           /* escape sequences: the caller looked at the terminal */
    uint32_t width;       /* columns a source line may take; 0: 100 */
    Tier least;           /* the weakest tier shown; 0: TIER_B */
    bool verbose;         /* score terms, timings, every related place */
    bool show_suppressed; /* suppressed findings too, marked as such */
    bool is_quiet;        /* for people: no line that says that there is nothing */
    bool show_known;      /* also what was there before, in formats for people */
    bool has_root;        /* SARIF: say where SRCROOT is on this machine */
    const char *category; /* SARIF automationDetails.id "sluice/<category>/"; or NULL */
    const char *started;  /* SARIF: UTC, "2024-05-01T12:00:00Z"; NULL: no times */
    const char *ended;
} ReportOptions;

typedef struct Reporter {
    const char *id;      /* what --format takes: "text" */
    const char *summary; /* one line for --help */
    /* Appends the whole report. */
    void (*write)(const ReportInput *input, const ReportOptions *options, Buf *out);
} Reporter;

/* In the order of --help; ends with NULL. */
extern const Reporter *const reporters[];
const Reporter *reporter_find(const char *id); /* NULL: no such format */

/* Findings and remarks as one list, sorted. */
typedef struct ReportList {
    const Finding **at;
    uint32_t n;
} ReportList;

/* What all reporters agree on. */
/* What is shown; with_known: as report_lists says. */
ReportList report_list(const ReportInput *input, const ReportOptions *options,
                       bool with_known, Arena *arena);
uint32_t report_count_blocking(const ReportInput *input);
bool report_shows(const ReportOptions *options, const Finding *finding);
/* ... for services that keep a list of their own: known findings belong to it. */
bool report_lists(const ReportOptions *options, const Finding *finding);
bool report_remarks(const ReportOptions *options, const Finding *remark);
const char *report_level(Tier tier); /* "error", "warning", "note" */
const char *report_age(Age age);     /* "new", "known"; NULL: nobody asked */

#endif
