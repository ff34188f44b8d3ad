/*
 * Fields: an identity that is the same in every TU, and an offset.
 *
 * A record is "tag@file": equal tags of different files are different records. One without
 * a tag is named by its typedef, else by its members, so that the name does not depend on
 * line numbers. Members of an anonymous struct or union belong to the record around it,
 * with offsets from there.
 */
#include <string.h>

#include "base/buf.h"
#include "frontend/decl.h"

enum { MAX_MEMBERS_TEXT = 80 };

static const char *members_text(Parse *parse, CXCursor record)
{
    TypeInfo *type = type_of(parse, clang_getCursorType(record));
    type_fields(parse, type);
    Buf text;
    buf_init(&text, parse->tables);
    buf_text(&text, "{");
    for (uint32_t i = 0; i < type->nfield && text.n < MAX_MEMBERS_TEXT; i++) {
        CXCursor field = type->fields[i].cursor;
        const char *name = source_string(clang_getCursorSpelling(field), parse->tables);
        buf_printf(&text, "%s%s", i ? "," : "", name);
    }
    buf_text(&text, "}");
    return text.at;
}

static bool is_record(CXCursor cursor)
{
    return cursor.kind == CXCursor_StructDecl || cursor.kind == CXCursor_UnionDecl;
}

/* Without the file: "tag", "typedef", or "outer.{a,b}". */
static const char *record_text(Parse *parse, CXCursor record)
{
    const char *text = "";
    for (int depth = 0; depth < 8; depth++) {
        const char *own = source_string(clang_getCursorSpelling(record), parse->tables);
        bool is_unnamed = !*own || strchr(own, '(') || clang_Cursor_isAnonymous(record);
        if (!is_unnamed) return arena_printf(parse->tables, "%s%s", own, text);
        text = arena_printf(parse->tables, "%s%s", members_text(parse, record), text);
        record = clang_getCursorSemanticParent(record);
        if (!is_record(record)) break;
        text = arena_printf(parse->tables, ".%s", text);
    }
    return text;
}

const Name *field_record(Parse *parse, CXCursor record)
{
    uint64_t key = MAP_KEY(record.data[0]);
    uint64_t *known = map_get(&parse->records, key);
    if (known) return (const Name *)(uintptr_t)*known;
    CXFile file = NULL;
    clang_getExpansionLocation(clang_getCursorLocation(record), &file, NULL, NULL, NULL);
    const char *path = file ? source_path(parse, file) : "";
    const Name *name =
        build_name(parse->build, arena_printf(parse->tables, "%s@%s",
                                              record_text(parse, record), path));
    map_put(&parse->records, key, MAP_KEY(name), NULL);
    return name;
}

/* The record a member is accessed through: anonymous levels are skipped. */
static CXCursor owner_of(CXCursor field)
{
    CXCursor record = clang_getCursorSemanticParent(field);
    while (clang_Cursor_isAnonymousRecordDecl(record)) {
        CXCursor outer = clang_getCursorSemanticParent(record);
        if (!is_record(outer)) break;
        record = outer;
    }
    return record;
}

static bool is_unnamed_member(const TypeInfo *type, const char *name)
{
    if (*name && !strchr(name, '(')) return false;
    return type->shape == SHAPE_RECORD || type->shape == SHAPE_UNION;
}

Decl *field_of(Parse *parse, CXCursor cursor)
{
    Decl *decl = ARENA_NEW(parse->tables, Decl);
    map_put(&parse->decls, MAP_KEY(cursor.data[0]), MAP_KEY(decl), NULL);
    const char *name = source_string(clang_getCursorSpelling(cursor), parse->tables);
    decl->kind = DECL_FIELD;
    decl->name = name;
    decl->type = type_of(parse, clang_getCursorType(cursor));
    decl->is_bitfield = clang_Cursor_isBitField(cursor);
    decl->is_unnamed = is_unnamed_member(decl->type, name);
    if (decl->is_unnamed) return decl;
    CXCursor owner = owner_of(cursor);
    long long bits = clang_Type_getOffsetOf(clang_getCursorType(owner), name);
    if (bits < 0) bits = 0;
    const Name *record = field_record(parse, owner);
    Field *row = NULL;
    decl->id = build_field(parse->build, &row);
    row->record = record;
    row->name = build_name(parse->build, name);
    row->offset = (uint64_t)bits / 8;
    row->type = decl->type->type;
    row->type_name = type_name_of_slot(parse, clang_getCursorType(cursor));
    attribute_fill_field(cursor, row);
    if (decl->is_bitfield) {
        int width = clang_getFieldDeclBitWidth(cursor);
        row->bit_width = width > 0 && width < 256 ? (uint8_t)width : 0;
        row->bit_offset = (uint8_t)((uint64_t)bits % 8);
    }
    return decl;
}
