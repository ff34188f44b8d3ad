/*
 * Calls through a parameter: the function's callers know what it is, so they are told under
 * which conditions it is called, and with what.
 */
#include "flow/engine.h"

enum { MOST_INVOKES = 8 };

/* What holds on every way to the call. */
static void weaken_guards(Invoke *invoke, const Guard *others, uint32_t nother)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < invoke->nguard; i++) {
        Guard guard = invoke->guards[i];
        uint32_t k = 0;
        while (k < nother && others[k].term != guard.term)
            k++;
        if (k == nother) continue;
        guard.range = range_join(guard.range, others[k].range);
        if (!range_is_any(guard.range)) invoke->guards[kept++] = guard;
    }
    invoke->nguard = kept;
}

static bool same_args(const Invoke *a, const Invoke *b)
{
    for (uint32_t i = 0; i < a->narg && a->narg == b->narg; i++)
        if (a->args[i] != b->args[i]) return false;
    return a->narg == b->narg;
}

void invoke_export(Engine *engine, const State *state, TermId target, const TermId *args,
                   uint32_t narg, bool by_args)
{
    Invoke mine = {.callee = export_term(engine, state, target), .narg = narg};
    if (!mine.callee) return;
    mine.site = (Site){engine->fn->link_name, engine_number(engine)};
    mine.guards = export_guards(engine, state, &mine.nguard);
    mine.args = ARENA_ARRAY(engine->arena, TermId, narg + 1);
    for (uint32_t i = 0; i < narg; i++)
        mine.args[i] = export_term(engine, state, args[i]);
    for (uint32_t i = 0; i < engine->invokes.n; i++) {
        Invoke *known = &engine->invokes.at[i];
        if (known->site.ins != mine.site.ins || known->callee != mine.callee) continue;
        if (by_args && !same_args(known, &mine)) continue;
        weaken_guards(known, mine.guards, mine.nguard);
        return;
    }
    if (engine->invokes.n < MOST_INVOKES) vec_push(engine->arena, &engine->invokes, mine);
}
