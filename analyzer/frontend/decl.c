/*
 * Declarations: from libclang's pointers to rows of the unit.
 *
 * Each declaration is asked about once, when something first refers to it; redeclarations
 * share the row of the canonical one. A function or table that has a definition which
 * nobody has asked for yet (a static inline of a header, a const table) is queued, so that
 * only what the main file reaches is lowered.
 */
#include "frontend/decl.h"

#include <string.h>

typedef struct CursorList {
    VEC(CXCursor) at;
} CursorList;

static CXFile file_of(CXCursor cursor)
{
    CXFile file = NULL;
    clang_getExpansionLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
    return file;
}

bool decl_is_main(const Parse *parse, CXCursor cursor)
{
    CXFile file = file_of(cursor);
    return file && clang_File_isEqual(file, parse->main_file);
}

static bool is_system(CXCursor cursor)
{
    return clang_Location_isInSystemHeader(clang_getCursorLocation(cursor));
}

static const Name *link_name(Parse *parse, CXCursor cursor, const char *name)
{
    enum CXLinkageKind linkage = clang_getCursorLinkage(cursor);
    if (linkage != CXLinkage_Internal && linkage != CXLinkage_NoLinkage)
        return build_name(parse->build, name);
    CXFile file = file_of(cursor);
    const char *path = file ? source_path(parse, file) : "";
    return build_name(parse->build, arena_printf(parse->tables, "%s:%s", path, name));
}

/* The key under which all redeclarations meet. */
static uint64_t canonical_key(CXCursor cursor)
{
    return MAP_KEY(clang_getCanonicalCursor(cursor).data[0]);
}

void decl_note(Parse *parse, CXCursor cursor)
{
    uint64_t key = canonical_key(cursor);
    if (cursor.kind == CXCursor_VarDecl) {
        CXCursor *kept = ARENA_NEW(parse->tables, CXCursor);
        *kept = cursor;
        bool added = false;
        uint64_t *at = map_put(&parse->variables, key, MAP_KEY(kept), &added);
        /* a tentative definition gives way to one with an initialiser */
        if (!added && !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(cursor)))
            *at = MAP_KEY(kept);
    } else if (key != MAP_KEY(cursor.data[0]) && clang_Cursor_hasAttrs(cursor)) {
        uint64_t *at = map_get(&parse->redecls, key);
        CursorList *list = at ? (CursorList *)(uintptr_t)*at : NULL;
        if (!list) {
            list = ARENA_NEW(parse->tables, CursorList);
            map_put(&parse->redecls, key, MAP_KEY(list), NULL);
        }
        vec_push(parse->tables, &list->at, cursor);
    }
}

CXCursor decl_definition(Parse *parse, CXCursor variable)
{
    uint64_t *at = map_get(&parse->variables, canonical_key(variable));
    if (at) return *(CXCursor *)(uintptr_t)*at;
    bool is_defined = clang_Cursor_getStorageClass(variable) != CX_SC_Extern ||
                      !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(variable));
    return is_defined ? variable : clang_getNullCursor();
}

/* Functions. */

/* A parameter that is a transparent union is passed like its first member. */
static Type param_type(Parse *parse, CXCursor param)
{
    TypeInfo *type = type_of(parse, clang_getCursorType(param));
    if (type->shape != SHAPE_UNION) return type->scalar;
    CXCursor record = clang_getTypeDeclaration(type->canonical);
    if (!clang_Cursor_hasAttrs(record)) return type->scalar;
    CXString text = clang_getCursorPrettyPrinted(record, parse->policy);
    bool is_transparent = strstr(clang_getCString(text), "transparent_union") != NULL;
    clang_disposeString(text);
    type_fields(parse, type);
    return is_transparent && type->nfield ? type->fields[0].type->scalar : type->scalar;
}

static void fill_params(Parse *parse, CXCursor from, Fn *row)
{
    int n = clang_Cursor_getNumArguments(from);
    row->nparam = n > 0 ? (uint32_t)n : 0;
    row->params = ARENA_ARRAY(parse->arena, Param, row->nparam);
    for (uint32_t i = 0; i < row->nparam; i++) {
        CXCursor param = clang_Cursor_getArgument(from, i);
        row->params[i].type = param_type(parse, param);
        row->params[i].type_name = type_name(parse, clang_getCursorType(param));
    }
}

static void fill_fn(Parse *parse, CXCursor from, bool has_body, Fn *row)
{
    CXType type = clang_getCursorType(from);
    CXType result = clang_getResultType(type);
    if (clang_getCursorLinkage(from) == CXLinkage_Internal) row->flags |= FN_STATIC;
    if (clang_isFunctionTypeVariadic(type)) row->flags |= FN_VARIADIC;
    if (clang_getCanonicalType(type).kind == CXType_FunctionNoProto)
        row->flags |= FN_UNPROTOTYPED;
    if (is_system(from)) row->flags |= FN_SYSTEM_HEADER;
    if (has_body && !decl_is_main(parse, from)) row->flags |= FN_INLINE_IN_HEADER;
    row->result =
        result.kind == CXType_Invalid ? type_int() : type_of(parse, result)->scalar;
    row->result_name = result.kind == CXType_Invalid ? NULL : type_name(parse, result);
    row->loc = source_loc(parse, clang_getCursorLocation(from));
    fill_params(parse, from, row);
    attribute_fill(parse, from, row);
    uint64_t *others = map_get(&parse->redecls, canonical_key(from));
    CursorList *list = others ? (CursorList *)(uintptr_t)*others : NULL;
    for (uint32_t i = 0; list && i < list->at.n; i++)
        if (list->at.at[i].data[0] != from.data[0])
            attribute_fill(parse, list->at.at[i], row);
}

static FnId fn_row(Parse *parse, const Name *link, Fn **row)
{
    uint64_t *known = map_get(&parse->links, MAP_KEY(link));
    if (known) {
        *row = build_fn_at(parse->build, (FnId)*known);
        return (FnId)*known;
    }
    FnId id = build_fn(parse->build, row);
    (*row)->name = link;
    (*row)->link_name = link;
    map_put(&parse->links, MAP_KEY(link), id, NULL);
    return id;
}

FnId decl_named(Parse *parse, const char *name, Type result)
{
    Fn *row = NULL;
    const Name *link = build_name(parse->build, name);
    bool is_known = map_get(&parse->links, MAP_KEY(link)) != NULL;
    FnId id = fn_row(parse, link, &row);
    if (is_known) return id;
    row->result = result;
    row->flags = FN_UNPROTOTYPED | FN_SYSTEM_HEADER;
    return id;
}

static void make_fn(Parse *parse, CXCursor cursor, Decl *decl)
{
    CXCursor body = clang_getCursorDefinition(cursor);
    bool has_body = !clang_Cursor_isNull(body) && body.kind == CXCursor_FunctionDecl;
    CXCursor from = has_body ? body : clang_getCanonicalCursor(cursor);
    decl->kind = DECL_FN;
    decl->name = source_string(clang_getCursorSpelling(from), parse->tables);
    if (!strncmp(decl->name, "__", 2)) builtin_fill(parse, from, decl);
    if (decl->builtin) return; /* never called under its own name */
    const Name *link = link_name(parse, from, decl->name);
    Fn *row = NULL;
    decl->id = fn_row(parse, link, &row);
    /* in code with errors two declarations of one name need not agree: the body decides */
    bool is_filled = row->loc.line != 0 && (row->body || !has_body);
    row->name = build_name(parse->build, decl->name);
    if (!is_filled) row->flags = 0;
    if (!is_filled) fill_fn(parse, from, has_body, row);
    decl->is_noreturn = row->flags & FN_NORETURN;
    if (has_body && !(row->flags & FN_SYSTEM_HEADER) &&
        (row->flags & FN_INLINE_IN_HEADER))
        vec_push(parse->tables, &parse->pending, body);
}

typedef struct Search {
    const char *name;
    enum CXCursorKind kind;
    CXCursor found;
} Search;

static enum CXChildVisitResult look_at(CXCursor cursor, CXCursor parent,
                                       CXClientData data)
{
    (void)parent;
    Search *search = data;
    if (cursor.kind != search->kind) return CXChildVisit_Continue;
    CXString spelling = clang_getCursorSpelling(cursor);
    bool is_it = !strcmp(clang_getCString(spelling), search->name);
    clang_disposeString(spelling);
    if (!is_it) return CXChildVisit_Continue;
    search->found = cursor;
    return CXChildVisit_Break;
}

/* Looking through all declarations is slow: every answer is kept. */
static Decl *find(Parse *parse, const char *name, enum CXCursorKind kind)
{
    Map *found = kind == CXCursor_VarDecl ? &parse->found_variables : &parse->found_fns;
    uint64_t key = MAP_KEY(build_name(parse->build, name));
    uint64_t *known = map_get(found, key);
    if (known) return (Decl *)(uintptr_t)*known;
    Search search = {name, kind, clang_getNullCursor()};
    clang_visitChildren(clang_getTranslationUnitCursor(parse->tu), look_at, &search);
    Decl *decl = clang_Cursor_isNull(search.found) ? NULL : decl_of(parse, search.found);
    map_put(found, key, MAP_KEY(decl), NULL);
    return decl;
}

FnId decl_find_fn(Parse *parse, const char *name)
{
    Decl *decl = find(parse, name, CXCursor_FunctionDecl);
    return decl && decl->kind == DECL_FN ? decl->id : 0;
}

Decl *decl_find_variable(Parse *parse, const char *name)
{
    return find(parse, name, CXCursor_VarDecl);
}

/* Variables with static storage. */

static GlobalId global_row(Parse *parse, CXCursor cursor, CXCursor definition,
                           const char *name)
{
    bool is_defined = !clang_Cursor_isNull(definition);
    CXCursor from = is_defined ? definition : cursor;
    TypeInfo *type = type_of(parse, clang_getCursorType(from));
    uint32_t flags = is_defined ? GLOBAL_ZEROED : GLOBAL_EXTERN;
    if (clang_getCursorLinkage(from) == CXLinkage_Internal ||
        clang_getCursorLinkage(from) == CXLinkage_NoLinkage)
        flags |= GLOBAL_STATIC;
    if (type->is_const) flags |= GLOBAL_CONST;
    if (clang_getCursorTLSKind(from) != CXTLS_None) flags |= GLOBAL_THREAD;
    flags |= attribute_flags_of_variable(parse, from);
    const Name *link = link_name(parse, from, name);
    Loc loc = source_loc(parse, clang_getCursorLocation(from));
    Global *row = NULL;
    GlobalId id = build_global(parse->build, &row);
    row->name = build_name(parse->build, name);
    row->link_name = link;
    row->type = type->type;
    row->type_name = type_name(parse, clang_getCursorType(from));
    row->flags = flags;
    row->loc = loc;
    return id;
}

static void make_global(Parse *parse, CXCursor cursor, const char *name, Decl *decl)
{
    CXCursor definition = decl_definition(parse, cursor);
    bool is_defined = !clang_Cursor_isNull(definition);
    decl->kind = DECL_GLOBAL;
    decl->name = name;
    decl->type = type_of(parse, clang_getCursorType(is_defined ? definition : cursor));
    decl->id = global_row(parse, cursor, definition, name);
    if (is_defined && !is_system(definition) &&
        !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(definition)))
        vec_push(parse->tables, &parse->pending, definition);
}

static Decl *put(Parse *parse, CXCursor cursor)
{
    Decl *decl = ARENA_NEW(parse->tables, Decl);
    map_put(&parse->decls, MAP_KEY(cursor.data[0]), MAP_KEY(decl), NULL);
    return decl;
}

Decl *decl_put_local(Parse *parse, CXCursor cursor, LocalId id)
{
    Decl *decl = put(parse, cursor);
    decl->kind = DECL_LOCAL;
    decl->id = id;
    decl->type = type_of(parse, clang_getCursorType(cursor));
    return decl;
}

Decl *decl_static_local(Parse *parse, CXCursor cursor, const char *owner)
{
    Decl *decl = put(parse, cursor);
    const char *own = source_string(clang_getCursorSpelling(cursor), parse->tables);
    const char *name = arena_printf(parse->tables, "%s.%s", owner, own);
    /* the same name in another block of the function */
    uint64_t *again =
        map_put(&parse->statics, MAP_KEY(build_name(parse->build, name)), 0, NULL);
    if (++*again > 1)
        name = arena_printf(parse->tables, "%s.%llu", name, (unsigned long long)*again);
    make_global(parse, cursor, name, decl);
    return decl;
}

static Decl *make(Parse *parse, CXCursor cursor)
{
    if (cursor.kind == CXCursor_FieldDecl) return field_of(parse, cursor);
    Decl *decl = put(parse, cursor);
    if (cursor.kind == CXCursor_FunctionDecl) {
        make_fn(parse, cursor, decl);
    } else if (cursor.kind == CXCursor_EnumConstantDecl) {
        decl->kind = DECL_ENUM;
        decl->value = clang_getEnumConstantDeclValue(cursor);
    } else if (cursor.kind == CXCursor_VarDecl &&
               clang_Cursor_hasVarDeclGlobalStorage(cursor) == 1) {
        make_global(parse, cursor,
                    source_string(clang_getCursorSpelling(cursor), parse->tables), decl);
    }
    return decl;
}

static Decl *known(const Parse *parse, uint64_t key)
{
    uint64_t *at = map_get(&parse->decls, key);
    return at ? (Decl *)(uintptr_t)*at : NULL;
}

Decl *decl_of(Parse *parse, CXCursor cursor)
{
    Decl *decl = known(parse, MAP_KEY(cursor.data[0]));
    if (decl) return decl;
    if (cursor.kind != CXCursor_FunctionDecl && cursor.kind != CXCursor_VarDecl)
        return make(parse, cursor);
    CXCursor canonical = clang_getCanonicalCursor(cursor);
    decl = known(parse, MAP_KEY(canonical.data[0]));
    if (!decl) decl = make(parse, canonical);
    map_put(&parse->decls, MAP_KEY(cursor.data[0]), MAP_KEY(decl), NULL);
    return decl;
}
