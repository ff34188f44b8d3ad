/*
 * Operators: assignment, arithmetic, pointer steps, increments.
 *
 * Assignments lower the right side first; their value is the stored temporary itself, not
 * a second load, so that `(p = f()) != NULL` speaks about the same value as the next `p`.
 */
#include "frontend/lower.h"

static void store_to(Lower *lower, Node *node, Node *place, Val address, Val value)
{
    Ins ins = emit_at(lower, node, OP_STORE);
    ins.a = address;
    ins.b = value;
    ins.type = node_type(lower->parse, place)->scalar;
    ins.flags |= (uint16_t)lower_place_flags(lower, place);
    build_ins(lower->body, ins);
}

static bool is_looked_at(const Node *node)
{
    switch (node->parent ? (int)node_kind(node->parent) : CXCursor_CompoundStmt) {
    case CXCursor_CompoundStmt:
    case CXCursor_LabelStmt:
    case CXCursor_CaseStmt:
    case CXCursor_DefaultStmt:
    case CXCursor_ForStmt: return false;
    default: return true;
    }
}

/* A bit-field keeps fewer bits than were stored; reading it again matters only when
 * somebody looks. */
static Val stored_value(Lower *lower, const Node *node, Node *place, Val address,
                        Val value)
{
    uint32_t flags = lower_place_flags(lower, place);
    if (!(flags & INS_BITFIELD) || !is_looked_at(node)) return value;
    Ins load = emit_at(lower, place, OP_LOAD);
    load.a = address;
    load.type = node_type(lower->parse, place)->scalar;
    load.flags |= (uint16_t)flags;
    return build_ins(lower->body, load);
}

static Val assign(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Node *left = node_expr(node, 0), *right = node_expr(node, 1);
    TypeInfo *type = node_type(parse, left);
    Val value = lower_value(lower, right);
    Kept kept = emit_keep(lower, right, value, type->scalar, left->has_flow);
    Val address = lower_address(lower, left);
    value = emit_kept(lower, right, &kept);
    if (type->type.kind == TYPE_AGGREGATE && type->shape != SHAPE_ARRAY) {
        emit_copy(lower, node, address, value, type->type.size);
        return address;
    }
    store_to(lower, node, left, address, value);
    return stored_value(lower, node, left, address, value);
}

Val lower_step(Lower *lower, Node *node, Val pointer, TypeInfo *type, Val index,
               bool is_back)
{
    if (is_back)
        index = emit_calc(lower, node, CALC_NEG, index, 0,
                          (Type){.kind = TYPE_INT, .is_signed = true, .size = 8});
    return emit_index(lower, node, pointer, index, type_stride(lower->parse, type));
}

/* p + i, i + p, p - i: the index, a constant written out with its sign. */
static Val step_by_node(Lower *lower, Node *node, Node *pointer, Node *index,
                        bool is_back)
{
    Parse *parse = lower->parse;
    TypeInfo *type = node_type(parse, pointer);
    Type wide = {.kind = TYPE_INT, .is_signed = true, .size = 8};
    Val base = lower_value(lower, pointer);
    Kept kept = emit_keep(lower, pointer, base, type_pointer(), index->has_flow);
    int64_t value = 0;
    bool is_constant = node_constant(parse, index, &value) && value != INT64_MIN;
    Val at = is_constant ? emit_const(lower, index, wide, is_back ? -value : value)
                         : lower_value(lower, index);
    base = emit_kept(lower, pointer, &kept);
    return lower_step(lower, node, base, type, at, is_back && !is_constant);
}

static bool calc_of(enum CXBinaryOperatorKind op, Calc *calc)
{
    switch ((int)op) {
    case CXBinaryOperator_Mul:
    case CXBinaryOperator_MulAssign: *calc = CALC_MUL; return true;
    case CXBinaryOperator_Div:
    case CXBinaryOperator_DivAssign: *calc = CALC_DIV; return true;
    case CXBinaryOperator_Rem:
    case CXBinaryOperator_RemAssign: *calc = CALC_REM; return true;
    case CXBinaryOperator_Add:
    case CXBinaryOperator_AddAssign: *calc = CALC_ADD; return true;
    case CXBinaryOperator_Sub:
    case CXBinaryOperator_SubAssign: *calc = CALC_SUB; return true;
    case CXBinaryOperator_Shl:
    case CXBinaryOperator_ShlAssign: *calc = CALC_SHL; return true;
    case CXBinaryOperator_Shr:
    case CXBinaryOperator_ShrAssign: *calc = CALC_SHR; return true;
    case CXBinaryOperator_And:
    case CXBinaryOperator_AndAssign: *calc = CALC_AND; return true;
    case CXBinaryOperator_Xor:
    case CXBinaryOperator_XorAssign: *calc = CALC_XOR; return true;
    case CXBinaryOperator_Or:
    case CXBinaryOperator_OrAssign: *calc = CALC_OR; return true;
    case CXBinaryOperator_LT: *calc = CALC_LT; return true;
    case CXBinaryOperator_GT: *calc = CALC_GT; return true;
    case CXBinaryOperator_LE: *calc = CALC_LE; return true;
    case CXBinaryOperator_GE: *calc = CALC_GE; return true;
    case CXBinaryOperator_EQ: *calc = CALC_EQ; return true;
    case CXBinaryOperator_NE: *calc = CALC_NE; return true;
    default: return false;
    }
}

Val lower_arithmetic(Lower *lower, Node *node, enum CXBinaryOperatorKind op, Val a,
                     TypeInfo *left, Val b, TypeInfo *right, Type type)
{
    Calc calc = CALC_ADD;
    Val operands[2] = {a, b};
    bool is_bulk = left->shape == SHAPE_BULK || right->shape == SHAPE_BULK;
    if (is_bulk || !calc_of(op, &calc)) {
        if (type.kind != TYPE_AGGREGATE)
            return emit_opaque(lower, node, "operator", operands, 2, type);
        LocalId local = emit_temporary(lower, node, type);
        Val address = emit_local(lower, node, local);
        emit_opaque(lower, node, "vector", &address, 1, (Type){0});
        return emit_local(lower, node, local);
    }
    Ins ins = emit_at(lower, node, OP_CALC);
    ins.calc = calc;
    ins.a = a;
    ins.b = b;
    ins.type = type;
    bool is_unsigned = left->scalar.kind != TYPE_FLOAT && !left->scalar.is_signed;
    if (is_unsigned) ins.flags |= INS_UNSIGNED;
    return build_ins(lower->body, ins);
}

static Val plain_binary(Lower *lower, Node *node, enum CXBinaryOperatorKind op)
{
    Parse *parse = lower->parse;
    Node *left = node_expr(node, 0), *right = node_expr(node, 1);
    TypeInfo *a = node_type(parse, left), *b = node_type(parse, right);
    TypeInfo *type = node_type(parse, node);
    if (type_is_pointer(type) &&
        (op == CXBinaryOperator_Add || op == CXBinaryOperator_Sub)) {
        if (type_is_pointer(a))
            return step_by_node(lower, node, left, right, op == CXBinaryOperator_Sub);
        return step_by_node(lower, node, right, left, false);
    }
    int64_t value = 0;
    if (type->scalar.kind == TYPE_INT && !node->has_flow &&
        node_constant(parse, node, &value))
        return emit_const(lower, node, type->scalar, value);
    Val x = lower_value(lower, left);
    Kept kept = emit_keep(lower, left, x, a->scalar, right->has_flow);
    Val y = lower_value(lower, right);
    x = emit_kept(lower, left, &kept);
    return lower_arithmetic(lower, node, op, x, a, y, b, type->scalar);
}

Val lower_binary(Lower *lower, Node *node)
{
    Node *left = node_expr(node, 0), *right = node_expr(node, 1);
    Type type = node_type(lower->parse, node)->scalar;
    if (!left || !right) return emit_opaque(lower, node, "operator", NULL, 0, type);
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    switch ((int)op) {
    case CXBinaryOperator_Assign: return assign(lower, node);
    case CXBinaryOperator_Comma:
        lower_effect(lower, left);
        if (type.kind == TYPE_VOID) {
            lower_effect(lower, right);
            return 0;
        }
        return lower_value(lower, right);
    case CXBinaryOperator_LAnd:
    case CXBinaryOperator_LOr: return lower_logical(lower, node);
    default: return plain_binary(lower, node, op);
    }
}

/* The type in which a op= b is computed; libclang does not show it. Truncation commutes
 * with most operators, so only the others need it. */
static TypeInfo *computed_type(Lower *lower, enum CXBinaryOperatorKind op, TypeInfo *left,
                               TypeInfo *right)
{
    if (left->scalar.kind == TYPE_FLOAT || right->scalar.kind == TYPE_FLOAT) {
        bool is_left =
            right->scalar.kind != TYPE_FLOAT ||
            (left->scalar.kind == TYPE_FLOAT && left->scalar.size >= right->scalar.size);
        return is_left ? left : right;
    }
    bool is_shift = op == CXBinaryOperator_ShrAssign;
    if (!is_shift && op != CXBinaryOperator_DivAssign && op != CXBinaryOperator_RemAssign)
        return left;
    TypeInfo *wide = is_shift || left->scalar.size > right->scalar.size ? left : right;
    if (left->scalar.size == right->scalar.size && !left->scalar.is_signed) wide = left;
    return wide->scalar.size >= 4 ? wide : type_of_int(lower->parse);
}

static Val compound_value(Lower *lower, Node *node, enum CXBinaryOperatorKind op, Val old,
                          TypeInfo *left, Val amount, TypeInfo *right)
{
    if (type_is_pointer(left))
        return lower_step(lower, node, old, left, amount,
                          op == CXBinaryOperator_SubAssign);
    TypeInfo *type = computed_type(lower, op, left, right);
    bool is_shift = op == CXBinaryOperator_ShrAssign || op == CXBinaryOperator_ShlAssign;
    if (type != left || type->scalar.kind == TYPE_FLOAT) {
        old = lower_cast(lower, node, old, left, type, false);
        if (!is_shift) amount = lower_cast(lower, node, amount, right, type, false);
    }
    Val value = lower_arithmetic(lower, node, op, old, type, amount, right, type->scalar);
    return type == left ? value : lower_cast(lower, node, value, type, left, false);
}

/* a op= b */
Val lower_compound(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Node *left = node_expr(node, 0), *right = node_expr(node, 1);
    TypeInfo *type = node_type(parse, left), *other = node_type(parse, right);
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    Val amount = lower_value(lower, right);
    Kept kept = emit_keep(lower, right, amount, other->scalar, left->has_flow);
    Val address = lower_address(lower, left);
    amount = emit_kept(lower, right, &kept);
    if (type->scalar.kind == TYPE_AGGREGATE) {
        Val both[2] = {address, amount};
        emit_opaque(lower, node, "vector", both, 2, (Type){0});
        return address;
    }
    Ins load = emit_at(lower, left, OP_LOAD);
    load.a = address;
    load.type = type->scalar;
    load.flags |= (uint16_t)lower_place_flags(lower, left);
    Val old = build_ins(lower->body, load);
    Val value = compound_value(lower, node, op, old, type, amount, other);
    store_to(lower, node, left, address, value);
    return value;
}

static Val increment(Lower *lower, Node *node, bool is_down, bool gives_old)
{
    Node *place = node_last_expr(node);
    TypeInfo *type = node_type(lower->parse, place);
    Val address = lower_address(lower, place), value = 0;
    Ins load = emit_at(lower, place, OP_LOAD);
    load.a = address;
    load.type = type->scalar;
    load.flags |= (uint16_t)lower_place_flags(lower, place);
    Val old = build_ins(lower->body, load);
    if (type_is_pointer(type)) {
        Type wide = {.kind = TYPE_INT, .is_signed = true, .size = 8};
        Val one = emit_const(lower, node, wide, is_down ? -1 : 1);
        value = emit_index(lower, node, old, one, type_stride(lower->parse, type));
    } else {
        Val one = emit_const(lower, node, type->scalar, 1);
        value =
            emit_calc(lower, node, is_down ? CALC_SUB : CALC_ADD, old, one, type->scalar);
    }
    store_to(lower, node, place, address, value);
    return gives_old ? old : value;
}

static Val address_operator(Lower *lower, Node *operand)
{
    lower_taken(lower, operand);
    return lower_address(lower, operand);
}

Val lower_unary(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Node *operand = node_last_expr(node);
    TypeInfo *type = node_type(parse, node);
    if (!operand) return emit_opaque(lower, node, "operator", NULL, 0, type->scalar);
    int64_t value = 0;
    enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node->cursor);
    switch ((int)op) {
    case CXUnaryOperator_PostInc: return increment(lower, node, false, true);
    case CXUnaryOperator_PostDec: return increment(lower, node, true, true);
    case CXUnaryOperator_PreInc: return increment(lower, node, false, false);
    case CXUnaryOperator_PreDec: return increment(lower, node, true, false);
    case CXUnaryOperator_AddrOf: return address_operator(lower, operand);
    case CXUnaryOperator_Deref: return lower_load(lower, node);
    case CXUnaryOperator_Extension: return lower_through(lower, node, operand);
    case CXUnaryOperator_Plus: return lower_value(lower, operand);
    case CXUnaryOperator_Minus:
    case CXUnaryOperator_Not:
    case CXUnaryOperator_LNot: break;
    case CXUnaryOperator_Real:
    case CXUnaryOperator_Imag:
    case CXUnaryOperator_Coawait:
    case CXUnaryOperator_Invalid:
        return emit_opaque(lower, node, "operator", NULL, 0, type->scalar);
    }
    if (type->scalar.kind == TYPE_INT && node_constant(parse, node, &value))
        return emit_const(lower, node, type->scalar, value);
    Val inner = lower_value(lower, operand);
    if (type->scalar.kind == TYPE_AGGREGATE) return inner;
    Calc calc = op == CXUnaryOperator_Minus ? CALC_NEG
                : op == CXUnaryOperator_Not ? CALC_FLIP
                                            : CALC_NOT;
    return emit_calc(lower, node, calc, inner, 0, type->scalar);
}
