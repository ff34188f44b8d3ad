#ifndef IR_CODEC_H
#define IR_CODEC_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "ir/ir.h"

/*
 * Fact files and packs: what `extract` writes and `link` reads. Little-endian, the same
 * bytes on every machine:
 *
 *   "SLUICE" kind(1) schema(1)   uint32 sizes   index (names of functions, flags, hashes)
 *   body: zstd of the IR text (ir/print.h)      16 bytes XXH3 of all before it
 *
 * A pack is a sorted concatenation of facts with one merged index. Decoding trusts
 * nothing: sizes are bounded, the checksum and schema are checked first; a damaged or
 * old file is ERR_CACHE.
 */
typedef struct Fact {
    const Name *path; /* TU, relative to root */
    Hash identity;    /* of the uncompressed text */
    Unit *unit;
} Fact;

void fact_write(Buf *out, const Unit *unit);
/* One fact or a pack; appends in file order. */
bool fact_read(const char *bytes, size_t len, Names *names, Arena *arena, Fact **facts,
               uint32_t *nfact, Err *err);
/* facts: whole fact or pack files; the result does not depend on their order, equal facts are kept once. */
bool pack_write(Buf *out, const char *const *files, const size_t *lens, uint32_t n,
                Arena *arena, Err *err);

#endif
