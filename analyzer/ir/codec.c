/*
 * Fact files: one unit, as compressed text with an index of what it defines.
 *
 * The text form is the body, not a second, binary form: it is compact enough (zstd takes
 * it to a tenth), it reads faster than files can be fetched, a hash of it is a hash of the
 * content, and there is only one reader to fuzz.
 */
#include "ir/codec.h"

#include <string.h>
#include <zstd.h>

#include "ir/form.h"
#include "ir/index.h"
#include "ir/print.h"
#include "ir/reader.h"

enum { LEVEL = 1, FREE_TEXT = 16 * 1024 * 1024, MAX_RATIO = 1024 };

static void list_fns(Buf *list, const Unit *unit, const Hash *hashes, uint32_t *n)
{
    for (uint32_t i = 1; i < unit->nfn; i++) {
        const Fn *fn = &unit->fns[i];
        if (!fn->body) continue;
        index_put_fn(list, &(IndexFn){hashes[i], fn->flags, fn->link_name->len,
                                      fn->link_name->text});
        ++*n;
    }
}

static void compress(IndexEntry *entry, const Buf *text, Arena *scratch)
{
    if (text->n > FORM_MAX_TEXT) die("the IR of one unit has %zu bytes", text->n);
    size_t room = ZSTD_compressBound(text->n);
    char *body = arena_take(scratch, room, 1);
    size_t len = ZSTD_compress(body, room, text->at, text->n, LEVEL);
    if (ZSTD_isError(len)) die("cannot compress: %s", ZSTD_getErrorName(len));
    entry->body = body;
    entry->nbody = (uint32_t)len;
    entry->ntext = (uint32_t)text->n;
}

void fact_write(Buf *out, const Unit *unit)
{
    Arena *scratch = arena_new("fact");
    Hash *hashes = ARENA_ARRAY(scratch, Hash, unit->nfn);
    Buf text, fns;
    buf_init(&text, scratch);
    buf_init(&fns, scratch);
    ir_print_unit_hashed(&text, unit, hashes);
    IndexEntry entry = {.identity = hash_bytes(text.at, text.n),
                        .path = unit->path->text,
                        .npath = unit->path->len};
    list_fns(&fns, unit, hashes, &entry.nfn);
    if (fns.n > UINT32_MAX) die("a unit with too many functions");
    entry.fns = fns.at;
    entry.nfns = (uint32_t)fns.n;
    compress(&entry, &text, scratch);
    index_entry(&entry, scratch);
    index_write(out, INDEX_FACT, &entry, 1);
    arena_free(scratch);
}

/* A small file must not fill the memory: the text is bounded, and so is how far it may
 * have been compressed. */
static bool decompress(const IndexEntry *entry, Arena *scratch, char **text, Err *err)
{
    if (entry->ntext > FORM_MAX_TEXT ||
        (entry->ntext > FREE_TEXT && entry->ntext / MAX_RATIO > entry->nbody) ||
        ZSTD_getFrameContentSize(entry->body, entry->nbody) != entry->ntext)
        return err_set(err, ERR_CACHE, "the size of its text makes no sense");
    *text = arena_take(scratch, (size_t)entry->ntext + 2, 1);
    size_t len = ZSTD_decompress(*text, entry->ntext, entry->body, entry->nbody);
    if (ZSTD_isError(len) || len != entry->ntext ||
        hash_compare(hash_bytes(*text, len), entry->identity))
        return err_set(err, ERR_CACHE, "its text is not what the index says");
    return true;
}

/* The functions of the index must be those of the unit, in the same order. */
static bool read_fns(const IndexEntry *entry, Fact *fact, Names *names, Arena *arena)
{
    FactFn *fns = ARENA_ARRAY(arena, FactFn, entry->nfn);
    const char *at = entry->fns;
    for (uint32_t i = 1; i < fact->unit->nfn; i++) {
        Fn *fn = &fact->unit->fns[i];
        if (!fn->body) continue;
        if (fact->nfn == entry->nfn) return false;
        IndexFn row = index_next_fn(&at);
        fns[fact->nfn] = (FactFn){name_of_range(names, row.link_name, row.nlink_name),
                                  row.flags, row.content};
        if (fns[fact->nfn].link_name != fn->link_name || row.flags != fn->flags)
            return false;
        fn->content = row.content;
        fact->nfn++;
    }
    fact->fns = fns;
    return fact->nfn == entry->nfn;
}

static bool read_entry(const IndexEntry *entry, Names *names, Arena *arena,
                       Arena *scratch, Fact *fact, Err *err)
{
    char *text = NULL;
    if (!decompress(entry, scratch, &text, err)) return false;
    if (!read_unit_in_place(text, entry->ntext, names, arena, scratch, &fact->unit,
                            err)) {
        if (err) err->kind = ERR_CACHE;
        return false;
    }
    fact->identity = entry->identity;
    fact->path = name_of_range(names, entry->path, entry->npath);
    if (fact->path != fact->unit->path || !read_fns(entry, fact, names, arena))
        return err_set(err, ERR_CACHE, "its unit is not what the index says");
    return true;
}

bool fact_read(const char *bytes, size_t len, Names *names, Arena *arena, Fact **facts,
               uint32_t *nfact, Err *err)
{
    Arena *scratch = arena_new("fact");
    IndexEntry *entries = NULL;
    uint32_t n = 0;
    bool ok = index_read(bytes, len, scratch, &entries, &n, err);
    *facts = ARENA_ARRAY(arena, Fact, n);
    *nfact = n;
    ArenaMark mark = arena_mark(scratch);
    for (uint32_t i = 0; ok && i < n; i++) {
        ok = read_entry(&entries[i], names, arena, scratch, &(*facts)[i], err);
        if (!ok)
            err_while(err, "the fact of %.*s",
                      (int)(entries[i].npath < 200 ? entries[i].npath : 200),
                      entries[i].path);
        arena_reset(scratch, mark);
    }
    arena_free(scratch);
    return ok;
}
