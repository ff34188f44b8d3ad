/*
 * The store: files named by a hash, two letters a folder, each with a checksum at its end.
 */
#include "cache/cache.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/store.h"

enum { FILE_LIMIT = 1024 * 1024 * 1024 };

/* Backup programs know this line and leave the folder alone. */
static const char tag[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
                          "# A cache of sluice; it may be removed at any time.\n";

Cache *cache_open(const char *folder, const char *root, Hash tool, Arena *arena, Err *err)
{
    Cache *cache = ARENA_NEW(arena, Cache);
    cache->folder = arena_copy(arena, folder, strlen(folder));
    cache->root = arena_copy(arena, root, strlen(root));
    cache->tool = tool;
    cache->arena = arena;
    cache->paths = names_new(arena);
    map_init(&cache->seen, arena);
    map_init(&cache->numbers, arena);
    map_init(&cache->exists, arena);
    if (!file_make_folders(folder, err) ||
        !file_write(path_join(arena, folder, "CACHEDIR.TAG"), tag, strlen(tag), err))
        return NULL;
    if (access(folder, R_OK | W_OK | X_OK) != 0) {
        err_set(err, ERR_IO, "cannot write to %s", folder);
        return NULL;
    }
    return cache;
}

static const char *path_of(const Cache *cache, Hash name, Arena *arena, bool make)
{
    char hex[33];
    hash_hex(name, hex);
    if (make) mkdir(arena_printf(arena, "%s/%.2s", cache->folder, hex), 0777);
    return arena_printf(arena, "%s/%.2s/%s", cache->folder, hex, hex + 2);
}

bool cache_read(const Cache *cache, Hash name, Arena *arena, FileText *text)
{
    const char *path = path_of(cache, name, arena, false);
    Hash stored;
    if (!file_read(path, FILE_LIMIT, arena, text, NULL) || text->len < sizeof stored)
        return false;
    text->len -= sizeof stored;
    memcpy(&stored, text->at + text->len, sizeof stored);
    Hash sum = hash_mix(name, hash_bytes(text->at, text->len));
    text->at[text->len] = 0;
    return hash_compare(sum, stored) == 0;
}

bool cache_write(const Cache *cache, Hash name, const char *bytes, size_t len, Err *err)
{
    Arena *scratch = arena_new("cache");
    Hash sum = hash_mix(name, hash_bytes(bytes, len));
    char *whole = arena_take(scratch, len + sizeof sum, 1);
    memcpy(whole, bytes, len);
    memcpy(whole + len, &sum, sizeof sum);
    bool ok =
        file_write(path_of(cache, name, scratch, true), whole, len + sizeof sum, err);
    arena_free(scratch);
    return ok;
}

Hash cache_name(const Cache *cache, const char *kind, Hash name)
{
    return hash_mix(hash_mix(cache->tool, hash_bytes(kind, strlen(kind))), name);
}

/* One file of the store, when it is trimmed. */
typedef struct Stored {
    const char *path;
    int64_t used; /* seconds */
    uint64_t size;
} Stored;

typedef VEC(Stored) StoredList;

static int older(const void *a, const void *b)
{
    const Stored *x = a, *y = b;
    if (x->used != y->used) return x->used < y->used ? -1 : 1;
    return strcmp(x->path, y->path);
}

static uint64_t list_folder(const char *folder, Arena *arena, StoredList *list)
{
    uint64_t total = 0;
    DIR *dir = opendir(folder);
    const struct dirent *item;
    while (dir && (item = readdir(dir))) {
        struct stat info;
        const char *path = arena_printf(arena, "%s/%s", folder, item->d_name);
        if (item->d_name[0] == '.' || lstat(path, &info) != 0 || !S_ISREG(info.st_mode))
            continue;
        Stored stored = {path, info.st_mtime, (uint64_t)info.st_size};
        if (info.st_atime > stored.used) stored.used = info.st_atime;
        vec_push(arena, list, stored);
        total += stored.size;
    }
    if (dir) closedir(dir);
    return total;
}

void cache_trim(const Cache *cache, uint64_t limit)
{
    Arena *scratch = arena_new("cache trim");
    StoredList list = {0};
    uint64_t total = 0;
    for (unsigned i = 0; i < 256; i++) {
        const char *folder = arena_printf(scratch, "%s/%02x", cache->folder, i);
        total += list_folder(folder, scratch, &list);
    }
    if (total > limit) qsort(list.at, list.n, sizeof *list.at, older);
    for (uint32_t i = 0; i < list.n && total > limit; i++) {
        unlink(list.at[i].path);
        total -= list.at[i].size;
    }
    arena_free(scratch);
}
