#ifndef IR_READER_H
#define IR_READER_H

#include "base/vec.h"
#include "ir/scan.h"

/* The unit being read: shared by read.c (tables) and read_body.c. */
typedef struct Reader {
    Scan scan;
    Names *names;
    Arena *arena, *scratch;
    Unit *unit;
    VEC(const Name *) files, macros;
    VEC(Field) fields;
    VEC(Global) globals;
    VEC(Fn) fns;
    VEC(Note) notes;
    VEC(const char *) bodies; /* by FnId: where its text starts, NULL */
    ScanLabels file_labels, macro_labels, field_labels, global_labels, fn_labels, locals;
    Loc last;
    uint32_t base_file, base_line;
    struct ReaderWord {
        uint64_t text; /* up to 8 letters */
        Op op;
        Calc calc;
    } words[128]; /* what instructions start with, hashed */
} Reader;

/* As ir_read_unit, without a copy: text has room for two more bytes, and is used up like
 * everything in scratch. */
bool read_unit_in_place(char *text, size_t len, Names *names, Arena *arena,
                        Arena *scratch, Unit **unit, Err *err);

/* Skips blanks, finds the row that is called so. `what` is for the complaint. */
bool read_label(Reader *reader, const ScanLabels *labels, const char *what, uint32_t *id);
bool read_loc(Reader *reader, Loc *loc); /* after the @ */
/* Flags (words may be NULL), an optional location and the end of the line. */
bool read_tail(Reader *reader, const FormWord *words, uint32_t *flags, Loc *loc);
bool read_name(Reader *reader, const Name **name);

bool read_body(Reader *reader, Fn *fn); /* the cursor stands behind "body NAME" */
void reader_words(Reader *reader);      /* fills `words` */

#endif
