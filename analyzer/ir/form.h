#ifndef IR_FORM_H
#define IR_FORM_H

#include "ir/ir.h"

/*
 * The grammar of the text form, shared by print, read and verify, so that the three cannot
 * drift apart. Only files of ir/ include it.
 *
 *   unit src/list.c complete 120          path, status, lines of the main file
 *   file src/list.c                       tables: one row a line, ids are their order
 *   macro assert
 *   field node@src/list.h next 8 p8       record, name, byte offset, type, [bit:width]
 *   global head =src/list.c:head p8 !static @(src/list.c)3:14
 *   fn find =src/list.c:find p8(p8! i4) !static @(src/list.c)10:14
 *   note missing "x.h" @1:10
 *   data head                             one scalar a line: offset, type, value, [.field]
 *    0 p8 null
 *   body find @9:1                        [values N] [degraded], the closing brace
 *   local l p8 !param @0:25
 *   b0:
 *    %1 = addr p8 l @1:12
 *    %2 = load p8 %1
 *    branch %2 b1 b2 !loop
 *
 * Types are a letter (v i u f p a), modifiers (s signed, c to const, f to function) and a
 * size in bytes; that of a parameter or field ends in ! (nonnull) or ? (nullable), of a
 * parameter also in # (a size of the result) and <r2 (access: n none, r read, w write, b
 * both; the parameter with the size). Rows are named
 * by what they are called: a local plainly, $global, &function, record.field, ^macro;
 * the second row of the same name is name~2; a nameless local is ~1, ~2 ... Names with
 * odd bytes are "quoted". A location is @column, @line:column or @(file)line:column, and
 * left out when it is that of the line before; @- is nowhere. Lines inside a body count
 * from the function's own line, so that moving a function does not change its text.
 * Lines that start with ; are comments.
 */

/* Which parts an operation has, in the order they stand in the text. */
typedef enum FormPart {
    FORM_DST = 1,
    FORM_DST_MAYBE = 2,
    FORM_TYPE = 4, /* others show a type, if they have one, as the attribute :type */
    FORM_A = 8,
    FORM_A_MAYBE = 16,
    FORM_B = 32,
    FORM_B_MAYBE = 64,
    FORM_FIELD = 128,
    FORM_IMM = 256,
    FORM_ADDR = 512, /* local, $global or &function */
    FORM_LOCAL = 1024,
    FORM_TEXT = 2048,   /* may be left out */
    FORM_CALLEE = 4096, /* function, or *a */
    FORM_ARGS = 8192,
    FORM_SUCC = 16384
} FormPart;

extern const uint16_t form_parts[OP_COUNT]; /* FormPart */
bool form_is_unary(Calc calc);              /* b stays empty */

typedef struct FormWord {
    const char *text;
    uint32_t bit;
} FormWord;

/* Words of the flags of ir.h, as !word; each list ends with a NULL text. */
extern const FormWord form_ins_flags[], form_local_flags[], form_fn_flags[],
    form_global_flags[];
extern const char *const form_status[3], *const form_note[3];
extern const char form_access[ACCESS_COUNT];             /* by Access */
extern const char form_type_letters[TYPE_AGGREGATE + 1]; /* u: an unsigned int */

enum { FORM_MAX_TEXT = 1 << 30 }; /* bytes of one unit */

/* The word an instruction starts with: an op's text, or for OP_CALC that of the calc. */
const char *form_word(Op op, Calc calc);

/* Bytes that need no quotes in a name. */
extern const uint8_t form_plain[256];
bool form_is_plain(const char *text, size_t len);

size_t form_tag(const Name *record); /* length of "tag" in "tag@file" */

#endif
