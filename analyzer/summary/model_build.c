/*
 * The expressions of the model language, and the terms they become. One reader for all of
 * them: a value is a parameter, `result`, an integer, what a pointer points to, an element of
 * an array, a global, a product, or the answer of a named pure question; a guard is a value
 * compared with a constant.
 */
#include "summary/model_build.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 16, MOST_ARGS = 8 };

void model_begin(ModelBuild *build, Models *models, const char *name)
{
    *build = (ModelBuild){.arena = models->arena, .names = models->names};
    build->summary = ARENA_NEW(models->arena, Summary);
    build->summary->link_name = name_of(models->names, name);
    build->summary->flags = SUMMARY_MODEL;
    vec_push(build->arena, &build->terms, (SummaryTerm){0});
}

void model_end(ModelBuild *build)
{
    Summary *summary = build->summary;
    summary->nparam = build->params.n;
    summary->terms = build->terms.at;
    summary->nterm = build->terms.n;
    summary->outcomes = build->outcomes.at;
    summary->noutcome = build->outcomes.n;
    summary->latents = build->latents.at;
    summary->nlatent = build->latents.n;
    summary->invokes = build->invokes.at;
    summary->ninvoke = build->invokes.n;
    summary->clobbers = build->clobbers.at;
    summary->nclobber = build->clobbers.n;
}

TermId model_term(ModelBuild *build, SummaryTerm term)
{
    for (uint32_t i = 1; i < build->terms.n; i++) {
        const SummaryTerm *old = &build->terms.at[i];
        if (old->kind == term.kind && old->calc == term.calc && old->a == term.a &&
            old->b == term.b && old->imm == term.imm && old->name == term.name)
            return i;
    }
    vec_push(build->arena, &build->terms, term);
    return build->terms.n - 1;
}

TermId model_param(ModelBuild *build, uint32_t param)
{
    return model_term(build, (SummaryTerm){.kind = TERM_PARAM, .imm = param});
}

TermId model_result(ModelBuild *build)
{
    return model_term(build, (SummaryTerm){.kind = TERM_FRESH});
}

/* --- reading ----------------------------------------------------------------------------- */

typedef struct Expr {
    ModelBuild *build; /* NULL: only constants are allowed */
    const char *text, *at;
    ModelFault *fault;
    int depth;
} Expr;

static TermId complain(Expr *expr, const char *fmt, ...) PRINTF_LIKE(2, 3);
static TermId complain(Expr *expr, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(expr->fault->text, sizeof expr->fault->text, fmt, args);
    va_end(args);
    expr->fault->at = (size_t)(expr->at - expr->text);
    return 0;
}

static void skip_blanks(Expr *expr)
{
    while (*expr->at == ' ')
        expr->at++;
}

static bool take(Expr *expr, const char *text)
{
    skip_blanks(expr);
    size_t len = strlen(text);
    if (strncmp(expr->at, text, len) != 0) return false;
    expr->at += len;
    return true;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t word_length(const char *text)
{
    size_t len = 0;
    if (isdigit((unsigned char)*text)) return 0;
    while (is_word(text[len]))
        len++;
    return len;
}

static bool read_integer(Expr *expr, int64_t *value)
{
    skip_blanks(expr);
    const char *digits = expr->at + (*expr->at == '-');
    if (!isdigit((unsigned char)*digits)) return false;
    char *end = NULL;
    errno = 0;
    long long read = strtoll(expr->at, &end, 0);
    if (errno == ERANGE || is_word(*end)) return false;
    expr->at = end;
    *value = read;
    return true;
}

static int find_param(const ModelBuild *build, const char *text, size_t len)
{
    for (uint32_t i = 0; i < build->params.n; i++)
        if (build->params.at[i]->len == len &&
            !memcmp(build->params.at[i]->text, text, len))
            return (int)i;
    return -1;
}

static TermId no_such_param(Expr *expr, size_t len)
{
    const char **words =
        ARENA_ARRAY(expr->build->arena, const char *, expr->build->params.n + 2);
    uint32_t n = 0;
    for (; n < expr->build->params.n; n++)
        words[n] = expr->build->params.at[n]->text;
    words[n] = "result";
    const char *near =
        model_closest(words, arena_copy(expr->build->arena, expr->at, len));
    return complain(expr, "there is no parameter '%.*s'%s%s%s",
                    (int)(len < 40 ? len : 40), expr->at, near ? ": did you mean '" : "",
                    near ? near : "", near ? "'?" : "");
}

static TermId read_value(Expr *expr);

/* name(a), name(a, b): a question whose answer depends on nothing else. */
static TermId read_pure(Expr *expr, const char *name, size_t len)
{
    SummaryTerm term = {.kind = TERM_PURE};
    term.name = name_of_range(expr->build->names, name, len);
    if (!(term.a = read_value(expr))) return 0;
    if (take(expr, ",") && !(term.b = read_value(expr))) return 0;
    if (!take(expr, ")"))
        return complain(expr, "a ')' is missing: a question has one or two operands");
    return model_term(expr->build, term);
}

static TermId read_named(Expr *expr, size_t len)
{
    const char *name = expr->at;
    if (expr->at[len] == '(') {
        expr->at += len + 1;
        return read_pure(expr, name, len);
    }
    int param = find_param(expr->build, name, len);
    bool is_result = len == 6 && !memcmp(name, "result", 6);
    if (param < 0 && !is_result) return no_such_param(expr, len);
    expr->at += len;
    TermId term = param >= 0 ? model_param(expr->build, (uint32_t)param)
                             : model_result(expr->build);
    if (!take(expr, "[]")) return term;
    SummaryTerm element = {
        .kind = TERM_INDEX, .a = term, .b = model_result(expr->build), .imm = 1};
    return model_term(expr->build, element);
}

/* $environ: the value of a global */
static TermId read_global(Expr *expr)
{
    size_t len = word_length(expr->at);
    if (!len) return complain(expr, "the name of a global is missing");
    SummaryTerm global = {.kind = TERM_GLOBAL};
    global.name = name_of_range(expr->build->names, expr->at, len);
    expr->at += len;
    TermId address = model_term(expr->build, global);
    return model_term(expr->build, (SummaryTerm){.kind = TERM_INIT, .a = address});
}

static TermId read_primary(Expr *expr)
{
    int64_t value = 0;
    if (read_integer(expr, &value))
        return model_term(expr->build, (SummaryTerm){.kind = TERM_INT, .imm = value});
    if (take(expr, "*")) {
        if (++expr->depth > MOST_DEPTH) return complain(expr, "this is nested too deep");
        TermId address = read_primary(expr);
        expr->depth--;
        return address ? model_term(expr->build,
                                    (SummaryTerm){.kind = TERM_INIT, .a = address})
                       : 0;
    }
    if (take(expr, "$")) return read_global(expr);
    size_t len = word_length(expr->at);
    return len ? read_named(expr, len) : complain(expr, "a parameter is missing here");
}

static TermId read_value(Expr *expr)
{
    if (++expr->depth > MOST_DEPTH) return complain(expr, "this is nested too deep");
    TermId a = read_primary(expr);
    if (a && take(expr, "*")) {
        TermId b = read_primary(expr);
        if (!b) return 0;
        SummaryTerm product = {.kind = TERM_CALC, .calc = CALC_MUL, .a = a, .b = b};
        a = model_term(expr->build, product);
    }
    expr->depth--;
    return a;
}

static TermId at_end(Expr *expr, TermId term)
{
    skip_blanks(expr);
    if (term && *expr->at)
        return complain(expr, "'%.20s' is not expected here", expr->at);
    return term;
}

TermId model_expr(ModelBuild *build, const char *text, ModelFault *fault)
{
    Expr expr = {.build = build, .text = text, .at = text, .fault = fault};
    return at_end(&expr, read_value(&expr));
}

typedef enum Compare { EQUAL, UNEQUAL, AT_MOST, AT_LEAST, LESS, MORE, NOTHING } Compare;

static Compare read_compare(Expr *expr)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    for (int i = 0; i < NOTHING; i++)
        if (take(expr, signs[i])) return (Compare)i;
    return NOTHING;
}

static Range compare_range(Compare compare, int64_t value)
{
    Range range = range_any;
    switch (compare) {
    case NOTHING:
    case EQUAL: return range_of_int(value);
    case UNEQUAL: return range_without(value);
    case AT_MOST: range.high = value; break;
    case AT_LEAST: range.low = value; break;
    case LESS: range.high = value == INT64_MIN ? value : value - 1; break;
    case MORE: range.low = value == INT64_MAX ? value : value + 1; break;
    }
    return range;
}

/* After the sign: an integer, or null. */
static bool read_constant(Expr *expr, Compare compare, Range *range)
{
    int64_t value = 0;
    skip_blanks(expr);
    const char *start = expr->at;
    if (read_integer(expr, &value)) {
        *range = compare_range(compare, value);
    } else if (take(expr, "null")) {
        bool is_ordered = compare != EQUAL && compare != UNEQUAL;
        if (is_ordered) expr->at = start;
        if (is_ordered) return complain(expr, "null is only equal (==) or not (!=)");
        *range = range_of_class(compare == EQUAL ? CLASS_NULL : CLASS_ERR | CLASS_VALID);
    } else {
        return complain(expr, "an integer or null is missing here");
    }
    return at_end(expr, 1);
}

/* Whether the value is known only when the function returns; an integer is always known. */
static bool says_nothing(const ModelBuild *build, TermId id, bool *is_result)
{
    const SummaryTerm *term = &build->terms.at[id];
    if (term->kind == TERM_FRESH) return *is_result = true;
    if (term->kind == TERM_PARAM || term->kind == TERM_GLOBAL) return false;
    if (term->kind == TERM_INDEX) return says_nothing(build, term->a, is_result);
    bool a = !term->a || says_nothing(build, term->a, is_result);
    bool b = !term->b || says_nothing(build, term->b, is_result);
    return *is_result || (a && b);
}

bool model_guard(ModelBuild *build, const char *text, bool is_not, Guard *guard,
                 ModelFault *fault)
{
    static const Compare opposite[] = {
        [EQUAL] = UNEQUAL, [UNEQUAL] = EQUAL, [AT_MOST] = MORE,
        [AT_LEAST] = LESS, [LESS] = AT_LEAST, [MORE] = AT_MOST};
    Expr expr = {.build = build, .text = text, .at = text, .fault = fault};
    guard->term = read_value(&expr);
    if (!guard->term) return false;
    Compare compare = read_compare(&expr);
    if (compare == NOTHING) return complain(&expr, "one of == != < <= > >= is missing");
    bool is_result = false;
    if (says_nothing(build, guard->term, &is_result)) {
        expr.at = text;
        return complain(&expr, is_result ? "a condition is one on entry: there is no "
                                           "result yet"
                                         : "this is the same at every call: a condition "
                                           "is on a parameter or a $global");
    }
    if (is_not) compare = opposite[compare];
    return read_constant(&expr, compare, &guard->range);
}

bool model_range(const char *text, Range *range, ModelFault *fault)
{
    Expr expr = {.text = text, .at = text, .fault = fault};
    Compare compare = read_compare(&expr);
    int64_t value = 0;
    if (!read_integer(&expr, &value)) return complain(&expr, "this is no integer");
    *range = compare_range(compare, value);
    return at_end(&expr, 1);
}

bool model_invoke(ModelBuild *build, const char *text, Invoke *invoke, ModelFault *fault)
{
    Expr expr = {.build = build, .text = text, .at = text, .fault = fault};
    size_t len = word_length(text);
    int param = find_param(build, text, len);
    if (param < 0) return no_such_param(&expr, len);
    expr.at += len;
    *invoke = (Invoke){.callee = model_param(build, (uint32_t)param),
                       .args = ARENA_ARRAY(build->arena, TermId, MOST_ARGS),
                       .site = {build->summary->link_name, NO_INS}};
    if (!take(&expr, "(")) return complain(&expr, "a '(' is missing");
    bool more = !take(&expr, ")");
    while (more) {
        if (invoke->narg == MOST_ARGS) return complain(&expr, "too many arguments");
        TermId arg = 0;
        skip_blanks(&expr);
        if (*expr.at == '_' && !is_word(expr.at[1]))
            expr.at++;
        else if (!(arg = read_value(&expr)))
            return false;
        invoke->args[invoke->narg++] = arg;
        more = take(&expr, ",");
        if (!more && !take(&expr, ")")) return complain(&expr, "a ')' is missing");
    }
    return at_end(&expr, 1);
}

/* --- what was meant ---------------------------------------------------------------------- */

/* Edits between two short words, by the usual table, one row at a time. */
static uint32_t distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    uint32_t row[LONGEST + 1];
    size_t n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST) return UINT32_MAX;
    for (uint32_t j = 0; j <= m; j++)
        row[j] = j;
    for (uint32_t i = 1; i <= n; i++) {
        uint32_t corner = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= m; j++) {
            uint32_t best = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

const char *model_closest(const char *const *words, const char *word)
{
    const char *closest = NULL;
    uint32_t least = strlen(word) < 4 ? 2 : 3; /* one edit in a short word, else two */
    for (; *words; words++) {
        uint32_t edits = distance(*words, word);
        if (edits >= least) continue;
        least = edits;
        closest = *words;
    }
    return closest;
}
