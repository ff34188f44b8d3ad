/* sluice check and sluice link: findings, from a database or from facts. */
#include <string.h>

#include "base/file.h"
#include "cli.h"

static const char check_usage[] = "sluice check [OPTION]... [PATH...] [-- CC ARGS]";
static const char check_more[] =
    "\nReads compile_commands.json (here, in build*/, or in a folder above), analyses "
    "every\n"
    "translation unit and reports findings below each PATH (default: everywhere). With "
    "--\n"
    "the compiler's own command line is used instead of a database.\n";

static const char link_usage[] = "sluice link [OPTION]... FILE|@LIST...";
static const char link_more[] = "\nReads facts and packs; finds the same as `sluice "
                                "check`. A fact that is missing or\n"
                                "damaged makes the run incomplete (status 3). Facts "
                                "hold no comments: sources of\n"
                                "files with findings are read below --root, for "
                                "suppressions and for the lines shown,\n"
                                "and are inputs like the facts.\n";

static bool set_dump(const char *text, RunDump *dump, Err *err)
{
    static const char *const names[] = {"ir", "summary", "candidates", "beliefs"};
    static const RunDump values[] = {DUMP_IR, DUMP_SUMMARY, DUMP_CANDIDATES,
                                     DUMP_BELIEFS};
    for (size_t i = 0; text && i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) != 0) continue;
        *dump = values[i];
        return true;
    }
    return !text ||
           err_set(err, ERR_USAGE,
                   "--dump takes ir, summary, candidates or beliefs, not '%s'", text);
}

static int check(const Texts *words, Arena *arena)
{
    Output output = {0};
    Project project = {0};
    RunOptions *run = &project.run;
    Args args;
    Err err = {0};
    const char *dump = NULL;
    const Option own[] = {{"--dump", 0, OPTION_TEXT, "WHAT",
                           "ir, summary, candidates or beliefs, instead of findings",
                           &dump},
                          {"--base", 0, OPTION_TEXT, "REV",
                           "only what the branch brought counts: compare with the commit "
                           "where it left REV",
                           &run->base},
                          {"--fix", 0, OPTION_MAYBE, "diff",
                           "write obvious repairs into the source files, each of them "
                           "tried; or show them as a patch",
                           &output.fix},
                          {0}};
    const Option *options =
        output_options(project_options(own, &project, arena), &output, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help)
        return help(check_usage, options, output_help(check_more, arena), arena);
    if (!set_dump(dump, &run->dump, &err) || !fix_check(output.fix, &err) ||
        !project_prepare(&project, &args, arena, &err) ||
        !output_prepare(&output, &project.config, run->directory, arena, &err))
        return fail(&err);
    options_progress(run, output.verbose);
    run->paths = args.words.at;
    run->npath = args.words.n;
    if (!run->dump) run->fixes = output_fixes(&output);
    RunResult result;
    if (!run_check(run, arena, &result, &err)) return fail(&err);
    return output_write(&output, &result, arena);
}

/* Folders, models and rules of a run over facts. */
static bool prepare_link(RunOptions *run, const Texts *models, Config *config,
                         Arena *arena, Err *err)
{
    run->directory = current_folder(arena, err);
    if (!run->directory) return false;
    if (run->root) run->root = path_join(arena, run->directory, run->root);
    const char *folders[] = {run->root ? run->root : run->directory, NULL};
    if (!project_config(NULL, folders, arena, config, err)) return false;
    run->models = models->at;
    run->nmodel = models->n;
    options_fill(run);
    return true;
}

static int link_files(const Texts *words, Arena *arena)
{
    Output output = {0};
    RunOptions run = {0};
    Texts models = {0};
    Args args;
    Err err = {0};
    const char *dump = NULL;
    const Option own[] = {
        {"--root", 0, OPTION_TEXT, "DIR",
         "where sources are, for text and suppressions; default: here", &run.root},
        {"--model", 0, OPTION_LIST, "FILE", "a model pack, besides those built in",
         &models},
        {"--expect", 0, OPTION_TEXT, "MANIFEST",
         "a file that lists the translation units that must be there", &run.expect},
        {"--allow-partial", 0, OPTION_FLAG, "",
         "translation units with errors do not fail the run", &run.allow_partial},
        {"--compdb", 'p', OPTION_TEXT, "DIR",
         "the compile database the facts were made from, or its folder: for --fixes",
         &run.compdb},
        {"--dump", 0, OPTION_TEXT, "WHAT",
         "ir, summary, candidates or beliefs, instead of findings", &dump},
        {0}};
    const Option *options = output_options(own, &output, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help)
        return help(link_usage, options, output_help(link_more, arena), arena);
    Config config;
    if (!set_dump(dump, &run.dump, &err) ||
        !prepare_link(&run, &models, &config, arena, &err) ||
        !output_prepare(&output, &config, run.directory, arena, &err))
        return fail(&err);
    options_progress(&run, output.verbose);
    if (!args.words.n || args.has_rest) {
        err_set(&err, ERR_USAGE, "link takes fact files and packs");
        return fail(&err);
    }
    if (!run.dump) run.fixes = output_fixes(&output);
    if (run.fixes && !run.compdb) {
        err_set(&err, ERR_USAGE,
                "link --fixes parses files with findings once more, and facts hold no "
                "commands: name the database they were made from with -p");
        return fail(&err);
    }
    RunResult result;
    if (!run_link(&run, args.words.at, args.words.n, arena, &result, &err))
        return fail(&err);
    return output_write(&output, &result, arena);
}

const Verb verb_check = {"check", "analyse a project and report findings", check};
const Verb verb_link = {"link", "findings from facts and packs", link_files};
