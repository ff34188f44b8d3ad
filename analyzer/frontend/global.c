/*
 * Initialisers of variables with static storage: which function, which object, which
 * number stands in which slot when the program starts.
 *
 * Zeros are left out: what is not listed is zero. A table of many numbers keeps the first
 * ones only and then no longer claims to be complete.
 */
#include "frontend/init.h"
#include "frontend/lower.h"

enum { RANGE_LIMIT = 1024, MAX_NUMBERS = 256 };

typedef struct GlobalInit {
    Parse *parse;
    VEC(Init) inits;
    uint32_t nnumber;
    bool is_cut;
} GlobalInit;

static Init init_at(const InitPath *path, TypeInfo *type)
{
    Init init = {.type = type->scalar};
    uint64_t bits = 0;
    for (uint32_t i = 0; i < path->n; i++)
        bits += path->steps[i].bits;
    init.offset = bits / 8;
    const InitStep *last = path->n ? &path->steps[path->n - 1] : NULL;
    if (last && last->field && !last->field->is_unnamed) init.field = last->field->id;
    return init;
}

/* Through casts, parentheses and & to what is named. */
static Node *object_of(Parse *parse, Node *node)
{
    for (;;) {
        node = node_strip(parse, node);
        enum CXCursorKind kind = node_kind(node);
        Node *inner = NULL;
        if (kind == CXCursor_CStyleCastExpr) {
            inner = node_last_expr(node);
        } else if (kind == CXCursor_UnaryOperator) {
            enum CXUnaryOperatorKind op = clang_getCursorUnaryOperatorKind(node->cursor);
            if (op == CXUnaryOperator_AddrOf || op == CXUnaryOperator_Extension)
                inner = node_last_expr(node);
        } else if (kind == CXCursor_MemberRefExpr ||
                   kind == CXCursor_ArraySubscriptExpr) {
            Node *base = node_expr(node, 0);
            if (base &&
                (kind == CXCursor_ArraySubscriptExpr || !node_is_arrow(parse, base)))
                inner = base;
        } else if (kind == CXCursor_ConditionalOperator) {
            int64_t value = 0;
            if (node_constant(parse, node_expr(node, 0), &value))
                inner = node_expr(node, value ? 1 : 2);
        } else if (kind == CXCursor_UnexposedExpr &&
                   node_hidden(parse, node) == HIDDEN_CHOOSE) {
            inner = node_chosen(parse, node);
        }
        if (!inner) return node;
        node = inner;
    }
}

static void classify(Parse *parse, Node *node, Init *init)
{
    int64_t value = 0;
    bool is_pointer = init->type.kind == TYPE_POINTER;
    if (init->type.kind != TYPE_FLOAT && node_constant(parse, node, &value)) {
        init->kind = is_pointer && value == 0 ? INIT_NULL : INIT_INT;
        init->value = value;
        return;
    }
    Node *object = object_of(parse, node);
    init->kind = INIT_UNKNOWN;
    if (node_kind(object) == CXCursor_StringLiteral) init->kind = INIT_STRING;
    if (node_kind(object) == CXCursor_AddrLabelExpr && object->first) {
        CXCursor label = clang_getCursorReferenced(object->first->cursor);
        uint64_t *number = map_get(&parse->labels, MAP_KEY(label.data[1]));
        if (number) init->kind = INIT_INT;
        if (number) init->value = (int64_t)*number;
    }
    if (node_kind(object) != CXCursor_DeclRefExpr) return;
    Decl *decl = node_decl(parse, object);
    if (decl->kind == DECL_FN && decl->id) {
        init->kind = INIT_FN;
        init->fn = decl->id;
    } else if (decl->kind == DECL_GLOBAL && is_pointer) {
        init->kind = INIT_GLOBAL;
        init->global = decl->id;
    }
}

static void put_init(void *data, const InitPath *path, TypeInfo *type, Node *node)
{
    GlobalInit *target = data;
    Init init = init_at(path, type);
    if (type->type.kind == TYPE_AGGREGATE) {
        bool is_text = type->shape == SHAPE_ARRAY;
        init.type = type->type;
        init.kind = is_text ? INIT_STRING : INIT_UNKNOWN;
    } else {
        classify(target->parse, node, &init);
    }
    if (init.kind == INIT_INT) {
        if (!init.value) return;
        if (target->nnumber++ >= MAX_NUMBERS) {
            target->is_cut = true;
            return;
        }
    }
    vec_push(target->parse->arena, &target->inits, init);
}

void lower_global(Parse *parse, Arena *nodes, CXCursor variable, GlobalId id)
{
    CXCursor cursor = clang_Cursor_getVarDeclInitializer(variable);
    if (clang_Cursor_isNull(cursor)) return;
    Node *node = tree_of(nodes, cursor);
    GlobalInit target = {.parse = parse};
    InitSink sink = {put_init, &target, RANGE_LIMIT};
    init_walk(parse, &sink, type_of(parse, clang_getCursorType(variable)), node);
    Global *row = build_global_at(parse->build, id);
    row->inits = target.inits.at;
    row->ninit = target.inits.n;
    if (target.is_cut) row->flags &= ~(uint32_t)GLOBAL_ZEROED;
}
