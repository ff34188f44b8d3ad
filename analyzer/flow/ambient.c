/*
 * The ambient slot: a variable of the thread, or what a pair of calls gets and sets. Who runs
 * later, in a callback or a thread of its own, finds there what somebody else left: reading it
 * without having set it is a need, and a fault where a function is handed on to be run later.
 */
#include <string.h>

#include "flow/request.h"

static Site here(const Engine *engine)
{
    return (Site){engine->fn->link_name, engine_number(engine)};
}

/* What stands for a slot that only calls know. */
static TermId slot_term(Engine *engine, uint32_t type)
{
    const ContextType *own = &engine->request->model->types.at[type];
    return term_pure(&engine->terms, own->id, 0, 0);
}

static bool is_set(const State *state, TermId slot)
{
    const RequestMark *mark = request_mark(state, slot);
    const Cell *cell = state_cell(state, slot);
    return (mark && (mark->flags & MARK_SET)) || (cell && cell->is_written);
}

static void need_slot(Engine *engine, const State *state, TermId slot)
{
    if (is_set(state, slot)) return;
    Need need = {.kind = NEED_AMBIENT, .name = engine->terms.at[slot].name};
    SiteStep step = {STEP_AMBIENT, false, here(engine)};
    need_note(engine, state, need, &step, 1);
}

void ambient_read(Engine *engine, const State *state, TermId value)
{
    value = state_canon(state, value);
    const Term *term = &engine->terms.at[value];
    TermId slot = term->kind == TERM_INIT ? term->a : 0;
    const RequestMark *mark = request_mark(state, value);
    if (mark && mark->origin == MARK_AMBIENT && mark->from) slot = mark->from;
    if (slot && (engine->terms.at[slot].kind == TERM_GLOBAL ||
                 engine->terms.at[slot].kind == TERM_PURE))
        need_slot(engine, state, slot);
}

/* A variable of the program that is the slot of a type: its term, when the unit knows it. */
static TermId variable_of(Engine *engine, uint32_t type)
{
    const Pattern *slot = engine->request->model->types.at[type].ambient;
    for (uint32_t i = 1; slot && i < engine->unit->nglobal; i++) {
        const Name *name = engine->unit->globals[i].name;
        if (pattern_matches(slot, name->text, name->len))
            return term_named(
                &engine->terms, TERM_GLOBAL,
                program_global(engine->context->program, engine->unit, i)->link_name);
    }
    return 0;
}

static bool has_calls(const ContextModel *model, uint32_t type)
{
    for (uint32_t i = 0; i < model->actions.n; i++)
        if (model->actions.at[i].owner == type &&
            model->actions.at[i].role == CONTEXT_GET &&
            !(model->actions.at[i].flags & CONTEXT_KEPT))
            return true;
    return false;
}

void ambient_said(Engine *engine, const State *state, const RequestCall *call)
{
    const ContextModel *model = engine->request->model;
    if (call->callee && call->callee->fn->body) return; /* its body says what it reads */
    for (uint32_t i = 0; i < model->types.n; i++) {
        if (!model->types.at[i].is_ambient) continue;
        TermId variable = variable_of(engine, i);
        bool by_calls = has_calls(model, i);
        if (!variable && !by_calls) continue;
        if ((variable && is_set(state, variable)) ||
            (by_calls && is_set(state, slot_term(engine, i))))
            continue;
        need_slot(engine, state, variable ? variable : slot_term(engine, i));
    }
}

/* `set` and `clear` of an ambient slot, and of what is kept with a context (see use.c). */
void ambient_call(Engine *engine, State *state, const RequestCall *call,
                  const ContextAction *action, TermId result)
{
    if (action->owner >= engine->request->model->types.n || action->flags & CONTEXT_KEPT)
        return;
    TermId slot = slot_term(engine, action->owner);
    if (action->role == CONTEXT_GET) {
        const RequestMark *set = request_mark(state, slot);
        if (!result) return;
        RequestMark mark = {.value = result,
                            .from = slot,
                            .origin = MARK_AMBIENT,
                            .ins = engine_number(engine)};
        if (set && (set->flags & MARK_SET)) mark.origin = set->origin;
        request_put(state, mark);
        return;
    }
    TermId value = request_place(engine, state, call, &action->places[PLACE_VALUE]);
    if (!value && call->narg) value = call->args[0];
    MarkOrigin origin = value ? request_origin(engine, state, value) : MARK_UNKNOWN;
    request_put(state, (RequestMark){.value = slot,
                                     .origin = origin,
                                     .flags = action->role == CONTEXT_SET ? MARK_SET : 0,
                                     .ins = engine_number(engine)});
}

void ambient_relay(Engine *engine, State *state, const Need *need, SiteStep *steps,
                   uint32_t nstep)
{
    TermId variable = term_named(&engine->terms, TERM_GLOBAL, need->name);
    TermId slot = term_pure(&engine->terms, need->name, 0, 0);
    if (is_set(state, variable) || is_set(state, slot)) return;
    need_note(engine, state, *need, steps, nstep);
}

/* A function that others call back, by what the model says of its type. */
void ambient_end(Engine *engine)
{
    const Request *request = engine->request;
    if (!request->entry || (request->entry->kind != CONTEXT_CALLBACK &&
                            request->entry->kind != CONTEXT_THREAD))
        return;
    for (uint32_t i = 0; i < request->needs.n; i++) {
        const Need *need = &request->needs.at[i];
        if (need->kind != NEED_AMBIENT || !need->nstep) continue;
        const char *colon = strrchr(need->name->text, ':');
        Fault fault = {.kind = FAULT_NOT_RESTORED,
                       .flags = FAULT_IS_NULL,
                       .site = need->steps[0].site,
                       .given = engine->fn->fn->name->text,
                       .missing = colon ? colon + 1 : need->name->text};
        relay_chain(engine, need, &fault);
        if (engine->finals.n)
            fault_note(engine, engine->finals.at[0], fault, need->steps, need->nstep);
    }
}
