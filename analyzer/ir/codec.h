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

/* A function the unit defines, as the index has it. */
typedef struct FactFn {
    const Name *link_name;
    uint32_t flags; /* FnFlag */
    /* Of its text and the rows it mentions: see ir_print_unit_hashed. Where the function
     * stands is not in it, so what is kept by it must not hold absolute lines. */
    Hash content;
} FactFn;

typedef struct Fact {
    const Name *path; /* TU, relative to root */
    Hash identity;    /* of the uncompressed text */
    Unit *unit;
    const FactFn *fns; /* in the order of unit->fns */
    uint32_t nfn;
} Fact;

void fact_write(Buf *out, const Unit *unit);
/* One fact or a pack, in file order. Nothing of the result points into `bytes`. */
bool fact_read(const char *bytes, size_t len, Names *names, Arena *arena, Fact **facts,
               uint32_t *nfact, Err *err);
/* facts: whole fact or pack files; the result does not depend on their order, equal facts
 * are kept once, and a pack of packs is the pack of their facts. `out` may live in
 * `arena`. */
bool pack_write(Buf *out, const char *const *files, const size_t *lens, uint32_t n,
                Arena *arena, Err *err);

#endif
