/*
 * Between the tree and the text: which bytes a node is, and where a line can be put. Macros make
 * nodes whose bytes stand elsewhere; those have no span, and are left alone.
 */
#include "frontend/repair_inner.h"

#include <ctype.h>
#include <string.h>

uint32_t offset_of(const Bench *bench, RepairPlace place)
{
    uint32_t line = 1, at = 0;
    for (; at < bench->len && line < place.line; at++)
        line += bench->text[at] == '\n';
    return place.column ? at + place.column - 1 : at;
}

static bool file_offset(const Bench *bench, CXSourceLocation location, unsigned *offset)
{
    CXFile file = NULL;
    clang_getFileLocation(location, &file, NULL, NULL, offset);
    return file && clang_File_isEqual(file, bench->parse->main_file) &&
           *offset <= bench->len;
}

Span span_of(const Bench *bench, const Node *node)
{
    CXSourceRange extent = clang_getCursorExtent(node->cursor);
    unsigned from = 0, to = 0;
    if (source_is_macro(clang_getRangeStart(extent)) ||
        !file_offset(bench, clang_getRangeStart(extent), &from) ||
        !file_offset(bench, clang_getRangeEnd(extent), &to) || from >= to)
        return (Span){0, 0};
    return (Span){from, to};
}

Span span_of_statement(const Bench *bench, const Node *node)
{
    Span span = span_of(bench, node);
    if (span.from == span.to || bench->text[span.to - 1] == ';' ||
        bench->text[span.to - 1] == '}')
        return span;
    while (span.to < bench->len && isspace((unsigned char)bench->text[span.to]))
        span.to++;
    if (bench->text[span.to] != ';') return (Span){0, 0};
    span.to++;
    return span;
}

char *span_text(const Bench *bench, Span span)
{
    return arena_copy(bench->arena, bench->text + span.from, span.to - span.from);
}

bool text_is(const Bench *bench, const Node *node, const char *words)
{
    Span span = span_of(bench, node);
    const char *at = bench->text + span.from, *end = bench->text + span.to;
    for (; at < end; at++) {
        if (isspace((unsigned char)*at)) continue;
        while (isspace((unsigned char)*words))
            words++;
        if (*at != *words++) return false;
    }
    return span.from < span.to && !*words;
}

uint32_t line_start(const Bench *bench, uint32_t at)
{
    while (at && bench->text[at - 1] != '\n')
        at--;
    return at;
}

const char *indent_of(const Bench *bench, uint32_t at)
{
    uint32_t start = line_start(bench, at), end = start;
    while (bench->text[end] == ' ' || bench->text[end] == '\t')
        end++;
    return span_text(bench, (Span){start, end});
}

uint32_t place_behind(const Bench *bench, Span statement)
{
    const char *at = bench->text + statement.to;
    size_t rest = strcspn(at, "\r\n"), i = strspn(at, " \t");
    if (statement.from == statement.to) return 0;
    if (i < rest && !strncmp(at + i, "/*", 2)) {
        const char *end = strstr(at + i, "*/");
        if (!end || end > at + rest) return 0;
        i = (size_t)(end + 2 - at);
        i += strspn(at + i, " \t");
    }
    if (i < rest && strncmp(at + i, "//", 2) != 0) return 0;
    return statement.to + (uint32_t)rest;
}

bool is_first_on_line(const Bench *bench, Span statement)
{
    uint32_t at = line_start(bench, statement.from);
    while (at < statement.from && isspace((unsigned char)bench->text[at]))
        at++;
    return statement.from < statement.to && at == statement.from;
}

bool is_block(const Bench *bench, const Node *node)
{
    if (!node || node_kind(node) != CXCursor_CompoundStmt) return false;
    Span span = span_of(bench, node);
    return span.from < span.to && bench->text[span.from] == '{' &&
           bench->text[span.to - 1] == '}';
}

Node *next_in_source(const Node *node, const Node *root)
{
    if (node->first) return node->first;
    while (node != root && !node->next)
        node = node->parent;
    return node == root ? NULL : node->next;
}

Node *statement_at(const Bench *bench, uint32_t at)
{
    Node *block = bench->body, *found = NULL;
    for (Node *node = block; node; node = next_in_source(node, bench->body)) {
        if (!node->parent || !is_block(bench, node->parent)) continue;
        Span span = span_of_statement(bench, node);
        if (span.from <= at && at < span.to && node != bench->body) found = node;
    }
    return found && node_kind(found) != CXCursor_LabelStmt &&
                   node_kind(found) != CXCursor_CaseStmt &&
                   node_kind(found) != CXCursor_DefaultStmt
               ? found
               : NULL;
}
