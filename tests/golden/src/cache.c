#include "cache.h"

struct entry *cache_find(struct cache *cache, const char *key)
{
    struct entry *entry = list_first(&cache->entries);
    while (entry && strcmp(entry->key, key) != 0)
        entry = entry->next;
    return entry;
}

int cache_size(struct cache *cache, const char *key)
{
    struct entry *entry = cache_find(cache, key);
    return entry->size + entry->extra;
}

char *cache_copy(const struct entry *entry)
{
    char *copy = malloc(entry->size);
    copy[0] = 0; // sluice:allow null-alloc-unchecked main() set an allocator that aborts
    return copy;
}

void cache_reset(struct cache *cache)
{
    cache->entries.first = NULL;
    cache->on_reset(cache); // sluice:allow null-slot
}
