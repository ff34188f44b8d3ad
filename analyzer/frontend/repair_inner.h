#ifndef FRONTEND_REPAIR_INNER_H
#define FRONTEND_REPAIR_INNER_H

#include "base/buf.h"
#include "frontend/recover.h"
#include "frontend/repair.h"

/* One function that is to be repaired, and what the parts say to each other. */

typedef struct Span {
    uint32_t from,
        to; /* bytes of the main file; from == to: not there, or not as written */
} Span;

typedef struct Bench {
    Parse *parse;
    Arena *arena; /* of the result; scratch as well, which is little */
    const char *text;
    size_t len;
    CXCursor fn;
    Node *body; /* its compound statement */
    const RepairWish *wish;
    uint32_t number; /* of the wish */
    uint32_t at;     /* offset of the use, or of the late test */
    VEC(Repair) repairs;
} Bench;

/* repair_text.c: what is written where */
Span span_of(const Bench *bench, const Node *node);
/* With the semicolon behind an expression. */
Span span_of_statement(const Bench *bench, const Node *node);
char *span_text(const Bench *bench, Span span);
bool text_is(const Bench *bench, const Node *node, const char *words); /* blanks apart */
uint32_t line_start(const Bench *bench, uint32_t at);
const char *indent_of(const Bench *bench, uint32_t at); /* of the line */
/* Where a line can follow: behind the statement, and a comment behind it. 0: nowhere. */
uint32_t place_behind(const Bench *bench, Span statement);
/* The statement is the first on its line. */
bool is_first_on_line(const Bench *bench, Span statement);
bool is_block(const Bench *bench, const Node *node); /* { } that are written */
/* The innermost statement around the offset that stands in a block; NULL: there is none. */
Node *statement_at(const Bench *bench, uint32_t at);
Node *next_in_source(const Node *node, const Node *root);
uint32_t offset_of(const Bench *bench, RepairPlace place);

/* repair_leave.c: how the function leaves when something fails */
typedef struct Leave {
    const char *const *words; /* statements, the last one leaves */
    uint32_t n;
    const Node *like; /* an if that leaves so; NULL: there is none */
} Leave;

/* What to do at that offset; false: that is not obvious. `pointer`: what is null there. */
bool leave_at(const Bench *bench, uint32_t at, const char *pointer, Leave *leave);
bool text_has_words(const char *text, const char *words); /* not inside of others */
bool has_words(const Bench *bench, const Node *node, const char *words);
/* The variable that the pointer is reached from is read or set in the node. */
bool mentions(const Bench *bench, const Node *node, const char *pointer);
/* The condition is a test that finds this pointer null; NULL: some pointer. */
bool is_null_test(const Bench *bench, Node *condition, const char *pointer);
bool is_jump(const Node *node);           /* return, goto, continue, break */
const char *level_of(const Bench *bench); /* of indentation */
/* "if (!p) return -1;" in the style of the function, without the first indentation. */
const char *guard_text(const Bench *bench, const char *condition, const Leave *leave,
                       const char *indent);
const char *null_test_text(const Bench *bench, const char *pointer);

/* repair_use.c, repair_late.c, repair_argument.c */
void repair_use(Bench *bench);
void repair_argument(Bench *bench);
void repair_late_test(Bench *bench);
void repair_add(Bench *bench, const char *text, const Edit *edits, uint32_t n);

#endif
