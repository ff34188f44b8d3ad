/* What all verbs that analyse a project are told alike: where it is, how to go about it. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"

const Option *project_options(const Option *own, Project *project, Arena *arena)
{
    RunOptions *run = &project->run;
    const Option rows[] = {
        {"--compdb", 'p', OPTION_TEXT, "DIR", "the compile database, or its folder",
         &run->compdb},
        {"--config", 0, OPTION_TEXT, "FILE",
         "default: the .sluice.yaml here or in a folder above", &project->config_file},
        {"--no-config", 0, OPTION_FLAG, "", "look for no .sluice.yaml",
         &project->no_config},
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

const char *current_folder(Arena *arena, Err *err)
{
    char here[PATH_MAX];
    if (getcwd(here, sizeof here)) return arena_copy(arena, here, strlen(here));
    err_set(err, ERR_USAGE, "the current folder is gone");
    return NULL;
}

bool project_config(const char *given, const char *const *folders, Arena *arena,
                    Config *config, Err *err)
{
    const char *file = given;
    for (; !file && *folders; folders++)
        file = config_find(path_real(arena, *folders), arena);
    return config_read(file, arena, config, err);
}

/* Beside the configuration, else at the top of the repository, else here. */
const char *project_baseline(const Config *config, const char *folder, Arena *arena)
{
    static const char name[] = ".sluice-baseline.json";
    if (config->baseline) return path_join(arena, config->folder, config->baseline);
    if (config->folder) return path_join(arena, config->folder, name);
    for (const char *at = folder; at[1];) {
        if (file_exists(path_join(arena, at, ".git"))) return path_join(arena, at, name);
        const char *slash = strrchr(at, '/');
        at = slash == at ? "/" : arena_copy(arena, at, (size_t)(slash - at));
    }
    return path_join(arena, folder, name);
}

/* The folder of the database that was named, or that folder; NULL: none was. */
static const char *database_folder(const RunOptions *run, Arena *arena)
{
    struct stat info;
    if (!run->compdb) return NULL;
    const char *path = path_join(arena, run->directory, run->compdb);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return path;
    return arena_copy(arena, path, (size_t)(strrchr(path, '/') - path));
}

static bool use_config(Project *project, bool has_command, Arena *arena, Err *err)
{
    RunOptions *run = &project->run;
    Config *config = &project->config;
    const char *database = database_folder(run, arena);
    const char *folders[] = {database ? database : run->directory,
                             database ? run->directory : NULL, NULL};
    if (project->no_config) folders[0] = NULL;
    if (project->no_config && project->config_file)
        return err_set(err, ERR_USAGE, "--config and --no-config: use one of them");
    if (!project_config(project->config_file, folders, arena, config, err)) return false;
    if (!run->compdb && !has_command && config->compdb)
        run->compdb = path_join(arena, config->folder, config->compdb);
    if (config->allow_partial == 1) run->allow_partial = true;
    Texts models = {0};
    for (uint32_t i = 0; i < config->nmodel; i++)
        vec_push(arena, &models, config->models[i]);
    for (uint32_t i = 0; i < project->models.n; i++)
        vec_push(arena, &models, project->models.at[i]);
    project->models = models;
    return true;
}

bool project_prepare(Project *project, const Args *args, Arena *arena, Err *err)
{
    RunOptions *run = &project->run;
    if (args->has_rest && run->compdb)
        return err_set(err, ERR_USAGE,
                       "-p names a database and -- a command: use one of them");
    if (args->has_rest && !args->rest.n)
        return err_set(err, ERR_USAGE, "no command after --");
    run->directory = current_folder(arena, err);
    if (!run->directory || !use_config(project, args->has_rest, arena, err)) return false;
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
