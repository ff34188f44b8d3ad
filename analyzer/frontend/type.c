/*
 * Types: from libclang's to the few kinds the IR knows.
 *
 * Always through the canonical type, and asked once a type: the opaque QualType pointer is
 * the key. libclang undoes decay, so a parameter `T p[]` and the value of an array show
 * the array type; `scalar` is the type such an expression really has as a value.
 */
#include "frontend/type.h"

#include <string.h>

#include "base/buf.h"

Type type_pointer(void)
{
    return (Type){.kind = TYPE_POINTER, .size = 8};
}

Type type_int(void)
{
    return (Type){.kind = TYPE_INT, .is_signed = true, .size = 4};
}

TypeInfo *type_of_int(Parse *parse)
{
    if (!parse->int_type) {
        parse->int_type = ARENA_NEW(parse->tables, TypeInfo);
        parse->int_type->type = parse->int_type->scalar = type_int();
    }
    return parse->int_type;
}

static bool kind_is_signed(enum CXTypeKind kind)
{
    switch ((int)kind) {
    case CXType_Char_S:
    case CXType_SChar:
    case CXType_WChar:
    case CXType_Short:
    case CXType_Int:
    case CXType_Long:
    case CXType_LongLong:
    case CXType_Int128: return true;
    default: return false;
    }
}

static uint32_t size_of(CXType type)
{
    long long size = clang_Type_getSizeOf(type);
    return size > 0 && size <= UINT32_MAX ? (uint32_t)size : 0;
}

static bool is_function(CXType type)
{
    return type.kind == CXType_FunctionProto || type.kind == CXType_FunctionNoProto;
}

static void fill_pointer(TypeInfo *info, CXType pointee)
{
    info->type = (Type){.kind = TYPE_POINTER, .size = size_of(info->canonical)};
    info->type.to_const = clang_isConstQualifiedType(pointee);
    info->type.to_function = is_function(pointee);
}

static void fill_record(TypeInfo *info)
{
    CXCursor decl = clang_getTypeDeclaration(info->canonical);
    info->shape =
        clang_getCursorKind(decl) == CXCursor_UnionDecl ? SHAPE_UNION : SHAPE_RECORD;
    info->type = (Type){.kind = TYPE_AGGREGATE, .size = size_of(info->canonical)};
}

static void fill_enum(TypeInfo *info)
{
    CXType base = clang_getCanonicalType(
        clang_getEnumDeclIntegerType(clang_getTypeDeclaration(info->canonical)));
    info->type = (Type){.kind = TYPE_INT, .size = size_of(info->canonical)};
    info->type.is_signed = kind_is_signed(base.kind);
}

static void fill_array(TypeInfo *info)
{
    CXType element = clang_getCanonicalType(clang_getArrayElementType(info->canonical));
    long long count = clang_getArraySize(info->canonical);
    info->shape = SHAPE_ARRAY;
    info->count = count > 0 ? (uint64_t)count : 0;
    /* the qualifiers of an element may stand on the array itself */
    info->is_const |= clang_isConstQualifiedType(element) != 0;
    info->is_volatile |= clang_isVolatileQualifiedType(element) != 0;
    info->is_variable_array = info->canonical.kind == CXType_VariableArray;
    info->type.kind = TYPE_AGGREGATE;
    if (info->canonical.kind == CXType_ConstantArray)
        info->type.size = size_of(info->canonical);
    info->scalar = (Type){.kind = TYPE_POINTER, .size = 8, .to_const = info->is_const};
}

/* _Atomic(T) behaves as T; its value type is canonical again. */
static CXType without_atomic(CXType type)
{
    return type.kind == CXType_Atomic
               ? clang_getCanonicalType(clang_Type_getValueType(type))
               : type;
}

static void fill(TypeInfo *info)
{
    CXType type = info->canonical;
    info->is_const = clang_isConstQualifiedType(type);
    info->is_volatile = clang_isVolatileQualifiedType(type);
    info->is_elsewhere = clang_getAddressSpace(type) != 0;
    switch ((int)type.kind) {
    case CXType_Void: info->shape = SHAPE_VOID; break;
    case CXType_Pointer:
        fill_pointer(info, clang_getCanonicalType(clang_getPointeeType(type)));
        break;
    case CXType_BlockPointer:
    case CXType_NullPtr: info->type = type_pointer(); break;
    case CXType_Record: fill_record(info); break;
    case CXType_Enum: fill_enum(info); break;
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
    case CXType_VariableArray:
    case CXType_DependentSizedArray: fill_array(info); return;
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
        info->shape = SHAPE_FUNCTION;
        info->scalar = type_pointer();
        info->scalar.to_function = true;
        return;
    case CXType_Vector:
    case CXType_ExtVector:
    case CXType_Complex:
        info->shape = SHAPE_BULK;
        info->type = (Type){.kind = TYPE_AGGREGATE, .size = size_of(type)};
        break;
    case CXType_Half:
    case CXType_Float16:
    case CXType_Float:
    case CXType_Double:
    case CXType_LongDouble:
    case CXType_Float128:
    case CXType_Ibm128:
    case CXType_BFloat16:
        info->type = (Type){.kind = TYPE_FLOAT, .size = size_of(type)};
        break;
    case CXType_Invalid:
    case CXType_Unexposed: /* the type of a builtin's name has no size: asking crashes */
    case CXType_Dependent: info->type = type_int(); break;
    default:
        info->is_bool = type.kind == CXType_Bool;
        info->type = (Type){.kind = TYPE_INT, .size = size_of(type)};
        info->type.is_signed = kind_is_signed(type.kind);
        break;
    }
    info->scalar = info->type;
}

TypeInfo *type_of(Parse *parse, CXType type)
{
    uint64_t *known = map_get(&parse->types, MAP_KEY(type.data[0]));
    if (known && type.data[0]) return (TypeInfo *)(uintptr_t)*known;
    CXType canonical = without_atomic(clang_getCanonicalType(type));
    known = map_get(&parse->types, MAP_KEY(canonical.data[0]));
    TypeInfo *info = NULL;
    if (known && canonical.data[0]) {
        info = (TypeInfo *)(uintptr_t)*known;
    } else {
        info = ARENA_NEW(parse->tables, TypeInfo);
        info->canonical = canonical;
        fill(info);
        map_put(&parse->types, MAP_KEY(canonical.data[0]), MAP_KEY(info), NULL);
    }
    map_put(&parse->types, MAP_KEY(type.data[0]), MAP_KEY(info), NULL);
    return info;
}

TypeInfo *type_target(Parse *parse, TypeInfo *info)
{
    if (info->has_target) return info->target;
    info->has_target = true;
    if (info->shape == SHAPE_ARRAY)
        info->target = type_of(parse, clang_getArrayElementType(info->canonical));
    else if (info->canonical.kind == CXType_Pointer)
        info->target = type_of(parse, clang_getPointeeType(info->canonical));
    else if (info->canonical.kind == CXType_Vector ||
             info->canonical.kind == CXType_ExtVector)
        info->target = type_of(parse, clang_getElementType(info->canonical));
    else if (info->shape == SHAPE_FUNCTION)
        info->target = info;
    return info->target;
}

uint32_t type_stride(Parse *parse, TypeInfo *info)
{
    TypeInfo *target = type_target(parse, info);
    if (!target || target->shape == SHAPE_VOID || target->shape == SHAPE_FUNCTION)
        return 1;
    return target->type.size;
}

bool type_never_returns(Parse *parse, TypeInfo *fn)
{
    if (fn->has_return) return fn->never_returns;
    fn->has_return = true;
    const char *text = source_string(clang_getTypeSpelling(fn->canonical), parse->tables);
    fn->never_returns = strstr(text, "__attribute__((noreturn))") != NULL;
    return fn->never_returns;
}

/* "struct conn *" of `const struct conn *`. */
static const char *pointer_text(Parse *parse, CXType pointee)
{
    CXType plain = clang_getUnqualifiedType(pointee);
    const char *text = source_string(clang_getTypeSpelling(plain), parse->tables);
    return arena_printf(parse->tables, "%s *", text);
}

static bool is_alias(CXType type)
{
    if (type.kind == CXType_Elaborated) type = clang_Type_getNamedType(type);
    return type.kind == CXType_Typedef;
}

static const Name *name_type(Parse *parse, CXType type, CXType canonical)
{
    CXType whole = clang_getPointeeType(canonical);
    bool is_record = whole.kind == CXType_Record;
    const char *text = NULL;
    if (is_alias(type)) {
        CXType plain = clang_getUnqualifiedType(type);
        text = source_string(clang_getTypeSpelling(plain), parse->tables);
    } else if (is_alias(clang_getPointeeType(type))) {
        text = pointer_text(parse, clang_getPointeeType(type));
    }
    if (!text && !is_record) return NULL;
    const char *full = is_record ? pointer_text(parse, whole) : NULL;
    if (text && full && strcmp(text, full) != 0)
        text = arena_printf(parse->tables, "%s|%s", text, full);
    text = text ? text : full;
    return strchr(text, '(') ? NULL : build_name(parse->build, text);
}

const Name *type_name(Parse *parse, CXType type)
{
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind != CXType_Pointer || !type.data[0]) return NULL;
    uint64_t *known = map_get(&parse->type_names, MAP_KEY(type.data[0]));
    if (known) return (const Name *)(uintptr_t)*known;
    const Name *name = name_type(parse, type, canonical);
    map_put(&parse->type_names, MAP_KEY(type.data[0]), MAP_KEY(name), NULL);
    return name;
}

/* "(frame_t *|struct frame *;;dict_t *)": what a pointer to a function takes, by names. */
static const char *signature(Parse *parse, CXType function)
{
    int n = clang_getNumArgTypes(function);
    bool says = false;
    Buf out;
    buf_init(&out, parse->tables);
    buf_text(&out, "(");
    for (int i = 0; i < n; i++) {
        const Name *name = type_name(parse, clang_getArgType(function, (unsigned)i));
        says |= name != NULL;
        if (i) buf_text(&out, ";");
        if (name) buf_text(&out, name->text);
    }
    buf_text(&out, ")");
    buf_put(&out, "", 1);
    return says ? out.at : NULL;
}

const Name *type_name_of_slot(Parse *parse, CXType type)
{
    const Name *name = type_name(parse, type);
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind != CXType_Pointer) return name;
    CXType whole = clang_getPointeeType(canonical);
    if (whole.kind != CXType_FunctionProto) return name;
    /* The typedef has the spelling of the parameters, the canonical type has lost it. */
    CXType written = clang_getPointeeType(type);
    if (written.kind == CXType_Unexposed || written.kind == CXType_Invalid)
        written = whole;
    const char *takes =
        signature(parse, clang_getNumArgTypes(written) < 0 ? whole : written);
    if (!takes) return name;
    return build_name(parse->build,
                      name ? arena_printf(parse->tables, "%s|%s", name->text, takes)
                           : takes);
}

bool type_is_pointer(const TypeInfo *info)
{
    return info->scalar.kind == TYPE_POINTER;
}

typedef struct FieldList {
    Parse *parse;
    VEC(RecordField) fields;
} FieldList;

static enum CXVisitorResult add_field(CXCursor cursor, CXClientData data)
{
    FieldList *list = data;
    Parse *parse = list->parse;
    RecordField field = {.cursor = cursor};
    field.type = type_of(parse, clang_getCursorType(cursor));
    const char *name = source_string(clang_getCursorSpelling(cursor), parse->tables);
    CXCursor record = clang_getTypeDeclaration(field.type->canonical);
    bool is_record =
        field.type->shape == SHAPE_RECORD || field.type->shape == SHAPE_UNION;
    field.is_anonymous = is_record && clang_Cursor_isAnonymousRecordDecl(record);
    if (clang_Cursor_isBitField(cursor) && (!*name || strchr(name, '(')))
        return CXVisit_Continue; /* padding */
    long long bits = clang_Cursor_getOffsetOfField(cursor);
    field.bits = bits > 0 ? (uint64_t)bits : 0;
    vec_push(parse->tables, &list->fields, field);
    return CXVisit_Continue;
}

void type_fields(Parse *parse, TypeInfo *info)
{
    if (info->has_fields) return;
    info->has_fields = true;
    if (info->shape != SHAPE_RECORD && info->shape != SHAPE_UNION) return;
    FieldList list = {.parse = parse};
    clang_Type_visitFields(info->canonical, add_field, &list);
    info->fields = list.fields.at;
    info->nfield = list.fields.n;
}
