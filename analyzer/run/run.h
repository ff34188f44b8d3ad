#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "check/check.h"
#include "context/context.h"
#include "contract/diff.h"
#include "finding/finding.h"
#include "run/progress.h"
#include "summary/model.h"

/* What to write down instead of findings. */
typedef enum RunDump {
    DUMP_NONE,
    DUMP_IR,
    DUMP_SUMMARY,
    DUMP_CANDIDATES,
    DUMP_BELIEFS
} RunDump;

/* The conductor: what `sluice check`, `extract`, `pack` and `link` do. Rules are handed in. */
typedef struct RunOptions {
    const char
        *root; /* absolute; paths are shown relative to it; NULL: found (run_root) */
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
    const char *directory; /* absolute: where relative paths and "--" commands start */
    const ModelLibrary *library;  /* the models that are built in, or NULL */
    const ContextPacks *contexts; /* ... of what libraries do with contexts, or NULL */
    uint32_t tu_seconds;          /* CPU time a TU may take to parse; 0: 120 */
    uint32_t tu_megabytes;        /* ... and address space; 0: 4096 */
    bool allow_partial;           /* a TU with errors does not make the run incomplete */
    RunDump dump;
    bool no_pch;          /* parse every TU from its first line on */
    Tier fixes;           /* the weakest tier that fixes are looked for; 0: none */
    const char *why_file; /* somebody asks about this line of it; NULL: nobody */
    uint32_t why_line;
    bool wants_contracts; /* RunResult.contracts, too */
    const char *base; /* run_check: set the age of findings against the commit where HEAD
                             left this revision; NULL: do not ask */
    ProgressHeard *heard; /* told how far it is, or NULL */
    void *heard_data;
    const char *expect; /* run_link: file with the TUs that must be there, or NULL */
} RunOptions;

typedef struct RunStats {
    uint32_t ntu, nfailed, npartial, ncached;
    uint32_t nfn, nexhausted, ndegraded;
    uint32_t nunsettled; /* see CheckStats */
    uint32_t nrun;       /* runs of functions by the engine */
    uint64_t nins, nopaque, ncall, nunresolved;
    uint64_t lines;
    double seconds_extract, seconds_link, seconds_summarise, seconds_judge;
    double seconds_fix;
    double cpu_seconds; /* this process and its workers */
    uint64_t peak_worker_kb;
    uint32_t
        nskipped;     /* entries of the database that are no C compilation, or repeated */
    uint64_t peak_kb; /* this process */
    double seconds;   /* all of it */
} RunStats;

typedef enum RunNoteKind {
    RUN_FAILED,  /* not analysed */
    RUN_PARTIAL, /* in part */
    /* From here on: no reason to call a run incomplete. */
    RUN_ADAPTED, /* wholly, but not by the very command */
    RUN_MODEL    /* a model that was left out, for it does not fit the program */
} RunNoteKind;

/* A TU that was not (wholly) analysed, or not as the command says, or a model; and why. */
typedef struct RunNote {
    Place place;
    RunNoteKind kind;
    const char *text;
} RunNote;

typedef struct RunResult {
    FindingList findings;
    RunNote *notes;
    uint32_t nnote;
    RunStats stats;
    bool is_incomplete; /* exit 3: a TU failed or is partial, or nothing was analysed */
    const char *root;   /* as used */
    const char **units; /* main files of the translation units, by path, each once */
    uint32_t nunit;
    const char *origin;  /* the compile database; "--": a command line */
    bool is_narrowed;    /* findings outside of RunOptions.paths were left out */
    const char *base;    /* the commit, when RunOptions.base asked */
    FindingList remarks; /* on suppression comments; see suppress_apply */
    const char *dump;    /* what RunOptions.dump asked for, else NULL */
    size_t dump_len;
    WhyList why;          /* of the line that was asked about */
    const char **headers; /* below the root, by path; when contracts are wanted */
    uint32_t nheader;
    ContractList contracts; /* of functions below the paths asked for; when wanted */
} RunResult;

bool run_check(const RunOptions *options, Arena *arena, RunResult *result, Err *err);
/* What the program promises differently from what it did at a revision of git (see
 * run/git.h). options->wants_contracts must be set; result is of the program as it is, and
 * incomplete when either version is. */
bool run_compare(const RunOptions *options, const char *revision, Arena *arena,
                 RunResult *result, ContractDiff *diff, Err *err);
/* A model of contexts for the program, made of its shape, as YAML; see run/propose.h. */
bool run_propose(const RunOptions *options, Arena *arena, RunResult *result, Buf *out,
                 Err *err);
/* facts or packs in, the same findings as run_check, byte for byte. With options->fixes also the
 * same fixes, for which options->compdb must name the commands the facts were made with. */
bool run_link(const RunOptions *options, const char *const *files, uint32_t nfile,
              Arena *arena, RunResult *result, Err *err);

/* `-- CC ARGS x.c` (options->args) into one fact file; `deps`: a Makefile of what was read, or NULL.
 * What is wrong with the TU is said inside the fact. Reads nothing but its input. */
bool run_extract(const RunOptions *options, const char *fact, const char *deps, Err *err);
/* Facts and packs into one pack. */
bool run_pack(const char *const *files, uint32_t nfile, const char *pack, Err *err);

#endif
