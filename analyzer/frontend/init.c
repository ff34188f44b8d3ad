/*
 * Initialisers: from braces to single parts.
 *
 * libclang shows an initialiser list as it was written. Which part of the object an item
 * belongs to follows C11 6.7.9: items fill parts in order, a designator moves the place,
 * braces may be left out around an inner aggregate, which then takes as many items as it
 * has parts.
 */
#include "frontend/init.h"

#include "frontend/recover.h"

typedef struct Walk {
    Parse *parse;
    const InitSink *sink;
    InitPath path;
} Walk;

static void walk_object(Walk *walk, TypeInfo *type, Node *node);
static Node *walk_items(Walk *walk, TypeInfo *type, Node *item, uint64_t start,
                        bool is_braced);

static bool is_aggregate(const TypeInfo *type)
{
    return type->shape == SHAPE_ARRAY || type->shape == SHAPE_RECORD ||
           type->shape == SHAPE_UNION;
}

static bool is_designation(Parse *parse, Node *node)
{
    return node_kind(node) == CXCursor_UnexposedExpr &&
           node_hidden(parse, node) == HIDDEN_DESIGNATION;
}

static Node *next_item(Node *node)
{
    while (node && !node_is_expr(node))
        node = node->next;
    return node;
}

static bool is_string_for(Parse *parse, TypeInfo *type, Node *node)
{
    if (type->shape != SHAPE_ARRAY) return false;
    TypeInfo *element = type_target(parse, type);
    Node *inner = node_strip(parse, node);
    return element && element->type.kind == TYPE_INT && element->type.size <= 4 &&
           node_kind(inner) == CXCursor_StringLiteral;
}

static uint64_t part_count(Walk *walk, TypeInfo *type)
{
    if (type->shape == SHAPE_ARRAY) return type->count ? type->count : UINT64_MAX;
    type_fields(walk->parse, type);
    return type->nfield;
}

/* Opens the part; false: too deep, or there is none. */
static bool step_into(Walk *walk, TypeInfo *type, uint64_t index, TypeInfo **part)
{
    if (walk->path.n == INIT_DEPTH || index >= part_count(walk, type)) return false;
    InitStep *step = &walk->path.steps[walk->path.n];
    if (type->shape == SHAPE_ARRAY) {
        TypeInfo *element = type_target(walk->parse, type);
        *step = (InitStep){.index = index, .type = element};
        step->bits = index * element->type.size * 8;
    } else {
        RecordField *field = &type->fields[index];
        *step = (InitStep){.field = decl_of(walk->parse, field->cursor),
                           .type = field->type,
                           .bits = field->bits};
    }
    walk->path.n++;
    *part = step->type;
    return true;
}

/* Finds a field among the members of `type` or of its anonymous members, and opens the
 * steps to it; gives its position at the first level. */
static bool step_to_field(Walk *walk, TypeInfo *type, CXCursor field, uint64_t *position,
                          TypeInfo **part)
{
    type_fields(walk->parse, type);
    for (uint32_t i = 0; i < type->nfield; i++) {
        *position = i;
        if (type->fields[i].cursor.data[0] == field.data[0])
            return step_into(walk, type, i, part);
        if (!type->fields[i].is_anonymous || !step_into(walk, type, i, part)) continue;
        uint64_t inner = 0;
        if (step_to_field(walk, *part, field, &inner, part)) return true;
        walk->path.n--;
    }
    return false;
}

typedef struct Place {
    TypeInfo *part;
    uint64_t first;      /* position at the outermost level */
    uint64_t low, count; /* of a range, at the innermost level */
} Place;

/* [a ... b] shows two expressions, like [a][b]: the text decides. */
static bool is_range(Parse *parse, const Node *first)
{
    Text text = source_text(parse, clang_getCursorLocation(first->cursor));
    for (size_t i = 0; i + 2 < text.left && text.at[i] != ']'; i++)
        if (text.at[i] == '.' && text.at[i + 1] == '.' && text.at[i + 2] == '.')
            return true;
    return false;
}

static bool designate_element(Walk *walk, TypeInfo *type, Node **at, Node *value,
                              Place *place)
{
    int64_t low = 0, high = 0;
    Node *index = *at, *second = index->next;
    if (type->shape != SHAPE_ARRAY || !node_constant(walk->parse, index, &low) || low < 0)
        return false;
    high = low;
    if (second && second != value && node_is_expr(second) &&
        is_range(walk->parse, index)) {
        if (!node_constant(walk->parse, second, &high)) return false;
        *at = second;
    }
    place->low = (uint64_t)low;
    place->count = high >= low ? (uint64_t)(high - low) + 1 : 1;
    return step_into(walk, type, (uint64_t)low, &place->part);
}

/* Follows the designators of one item from `type`. */
static bool designate(Walk *walk, TypeInfo *type, Node *item, Place *place)
{
    Node *value = node_last_expr(item);
    bool is_first = true;
    place->part = type;
    for (Node *at = item->first; at && at != value; at = at->next) {
        uint64_t position = 0;
        type = place->part;
        place->count = 1;
        if (node_kind(at) == CXCursor_MemberRef) {
            CXCursor field = clang_getCursorReferenced(at->cursor);
            if (!step_to_field(walk, type, field, &position, &place->part)) return false;
        } else if (node_is_expr(at)) {
            if (!designate_element(walk, type, &at, value, place)) return false;
            position = place->low + place->count - 1;
        } else {
            continue;
        }
        if (is_first) place->first = position;
        is_first = false;
    }
    return !is_first;
}

/* The same type but for its qualifiers: `const struct s` initialises a `struct s` whole. */
static bool is_same_object(const TypeInfo *from, const TypeInfo *to)
{
    CXType a = clang_getUnqualifiedType(from->canonical);
    CXType b = clang_getUnqualifiedType(to->canonical);
    return from == to || clang_equalTypes(a, b);
}

static bool takes_whole(Walk *walk, TypeInfo *part, Node *item)
{
    if (!is_aggregate(part) || node_kind(item) == CXCursor_InitListExpr) return true;
    if (is_string_for(walk->parse, part, item)) return true;
    return part->shape != SHAPE_ARRAY &&
           is_same_object(node_type(walk->parse, item), part);
}

/* After `.a.b = x` the next item belongs behind b, inside a. */
static Node *walk_designated(Walk *walk, TypeInfo *type, Node *item, uint64_t *position)
{
    uint32_t depth = walk->path.n;
    Place place = {0};
    Node *value = node_last_expr(item), *next = next_item(item->next);
    if (!value || !designate(walk, type, item, &place)) {
        walk->path.n = depth;
        return next;
    }
    uint64_t n =
        place.count < walk->sink->range_limit ? place.count : walk->sink->range_limit;
    InitStep *last = &walk->path.steps[walk->path.n - 1];
    uint32_t designated = walk->path.n;
    for (uint64_t i = 0; i < n; i++) {
        TypeInfo *part = place.part;
        walk->path.n = designated;
        /* .point = 1: braces left out, the first scalar inside is meant */
        while (!takes_whole(walk, part, value) && step_into(walk, part, 0, &part))
            continue;
        walk_object(walk, part, value);
        if (i + 1 == n || last->field) break;
        last->index++;
        last->bits += place.part->type.size * 8ull;
    }
    *position = place.first + 1;
    while (next && walk->path.n > depth + 1 && !is_designation(walk->parse, next)) {
        InitStep *inner = &walk->path.steps[--walk->path.n];
        TypeInfo *around = walk->path.steps[walk->path.n - 1].type;
        if (around->shape == SHAPE_UNION) continue;
        uint64_t behind = inner->index + 1;
        for (uint32_t i = 0; inner->field && i < around->nfield; i++)
            if (decl_of(walk->parse, around->fields[i].cursor) == inner->field)
                behind = i + 1;
        next = walk_items(walk, around, next, behind, false);
    }
    walk->path.n = depth;
    return next;
}

/* Fills parts of `type` from part `start` on; gives the first item that is left over. */
static Node *walk_items(Walk *walk, TypeInfo *type, Node *item, uint64_t start,
                        bool is_braced)
{
    uint64_t at = start;
    while (item) {
        if (is_designation(walk->parse, item)) {
            if (!is_braced) return item;
            item = walk_designated(walk, type, item, &at);
            continue;
        }
        TypeInfo *part = NULL;
        bool is_over = type->shape == SHAPE_UNION && at > 0;
        if (is_over || !step_into(walk, type, at, &part)) return is_braced ? NULL : item;
        if (takes_whole(walk, part, item)) {
            walk_object(walk, part, item);
            item = next_item(item->next);
        } else {
            Node *before = item;
            item = walk_items(walk, part, item, 0, false);
            if (item == before) item = next_item(item->next);
        }
        walk->path.n--;
        at++;
    }
    return NULL;
}

static void walk_object(Walk *walk, TypeInfo *type, Node *node)
{
    if (node_kind(node) != CXCursor_InitListExpr || type->shape == SHAPE_BULK) {
        walk->sink->put(walk->sink->data, &walk->path, type, node);
        return;
    }
    Node *first = next_item(node->first);
    if (!first) return;
    if (!is_aggregate(type) ||
        (is_string_for(walk->parse, type, first) && !first->next)) {
        walk->sink->put(walk->sink->data, &walk->path, type, first);
        return;
    }
    walk_items(walk, type, first, 0, true);
}

void init_walk(Parse *parse, const InitSink *sink, TypeInfo *type, Node *node)
{
    Walk walk = {.parse = parse, .sink = sink};
    walk_object(&walk, type, node);
}
