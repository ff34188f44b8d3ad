/* Statements: blocks, loops, branches. Constant conditions decide here and now. */
#include "frontend/lower.h"

static void lower_if(Lower *lower, Node *node)
{
    BodyBuild *body = lower->body;
    uint32_t end = build_block(body);
    /* else if chains of thousands of links exist: a loop, not recursion */
    for (;;) {
        Node *condition = node_expr(node, 0);
        Node *then = condition ? condition->next : NULL;
        Node *other = then ? then->next : NULL;
        if (!then) break;
        uint32_t yes = build_block(body), no = other ? build_block(body) : end;
        lower_decide(lower, node, condition, yes, no, 0);
        build_enter(body, yes);
        lower_statement(lower, then);
        emit_jump(lower, then, end);
        if (!other) break;
        build_enter(body, no);
        if (node_kind(other) != CXCursor_IfStmt) {
            lower_statement(lower, other);
            break;
        }
        node = other;
    }
    emit_jump(lower, node, end);
    build_enter(body, end);
}

typedef struct Loop {
    Jump outer_break, outer_continue;
    uint32_t next, end; /* where continue and break go */
} Loop;

static Loop loop_open(Lower *lower)
{
    Loop loop = {lower->break_to, lower->continue_to, 0, 0};
    loop.next = build_block(lower->body);
    loop.end = build_block(lower->body);
    lower->break_to = (Jump){loop.end, lower->scope};
    lower->continue_to = (Jump){loop.next, lower->scope};
    return loop;
}

static void loop_close(Lower *lower, const Loop *loop)
{
    lower->break_to = loop->outer_break;
    lower->continue_to = loop->outer_continue;
    build_enter(lower->body, loop->end);
}

static void lower_while(Lower *lower, Node *node)
{
    Node *condition = node_expr(node, 0), *content = node->last;
    if (!condition || content == condition) return;
    Loop loop = loop_open(lower);
    uint32_t inside = build_block(lower->body);
    emit_jump(lower, node, loop.next);
    build_enter(lower->body, loop.next);
    lower_decide(lower, node, condition, inside, loop.end, INS_LOOP_BRANCH);
    build_enter(lower->body, inside);
    lower_statement(lower, content);
    emit_jump(lower, node, loop.next);
    loop_close(lower, &loop);
}

static void lower_do(Lower *lower, Node *node)
{
    Node *content = node->first, *condition = node->last;
    if (!content || content == condition) return;
    Loop loop = loop_open(lower);
    uint32_t inside = build_block(lower->body);
    emit_jump(lower, node, inside);
    build_enter(lower->body, inside);
    lower_statement(lower, content);
    emit_jump(lower, node, loop.next);
    build_enter(lower->body, loop.next);
    lower_decide(lower, node, condition, inside, loop.end, INS_LOOP_BRANCH);
    loop_close(lower, &loop);
}

static void lower_for(Lower *lower, Node *node)
{
    ForParts parts = node_for_parts(lower->parse, node);
    if (!parts.body) return;
    Scope scope;
    scope_open(lower, &scope, node);
    if (parts.init) lower_statement(lower, parts.init);
    Loop loop = loop_open(lower);
    uint32_t head = build_block(lower->body), inside = build_block(lower->body);
    emit_jump(lower, node, head);
    build_enter(lower->body, head);
    if (parts.condition)
        lower_decide(lower, node, parts.condition, inside, loop.end, INS_LOOP_BRANCH);
    else
        emit_jump(lower, node, inside);
    build_enter(lower->body, inside);
    lower_statement(lower, parts.body);
    emit_jump(lower, node, loop.next);
    build_enter(lower->body, loop.next);
    if (parts.step) lower_effect(lower, parts.step);
    emit_jump(lower, node, head);
    loop_close(lower, &loop);
    scope_close(lower, node);
}

static void lower_jump_to(Lower *lower, Node *node, const Jump *jump)
{
    if (lower->has_cleanups) scope_leave(lower, node, jump->scope);
    emit_jump(lower, node, jump->block);
}

static void lower_compound_statement(Lower *lower, Node *node)
{
    Scope scope;
    scope_open(lower, &scope, node);
    for (Node *child = node->first; child; child = child->next)
        lower_statement(lower, child);
    scope_close(lower, node);
}

static void lower_declarations(Lower *lower, Node *node)
{
    for (Node *child = node->first; child; child = child->next)
        if (node_kind(child) == CXCursor_VarDecl) lower_variable(lower, child);
}

static void statement_at(Lower *lower, Node *node)
{
    switch ((int)node_kind(node)) {
    case CXCursor_CompoundStmt: lower_compound_statement(lower, node); break;
    case CXCursor_DeclStmt: lower_declarations(lower, node); break;
    case CXCursor_IfStmt: lower_if(lower, node); break;
    case CXCursor_WhileStmt: lower_while(lower, node); break;
    case CXCursor_DoStmt: lower_do(lower, node); break;
    case CXCursor_ForStmt: lower_for(lower, node); break;
    case CXCursor_SwitchStmt: lower_switch(lower, node); break;
    case CXCursor_CaseStmt:
    case CXCursor_DefaultStmt: lower_case(lower, node); break;
    case CXCursor_BreakStmt: lower_jump_to(lower, node, &lower->break_to); break;
    case CXCursor_ContinueStmt: lower_jump_to(lower, node, &lower->continue_to); break;
    case CXCursor_GotoStmt: lower_goto(lower, node); break;
    case CXCursor_IndirectGotoStmt: lower_goto_computed(lower, node); break;
    case CXCursor_LabelStmt:
        lower_label(lower, node);
        if (node->last) lower_statement(lower, node->last);
        break;
    case CXCursor_ReturnStmt: lower_return(lower, node); break;
    case CXCursor_GCCAsmStmt:
    case CXCursor_MSAsmStmt: lower_assembly(lower, node); break;
    case CXCursor_UnexposedStmt: /* an attribute and its statement */
        if (node->last) lower_statement(lower, node->last);
        break;
    case CXCursor_NullStmt: break;
    default:
        if (node_is_expr(node)) lower_effect(lower, node);
        break;
    }
}

void lower_statement(Lower *lower, Node *node)
{
    if (lower_assertion(lower, node)) return;
    if (lower->depth > MAX_NESTING) {
        emit_opaque(lower, node, "nested too deep", NULL, 0, (Type){0});
        return;
    }
    lower->depth++;
    statement_at(lower, node);
    lower->depth--;
}
