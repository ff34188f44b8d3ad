/*
 * Uses of what is gone: a context after its end, and what modules keep with a context (nginx: the
 * slot in r->ctx) after a call that clears it. Asked for at every access through a pointer.
 */
#include <string.h>

#include "flow/request.h"

static Site here(const Engine *engine)
{
    return (Site){engine->fn->link_name, engine_number(engine)};
}

static const char *name_of_value(Engine *engine, Val val)
{
    const Block *block = &engine->body->blocks[engine->block];
    const Ins *def = &block->ins[engine->shape.def[val]];
    while ((def->op == OP_FIELD || def->op == OP_INDEX) && def->a) {
        val = def->a;
        def = &block->ins[engine->shape.def[val]];
    }
    return ir_text(engine->unit, engine->body, engine->block, val, engine->arena);
}

/* Once a path: what comes after it is the same mistake. */
static void tell(Engine *engine, State *state, RequestMark *mark, Fault fault)
{
    SiteStep steps[2] = {{STEP_GONE, true, {engine->fn->link_name, mark->ins}},
                         {STEP_PASSED, true, here(engine)}};
    fault.kind = FAULT_ENDED;
    mark->flags &= ~(uint32_t)(MARK_ENDED | MARK_GONE);
    fault_note(engine, state, fault, steps, 2);
}

void use_ended(Engine *engine, State *state, TermId value, Fault fault)
{
    RequestMark *mark = request_mark(state, value);
    if (!mark || !(mark->flags & MARK_ENDED) || !mark->origin) return;
    tell(engine, state, mark, fault);
}

/* Part of the macro, or the function, that looks into what is kept. */
static bool is_looking(Engine *engine, const Ins *ins)
{
    if (!ins->macro) return false;
    const ContextAction *get = context_action(
        engine->request->model, engine->unit->macros[ins->macro], CONTEXT_GET);
    const ContextAction *set = context_action(
        engine->request->model, engine->unit->macros[ins->macro], CONTEXT_SET);
    return get || set;
}

/* The request has come to an end for this thread, or this access is the first that knows that
 * there is a context: see ambient.c. */
void use_access(Engine *engine, State *state, TermId root, Val val, const Ins *ins)
{
    const RequestMark *mark = request_mark(state, root);
    if (mark && (mark->flags & MARK_ENDED) && mark->origin) {
        use_ended(
            engine, state, root,
            (Fault){.context = name_of_value(engine, val), .flags = FAULT_IS_ACCESS});
        return;
    }
    if (mark && (mark->flags & MARK_GONE) && !is_looking(engine, ins)) {
        RequestMark *own = request_mark(state, root);
        Range range = value_range(engine, state, root);
        if (range.classes & CLASS_NULL)
            tell(engine, state, own,
                 (Fault){.context = name_of_value(engine, val),
                         .flags = FAULT_IS_ACCESS | FAULT_IS_NULL});
    }
    if (request_origin(engine, state, root) != MARK_AMBIENT) return;
    const Fact *fact = state_fact(state, root);
    bool is_tested =
        fact && !(fact->range.classes & CLASS_NULL) && !fact->deref && !fact->is_demand;
    if (!is_tested) ambient_read(engine, state, root);
}

/* --- what is kept with a context ----------------------------------------------------------- */

void use_lose(Engine *engine, State *state, const RequestCall *call,
              const ContextAction *action)
{
    TermId value = request_place(engine, state, call, &action->places[PLACE_ARG]);
    for (uint32_t i = 0; !value && i < call->narg; i++)
        if (request_taken(engine, call, i) == action->owner) value = call->args[i];
    if (!value) return;
    RequestMark *mark = request_make(state, value);
    mark->flags |= MARK_BARE;
    mark->ins = engine_number(engine);
}

static RequestMark *find_bare(const State *state)
{
    for (uint32_t i = 0; i < state->nmark; i++)
        if (state->marks[i].flags & MARK_BARE) return &state->marks[i];
    return NULL;
}

void use_load(Engine *engine, State *state, const Ins *ins, TermId value)
{
    RequestMark *bare = ins->macro && state->nmark ? find_bare(state) : NULL;
    if (!bare || (ins->flags & INS_MACRO_ARG) || !value) return;
    const ContextAction *get = context_action(
        engine->request->model, engine->unit->macros[ins->macro], CONTEXT_GET);
    if (!get || !get->macro) return;
    uint32_t at = bare->ins;
    RequestMark *mark = request_make(state, value);
    mark->flags |= MARK_GONE;
    mark->ins = at;
}

void use_store(Engine *engine, State *state, const Ins *ins)
{
    RequestMark *bare = ins->macro && state->nmark ? find_bare(state) : NULL;
    if (!bare) return;
    const ContextAction *set = context_action(
        engine->request->model, engine->unit->macros[ins->macro], CONTEXT_SET);
    if (set && set->macro) bare->flags &= ~(uint32_t)MARK_BARE;
}
