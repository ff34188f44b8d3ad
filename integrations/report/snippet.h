#ifndef REPORT_SNIPPET_H
#define REPORT_SNIPPET_H

#include "base/buf.h"
#include "base/map.h"
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
/* What was counted in long lines, by their text: thousands of findings may stand on one line of
 * megabytes. */
typedef struct Columns {
    Map lines; /* SourceLine.at -> Milestones */
    Arena *arena;
} Columns;

/* The lines that are asked for live as long as the arena. */
void columns_init(Columns *columns, Arena *arena);
/* A byte column as one that counts UTF-16 code units; bytes stay when there is no line to count
 * in. A line is counted once, whatever number of columns is asked for. */
uint32_t columns_utf16(Columns *columns, SourceLine line, uint32_t column);
/* Text of unknown origin, on one line and without control characters. */
void snippet_put_safe(Buf *out, const char *text);

#endif
