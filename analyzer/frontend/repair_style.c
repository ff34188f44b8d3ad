/* Tests in the style of the function they are put in: how null is written, where braces stand. */
#include "frontend/repair_inner.h"

#include <string.h>

typedef enum GuardShape {
    GUARD_TWO_LINES,
    GUARD_ONE_LINE,
    GUARD_BRACES,
    GUARD_OPEN
} GuardShape;

static uint32_t count(const Bench *bench, const char *word)
{
    uint32_t n = 0;
    size_t len = strlen(word);
    for (const char *at = bench->text; (at = strstr(at, word)); at += len)
        n++;
    return n;
}

const char *null_test_text(const Bench *bench, const char *pointer)
{
    if (count(bench, "== NULL") > count(bench, "if (!") + count(bench, "if(!"))
        return arena_printf(bench->arena, "%s == NULL", pointer);
    return arena_printf(bench->arena, "!%s", pointer);
}

/* How an if with one statement that leaves is written; false: it does not tell. */
static bool shape_of(const Bench *bench, const Node *branch, GuardShape *shape)
{
    const Node *condition = node_child(branch, 0), *then = node_child(branch, 1);
    if (!condition || !then) return false;
    Span before = span_of(bench, condition), after = span_of(bench, then);
    if (before.from == before.to || after.from == after.to || before.to > after.from)
        return false;
    bool breaks = memchr(bench->text + before.to, '\n', after.from - before.to) != NULL;
    if (is_block(bench, then))
        *shape = breaks ? GUARD_OPEN : GUARD_BRACES;
    else
        *shape = breaks ? GUARD_TWO_LINES : GUARD_ONE_LINE;
    return true;
}

static bool is_small(const Bench *bench, const Node *branch)
{
    const Node *then = node_child(branch, 1);
    if (!then) return false;
    if (!is_block(bench, then)) return is_jump(then);
    return then->first && then->first == then->last && is_jump(then->first);
}

/* Of the file, by its lines: an if that is alone on its line, or has all on it. */
static GuardShape shape_of_file(const Bench *bench)
{
    uint32_t braces = count(bench, ") {\n"), open = count(bench, ")\n"), one = 0;
    for (const char *at = bench->text; (at = strstr(at, "if (")); at++) {
        size_t len = strcspn(at, "\r\n");
        one += at[len ? len - 1 : 0] == ';';
    }
    if (one > braces) return GUARD_ONE_LINE;
    return braces > open ? GUARD_BRACES : GUARD_TWO_LINES;
}

static GuardShape shape_here(const Bench *bench, const Node *like)
{
    GuardShape shape;
    if (like && is_small(bench, like) && shape_of(bench, like, &shape)) return shape;
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body))
        if (node_kind(node) == CXCursor_IfStmt && is_small(bench, node) &&
            shape_of(bench, node, &shape))
            return shape;
    if (like && shape_of(bench, like, &shape)) return shape;
    return shape_of_file(bench);
}

/* One level: how far the first statement of the function stands in. */
const char *level_of(const Bench *bench)
{
    const Node *first = bench->body->first;
    const char *inner = first ? indent_of(bench, span_of(bench, first).from) : "";
    const char *outer = indent_of(bench, span_of(bench, bench->body).to - 1);
    size_t len = strlen(outer);
    if (strlen(inner) <= len) return "    ";
    return inner + len;
}

const char *guard_text(const Bench *bench, const char *condition, const Leave *leave,
                       const char *indent)
{
    GuardShape shape = shape_here(bench, leave->like);
    const char *head =
        strstr(bench->text, "if(") && !strstr(bench->text, "if (") ? "if(" : "if (";
    const char *level = level_of(bench);
    Buf out;
    buf_init(&out, bench->arena);
    buf_printf(&out, "%s%s)", head, condition);
    if (leave->n == 1 && shape == GUARD_ONE_LINE) {
        buf_printf(&out, " %s", leave->words[0]);
        return out.at;
    }
    bool braces = leave->n > 1 || shape == GUARD_BRACES || shape == GUARD_OPEN;
    if (braces && shape == GUARD_OPEN) buf_printf(&out, "\n%s{", indent);
    if (braces && shape != GUARD_OPEN) buf_text(&out, " {");
    for (uint32_t i = 0; i < leave->n; i++)
        buf_printf(&out, "\n%s%s%s", indent, level, leave->words[i]);
    if (braces) buf_printf(&out, "\n%s}", indent);
    return out.at;
}
