/*
 * Headers that are not there: a file that appears in front of the one that was read, in the
 * order of the search, changes what the TU means although nothing it read has changed.
 *
 * For every header and every folder it was found below, the folders that are searched before
 * are asked for the same name. Which of them have it is part of a manifest's entry. Folders of
 * the files that were read count as searched before all others, as they are for #include "x".
 */
#include <string.h>
#include <unistd.h>

#include "cache/store.h"

enum { FOLDERS = 256 }; /* looked at for one TU; longer lists are cut */

typedef struct Search {
    Cache *cache;
    const Name *folders[FOLDERS];
    uint32_t n;
    uint32_t nlocal; /* the first ones: folders of files that were read, listed or not */
} Search;

/* A small number for each text, the same all through the run. */
static uint32_t number_of(Cache *cache, const Name *name)
{
    return (uint32_t)*map_put(&cache->numbers, MAP_KEY(name), cache->numbers.n, NULL);
}

static void add_folder(Search *search, const char *path, size_t len)
{
    while (len > 1 && path[len - 1] == '/')
        len--;
    const Name *name = name_of_range(search->cache->paths, path, len);
    for (uint32_t i = search->nlocal; i < search->n; i++)
        if (search->folders[i] == name) return;
    if (search->n < FOLDERS) search->folders[search->n++] = name;
}

static const char *value_of(const CacheUnit *unit, uint32_t *i)
{
    static const char *const options[] = {"-I", "-iquote", "-isystem", "-idirafter"};
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        size_t len = strlen(options[k]);
        if (strncmp(unit->args[*i], options[k], len) != 0) continue;
        if (unit->args[*i][len]) return unit->args[*i] + len;
        if (*i + 1 < unit->narg) return unit->args[++*i];
    }
    return NULL;
}

static void add_folders_of_args(Search *search, const CacheUnit *unit, Arena *scratch)
{
    static const char *const system[] = {"/usr/local/include", "/usr/include"};
    static const char option[] = "-working-directory=";
    const char *directory = "/";
    for (uint32_t i = 0; i < unit->narg; i++)
        if (!strncmp(unit->args[i], option, strlen(option)))
            directory = unit->args[i] + strlen(option);
    for (uint32_t i = 0; i < unit->narg; i++) {
        const char *value = value_of(unit, &i);
        if (!value) continue;
        const char *path = path_join(scratch, directory, value);
        add_folder(search, path, strlen(path));
    }
    for (size_t i = 0; i < sizeof system / sizeof *system; i++)
        add_folder(search, system[i], strlen(system[i]));
}

static bool exists(Cache *cache, const Name *folder, const Name *rest)
{
    uint64_t key = (uint64_t)number_of(cache, folder) << 32 | number_of(cache, rest);
    bool added;
    uint64_t *known = map_put(&cache->exists, key, 0, &added);
    if (added) {
        Arena *scratch = arena_new("search");
        const char *path = arena_printf(scratch, "%s/%s", folder->text, rest->text);
        *known = access(path, F_OK) == 0;
        arena_free(scratch);
    }
    return *known;
}

static Hash mix_dep(const Search *search, uint32_t dep, const char *path, Hash seen)
{
    for (uint32_t k = 0; k < search->n; k++) {
        const Name *folder = search->folders[k];
        if (strncmp(path, folder->text, folder->len) != 0 || path[folder->len] != '/')
            continue;
        const Name *rest = name_of(search->cache->paths, path + folder->len + 1);
        uint32_t before = k > search->nlocal ? k : search->nlocal;
        for (uint32_t j = 0; j < before; j++)
            if (j != k && exists(search->cache, search->folders[j], rest))
                seen = hash_mix(seen, (Hash){dep, (uint64_t)k << 32 | j});
    }
    return seen;
}

Hash search_shadows(Cache *cache, const CacheUnit *unit, const CacheDep *deps,
                    uint32_t ndep)
{
    Arena *scratch = arena_new("search");
    Search search = {.cache = cache};
    for (uint32_t i = 0; i < ndep; i++) {
        const char *slash = strrchr(deps[i].path, '/');
        if (slash && slash != deps[i].path && strncmp(deps[i].path, "/usr/", 5) != 0)
            add_folder(&search, deps[i].path, (size_t)(slash - deps[i].path));
    }
    search.nlocal = search.n;
    add_folders_of_args(&search, unit, scratch);
    Hash seen = {0};
    for (uint32_t i = 1; i < ndep; i++)
        seen = mix_dep(&search, i, deps[i].path, seen);
    arena_free(scratch);
    return seen;
}
