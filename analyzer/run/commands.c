/* Which TUs: the compile database, the root of the project, the part that was asked for. */
#include <string.h>
#include <sys/stat.h>

#include "base/vec.h"
#include "run/phases.h"

static const char *folder_of(Arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

/* Above the top of a repository is another project. A ".git" that is a file is of a submodule. */
static bool is_top(const char *folder, Arena *arena)
{
    struct stat info;
    return !strcmp(folder, "/") ||
           (stat(path_join(arena, folder, ".git"), &info) == 0 && S_ISDIR(info.st_mode));
}

/* The database of the nearest folder upwards that has one. */
static const char *search_upwards(const char *folder, Arena *arena)
{
    for (;; folder = folder_of(arena, folder)) {
        const char *found = compdb_find(folder, arena);
        if (found || is_top(folder, arena)) return found;
    }
}

static bool find_database(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    const char *path = options->compdb;
    if (path) {
        path = path_join(run->arena, options->directory, path);
    } else {
        path = search_upwards(options->directory, run->arena);
        if (!path)
            return err_set(
                err, ERR_USAGE,
                "no compile_commands.json here or in a folder above: let the "
                "build system write one, name it with -p, or pass the compiler's "
                "command after --");
    }
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
        const char *found = compdb_find(path, run->arena);
        if (found) path = found;
    }
    run->origin = path;
    return compdb_read(path, run->arena, &run->commands, err);
}

bool commands_read(Run *run, Err *err)
{
    const char *origin = run->origin;
    bool ok = find_database(run, err);
    run->origin = origin;
    return ok;
}

static const char *marked_folder(const char *folder, Arena *arena)
{
    for (; strcmp(folder, "/") != 0; folder = folder_of(arena, folder))
        if (file_exists(path_join(arena, folder, ".git")) ||
            file_exists(path_join(arena, folder, ".sluice.yaml")))
            return folder;
    return NULL;
}

static const char *common_folder(const char *a, const char *b, Arena *arena)
{
    size_t len = 0;
    for (size_t i = 0;; i++) {
        bool ends_a = !a[i] || a[i] == '/', ends_b = !b[i] || b[i] == '/';
        if (ends_a && ends_b) len = i;
        if (!a[i] || a[i] != b[i]) break;
    }
    return len ? arena_copy(arena, a, len) : "/";
}

/* The root decides every path in the output, so it must not depend on where the program was
 * started: the repository around the sources or the database, else the folder that holds all of
 * them, or at least the sources. */
static const char *find_root(Run *run)
{
    Arena *arena = run->arena;
    const CommandList *list = &run->commands;
    if (run->options->root) return path_real(arena, run->options->root);
    const char *start =
        path_real(arena, run->options->args ? run->options->directory
                                            : folder_of(arena, run->origin));
    const char *sources = list->n ? folder_of(arena, list->at[0].file) : start;
    for (uint32_t i = 1; i < list->n; i++)
        sources = common_folder(sources, folder_of(arena, list->at[i].file), arena);
    const char *marked = marked_folder(sources, arena);
    if (!marked) marked = marked_folder(start, arena);
    if (marked) return marked;
    const char *common = common_folder(sources, start, arena);
    if (strcmp(common, "/") != 0) return common;
    return strcmp(sources, "/") != 0 ? sources : start;
}

/* Only paths that exist: a slip of the pen must not look like a clean part of the tree. */
static bool find_below(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    run->below = ARENA_ARRAY(run->arena, const char *, options->npath);
    for (uint32_t i = 0; i < options->npath; i++) {
        const char *path = path_join(run->arena, options->directory, options->paths[i]);
        if (!file_exists(path))
            return err_set(err, ERR_USAGE, "%s: no such file or folder",
                           options->paths[i]);
        path = path_real(run->arena, path);
        if (!strcmp(path, run->root)) continue; /* everything */
        run->below[run->nbelow++] = path_below(run->arena, run->root, path);
    }
    if (run->nbelow < options->npath) run->nbelow = 0;
    return true;
}

bool phase_commands(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    run->origin = "--";
    bool ok = options->args ? compdb_from_args(path_real(run->arena, options->directory),
                                               options->args, options->narg, run->arena,
                                               &run->commands, err)
                            : find_database(run, err);
    if (!ok) return false;
    run->root = find_root(run);
    for (uint32_t i = 0; i < run->commands.n; i++)
        run->commands.at[i].root = run->root;
    run->result->stats.nskipped = run->commands.nskipped;
    return find_below(run, err);
}
