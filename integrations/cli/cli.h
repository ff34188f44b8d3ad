#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "args.h"
#include "baseline_file.h"
#include "config.h"
#include "finding/fix.h"
#include "finding/patch.h"
#include "integrations/report/report.h"
#include "run/run.h"

/*
 * The program `sluice`: verbs, and what they share. Exit statuses: 0 passed, 1 the gate
 * failed, 2 usage or configuration, 3 the analysis is incomplete, 4 internal; when several
 * apply: 2, 4, 3, 1.
 */
enum { EXIT_PASSED, EXIT_GATE, EXIT_USAGE, EXIT_INCOMPLETE, EXIT_INTERNAL };

typedef struct Verb {
    const char *name;
    const char *summary;
    /* Gets the words behind the verb; returns the exit status. */
    int (*run)(const Texts *words, Arena *arena);
} Verb;

extern const Verb verb_check, verb_link, verb_extract, verb_pack, verb_explain,
    verb_contracts, verb_why_not, verb_baseline, verb_config, verb_model, verb_init,
    verb_doctor, verb_capture, verb_tidy, verb_lsp;

extern const char page_context_schema[]; /* rules/models/context/context_schema.json */

/* The project that a verb analyses. Filled in by options of its table and by what stands after
 * "--". */
typedef struct Project {
    RunOptions run;
    Texts models;
    bool is_uncached;
    const char *config_file; /* --config */
    bool no_config;
    Config config;
} Project;

/* `own` and the rows that set a Project, as one table. */
const Option *project_options(const Option *own, Project *project, Arena *arena);
/* Configuration, rules, models, folders: project->run is ready for run_check then. */
bool project_prepare(Project *project, const Args *args, Arena *arena, Err *err);
/* The absolute path of the current folder; NULL: it is gone. */
const char *current_folder(Arena *arena, Err *err);
/* The configuration that `given` names, or that stands in or above one of the folders (NULL: no
 * such folder), the first first. */
bool project_config(const char *given, const char *const *folders, Arena *arena,
                    Config *config, Err *err);
/* The file for accepted findings of a project around `folder`. */
const char *project_baseline(const Config *config, const char *folder, Arena *arena);

/* One report of a run. */
typedef struct Written {
    const Reporter *reporter;
    const char *file; /* NULL: standard output */
} Written;

/* What `check` and `link` say, and when they fail. Filled in by options of their tables. */
typedef struct Output {
    const char *format, *file;
    const char *fail_on, *tier; /* "A", "B", "C", "none" */
    const char *coverage;       /* percent */
    const char *category;
    uint32_t exit_code; /* in place of EXIT_GATE; 0: not told */
    const char *baseline, *diff;
    bool fixes;      /* in the report */
    const char *fix; /* NULL: no; "": written; "diff": shown as a patch */
    bool no_baseline, show_known;
    bool stats, verbose, show_suppressed;
    bool is_quiet; /* nothing found: nothing said */
    /* output_prepare sets the rest. */
    const Config *config;
    VEC(Written) formats;
    bool has_baseline, has_patch;
    double min_coverage;
    BaselineFile known;
    Patch patch;
} Output;

/* `own` and the rows that set an Output, as one table. */
const Option *output_options(const Option *own, Output *output, Arena *arena);
/* Looks at every option and reads the files they name, before any work is done. folder: where the
 * project is looked for. */
bool output_prepare(Output *output, const Config *config, const char *folder,
                    Arena *arena, Err *err);
/* The weakest tier that fixes are wanted for; 0: for none. */
Tier output_fixes(const Output *output);
/* Writes the report, or the fixes; gives the exit status. */
/* `more` of a verb's help, and the formats there are. */
const char *output_help(const char *more, Arena *arena);
/* Writes the report; gives the exit status. */
int output_write(Output *output, RunResult *result, Arena *arena);

/* fix.c: fixes of the findings that are shown */
bool fix_check(const char *how, Err *err);
void fix_diff(const RunResult *result, Tier weakest, Buf *out);
/* Findings that will be fixed leave the result. False: a file has changed meanwhile. */
bool fix_plan(RunResult *result, Tier weakest, Arena *arena, FixedFiles *files, Err *err);
/* After the report, which shows the lines as they were. */
bool fix_write(const RunResult *result, const FixedFiles *files, Arena *arena, Err *err);

/* For verbs without findings: says what is missing, gives the exit status. */
int output_complete(const RunResult *result);

/* Rules and model packs that are built in, into the options of a run. */
void options_fill(RunOptions *options);
/* A bar on a terminal, plain lines when verbose. */
void options_progress(RunOptions *options, bool verbose);

int fail(const Err *err);       /* prints it; its exit status */
int print_out(const Buf *text); /* to standard output; 0 or EXIT_INTERNAL */
int print_page(const char *page, Arena *arena); /* the same */
int help(const char *usage, const Option *options, const char *more, Arena *arena);

#endif
