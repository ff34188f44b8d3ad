#ifndef FRONTEND_TREE_H
#define FRONTEND_TREE_H

#include "frontend/decl.h"
#include "frontend/type.h"

/*
 * The syntax tree of one body or initialiser, copied out of libclang once, so that the
 * lowering can look at parents and children as often as it likes.
 */
typedef struct Node {
    CXCursor cursor;
    struct Node *parent, *first, *last, *next;
    TypeInfo *type;    /* through node_type */
    struct Decl *decl; /* through node_decl */
    uint32_t order;    /* of the source, from 0 */
    uint8_t recovered; /* recover.c: which hidden class this is, + 1 */
    bool has_flow;     /* something below branches: temporaries do not survive it */
} Node;

/* `arena` holds the nodes. Operands of sizeof are left out: node_expand adds them. */
Node *tree_of(Arena *arena, CXCursor root);
void node_expand(Arena *arena, Node *node);

static inline enum CXCursorKind node_kind(const Node *node)
{
    return node->cursor.kind;
}

bool node_is_expr(const Node *node);
Node *node_expr(const Node *node, uint32_t n); /* the n-th child that is an expression */
Node *node_last_expr(const Node *node);
Node *node_child(const Node *node, uint32_t n);
uint32_t node_count(const Node *node);
TypeInfo *node_type(Parse *parse, Node *node);
Decl *node_decl(Parse *parse,
                Node *node); /* of a DeclRefExpr, MemberRefExpr; NULL: none */
bool node_is_below(const Node *node, const Node *ancestor);

#endif
