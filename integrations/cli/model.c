/* sluice model: is a model of contexts right, and does it find what it says it finds? */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli.h"
#include "run/trial.h"

static const char usage[] =
    "sluice model init [OPTION]... [-- CC ARGS] | test FILE... | schema";
static const char more[] =
    "\ninit    proposes a model for the project: what is handed through from where "
    "requests "
    "come in\n"
    "        to where calls leave, what threads keep, who keeps callbacks for later\n"
    "test    runs the small programs that a model of contexts carries (tests:) with "
    "that model,\n"
    "        and compares what is found with their // expect: RULE comments\n"
    "schema  the JSON Schema of such models, for editors:\n"
    "        # yaml-language-server: $schema=FILE\n";

static void put_trials(const char *file, const TrialList *trials, Buf *out)
{
    for (uint32_t i = 0; i < trials->list.n; i++) {
        const Trial *trial = &trials->list.at[i];
        buf_printf(out, "%s:%u: %s%s%s\n", file, trial->line,
                   trial->faults.n ? "WRONG" : "right", *trial->about ? ": " : "",
                   trial->about);
        for (uint32_t k = 0; k < trial->faults.n; k++)
            buf_printf(out, "    %s\n", trial->faults.at[k]);
    }
}

/* A model without tests is no failure, but it is said. */
static int test_models(const Texts *files, Arena *arena)
{
    RunOptions options = {0};
    Err err = {0};
    Buf out;
    uint32_t n = 0, nfailed = 0;
    options_fill(&options);
    if (!(options.directory = current_folder(arena, &err))) return fail(&err);
    buf_init(&out, arena);
    for (uint32_t i = 0; i < files->n; i++) {
        TrialList trials;
        if (!run_trials(&options, files->at[i], arena, &trials, &err)) return fail(&err);
        if (!trials.list.n) buf_printf(&out, "%s: it carries no tests\n", files->at[i]);
        put_trials(files->at[i], &trials, &out);
        n += trials.list.n;
        nfailed += trials.nfailed;
    }
    buf_printf(&out, "%u test%s, %u wrong\n", n, n == 1 ? "" : "s", nfailed);
    int written = print_out(&out);
    return written ? written : nfailed ? EXIT_GATE : EXIT_PASSED;
}

static int fail_there(const char *file)
{
    Err err;
    err_set(&err, ERR_USAGE,
            "%s is there already: write the proposal to another file and compare", file);
    return fail(&err);
}

static int propose(Project *project, const Args *args, const char *file, Arena *arena)
{
    Err err = {0};
    RunResult result;
    Buf out;
    buf_init(&out, arena);
    if (!project_prepare(project, args, arena, &err) ||
        !run_propose(&project->run, arena, &result, &out, &err))
        return fail(&err);
    int written = 0;
    if (!file)
        written = print_out(&out);
    else if (file_exists(path_join(arena, project->run.directory, file)))
        return fail_there(file);
    else if (!file_write(path_join(arena, project->run.directory, file), out.at, out.n,
                         &err))
        return fail(&err);
    return written ? written : output_complete(&result);
}

static int model(const Texts *words, Arena *arena)
{
    Args args;
    Err err = {0};
    Project project = {0};
    const char *file = NULL;
    const Option own[] = {{"--output", 'o', OPTION_TEXT, "FILE",
                           "init: write the model there, unless there is one", &file},
                          {0}};
    const Option *options = project_options(own, &project, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    const char *what = args.words.n ? args.words.at[0] : "";
    if (!strcmp(what, "schema") && args.words.n == 1)
        return print_page(page_context_schema, arena);
    if (!strcmp(what, "init") && args.words.n == 1)
        return propose(&project, &args, file, arena);
    if (!strcmp(what, "test") && args.words.n > 1) {
        Texts files = {.at = args.words.at + 1, .n = args.words.n - 1};
        return test_models(&files, arena);
    }
    err_set(&err, ERR_USAGE, "usage: %s", usage);
    return fail(&err);
}

const Verb verb_model = {"model", "models of contexts: init, test, schema", model};
