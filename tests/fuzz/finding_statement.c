/* Any bytes as a C file: the statement around every place has a hash, the same each time. */
#include <string.h>

#include "finding/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new("fuzz");
    const char *text = arena_copy(arena, (const char *)data, size);
    for (uint32_t line = 1; line < 6; line++) {
        Hash hashes[2];
        for (uint32_t k = 0; k < 2; k++) {
            Source *source = source_new(arena, "/");
            Statements statements;
            source_set(source, "a.c", text, size);
            statements_init(&statements, source, arena);
            Place place = {.path = "a.c", .line = line, .column = line * 3};
            hashes[k] = statement_hash(&statements, &place);
        }
        BUG_IF(hash_compare(hashes[0], hashes[1]));
    }
    arena_free(arena);
    return 0;
}
