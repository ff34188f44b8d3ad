#ifndef BASE_REWRITE_H
#define BASE_REWRITE_H

#include "base/buf.h"
#include "base/vec.h"

/* Edits of one text, as a unified diff (`patch -p1`, `git apply`). */
typedef struct Insertion {
    size_t offset, cut; /* bytes that give way to the text */
    const char *text;
} Insertion;

typedef struct Rewrite {
    Arena *arena;
    const char *path; /* relative: "inc/a.h" */
    const char *text;
    size_t len;
    VEC(Insertion) words; /* inside of lines */
    VEC(Insertion) lines; /* offset: the line (from 0) they are put before */
} Rewrite;

void rewrite_insert(Rewrite *rewrite, size_t offset, const char *text);
/* Replacements may span lines; no two of them touch the same bytes. */
void rewrite_replace(Rewrite *rewrite, size_t offset, size_t cut, const char *text);
/* Whole lines, each ended by "\n"; written with the line ends of the text. */
void rewrite_insert_lines(Rewrite *rewrite, uint32_t line, const char *text);
void rewrite_write(Rewrite *rewrite, Buf *out);

#endif
