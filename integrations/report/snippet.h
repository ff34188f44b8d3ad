#ifndef REPORT_SNIPPET_H
#define REPORT_SNIPPET_H

#include "base/buf.h"
#include "finding/finding.h"
#include "finding/source.h"

/* A source line made fit for a terminal. */
typedef struct Snippet {
    const char *text;  /* tabs expanded, nothing unsafe; windowed around the caret */
    uint32_t from, to; /* columns of the terminal, from 0, that the place covers */
} Snippet;

/* width: columns the text may take. trim: drop leading blanks. */
Snippet snippet_make(SourceLine line, const Place *place, uint32_t width, bool trim,
                     Arena *arena);
/* The byte column behind the place's last character: end_column when it is known, else
 * the end of the word that begins there. Always behind place->column. */
uint32_t snippet_end_column(SourceLine line, const Place *place);
/* A byte column as one that counts UTF-16 code units; bytes stay when there is no line to count
 * in. */
uint32_t snippet_utf16_column(SourceLine line, uint32_t column);
/* Text of unknown origin, on one line and without control characters. */
void snippet_put_safe(Buf *out, const char *text);

#endif
