/*
 * How a function leaves when something fails: read off the places where it does so already.
 *
 * An exit is an if whose branch says only what the outcome is and leaves: "{ rc = -1; goto out; }".
 * The nearest one that tests a pointer is copied, unless what is cleaned up further down would be
 * skipped by it; then the next one is asked. A function without any leaves by its type.
 */
#include "frontend/repair_inner.h"

#include <ctype.h>
#include <string.h>

enum { MOST_WORDS = 4 };

typedef struct Exit {
    const Node *branch; /* the if */
    Span span;
    const char *words[MOST_WORDS];
    uint32_t n;
    bool tests_null, cleans;
} Exit;

bool is_jump(const Node *node)
{
    enum CXCursorKind kind = node_kind(node);
    return kind == CXCursor_ReturnStmt || kind == CXCursor_GotoStmt ||
           kind == CXCursor_ContinueStmt || kind == CXCursor_BreakStmt;
}

static bool is_loop(const Node *node)
{
    enum CXCursorKind kind = node_kind(node);
    return kind == CXCursor_ForStmt || kind == CXCursor_WhileStmt ||
           kind == CXCursor_DoStmt;
}

/* --- tests ---------------------------------------------------------------------------------- */

static bool is_pointer(const Node *node)
{
    CXType type = clang_getCanonicalType(clang_getCursorType(node->cursor));
    return type.kind == CXType_Pointer;
}

static bool is_negation(const Node *node)
{
    return node_kind(node) == CXCursor_UnaryOperator &&
           clang_getCursorUnaryOperatorKind(node->cursor) == CXUnaryOperator_LNot;
}

static bool ends_with(const Bench *bench, const Node *node, const char *word)
{
    Span span = span_of(bench, node);
    size_t len = strlen(word);
    if (span.to - span.from <= len) return false;
    return !strncmp(bench->text + span.to - len, word, len) &&
           !isalnum((unsigned char)bench->text[span.to - len - 1]);
}

bool is_null_test(const Bench *bench, Node *condition, const char *pointer)
{
    Node *node = node_strip(bench->parse, condition), *operand = NULL;
    if (is_negation(node)) {
        operand = node_last_expr(node);
    } else if (node_kind(node) == CXCursor_BinaryOperator &&
               clang_getCursorBinaryOperatorKind(node->cursor) == CXBinaryOperator_EQ &&
               (ends_with(bench, node, "NULL") || ends_with(bench, node, "0"))) {
        operand = node_expr(node, 0);
    }
    if (!operand || !is_pointer(operand)) return false;
    return !pointer || text_is(bench, node_strip(bench->parse, operand), pointer);
}

/* x < 0, x != 0, x == -1, !f(): something went wrong. */
static bool is_failure_test(const Bench *bench, Node *condition)
{
    Node *node = node_strip(bench->parse, condition);
    if (is_negation(node)) return true;
    if (node_kind(node) != CXCursor_BinaryOperator) return false;
    enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
    if (op == CXBinaryOperator_EQ) return ends_with(bench, node, "-1");
    return (op == CXBinaryOperator_LT || op == CXBinaryOperator_NE) &&
           ends_with(bench, node, "0");
}

/* --- what a branch says --------------------------------------------------------------------- */

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* -1, NULL, false, ERR_MEMORY, -ENOMEM: no variable, no call */
static bool is_constant(const char *text, size_t len)
{
    while (len && isspace((unsigned char)*text))
        text++, len--;
    while (len && strchr(" -(", *text))
        text++, len--;
    while (len && strchr(" )", text[len - 1]))
        len--;
    if (len == 5 && (!memcmp(text, "false", 5))) return true;
    for (size_t i = 0; i < len; i++)
        if (!is_word_char(text[i]) || islower((unsigned char)text[i])) return false;
    return len > 0;
}

static bool is_constant_set(const Bench *bench, const Node *node)
{
    if (node_kind(node) != CXCursor_BinaryOperator ||
        clang_getCursorBinaryOperatorKind(node->cursor) != CXBinaryOperator_Assign)
        return false;
    /* Of a status; a message would speak of something else. */
    if (is_pointer(node->first)) return false;
    Span whole = span_of(bench, node), left = span_of(bench, node->first);
    const char *equals = memchr(bench->text + left.to, '=', whole.to - left.to);
    return whole.from < whole.to && equals &&
           is_constant(equals + 1, (size_t)(bench->text + whole.to - equals - 1));
}

static bool is_constant_jump(const Bench *bench, const Node *node)
{
    if (!is_jump(node)) return false;
    Span span = span_of(bench, node);
    if (span.from == span.to || node_kind(node) != CXCursor_ReturnStmt)
        return span.from < span.to;
    size_t skip = strlen("return"), len = span.to - span.from;
    const char *value = bench->text + span.from + skip;
    return len <= skip + 1 || is_constant(value, len - skip);
}

static bool is_cleaning(const char *name)
{
    static const char *const words[] = {"free",  "close",  "release", "destroy", "unref",
                                        "clean", "unlock", "delete",  "fini",    "_put"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(name, words[i])) return true;
    return false;
}

static bool is_cleaning_call(const Bench *bench, const Node *node)
{
    if (node_kind(node) != CXCursor_CallExpr) return false;
    return is_cleaning(
        source_string(clang_getCursorSpelling(node->cursor), bench->arena));
}

static bool add_word(const Bench *bench, const Node *node, Exit *out)
{
    Span span = span_of_statement(bench, node);
    if (span.from == span.to || out->n == MOST_WORDS) return false;
    out->words[out->n++] = span_text(bench, span);
    return true;
}

/* Messages are left out: whoever repairs it may add the right one. */
static bool read_statement(const Bench *bench, const Node *node, Exit *out)
{
    if (is_cleaning_call(bench, node)) {
        out->cleans = true;
        return add_word(bench, node, out);
    }
    if (node_kind(node) == CXCursor_CallExpr) return true;
    if (is_constant_set(bench, node) || is_constant_jump(bench, node))
        return add_word(bench, node, out);
    return false;
}

static bool read_exit(const Bench *bench, const Node *branch, Exit *out)
{
    *out = (Exit){.branch = branch, .span = span_of(bench, branch)};
    Node *condition = node_child(branch, 0), *then = node_child(branch, 1);
    if (out->span.from == out->span.to || !condition || !then) return false;
    out->tests_null = is_null_test(bench, condition, NULL);
    if (!out->tests_null && !is_failure_test(bench, condition)) return false;
    const Node *last = then;
    if (is_block(bench, then)) {
        last = then->last;
        for (const Node *node = then->first; node; node = node->next)
            if (!read_statement(bench, node, out)) return false;
    } else if (!read_statement(bench, then, out)) {
        return false;
    }
    if (!last || !is_jump(last) || !out->n) return false;
    return out->tests_null || strcmp(out->words[out->n - 1], "return 0;") != 0;
}

/* --- which exit fits ------------------------------------------------------------------------ */

static const Node *loop_around(const Bench *bench, uint32_t at)
{
    const Node *found = NULL;
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        Span span = span_of(bench, node);
        if (is_loop(node) && span.from < at && at < span.to) found = node;
    }
    return found;
}

/* An if around the node leaves: what is cleaned up there is another way out. */
static bool is_in_exit(const Bench *bench, const Node *node)
{
    for (; node && node != bench->body; node = node->parent)
        if (is_block(bench, node) && node->parent &&
            node_kind(node->parent) == CXCursor_IfStmt && node->last &&
            is_jump(node->last))
            return true;
    return false;
}

bool has_words(const Bench *bench, const Node *node, const char *words)
{
    return text_has_words(span_text(bench, span_of(bench, node)), words);
}

bool text_has_words(const char *text, const char *words)
{
    size_t len = strlen(words);
    for (const char *at = text; len && (at = strstr(at, words)); at++)
        if ((at == text || !is_word_char(at[-1])) && !is_word_char(at[len])) return true;
    return false;
}

bool mentions(const Bench *bench, const Node *node, const char *pointer)
{
    while (*pointer == '*' || *pointer == '(')
        pointer++;
    size_t len = strcspn(pointer, "-.[");
    const char *root = arena_copy(bench->arena, pointer, len);
    for (const Node *at = node; at; at = next_in_source(at, node))
        if (node_kind(at) == CXCursor_DeclRefExpr &&
            !strcmp(source_string(clang_getCursorSpelling(at->cursor), bench->arena),
                    root))
            return true;
    return false;
}

/* Whoever leaves there goes past something that is cleaned up below, within `scope`. */
static bool skips_cleaning(const Bench *bench, uint32_t at, const Node *scope,
                           const char *pointer)
{
    for (const Node *node = scope; node; node = next_in_source(node, scope))
        if (is_cleaning_call(bench, node) && span_of(bench, node).from > at &&
            !has_words(bench, node, pointer) && !is_in_exit(bench, node))
            return true;
    return false;
}

/* Something else is made between the two places. */
static bool is_made_between(const Bench *bench, uint32_t from, uint32_t to,
                            const char *pointer)
{
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        Span span = span_of(bench, node);
        bool is_set =
            node_kind(node) == CXCursor_VarDecl ||
            (node_kind(node) == CXCursor_BinaryOperator &&
             clang_getCursorBinaryOperatorKind(node->cursor) == CXBinaryOperator_Assign);
        if (!is_set || span.from < from || span.to > to) continue;
        Node *value = node_last_expr(node);
        value = value ? node_strip(bench->parse, value) : NULL;
        bool is_own =
            mentions(bench, node, pointer) ||
            !strcmp(source_string(clang_getCursorSpelling(node->cursor), bench->arena),
                    pointer);
        if (value && node_kind(value) == CXCursor_CallExpr && !is_own) return true;
    }
    return false;
}

static bool is_making(const char *name)
{
    static const char *const words[] = {"alloc", "dup", "reate", "open", "new", "New"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(name, words[i])) return true;
    return false;
}

/* Another object was made before: nobody has it but this function. */
static bool loses_object(const Bench *bench, uint32_t at, const char *pointer)
{
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        const Node *set = node_kind(node) == CXCursor_VarDecl ? node : NULL;
        if (node_kind(node) == CXCursor_BinaryOperator &&
            clang_getCursorBinaryOperatorKind(node->cursor) == CXBinaryOperator_Assign &&
            node_kind(node->first) == CXCursor_DeclRefExpr)
            set = node->first;
        Node *value = set ? node_last_expr(node) : NULL;
        value = value ? node_strip(bench->parse, value) : NULL;
        while (value && node_kind(value) == CXCursor_CStyleCastExpr)
            value = node_strip(bench->parse, node_last_expr(value));
        if (!value || node_kind(value) != CXCursor_CallExpr ||
            span_of(bench, node).from >= at || !is_pointer(value))
            continue;
        const char *of =
            source_string(clang_getCursorSpelling(value->cursor), bench->arena);
        const char *name =
            source_string(clang_getCursorSpelling(set->cursor), bench->arena);
        if (is_making(of) && strcmp(name, pointer) != 0) return true;
    }
    return false;
}

static bool label_is_below(const Bench *bench, const char *jump, uint32_t at)
{
    const char *name = jump + strlen("goto");
    name += strspn(name, " \t");
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        if (node_kind(node) != CXCursor_LabelStmt) continue;
        const char *label =
            source_string(clang_getCursorSpelling(node->cursor), bench->arena);
        if (!strncmp(name, label, strlen(label)) && !is_word_char(name[strlen(label)]))
            return span_of(bench, node).from > at;
    }
    return false;
}

static bool fits(const Bench *bench, const Exit *way, uint32_t at, const char *pointer)
{
    const char *jump = way->words[way->n - 1];
    const Node *loop = loop_around(bench, at);
    if (way->cleans &&
        (way->span.from > at || is_made_between(bench, way->span.to, at, pointer)))
        return false;
    if (!strncmp(jump, "goto", 4)) return label_is_below(bench, jump, at);
    if (!strncmp(jump, "return", 6))
        return way->cleans || (!skips_cleaning(bench, at, bench->body, pointer) &&
                               !loses_object(bench, at, pointer));
    if (!loop || loop_around(bench, way->span.from) != loop) return false;
    for (const Node *node = way->branch->parent; node && node != loop;
         node = node->parent)
        if (node_kind(node) == CXCursor_SwitchStmt) return false;
    return !skips_cleaning(bench, at, loop, pointer);
}

/* Tests of pointers first, then what stands before, then what is near. */
static uint64_t distance(const Exit *way, uint32_t at)
{
    bool is_before = way->span.from < at;
    uint32_t far = is_before ? at - way->span.from : way->span.from - at;
    return ((uint64_t)!way->tests_null << 33) + ((uint64_t)!is_before << 32) + far;
}

/* --- functions that never leave early ------------------------------------------------------- */

static bool set_words(const Bench *bench, const char *word, Leave *leave)
{
    const char **words = ARENA_ARRAY(bench->arena, const char *, 1);
    words[0] = word;
    *leave = (Leave){.words = words, .n = 1};
    return true;
}

/* "return -1" somewhere in the function, always the same. */
static const char *own_failure(const Bench *bench)
{
    const char *found = NULL;
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        if (node_kind(node) != CXCursor_ReturnStmt || !is_constant_jump(bench, node))
            continue;
        const char *text = span_text(bench, span_of(bench, node));
        if (!strchr(text, '-') && !strstr(text, "false")) continue;
        if (found && strcmp(found, text) != 0) return NULL;
        found = text;
    }
    return found ? arena_printf(bench->arena, "%s;", found) : NULL;
}

/* It does so elsewhere, or has one way out, so that nothing speaks against it. */
static bool returns_null(const Bench *bench)
{
    uint32_t n = 0;
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        if (node_kind(node) != CXCursor_ReturnStmt) continue;
        if (ends_with(bench, node, "NULL")) return true;
        n++;
    }
    return n <= 1;
}

static bool leave_by_type(const Bench *bench, uint32_t at, const char *pointer,
                          Leave *leave)
{
    CXType type = clang_getCanonicalType(clang_getCursorResultType(bench->fn));
    const Node *loop = loop_around(bench, at);
    if (loop && node_kind(loop) == CXCursor_ForStmt && type.kind == CXType_Void &&
        !skips_cleaning(bench, at, loop, pointer))
        return set_words(bench, "continue;", leave);
    /* What a loop has made so far is lost to whoever leaves: not for us to say. */
    if (loop || skips_cleaning(bench, at, bench->body, pointer) ||
        loses_object(bench, at, pointer))
        return false;
    if (type.kind == CXType_Void) return set_words(bench, "return;", leave);
    if (type.kind == CXType_Pointer)
        return returns_null(bench) && set_words(bench, "return NULL;", leave);
    const char *name = source_string(clang_getCursorSpelling(bench->fn), bench->arena);
    if (!strcmp(name, "main")) return set_words(bench, "return 1;", leave);
    const char *own = own_failure(bench);
    return own && set_words(bench, own, leave);
}

bool leave_at(const Bench *bench, uint32_t at, const char *pointer, Leave *leave)
{
    Exit best = {0}, way;
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        if (node_kind(node) != CXCursor_IfStmt || !read_exit(bench, node, &way) ||
            !fits(bench, &way, at, pointer))
            continue;
        if (!best.branch || distance(&way, at) < distance(&best, at)) best = way;
    }
    if (!best.branch) return leave_by_type(bench, at, pointer, leave);
    const char **words = ARENA_ARRAY(bench->arena, const char *, best.n);
    memcpy(words, best.words, best.n * sizeof *words);
    *leave = (Leave){.words = words, .n = best.n, .like = best.branch};
    return true;
}
