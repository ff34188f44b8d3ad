#ifndef CACHE_STORE_H
#define CACHE_STORE_H

#include "base/map.h"
#include "base/name.h"
#include "base/vec.h"
#include "cache/cache.h"

/* Inside of the cache; others see cache.h. */

/* Content of a file as this run found it; not there: all zero. */
struct Cache {
    const char *folder, *root;
    Hash tool;
    Arena *arena;
    Names *paths;
    Map seen; /* Name of a path -> index into contents */
    VEC(Hash) contents;
};

#endif
