/*
 * Assertions that were compiled out still say what the programmer believes: they become
 * ASSUME.
 *
 * A statement that came out of a macro with the name of an assertion and does nothing is
 * looked at again. When the condition survived as the operand of a sizeof or behind a
 * constant, the tree of it is lowered; when nothing survived, the text of the argument is
 * read (claim.c). Only loads are emitted, and those are marked as nobody's dereference.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/claim.h"
#include "ir/assertion.h"

enum { MAX_NAME = 64, MAX_BACK = 2000 };

/* A macro as it was used: its name, and the text from its opening parenthesis on. */
typedef struct Use {
    char name[MAX_NAME];
    Text args;
} Use;

static bool read_use(Text text, Use *use)
{
    size_t n = 0;
    while (n < text.left && (isalnum((unsigned char)text.at[n]) || text.at[n] == '_'))
        n++;
    if (!n || n >= MAX_NAME) return false;
    memcpy(use->name, text.at, n);
    use->name[n] = 0;
    use->args = text_skip(text, n);
    return use->args.left && *use->args.at == '(';
}

/* `NAME(...);` where the macro is empty: only the semicolon has a place. The scan goes back
 * over balanced parentheses; quotes make it give up. */
static bool find_before(Parse *parse, CXSourceLocation location, Use *use)
{
    CXFile file = NULL;
    unsigned offset = 0;
    clang_getFileLocation(location, &file, NULL, NULL, &offset);
    Text whole = source_text_at(parse, file, 0);
    if (!whole.left || offset >= whole.left) return false;
    size_t at = offset, limit = offset > MAX_BACK ? offset - MAX_BACK : 0;
    while (at > limit && isspace((unsigned char)whole.at[at - 1]))
        at--;
    if (at == limit || whole.at[at - 1] != ')') return false;
    int depth = 0;
    do {
        char c = whole.at[--at];
        if (c == '"' || c == '\'' || c == ';' || c == '{' || c == '}') return false;
        depth += (c == ')') - (c == '(');
    } while (depth && at > limit);
    while (at > limit && isspace((unsigned char)whole.at[at - 1]))
        at--;
    while (at > limit &&
           (isalnum((unsigned char)whole.at[at - 1]) || whole.at[at - 1] == '_'))
        at--;
    return !depth && read_use((Text){whole.at + at, whole.left - at}, use);
}

static bool find_use(Parse *parse, const Node *node, Use *use)
{
    CXSourceLocation location = clang_getCursorLocation(node->cursor);
    if (!source_is_macro(location))
        return node_kind(node) == CXCursor_NullStmt && find_before(parse, location, use);
    CXFile file = NULL;
    unsigned offset = 0;
    clang_getExpansionLocation(location, &file, NULL, NULL, &offset);
    return read_use(source_text_at(parse, file, offset), use);
}

/* What is left of the condition in the tree, if the statement does nothing. */
typedef struct Remains {
    bool is_nothing;
    Node *condition; /* NULL: not in the tree */
} Remains;

static Remains remains_of(Lower *lower, Node *node, int depth);

/* (void)sizeof(condition), sizeof((condition) ? 1 : 0) */
static Remains remains_of_size(Lower *lower, Node *node)
{
    node_expand(lower->nodes, node);
    Node *operand = node_last_expr(node);
    if (operand && node_kind(operand) == CXCursor_ParenExpr)
        operand = node_strip(lower->parse, operand);
    if (operand && node_kind(operand) == CXCursor_ConditionalOperator)
        operand = node_expr(operand, 0);
    return (Remains){true, operand};
}

/* 0 && condition, 1 || condition */
static Remains remains_of_logical(Lower *lower, Node *node)
{
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    int64_t value = 0;
    if (op != CXBinaryOperator_LAnd && op != CXBinaryOperator_LOr) return (Remains){0};
    if (!node_constant(lower->parse, node_expr(node, 0), &value)) return (Remains){0};
    if ((op == CXBinaryOperator_LAnd) != !value) return (Remains){0};
    return (Remains){true, node_expr(node, 1)};
}

static Remains remains_of_expr(Lower *lower, Node *node, int depth)
{
    int64_t value = 0;
    switch ((int)node_kind(node)) {
    case CXCursor_ParenExpr:
    case CXCursor_CStyleCastExpr:
    case CXCursor_UnexposedExpr: {
        Node *operand = node_last_expr(node);
        if (!operand) return (Remains){0};
        return remains_of(lower, operand, depth + 1);
    }
    case CXCursor_UnaryExpr: return remains_of_size(lower, node);
    case CXCursor_BinaryOperator: return remains_of_logical(lower, node);
    default: break;
    }
    bool is_literal = node_kind(node) == CXCursor_IntegerLiteral ||
                      node_kind(node) == CXCursor_UnaryOperator;
    return (Remains){is_literal && node_constant(lower->parse, node, &value), NULL};
}

static Remains remains_of_loop(Lower *lower, Node *node, int depth)
{
    int64_t value = 1;
    Node *content = node->first, *condition = node->last;
    if (!content || content == condition) return (Remains){0};
    if (!node_constant(lower->parse, condition, &value) || value) return (Remains){0};
    return remains_of(lower, content, depth + 1);
}

/* if (0) { ... condition ... }: dead code that only types the condition */
static Remains remains_of(Lower *lower, Node *node, int depth)
{
    if (depth > 8) return (Remains){0};
    switch ((int)node_kind(node)) {
    case CXCursor_NullStmt: return (Remains){true, NULL};
    case CXCursor_DoStmt: return remains_of_loop(lower, node, depth);
    case CXCursor_CompoundStmt:
        if (!node->first) return (Remains){true, NULL};
        if (node->first != node->last) return (Remains){0};
        return remains_of(lower, node->first, depth + 1);
    default:
        return node_is_expr(node) ? remains_of_expr(lower, node, depth) : (Remains){0};
    }
}

static bool may_be_nothing(const Node *node)
{
    switch ((int)node_kind(node)) {
    case CXCursor_NullStmt:
    case CXCursor_DoStmt:
    case CXCursor_CompoundStmt:
    case CXCursor_ParenExpr:
    case CXCursor_CStyleCastExpr: return true;
    default: return false;
    }
}

bool lower_assertion(Lower *lower, Node *node)
{
    if (!may_be_nothing(node)) return false;
    if (node_kind(node) != CXCursor_NullStmt &&
        !source_is_macro(clang_getCursorLocation(node->cursor)))
        return false;
    Use use;
    bool is_negated = false;
    if (!find_use(lower->parse, node, &use) || !assertion_is(use.name, &is_negated))
        return false;
    Remains remains = remains_of(lower, node, 0);
    if (!remains.is_nothing) return false;
    if (remains.condition && lower_is_pure(lower, remains.condition))
        lower_assume(lower, remains.condition, is_negated);
    else if (!remains.condition)
        claim_assume(lower, node, use.args, is_negated, use.name);
    return true;
}

static void assume_value(Lower *lower, Node *condition, bool is_negated)
{
    int64_t constant = 0;
    if (node_constant(lower->parse, condition, &constant)) return; /* assert(0) */
    Val value = lower_value(lower, condition);
    if (is_negated) value = emit_calc(lower, condition, CALC_NOT, value, 0, type_int());
    Ins ins = emit_at(lower, condition, OP_ASSUME);
    ins.a = value;
    build_ins(lower->body, ins);
}

/* a && b is two assumptions, and so is !(a || b). */
static void assume(Lower *lower, Node *condition, bool is_negated)
{
    condition = node_strip(lower->parse, condition);
    enum CXCursorKind kind = node_kind(condition);
    if (kind == CXCursor_UnaryOperator &&
        clang_getCursorUnaryOperatorKind(condition->cursor) == CXUnaryOperator_LNot) {
        assume(lower, node_last_expr(condition), !is_negated);
        return;
    }
    if (kind == CXCursor_BinaryOperator) {
        enum CXBinaryOperatorKind op =
            clang_getCursorBinaryOperatorKind(condition->cursor);
        if (op == (is_negated ? CXBinaryOperator_LOr : CXBinaryOperator_LAnd)) {
            assume(lower, node_expr(condition, 0), is_negated);
            assume(lower, node_expr(condition, 1), is_negated);
            return;
        }
    }
    assume_value(lower, condition, is_negated);
}

void lower_assume(Lower *lower, Node *condition, bool is_negated)
{
    bool outer = lower->is_assumed;
    lower->is_assumed = true;
    assume(lower, condition, is_negated);
    lower->is_assumed = outer;
}
