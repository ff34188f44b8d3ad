#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "args.h"
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
    verb_contracts, verb_why_not;

/* The project that a verb analyses. Filled in by options of its table and by what stands after
 * "--". */
typedef struct Project {
    RunOptions run;
    Texts models;
    bool is_uncached;
} Project;

/* `own` and the rows that set a Project, as one table. */
const Option *project_options(const Option *own, Project *project, Arena *arena);
/* Rules, models, folders: project->run is ready for run_check then. */
bool project_prepare(Project *project, const Args *args, Arena *arena, Err *err);

/* What `check` and `link` say, and when they fail. Filled in by options of their tables. */
typedef struct Output {
    const char *format, *file;
    const char *fail_on, *tier; /* "A", "B", "C"; fail_on also "none" */
    bool stats, verbose, show_suppressed;
} Output;

/* `own` and the rows that set an Output, as one table. */
const Option *output_options(const Option *own, Output *output, Arena *arena);
/* False: a value that is none of those allowed. Call it before any work is done. */
bool output_check(const Output *output, Err *err);
/* Writes the report; gives the exit status. */
int output_write(const Output *output, const RunResult *result, Arena *arena);

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
