/*
 * sluice tidy: one file while it is compiled. It is called as clang-tidy is, so that what knows how
 * to call that (CMAKE_C_CLANG_TIDY, run-clang-tidy, editors) can call us instead.
 */
#include <string.h>

#include "cli.h"

static const char usage[] = "sluice tidy [OPTION]... FILE... [-- CC ARGS]";
static const char more[] =
    "\nChecks a file as clang-tidy is asked to, and says nothing when nothing is wrong; "
    "also "
    "called\nsluice-tidy. In CMake: set(CMAKE_C_CLANG_TIDY sluice tidy). Each file is "
    "seen "
    "alone then:\nwhat goes wrong between files is for `sluice check`.\n";

static int tidy(const Texts *words, Arena *arena)
{
    Output output = {.is_quiet = true};
    Project project = {0};
    RunOptions *run = &project.run;
    Args args;
    Err err = {0};
    Texts ignored = {0};
    bool is_ignored = false;
    const Option own[] = {
        {"--extra-arg-before", 0, OPTION_LIST, "ARG", "clang-tidy's; of no effect",
         &ignored},
        {"--extra-arg", 0, OPTION_LIST, "ARG", "clang-tidy's; of no effect", &ignored},
        {"--export-fixes", 0, OPTION_LIST, "FILE", "clang-tidy's; of no effect",
         &ignored},
        {"--quiet", 0, OPTION_FLAG, "", "clang-tidy's; of no effect", &is_ignored},
        {0}};
    const Option *options =
        output_options(project_options(own, &project, arena), &output, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, output_help(more, arena), arena);
    if (!args.words.n) {
        err_set(&err, ERR_USAGE, "tidy takes a file: %s", usage);
        return fail(&err);
    }
    if (!project_prepare(&project, &args, arena, &err) ||
        !output_prepare(&output, &project.config, run->directory, arena, &err))
        return fail(&err);
    run->progress = false;
    if (!args.has_rest) {
        run->paths = args.words.at;
        run->npath = args.words.n;
    }
    RunResult result;
    if (!run_check(run, arena, &result, &err)) return fail(&err);
    return output_write(&output, &result, arena);
}

const Verb verb_tidy = {"tidy", "one file while it is compiled, called as clang-tidy is",
                        tidy};
