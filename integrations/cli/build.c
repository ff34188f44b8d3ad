/* sluice extract and sluice pack: the verbs that build systems call. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"

static int extract(const Texts *words, Arena *arena)
{
    RunOptions run = {0};
    Args args;
    Err err = {0};
    const char *fact = NULL, *deps = NULL;
    char here[PATH_MAX];
    const Option options[] = {
        {"--output", 'o', OPTION_TEXT, "F.fact", "the fact file to write", &fact},
        {"--deps", 0, OPTION_TEXT, "F.d", "a Makefile of all files that were read",
         &deps},
        {"--root", 0, OPTION_TEXT, "DIR", "paths are relative to it; default: here",
         &run.root},
        {"--tu-timeout", 0, OPTION_NUMBER, "S", "CPU seconds it may take; default: 120",
         &run.tu_seconds},
        {"--tu-memory", 0, OPTION_NUMBER, "MB", "memory it may take; default: 4096",
         &run.tu_megabytes},
        {0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help)
        return help(
            "sluice extract -o F.fact [OPTION]... -- CC ARGS x.c", options,
            "\nOne translation unit. What is wrong with it is said inside the fact "
            "(status 0).\n",
            arena);
    if (!getcwd(here, sizeof here))
        err_set(&err, ERR_USAGE, "the current folder is gone");
    else if (!fact)
        err_set(&err, ERR_USAGE, "extract needs -o F.fact");
    else if (!args.rest.n || args.words.n)
        err_set(&err, ERR_USAGE, "extract takes the compiler's command after --");
    if (err.kind) return fail(&err);
    run.directory = here;
    if (run.root) run.root = path_join(arena, here, run.root);
    run.args = args.rest.at;
    run.narg = args.rest.n;
    return run_extract(&run, fact, deps, &err) ? 0 : fail(&err);
}

static int pack(const Texts *words, Arena *arena)
{
    Args args;
    Err err = {0};
    const char *out = NULL;
    const Option options[] = {
        {"--output", 'o', OPTION_TEXT, "T.pack", "the pack to write", &out}, {0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help)
        return help("sluice pack -o T.pack FILE|@LIST...", options,
                    "\nFacts and packs into one pack; their order does not matter.\n",
                    arena);
    if (!out || !args.words.n || args.has_rest) {
        err_set(&err, ERR_USAGE, "usage: sluice pack -o T.pack FILE|@LIST...");
        return fail(&err);
    }
    return run_pack(args.words.at, args.words.n, out, &err) ? 0 : fail(&err);
}

const Verb verb_extract = {"extract", "one translation unit into a fact file", extract};
const Verb verb_pack = {"pack", "many facts into one file", pack};
