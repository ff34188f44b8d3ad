/*
 * A test that comes too late is moved in front of the use: the whole if, when nothing but that use
 * stands between; the value of a declaration goes behind the test instead; operands of && and ||
 * change places.
 */
#include <string.h>

#include "frontend/repair_inner.h"

/* if (!p) leave; and nothing else */
static bool is_plain_test(const Bench *bench, const Node *branch)
{
    const Node *then = node_child(branch, 1);
    if (node_kind(branch) != CXCursor_IfStmt || !then || node_child(branch, 2))
        return false;
    if (is_block(bench, then)) then = then->last;
    return then && is_jump(then);
}

/* Every statement from the use on up to the test looks through the pointer, so that none of
 * them has ever run with a null: the test can stand before them all. */
static void move_test(Bench *bench, const Node *use, const Node *test)
{
    const char *pointer = bench->wish->pointer;
    Span from = span_of_statement(bench, use), span = span_of_statement(bench, test);
    if (!is_null_test(bench, test->first, pointer) || !is_first_on_line(bench, from) ||
        !is_first_on_line(bench, span) || use->next != test)
        return;
    uint32_t end = place_behind(bench, span);
    if (!end || bench->text[end] != '\n') return;
    uint32_t start = line_start(bench, span.from);
    const char *moved = span_text(bench, (Span){span.from, end});
    Edit edits[2] = {
        {from.from, 0,
         arena_printf(bench->arena, "%s\n%s", moved, indent_of(bench, from.from))},
        {start, end + 1 - start, ""}};
    repair_add(bench, arena_printf(bench->arena, "test '%s' before it is used", pointer),
               edits, 2);
}

/* T x = p->n;  if (!p) return;   becomes   T x;  if (!p) return;  x = p->n; */
static void split_declaration(Bench *bench, const Node *use, const Node *test)
{
    const Node *variable = use->first;
    if (node_kind(use) != CXCursor_DeclStmt || !variable || variable->next) return;
    CXType type = clang_getCursorType(variable->cursor);
    const Node *value = node_last_expr(variable);
    Span whole = span_of(bench, variable), init = {0, 0};
    if (value) init = span_of(bench, value);
    uint32_t place = place_behind(bench, span_of_statement(bench, test));
    bool is_plain = type.kind != CXType_ConstantArray && type.kind != CXType_Record &&
                    !clang_isConstQualifiedType(type);
    if (init.from == init.to || init.to != whole.to || !place || !is_plain) return;
    for (const Node *node = use->next; node && node != test; node = node->next)
        if (node_kind(node) != CXCursor_DeclStmt) return;
    uint32_t cut = init.from;
    while (cut > whole.from && bench->text[cut - 1] != '=')
        cut--;
    if (cut <= whole.from) return;
    for (cut--; cut > whole.from && bench->text[cut - 1] == ' ';)
        cut--;
    const char *name =
        source_string(clang_getCursorSpelling(variable->cursor), bench->arena);
    const char *indent = indent_of(bench, span_of(bench, test).from);
    Edit edits[2] = {{cut, init.to - cut, ""},
                     {place, 0,
                      arena_printf(bench->arena, "\n%s%s = %s;", indent, name,
                                   span_text(bench, init))}};
    repair_add(bench,
               arena_printf(bench->arena, "set '%s' once '%s' is tested", name,
                            bench->wish->pointer),
               edits, 2);
}

/* p->n > 1 && p: the operands change places. */
static void swap_operands(Bench *bench, uint32_t use)
{
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        if (node_kind(node) != CXCursor_BinaryOperator) continue;
        enum CXBinaryOperatorKind op = clang_getCursorBinaryOperatorKind(node->cursor);
        if (op != CXBinaryOperator_LAnd && op != CXBinaryOperator_LOr) continue;
        const Node *first = node_expr(node, 0), *second = node_expr(node, 1);
        if (!first || !second) continue;
        Span left = span_of(bench, first), right = span_of(bench, second);
        if (left.from > use || use >= left.to || right.from > bench->at ||
            bench->at >= right.to ||
            memchr(bench->text + left.from, '(', left.to - left.from))
            continue;
        Edit edits[2] = {{left.from, left.to - left.from, span_text(bench, right)},
                         {right.from, right.to - right.from, span_text(bench, left)}};
        repair_add(bench,
                   arena_printf(bench->arena, "test '%s' first", bench->wish->pointer),
                   edits, 2);
        return;
    }
}

void repair_late_test(Bench *bench)
{
    const RepairWish *wish = bench->wish;
    const Node *test = statement_at(bench, bench->at);
    for (uint32_t i = 0; i < wish->nsource; i++) {
        uint32_t at = offset_of(bench, wish->sources[i]);
        if (at == bench->at) continue;
        const Node *use = statement_at(bench, at);
        if (use && use == test) swap_operands(bench, at);
        if (!use || !test || use == test || use->parent != test->parent ||
            !is_plain_test(bench, test))
            continue;
        if (node_kind(use) == CXCursor_DeclStmt)
            split_declaration(bench, use, test);
        else
            move_test(bench, use, test);
    }
}
