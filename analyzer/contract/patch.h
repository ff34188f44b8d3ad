#ifndef CONTRACT_PATCH_H
#define CONTRACT_PATCH_H

#include "base/buf.h"
#include "base/vec.h"

/* Insertions into one text, as a unified diff. */
typedef struct Insertion {
    size_t offset;
    const char *text;
} Insertion;

typedef struct Patch {
    Arena *arena;
    const char *path; /* relative: "inc/a.h" */
    const char *text;
    size_t len;
    VEC(Insertion) words; /* inside of lines */
    VEC(Insertion) lines; /* offset: the line (from 0) they are put before */
} Patch;

void patch_insert(Patch *patch, size_t offset, const char *text);
/* Whole lines, each ended by "\n"; written with the line ends of the text. */
void patch_insert_lines(Patch *patch, uint32_t line, const char *text);
void patch_write(Patch *patch, Buf *out);

#endif
