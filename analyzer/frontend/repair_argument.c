/*
 * Repairs of a call: what is at hand is passed where NULL stands. Which of several NULLs is meant is
 * not asked: each is proposed, and tried.
 */
#include <string.h>

#include "frontend/repair_inner.h"

/* NULL is a macro: where it stands is where it is expanded, and what it is made of stands nowhere. */
static Span span_of_null(const Bench *bench, const Node *argument)
{
    CXFile file = NULL;
    unsigned at = 0;
    CXSourceLocation start = clang_getRangeStart(clang_getCursorExtent(argument->cursor));
    clang_getFileLocation(start, &file, NULL, NULL, &at);
    if (!file || !clang_File_isEqual(file, bench->parse->main_file) ||
        at + 4 > bench->len || strncmp(bench->text + at, "NULL", 4) != 0)
        return (Span){0, 0};
    return (Span){at, at + 4};
}

static Span find_null(const Bench *bench, const Node *argument)
{
    static const char *const words[] = {"0", "nullptr", "((void *)0)", "(void *)0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_is(bench, argument, words[i])) return span_of(bench, argument);
    return span_of_null(bench, argument);
}

static void pass_in(Bench *bench, Node *call)
{
    const char *value = bench->wish->pointer;
    for (uint32_t i = 1; i < node_count(call); i++) {
        Span span = find_null(bench, node_child(call, i));
        if (span.from == span.to) continue;
        Edit edit = {span.from, span.to - span.from, value};
        repair_add(bench, arena_printf(bench->arena, "pass '%s'", value), &edit, 1);
    }
}

void repair_argument(Bench *bench)
{
    for (Node *node = bench->body; node; node = next_in_source(node, bench->body))
        if (node_kind(node) == CXCursor_CallExpr &&
            span_of(bench, node).from == bench->at)
            pass_in(bench, node);
}
