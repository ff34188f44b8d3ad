/*
 * One function: its tree, its parameters, its blocks.
 *
 * Labels are collected before anything is lowered, so that a goto knows which scopes it
 * leaves and a computed goto where it may land. needs: the function's row. gives: its body.
 */
#include "frontend/lower.h"

static void collect(Lower *lower, Node *node)
{
    enum CXCursorKind kind = node_kind(node);
    if (kind == CXCursor_LabelStmt) lower_find_label(lower, node->cursor)->node = node;
    if (kind == CXCursor_AddrLabelExpr && node->first) {
        CXCursor target = clang_getCursorReferenced(node->first->cursor);
        Label *label = lower_find_label(lower, target);
        label->is_taken = true;
        map_put(&lower->parse->labels, MAP_KEY(target.data[1]),
                lower_label_number(lower, label), NULL);
    }
    if (kind == CXCursor_VarDecl && node->first) {
        for (Node *child = node->first; child; child = child->next)
            lower->has_cleanups |= clang_isAttribute(node_kind(child)) != 0;
    }
}

/* In source order, without recursion. */
static void collect_all(Lower *lower, Node *root)
{
    for (Node *node = root; node;) {
        collect(lower, node);
        Node *next = node->first;
        while (!next && node && node != root) {
            next = node->next;
            node = node->parent;
        }
        node = next;
    }
}

static void add_params(Lower *lower, CXCursor fn, const Fn *row)
{
    Parse *parse = lower->parse;
    for (uint32_t i = 0; i < row->nparam; i++) {
        CXCursor param = clang_Cursor_getArgument(fn, i);
        const char *name = source_string(clang_getCursorSpelling(param), lower->nodes);
        TypeInfo *type = type_of(parse, clang_getCursorType(param));
        uint32_t flags = LOCAL_PARAM | (type->is_volatile ? LOCAL_VOLATILE : 0u);
        Loc loc = source_loc(parse, clang_getCursorLocation(param));
        LocalId local = build_local(lower->body, name, row->params[i].type, flags, loc);
        decl_put_local(parse, param, local);
    }
}

static Node *body_node(Node *tree)
{
    for (Node *child = tree->first; child; child = child->next)
        if (node_kind(child) == CXCursor_CompoundStmt) return child;
    return NULL;
}

Body *lower_body(Parse *parse, Arena *nodes, CXCursor fn, const Fn *row)
{
    if (clang_Cursor_getNumArguments(fn) != (int)row->nparam) return NULL; /* redefined */
    Lower lower = {.parse = parse, .nodes = nodes, .name = row->name->text};
    lower.result = type_of(parse, clang_getResultType(clang_getCursorType(fn)));
    lower.tree = tree_of(nodes, fn);
    Node *content = body_node(lower.tree);
    if (!content) return NULL;
    lower.body = build_body(parse->build);
    collect_all(&lower, content);
    add_params(&lower, fn, row);
    Scope scope;
    scope_open(&lower, &scope, lower.tree);
    lower_statement(&lower, content);
    scope_close(&lower, content);
    Loc end = source_loc(parse, clang_getRangeEnd(clang_getCursorExtent(fn)));
    build_return(lower.body, end, 0);
    for (uint32_t i = 0; i < lower.labels.n; i++) { /* labels that were never met */
        build_enter(lower.body, lower.labels.at[i].block);
        build_stop(lower.body, end);
    }
    return build_body_end(lower.body, end);
}
