/*
 * Expressions for their value or their effect.
 *
 * The value of an aggregate is its address. An operand that is still an lvalue (libclang
 * leaves some casts out) is loaded here, so every caller gets a value. Nothing is dropped:
 * what has no lowering becomes OPAQUE, and so does an expression nested too deep.
 */
#include <string.h>

#include "frontend/lower.h"

static Val opaque(Lower *lower, Node *node, const char *what)
{
    Type type = node_type(lower->parse, node)->scalar;
    if (type.kind != TYPE_AGGREGATE) return emit_opaque(lower, node, what, NULL, 0, type);
    LocalId local = emit_temporary(lower, node, type);
    Val address = emit_local(lower, node, local);
    emit_opaque(lower, node, what, &address, 1, (Type){0});
    return emit_local(lower, node, local);
}

static Val literal(Lower *lower, Node *node)
{
    int64_t value = 0;
    if (!node_constant(lower->parse, node, &value))
        return opaque(lower, node, "constant");
    return emit_const(lower, node, node_type(lower->parse, node)->scalar, value);
}

static Val floating(Lower *lower, Node *node)
{
    int64_t bits = 0;
    CXEvalResult result = clang_Cursor_Evaluate(node->cursor);
    if (result && clang_EvalResult_getKind(result) == CXEval_Float) {
        double value = clang_EvalResult_getAsDouble(result);
        memcpy(&bits, &value, sizeof bits);
    }
    if (result) clang_EvalResult_dispose(result);
    return emit_const(lower, node, node_type(lower->parse, node)->scalar, bits);
}

static Val zero_of(Lower *lower, const Node *node, Type type)
{
    return emit_const(lower, node, type, 0);
}

static bool same_scalar(Type a, Type b)
{
    return a.kind == b.kind && a.size == b.size && a.is_signed == b.is_signed;
}

/* GNU: a scalar cast to a union that has such a member. To a vector or complex number the
 * conversion fills more than the scalar: what is there is not modelled. */
static Val cast_to_bulk(Lower *lower, Node *node, Val value, const TypeInfo *from,
                        const TypeInfo *to)
{
    LocalId local = emit_temporary(lower, node, to->type);
    Val address = emit_local(lower, node, local);
    if (to->shape == SHAPE_UNION)
        emit_store(lower, node, address, value, from->scalar);
    else
        emit_opaque(lower, node, "vector", &address, 1, (Type){0});
    return emit_local(lower, node, local);
}

Val lower_cast(Lower *lower, Node *node, Val value, TypeInfo *from, TypeInfo *to,
               bool is_explicit)
{
    Type source = from->scalar, target = to->scalar;
    if (from == to && !is_explicit) return value;
    if (target.kind == TYPE_AGGREGATE && source.kind != TYPE_AGGREGATE)
        return cast_to_bulk(lower, node, value, from, to);
    if (source.kind == TYPE_AGGREGATE && target.kind != TYPE_AGGREGATE)
        return emit_opaque(lower, node, "cast of bulk", &value, 1, target);
    if (target.kind == TYPE_AGGREGATE) return value;
    if (to->is_bool && !from->is_bool)
        return emit_calc(lower, node, CALC_NE, value, zero_of(lower, node, source),
                         target);
    if (same_scalar(source, target) &&
        (source.kind != TYPE_POINTER || !is_explicit || from == to))
        return value;
    Ins ins = emit_at(lower, node, OP_CALC);
    ins.calc = CALC_CAST;
    ins.a = value;
    ins.type = target;
    if (is_explicit) ins.flags |= INS_EXPLICIT_CAST;
    return build_ins(lower->body, ins);
}

static Val implicit_cast(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Node *operand = node_last_expr(node);
    if (node_kind(operand) == CXCursor_StringLiteral) return emit_string(lower, operand);
    TypeInfo *type = node_type(parse, node);
    switch (node_cast(parse, node, operand)) {
    case CAST_LOAD: return lower_load(lower, operand);
    case CAST_DECAY:
        if (node_kind(node->parent) != CXCursor_ArraySubscriptExpr)
            lower_taken(lower, operand);
        return lower_address(lower, operand);
    case CAST_FUNCTION: return lower_address(lower, operand);
    case CAST_NULL: return zero_of(lower, operand, type->scalar);
    case CAST_VALUE: break;
    }
    int64_t value = 0;
    enum CXCursorKind kind = node_kind(operand);
    bool may_fold = kind == CXCursor_IntegerLiteral || kind == CXCursor_UnaryOperator ||
                    kind == CXCursor_CharacterLiteral || kind == CXCursor_ParenExpr ||
                    kind == CXCursor_UnaryExpr || kind == CXCursor_DeclRefExpr ||
                    kind == CXCursor_CStyleCastExpr;
    if (may_fold && type->scalar.kind == TYPE_INT && node_constant(parse, node, &value))
        return emit_enumerator(lower, operand, type->scalar, value);
    return lower_cast(lower, node, lower_value(lower, operand), node_type(parse, operand),
                      type, false);
}

static Val explicit_cast(Lower *lower, Node *node)
{
    Node *operand = node_last_expr(node);
    TypeInfo *type = node_type(lower->parse, node);
    if (!operand) return opaque(lower, node, "cast");
    if (type->shape == SHAPE_VOID) {
        lower_effect(lower, operand);
        return 0;
    }
    int64_t value = 0;
    if (type->scalar.kind != TYPE_AGGREGATE && node_constant(lower->parse, node, &value))
        return emit_const(lower, node, type->scalar, value);
    Val inner = lower_value(lower, operand);
    return lower_cast(lower, node, inner, node_type(lower->parse, operand), type, true);
}

/* An expression that is nothing but another one, which may have no value. */
Val lower_through(Lower *lower, Node *node, Node *inner)
{
    if (node_type(lower->parse, node)->shape != SHAPE_VOID)
        return lower_value(lower, inner);
    lower_effect(lower, inner);
    return 0;
}

static Val chosen(Lower *lower, Node *node, Node *choice)
{
    return choice ? lower_through(lower, node, choice) : opaque(lower, node, "choice");
}

static Val hidden(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    switch (node_hidden(parse, node)) {
    case HIDDEN_CAST: return implicit_cast(lower, node);
    case HIDDEN_GNU_CONDITION: return lower_gnu_choice(lower, node);
    case HIDDEN_VA_ARG: {
        Val list = lower_value(lower, node_expr(node, 0));
        TypeInfo *type = node_type(parse, node);
        if (type->scalar.kind == TYPE_AGGREGATE) return opaque(lower, node, "va_arg");
        return emit_opaque(lower, node, "va_arg", &list, 1, type->scalar);
    }
    case HIDDEN_OFFSETOF:
    case HIDDEN_CONSTANT: return literal(lower, node);
    case HIDDEN_CHOOSE: return chosen(lower, node, node_chosen(parse, node));
    case HIDDEN_ATOMIC: return lower_atomic(lower, node);
    case HIDDEN_DESIGNATION: return lower_value(lower, node_last_expr(node));
    case HIDDEN_BROKEN: return opaque(lower, node, "error");
    case HIDDEN_VECTOR: return opaque(lower, node, "vector");
    case HIDDEN_UNKNOWN: break;
    }
    return opaque(lower, node, "expression");
}

static Node *last_value(Node *compound)
{
    Node *last = compound ? compound->last : NULL;
    while (last && (node_kind(last) == CXCursor_LabelStmt ||
                    node_kind(last) == CXCursor_UnexposedStmt))
        last = last->last;
    return last && node_is_expr(last) ? last : NULL;
}

/* ({ ...; e; }): the value of e, once its scope is closed. */
Val lower_statement_value(Lower *lower, Node *node)
{
    Node *compound = node->first;
    if (!compound) return 0;
    Node *value = last_value(compound);
    TypeInfo *type = node_type(lower->parse, node);
    bool has_value = value && type->shape != SHAPE_VOID;
    Scope scope;
    scope_open(lower, &scope, compound);
    Val result = 0;
    for (Node *child = compound->first; child; child = child->next) {
        if (has_value && !child->next) {
            for (; child != value; child = child->last)
                if (node_kind(child) == CXCursor_LabelStmt) lower_label(lower, child);
            result = lower_value(lower, value);
            break;
        }
        lower_statement(lower, child);
    }
    scope_close(lower, node);
    if (!result && type->shape != SHAPE_VOID)
        return opaque(lower, node, "statement expression");
    return result;
}

static Val value_at(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    switch ((int)node_kind(node)) {
    case CXCursor_IntegerLiteral:
    case CXCursor_CharacterLiteral:
    case CXCursor_CXXBoolLiteralExpr:
    case CXCursor_CXXNullPtrLiteralExpr:
    case CXCursor_GNUNullExpr: return literal(lower, node);
    case CXCursor_UnaryExpr: return literal(lower, node);
    case CXCursor_FloatingLiteral: return floating(lower, node);
    case CXCursor_StringLiteral:
    case CXCursor_MemberRefExpr:
    case CXCursor_ArraySubscriptExpr:
    case CXCursor_CompoundLiteralExpr: return lower_load(lower, node);
    case CXCursor_DeclRefExpr: {
        Decl *decl = node_decl(parse, node);
        if (decl->kind == DECL_ENUM)
            return emit_enumerator(lower, node, node_type(parse, node)->scalar,
                                   decl->value);
        return lower_load(lower, node);
    }
    case CXCursor_ParenExpr: return lower_through(lower, node, node_last_expr(node));
    case CXCursor_CStyleCastExpr: return explicit_cast(lower, node);
    case CXCursor_UnexposedExpr: return hidden(lower, node);
    case CXCursor_UnaryOperator: return lower_unary(lower, node);
    case CXCursor_BinaryOperator: return lower_binary(lower, node);
    case CXCursor_CompoundAssignOperator: return lower_compound(lower, node);
    case CXCursor_ConditionalOperator: return lower_choice(lower, node);
    case CXCursor_CallExpr: return lower_call(lower, node);
    case CXCursor_StmtExpr: return lower_statement_value(lower, node);
    case CXCursor_GenericSelectionExpr:
        return chosen(lower, node, node_generic(parse, node));
    case CXCursor_AddrLabelExpr: {
        Node *reference = node_child(node, 0);
        if (!reference) return opaque(lower, node, "label");
        Label *label =
            lower_find_label(lower, clang_getCursorReferenced(reference->cursor));
        return emit_const(lower, node, type_pointer(), lower_label_number(lower, label));
    }
    case CXCursor_InitListExpr: /* a scalar in braces */
        if (node_expr(node, 0)) return lower_value(lower, node_expr(node, 0));
        return zero_of(lower, node, node_type(parse, node)->scalar);
    default: return opaque(lower, node, "expression");
    }
}

/* 0 when the expression has no value. */
static Val value_or_none(Lower *lower, Node *node)
{
    if (lower->depth > MAX_NESTING) return opaque(lower, node, "nested too deep");
    lower->depth++;
    Val value = value_at(lower, node);
    lower->depth--;
    return value;
}

Val lower_value(Lower *lower, Node *node)
{
    Val value = value_or_none(lower, node);
    if (value) return value;
    return emit_opaque(lower, node, "nothing", NULL, 0,
                       type_int()); /* only in broken code */
}

static void effect_of_choice(Lower *lower, Node *node)
{
    uint32_t yes = build_block(lower->body), no = build_block(lower->body),
             end = build_block(lower->body);
    lower_decide(lower, node, node_expr(node, 0), yes, no, 0);
    build_enter(lower->body, yes);
    lower_effect(lower, node_expr(node, 1));
    emit_jump(lower, node, end);
    build_enter(lower->body, no);
    lower_effect(lower, node_expr(node, 2));
    emit_jump(lower, node, end);
    build_enter(lower->body, end);
}

static bool is_logical(const Node *node)
{
    if (node_kind(node) != CXCursor_BinaryOperator) return false;
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    return op == CXBinaryOperator_LAnd || op == CXBinaryOperator_LOr;
}

void lower_effect(Lower *lower, Node *node)
{
    node = node_kind(node) == CXCursor_ParenExpr ? node_strip(lower->parse, node) : node;
    if (node_kind(node) == CXCursor_ConditionalOperator) {
        effect_of_choice(lower, node);
    } else if (is_logical(node)) {
        uint32_t end = build_block(lower->body);
        lower_decide(lower, node, node, end, end, 0);
        build_enter(lower->body, end);
    } else if (node_is_lvalue(lower->parse, node)) {
        if (node_kind(node) != CXCursor_DeclRefExpr &&
            node_kind(node) != CXCursor_StringLiteral)
            lower_address(lower, node); /* (void)p->f reads no memory at f */
    } else {
        value_or_none(lower, node);
    }
}
