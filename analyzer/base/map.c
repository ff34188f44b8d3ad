/* Hash map by open addressing over an insertion-ordered table. */
#include "base/map.h"

#include <string.h>

#include "base/err.h"
#include "base/hash.h"

void map_init(Map *map, Arena *arena)
{
    *map = (Map){.arena = arena};
}

static uint32_t *slot_of(const Map *map, uint64_t key)
{
    uint32_t i = (uint32_t)hash_word(key) & (map->nslot - 1);
    while (map->slots[i] && map->entries[map->slots[i] - 1].key != key)
        i = (i + 1) & (map->nslot - 1);
    return &map->slots[i];
}

uint64_t *map_get(const Map *map, uint64_t key)
{
    if (!map->nslot) return NULL;
    uint32_t at = *slot_of(map, key);
    return at ? &map->entries[at - 1].value : NULL;
}

static void map_grow(Map *map)
{
    uint32_t room = map->room ? map->room * 2 : 8;
    if (room < map->room) die("out of memory (a map of %u entries)", map->n);
    MapEntry *entries = ARENA_ARRAY(map->arena, MapEntry, room);
    if (map->n) memcpy(entries, map->entries, map->n * sizeof *entries);
    map->entries = entries;
    map->room = room;
    map->nslot = room * 2;
    map->slots = ARENA_ARRAY(map->arena, uint32_t, map->nslot);
    for (uint32_t i = 0; i < map->n; i++)
        *slot_of(map, entries[i].key) = i + 1;
}

uint64_t *map_put(Map *map, uint64_t key, uint64_t value, bool *added)
{
    uint64_t *found = map_get(map, key);
    if (added) *added = !found;
    if (found) return found;
    if (map->n == map->room) map_grow(map);
    *slot_of(map, key) = map->n + 1;
    map->entries[map->n] = (MapEntry){key, value};
    return &map->entries[map->n++].value;
}
