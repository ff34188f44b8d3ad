/*
 * From libclang's visitor to a tree of our own: one recursive visit a body.
 *
 * The visitor's recursion is libclang's (it does not use the stack); ours only keeps the
 * path of open nodes. needs: nothing. gives: parents, children, and which expressions
 * branch inside, which decides where temporaries must be spilled.
 */
#include "frontend/tree.h"

typedef struct Growth {
    Arena *arena;
    Node *open; /* the node whose children come next */
    uint32_t order;
} Growth;

/* The declaration around an expression (data[0]) is lost when its visit starts inside. */
static bool same_cursor(const CXCursor *a, const CXCursor *b)
{
    if (a->kind != b->kind || a->data[1] != b->data[1]) return false;
    return clang_isExpression(a->kind) || clang_isStatement(a->kind) ||
           a->data[0] == b->data[0];
}

static bool is_flow(enum CXCursorKind kind, CXCursor cursor)
{
    switch ((int)kind) {
    case CXCursor_ConditionalOperator:
    case CXCursor_IfStmt:
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
    case CXCursor_DoStmt:
    case CXCursor_SwitchStmt:
    case CXCursor_LabelStmt:
    case CXCursor_GCCAsmStmt: return true;
    case CXCursor_BinaryOperator: {
        enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(cursor);
        return op == CXBinaryOperator_LAnd || op == CXBinaryOperator_LOr;
    }
    default: return false;
    }
}

static bool is_leaf(enum CXCursorKind kind)
{
    switch ((int)kind) {
    case CXCursor_UnaryExpr: /* sizeof, alignof: not evaluated */
    case CXCursor_StaticAssert:
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
    case CXCursor_EnumDecl:
    case CXCursor_TypedefDecl:
    case CXCursor_FunctionDecl:
    case CXCursor_ParmDecl: return true;
    default: return clang_isReference(kind) || clang_isAttribute(kind);
    }
}

static void mark_flow(Node *node)
{
    for (; node && !node->has_flow; node = node->parent)
        node->has_flow = true;
}

static Node *add_node(Growth *growth, CXCursor cursor)
{
    Node *parent = growth->open, *node = ARENA_NEW(growth->arena, Node);
    node->cursor = cursor;
    node->parent = parent;
    node->order = growth->order++;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

static enum CXChildVisitResult grow(CXCursor cursor, CXCursor above, CXClientData data)
{
    Growth *growth = data;
    if (same_cursor(&cursor, &above)) return CXChildVisit_Recurse; /* around a constant */
    Node *open = growth->open;
    while (open->parent && !same_cursor(&open->cursor, &above))
        open = open->parent;
    growth->open = open;
    /* a ?: b shows its condition three times */
    bool is_again = open->last && same_cursor(&open->last->cursor, &cursor);
    Node *node = add_node(growth, cursor);
    enum CXCursorKind kind = cursor.kind;
    if (is_again) mark_flow(node->parent);
    if (is_again || is_leaf(kind)) return CXChildVisit_Continue;
    if (is_flow(kind, cursor)) mark_flow(node);
    growth->open = node;
    return CXChildVisit_Recurse;
}

Node *tree_of(Arena *arena, CXCursor root)
{
    Node *node = ARENA_NEW(arena, Node);
    node->cursor = root;
    Growth growth = {.arena = arena, .open = node, .order = 1};
    if (is_flow(root.kind, root)) node->has_flow = true;
    clang_visitChildren(root, grow, &growth);
    return node;
}

void node_expand(Arena *arena, Node *node)
{
    if (node->first) return;
    Growth growth = {.arena = arena, .open = node, .order = node->order};
    clang_visitChildren(node->cursor, grow, &growth);
}

bool node_is_expr(const Node *node)
{
    return clang_isExpression(node->cursor.kind);
}

Node *node_child(const Node *node, uint32_t n)
{
    Node *child = node->first;
    while (child && n--)
        child = child->next;
    return child;
}

uint32_t node_count(const Node *node)
{
    uint32_t n = 0;
    for (const Node *child = node->first; child; child = child->next)
        n++;
    return n;
}

Node *node_expr(const Node *node, uint32_t n)
{
    for (Node *child = node->first; child; child = child->next)
        if (node_is_expr(child) && !n--) return child;
    return NULL;
}

Node *node_last_expr(const Node *node)
{
    Node *last = NULL;
    for (Node *child = node->first; child; child = child->next)
        if (node_is_expr(child)) last = child;
    return last;
}

TypeInfo *node_type(Parse *parse, Node *node)
{
    if (!node->type) node->type = type_of(parse, clang_getCursorType(node->cursor));
    return node->type;
}

Decl *node_decl(Parse *parse, Node *node)
{
    if (!node->decl) node->decl = decl_of(parse, clang_getCursorReferenced(node->cursor));
    return node->decl;
}

bool node_is_below(const Node *node, const Node *ancestor)
{
    for (; node; node = node->parent)
        if (node == ancestor) return true;
    return false;
}
