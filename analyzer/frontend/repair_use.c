/*
 * A pointer is used that may be null: ways to do without.
 *
 * Where it is made by an assignment of this function, the function leaves right behind that. A
 * test that finds it null and goes on is told to leave; a condition or a statement that uses it
 * asks first; at last the function leaves right before the use.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/repair_inner.h"

/* Something that can be written again and means the same: no call, no operator but those that
 * lead to a place. */
static bool is_path(const char *pointer)
{
    if (!pointer || !*pointer || !strcmp(pointer, "NULL") ||
        isdigit((unsigned char)*pointer))
        return false;
    for (const char *at = pointer; *at; at++) {
        if (at[0] == '-' && at[1] != '>') return false;
        if (at[0] == '>' && (at == pointer || at[-1] != '-')) return false;
        if (!isalnum((unsigned char)*at) && !strchr("_.->[]*", *at)) return false;
        if (*at == '*' && at > pointer && at[-1] != '*') return false;
    }
    return true;
}

/* --- behind what makes it ------------------------------------------------------------------- */

/* The variable that a declaration sets, or the place an assignment does; NULL: neither. */
static const char *target_of(const Bench *bench, const Node *statement, uint32_t from,
                             Node **value)
{
    const Node *node = statement;
    if (node_kind(node) == CXCursor_DeclStmt) {
        for (node = statement->first; node; node = node->next) {
            Span span = span_of(bench, node);
            if (node_kind(node) == CXCursor_VarDecl && span.from <= from &&
                from < span.to)
                break;
        }
        if (!node) return NULL;
        *value = node_last_expr(node);
        return source_string(clang_getCursorSpelling(node->cursor), bench->arena);
    }
    if (node_kind(node) != CXCursor_BinaryOperator ||
        clang_getCursorBinaryOperatorKind(node->cursor) != CXBinaryOperator_Assign)
        return NULL;
    Span left = span_of(bench, node->first);
    *value = node_last_expr(node);
    return left.from < left.to ? span_text(bench, left) : NULL;
}

/* Declarations stand apart from the statements that follow. */
static uint32_t behind_blank(const Bench *bench, uint32_t end)
{
    uint32_t next = end;
    while (bench->text[next] == '\r')
        next++;
    if (bench->text[next] != '\n') return end;
    next++;
    while (bench->text[next] == ' ' || bench->text[next] == '\t')
        next++;
    return bench->text[next] == '\n' ? next : end;
}

/* One of the sources, or the next statement, tests it already, to little effect. */
static bool is_tested(const Bench *bench, const Node *statement, const char *pointer)
{
    for (uint32_t i = 0; i < bench->wish->nsource; i++) {
        const Node *test = statement_at(bench, offset_of(bench, bench->wish->sources[i]));
        if (test && node_kind(test) == CXCursor_IfStmt &&
            is_null_test(bench, test->first, pointer))
            return true;
    }
    return statement->next && node_kind(statement->next) == CXCursor_IfStmt &&
           is_null_test(bench, statement->next->first, pointer);
}

static void add_behind(Bench *bench, const Node *statement, const char *condition,
                       const char *pointer)
{
    Leave leave;
    Span span = span_of_statement(bench, statement);
    uint32_t place = place_behind(bench, span);
    if (!place || !is_first_on_line(bench, span) ||
        !leave_at(bench, span.to, pointer, &leave))
        return;
    const char *indent = indent_of(bench, span.from);
    const char *guard = guard_text(bench, condition, &leave, indent);
    if (node_kind(statement) == CXCursor_DeclStmt) place = behind_blank(bench, place);
    Edit edit = {place, 0, arena_printf(bench->arena, "\n%s%s", indent, guard)};
    repair_add(bench, arena_printf(bench->arena, "leave when '%s'", condition), &edit, 1);
}

/* The last of the declarations that follow, if none of them looks at the pointer. */
static Node *last_declaration(const Bench *bench, Node *statement)
{
    Node *last = statement;
    while (node_kind(last) == CXCursor_DeclStmt && last->next &&
           node_kind(last->next) == CXCursor_DeclStmt) {
        Span span = span_of(bench, last->next);
        if (span.from <= bench->at && bench->at < span.to) break;
        last = last->next;
    }
    return last;
}

static void leave_behind_source(Bench *bench, RepairPlace source)
{
    Node *value = NULL, *statement = statement_at(bench, offset_of(bench, source));
    if (!statement) return;
    const char *target = target_of(bench, statement, offset_of(bench, source), &value);
    if (!target || !is_path(target) || !value) return;
    CXType type = clang_getCanonicalType(clang_getCursorType(value->cursor));
    statement = last_declaration(bench, statement);
    if (node_kind(node_strip(bench->parse, value)) != CXCursor_CallExpr) return;
    if (is_tested(bench, statement, target)) return;
    if (type.kind == CXType_Pointer)
        add_behind(bench, statement, null_test_text(bench, target), target);
}

/* --- behind a call that says whether it failed --------------------------------------- */

/* How a number says so; which way is right for this callee, the trial tells. */
static const char *status_test(const Bench *bench, const char *status, uint32_t way)
{
    if (way == 0) return arena_printf(bench->arena, "%s != 0", status);
    if (way == 1) return arena_printf(bench->arena, "%s < 0", status);
    return arena_printf(bench->arena, "!%s", status);
}

static void test_call(Bench *bench, const Node *statement)
{
    Leave leave;
    Span span = span_of(bench, statement), whole = span_of_statement(bench, statement);
    if (!is_first_on_line(bench, whole) ||
        !leave_at(bench, whole.to, bench->wish->pointer, &leave))
        return;
    for (uint32_t way = 0; way < 3; way++) {
        const char *condition = status_test(bench, span_text(bench, span), way);
        Edit edit = {whole.from, whole.to - whole.from,
                     guard_text(bench, condition, &leave, indent_of(bench, span.from))};
        repair_add(bench, "leave when the call fails", &edit, 1);
    }
}

static void test_status(Bench *bench, RepairPlace source)
{
    uint32_t at = offset_of(bench, source);
    Node *value = NULL, *statement = statement_at(bench, at);
    if (!statement) return;
    if (node_kind(statement) == CXCursor_CallExpr) test_call(bench, statement);
    const char *status = target_of(bench, statement, at, &value);
    if (!status || !is_path(status)) return;
    for (uint32_t way = 0; way < 3; way++)
        add_behind(bench, statement, status_test(bench, status, way),
                   bench->wish->pointer);
}

/* --- at the use ----------------------------------------------------------------------------- */

/* The branch around the use, when the use is in its condition; NULL: it is not. */
static const Node *condition_at(const Bench *bench)
{
    const Node *found = NULL;
    for (const Node *node = bench->body; node; node = next_in_source(node, bench->body)) {
        if (node_kind(node) != CXCursor_IfStmt || !node->first) continue;
        Span span = span_of(bench, node->first);
        if (span.from <= bench->at && bench->at < span.to) found = node;
    }
    return found;
}

static bool is_logical(const Node *node, enum CXBinaryOperatorKind op)
{
    return node_kind(node) == CXCursor_BinaryOperator &&
           clang_getCursorBinaryOperatorKind(node->cursor) == op;
}

/* Operands of && and || in turn, down to the one with the use. */
static Node *operand_at(const Bench *bench, Node *condition, bool *is_or)
{
    for (;;) {
        Node *node = node_strip(bench->parse, condition), *next = NULL;
        bool both = is_logical(node, CXBinaryOperator_LAnd),
             one = is_logical(node, CXBinaryOperator_LOr);
        for (uint32_t i = 0; i < 2 && (both || one); i++) {
            Node *operand = node_expr(node, i);
            Span span = operand ? span_of(bench, operand) : (Span){0, 0};
            if (span.from <= bench->at && bench->at < span.to) next = operand;
        }
        if (!next) return condition;
        *is_or = one;
        condition = next;
    }
}

static bool binds_weaker(const Node *node)
{
    return node_kind(node) == CXCursor_ConditionalOperator ||
           node_kind(node) == CXCursor_CompoundAssignOperator ||
           is_logical(node, CXBinaryOperator_Assign) ||
           is_logical(node, CXBinaryOperator_Comma);
}

/* The condition has the bare pointer in it: whoever wrote it meant something else. */
static bool asks_already(const Bench *bench, const Node *condition)
{
    const char *pointer = bench->wish->pointer;
    const char *text = span_text(bench, span_of(bench, condition));
    size_t len = strlen(pointer);
    for (const char *at = text; (at = strstr(at, pointer)); at += len) {
        const char *behind = at + len + strspn(at + len, " )");
        if (!strncmp(behind, "!=", 2) || !strncmp(behind, "==", 2) ||
            !strncmp(behind, "&&", 2) || !strncmp(behind, "||", 2) || !*behind)
            return true;
    }
    return false;
}

static void ask_in_condition(Bench *bench, const Node *branch)
{
    const char *pointer = bench->wish->pointer;
    bool is_or = false;
    Node *operand = operand_at(bench, branch->first, &is_or);
    Span span = span_of(bench, operand);
    bool is_clear = span.from < span.to && !binds_weaker(operand) &&
                    !asks_already(bench, branch->first);
    if (!is_clear || node_child(branch, 2)) /* what the else would mean is not known */
        return;
    Edit edits[2] = {
        {span.from, 0, arena_printf(bench->arena, "%s%s && ", is_or ? "(" : "", pointer)},
        {span.to, 0, ")"}};
    repair_add(bench, arena_printf(bench->arena, "ask for '%s' first", pointer), edits,
               is_or ? 2 : 1);
}

static bool is_used_behind(const Bench *bench, uint32_t at)
{
    uint32_t end = span_of(bench, bench->body).to;
    return at < end &&
           text_has_words(span_text(bench, (Span){at, end}), bench->wish->pointer);
}

static void ask_around(Bench *bench, const Node *statement)
{
    const char *pointer = bench->wish->pointer;
    enum CXCursorKind kind = node_kind(statement);
    Span span = span_of_statement(bench, statement);
    bool is_effect = kind == CXCursor_CallExpr || kind == CXCursor_UnaryOperator ||
                     kind == CXCursor_BinaryOperator ||
                     kind == CXCursor_CompoundAssignOperator;
    /* Used further on, it would only crash there. */
    if (is_used_behind(bench, span.to)) return;
    if (!is_effect || !is_first_on_line(bench, span) ||
        memchr(bench->text + span.from, '\n', span.to - span.from))
        return;
    const char *name = arena_printf(bench->arena, "%s", pointer);
    const char *words[] = {span_text(bench, span)};
    Leave body = {.words = words, .n = 1};
    Edit edit = {span.from, span.to - span.from,
                 guard_text(bench, name, &body, indent_of(bench, span.from))};
    repair_add(bench, arena_printf(bench->arena, "only when '%s' is there", pointer),
               &edit, 1);
}

/* The use is what the statement does first, not something it may come to. */
static bool is_at_once(const Bench *bench, const Node *statement)
{
    switch ((int)node_kind(statement)) {
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
    case CXCursor_DoStmt:
    case CXCursor_CompoundStmt: return false;
    case CXCursor_IfStmt:
    case CXCursor_SwitchStmt: {
        Span span = span_of(bench, statement->first);
        return span.from <= bench->at && bench->at < span.to;
    }
    default: return true;
    }
}

static bool finds_null(const Bench *bench, const Node *condition)
{
    const char *pointer = bench->wish->pointer;
    Arena *arena = bench->arena;
    return has_words(bench, condition, arena_printf(arena, "!%s", pointer)) ||
           has_words(bench, condition, arena_printf(arena, "%s == NULL", pointer));
}

/* In a branch that is taken because the pointer is null, a test says nothing new. */
static bool is_known_null(const Bench *bench, const Node *node)
{
    for (; node && node != bench->body; node = node->parent) {
        const Node *branch = node->parent;
        if (!branch || node_kind(branch) != CXCursor_IfStmt || node == branch->first)
            continue;
        bool is_else = node == node_child(branch, 2);
        if (is_else
                ? asks_already(bench, branch->first) && !finds_null(bench, branch->first)
                : finds_null(bench, branch->first))
            return true;
    }
    return false;
}

static void leave_before(Bench *bench, const Node *statement)
{
    const char *pointer = bench->wish->pointer;
    Leave leave;
    Span span = span_of(bench, statement);
    if (!is_at_once(bench, statement) || !is_first_on_line(bench, span) ||
        !leave_at(bench, span.from, pointer, &leave))
        return;
    const char *condition = null_test_text(bench, pointer);
    const char *indent = indent_of(bench, span.from);
    Edit edit = {span.from, 0,
                 arena_printf(bench->arena, "%s\n%s",
                              guard_text(bench, condition, &leave, indent), indent)};
    repair_add(bench, arena_printf(bench->arena, "leave when '%s'", condition), &edit, 1);
}

/* if (!p) puts("none"); becomes if (!p) { puts("none"); return; } */
static void leave_in_one(Bench *bench, const Node *then, const Leave *leave,
                         const char *indent, const char *text)
{
    Span span = span_of_statement(bench, then);
    uint32_t from = span.from;
    if (span.from == span.to) return;
    while (from && (bench->text[from - 1] == ' ' || bench->text[from - 1] == '\t' ||
                    bench->text[from - 1] == '\n'))
        from--;
    const char *level = level_of(bench);
    Buf out;
    buf_init(&out, bench->arena);
    buf_printf(&out, " {\n%s%s%s", indent, level, span_text(bench, span));
    for (uint32_t i = 0; i < leave->n; i++)
        buf_printf(&out, "\n%s%s%s", indent, level, leave->words[i]);
    buf_printf(&out, "\n%s}", indent);
    Edit edit = {from, span.to - from, out.at};
    repair_add(bench, text, &edit, 1);
}

static void leave_in_block(Bench *bench, const Node *last, const Leave *leave,
                           const char *text)
{
    Span span = span_of_statement(bench, last);
    uint32_t place = place_behind(bench, span);
    if (!place || !is_first_on_line(bench, span)) return;
    Buf out;
    buf_init(&out, bench->arena);
    for (uint32_t i = 0; i < leave->n; i++)
        buf_printf(&out, "\n%s%s", indent_of(bench, span.from), leave->words[i]);
    Edit edit = {place, 0, out.at};
    repair_add(bench, text, &edit, 1);
}

/* A test that finds it null and goes on as if nothing were wrong ends with leaving. */
static void leave_in_test(Bench *bench, RepairPlace source)
{
    const char *pointer = bench->wish->pointer;
    const Node *branch = statement_at(bench, offset_of(bench, source));
    Leave leave;
    if (!branch || node_kind(branch) != CXCursor_IfStmt || node_child(branch, 2) ||
        !is_null_test(bench, branch->first, pointer))
        return;
    const Node *then = node_child(branch, 1);
    Span span = span_of(bench, branch);
    if (!then || span.from == span.to || !leave_at(bench, span.to, pointer, &leave))
        return;
    const char *text =
        arena_printf(bench->arena, "leave where '%s' is found to be null", pointer);
    if (is_block(bench, then) && then->last && !is_jump(then->last))
        leave_in_block(bench, then->last, &leave, text);
    else if (!is_block(bench, then) && !is_jump(then))
        leave_in_one(bench, then, &leave, indent_of(bench, span.from), text);
}

/* p = realloc(p, n): what p was is lost by now, whoever leaves. */
static bool is_lost(const Bench *bench, RepairPlace source)
{
    Node *value = NULL, *statement = statement_at(bench, offset_of(bench, source));
    const char *target =
        statement ? target_of(bench, statement, offset_of(bench, source), &value) : NULL;
    return target && value && mentions(bench, value, target);
}

void repair_use(Bench *bench)
{
    const RepairWish *wish = bench->wish;
    for (uint32_t i = 0; i < wish->nsource; i++)
        if (is_lost(bench, wish->sources[i])) return;
    if (wish->is_status && wish->nsource) test_status(bench, wish->sources[0]);
    for (uint32_t i = 0; i < wish->nsource && !wish->is_status; i++)
        leave_behind_source(bench, wish->sources[i]);
    if (!is_path(wish->pointer)) return;
    for (uint32_t i = 0; i < wish->nsource; i++)
        leave_in_test(bench, wish->sources[i]);
    const Node *branch = condition_at(bench), *statement = statement_at(bench, bench->at);
    if (!statement || is_known_null(bench, statement)) return;
    if (branch) ask_in_condition(bench, branch);
    if (!branch) ask_around(bench, statement);
    leave_before(bench, statement);
}
