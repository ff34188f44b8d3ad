/*
 * Integer constants: literals, enumerators, sizeof, and arithmetic over them.
 *
 * Only leaves are asked of libclang (its evaluator crashes on some initialiser lists and
 * costs a microsecond on the rest); operators are folded here. Used for conditions that
 * never change, case labels, array designators and null pointer constants.
 */
#include "frontend/recover.h"

enum { MAX_DEPTH = 64 };

static bool fold(Parse *parse, Node *node, int64_t *value, int depth);

static bool evaluate(CXCursor cursor, int64_t *value)
{
    CXEvalResult result = clang_Cursor_Evaluate(cursor);
    if (!result) return false;
    bool ok = clang_EvalResult_getKind(result) == CXEval_Int;
    if (ok && clang_EvalResult_isUnsignedInt(result))
        *value = (int64_t)clang_EvalResult_getAsUnsigned(result);
    else if (ok)
        *value = clang_EvalResult_getAsLongLong(result);
    clang_EvalResult_dispose(result);
    return ok;
}

static int64_t fit(Type type, bool is_bool, int64_t value)
{
    if (is_bool) return value != 0;
    if (type.kind != TYPE_INT || !type.size || type.size >= 8) return value;
    unsigned shift = 64 - 8 * type.size;
    uint64_t high = (uint64_t)value << shift;
    return type.is_signed ? (int64_t)high >> shift : (int64_t)(high >> shift);
}

static bool fold_compare(enum CXBinaryOperatorKind op, int64_t a, int64_t b,
                         bool is_unsigned, int64_t *value)
{
    bool less = is_unsigned ? (uint64_t)a < (uint64_t)b : a < b;
    switch ((int)op) {
    case CXBinaryOperator_EQ: *value = a == b; return true;
    case CXBinaryOperator_NE: *value = a != b; return true;
    case CXBinaryOperator_LT: *value = less; return true;
    case CXBinaryOperator_GE: *value = !less; return true;
    case CXBinaryOperator_LE: *value = less || a == b; return true;
    case CXBinaryOperator_GT: *value = !less && a != b; return true;
    default: return false;
    }
}

static bool fold_divide(bool is_rest, int64_t a, int64_t b, bool is_unsigned,
                        int64_t *value)
{
    if (b == 0 || (a == INT64_MIN && b == -1)) return false;
    if (is_unsigned) {
        uint64_t x = (uint64_t)a, y = (uint64_t)b;
        *value = (int64_t)(is_rest ? x % y : x / y);
    } else {
        *value = is_rest ? a % b : a / b;
    }
    return true;
}

static bool fold_shift(bool is_left, int64_t a, int64_t b, bool is_unsigned,
                       int64_t *value)
{
    if (b < 0 || b > 63) return false;
    if (is_left)
        *value = (int64_t)((uint64_t)a << b);
    else
        *value = is_unsigned ? (int64_t)((uint64_t)a >> b) : a >> b;
    return true;
}

static bool fold_arithmetic(enum CXBinaryOperatorKind op, int64_t a, int64_t b,
                            bool is_unsigned, int64_t *value)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    switch ((int)op) {
    case CXBinaryOperator_Add: *value = (int64_t)(x + y); return true;
    case CXBinaryOperator_Sub: *value = (int64_t)(x - y); return true;
    case CXBinaryOperator_Mul: *value = (int64_t)(x * y); return true;
    case CXBinaryOperator_Div: return fold_divide(false, a, b, is_unsigned, value);
    case CXBinaryOperator_Rem: return fold_divide(true, a, b, is_unsigned, value);
    case CXBinaryOperator_And: *value = a & b; return true;
    case CXBinaryOperator_Or: *value = a | b; return true;
    case CXBinaryOperator_Xor: *value = a ^ b; return true;
    case CXBinaryOperator_Shl: return fold_shift(true, a, b, is_unsigned, value);
    case CXBinaryOperator_Shr: return fold_shift(false, a, b, is_unsigned, value);
    default: return false;
    }
}

static bool fold_logical(Parse *parse, Node *node, bool is_and, int64_t *value, int depth)
{
    int64_t a = 0, b = 0;
    if (!fold(parse, node_expr(node, 0), &a, depth)) return false;
    *value = a != 0;
    if ((a != 0) != is_and) return true; /* decided by the first */
    if (!fold(parse, node_expr(node, 1), &b, depth)) return false;
    *value = b != 0;
    return true;
}

static bool fold_binary(Parse *parse, Node *node, int64_t *value, int depth)
{
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    if (op == CXBinaryOperator_LAnd || op == CXBinaryOperator_LOr)
        return fold_logical(parse, node, op == CXBinaryOperator_LAnd, value, depth);
    if (op < CXBinaryOperator_Mul || op > CXBinaryOperator_Or) return false;
    Node *left = node_expr(node, 0), *right = node_expr(node, 1);
    int64_t a = 0, b = 0;
    if (!fold(parse, left, &a, depth) || !fold(parse, right, &b, depth)) return false;
    bool is_unsigned = !node_type(parse, left)->scalar.is_signed;
    return fold_compare(op, a, b, is_unsigned, value) ||
           fold_arithmetic(op, a, b, is_unsigned, value);
}

static bool fold_unary(Parse *parse, Node *node, int64_t *value, int depth)
{
    enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node->cursor);
    if (op != CXUnaryOperator_Plus && op != CXUnaryOperator_Minus &&
        op != CXUnaryOperator_Not && op != CXUnaryOperator_LNot &&
        op != CXUnaryOperator_Extension)
        return false;
    if (!fold(parse, node_last_expr(node), value, depth)) return false;
    if (op == CXUnaryOperator_Minus) *value = (int64_t)(0 - (uint64_t)*value);
    if (op == CXUnaryOperator_Not) *value = ~*value;
    if (op == CXUnaryOperator_LNot) *value = !*value;
    return true;
}

static bool fold_hidden(Parse *parse, Node *node, int64_t *value, int depth)
{
    Node *operand = NULL;
    switch (node_hidden(parse, node)) {
    case HIDDEN_CAST: operand = node_last_expr(node); break;
    case HIDDEN_CHOOSE: operand = node_chosen(parse, node); break;
    case HIDDEN_OFFSETOF:
    case HIDDEN_CONSTANT: return evaluate(node->cursor, value);
    case HIDDEN_GNU_CONDITION:
    case HIDDEN_VA_ARG:
    case HIDDEN_DESIGNATION:
    case HIDDEN_ATOMIC:
    case HIDDEN_BROKEN:
    case HIDDEN_VECTOR:
    case HIDDEN_UNKNOWN: return false;
    }
    return operand && fold(parse, operand, value, depth);
}

static bool fold_choice(Parse *parse, Node *node, int64_t *value, int depth)
{
    int64_t condition = 0;
    if (!fold(parse, node_expr(node, 0), &condition, depth)) return false;
    return fold(parse, node_expr(node, condition ? 1 : 2), value, depth);
}

static bool fold_call(Parse *parse, Node *node, int64_t *value, int depth)
{
    Node *callee = node_strip(parse, node_expr(node, 0));
    if (!callee || node_kind(callee) != CXCursor_DeclRefExpr) return false;
    Decl *decl = node_decl(parse, callee);
    if (decl->kind != DECL_FN) return false;
    if (decl->builtin == BUILTIN_CONSTANT_P) {
        *value = 0;
        return true;
    }
    return decl->builtin == BUILTIN_EXPECT &&
           fold(parse, node_expr(node, 1), value, depth);
}

static bool fold(Parse *parse, Node *node, int64_t *value, int depth)
{
    if (!node || depth > MAX_DEPTH) return false;
    depth++;
    bool ok = false;
    switch ((int)node_kind(node)) {
    case CXCursor_IntegerLiteral:
    case CXCursor_CharacterLiteral:
    case CXCursor_CXXBoolLiteralExpr:
    case CXCursor_UnaryExpr: ok = evaluate(node->cursor, value); break;
    case CXCursor_CXXNullPtrLiteralExpr:
    case CXCursor_GNUNullExpr: *value = 0; return true;
    case CXCursor_DeclRefExpr: {
        Decl *decl = node_decl(parse, node);
        if (decl->kind != DECL_ENUM) return false;
        *value = decl->value;
        return true;
    }
    case CXCursor_ParenExpr: return fold(parse, node_last_expr(node), value, depth);
    case CXCursor_CStyleCastExpr:
        ok = fold(parse, node_last_expr(node), value, depth);
        break;
    case CXCursor_UnexposedExpr: ok = fold_hidden(parse, node, value, depth); break;
    case CXCursor_UnaryOperator: ok = fold_unary(parse, node, value, depth); break;
    case CXCursor_BinaryOperator: ok = fold_binary(parse, node, value, depth); break;
    case CXCursor_ConditionalOperator: ok = fold_choice(parse, node, value, depth); break;
    case CXCursor_CallExpr: ok = fold_call(parse, node, value, depth); break;
    case CXCursor_GenericSelectionExpr:
        ok = fold(parse, node_generic(parse, node), value, depth);
        break;
    default: return false;
    }
    if (!ok) return false;
    TypeInfo *type = node_type(parse, node);
    if (type->scalar.kind == TYPE_FLOAT || type->scalar.kind == TYPE_AGGREGATE)
        return false;
    *value = fit(type->scalar, type->is_bool, *value);
    return true;
}

bool node_constant(Parse *parse, Node *node, int64_t *value)
{
    return fold(parse, node, value, 0);
}
