/*
 * From terms to C. A term says "what stood 8 bytes into what parameter 0 points to"; with
 * the record of that parameter (records.h) it is `t->bucket` again.
 */
#include "contract/phrase.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST_DEPTH = 12,
    MOST_TEXT = 100,
    MOST_VALUES = 4,
    WIDEST_SPAN = 64,
    HOLE_BITS = 64
};

/* A text, how tightly it binds, and where its value was read from. */
typedef struct Said {
    const char *text;   /* NULL: no name */
    Holder holder;      /* of the value; for places: of what stands there */
    TypeKind type;      /* TYPE_VOID unknown */
    const Name *record; /* what it is or points to, when the holder does not tell */
    enum { TIGHT, PREFIXED, LOOSE } binds; /* the operator outside all brackets */
    bool is_place;                         /* an aggregate itself, not a pointer to one */
} Said;

static Said value_said(const Phrase *phrase, TermId id, int depth);

static const SummaryTerm *term_at(const Phrase *phrase, TermId id)
{
    return id < phrase->summary->nterm ? &phrase->summary->terms[id]
                                       : &phrase->summary->terms[0];
}

const char *phrase_param(const Phrase *phrase, uint32_t param)
{
    const Fn *fn = phrase->fn->fn;
    if (fn->body && param < fn->nparam && fn->body->locals[param + 1].name->len)
        return fn->body->locals[param + 1].name->text;
    return arena_printf(phrase->arena, "argument %u", param + 1);
}

static const char *bracketed(const Phrase *phrase, Said said)
{
    return arena_printf(phrase->arena, "(%s)", said.text);
}

/* As an operand. */
static const char *bound(const Phrase *phrase, Said said)
{
    return said.binds == LOOSE ? bracketed(phrase, said) : said.text;
}

/* In front of -> and []. */
static const char *stem(const Phrase *phrase, Said said)
{
    return said.binds ? bracketed(phrase, said) : said.text;
}

/* --- places ----------------------------------------------------------------------------- */

static const Name *record_of(const Phrase *phrase, Said base)
{
    if (base.record) return base.record;
    return base.is_place ? records_whole(phrase->records, base.holder)
                         : records_pointee(phrase->records, base.holder);
}

/* The member at an offset from something: through a pointer, or inside an aggregate. */
static Said member_said(const Phrase *phrase, Said base, int64_t offset)
{
    for (int depth = 0; base.text && depth < MOST_DEPTH; depth++) {
        const Name *record = record_of(phrase, base);
        if (!record && depth) /* an array, or a record that nobody looks into */
            return offset ? (Said){0} : base;
        const Member *member = records_member(phrase->records, record, offset, &offset);
        if (!member) break;
        base =
            (Said){.text = arena_printf(phrase->arena, "%s%s%s", stem(phrase, base),
                                        base.is_place ? "." : "->", member->name->text),
                   .holder = holder_field(member),
                   .type = member->type.kind,
                   .is_place = member->type.kind == TYPE_AGGREGATE};
        if (!base.is_place) return offset ? (Said){0} : base;
    }
    return (Said){0};
}

static Said element_said(const Phrase *phrase, Said array, TermId index, int depth)
{
    Said at = value_said(phrase, index, depth + 1);
    if (!array.text || !at.text) return (Said){0};
    Said element = {
        .text = arena_printf(phrase->arena, "%s[%s]", stem(phrase, array), at.text),
        .holder = array.holder,
        .record = record_of(phrase, array)};
    element.is_place = element.record != NULL;
    if (!array.is_place) element.holder.level++;
    return element;
}

static Said global_said(const Phrase *phrase, const Name *name)
{
    const ProgramGlobal *global = program_find_global(phrase->records->program, name);
    if (!global) return (Said){0};
    TypeKind type = global->global->type.kind;
    return (Said){.text = global->global->name->text,
                  .holder = {.kind = PLACE_GLOBAL, .owner = name},
                  .type = type,
                  .is_place = type == TYPE_AGGREGATE};
}

/* The object at an address, whole. */
static Said object_said(const Phrase *phrase, TermId address, int depth)
{
    const SummaryTerm *term = term_at(phrase, address);
    if (depth > MOST_DEPTH) return (Said){0};
    if (term->kind == TERM_GLOBAL) return global_said(phrase, term->name);
    if (term->kind == TERM_INDEX) {
        TermKind base = term_at(phrase, term->a)->kind;
        bool is_array = base == TERM_OFFSET || base == TERM_GLOBAL;
        Said array = is_array ? object_said(phrase, term->a, depth + 1)
                              : value_said(phrase, term->a, depth + 1);
        return element_said(phrase, array, term->b, depth);
    }
    if (term->kind == TERM_OFFSET) {
        TermKind base = term_at(phrase, term->a)->kind;
        bool is_object = base == TERM_GLOBAL || base == TERM_INDEX;
        Said whole = is_object ? object_said(phrase, term->a, depth + 1)
                               : value_said(phrase, term->a, depth + 1);
        if (is_object && !whole.is_place) return (Said){0};
        return member_said(phrase, whole, term->imm);
    }
    Said pointer = value_said(phrase, address, depth + 1);
    if (!pointer.text || pointer.is_place) return pointer;
    Said said = {.text = arena_printf(phrase->arena, "*%s", bound(phrase, pointer)),
                 .holder = pointer.holder,
                 .binds = PREFIXED};
    said.holder.level++;
    if (records_pointee(phrase->records, said.holder)) said.type = TYPE_POINTER;
    return said;
}

/* The scalar at an address: of a record, its first member. */
static Said place_said(const Phrase *phrase, TermId address, int depth)
{
    TermKind kind = term_at(phrase, address)->kind;
    bool is_value = kind != TERM_GLOBAL && kind != TERM_INDEX && kind != TERM_OFFSET;
    Said at = is_value ? value_said(phrase, address, depth + 1)
                       : object_said(phrase, address, depth + 1);
    if (at.text && (is_value || at.is_place) && record_of(phrase, at)) {
        Said first = member_said(phrase, at, 0);
        if (first.text) return first;
    }
    return is_value ? object_said(phrase, address, depth + 1) : at;
}

/* --- values ----------------------------------------------------------------------------- */

static const char *operator_of(Calc calc)
{
    switch (calc) {
    case CALC_ADD: return "+";
    case CALC_SUB: return "-";
    case CALC_MUL: return "*";
    case CALC_DIV: return "/";
    case CALC_REM: return "%";
    case CALC_AND: return "&";
    case CALC_OR: return "|";
    case CALC_XOR: return "^";
    case CALC_SHL: return "<<";
    case CALC_SHR: return ">>";
    case CALC_EQ: return "==";
    case CALC_NE: return "!=";
    case CALC_LT: return "<";
    case CALC_LE: return "<=";
    case CALC_GT: return ">";
    case CALC_GE: return ">=";
    case CALC_NEG:
    case CALC_NOT:
    case CALC_FLIP:
    case CALC_CAST:
    case CALC_COUNT: break;
    }
    return NULL;
}

static bool is_constant(const Phrase *phrase, TermId id)
{
    TermKind kind = term_at(phrase, id)->kind;
    return kind == TERM_INT || kind == TERM_NULL;
}

/* A comparison that holds, or does not: `a < b` or `a >= b`, constants to the right. */
static const char *compared(const Phrase *phrase, const SummaryTerm *term, bool truth,
                            int depth)
{
    static const char *const words[2][2][2] = {/* [is LT][truth][turned round] */
                                               {{"!=", "!="}, {"==", "=="}},
                                               {{">=", "<="}, {"<", ">"}}};
    bool turned = is_constant(phrase, term->a);
    Said a = value_said(phrase, turned ? term->b : term->a, depth + 1);
    Said b = value_said(phrase, turned ? term->a : term->b, depth + 1);
    if (!a.text || !b.text) return NULL;
    const char *right = bound(phrase, b);
    if (a.type == TYPE_POINTER && !strcmp(right, "0")) right = "NULL";
    return arena_printf(phrase->arena, "%s %s %s", bound(phrase, a),
                        words[term->calc == CALC_LT][truth][turned], right);
}

static Said calc_said(const Phrase *phrase, const SummaryTerm *term, int depth)
{
    Said said = {.type = TYPE_INT, .binds = LOOSE};
    if (term->calc == CALC_EQ || term->calc == CALC_LT) {
        said.text = compared(phrase, term, true, depth);
        return said;
    }
    Said a = value_said(phrase, term->a, depth + 1);
    if (!a.text) return a;
    if (!term->b) {
        const char *sign = term->calc == CALC_NOT    ? "!"
                           : term->calc == CALC_NEG  ? "-"
                           : term->calc == CALC_FLIP ? "~"
                                                     : NULL;
        if (sign) said.text = arena_printf(phrase->arena, "%s%s", sign, bound(phrase, a));
        said.binds = PREFIXED;
        return said;
    }
    Said b = value_said(phrase, term->b, depth + 1);
    const char *sign = operator_of(term->calc);
    if (b.text && sign)
        said.text = arena_printf(phrase->arena, "%s %s %s", bound(phrase, a), sign,
                                 bound(phrase, b));
    return said;
}

static Said param_said(const Phrase *phrase, uint32_t param)
{
    const Fn *fn = phrase->fn->fn;
    Said said = {
        .text = phrase_param(phrase, param),
        .holder = {.kind = PLACE_PARAM, .owner = phrase->fn->link_name, .index = param},
        .type = param < fn->nparam ? fn->params[param].type.kind : TYPE_VOID};
    said.is_place = said.type == TYPE_AGGREGATE; /* the copy of the caller's */
    return said;
}

static Said address_said(const Phrase *phrase, TermId id, int depth)
{
    Said place = object_said(phrase, id, depth + 1);
    if (!place.text) return place;
    if (place.is_place && !record_of(phrase, place))
        return place; /* an array is its own address */
    place.text = arena_printf(phrase->arena, "&%s", place.text);
    place.type = TYPE_POINTER;
    place.holder = (Holder){.kind = PLACE_NONE};
    place.is_place = false;
    return place;
}

static Said pure_said(const Phrase *phrase, const SummaryTerm *term, int depth)
{
    Said a = value_said(phrase, term->a, depth + 1);
    if (!a.text || !term->name) return (Said){0};
    if (!term->b)
        return (Said){
            .text = arena_printf(phrase->arena, "%s(%s)", term->name->text, a.text)};
    Said b = value_said(phrase, term->b, depth + 1);
    if (!b.text) return b;
    return (Said){.text = arena_printf(phrase->arena, "%s(%s, %s)", term->name->text,
                                       a.text, b.text)};
}

static Said value_said(const Phrase *phrase, TermId id, int depth)
{
    const SummaryTerm *term = term_at(phrase, id);
    if (!id || depth > MOST_DEPTH) return (Said){0};
    switch (term->kind) {
    case TERM_INT:
        return (Said){.text = arena_printf(phrase->arena, "%lld", (long long)term->imm),
                      .type = TYPE_INT};
    case TERM_NULL: return (Said){.text = "NULL", .type = TYPE_POINTER};
    case TERM_PARAM: return param_said(phrase, (uint32_t)term->imm);
    case TERM_FN: {
        const ProgramFn *fn = program_find(phrase->records->program, term->name);
        return (Said){.text = fn ? fn->fn->name->text : NULL, .type = TYPE_POINTER};
    }
    case TERM_STRING: return (Said){.text = "a string", .type = TYPE_POINTER};
    case TERM_INIT: return place_said(phrase, term->a, depth + 1);
    case TERM_GLOBAL:
    case TERM_OFFSET:
    case TERM_INDEX: return address_said(phrase, id, depth);
    case TERM_CALC: return calc_said(phrase, term, depth);
    case TERM_PURE: return pure_said(phrase, term, depth);
    case TERM_NONE:
    case TERM_LOCAL:
    case TERM_FRESH:
    case TERM_COUNT: break;
    }
    return (Said){0};
}

static const char *short_enough(const char *text)
{
    return text && strlen(text) <= MOST_TEXT ? text : NULL;
}

const char *phrase_value(const Phrase *phrase, TermId term)
{
    return short_enough(value_said(phrase, term, 0).text);
}

TypeKind phrase_place_type(const Phrase *phrase, TermId address)
{
    return place_said(phrase, address, 0).type;
}

const char *phrase_global(const Phrase *phrase, TermId term)
{
    return object_said(phrase, term, 0).text;
}

const char *phrase_place(const Phrase *phrase, TermId address)
{
    return short_enough(place_said(phrase, address, 0).text);
}

/* --- guards ----------------------------------------------------------------------------- */

/* The values of a range, when they are few; else none. */
static uint32_t few_values(Range range, int64_t values[MOST_VALUES])
{
    uint32_t n = 0;
    if (range.low == INT64_MIN || range.high == INT64_MAX ||
        range.high - range.low > WIDEST_SPAN)
        return 0;
    for (int64_t value = range.low; value <= range.high; value++) {
        if (range_skips(range, value)) continue;
        if (n == MOST_VALUES) return 0;
        values[n++] = value;
    }
    return n;
}

static bool has_zero(Range range)
{
    return (range.classes & CLASS_NULL) && !range_skips(range, 0);
}

const char *phrase_number(const Phrase *phrase, Range range)
{
    int64_t values[MOST_VALUES];
    uint32_t n = few_values(range, values);
    if (range.classes == CLASS_NULL) return "0";
    if (n == 1) return arena_printf(phrase->arena, "%lld", (long long)values[0]);
    if (n == 2)
        return arena_printf(phrase->arena, "%lld or %lld", (long long)values[0],
                            (long long)values[1]);
    bool low = range.low != INT64_MIN, high = range.high != INT64_MAX;
    if (range.high == -1 && !low) return "a negative number";
    if (range.low == 1 && !high) return "a positive number";
    if (low && high)
        return arena_printf(phrase->arena, "a number from %lld to %lld",
                            (long long)range.low, (long long)range.high);
    if (low) return arena_printf(phrase->arena, "%lld or more", (long long)range.low);
    if (high) return arena_printf(phrase->arena, "%lld or less", (long long)range.high);
    return has_zero(range) ? "" : "not 0";
}

static bool is_truth(const SummaryTerm *term)
{
    return term->kind == TERM_CALC &&
           (term->calc == CALC_EQ || term->calc == CALC_LT || term->calc == CALC_NOT);
}

/* 1 true, 0 false, -1 neither is said. */
static int truth_of(Range range)
{
    if (range.classes == CLASS_NULL || (range.low == 0 && range.high == 0)) return 0;
    return has_zero(range) ? -1 : 1;
}

static const char *pointer_guard(const Phrase *phrase, const char *what, Range range)
{
    switch (range.classes) {
    case CLASS_NULL: return arena_printf(phrase->arena, "%s == NULL", what);
    case CLASS_ERR: return arena_printf(phrase->arena, "%s is an error pointer", what);
    case CLASS_VALID:
    case CLASS_VALID | CLASS_ERR: return arena_printf(phrase->arena, "%s != NULL", what);
    case CLASS_NULL | CLASS_VALID:
        return arena_printf(phrase->arena, "%s is no error pointer", what);
    case CLASS_NULL | CLASS_ERR:
        return arena_printf(phrase->arena, "%s is NULL or an error pointer", what);
    default: return NULL;
    }
}

/* " and is not 3", for what the interval does not tell; NULL: too much to tell. */
static const char *holes_text(const Phrase *phrase, Range range, const char *before)
{
    const char *text = "";
    uint32_t n = 0;
    for (int64_t k = 0; k < HOLE_BITS; k++) {
        if (!(range.holes >> k & 1)) continue;
        if (++n > MOST_VALUES) return NULL;
        text = arena_printf(phrase->arena, "%s%s%lld", text, n == 1 ? before : " or ",
                            (long long)(RANGE_LOWEST_HOLE + k));
    }
    if (range.has_hole)
        text = arena_printf(phrase->arena, "%s%s%lld", text, n ? " or " : before,
                            (long long)range.hole);
    if (range.hole_end != range.hole)
        text = arena_printf(phrase->arena, "%s to %lld", text, (long long)range.hole_end);
    return text;
}

static const char *bounds_text(const Phrase *phrase, const char *what, Range range)
{
    long long low = range.low, high = range.high;
    bool has_low = range.low != INT64_MIN, has_high = range.high != INT64_MAX;
    if (has_low && has_high)
        return arena_printf(phrase->arena, "%s is from %lld to %lld", what, low, high);
    if (has_low)
        return low == 1 ? arena_printf(phrase->arena, "%s > 0", what)
                        : arena_printf(phrase->arena, "%s >= %lld", what, low);
    if (has_high)
        return high == -1 ? arena_printf(phrase->arena, "%s < 0", what)
                          : arena_printf(phrase->arena, "%s <= %lld", what, high);
    return NULL;
}

static const char *number_guard(const Phrase *phrase, const char *what, Range range)
{
    int64_t values[MOST_VALUES];
    uint32_t n = few_values(range, values);
    if (truth_of(range) == 0) return arena_printf(phrase->arena, "%s == 0", what);
    if (n == 1)
        return arena_printf(phrase->arena, "%s == %lld", what, (long long)values[0]);
    if (n) {
        const char *text = arena_printf(phrase->arena, "%s is", what);
        for (uint32_t i = 0; i < n; i++)
            text = arena_printf(phrase->arena, "%s%s %lld", text,
                                !i           ? ""
                                : i + 1 == n ? " or"
                                             : ",",
                                (long long)values[i]);
        return text;
    }
    const char *bounds = bounds_text(phrase, what, range);
    if (bounds) {
        const char *holes = holes_text(phrase, range, " and is not ");
        return holes ? arena_printf(phrase->arena, "%s%s", bounds, holes) : NULL;
    }
    bool is_single =
        (range.holes & (range.holes - 1)) == 0 && range.hole == range.hole_end;
    if (!range.has_hole == !range.holes || !is_single) {
        const char *holes = holes_text(phrase, range, " is not ");
        if (!holes) return NULL;
        if (*holes) return arena_printf(phrase->arena, "%s%s", what, holes);
    }
    if (range.has_hole || range.holes)
        return arena_printf(phrase->arena, "%s%s", what,
                            holes_text(phrase, range, " != "));
    return truth_of(range) == 1 ? arena_printf(phrase->arena, "%s != 0", what) : NULL;
}

const char *phrase_guard(const Phrase *phrase, Guard guard)
{
    const SummaryTerm *term = term_at(phrase, guard.term);
    int truth = truth_of(guard.range);
    while (truth >= 0 && term->kind == TERM_CALC && term->calc == CALC_NOT) {
        guard.term = term->a;
        term = term_at(phrase, guard.term);
        truth = !truth;
        guard.range = range_of_class(truth ? CLASS_VALID | CLASS_ERR : CLASS_NULL);
    }
    if (truth >= 0 && is_truth(term))
        return short_enough(compared(phrase, term, truth, 0));
    Said said = value_said(phrase, guard.term, 0);
    if (!said.text) return NULL;
    const char *what = bound(phrase, said);
    /* `flags & 4` is a question by itself. */
    if (truth >= 0 && term->kind == TERM_CALC && term->calc == CALC_AND)
        return short_enough(truth ? said.text : arena_printf(phrase->arena, "!%s", what));
    if (said.type == TYPE_VOID) {
        Range range = guard.range;
        bool is_int = range.low != INT64_MIN || range.high != INT64_MAX ||
                      range.has_hole || range.holes & ~(uint64_t)2;
        said.type = is_int ? TYPE_INT : TYPE_POINTER;
        bool is_zero = guard.range.classes == CLASS_NULL;
        if (is_zero) return short_enough(arena_printf(phrase->arena, "%s == 0", what));
    }
    return short_enough(said.type == TYPE_POINTER
                            ? pointer_guard(phrase, what, guard.range)
                            : number_guard(phrase, what, guard.range));
}

/* `n * 24 < INT64_MAX`: a product that does not wrap around. */
static bool is_wrap_test(const Phrase *phrase, const SummaryTerm *term)
{
    const SummaryTerm *bound = term_at(phrase, term->b);
    return term->calc == CALC_LT && bound->kind == TERM_INT && bound->imm == INT64_MAX;
}

bool phrase_is_idle(const Phrase *phrase, Guard guard)
{
    const SummaryTerm *term = term_at(phrase, guard.term);
    if (term->kind != TERM_CALC || !(guard.range.classes & CLASS_NULL)) {
        bool truth = truth_of(guard.range) == 1;
        return term->kind == TERM_CALC && truth && is_wrap_test(phrase, term);
    }
    const SummaryTerm *mask = term_at(phrase, term->b);
    int64_t most = is_truth(term) ? 1 : -1;
    if (term->calc == CALC_AND && mask->kind == TERM_INT) most = mask->imm;
    if (most < 0) return false;
    Range all = range_any;
    all.low = 0;
    all.high = most;
    return range_within(all, guard.range);
}
