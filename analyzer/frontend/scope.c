/*
 * Scopes: variables with a cleanup attribute.
 *
 * Their function runs wherever the scope is left: at its end, by break, continue, goto
 * and return. Calls nobody wrote are marked INS_IMPLICIT.
 */
#include <string.h>

#include "frontend/lower.h"

void scope_open(Lower *lower, Scope *scope, Node *node)
{
    *scope = (Scope){.outer = lower->scope, .node = node};
    lower->scope = scope;
}

static void run(Lower *lower, Node *node, const Cleanup *cleanup)
{
    Ins address = emit_at(lower, node, OP_ADDR);
    address.type = type_pointer();
    address.ref = REF_LOCAL;
    address.local = cleanup->local;
    address.flags |= INS_IMPLICIT;
    Val *args = build_vals(lower->body, 1);
    args[0] = build_ins(lower->body, address);
    Ins call = emit_at(lower, cleanup->decl, OP_CALL);
    call.ref = REF_FN;
    call.fn = cleanup->fn;
    call.args = args;
    call.narg = 1;
    call.flags |= INS_IMPLICIT;
    build_ins(lower->body, call);
}

static void run_all(Lower *lower, Node *node, const Scope *scope, uint32_t keep_before)
{
    for (uint32_t i = scope->cleanups.n; i-- > 0;)
        if (scope->cleanups.at[i].decl->order >= keep_before)
            run(lower, node, &scope->cleanups.at[i]);
}

void scope_close(Lower *lower, Node *node)
{
    run_all(lower, node, lower->scope, 0);
    lower->scope = lower->scope->outer;
}

void scope_leave(Lower *lower, Node *node, const Scope *to)
{
    for (const Scope *scope = lower->scope; scope && scope != to; scope = scope->outer)
        run_all(lower, node, scope, 0);
}

/* A goto leaves the scopes that do not hold the label, and variables declared after it. */
void scope_leave_for(Lower *lower, Node *node, const Node *target)
{
    for (const Scope *scope = lower->scope; scope; scope = scope->outer) {
        if (target && node_is_below(target, scope->node)) {
            run_all(lower, node, scope, target->order);
            return;
        }
        run_all(lower, node, scope, 0);
    }
}

/* "cleanup(fn)" in the declaration printed back. */
void scope_cleanup(Lower *lower, Node *decl, LocalId local)
{
    if (!clang_Cursor_hasAttrs(decl->cursor)) return;
    const char *text = source_string(
        clang_getCursorPrettyPrinted(decl->cursor, lower->parse->policy), lower->nodes);
    const char *at = strstr(text, "cleanup(");
    if (!at) return;
    at += strlen("cleanup(");
    const char *name = arena_copy(lower->nodes, at, strcspn(at, ")"));
    FnId fn = decl_find_fn(lower->parse, name);
    if (!fn) return;
    build_local_at(lower->body, local)->flags |= LOCAL_ADDRESS_TAKEN;
    Cleanup cleanup = {local, fn, decl};
    vec_push(lower->nodes, &lower->scope->cleanups, cleanup);
}
