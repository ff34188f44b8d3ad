/* What all verbs that analyse a project are told alike: where it is, how to go about it. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"

const Option *project_options(const Option *own, Project *project, Arena *arena)
{
    RunOptions *run = &project->run;
    const Option rows[] = {
        {"--compdb", 'p', OPTION_TEXT, "DIR", "the compile database, or its folder",
         &run->compdb},
        {"--root", 0, OPTION_TEXT, "DIR",
         "paths are relative to it; default: the repository", &run->root},
        {"--model", 0, OPTION_LIST, "FILE", "a model pack, besides those built in",
         &project->models},
        {"--jobs", 'j', OPTION_NUMBER, "N", "worker processes; default: one a core",
         &run->workers},
        {"--cache", 0, OPTION_TEXT, "DIR", "default: sluice in the user's cache folder",
         &run->cache},
        {"--no-cache", 0, OPTION_FLAG, "", "analyse everything anew",
         &project->is_uncached},
        {"--no-pch", 0, OPTION_FLAG, "",
         "parse headers that many files include first anew for each", &run->no_pch},
        {"--allow-partial", 0, OPTION_FLAG, "",
         "translation units with errors do not fail the run", &run->allow_partial},
        {"--tu-timeout", 0, OPTION_NUMBER, "S",
         "CPU seconds a translation unit may take; default: 120", &run->tu_seconds},
        {"--tu-memory", 0, OPTION_NUMBER, "MB",
         "memory a translation unit may take; default: 4096", &run->tu_megabytes}};
    VEC(Option) all = {0};
    while (own->name)
        vec_push(arena, &all, *own++);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        vec_push(arena, &all, rows[i]);
    vec_push(arena, &all, (Option){0});
    return all.at;
}

static const char *default_cache(Arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/') return path_join(arena, cache, "sluice");
    return home && home[0] == '/' ? path_join(arena, home, ".cache/sluice") : NULL;
}

bool project_prepare(Project *project, const Args *args, Arena *arena, Err *err)
{
    char here[PATH_MAX];
    RunOptions *run = &project->run;
    if (args->has_rest && run->compdb)
        return err_set(err, ERR_USAGE,
                       "-p names a database and -- a command: use one of them");
    if (args->has_rest && !args->rest.n)
        return err_set(err, ERR_USAGE, "no command after --");
    if (!getcwd(here, sizeof here))
        return err_set(err, ERR_USAGE, "the current folder is gone");
    run->directory = arena_copy(arena, here, strlen(here));
    if (run->root) run->root = path_join(arena, run->directory, run->root);
    run->models = project->models.at;
    run->nmodel = project->models.n;
    run->args = args->rest.at;
    run->narg = args->rest.n;
    if (project->is_uncached)
        run->cache = NULL;
    else if (!run->cache)
        run->cache = default_cache(arena);
    options_fill(run);
    return true;
}
