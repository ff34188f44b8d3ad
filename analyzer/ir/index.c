/*
 * The container of facts: little-endian numbers, an index that is read without touching
 * the bodies, a checksum over all.
 *
 * The bodies stay as they are when facts are packed: an entry and its body are copied
 * byte by byte, so a pack costs no compression and does not depend on how it was made.
 */
#include "ir/index.h"

#include <string.h>

enum { HEAD = 24, ENTRY = 36, FN = 24, TRAILER = 16 };

static void put_number(Buf *out, uint64_t number, size_t size)
{
    char bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(number >> 8 * i & 0xff);
    buf_put(out, bytes, size);
}

static uint64_t get_number(const char *at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = size; i--;)
        number = number << 8 | (uint8_t)at[i];
    return number;
}

static void put_hash(Buf *out, Hash hash)
{
    put_number(out, hash.low, 8);
    put_number(out, hash.high, 8);
}

static Hash get_hash(const char *at)
{
    return (Hash){.low = get_number(at, 8), .high = get_number(at + 8, 8)};
}

static uint32_t get32(const char *at)
{
    return (uint32_t)get_number(at, 4);
}

void index_put_fn(Buf *fns, const IndexFn *fn)
{
    put_hash(fns, fn->content);
    put_number(fns, fn->flags, 4);
    put_number(fns, fn->nlink_name, 4);
    buf_put(fns, fn->link_name, fn->nlink_name);
}

IndexFn index_next_fn(const char **at)
{
    IndexFn fn = {.content = get_hash(*at),
                  .flags = get32(*at + 16),
                  .nlink_name = get32(*at + 20),
                  .link_name = *at + FN};
    *at += FN + fn.nlink_name;
    return fn;
}

void index_entry(IndexEntry *entry, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    put_hash(&out, entry->identity);
    put_number(&out, entry->nbody, 4);
    put_number(&out, entry->ntext, 4);
    put_number(&out, entry->nfn, 4);
    put_number(&out, entry->npath, 4);
    put_number(&out, entry->nfns, 4);
    buf_put(&out, entry->path, entry->npath);
    buf_put(&out, entry->fns, entry->nfns);
    entry->bytes = out.at;
    entry->nbyte = out.n;
}

void index_write(Buf *out, char kind, const IndexEntry *entries, uint32_t n)
{
    size_t start = out->n;
    uint64_t index = 0, bodies = 0;
    for (uint32_t i = 0; i < n; i++) {
        index += entries[i].nbyte;
        bodies += entries[i].nbody;
    }
    if (index > UINT32_MAX)
        die("a pack of %u facts is too large: its index has %llu bytes", n,
            (unsigned long long)index);
    buf_put(out, "SLUICE", 6);
    put_number(out, (uint8_t)kind, 1);
    put_number(out, INDEX_SCHEMA, 1);
    put_number(out, n, 4);
    put_number(out, index, 4);
    put_number(out, bodies, 8);
    for (uint32_t i = 0; i < n; i++)
        buf_put(out, entries[i].bytes, entries[i].nbyte);
    for (uint32_t i = 0; i < n; i++)
        buf_put(out, entries[i].body, entries[i].nbody);
    put_hash(out, hash_bytes(out->at + start, out->n - start));
}

static bool fns_hold(const IndexEntry *entry)
{
    const char *at = entry->fns, *end = at + entry->nfns;
    for (uint32_t i = 0; i < entry->nfn; i++) {
        if (end - at < FN || get32(at + 20) > (size_t)(end - at) - FN) return false;
        index_next_fn(&at);
    }
    return at == end;
}

static bool read_entry(IndexEntry *entry, const char **at, const char *end)
{
    size_t left = (size_t)(end - *at);
    if (left < ENTRY) return false;
    *entry = (IndexEntry){.bytes = *at,
                          .identity = get_hash(*at),
                          .nbody = get32(*at + 16),
                          .ntext = get32(*at + 20),
                          .nfn = get32(*at + 24),
                          .npath = get32(*at + 28),
                          .nfns = get32(*at + 32)};
    left -= ENTRY;
    if (entry->npath > left || entry->nfns > left - entry->npath) return false;
    entry->path = *at + ENTRY;
    entry->fns = entry->path + entry->npath;
    *at = entry->fns + entry->nfns;
    entry->nbyte = (size_t)(*at - entry->bytes);
    return fns_hold(entry);
}

/* Is it ours, of this version, and whole? */
static bool check_file(const char *bytes, size_t len, Err *err)
{
    if (len < HEAD + TRAILER || memcmp(bytes, "SLUICE", 6) != 0)
        return err_set(err, ERR_CACHE, "this is no fact file, or one that was cut short");
    if (bytes[6] != INDEX_FACT && bytes[6] != INDEX_PACK)
        return err_set(err, ERR_CACHE, "this is neither a fact nor a pack");
    if (bytes[7] != INDEX_SCHEMA)
        return err_set(err, ERR_CACHE,
                       "written by another version of sluice (schema %u, this one reads "
                       "%u): extract it again",
                       (uint8_t)bytes[7], INDEX_SCHEMA);
    if (get_number(bytes + 12, 4) > len ||
        get_number(bytes + 16, 8) != len - HEAD - TRAILER - get_number(bytes + 12, 4))
        return err_set(err, ERR_CACHE,
                       "cut short, or something was added: extract it "
                       "again");
    if (hash_compare(get_hash(bytes + len - TRAILER), hash_bytes(bytes, len - TRAILER)))
        return err_set(err, ERR_CACHE,
                       "damaged (the checksum does not hold): extract it "
                       "again");
    return true;
}

bool index_read(const char *bytes, size_t len, Arena *arena, IndexEntry **entries,
                uint32_t *n, Err *err)
{
    if (!check_file(bytes, len, err)) return false;
    const char *at = bytes + HEAD, *end = at + get32(bytes + 12);
    const char *body = end, *body_end = bytes + len - TRAILER;
    uint32_t count = get32(bytes + 8);
    bool ok =
        count <= (size_t)(end - at) / ENTRY && (count == 1 || bytes[6] != INDEX_FACT);
    *entries = ARENA_ARRAY(arena, IndexEntry, ok ? count : 0);
    for (uint32_t i = 0; ok && i < count; i++) {
        IndexEntry *entry = &(*entries)[i];
        ok = read_entry(entry, &at, end) && entry->nbody <= (size_t)(body_end - body);
        entry->body = body;
        if (ok) body += entry->nbody;
    }
    if (!ok || at != end || body != body_end)
        return err_set(err, ERR_CACHE, "its index makes no sense: extract it again");
    *n = count;
    return true;
}
