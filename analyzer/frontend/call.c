/*
 * Calls: who is called, with what, and whether it comes back.
 *
 * A struct argument is copied to a temporary and its address passed; a struct result
 * arrives as an address and is copied to a temporary at once. After a function that never
 * returns the block stops.
 */
#include <string.h>

#include "frontend/lower.h"

typedef struct Args {
    Node **nodes;
    Kept *kept;
    uint32_t n;
} Args;

/* The function designator, without parentheses, decay, * and &. */
static Node *designator(Parse *parse, Node *callee)
{
    for (;;) {
        callee = node_strip(parse, callee);
        if (node_kind(callee) != CXCursor_UnaryOperator) return callee;
        enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(callee->cursor);
        bool is_through = op == CXUnaryOperator_Deref || op == CXUnaryOperator_AddrOf;
        Node *operand = is_through ? node_last_expr(callee) : NULL;
        if (!operand) return callee;
        if (op == CXUnaryOperator_Deref &&
            node_type(parse, callee)->shape != SHAPE_FUNCTION)
            return callee;
        callee = operand;
    }
}

static Decl *direct_callee(Parse *parse, Node *callee)
{
    callee = designator(parse, callee);
    if (node_kind(callee) != CXCursor_DeclRefExpr) return NULL;
    Decl *decl = node_decl(parse, callee);
    return decl->kind == DECL_FN ? decl : NULL;
}

/* libclang wraps an argument for a transparent union in a compound literal that nobody
 * wrote: it stands where its content stands. The callee gets the pointer. */
static Node *without_union(Parse *parse, Node *arg)
{
    Node *literal = node_strip(parse, arg);
    if (node_kind(literal) != CXCursor_CompoundLiteralExpr ||
        node_type(parse, literal)->shape != SHAPE_UNION)
        return arg;
    Node *list = node_last_expr(literal);
    Node *inner =
        list && node_kind(list) == CXCursor_InitListExpr ? node_expr(list, 0) : NULL;
    bool is_written =
        !inner || !clang_equalLocations(clang_getCursorLocation(literal->cursor),
                                        clang_getCursorLocation(inner->cursor));
    return is_written ? arg : inner;
}

static Kept lower_arg(Lower *lower, Node *arg, bool must_survive)
{
    arg = without_union(lower->parse, arg);
    TypeInfo *type = node_type(lower->parse, arg);
    Val value = lower_value(lower, arg);
    bool is_bulk = type->scalar.kind == TYPE_AGGREGATE;
    if (!is_bulk) return emit_keep(lower, arg, value, type->scalar, must_survive);
    LocalId local = emit_temporary(lower, arg, type->type);
    emit_copy(lower, arg, emit_local(lower, arg, local), value, type->type.size);
    return (Kept){.local = local, .type = type->type};
}

static Val arg_value(Lower *lower, const Node *arg, const Kept *kept)
{
    if (kept->type.kind != TYPE_AGGREGATE) return emit_kept(lower, arg, kept);
    Ins ins = emit_at(lower, arg, OP_ADDR);
    ins.type = kept->type;
    ins.ref = REF_LOCAL;
    ins.local = kept->local;
    return build_ins(lower->body, ins);
}

static Args collect_args(Lower *lower, Node *node)
{
    Args args = {0};
    uint32_t room = node_count(node);
    args.nodes = ARENA_ARRAY(lower->nodes, Node *, room);
    args.kept = ARENA_ARRAY(lower->nodes, Kept, room);
    Node *callee = node_expr(node, 0);
    for (Node *arg = callee ? callee->next : NULL; arg; arg = arg->next)
        if (node_is_expr(arg)) args.nodes[args.n++] = arg;
    return args;
}

/* Left to right; what is evaluated before one that branches is kept in a local. */
static const Val *lower_args(Lower *lower, Args *args)
{
    uint32_t last_flow = 0;
    for (uint32_t i = 0; i < args->n; i++)
        if (args->nodes[i]->has_flow) last_flow = i;
    for (uint32_t i = 0; i < args->n; i++)
        args->kept[i] = lower_arg(lower, args->nodes[i], i < last_flow);
    Val *values = build_vals(lower->body, args->n);
    for (uint32_t i = 0; i < args->n; i++)
        values[i] = arg_value(lower, args->nodes[i], &args->kept[i]);
    return values;
}

static bool any_flow(const Args *args)
{
    for (uint32_t i = 0; i < args->n; i++)
        if (args->nodes[i]->has_flow) return true;
    return false;
}

/* What the _chk variants add: sizes and flags that the plain function does not take. */
static void drop_sizes(const char *name, Args *args)
{
    static const struct {
        const char *name;
        uint32_t at, n;
    } drops[] = {
        {"__builtin___snprintf_chk", 2, 2}, {"__builtin___vsnprintf_chk", 2, 2},
        {"__builtin___sprintf_chk", 1, 2},  {"__builtin___vsprintf_chk", 1, 2},
        {"__builtin___printf_chk", 0, 1},   {"__builtin___vprintf_chk", 0, 1},
        {"__builtin___fprintf_chk", 1, 1},  {"__builtin___vfprintf_chk", 1, 1},
    };
    uint32_t at = args->n ? args->n - 1 : 0, n = args->n ? 1 : 0;
    for (size_t i = 0; i < sizeof drops / sizeof *drops; i++) {
        if (strcmp(drops[i].name, name) != 0) continue;
        at = drops[i].at;
        n = drops[i].n;
    }
    if (at + n > args->n) return;
    memmove(args->nodes + at, args->nodes + at + n,
            (args->n - at - n) * sizeof *args->nodes);
    args->n -= n;
}

static bool type_is_noreturn(Lower *lower, Node *callee)
{
    Parse *parse = lower->parse;
    TypeInfo *fn = node_type(parse, callee);
    if (fn->shape != SHAPE_FUNCTION) fn = type_target(parse, fn);
    return fn && fn->shape == SHAPE_FUNCTION && type_never_returns(parse, fn);
}

static Val finish_call(Lower *lower, Node *node, Ins call, bool is_noreturn)
{
    TypeInfo *type = node_type(lower->parse, node);
    call.type = type->shape == SHAPE_VOID ? (Type){0} : type->scalar;
    Val result = build_ins(lower->body, call);
    if (is_noreturn) build_stop(lower->body, call.loc);
    if (call.type.kind != TYPE_AGGREGATE) return result;
    LocalId local = emit_temporary(lower, node, type->type);
    Ins copy = emit_at(lower, node, OP_COPY);
    copy.a = emit_local(lower, node, local);
    copy.b = result;
    copy.imm = type->type.size;
    copy.type = type->type;
    copy.flags |= INS_IMPLICIT;
    build_ins(lower->body, copy);
    return emit_local(lower, node, local);
}

static Val call_direct(Lower *lower, Node *node, const Decl *decl)
{
    Args args = collect_args(lower, node);
    if (decl->has_sizes) drop_sizes(decl->name, &args);
    const Val *values = lower_args(lower, &args);
    Ins call = emit_at(lower, node, OP_CALL);
    call.ref = REF_FN;
    call.fn = decl->builtin == BUILTIN_LIBC ? decl->plain : decl->id;
    call.args = values;
    call.narg = args.n;
    return finish_call(lower, node, call, decl->is_noreturn);
}

static Val call_through(Lower *lower, Node *node, Node *callee)
{
    Args args = collect_args(lower, node);
    Node *pointer = designator(lower->parse, callee);
    TypeInfo *type = node_type(lower->parse, pointer);
    Val target = type->shape == SHAPE_FUNCTION && node_is_lvalue(lower->parse, pointer)
                     ? lower_load(lower, pointer)
                     : lower_value(lower, pointer);
    Kept kept = emit_keep(lower, pointer, target, type->scalar, any_flow(&args));
    const Val *values = lower_args(lower, &args);
    Ins call = emit_at(lower, node, OP_CALL);
    call.a = emit_kept(lower, pointer, &kept);
    call.args = values;
    call.narg = args.n;
    return finish_call(lower, node, call, type_is_noreturn(lower, callee));
}

static bool is_pure_node(Parse *parse, Node *node)
{
    enum CXCursorKind kind = node_kind(node);
    if (kind == CXCursor_CallExpr || kind == CXCursor_CompoundAssignOperator ||
        kind == CXCursor_StmtExpr || kind == CXCursor_GCCAsmStmt)
        return false;
    if (kind == CXCursor_BinaryOperator)
        return clang_getCursorBinaryOperatorKind(node->cursor) != CXBinaryOperator_Assign;
    if (kind == CXCursor_UnexposedExpr) {
        Hidden hidden = node_hidden(parse, node);
        return hidden == HIDDEN_CAST || hidden == HIDDEN_CONSTANT ||
               hidden == HIDDEN_OFFSETOF;
    }
    if (kind != CXCursor_UnaryOperator) return true;
    enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node->cursor);
    return op != CXUnaryOperator_PostInc && op != CXUnaryOperator_PostDec &&
           op != CXUnaryOperator_PreInc && op != CXUnaryOperator_PreDec;
}

static bool has_effects(Parse *parse, Node *node)
{
    if (!is_pure_node(parse, node)) return true;
    for (Node *child = node->first; child; child = child->next)
        if (has_effects(parse, child)) return true;
    return false;
}

bool lower_is_pure(Lower *lower, Node *node)
{
    return !has_effects(lower->parse, node);
}

static Val effects_only(Lower *lower, Node *node)
{
    Args args = collect_args(lower, node);
    for (uint32_t i = 0; i < args.n; i++)
        lower_effect(lower, args.nodes[i]);
    return 0;
}

static Val call_builtin(Lower *lower, Node *node, const Decl *decl)
{
    Node *first = node_expr(node, 1);
    Type type = node_type(lower->parse, node)->scalar;
    switch (decl->builtin) {
    case BUILTIN_EXPECT: return lower_value(lower, first);
    case BUILTIN_CONSTANT_P: return emit_const(lower, node, type, 0);
    case BUILTIN_OBJECT_SIZE: return emit_const(lower, node, type, -1);
    case BUILTIN_STOP:
        build_stop(lower->body, emit_at(lower, node, OP_STOP).loc);
        return 0;
    case BUILTIN_ASSUME:
        if (lower_is_pure(lower, first)) lower_assume(lower, first, false);
        return 0;
    case BUILTIN_NOTHING: return effects_only(lower, node);
    case BUILTIN_SYNC: return lower_sync(lower, node, decl->name);
    case BUILTIN_NONE:
    case BUILTIN_LIBC: break;
    }
    return call_direct(lower, node, decl);
}

Val lower_call(Lower *lower, Node *node)
{
    Node *callee = node_expr(node, 0);
    Type type = node_type(lower->parse, node)->scalar;
    if (!callee) return emit_opaque(lower, node, "call", NULL, 0, type);
    const Decl *decl = direct_callee(lower->parse, callee);
    return decl ? call_builtin(lower, node, decl) : call_through(lower, node, callee);
}
