/*
 * The text of a condition that the preprocessor threw away.
 *
 *     claim   = both { "||" both }          both  = equal { "&&" equal }
 *     equal   = unary [ ("==" | "!=") unary ]
 *     unary   = "!" unary | "(" claim ")" | NULL | number | name { ("->" | ".") name }
 *
 * Names are looked up among the variables that are visible at the statement. Anything
 * else (calls, arithmetic, subscripts) makes the whole claim unread: better no knowledge
 * than wrong knowledge. Only of "a && b && what cannot be read" the first halves hold all the
 * same. It is read completely before the first instruction is emitted.
 */
#include "frontend/claim.h"

#include <ctype.h>
#include <string.h>

typedef enum TermKind {
    TERM_OR,
    TERM_AND,
    TERM_EQ,
    TERM_NE,
    TERM_NOT,
    TERM_ZERO,
    TERM_PATH
} TermKind;

typedef struct Term {
    TermKind kind;
    struct Term *a, *b;
    Decl *object; /* TERM_PATH: where it starts */
    VEC(Decl *) fields;
    VEC(bool) arrows;
    TypeInfo *type;
} Term;

typedef struct Reader {
    Lower *lower;
    Node *node;
    Text text;
    uint32_t depth;
    const char *macro;
} Reader;

enum { MAX_DEPTH = 32 };

static Term *read_or(Reader *reader);

static bool take(Reader *reader, const char *sign)
{
    size_t n = strlen(sign);
    if (reader->text.left < n || memcmp(reader->text.at, sign, n) != 0) return false;
    reader->text = text_skip(reader->text, n);
    return true;
}

static const char *take_name(Reader *reader)
{
    Text text = reader->text;
    size_t n = 0;
    while (n < text.left && (isalnum((unsigned char)text.at[n]) || text.at[n] == '_'))
        n++;
    if (!n || isdigit((unsigned char)*text.at)) return NULL;
    reader->text = text_skip(text, n);
    return arena_copy(reader->lower->nodes, text.at, n);
}

static bool is_named(CXCursor cursor, const char *name)
{
    CXString spelling = clang_getCursorSpelling(cursor);
    const char *text = clang_getCString(spelling);
    bool is_it = text && !strcmp(text, name);
    clang_disposeString(spelling);
    return is_it;
}

/* Declarations before the statement in the blocks around it, then parameters. */
static Decl *find_object(Reader *reader, const char *name)
{
    Parse *parse = reader->lower->parse;
    for (Node *at = reader->node; at->parent; at = at->parent) {
        Decl *found = NULL;
        for (Node *child = at->parent->first; child && child != at; child = child->next) {
            if (node_kind(child) == CXCursor_ParmDecl && is_named(child->cursor, name))
                found = decl_of(parse, child->cursor);
            if (node_kind(child) != CXCursor_DeclStmt) continue;
            for (Node *decl = child->first; decl; decl = decl->next)
                if (node_kind(decl) == CXCursor_VarDecl && is_named(decl->cursor, name))
                    found = decl_of(parse, decl->cursor);
        }
        if (found) return found;
    }
    return decl_find_variable(parse, name);
}

static bool find_field(Parse *parse, TypeInfo *record, const char *name, CXCursor *found)
{
    type_fields(parse, record);
    for (uint32_t i = 0; i < record->nfield; i++) {
        const RecordField *field = &record->fields[i];
        if (field->is_anonymous ? find_field(parse, field->type, name, found)
                                : is_named(field->cursor, name)) {
            if (!field->is_anonymous) *found = field->cursor;
            return true;
        }
    }
    return false;
}

static bool read_member(Reader *reader, Term *term, bool is_arrow)
{
    Parse *parse = reader->lower->parse;
    TypeInfo *record = is_arrow ? type_target(parse, term->type) : term->type;
    const char *name = take_name(reader);
    CXCursor field = clang_getNullCursor();
    if (!name || !record ||
        (record->shape != SHAPE_RECORD && record->shape != SHAPE_UNION))
        return false;
    if (is_arrow && !type_is_pointer(term->type)) return false;
    if (!find_field(parse, record, name, &field)) return false;
    Decl *decl = decl_of(parse, field);
    vec_push(reader->lower->nodes, &term->fields, decl);
    vec_push(reader->lower->nodes, &term->arrows, is_arrow);
    term->type = decl->type;
    return true;
}

static Term *new_term(Reader *reader, TermKind kind, Term *a, Term *b)
{
    Term *term = ARENA_NEW(reader->lower->nodes, Term);
    term->kind = kind;
    term->a = a;
    term->b = b;
    return term;
}

static Term *read_path(Reader *reader)
{
    const char *name = take_name(reader);
    if (!name) return NULL;
    if (!strcmp(name, "NULL")) return new_term(reader, TERM_ZERO, NULL, NULL);
    Term *term = new_term(reader, TERM_PATH, NULL, NULL);
    term->object = find_object(reader, name);
    if (!term->object ||
        (term->object->kind != DECL_LOCAL && term->object->kind != DECL_GLOBAL))
        return NULL;
    term->type = term->object->type;
    for (;;) {
        bool is_arrow = take(reader, "->");
        if (!is_arrow && !take(reader, ".")) break;
        if (!read_member(reader, term, is_arrow)) return NULL;
    }
    bool is_scalar =
        term->type->scalar.kind == TYPE_POINTER || term->type->scalar.kind == TYPE_INT;
    return is_scalar && term->type->shape == SHAPE_SCALAR ? term : NULL;
}

static Term *read_unary(Reader *reader)
{
    if (reader->depth++ > MAX_DEPTH || !reader->text.left) return NULL;
    bool is_unequal = reader->text.left > 1 && reader->text.at[1] == '=';
    if (*reader->text.at == '!' && !is_unequal && take(reader, "!")) {
        Term *inner = read_unary(reader);
        return inner ? new_term(reader, TERM_NOT, inner, NULL) : NULL;
    }
    if (take(reader, "(")) {
        Term *inner = read_or(reader);
        return inner && take(reader, ")") ? inner : NULL;
    }
    if (*reader->text.at == '0') {
        Text after = text_skip(reader->text, 1);
        if (after.left && isalnum((unsigned char)reader->text.at[1])) return NULL;
        reader->text = after;
        return new_term(reader, TERM_ZERO, NULL, NULL);
    }
    return read_path(reader);
}

static Term *read_equal(Reader *reader)
{
    Term *left = read_unary(reader);
    if (!left) return NULL;
    bool is_equal = take(reader, "==");
    if (!is_equal && !take(reader, "!=")) return left;
    Term *right = read_unary(reader);
    if (!right || (left->kind != TERM_ZERO) == (right->kind != TERM_ZERO)) return NULL;
    return new_term(reader, is_equal ? TERM_EQ : TERM_NE, left, right);
}

static Term *read_and(Reader *reader)
{
    Term *left = read_equal(reader);
    while (left && take(reader, "&&")) {
        Term *right = read_equal(reader);
        left = right ? new_term(reader, TERM_AND, left, right) : NULL;
    }
    return left;
}

static Term *read_or(Reader *reader)
{
    Term *left = read_and(reader);
    while (left && take(reader, "||")) {
        Term *right = read_and(reader);
        left = right ? new_term(reader, TERM_OR, left, right) : NULL;
    }
    return left;
}

/* What is left of a conjunction, up to the end of the claim, is joined by "&&" alone. */
static bool is_conjunction(Text rest)
{
    int depth = 0;
    for (size_t i = 0; i + 1 < rest.left; i++) {
        char c = rest.at[i];
        if (c == '(' || c == '[') depth++;
        if (c == ')' || c == ']') depth--;
        if (depth < 0 || (!depth && c == ',')) return true;
        if (c == '"' || c == '\'' || c == '{') return false;
        if (!depth && (c == '?' || (c == '|' && rest.at[i + 1] == '|'))) return false;
    }
    return true;
}

/* The halves that come before the first one that cannot be read. */
static Term *read_leading(Reader *reader)
{
    Term *all = NULL;
    Text rest = reader->text;
    for (;;) {
        Term *half = read_equal(reader);
        if (!half || !take(reader, "&&")) break;
        all = all ? new_term(reader, TERM_AND, all, half) : half;
        rest = reader->text;
    }
    return all && is_conjunction(rest) ? all : NULL;
}

/* Instructions. */

static Ins at_claim(Reader *reader, Op op)
{
    Ins ins = emit_at(reader->lower, reader->node, op);
    if (!ins.macro) ins.macro = build_macro(reader->lower->parse->build, reader->macro);
    return ins;
}

static Val emit_path(Reader *reader, const Term *term)
{
    Lower *lower = reader->lower;
    Val value = emit_decl(lower, reader->node, term->object);
    TypeInfo *type = term->object->type;
    for (uint32_t i = 0; i < term->fields.n; i++) {
        if (term->arrows.at[i])
            value = emit_load(lower, reader->node, value, type->scalar);
        value = emit_field(lower, reader->node, value, term->fields.at[i],
                           term->arrows.at[i]);
        type = term->fields.at[i]->type;
    }
    return emit_load(lower, reader->node, value, type->scalar);
}

static const Term *path_of(const Term *term)
{
    return term->a->kind == TERM_ZERO ? term->b : term->a;
}

static Val emit_term(Reader *reader, const Term *term)
{
    Lower *lower = reader->lower;
    Calc calc = term->kind == TERM_EQ || term->kind == TERM_NOT ? CALC_NOT : CALC_NE;
    switch (term->kind) {
    case TERM_ZERO: return emit_const(lower, reader->node, type_int(), 0);
    case TERM_PATH: return emit_path(reader, term);
    case TERM_NOT:
        return emit_calc(lower, reader->node, calc, emit_term(reader, term->a), 0,
                         type_int());
    case TERM_EQ:
    case TERM_NE: {
        const Term *path = path_of(term);
        Val value = emit_term(reader, path);
        if (calc == CALC_NOT)
            return emit_calc(lower, reader->node, calc, value, 0, type_int());
        Type type = path->type ? path->type->scalar : type_int();
        Val zero = emit_const(lower, reader->node, type, 0);
        return emit_calc(lower, reader->node, calc, value, zero, type_int());
    }
    case TERM_AND:
    case TERM_OR: break;
    }
    Val a = emit_term(reader, term->a), b = emit_term(reader, term->b);
    Val zero = emit_const(lower, reader->node, type_int(), 0);
    a = emit_calc(lower, reader->node, CALC_NE, a, zero, type_int());
    b = emit_calc(lower, reader->node, CALC_NE, b, zero, type_int());
    calc = term->kind == TERM_AND ? CALC_AND : CALC_OR;
    return emit_calc(lower, reader->node, calc, a, b, type_int());
}

static void assume(Reader *reader, const Term *term, bool is_negated)
{
    if (term->kind == TERM_EQ || term->kind == TERM_NE) {
        if (term->kind == TERM_EQ) is_negated = !is_negated;
        term = path_of(term);
    }
    if (term->kind == TERM_NOT) {
        assume(reader, term->a, !is_negated);
    } else if (term->kind == (is_negated ? TERM_OR : TERM_AND)) {
        assume(reader, term->a, is_negated);
        assume(reader, term->b, is_negated);
    } else {
        Val value = emit_term(reader, term);
        if (is_negated)
            value =
                emit_calc(reader->lower, reader->node, CALC_NOT, value, 0, type_int());
        Ins ins = at_claim(reader, OP_ASSUME);
        ins.a = value;
        build_ins(reader->lower->body, ins);
    }
}

static bool has_member(const Term *term)
{
    if (!term) return false;
    if (term->kind == TERM_PATH) return term->fields.n != 0;
    return has_member(term->a) || has_member(term->b);
}

/* a || a->b: the first half guards the second, but both would be loaded. What falls apart
 * into assumptions of its own is in order: the first holds when the second is looked at. */
static bool is_safe(const Term *term, bool is_negated)
{
    if (term->kind == TERM_NOT) return is_safe(term->a, !is_negated);
    if (term->kind == (is_negated ? TERM_OR : TERM_AND))
        return is_safe(term->a, is_negated) && is_safe(term->b, is_negated);
    if (term->kind == TERM_OR || term->kind == TERM_AND) return !has_member(term);
    return true;
}

void claim_assume(Lower *lower, Node *node, Text text, bool is_negated, const char *macro)
{
    Reader reader = {.lower = lower, .node = node, .text = text, .macro = macro};
    if (!take(&reader, "(")) return;
    Text whole = reader.text;
    Term *term = read_or(&reader);
    bool is_whole =
        term && reader.text.left && (*reader.text.at == ')' || *reader.text.at == ',');
    if (!is_whole && !is_negated) {
        reader.text = whole;
        reader.depth = 0;
        term = read_leading(&reader);
        is_whole = term != NULL;
    }
    if (!is_whole || !is_safe(term, is_negated) || term->kind == TERM_ZERO) return;
    bool outer = lower->is_assumed;
    lower->is_assumed = true;
    assume(&reader, term, is_negated);
    lower->is_assumed = outer;
}
