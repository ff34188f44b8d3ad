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
    Map numbers; /* Name -> small number */
    Map exists;  /* numbers of folder and rest -> is there */
};

/* What stands in front of the dependencies (deps[0] is the source) in the order of search. */
Hash search_shadows(Cache *cache, const CacheUnit *unit, const CacheDep *deps,
                    uint32_t ndep);

#endif
