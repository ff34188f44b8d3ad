/*
 * What libclang hides: implicit casts, `for` parts, value categories.
 *
 * The C interface folds dozens of expression classes into "unexposed". Each is told apart
 * by the shape of its children, by locations (an implicit cast has the place of its
 * operand) and, rarely, by a look at the text. The rules were validated against clang's own
 * classes over a thousand real files.
 */
#include "frontend/recover.h"

#include <string.h>

enum { MAX_NEST = 200 };

static bool is_valist(Parse *parse, Node *node)
{
    CXType type = clang_getCanonicalType(clang_getCursorType(node->cursor));
    const char *text = source_string(clang_getTypeSpelling(type), parse->tables);
    return strstr(text, "va_list") != NULL;
}

static bool same_place(const Node *a, const Node *b)
{
    return clang_equalLocations(clang_getCursorLocation(a->cursor),
                                clang_getCursorLocation(b->cursor));
}

static bool starts_with(Text text, const char *prefix)
{
    size_t n = strlen(prefix);
    return text.left > n && !memcmp(text.at, prefix, n);
}

static Hidden hidden_by_text(Parse *parse, Node *node)
{
    Text text = source_text(parse, clang_getCursorLocation(node->cursor));
    if (!text.left) return HIDDEN_UNKNOWN;
    if (text_is_word(text, "__builtin_types_compatible_p")) return HIDDEN_CONSTANT;
    if (text_is_word(text, "__builtin_choose_expr")) return HIDDEN_CHOOSE;
    if (text_is_word(text, "__builtin_va_arg")) return HIDDEN_VA_ARG;
    if (starts_with(text, "__atomic_") || starts_with(text, "__c11_atomic_") ||
        starts_with(text, "__scoped_"))
        return HIDDEN_ATOMIC;
    if (starts_with(text, "__builtin_shuffle") ||
        starts_with(text, "__builtin_convertvec"))
        return HIDDEN_VECTOR;
    return HIDDEN_UNKNOWN;
}

static Hidden find_hidden(Parse *parse, Node *node)
{
    uint32_t n = node_count(node), nexpr = 0, nmember = 0;
    for (Node *child = node->first; child; child = child->next) {
        nexpr += node_is_expr(child);
        nmember += node_kind(child) == CXCursor_MemberRef;
    }
    Node *first = node_expr(node, 0);
    enum CXTypeKind kind = clang_getCursorType(node->cursor).kind;
    if (n == 1 && nexpr == 1 && same_place(node, first))
        return kind == CXType_Dependent ? HIDDEN_BROKEN : HIDDEN_CAST;
    if (kind == CXType_Dependent) return HIDDEN_BROKEN;
    if (kind == CXType_Void && node->parent &&
        node_kind(node->parent) == CXCursor_InitListExpr)
        return HIDDEN_DESIGNATION;
    if (nmember) return HIDDEN_OFFSETOF;
    if (!nexpr) return HIDDEN_CONSTANT;
    if (n == 4 && clang_equalCursors(node->first->cursor, node->first->next->cursor))
        return HIDDEN_GNU_CONDITION;
    if (nexpr == 1 && is_valist(parse, first)) return HIDDEN_VA_ARG;
    return hidden_by_text(parse, node);
}

Hidden node_hidden(Parse *parse, Node *node)
{
    if (!node->recovered) node->recovered = (uint8_t)(find_hidden(parse, node) + 1);
    return (Hidden)(node->recovered - 1);
}

Node *node_strip(Parse *parse, Node *node)
{
    while (node) {
        enum CXCursorKind kind = node_kind(node);
        bool is_through =
            kind == CXCursor_ParenExpr ||
            (kind == CXCursor_UnexposedExpr && node_hidden(parse, node) == HIDDEN_CAST);
        Node *operand = is_through ? node_last_expr(node) : NULL;
        if (!operand) return node;
        node = operand;
    }
    return node;
}

Node *node_chosen(Parse *parse, Node *node)
{
    int64_t value = 0;
    Node *condition = node_expr(node, 0);
    if (!condition || !node_constant(parse, condition, &value)) return NULL;
    return node_expr(node, value ? 1 : 2);
}

bool node_is_arrow(Parse *parse, Node *base)
{
    TypeShape shape = node_type(parse, base)->shape;
    return shape != SHAPE_RECORD && shape != SHAPE_UNION;
}

static bool decl_is_object(Parse *parse, Node *node)
{
    Decl *decl = node_decl(parse, node);
    return decl->kind == DECL_LOCAL || decl->kind == DECL_GLOBAL || decl->kind == DECL_FN;
}

bool node_is_lvalue(Parse *parse, Node *node)
{
    for (;;) {
        switch ((int)node_kind(node)) {
        case CXCursor_DeclRefExpr: return decl_is_object(parse, node);
        case CXCursor_MemberRefExpr:
        case CXCursor_ArraySubscriptExpr:
        case CXCursor_StringLiteral:
        case CXCursor_CompoundLiteralExpr: return true;
        case CXCursor_UnaryOperator: {
            enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node->cursor);
            if (op == CXUnaryOperator_Deref) return true;
            if (op != CXUnaryOperator_Extension && op != CXUnaryOperator_Real &&
                op != CXUnaryOperator_Imag)
                return false;
            break;
        }
        case CXCursor_ParenExpr: break;
        case CXCursor_GenericSelectionExpr: {
            Node *chosen = node_generic(parse, node);
            if (!chosen) return false;
            node = chosen;
            continue;
        }
        case CXCursor_UnexposedExpr: { /* __func__, choose_expr */
            Node *last = node_last_expr(node);
            if (node_hidden(parse, node) == HIDDEN_CHOOSE) {
                last = node_chosen(parse, node);
                if (!last) return false;
                node = last;
                continue;
            }
            return last && node_kind(last) == CXCursor_StringLiteral &&
                   node_type(parse, node)->shape == SHAPE_ARRAY;
        }
        default: return false;
        }
        node = node_last_expr(node);
        if (!node) return false;
    }
}

static bool is_null_constant(Parse *parse, Node *node)
{
    for (uint32_t depth = 0; node && depth < MAX_NEST; depth++) {
        switch ((int)node_kind(node)) {
        case CXCursor_ParenExpr:
        case CXCursor_CStyleCastExpr:
        case CXCursor_UnexposedExpr: node = node_last_expr(node); continue;
        case CXCursor_CXXNullPtrLiteralExpr:
        case CXCursor_GNUNullExpr: return true;
        default: break;
        }
        int64_t value = 1;
        return node_constant(parse, node, &value) && value == 0;
    }
    return false;
}

static bool may_be_null_constant(Parse *parse, Node *node)
{
    switch ((int)node_kind(node)) {
    case CXCursor_IntegerLiteral:
    case CXCursor_CharacterLiteral:
    case CXCursor_ParenExpr:
    case CXCursor_CStyleCastExpr:
    case CXCursor_DeclRefExpr:
    case CXCursor_UnaryOperator:
    case CXCursor_BinaryOperator:
    case CXCursor_CXXBoolLiteralExpr: break;
    default: return false;
    }
    TypeInfo *type = node_type(parse, node);
    if (type->canonical.kind != CXType_Pointer) return true;
    TypeInfo *target = type_target(parse, type);
    return target && target->shape == SHAPE_VOID;
}

static Cast cast_of_lvalue(Parse *parse, Node *node, Node *operand)
{
    TypeInfo *from = node_type(parse, operand);
    Decl *decl =
        node_kind(operand) == CXCursor_DeclRefExpr ? node_decl(parse, operand) : NULL;
    if (from->shape == SHAPE_ARRAY)
        return node_type(parse, node)->canonical.kind == CXType_Pointer ? CAST_DECAY
                                                                        : CAST_LOAD;
    if (from->shape == SHAPE_FUNCTION)
        return decl && decl->kind == DECL_LOCAL ? CAST_LOAD : CAST_FUNCTION;
    return decl && decl->kind == DECL_FN ? CAST_FUNCTION : CAST_LOAD;
}

Cast node_cast(Parse *parse, Node *node, Node *operand)
{
    if (node_is_lvalue(parse, operand)) return cast_of_lvalue(parse, node, operand);
    if (!type_is_pointer(node_type(parse, node))) return CAST_VALUE;
    if (node_type(parse, operand)->canonical.kind == CXType_NullPtr) return CAST_NULL;
    return may_be_null_constant(parse, operand) && is_null_constant(parse, operand)
               ? CAST_NULL
               : CAST_VALUE;
}

/* Which of the three segments between the parentheses of a `for` have text. */
static bool for_segments(Text text, bool has[3])
{
    if (!text_is_word(text, "for")) return false;
    text = text_skip(text, 3);
    if (!text.left || *text.at != '(') return false;
    text = text_skip(text, 1);
    for (int depth = 1, part = 0; text.left;) {
        char c = *text.at;
        size_t n = 1;
        if (c == '"' || c == '\'') {
            while (n < text.left && text.at[n] != c && text.at[n] != '\n')
                n += text.at[n] == '\\' ? 2 : 1;
            if (n++ >= text.left) return false;
        }
        if (c == '(' || c == '[' || c == '{') depth++;
        if ((c == ')' || c == ']' || c == '}') && --depth == 0) return part == 2;
        if (c == ';' && depth == 1) {
            if (++part > 2) return false;
        } else {
            has[part] = true;
        }
        if (n > text.left) return false;
        text = text_skip(text, n);
    }
    return false;
}

static bool changes_variable(Node *node)
{
    enum CXCursorKind kind = node_kind(node);
    return kind == CXCursor_CompoundAssignOperator || kind == CXCursor_UnaryOperator ||
           (kind == CXCursor_BinaryOperator &&
            clang_getCursorBinaryOperatorKind(node->cursor) == CXBinaryOperator_Assign);
}

/* Semicolons hidden in a macro: guess by what the parts look like. */
static void guess_segments(Node *node, uint32_t nparts, bool has[3])
{
    Node *first = node->first;
    has[0] =
        node_kind(first) == CXCursor_DeclStmt || (nparts == 2 && changes_variable(first));
    Node *rest = has[0] ? first->next : first;
    uint32_t nrest = nparts - has[0];
    has[2] = nrest == 2 || (nrest == 1 && changes_variable(rest));
    has[1] = nrest == 2 || (nrest == 1 && !has[2]);
}

ForParts node_for_parts(Parse *parse, Node *node)
{
    ForParts parts = {.body = node->last};
    uint32_t n = node_count(node);
    if (n <= 1) return parts;
    bool has[3] = {0};
    if (n == 4) {
        has[0] = has[1] = has[2] = true;
    } else if (!for_segments(source_text(parse, clang_getCursorLocation(node->cursor)),
                             has) ||
               (uint32_t)has[0] + has[1] + has[2] != n - 1) {
        memset(has, 0, sizeof(bool[3]));
        guess_segments(node, n - 1, has);
    }
    Node *next = node->first;
    Node **const to[3] = {&parts.init, &parts.condition, &parts.step};
    for (int i = 0; i < 3; i++) {
        if (!has[i]) continue;
        *to[i] = next;
        next = next->next;
    }
    return parts;
}
