#ifndef FRONTEND_RECOVER_H
#define FRONTEND_RECOVER_H

#include "frontend/tree.h"

/* What libclang's cursors do not say, recovered from structure and text. */

typedef enum Hidden {
    HIDDEN_CAST, /* implicit: which one is node_cast's answer */
    HIDDEN_GNU_CONDITION,
    HIDDEN_VA_ARG,
    HIDDEN_OFFSETOF,
    HIDDEN_CHOOSE,
    HIDDEN_CONSTANT, /* types_compatible, __builtin_LINE: children are not evaluated */
    HIDDEN_DESIGNATION,
    HIDDEN_ATOMIC,
    HIDDEN_BROKEN, /* contains errors */
    HIDDEN_VECTOR,
    HIDDEN_UNKNOWN
} Hidden;

typedef enum Cast { CAST_LOAD, CAST_DECAY, CAST_FUNCTION, CAST_NULL, CAST_VALUE } Cast;

typedef struct ForParts {
    Node *init, *condition, *step, *body; /* absent ones are NULL */
} ForParts;

Hidden node_hidden(Parse *parse, Node *node); /* of a CXCursor_UnexposedExpr */
Cast node_cast(Parse *parse, Node *node, Node *operand);
bool node_is_lvalue(Parse *parse, Node *node);
bool node_is_arrow(Parse *parse, Node *base);
ForParts node_for_parts(Parse *parse, Node *node);
/* The value of an integer constant expression, so far as it is worth finding out. */
bool node_constant(Parse *parse, Node *node, int64_t *value);
Node *node_strip(Parse *parse, Node *node);   /* parentheses and implicit casts */
Node *node_generic(Parse *parse, Node *node); /* the chosen one of a _Generic */
/* The chosen one of __builtin_choose_expr; NULL when that cannot be told. */
Node *node_chosen(Parse *parse, Node *node);

#endif
