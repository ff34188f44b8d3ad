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
    const char *owner;  /* the variable at the outside */
    uint32_t *nliteral; /* unnamed objects in its initialiser so far */
    uint64_t base;      /* bits before the part that is walked */
    VEC(Init) inits;
    uint32_t nnumber;
    bool is_cut;
} GlobalInit;

static void fill_rows(GlobalInit *target, TypeInfo *type, Node *node, GlobalId id);

static Init init_at(const GlobalInit *target, const InitPath *path, TypeInfo *type)
{
    Init init = {.type = type->scalar};
    uint64_t bits = target->base;
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

static Node *list_of(Node *literal)
{
    Node *list = node_kind(literal) == CXCursor_CompoundLiteralExpr
                     ? node_last_expr(literal)
                     : NULL;
    return list && node_kind(list) == CXCursor_InitListExpr ? list : NULL;
}

static const char *link_of_literal(Parse *parse, const Node *literal, const char *name)
{
    CXFile file = NULL;
    CXSourceLocation location = clang_getCursorLocation(literal->cursor);
    clang_getExpansionLocation(location, &file, NULL, NULL, NULL);
    return arena_printf(parse->tables, "%s:%s", file ? source_path(parse, file) : "",
                        name);
}

/* &(struct s){ ... } outside of functions: an object of its own, "owner.1". */
static GlobalId literal_object(GlobalInit *target, Node *literal, Node *list)
{
    Parse *parse = target->parse;
    TypeInfo *type = node_type(parse, literal);
    uint32_t number = ++*target->nliteral;
    const char *name = arena_printf(parse->tables, "%s.%u", target->owner, number);
    const char *link = link_of_literal(parse, literal, name);
    Loc loc = source_loc(parse, clang_getCursorLocation(literal->cursor));
    Global *row = NULL;
    GlobalId id = build_global(parse->build, &row);
    row->name = build_name(parse->build, name);
    row->link_name = build_name(parse->build, link);
    row->type = type->type;
    row->flags = GLOBAL_STATIC | GLOBAL_ZEROED | (type->is_const ? GLOBAL_CONST : 0u);
    row->loc = loc;
    GlobalInit inner = {
        .parse = parse, .owner = target->owner, .nliteral = target->nliteral};
    fill_rows(&inner, type, list, id);
    return id;
}

static void classify(GlobalInit *target, Node *node, Init *init)
{
    Parse *parse = target->parse;
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
    if (list_of(object) && is_pointer) {
        init->kind = INIT_GLOBAL;
        init->global = literal_object(target, object, list_of(object));
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

static void put_init(void *data, const InitPath *path, TypeInfo *type, Node *node);

/* (struct s){ ... } as the value of a part */
static bool put_literal(GlobalInit *target, const Init *at, TypeInfo *type, Node *node)
{
    Node *list = list_of(node_strip(target->parse, node));
    if (!list) return false;
    uint64_t outer = target->base;
    target->base = at->offset * 8;
    InitSink sink = {put_init, target, RANGE_LIMIT};
    init_walk(target->parse, &sink, type, list);
    target->base = outer;
    return true;
}

static void put_init(void *data, const InitPath *path, TypeInfo *type, Node *node)
{
    GlobalInit *target = data;
    Init init = init_at(target, path, type);
    if (type->type.kind == TYPE_AGGREGATE) {
        if (put_literal(target, &init, type, node)) return;
        bool is_text = type->shape == SHAPE_ARRAY;
        init.type = type->type;
        init.kind = is_text ? INIT_STRING : INIT_UNKNOWN;
    } else {
        classify(target, node, &init);
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

static void fill_rows(GlobalInit *target, TypeInfo *type, Node *node, GlobalId id)
{
    InitSink sink = {put_init, target, RANGE_LIMIT};
    init_walk(target->parse, &sink, type, node);
    Global *row = build_global_at(target->parse->build, id);
    row->inits = target->inits.at;
    row->ninit = target->inits.n;
    if (target->is_cut) row->flags &= ~(uint32_t)GLOBAL_ZEROED;
}

void lower_global(Parse *parse, Arena *nodes, CXCursor variable, GlobalId id)
{
    CXCursor cursor = clang_Cursor_getVarDeclInitializer(variable);
    if (clang_Cursor_isNull(cursor)) return;
    uint32_t nliteral = 0;
    GlobalInit target = {.parse = parse, .nliteral = &nliteral};
    target.owner = build_global_at(parse->build, id)->name->text;
    fill_rows(&target, type_of(parse, clang_getCursorType(variable)),
              tree_of(nodes, cursor), id);
}
