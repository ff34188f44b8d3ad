#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/name.h"
#include "base/vec.h"

/*
 * Data as bytes: numbers are LEB128, names are written once in a table and named by position,
 * so that equal data are equal bytes on every machine.
 *
 *   magic(8)   count {len bytes}...   body   16 bytes XXH3 of all before it
 */
typedef struct BytesOut {
    Arena *arena;
    Buf body;
    Map index; /* Name -> position in names, from 1 */
    VEC(const Name *) names;
} BytesOut;

/* Magic of 8 bytes: what it is, and which version of it. */
void bytes_begin(BytesOut *out, Arena *arena);
void bytes_put_number(BytesOut *out, uint64_t value);
void bytes_put_signed(BytesOut *out, int64_t value);
void bytes_put_name(BytesOut *out, const Name *name); /* NULL is allowed */
void bytes_put_hash(BytesOut *out, Hash hash);
void bytes_end(const BytesOut *out, const char magic[static 8], Buf *to);
/* Of all that was put so far. */
Hash bytes_hash(const BytesOut *out);

#endif
