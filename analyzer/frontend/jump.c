/*
 * Switch, labels, goto, return.
 *
 * The SWITCH instruction closes the block of the condition once the body has been seen and
 * all its cases are known. A computed goto is a switch over the numbers of the labels
 * whose address is taken.
 */
#include "frontend/lower.h"

typedef struct Coverage {
    const Switch *in;
    bool is_enumeration, is_whole;
} Coverage;

static enum CXChildVisitResult cover(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    Coverage *coverage = data;
    if (cursor.kind != CXCursor_EnumConstantDecl) return CXChildVisit_Continue;
    int64_t value = clang_getEnumConstantDeclValue(cursor);
    bool found = false;
    for (uint32_t i = 0; i < coverage->in->cases.n; i++)
        found |= coverage->in->cases.at[i].low <= value &&
                 value <= coverage->in->cases.at[i].high;
    coverage->is_enumeration = true;
    coverage->is_whole &= found;
    return found ? CXChildVisit_Continue : CXChildVisit_Break;
}

/* Every enumerator has its case: that none of them is taken is somebody else's bug. */
static bool covers_enumeration(Lower *lower, Node *condition, const Switch *in)
{
    CXCursor cursor = node_strip(lower->parse, condition)->cursor;
    CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
    if (in->other || type.kind != CXType_Enum) return false;
    Coverage coverage = {.in = in, .is_whole = true};
    clang_visitChildren(clang_getTypeDeclaration(type), cover, &coverage);
    return coverage.is_enumeration && coverage.is_whole;
}

static uint32_t stop_block(Lower *lower, Ins at)
{
    uint32_t block = build_block(lower->body), current = build_current(lower->body);
    build_enter(lower->body, block);
    build_stop(lower->body, at.loc);
    build_enter(lower->body, current);
    return block;
}

static void finish_switch(Lower *lower, const Switch *in, uint32_t head, Ins at,
                          uint32_t end)
{
    build_enter(lower->body, head);
    build_switch(lower->body, at, in->cases.at, in->to.at, in->cases.n,
                 in->other ? in->other : end);
    build_enter(lower->body, end);
}

void lower_switch(Lower *lower, Node *node)
{
    Node *condition = node_expr(node, 0), *body = node->last;
    if (!condition || body == condition) return;
    for (Node *child = node->first; child != condition; child = child->next)
        lower_statement(lower, child);
    Switch in = {.outer = lower->in_switch};
    Ins at = emit_at(lower, condition, OP_SWITCH);
    at.a = lower_value(lower, condition);
    at.type = node_type(lower->parse, condition)->scalar;
    uint32_t head = build_current(lower->body), end = build_block(lower->body);
    Jump outer = lower->break_to;
    lower->break_to = (Jump){end, lower->scope};
    lower->in_switch = &in;
    build_enter(lower->body, build_block(lower->body));
    lower_statement(lower, body);
    emit_jump(lower, node, end);
    lower->in_switch = in.outer;
    lower->break_to = outer;
    if (covers_enumeration(lower, condition, &in)) in.other = stop_block(lower, at);
    finish_switch(lower, &in, head, at, end);
}

/* A range of unsigned numbers may wrap around where signed ones end. */
static void add_case(Lower *lower, Switch *in, Case range, uint32_t block)
{
    if (range.low > range.high) {
        add_case(lower, in, (Case){range.low, INT64_MAX}, block);
        range.low = INT64_MIN;
    }
    vec_push(lower->nodes, &in->cases, range);
    vec_push(lower->nodes, &in->to, block);
}

void lower_case(Lower *lower, Node *node)
{
    Switch *in = lower->in_switch;
    uint32_t block = build_block(lower->body);
    emit_jump(lower, node, block);
    build_enter(lower->body, block);
    if (in && node_kind(node) == CXCursor_DefaultStmt) in->other = block;
    if (in && node_kind(node) == CXCursor_CaseStmt) {
        Case range = {0};
        Node *low = node->first, *high = low ? low->next : NULL;
        bool is_range = high && high != node->last;
        bool is_known = low && node_constant(lower->parse, low, &range.low);
        range.high = range.low;
        if (is_range && !node_constant(lower->parse, high, &range.high)) is_known = false;
        if (is_known) add_case(lower, in, range, block);
    }
    if (node->last) lower_statement(lower, node->last);
}

Label *lower_find_label(Lower *lower, CXCursor cursor)
{
    for (uint32_t i = 0; i < lower->labels.n; i++)
        if (lower->labels.at[i].cursor.data[1] == cursor.data[1])
            return &lower->labels.at[i];
    Label label = {.cursor = cursor, .block = build_block(lower->body)};
    vec_push(lower->nodes, &lower->labels, label);
    return &lower->labels.at[lower->labels.n - 1];
}

uint32_t lower_label_number(const Lower *lower, const Label *label)
{
    return (uint32_t)(label - lower->labels.at) + 1;
}

/* Enters the label's block; its statement is for the caller. */
void lower_label(Lower *lower, Node *node)
{
    Label *label = lower_find_label(lower, node->cursor);
    uint32_t block = label->block;
    emit_jump(lower, node, block);
    build_enter(lower->body, block);
}

void lower_goto(Lower *lower, Node *node)
{
    Node *reference = node_child(node, 0);
    if (!reference) return;
    Label *label = lower_find_label(lower, clang_getCursorReferenced(reference->cursor));
    uint32_t block = label->block;
    if (lower->has_cleanups) scope_leave_for(lower, node, label->node);
    emit_jump(lower, node, block);
}

/* Every label whose address is taken, by its number. */
void lower_goto_computed(Lower *lower, Node *node)
{
    Node *target = node_expr(node, 0);
    Ins at = emit_at(lower, node, OP_SWITCH);
    at.type = type_pointer();
    at.a = target ? lower_value(lower, target) : 0;
    uint32_t n = lower->labels.n, ncase = 0, other = 0;
    Case *cases = ARENA_ARRAY(lower->nodes, Case, n);
    uint32_t *to = ARENA_ARRAY(lower->nodes, uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        const Label *label = &lower->labels.at[i];
        if (!label->is_taken) continue;
        if (!other) other = label->block;
        cases[ncase] = (Case){i + 1, i + 1};
        to[ncase++] = label->block;
    }
    if (!ncase || !at.a) {
        build_stop(lower->body, at.loc);
        return;
    }
    build_switch(lower->body, at, cases, to, ncase, other);
}

void lower_return(Lower *lower, Node *node)
{
    Node *value = node_expr(node, 0);
    Val result = 0;
    bool is_void = lower->result->shape == SHAPE_VOID;
    if (value && is_void) lower_effect(lower, value);
    if (value && !is_void) result = lower_value(lower, value);
    if (lower->has_cleanups) {
        Type type = lower->result->scalar;
        bool is_bulk = type.kind == TYPE_AGGREGATE;
        Kept kept = emit_keep(lower, node, result, type, result && !is_bulk);
        scope_leave(lower, node, NULL);
        result = emit_kept(lower, node, &kept);
    }
    Spot spot = source_spot(lower->parse, clang_getCursorLocation(node->cursor));
    build_return(lower->body, spot.loc, result);
}
