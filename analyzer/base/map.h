#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * A hash map from a 64-bit key to a 64-bit value, in an arena, without removal. Keys
 * are pointers (cast through uintptr_t) or numbers. Iteration is by order of insertion,
 * so that no output ever depends on addresses.
 */
typedef struct MapEntry {
    uint64_t key, value;
} MapEntry;

typedef struct Map {
    Arena *arena;
    MapEntry *entries; /* in order of insertion, n of them */
    uint32_t n, room;
    uint32_t *slots; /* index + 1 into entries */
    uint32_t nslot;  /* power of two */
} Map;

void map_init(Map *map, Arena *arena);
/* NULL when absent; the pointer holds until the next map_put. */
uint64_t *map_get(const Map *map, uint64_t key);
/* The value's place, set to `value` when the key is new (*added says so; may be NULL). */
uint64_t *map_put(Map *map, uint64_t key, uint64_t value, bool *added);

#define MAP_KEY(pointer) ((uint64_t)(uintptr_t)(pointer))

#endif
