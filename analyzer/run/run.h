#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "base/err.h"
#include "check/check.h"
#include "finding/finding.h"

/* The conductor: what `sluice check`, `extract`, `pack` and `link` do. Rules are handed in. */
typedef struct RunOptions {
    const char *root; /* absolute; paths are shown relative to it */
    const char
        *compdb; /* file or folder; NULL: search upwards from the working directory */
    const char *const *args; /* after "--"; NULL: use the database */
    uint32_t narg;
    const char *const *paths; /* only findings below these; none: all */
    uint32_t npath;
    const char *const *models; /* extra model packs */
    uint32_t nmodel;
    const char *cache; /* folder; NULL: no cache */
    uint32_t workers;  /* 0: one a core */
    bool progress;     /* a bar on stderr */
    bool verbose;
    const Rule *const *rules;
    uint32_t nrule;
} RunOptions;

typedef struct RunStats {
    uint32_t ntu, nfailed, npartial, ncached;
    uint32_t nfn, nexhausted, ndegraded;
    uint64_t nins, nopaque, ncall, nunresolved;
    uint64_t lines;
    double seconds_extract, seconds_link, seconds_summarise, seconds_judge;
    double cpu_seconds; /* this process and its workers */
    uint64_t peak_worker_kb;
} RunStats;

/* A TU that was not (wholly) analysed, and why. */
typedef struct RunNote {
    Place place;
    bool failed; /* else partial */
    const char *text;
} RunNote;

typedef struct RunResult {
    FindingList findings;
    RunNote *notes;
    uint32_t nnote;
    RunStats stats;
    bool is_incomplete; /* exit 3: a TU failed or is partial, or nothing was analysed */
} RunResult;

bool run_check(const RunOptions *options, Arena *arena, RunResult *result, Err *err);
/* facts or packs in, the same findings as run_check, byte for byte. */
bool run_link(const RunOptions *options, const char *const *files, uint32_t nfile,
              Arena *arena, RunResult *result, Err *err);

#endif
