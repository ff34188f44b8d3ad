/*
 * _Generic: which of its expressions is the one.
 *
 * libclang shows the expressions without their types. The chosen one has the type of the
 * whole; when several have, the types are read from the text and compared, spelled out, with
 * the type of the controlling expression.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/recover.h"

enum { MAX_TYPE = 128 };

/* Without blanks and top-level qualifiers of the value: "constchar*". */
static void squeeze(const char *text, size_t len, char out[MAX_TYPE])
{
    size_t n = 0;
    for (size_t i = 0; i < len && n < MAX_TYPE - 1; i++)
        if (!isspace((unsigned char)text[i]) && text[i] != '\\') out[n++] = text[i];
    out[n] = 0;
}

static void control_type(Parse *parse, Node *control, char out[MAX_TYPE])
{
    CXType type = clang_getUnqualifiedType(
        clang_getCanonicalType(clang_getCursorType(control->cursor)));
    TypeInfo *info = node_type(parse, control);
    const char *text = "";
    if (info->shape == SHAPE_ARRAY) {
        CXType element = clang_getCanonicalType(clang_getArrayElementType(type));
        text = source_string(clang_getTypeSpelling(element), parse->tables);
        text = arena_printf(parse->tables, "%s*", text);
    } else {
        text = source_string(clang_getTypeSpelling(type), parse->tables);
    }
    squeeze(text, strlen(text), out);
}

/* The end of what stands before `stop` at this level; 0: not found. */
static size_t until(Text text, const char *stops)
{
    int depth = 0;
    for (size_t i = 0; i < text.left; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\'') {
            for (i++; i < text.left && text.at[i] != c; i++)
                i += text.at[i] == '\\';
            continue;
        }
        if (!depth && strchr(stops, c)) return i;
        if (c == '(' || c == '[' || c == '{') depth++;
        if (c == ')' || c == ']' || c == '}') depth--;
        if (depth < 0) return 0;
    }
    return 0;
}

/* The position among the associations, from 0; -1: the text does not say. */
static int position_by_text(Parse *parse, Node *node, Node *control)
{
    char wanted[MAX_TYPE], found[MAX_TYPE];
    control_type(parse, control, wanted);
    Text text = source_text(parse, clang_getCursorLocation(node->cursor));
    if (!text_is_word(text, "_Generic")) return -1;
    text = text_skip(text, strlen("_Generic"));
    if (!text.left || *text.at != '(') return -1;
    text = text_skip(text, 1);
    int other = -1;
    size_t n = until(text, ",");
    for (int i = 0; n; i++) {
        text = text_skip(text, n + 1);
        n = until(text, ":");
        if (!n) return other;
        squeeze(text.at, n, found);
        if (!strcmp(found, wanted)) return i;
        if (!strcmp(found, "default")) other = i;
        text = text_skip(text, n + 1);
        n = until(text, ",)");
        if (n && text.at[n] == ')') return other;
    }
    return other;
}

Node *node_generic(Parse *parse, Node *node)
{
    TypeInfo *type = node_type(parse, node);
    Node *control = node_expr(node, 0), *only = NULL, *last = NULL;
    if (!control) return NULL;
    uint32_t n = 0;
    for (Node *child = control->next; child; child = child->next) {
        if (!node_is_expr(child)) continue;
        last = child;
        if (node_type(parse, child) != type) continue;
        only = child;
        n++;
    }
    if (n == 1) return only;
    int position = position_by_text(parse, node, control);
    Node *named = position >= 0 ? node_expr(node, (uint32_t)position + 1) : NULL;
    return named ? named : only ? only : last;
}
