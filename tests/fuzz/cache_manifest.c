/*
 * A manifest with the right checksum and anything inside: whatever it says is a miss, or names
 * files and a fact that are looked at again before anything is believed.
 */
#include <unistd.h>

#include "cache/cache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    Arena *arena = arena_new("fuzz");
    const char *tmp = getenv("TMPDIR");
    const char *folder =
        arena_printf(arena, "%s/sluice-fuzz-%ld", tmp ? tmp : "/tmp", (long)getpid());
    Err err = {0};
    Cache *cache = cache_open(folder, "/", (Hash){1, 2}, arena, &err);
    if (!cache) die("%s", err.text);
    Hash key = {3, 4};
    CacheUnit unit = {.file = "/nowhere.c"};
    if (!cache_write(cache, key, (const char *)data, len, &err)) die("%s", err.text);
    CacheFact fact;
    if (cache_find(cache, &unit, key, arena, &fact)) BUG_IF(fact.ndep && !fact.deps);
    arena_free(arena);
    return 0;
}
