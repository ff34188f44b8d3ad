/*
 * Conditions: straight to branches.
 *
 * &&, ||, !, ?:, likely() and constants never make a temporary when only their truth
 * matters. When their value is wanted, both ways store it in a temporary local.
 */
#include "frontend/lower.h"

static bool is_truth(Parse *parse, Node *node)
{
    node = node_strip(parse, node);
    if (node_kind(node) == CXCursor_UnaryOperator)
        return clang_getCursorUnaryOperatorKind(node->cursor) == CXUnaryOperator_LNot;
    if (node_kind(node) != CXCursor_BinaryOperator) return false;
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    return (op >= CXBinaryOperator_LT && op <= CXBinaryOperator_NE) ||
           op == CXBinaryOperator_LAnd || op == CXBinaryOperator_LOr;
}

/* A conversion that keeps zero zero and everything else not zero. */
static bool keeps_truth(Parse *parse, Node *node, Node *operand)
{
    Type from = node_type(parse, operand)->scalar, to = node_type(parse, node)->scalar;
    if (node_type(parse, node)->is_bool) return from.kind != TYPE_FLOAT;
    if (to.kind != TYPE_INT && to.kind != TYPE_POINTER) return false;
    if (from.kind != TYPE_INT && from.kind != TYPE_POINTER) return false;
    return to.size >= from.size || is_truth(parse, operand);
}

static Node *through_cast(Parse *parse, Node *node)
{
    Node *operand = node_last_expr(node);
    if (!operand) return NULL;
    if (node_kind(node) == CXCursor_ParenExpr) return operand;
    if (node_kind(node) == CXCursor_CStyleCastExpr)
        return !node_is_lvalue(parse, operand) && keeps_truth(parse, node, operand)
                   ? operand
                   : NULL;
    if (node_kind(node) != CXCursor_UnexposedExpr ||
        node_hidden(parse, node) != HIDDEN_CAST)
        return NULL;
    if (node_cast(parse, node, operand) != CAST_VALUE) return NULL;
    return keeps_truth(parse, node, operand) ? operand : NULL;
}

/* __builtin_expect(e, 1) */
static Node *expected(Parse *parse, Node *node)
{
    if (node_kind(node) != CXCursor_CallExpr || !node_expr(node, 0)) return NULL;
    Node *callee = node_strip(parse, node_expr(node, 0));
    if (node_kind(callee) != CXCursor_DeclRefExpr) return NULL;
    Decl *decl = node_decl(parse, callee);
    return decl->kind == DECL_FN && decl->builtin == BUILTIN_EXPECT ? node_expr(node, 1)
                                                                    : NULL;
}

/* libclang places `c ? a : b` where c begins, which may be a macro's argument although the
 * macro wrote the rest: so the arms are asked, too. */
static void mark_decider(Lower *lower, const Node *decider, Ins *ins)
{
    if (!decider) return;
    CXSourceLocation at = clang_getCursorLocation(decider->cursor);
    Spot spot = source_spot(lower->parse, at);
    if (spot.macro && !spot.is_macro_arg) {
        ins->macro = spot.macro;
        ins->flags &= (uint16_t)~INS_MACRO_ARG;
    } else if (spot.macro && decider->cursor.kind == CXCursor_ConditionalOperator) {
        mark_decider(lower, node_expr(decider, 1), ins);
        mark_decider(lower, node_expr(decider, 2), ins);
    }
}

/* What a condition comes down to, without parentheses and negations. */
static const Node *question_of(Parse *parse, Node *node)
{
    for (Node *inner = node; inner;) {
        node = inner;
        inner = through_cast(parse, node);
        if (!inner) inner = expected(parse, node);
        if (!inner && node_kind(node) == CXCursor_UnaryOperator &&
            clang_getCursorUnaryOperatorKind(node->cursor) == CXUnaryOperator_LNot)
            inner = node_last_expr(node);
    }
    return node;
}

/* `if (IS_UNSET(p))`: the macro only words the question, who asks is the one who wrote `if`. */
static bool is_asked_here(Lower *lower, const Node *node)
{
    const Node *decider = lower->decider;
    if (!decider || decider->cursor.kind != CXCursor_IfStmt) return false;
    if (node != question_of(lower->parse, lower->condition)) return false;
    return !source_spot(lower->parse, clang_getCursorLocation(decider->cursor)).macro;
}

static void branch_on(Lower *lower, Node *node, uint32_t yes, uint32_t no, uint32_t flags)
{
    Val value = lower_value(lower, node);
    Ins ins = emit_at(lower, node, OP_BRANCH);
    ins.a = value;
    mark_decider(lower, lower->decider, &ins);
    if (ins.macro && !(ins.flags & INS_MACRO_ARG) && is_asked_here(lower, node))
        ins.macro = 0;
    ins.flags |= (uint16_t)flags;
    build_branch(lower->body, ins, yes, no);
}

static void both(Lower *lower, Node *node, bool is_and, uint32_t yes, uint32_t no,
                 uint32_t flags)
{
    uint32_t next = build_block(lower->body);
    lower_condition(lower, node_expr(node, 0), is_and ? next : yes, is_and ? no : next,
                    flags);
    build_enter(lower->body, next);
    lower_condition(lower, node_expr(node, 1), yes, no, flags);
}

static bool binary_condition(Lower *lower, Node *node, uint32_t yes, uint32_t no,
                             uint32_t flags)
{
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    if (op == CXBinaryOperator_Comma) {
        lower_effect(lower, node_expr(node, 0));
        lower_condition(lower, node_expr(node, 1), yes, no, flags);
        return true;
    }
    if (op != CXBinaryOperator_LAnd && op != CXBinaryOperator_LOr) return false;
    both(lower, node, op == CXBinaryOperator_LAnd, yes, no, flags);
    return true;
}

static void choice_condition(Lower *lower, Node *node, uint32_t yes, uint32_t no,
                             uint32_t flags)
{
    uint32_t first = build_block(lower->body), second = build_block(lower->body);
    lower_condition(lower, node_expr(node, 0), first, second, flags);
    build_enter(lower->body, first);
    lower_condition(lower, node_expr(node, 1), yes, no, flags);
    build_enter(lower->body, second);
    lower_condition(lower, node_expr(node, 2), yes, no, flags);
}

static void condition_at(Lower *lower, Node *node, uint32_t yes, uint32_t no,
                         uint32_t flags)
{
    Parse *parse = lower->parse;
    for (Node *inner = node; inner; node = inner ? inner : node) {
        inner = through_cast(parse, node);
        if (!inner) inner = expected(parse, node);
    }
    int64_t value = 0;
    enum CXCursorKind kind = node_kind(node);
    if (node_constant(parse, node, &value)) {
        emit_jump(lower, node, value ? yes : no);
        return;
    }
    if (kind == CXCursor_UnaryOperator) {
        enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node->cursor);
        if (op == CXUnaryOperator_LNot || op == CXUnaryOperator_Extension) {
            bool is_not = op == CXUnaryOperator_LNot;
            lower_condition(lower, node_last_expr(node), is_not ? no : yes,
                            is_not ? yes : no, flags);
            return;
        }
    }
    if (kind == CXCursor_BinaryOperator && binary_condition(lower, node, yes, no, flags))
        return;
    if (kind == CXCursor_ConditionalOperator) {
        choice_condition(lower, node, yes, no, flags);
        return;
    }
    branch_on(lower, node, yes, no, flags);
}

void lower_condition(Lower *lower, Node *node, uint32_t yes, uint32_t no, uint32_t flags)
{
    if (lower->depth > MAX_NESTING) {
        branch_on(lower, node, yes, no, flags);
        return;
    }
    lower->depth++;
    condition_at(lower, node, yes, no, flags);
    lower->depth--;
}

void lower_decide(Lower *lower, const Node *decider, Node *node, uint32_t yes,
                  uint32_t no, uint32_t flags)
{
    const Node *outer = lower->decider;
    Node *condition = lower->condition;
    lower->decider = decider;
    lower->condition = node;
    lower_condition(lower, node, yes, no, flags);
    lower->decider = outer;
    lower->condition = condition;
}

Val lower_logical(Lower *lower, Node *node)
{
    BodyBuild *body = lower->body;
    Type type = node_type(lower->parse, node)->scalar;
    LocalId local = emit_temporary(lower, node, type);
    uint32_t way[2] = {build_block(body), build_block(body)}, end = build_block(body);
    lower_decide(lower, node, node, way[1], way[0], 0);
    for (int truth = 1; truth >= 0; truth--) {
        build_enter(body, way[truth]);
        Val value = emit_const(lower, node, type, truth);
        emit_store(lower, node, emit_local(lower, node, local), value, type);
        emit_jump(lower, node, end);
    }
    build_enter(body, end);
    return emit_load(lower, node, emit_local(lower, node, local), type);
}

/* Aggregates are chosen by address. */
static Type chosen_type(Lower *lower, Node *node)
{
    Type type = node_type(lower->parse, node)->scalar;
    return type.kind == TYPE_AGGREGATE ? type_pointer() : type;
}

static void store_arm(Lower *lower, Node *arm, LocalId local, Type type, uint32_t end)
{
    if (local) {
        Val value = lower_value(lower, arm);
        emit_store(lower, arm, emit_local(lower, arm, local), value, type);
    } else {
        lower_effect(lower, arm);
    }
    emit_jump(lower, arm, end);
}

Val lower_choice(Lower *lower, Node *node)
{
    BodyBuild *body = lower->body;
    int64_t constant = 0;
    Node *condition = node_expr(node, 0);
    if (node_constant(lower->parse, condition, &constant))
        return lower_through(lower, node, node_expr(node, constant ? 1 : 2));
    Type type = chosen_type(lower, node);
    LocalId local = type.kind == TYPE_VOID ? 0 : emit_temporary(lower, node, type);
    uint32_t yes = build_block(body), no = build_block(body), end = build_block(body);
    lower_decide(lower, node, condition, yes, no, 0);
    build_enter(body, yes);
    store_arm(lower, node_expr(node, 1), local, type, end);
    build_enter(body, no);
    store_arm(lower, node_expr(node, 2), local, type, end);
    build_enter(body, end);
    if (!local) return 0;
    return emit_load(lower, node, emit_local(lower, node, local), type);
}

/* a ?: b: the condition is evaluated once. */
Val lower_gnu_choice(Lower *lower, Node *node)
{
    BodyBuild *body = lower->body;
    Type type = chosen_type(lower, node);
    LocalId local = emit_temporary(lower, node, type);
    Node *first = node_expr(node, 0);
    Val value = lower_value(lower, first);
    emit_store(lower, first, emit_local(lower, first, local), value, type);
    uint32_t no = build_block(body), end = build_block(body);
    Ins ins = emit_at(lower, first, OP_BRANCH);
    ins.a = value;
    build_branch(body, ins, end, no);
    build_enter(body, no);
    store_arm(lower, node_expr(node, 3), local, type, end);
    build_enter(body, end);
    return emit_load(lower, node, emit_local(lower, node, local), type);
}
