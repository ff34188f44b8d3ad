/*
 * A file of evidence that someone has made up. Random bytes never get
 * past the checksum, so the input is what stands between magic and checksum; what gets
 * through can be written and read again.
 */
#include "flow/codec.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static Buf sealed(Arena *arena, const uint8_t *data, size_t len)
{
    Buf file;
    unsigned char seal[16];
    buf_init(&file, arena);
    buf_put(&file, "SLUEVI\0\1", 8);
    buf_put(&file, data, len);
    Hash hash = hash_bytes(file.at, file.n);
    for (size_t i = 0; i < 8; i++) {
        seal[i] = (unsigned char)(hash.high >> 8 * i);
        seal[8 + i] = (unsigned char)(hash.low >> 8 * i);
    }
    buf_put(&file, seal, sizeof seal);
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    Arena *arena = arena_new("fuzz");
    Names *names = names_new(arena);
    Buf file = sealed(arena, data, len), again;
    char *exact = memcpy(arena_take(arena, file.n, 1), file.at, file.n);
    EvidenceFile read, same;
    Err err = {0};
    if (evidence_read(exact, file.n, names, arena, &read, &err)) {
        buf_init(&again, arena);
        evidence_write(&again, read.stamp, read.at, read.n, arena);
        BUG_IF(!evidence_read(again.at, again.n, names, arena, &same, &err));
        BUG_IF(same.n != read.n);
    } else {
        BUG_IF(err.kind != ERR_CACHE || read.n);
    }
    arena_free(arena);
    return 0;
}
