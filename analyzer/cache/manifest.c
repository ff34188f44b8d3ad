/*
 * Manifests: which headers a TU read, and the fact that came of it.
 *
 *   count, then for each entry: fact hash, shadows, count of dependencies, each hash + path
 *
 * Paths below the root are kept relative to it, so that two checkouts share entries. The
 * newest entry stands first; a header that changes back finds its old entry again.
 */
#include <string.h>

#include "base/buf.h"
#include "cache/store.h"

enum {
    SOURCE_LIMIT = 1024 * 1024 * 1024,
    ENTRIES = 8,          /* kept in a manifest */
    DEPS_LIMIT = 1000000, /* of one TU: more is damage */
    PATH_LIMIT = 65535
};

static Hash content_of(Cache *cache, const char *path)
{
    const Name *name = name_of(cache->paths, path);
    bool added;
    uint64_t at = *map_put(&cache->seen, MAP_KEY(name), cache->contents.n, &added);
    if (added) {
        Arena *scratch = arena_new("source");
        FileText text;
        Hash content = {0};
        if (file_read(path, SOURCE_LIMIT, scratch, &text, NULL))
            content = hash_bytes(text.at, text.len);
        vec_push(cache->arena, &cache->contents, content);
        arena_free(scratch);
    }
    return cache->contents.at[at];
}

static bool is_zero(Hash hash)
{
    return !hash.high && !hash.low;
}

/* The word without the root's own name, wherever in it a path begins. Macros keep it: their
 * text may end up in the fact. */
static void put_word(Buf *out, const char *word, const char *root)
{
    size_t len = strlen(root);
    const char *found;
    while (strncmp(word, "-D", 2) != 0 && (found = strstr(word, root))) {
        buf_put(out, word, (size_t)(found - word));
        bool whole = found[len] == '/' || !found[len] || found[len] == '=';
        if (whole)
            buf_put(out, "\1", 1);
        else
            buf_put(out, found, len);
        word = found + len;
    }
    buf_text(out, word);
    buf_put(out, "", 1);
}

bool cache_key(Cache *cache, const CacheUnit *unit, Hash *key)
{
    Hash source = content_of(cache, unit->file);
    if (is_zero(source)) return false;
    Arena *scratch = arena_new("key");
    Buf text;
    buf_init(&text, scratch);
    buf_text(&text, path_below(scratch, cache->root, unit->file));
    buf_put(&text, "", 1);
    for (uint32_t i = 0; i < unit->narg; i++)
        put_word(&text, unit->args[i], cache->root);
    *key = cache_name(cache, "unit", hash_mix(source, hash_bytes(text.at, text.n)));
    arena_free(scratch);
    return true;
}

/* Bytes of a manifest being read. */
typedef struct Cursor {
    const char *at;
    size_t left;
    bool is_bad;
} Cursor;

static void take(Cursor *cursor, void *to, size_t len)
{
    if (len > cursor->left) {
        cursor->is_bad = true;
        memset(to, 0, len);
        return;
    }
    memcpy(to, cursor->at, len);
    cursor->at += len;
    cursor->left -= len;
}

static uint32_t take_count(Cursor *cursor, uint32_t limit)
{
    uint32_t n;
    take(cursor, &n, sizeof n);
    if (n > limit) cursor->is_bad = true;
    return cursor->is_bad ? 0 : n;
}

static void read_entry(const Cache *cache, Cursor *cursor, Arena *arena, CacheFact *fact)
{
    take(cursor, &fact->content, sizeof fact->content);
    take(cursor, &fact->shadows, sizeof fact->shadows);
    fact->ndep = take_count(cursor, DEPS_LIMIT);
    if (fact->ndep > cursor->left) cursor->is_bad = true;
    if (cursor->is_bad) return;
    fact->deps = ARENA_ARRAY(arena, CacheDep, fact->ndep);
    for (uint32_t i = 0; i < fact->ndep && !cursor->is_bad; i++) {
        CacheDep *dep = &fact->deps[i];
        take(cursor, &dep->content, sizeof dep->content);
        uint32_t len = take_count(cursor, PATH_LIMIT);
        if (len > cursor->left) cursor->is_bad = true;
        if (cursor->is_bad) return;
        const char *path = arena_copy(arena, cursor->at, len);
        cursor->at += len;
        cursor->left -= len;
        dep->path =
            path[0] == '/' ? path : arena_printf(arena, "%s/%s", cache->root, path);
    }
}

/* Number of entries; 0 when there is no manifest, or a damaged one. */
static uint32_t read_manifest(const Cache *cache, Hash key, Arena *arena,
                              CacheFact facts[ENTRIES])
{
    FileText text;
    if (!cache_read(cache, key, arena, &text)) return 0;
    Cursor cursor = {.at = text.at, .left = text.len};
    uint32_t n = take_count(&cursor, ENTRIES);
    for (uint32_t i = 0; i < n && !cursor.is_bad; i++)
        read_entry(cache, &cursor, arena, &facts[i]);
    return cursor.is_bad || cursor.left ? 0 : n;
}

bool cache_find(Cache *cache, const CacheUnit *unit, Hash key, Arena *arena,
                CacheFact *fact)
{
    CacheFact facts[ENTRIES];
    uint32_t n = read_manifest(cache, key, arena, facts);
    for (uint32_t i = 0; i < n; i++) {
        bool same = facts[i].ndep > 0; /* the source at least */
        for (uint32_t j = 0; j < facts[i].ndep && same; j++) {
            const CacheDep *dep = &facts[i].deps[j];
            same = hash_compare(content_of(cache, dep->path), dep->content) == 0;
        }
        if (!same) continue;
        Hash shadows = search_shadows(cache, unit, facts[i].deps, facts[i].ndep);
        if (hash_compare(shadows, facts[i].shadows) != 0) continue;
        *fact = facts[i];
        return true;
    }
    return false;
}

static void put_entry(Buf *out, const Cache *cache, const CacheFact *fact)
{
    Arena *scratch = out->arena;
    buf_put(out, &fact->content, sizeof fact->content);
    buf_put(out, &fact->shadows, sizeof fact->shadows);
    buf_put(out, &fact->ndep, sizeof fact->ndep);
    for (uint32_t i = 0; i < fact->ndep; i++) {
        const char *path = path_below(scratch, cache->root, fact->deps[i].path);
        uint32_t len = (uint32_t)strlen(path);
        buf_put(out, &fact->deps[i].content, sizeof fact->deps[i].content);
        buf_put(out, &len, sizeof len);
        buf_put(out, path, len);
    }
}

static bool same_deps(const CacheFact *a, const CacheFact *b)
{
    if (a->ndep != b->ndep) return false;
    for (uint32_t i = 0; i < a->ndep; i++)
        if (strcmp(a->deps[i].path, b->deps[i].path) != 0 ||
            hash_compare(a->deps[i].content, b->deps[i].content) != 0)
            return false;
    return true;
}

bool cache_keep(Cache *cache, const CacheUnit *unit, Hash key, const CacheFact *made,
                const char *bytes, size_t len, Err *err)
{
    CacheFact own = *made, *fact = &own;
    own.shadows = search_shadows(cache, unit, own.deps, own.ndep);
    for (uint32_t i = 0; i < fact->ndep; i++)
        if (strlen(fact->deps[i].path) > PATH_LIMIT) return true;
    Arena *scratch = arena_new("manifest");
    CacheFact old[ENTRIES];
    uint32_t nold = read_manifest(cache, key, scratch, old), n = 1;
    Buf entries;
    buf_init(&entries, scratch);
    put_entry(&entries, cache, fact);
    for (uint32_t i = 0; i < nold && n < ENTRIES; i++) {
        if (same_deps(&old[i], fact)) continue;
        put_entry(&entries, cache, &old[i]);
        n++;
    }
    Buf out;
    buf_init(&out, scratch);
    buf_put(&out, &n, sizeof n);
    buf_put(&out, entries.at, entries.n);
    bool ok = cache_write(cache, fact->content, bytes, len, err) &&
              cache_write(cache, key, out.at, out.n, err);
    arena_free(scratch);
    return ok;
}
