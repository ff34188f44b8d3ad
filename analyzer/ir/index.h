#ifndef IR_INDEX_H
#define IR_INDEX_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

/*
 * The container of facts: head, index, bodies, checksum (codec.h shows the layout). Only
 * files of ir/ include it.
 *
 *   head    "SLUICE" kind schema, uint32 facts, uint32 bytes of index, uint64 bytes of bodies
 *   entry   identity(16), uint32: bytes of body, bytes of its text, functions, bytes of
 *           path, bytes of the function list; path; function list
 *   in it   content hash(16), uint32 flags, uint32 bytes of link name, link name
 */
enum { INDEX_SCHEMA = 2, INDEX_FACT = 'F', INDEX_PACK = 'P' };

/* One fact inside a file; points into the file's bytes. */
typedef struct IndexEntry {
    const char *bytes; /* the entry as it stands */
    size_t nbyte;
    Hash identity;
    const char *path, *fns, *body;
    uint32_t npath, nfns;  /* bytes */
    uint32_t nbody, ntext; /* bytes: compressed, and not */
    uint32_t nfn;
} IndexEntry;

typedef struct IndexFn {
    Hash content;
    uint32_t flags, nlink_name;
    const char *link_name;
} IndexFn;

/* The checksum holds when this is true. */
bool index_read(const char *bytes, size_t len, Arena *arena, IndexEntry **entries,
                uint32_t *n, Err *err);
void index_write(Buf *out, char kind, const IndexEntry *entries, uint32_t n);

/* Fills entry->bytes from the other fields. */
void index_entry(IndexEntry *entry, Arena *arena);
void index_put_fn(Buf *fns, const IndexFn *fn);
/* Steps *at through a function list of index_read, which has checked it. */
IndexFn index_next_fn(const char **at);

#endif
