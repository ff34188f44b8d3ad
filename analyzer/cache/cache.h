#ifndef CACHE_CACHE_H
#define CACHE_CACHE_H

#include "base/file.h"
#include "base/hash.h"

/*
 * A store of what earlier runs found out, named by content.
 *
 * The fact of a TU is found in two steps, because its headers are known only after it was
 * parsed: its command and source lead to a manifest, which lists the headers that were read
 * and what was in them; the entry whose headers are unchanged, and not hidden by new ones,
 * names the fact. Whatever is damaged is as good as absent. Everything is written beside its place and renamed.
 */
typedef struct Cache Cache;

/* A file a TU was made from. */
typedef struct CacheDep {
    const char *path; /* absolute */
    Hash content;     /* hash_bytes of the whole file */
} CacheDep;

/* One way to parse one file. */
typedef struct CacheUnit {
    const char *file; /* absolute */
    const char *const *args;
    uint32_t narg;
} CacheUnit;

/* What earlier runs know of a unit. */
typedef struct CacheFact {
    Hash content;   /* of the fact's bytes: cache_read takes it */
    CacheDep *deps; /* the source first */
    uint32_t ndep;
    Hash shadows; /* set by the cache */
} CacheFact;

/* Makes the folder. tool: everything that decides what a fact says beside its input (program,
 * schema, libclang). root: absolute; entries do not depend on where it is. */
Cache *cache_open(const char *folder, const char *root, Hash tool, Arena *arena,
                  Err *err);
/* Key of the unit; false: its source cannot be read. Each file is read once a run. */
bool cache_key(Cache *cache, const CacheUnit *unit, Hash *key);
/* A fact whose every dependency is as it was; false: none. */
bool cache_find(Cache *cache, const CacheUnit *unit, Hash key, Arena *arena,
                CacheFact *fact);
/* Keeps the fact under its key, beside up to a few made from other headers. */
bool cache_keep(Cache *cache, const CacheUnit *unit, Hash key, const CacheFact *made,
                const char *bytes, size_t len, Err *err);

/* Bytes by name, verified when read. */
bool cache_read(const Cache *cache, Hash name, Arena *arena, FileText *text);
bool cache_write(const Cache *cache, Hash name, const char *bytes, size_t len, Err *err);
/* Mixes what the cache was opened with into a name of the caller's own. */
Hash cache_name(const Cache *cache, const char *kind, Hash name);

/* Removes the files longest unused until the folder has at most `limit` bytes. */
void cache_trim(const Cache *cache, uint64_t limit);

#endif
