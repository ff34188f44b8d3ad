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

/*
 * The way back. What is read may be damaged or made up: the magic and the checksum are looked
 * at first, then every number is bounded and every count compared with the bytes that are
 * left before memory is taken for it. Damage is sticky: readers then give zeros, and
 * bytes_close says so at the end.
 */
typedef struct BytesIn {
    const unsigned char *at, *end;
    Arena *arena;
    const Name **names; /* [0] is NULL */
    uint32_t nname;
    bool is_damaged;
} BytesIn;

/* False: it is no whole file of this kind and version. Nothing read points into `bytes`. */
bool bytes_open(BytesIn *in, const char *bytes, size_t len, const char magic[static 8],
                Names *names, Arena *arena);
uint64_t bytes_get_number(BytesIn *in, uint64_t most);
int64_t bytes_get_signed(BytesIn *in);
/* How many things follow, each of at least `size` bytes. */
uint32_t bytes_get_count(BytesIn *in, size_t size);
const Name *bytes_get_name(BytesIn *in); /* may be NULL */
Hash bytes_get_hash(BytesIn *in);
/* All was read, nothing was damaged. */
bool bytes_close(const BytesIn *in);

#endif
