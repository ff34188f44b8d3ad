/*
 * Places: the address of an lvalue, and what stands there.
 *
 * Members and elements only add to an address. An anonymous member adds nothing: the
 * fields inside belong to the record around it. An aggregate that has no place of its own
 * (the result of a call, a compound literal) lives in a temporary local.
 */
#include "frontend/lower.h"

static Val address_of_member(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Node *base = node_expr(node, 0);
    Decl *field = node_decl(parse, node);
    if (!base) return emit_opaque(lower, node, "member", NULL, 0, type_pointer());
    bool is_arrow = node_is_arrow(parse, base);
    Val address = is_arrow ? lower_value(lower, base) : lower_address(lower, base);
    if (field->kind != DECL_FIELD || field->is_unnamed) return address;
    /* p->anonymous.x is written p->x */
    Node *outer = node_strip(parse, base);
    while (!is_arrow && node_kind(outer) == CXCursor_MemberRefExpr &&
           node_decl(parse, outer)->is_unnamed) {
        base = node_expr(outer, 0);
        is_arrow = node_is_arrow(parse, base);
        outer = node_strip(parse, base);
    }
    return emit_field(lower, node, address, field, is_arrow);
}

static Val address_of_element(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Node *base = node_expr(node, 0), *index = node_expr(node, 1);
    if (!base || !index)
        return emit_opaque(lower, node, "element", NULL, 0, type_pointer());
    if (!type_is_pointer(node_type(parse, base)) &&
        node_type(parse, base)->shape != SHAPE_BULK) { /* 2[a] */
        Node *first = base;
        base = index;
        index = first;
    }
    TypeInfo *type = node_type(parse, base);
    Val address =
        type->shape == SHAPE_BULK ? lower_address(lower, base) : lower_value(lower, base);
    Kept kept = emit_keep(lower, base, address, type_pointer(), index->has_flow);
    Val at = lower_value(lower, index);
    return emit_index(lower, node, emit_kept(lower, base, &kept), at,
                      type_stride(parse, type));
}

static Val address_of_literal(Lower *lower, Node *node)
{
    TypeInfo *type = node_type(lower->parse, node);
    LocalId local = emit_temporary(lower, node, type->type);
    Node *init = node_last_expr(node);
    if (init) lower_init(lower, node, local, type, init);
    return emit_local(lower, node, local);
}

/* An rvalue that something wants the address of. */
static Val address_of_value(Lower *lower, Node *node)
{
    TypeInfo *type = node_type(lower->parse, node);
    Val value = lower_value(lower, node);
    if (type->scalar.kind == TYPE_AGGREGATE || type->shape == SHAPE_ARRAY ||
        type->shape == SHAPE_FUNCTION)
        return value;
    LocalId local = emit_temporary(lower, node, type->scalar);
    emit_store(lower, node, emit_local(lower, node, local), value, type->scalar);
    return emit_local(lower, node, local);
}

static Val address_of_unary(Lower *lower, Node *node)
{
    Node *operand = node_last_expr(node);
    switch ((int)clang_getCursorUnaryOperatorKind(node->cursor)) {
    case CXUnaryOperator_Deref: return lower_value(lower, operand);
    case CXUnaryOperator_Extension: return lower_address(lower, operand);
    case CXUnaryOperator_Real:
    case CXUnaryOperator_Imag: {
        Val address = lower_address(lower, operand);
        return emit_opaque(lower, node, "complex", &address, 1, type_pointer());
    }
    default: return address_of_value(lower, node);
    }
}

static Val address_of_hidden(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    Hidden hidden = node_hidden(parse, node);
    Node *operand = node_last_expr(node);
    if (hidden == HIDDEN_CHOOSE && node_chosen(parse, node))
        return lower_address(lower, node_chosen(parse, node));
    if (hidden != HIDDEN_CAST || !operand) return address_of_value(lower, node);
    if (node_kind(operand) == CXCursor_StringLiteral) return emit_string(lower, operand);
    if (node_cast(parse, node, operand) == CAST_LOAD &&
        node_type(parse, node)->type.kind == TYPE_AGGREGATE &&
        node_type(parse, operand)->shape != SHAPE_ARRAY)
        return lower_address(lower, operand);
    return address_of_value(lower, node);
}

static Val address_at(Lower *lower, Node *node)
{
    switch ((int)node_kind(node)) {
    case CXCursor_DeclRefExpr:
        return emit_decl(lower, node, node_decl(lower->parse, node));
    case CXCursor_MemberRefExpr: return address_of_member(lower, node);
    case CXCursor_ArraySubscriptExpr: return address_of_element(lower, node);
    case CXCursor_ParenExpr: return lower_address(lower, node_last_expr(node));
    case CXCursor_StringLiteral: return emit_string(lower, node);
    case CXCursor_CompoundLiteralExpr: return address_of_literal(lower, node);
    case CXCursor_UnaryOperator: return address_of_unary(lower, node);
    case CXCursor_UnexposedExpr: return address_of_hidden(lower, node);
    case CXCursor_GenericSelectionExpr: {
        Node *chosen = node_generic(lower->parse, node);
        if (chosen) return lower_address(lower, chosen);
        break;
    }
    default: break;
    }
    return address_of_value(lower, node);
}

Val lower_address(Lower *lower, Node *node)
{
    if (lower->depth > MAX_NESTING)
        return emit_opaque(lower, node, "nested too deep", NULL, 0, type_pointer());
    lower->depth++;
    Val address = address_at(lower, node);
    lower->depth--;
    if (node_type(lower->parse, node)->is_elsewhere)
        return emit_opaque(lower, node, "address space", &address, 1, type_pointer());
    return address;
}

uint32_t lower_place_flags(Lower *lower, Node *node)
{
    uint32_t flags = node_type(lower->parse, node)->is_volatile ? INS_VOLATILE : 0;
    while (node && node_kind(node) == CXCursor_ParenExpr)
        node = node_last_expr(node);
    if (node && node_kind(node) == CXCursor_MemberRefExpr &&
        node_decl(lower->parse, node)->is_bitfield)
        flags |= INS_BITFIELD;
    return flags;
}

static bool is_parameter(Lower *lower, Node *node)
{
    node = node_strip(lower->parse, node);
    return node_kind(node) == CXCursor_DeclRefExpr &&
           node_decl(lower->parse, node)->kind == DECL_LOCAL &&
           clang_getCursorReferenced(node->cursor).kind == CXCursor_ParmDecl;
}

Val lower_load(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    TypeInfo *type = node_type(parse, node);
    Val address = lower_address(lower, node);
    bool is_decayed = type->shape == SHAPE_ARRAY || type->shape == SHAPE_FUNCTION;
    if (type->type.kind == TYPE_AGGREGATE && !is_decayed) return address;
    if (is_decayed && !is_parameter(lower, node)) return address;
    Node *place = node; /* (p) in a macro's body: the load stands where p is written */
    while (node_kind(place) == CXCursor_ParenExpr)
        place = node_last_expr(place);
    Ins ins = emit_at(lower, place, OP_LOAD);
    ins.a = address;
    ins.type = type->scalar;
    ins.flags |= (uint16_t)lower_place_flags(lower, node);
    return build_ins(lower->body, ins);
}

void lower_taken(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    for (Node *at = node_strip(parse, node); at;) {
        enum CXCursorKind kind = node_kind(at);
        if (kind == CXCursor_DeclRefExpr) {
            Decl *decl = node_decl(parse, at);
            if (decl->kind == DECL_LOCAL)
                build_local_at(lower->body, decl->id)->flags |= LOCAL_ADDRESS_TAKEN;
            return;
        }
        if (kind != CXCursor_MemberRefExpr && kind != CXCursor_ArraySubscriptExpr) return;
        Node *base = node_expr(at, 0);
        if (!base || (kind == CXCursor_MemberRefExpr && node_is_arrow(parse, base)))
            return;
        at = node_strip(parse, base);
    }
}
