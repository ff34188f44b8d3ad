/*
 * What no request is lost by, and people want to see all the same: spans that do not end, logs
 * that do not say for whom, the time of one try given to each of several, jobs that start no
 * trace. Only programs whose model speaks of these have any of it.
 */
#include "flow/request.h"

static Site here(const Engine *engine)
{
    return (Site){engine->fn->link_name, engine_number(engine)};
}

/* --- spans ------------------------------------------------------------------------------- */

void habit_start(Engine *engine, State *state, TermId result)
{
    if (!result || value_is_null(engine, state, result)) return;
    RequestMark *mark = request_make(state, result);
    mark->flags |= MARK_OPEN;
    mark->ins = engine_number(engine);
}

void habit_finish(Engine *engine, State *state, TermId span, const RequestCall *call)
{
    if (!span || value_is_null(engine, state, span)) return;
    RequestMark *mark = request_make(state, span);
    if (mark->flags & MARK_CLOSED) {
        SiteStep steps[2] = {{STEP_GONE, true, {engine->fn->link_name, mark->ins}},
                             {STEP_PASSED, true, here(engine)}};
        Fault fault = {.kind = FAULT_SPAN,
                       .flags = FAULT_IS_SAME,
                       .callee = call->name,
                       .context =
                           ir_text(engine->unit, engine->body, engine->block,
                                   call->narg ? call->ins->args[0] : 0, engine->arena)};
        fault_note(engine, state, fault, steps, 2);
    }
    mark->flags = (mark->flags & ~(uint32_t)MARK_OPEN) | MARK_CLOSED;
    mark->ins = engine_number(engine);
}

/* Somebody else has it: it is returned, or kept in something that is not of this function. */
static bool is_given_away(const Engine *engine, const State *state, TermId span,
                          TermId result)
{
    if (result && state_canon(state, result) == span) return true;
    if (state_escaped(state, span)) return true;
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        if (!cell->value || state_canon(state, cell->value) != span) continue;
        TermId root = term_root(&engine->terms, cell->address);
        if (engine->terms.at[root].kind != TERM_LOCAL) return true;
    }
    return false;
}

void habit_end(Engine *engine)
{
    for (uint32_t i = 0; i < engine->finals.n; i++) {
        State *state = engine->finals.at[i];
        for (uint32_t k = 0; k < state->nmark; k++) {
            const RequestMark *mark = &state->marks[k];
            TermId result = engine->final_results.at[i];
            if (!(mark->flags & MARK_OPEN) || !state->trace ||
                value_is_null(engine, state, mark->value) ||
                is_given_away(engine, state, mark->value, result))
                continue;
            Site start = {engine->fn->link_name, mark->ins};
            SiteStep step = {STEP_RETURN, true, {start.fn, state->trace->ins}};
            fault_note(engine, state, (Fault){.kind = FAULT_SPAN, .site = start}, &step,
                       1);
        }
    }
}

/* --- logs -------------------------------------------------------------------------------- */

static bool says_context(Engine *engine, const State *state, const RequestCall *call,
                         const ContextAction *action)
{
    if (action->flags & CONTEXT_CARRIES) return true;
    /* NULL or a root there is told of as in other calls. */
    if (action->places[PLACE_FROM].kind != CONTEXT_ARG_NONE) return true;
    for (uint32_t i = 0; i < call->narg; i++)
        if (call->args[i] && request_is_of(engine, state, call->args[i])) return true;
    return false;
}

/* One a function: who forgets it once forgets it all the way. */
void habit_log(Engine *engine, State *state, const RequestCall *call,
               const ContextAction *action)
{
    Scope scope;
    if (!request_scope(engine, state, CONTEXT_NONE, &scope) ||
        says_context(engine, state, call, action))
        return;
    Request *request = engine->request;
    uint32_t number = engine_number(engine);
    for (uint32_t i = 0; i < request->faults.n; i++) {
        Fault *known = &request->faults.at[i];
        if (known->kind != FAULT_LOG) continue;
        if (known->site.ins != number && !map_get(&request->said_at, number)) {
            map_put(&request->said_at, number, 1, NULL);
            known->nmore++;
        }
        return;
    }
    Fault fault = {.kind = FAULT_LOG,
                   .callee = call->name,
                   .context = scope.text,
                   .came = scope.came};
    SiteStep step = {STEP_CALL, false, here(engine)};
    fault_note(engine, state, fault, &step, 1);
}

/* --- tries ------------------------------------------------------------------------------- */

static bool calls_role(const Engine *engine, const uint64_t *loop, ContextRole role)
{
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        for (uint32_t i = 0; bit_get(loop, b) && i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            if (ins->op == OP_CALL && ins->fn && !ins->a &&
                context_action(engine->request->model, engine->unit->fns[ins->fn].name,
                               role))
                return true;
        }
    }
    return false;
}

/* The call at work is repeated, and the time is not asked for again in between. */
static const uint64_t *repeats(const Engine *engine)
{
    for (uint32_t head = 0; head < engine->body->nblock; head++) {
        const uint64_t *loop = engine->shape.loop[head];
        if (loop && bit_get(loop, engine->block) &&
            !calls_role(engine, loop, CONTEXT_REMAINING))
            return loop;
    }
    return NULL;
}

static bool is_in(const Engine *engine, const uint64_t *loop, uint32_t number)
{
    for (uint32_t b = 0; b < engine->body->nblock; b++)
        if (number >= engine->shape.first[b] && number < engine->shape.first[b + 1])
            return bit_get(loop, b);
    return false;
}

static void note_tries(Engine *engine, const State *state, const Name *sender,
                       const Need *need)
{
    Scope scope;
    if (!request_scope(engine, state, CONTEXT_NONE, &scope)) return;
    SiteStep steps[13] = {{need ? STEP_CALL : STEP_SENT, false, here(engine)}};
    uint32_t n = 1;
    for (uint32_t i = 0; need && i < need->nstep && n < 12; i++)
        steps[n++] = need->steps[i];
    Fault fault = {
        .kind = FAULT_RETRY, .callee = sender, .context = scope.text, .came = scope.came};
    fault_note(engine, state, fault, steps, n);
}

void habit_send(Engine *engine, const State *state, const Name *sender, uint32_t flags)
{
    if (!(flags & MARK_DEADLINE) || !(flags & (MARK_IN_TIME | MARK_LONG))) return;
    const uint64_t *loop = repeats(engine);
    if (!loop || calls_role(engine, loop, CONTEXT_DEADLINE) ||
        calls_role(engine, loop, CONTEXT_NEW) || calls_role(engine, loop, CONTEXT_COPY) ||
        calls_role(engine, loop, CONTEXT_RESET))
        return;
    note_tries(engine, state, sender, NULL);
}

void habit_time(Engine *engine, State *state, TermId value, const Need *need)
{
    const Term *term = &engine->terms.at[value];
    if (term->kind == TERM_PARAM) {
        Need mine = *need;
        mine.carrier = export_term(engine, state, value);
        SiteStep steps[13] = {{STEP_CALL, false, here(engine)}};
        uint32_t n = 1;
        for (uint32_t i = 0; i < need->nstep && n < 12; i++)
            steps[n++] = need->steps[i];
        if (mine.carrier) need_note(engine, state, mine, steps, n);
    }
    const RequestMark *mark = request_mark(state, value);
    if (!mark || !(mark->flags & MARK_REMAINING)) return;
    const uint64_t *loop = repeats(engine);
    if (loop && !is_in(engine, loop, mark->ins))
        note_tries(engine, state, need->name, need);
}

/* The time that a handle gets is a parameter: callers know whether they give it once. */
void habit_limit(Engine *engine, const State *state, TermId value, const Name *name)
{
    if (!value || engine->terms.at[value].kind != TERM_PARAM) return;
    Need need = {
        .kind = NEED_TIME, .carrier = export_term(engine, state, value), .name = name};
    SiteStep step = {STEP_CALL, false, here(engine)};
    if (need.carrier) need_note(engine, state, need, &step, 1);
}

/* --- jobs -------------------------------------------------------------------------------- */

bool habit_job(Engine *engine, const State *state, const Name *sender, uint32_t missing,
               const SiteStep *steps, uint32_t n)
{
    const ContextEntry *entry = engine->request->entry;
    if (!entry || (entry->kind != CONTEXT_CRON && entry->kind != CONTEXT_MAIN))
        return false;
    for (uint32_t i = 0; i < state->nmark; i++)
        if (state->marks[i].origin) return true; /* it has one, if not there */
    Fault fault = {.kind = FAULT_NO_ROOT,
                   .callee = sender,
                   .given = engine->fn->fn->name->text,
                   .missing =
                       context_key_text(engine->request->model, missing, engine->arena)};
    fault_note(engine, state, fault, steps, n);
    return true;
}
