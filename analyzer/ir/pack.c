/*
 * Packs: the facts of a target in one file.
 *
 * A pack is the set of its facts in a fixed order, each with the body it was written with,
 * so pack(pack(a, b), c) and pack(c, b, a) are the same bytes whatever tree of packs led
 * there, and nothing is decompressed on the way.
 */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "ir/codec.h"
#include "ir/index.h"

static int compare_bytes(const char *a, size_t na, const char *b, size_t nb)
{
    int order = memcmp(a, b, na < nb ? na : nb);
    return order ? order : na < nb ? -1 : na > nb;
}

/* By path, then content; the body last, for it may come from another version of zstd. */
static int compare_entries(const void *left, const void *right)
{
    const IndexEntry *a = left, *b = right;
    int order = compare_bytes(a->path, a->npath, b->path, b->npath);
    if (!order) order = hash_compare(a->identity, b->identity);
    if (!order) order = compare_bytes(a->bytes, a->nbyte, b->bytes, b->nbyte);
    if (!order) order = compare_bytes(a->body, a->nbody, b->body, b->nbody);
    return order;
}

static bool is_same(const IndexEntry *a, const IndexEntry *b)
{
    return !compare_bytes(a->path, a->npath, b->path, b->npath) &&
           !hash_compare(a->identity, b->identity);
}

bool pack_write(Buf *out, const char *const *files, const size_t *lens, uint32_t n,
                Arena *arena, Err *err)
{
    VEC(IndexEntry) all = {0};
    for (uint32_t i = 0; i < n; i++) {
        IndexEntry *entries = NULL;
        uint32_t count = 0;
        if (!index_read(files[i], lens[i], arena, &entries, &count, err))
            return err_while(err, "file %u of %u", i + 1, n);
        for (uint32_t k = 0; k < count; k++)
            vec_push(arena, &all, entries[k]);
    }
    if (all.n) qsort(all.at, all.n, sizeof *all.at, compare_entries);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < all.n; i++)
        if (!kept || !is_same(&all.at[kept - 1], &all.at[i])) all.at[kept++] = all.at[i];
    index_write(out, INDEX_PACK, all.at, kept);
    return true;
}
