#ifndef IR_PEN_H
#define IR_PEN_H

#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "ir/form.h"

/*
 * What print writes with. Text goes through a small chunk, because a call of buf_put for
 * every word would cost more than the words.
 */
typedef struct Pen {
    Buf *out;
    size_t n;
    char chunk[4096];
} Pen;

void pen_flush(Pen *pen);
void pen_bytes(Pen *pen, const char *bytes, size_t len);
void pen_number(Pen *pen, uint64_t number);
void pen_signed(Pen *pen, int64_t number);
void pen_quoted(Pen *pen, const char *text, size_t len);
void pen_word(Pen *pen, const Name *name); /* quoted when it must be */
void pen_type(Pen *pen, Type type);
void pen_flags(Pen *pen, uint32_t flags, const FormWord *words);

static inline void pen_char(Pen *pen, char c)
{
    if (pen->n == sizeof pen->chunk) pen_flush(pen);
    pen->chunk[pen->n++] = c;
}

static inline void pen_text(Pen *pen, const char *text)
{
    pen_bytes(pen, text, strlen(text));
}

/* What rows are called. */
typedef struct PenLabel {
    const char *text;
    size_t len;
} PenLabel;

typedef enum PenTable {
    PEN_FILES,
    PEN_MACROS,
    PEN_FIELDS,
    PEN_GLOBALS,
    PEN_FNS,
    PEN_LOCALS,
    PEN_TABLES
} PenTable;

typedef struct PenLabels {
    PenLabel *at; /* by id; 0 is unused */
    uint32_t *nth;
    uint32_t n;
    /* For content hashes, or NULL: the row's own text; the last function (id) that
     * mentioned it. */
    Hash *rows;
    uint32_t *mentioned;
} PenLabels;

typedef struct Printer {
    Pen pen;
    const Unit *unit;
    Arena *scratch;
    PenLabels tables[PEN_TABLES];
    Loc last;
    uint32_t base_file, base_line; /* lines in this file count from here */
    /* Content hashes, when asked for. */
    Hash *hashes;
    uint32_t current; /* the function being printed */
    Hash mentions;
} Printer;

void printer_init(Printer *printer, Buf *out, const Unit *unit, Arena *scratch);
void print_label(Printer *printer, PenTable table, uint32_t id);
void print_loc(Printer *printer, Loc loc); /* with a blank before it */
void print_body(Printer *printer, FnId id, const Fn *fn);
void labels_of_locals(Printer *printer, const Body *body);

#endif
