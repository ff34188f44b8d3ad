#ifndef REPORT_ROLLING_H
#define REPORT_ROLLING_H

#include "finding/source.h"

/* Of each line of a file: the hash that GitHub calls primaryLocationLineHash. */
typedef struct LineHashes {
    uint64_t *hash;  /* of line i + 1 */
    uint32_t *count; /* how many lines up to this one have that hash */
    uint32_t nline;
} LineHashes;

LineHashes rolling_hashes(const SourceFile *file, Arena *arena);

#endif
