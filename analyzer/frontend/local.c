/*
 * Declarations inside functions: storage, initialisers, arrays of variable length.
 *
 * An initialised aggregate is first zeroed whole, then its parts are stored, so that what
 * a list leaves out is null and known to be.
 */
#include "frontend/init.h"
#include "frontend/lower.h"

typedef struct LocalInit {
    Lower *lower;
    Node *node; /* the declaration */
    LocalId local;
} LocalInit;

enum { RANGE_LIMIT = 16 };

static Val part_address(const LocalInit *init, const InitPath *path, Node *node)
{
    Lower *lower = init->lower;
    Val address = emit_local(lower, node, init->local);
    for (uint32_t i = 0; i < path->n; i++) {
        const InitStep *step = &path->steps[i];
        if (step->field && step->field->is_unnamed) continue;
        if (step->field) {
            address = emit_field(lower, node, address, step->field, false);
        } else {
            Type wide = {.kind = TYPE_INT, .is_signed = true, .size = 8};
            Val index = emit_const(lower, node, wide, (int64_t)step->index);
            address = emit_index(lower, node, address, index, step->type->type.size);
        }
    }
    return address;
}

static void put_scalar(LocalInit *init, const InitPath *path, const TypeInfo *type,
                       Node *node)
{
    Lower *lower = init->lower;
    Val value = lower_value(lower, node);
    const Decl *field = path->n ? path->steps[path->n - 1].field : NULL;
    Val address = part_address(init, path, node);
    Ins ins = emit_at(lower, node, OP_STORE);
    ins.a = address;
    ins.b = value;
    ins.type = type->type;
    ins.flags |= INS_DECL_INIT;
    if (field && field->is_bitfield) ins.flags |= INS_BITFIELD;
    build_ins(lower->body, ins);
}

static void put_copy(LocalInit *init, const InitPath *path, Node *node, Val from,
                     uint32_t size)
{
    Ins ins = emit_at(init->lower, node, OP_COPY);
    ins.a = part_address(init, path, node);
    ins.b = from;
    ins.imm = size;
    ins.type = (Type){.kind = TYPE_AGGREGATE, .size = size};
    ins.flags |= INS_DECL_INIT;
    build_ins(init->lower->body, ins);
}

static void put_part(void *data, const InitPath *path, TypeInfo *type, Node *node)
{
    LocalInit *init = data;
    Lower *lower = init->lower;
    uint32_t size = type->type.size;
    if (type->type.kind != TYPE_AGGREGATE) {
        put_scalar(init, path, type, node);
    } else if (type->shape == SHAPE_ARRAY) {
        Node *string = node_strip(lower->parse, node);
        uint32_t has = node_type(lower->parse, string)->type.size;
        if (has && (has < size || !size)) size = has;
        put_copy(init, path, node, lower_address(lower, string), size);
    } else if (node_kind(node) != CXCursor_InitListExpr &&
               node_type(lower->parse, node)->scalar.kind == TYPE_AGGREGATE) {
        put_copy(init, path, node, lower_value(lower, node), size);
    } else { /* the elements of a vector */
        Val address = part_address(init, path, node);
        emit_opaque(lower, node, "vector", &address, 1, (Type){0});
    }
}

void lower_init(Lower *lower, Node *node, LocalId local, TypeInfo *type, Node *init)
{
    LocalInit target = {lower, node, local};
    InitSink sink = {put_part, &target, RANGE_LIMIT};
    Node *inner = node_strip(lower->parse, init);
    bool is_list = node_kind(init) == CXCursor_InitListExpr;
    bool is_string =
        type->shape == SHAPE_ARRAY && node_kind(inner) == CXCursor_StringLiteral;
    if (type->type.kind == TYPE_AGGREGATE && (is_list || is_string))
        emit_fill(lower, node, emit_local(lower, node, local), type->type.size);
    init_walk(lower->parse, &sink, type, init);
}

static Node *initialiser(Node *node)
{
    CXCursor init = clang_Cursor_getVarDeclInitializer(node->cursor);
    if (clang_Cursor_isNull(init)) return NULL;
    for (Node *child = node->last ? node->first : NULL; child; child = child->next)
        if (child->cursor.kind == init.kind && child->cursor.data[1] == init.data[1])
            return child;
    return NULL;
}

static void lower_lengths(Lower *lower, Node *node, const TypeInfo *type,
                          const Node *init)
{
    if (!type->is_variable_array) return;
    for (Node *child = node->first; child; child = child->next)
        if (child != init && node_is_expr(child)) lower_effect(lower, child);
}

static void lower_automatic(Lower *lower, Node *node)
{
    Parse *parse = lower->parse;
    TypeInfo *type = type_of(parse, clang_getCursorType(node->cursor));
    const char *name = source_string(clang_getCursorSpelling(node->cursor), lower->nodes);
    Loc loc = source_spot(parse, clang_getCursorLocation(node->cursor)).loc;
    uint32_t flags = type->is_volatile ? LOCAL_VOLATILE : 0;
    LocalId local = build_local(lower->body, name, type->type, flags, loc);
    decl_put_local(parse, node->cursor, local);
    Node *init = initialiser(node);
    lower_lengths(lower, node, type, init);
    if (init) lower_init(lower, node, local, type, init);
    if (lower->has_cleanups) scope_cleanup(lower, node, local);
}

void lower_variable(Lower *lower, Node *node)
{
    if (clang_Cursor_hasVarDeclGlobalStorage(node->cursor) != 1) {
        lower_automatic(lower, node);
    } else if (clang_Cursor_getStorageClass(node->cursor) == CX_SC_Static) {
        decl_static_local(lower->parse, node->cursor, lower->name);
    }
}
