/*
 * Between functions: what a callee needs is a fault where the caller has a context, and the
 * caller's own need where it has none; what a callee marks is marked here; who runs later has
 * what was handed to it, and nothing else.
 */
#include <string.h>

#include "flow/request.h"

static Site here(const Engine *engine)
{
    return (Site){engine->fn->link_name, engine_number(engine)};
}

static const char *name_of_fn(const Engine *engine, const Name *link_name)
{
    const ProgramFn *fn = program_find(engine->context->program, link_name);
    return fn ? fn->fn->name->text : link_name->text;
}

/* "quote -> fetch_price -> curl_easy_perform", and without the last: "quote, fetch_price". */
void relay_chain(Engine *engine, const Need *need, Fault *fault)
{
    Buf chain, edit;
    buf_init(&chain, engine->arena);
    buf_init(&edit, engine->arena);
    const Name *last = NULL;
    for (uint32_t i = 0; i < need->nstep; i++) {
        const Name *fn = need->steps[i].site.fn;
        if (fn == last || !fn) continue;
        const char *name = name_of_fn(engine, fn);
        buf_printf(&chain, "%s -> ", name);
        buf_printf(&edit, "%s%s", last ? ", " : "", name);
        last = fn;
    }
    buf_text(&chain, need->name ? need->name->text : "");
    buf_put(&chain, "", 1);
    buf_put(&edit, "", 1);
    fault->chain = chain.at;
    fault->edit = edit.at;
}

static uint32_t steps_to(const Engine *engine, const Need *need, StepKind kind,
                         SiteStep steps[13])
{
    steps[0] = (SiteStep){kind, false, here(engine)};
    uint32_t n = 1;
    for (uint32_t i = 0; i < need->nstep && n < 12; i++)
        steps[n++] = need->steps[i];
    return n;
}

static void pass_on(Engine *engine, const State *state, const Need *need)
{
    SiteStep steps[13];
    uint32_t n = steps_to(engine, need, STEP_CALL, steps);
    Need mine = *need;
    if (need->kind == NEED_SEND &&
        habit_job(engine, state, need->name, need->keys, steps, n))
        return;
    need_note(engine, state, mine, steps, n);
}

/* The callee could have been given a context, and was given none: that is said elsewhere. */
static bool takes_context(Engine *engine, const ProgramFn *callee)
{
    for (uint32_t i = 0; i < callee->fn->nparam; i++)
        if (requests_type(engine->request->all, callee->fn->params[i].type_name) !=
            CONTEXT_NONE)
            return true;
    return false;
}

static void relay_send(Engine *engine, State *state, const RequestCall *call,
                       const Need *need)
{
    Scope scope;
    if (takes_context(engine, call->callee)) return;
    if (!request_scope(engine, state, CONTEXT_NONE, &scope)) {
        for (uint32_t i = 0; i < engine->fn->fn->nparam; i++)
            if (engine->request->param_types[i] != CONTEXT_NONE) return;
        pass_on(engine, state, need);
        return;
    }
    if (request_is_expired(engine, state) || state->is_failed) return;
    SiteStep steps[13];
    uint32_t n = steps_to(engine, need, STEP_CALL, steps);
    Fault fault = {
        .kind = FAULT_BROKEN_CHAIN,
        .callee = call->name,
        .context = scope.text,
        .came = scope.came,
        .missing = context_key_text(engine->request->model, need->keys, engine->arena),
        .nmore = need->nmore};
    relay_chain(engine, need, &fault);
    fault_note(engine, state, fault, steps, n);
}

static void relay_ambient(Engine *engine, State *state, const Need *need)
{
    SiteStep steps[13];
    uint32_t n = steps_to(engine, need, STEP_CALL, steps);
    ambient_relay(engine, state, need, steps, n);
}

/* Whom the model knows as somebody who speaks to people: it is a function like others. */
static bool is_opaque(const RequestCall *call)
{
    for (const ContextAction *const *at = call->actions; at && *at; at++)
        if ((*at)->role != CONTEXT_LOG) return true;
    return false;
}

/* A caller that has such a context could have handed it down; only those that run later are
 * judged: see judge_later. */
static void relay_null(Engine *engine, State *state, const Need *need)
{
    Scope scope;
    if (!request_scope(engine, state, need->keys, &scope)) pass_on(engine, state, need);
}

void request_callee(Engine *engine, State *state, const RequestCall *call,
                    const Summary *summary)
{
    if (is_opaque(call) || !call->callee || (summary->flags & SUMMARY_MODEL)) return;
    for (uint32_t i = 0; i < summary->nneed; i++) {
        const Need *need = &summary->needs[i];
        switch (need->kind) {
        case NEED_SEND: relay_send(engine, state, call, need); break;
        case NEED_AMBIENT: relay_ambient(engine, state, need); break;
        case NEED_ROOT: send_root(engine, state, need->name, need->keys, need); break;
        case NEED_CONTEXT: relay_null(engine, state, need); break;
        case NEED_COUNT:
        case NEED_TIME:
        case NEED_CARRIER: break; /* call.c knows what it is called here */
        }
    }
}

/* --- later ------------------------------------------------------------------------------- */

bool request_is_of(Engine *engine, const State *state, TermId value)
{
    MarkOrigin origin = request_origin(engine, state, value);
    if (origin == MARK_INHERITED || origin == MARK_DERIVED || origin == MARK_DETACHED)
        return true;
    const Term *term = &engine->terms.at[value];
    if (term->kind != TERM_INIT) return false;
    origin = request_origin(engine, state, term_root(&engine->terms, term->a));
    return origin == MARK_INHERITED || origin == MARK_DERIVED;
}

static bool is_of_type(Engine *engine, const State *state, TermId value, uint32_t type)
{
    if (!request_is_of(engine, state, value)) return false;
    if (type == CONTEXT_NONE) return true;
    for (int depth = 0; value && depth < 4; depth++) {
        const Term *term = &engine->terms.at[value];
        if (term->kind == TERM_PARAM && (uint64_t)term->imm < engine->fn->fn->nparam)
            return engine->request->param_types[term->imm] == type;
        const RequestMark *mark = request_mark(state, value);
        value = mark ? mark->from : 0;
    }
    return true;
}

/* The data, or what it points to, has the context or its keys. */
static bool data_carries(Engine *engine, const State *state, TermId data, uint32_t type)
{
    if (!data) return false;
    if (is_of_type(engine, state, data, type)) return true;
    TermId root = term_root(&engine->terms, data);
    for (uint32_t i = 0; i < state->ncell; i++)
        if (term_root(&engine->terms, state->cells[i].address) == root &&
            is_of_type(engine, state, state->cells[i].value, type))
            return true;
    return false;
}

/* It gets more than its data: the answer to something that was asked before. */
static bool is_completion(const ProgramFn *fn)
{
    return fn->fn->nparam > 1;
}

static const char *missing_later(Engine *engine, const Need *need)
{
    const ContextModel *model = engine->request->model;
    if (need->kind == NEED_AMBIENT) return name_of_fn(engine, need->name);
    if (need->kind == NEED_CONTEXT) return model->types.at[need->keys].id->text;
    return context_key_text(model, need->keys, engine->arena);
}

static void judge_later(Engine *engine, State *state, const RequestCall *call,
                        const ProgramFn *fn, const Need *need, TermId data)
{
    Scope scope = {.text = "", .came = ""};
    uint32_t type = need->kind == NEED_CONTEXT ? need->keys : CONTEXT_NONE;
    if (need->kind == NEED_CARRIER || need->kind == NEED_ROOT) return;
    if (need->kind != NEED_AMBIENT && data_carries(engine, state, data, type)) return;
    bool in_scope = request_scope(engine, state, type, &scope);
    if (!in_scope && need->kind != NEED_AMBIENT) return;
    bool is_callback = need->kind == NEED_AMBIENT && (!in_scope || is_completion(fn));
    Fault fault = {.kind = is_callback ? FAULT_NOT_RESTORED : FAULT_HANDOFF,
                   .callee = call->name,
                   .context = scope.text,
                   .came = scope.came,
                   .given = fn->fn->name->text,
                   .missing = missing_later(engine, need)};
    if (need->kind == NEED_AMBIENT) fault.flags |= FAULT_IS_NULL;
    const char *colon = strrchr(fault.missing, ':');
    if (colon) fault.missing = colon + 1;
    relay_chain(engine, need, &fault);
    if (is_callback && need->nstep) fault.site = need->steps[0].site;
    SiteStep steps[13];
    uint32_t n = steps_to(engine, need, STEP_HANDED, steps);
    fault_note(engine, state, fault, steps, n);
}

void relay_handoff(Engine *engine, State *state, const RequestCall *call,
                   const ContextAction *action)
{
    if ((action->flags & CONTEXT_CARRIES) || state->is_failed) return;
    TermId data = request_place(engine, state, call, &action->places[PLACE_DATA]);
    for (int k = 0; k < 2; k++) {
        const ContextArg *where = &action->places[k ? PLACE_FN_MORE : PLACE_FN];
        TermId target = request_place(engine, state, call, where);
        if (!target || engine->terms.at[target].kind != TERM_FN) continue;
        const ProgramFn *fn =
            program_find(engine->context->program, engine->terms.at[target].name);
        const Summary *summary = fn ? engine_summary(engine, fn, true) : NULL;
        for (uint32_t i = 0; summary && i < summary->nneed; i++)
            judge_later(engine, state, call, fn, &summary->needs[i], data);
    }
}

void relay_mark(Engine *engine, State *state, RequestMark mark)
{
    const RequestMark *old = request_mark(state, mark.value);
    bool is_whole = mark.flags & MARK_NEW;
    if (old && !is_whole) {
        bool attaches = mark.flags & MARK_ATTACHED;
        mark.yes |= old->yes & ~mark.lost;
        mark.maybe |= old->maybe;
        mark.flags |= old->flags;
        mark.lost |= old->lost & ~mark.yes;
        if (!attaches) mark.attached = old->attached;
        if (!mark.origin) mark.origin = old->origin;
        if (!mark.text) mark.text = old->text;
    }
    if (mark.flags & MARK_CLOSED) mark.flags &= ~(uint32_t)MARK_OPEN;
    mark.ins = engine_number(engine);
    request_put(state, mark);
}

/* --- what callers see -------------------------------------------------------------------- */

void relay_export(Engine *engine, const State *state, Outcome *outcome)
{
    outcome->marks = ARENA_ARRAY(engine->arena, RequestMark, state->nmark + 1);
    for (uint32_t i = 0; i < state->nmark; i++) {
        RequestMark mark = state->marks[i];
        const RequestMark *attached =
            mark.attached ? request_mark(state, mark.attached) : NULL;
        mark.value = export_known(engine, state, mark.value);
        if (!mark.value) continue;
        mark.flags &= ~(uint32_t)(MARK_GONE | MARK_BARE);
        TermId carrier = mark.attached ? export_known(engine, state, mark.attached) : 0;
        if (attached && !carrier) {
            mark.yes |= attached->yes;
            mark.maybe |= attached->maybe;
            if (!(attached->flags & MARK_NEW)) mark.maybe = UINT32_MAX;
        } else if (mark.attached && !carrier &&
                   !value_is_null(engine, state, mark.attached)) {
            mark.maybe = UINT32_MAX;
        }
        mark.attached = carrier;
        mark.from = 0;
        outcome->marks[outcome->nmark++] = mark;
    }
}

static RequestMark *mark_in(const Outcome *outcome, TermId value)
{
    for (uint32_t i = 0; i < outcome->nmark; i++)
        if (outcome->marks[i].value == value) return &outcome->marks[i];
    return NULL;
}

static void clear_end(Summary *summary, TermId value)
{
    for (uint32_t i = 0; i < summary->noutcome; i++) {
        RequestMark *mark = mark_in(&summary->outcomes[i], value);
        if (mark) mark->flags &= ~(uint32_t)MARK_ENDED;
    }
}

/* Callers that stop on a status would be taken to go on: an end that only some ways out bring
 * stays here, and so does one that this function would not come back from. */
void relay_end(Engine *engine, Summary *summary)
{
    (void)engine;
    for (uint32_t i = 0; i < summary->noutcome; i++)
        for (uint32_t m = 0; m < summary->outcomes[i].nmark; m++) {
            const RequestMark *mark = &summary->outcomes[i].marks[m];
            bool is_always = mark->flags & MARK_ENDED;
            for (uint32_t k = 0; k < summary->noutcome && is_always; k++) {
                const RequestMark *other = mark_in(&summary->outcomes[k], mark->value);
                is_always = other && (other->flags & MARK_ENDED);
            }
            if (!is_always) clear_end(summary, mark->value);
        }
}

/* --- at the end -------------------------------------------------------------------------- */

/* The ambient slot is set on some ways out, and as it was on others. */
static void check_cleared(Engine *engine)
{
    for (uint32_t i = 0; i < engine->finals.n; i++) {
        State *state = engine->finals.at[i];
        for (uint32_t k = 0; k < state->ncell; k++) {
            const Cell *cell = &state->cells[k];
            if (!cell->is_written || !request_is_ambient(engine, cell->address)) continue;
            if (value_is_null(engine, state, cell->value)) continue;
            MarkOrigin origin = request_origin(engine, state, cell->value);
            if (origin != MARK_INHERITED && origin != MARK_DERIVED) continue;
            bool is_cleared = false;
            for (uint32_t o = 0; o < engine->finals.n && !is_cleared; o++) {
                const State *other = engine->finals.at[o];
                const Cell *there = state_cell(other, cell->address);
                is_cleared =
                    there && there->is_written &&
                    (value_is_null(engine, other, there->value) ||
                     request_origin(engine, other, there->value) == MARK_AMBIENT);
            }
            if (!is_cleared || !state->trace) continue;
            const Name *name = engine->terms.at[cell->address].name;
            Site site = {engine->fn->link_name, state->trace->ins};
            SiteStep step = {STEP_RETURN, false, site};
            fault_note(engine, state,
                       (Fault){.kind = FAULT_NOT_CLEARED,
                               .site = site,
                               .context = name_of_fn(engine, name)},
                       &step, 1);
        }
    }
}

/* Some other function names the variable. */
static bool is_shared(const Engine *engine, const Name *link_name)
{
    const Program *program = engine->context->program;
    for (uint32_t i = 0; i < program->norder; i++) {
        const ProgramFn *fn = program->order[i];
        const Body *body = fn->fn->body;
        for (uint32_t b = 0; fn != engine->fn && b < body->nblock; b++)
            for (uint32_t k = 0; k < body->blocks[b].nins; k++) {
                const Ins *ins = &body->blocks[b].ins[k];
                if (ins->op == OP_ADDR && ins->ref == REF_GLOBAL &&
                    program_global(program, fn->unit, ins->global)->link_name ==
                        link_name)
                    return true;
            }
    }
    return false;
}

/* It holds what was stored there, as far as we know. */
static bool is_held(Engine *engine, const State *state, TermId address)
{
    const Cell *cell = state_cell(state, address);
    if (!cell || request_is_of(engine, state, cell->value)) return true;
    const Term *term = &engine->terms.at[cell->value];
    return term->kind == TERM_FRESH && term->calc == (Calc)FRESH_HAVOC;
}

/* Some other function reads the member. */
static bool is_read_elsewhere(const Engine *engine, const Field *member)
{
    const Program *program = engine->context->program;
    for (uint32_t i = 0; i < program->norder; i++) {
        const ProgramFn *fn = program->order[i];
        const Body *body = fn->fn->body;
        for (uint32_t b = 0; fn != engine->fn && b < body->nblock; b++) {
            const Block *block = &body->blocks[b];
            for (uint32_t k = 0; k + 1 < block->nins; k++)
                if (block->ins[k].op == OP_FIELD && block->ins[k + 1].op == OP_LOAD &&
                    block->ins[k + 1].a == block->ins[k].dst &&
                    fn->unit->fields[block->ins[k].field].name == member->name &&
                    fn->unit->fields[block->ins[k].field].record == member->record)
                    return true;
        }
    }
    return false;
}

/* It is in an object that outlives the request, and others look there. */
static void check_member(Engine *engine, TermId address, uint32_t ins)
{
    for (uint32_t i = 0; i < engine->finals.n; i++) {
        const State *state = engine->finals.at[i];
        const Cell *cell = state_cell(state, address);
        if (!cell || !cell->field || !cell->is_written ||
            value_is_null(engine, state, cell->value))
            continue;
        const Field *member = &engine->unit->fields[cell->field];
        if (!is_read_elsewhere(engine, member)) return;
        Site site = {engine->fn->link_name, ins};
        SiteStep step = {STEP_STORED, false, site};
        const Term *root = &engine->terms.at[term_root(&engine->terms, address)];
        Fault fault = {.kind = FAULT_STORED,
                       .site = site,
                       .context =
                           arena_printf(engine->arena, "%s->%s",
                                        engine->body->locals[root->imm + 1].name->text,
                                        member->name->text)};
        fault_note(engine, state, fault, &step, 1);
        return;
    }
}

/* A request's context is still in a variable of the program when this function returns. */
static void check_stored(Engine *engine)
{
    const Map *stored = &engine->request->stored_at;
    for (uint32_t i = 0; i < stored->n; i++) {
        TermId address = (TermId)stored->entries[i].key;
        TermId root = term_root(&engine->terms, address);
        if (engine->terms.at[root].kind == TERM_PARAM) {
            check_member(engine, address, (uint32_t)stored->entries[i].value - 1);
            continue;
        }
        const Name *link_name = engine->terms.at[root].name;
        const ProgramGlobal *global =
            program_find_global(engine->context->program, link_name);
        if (!global || global->global->flags & GLOBAL_THREAD) continue;
        const State *holder = NULL;
        for (uint32_t k = 0; k < engine->finals.n && !holder; k++)
            if (is_held(engine, engine->finals.at[k], address))
                holder = engine->finals.at[k];
        if (!holder || !is_shared(engine, link_name)) continue;
        Site site = {engine->fn->link_name, (uint32_t)stored->entries[i].value - 1};
        SiteStep step = {STEP_STORED, false, site};
        Fault fault = {
            .kind = FAULT_STORED, .site = site, .context = global->global->name->text};
        fault_note(engine, holder, fault, &step, 1);
    }
}

/* A root that is reported where it is used is not reported again where it is made. */
static void drop_roots(Engine *engine)
{
    Request *request = engine->request;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < request->faults.n; i++) {
        bool is_told = false;
        const Fault *fault = &request->faults.at[i];
        for (uint32_t k = 0; fault->kind == FAULT_ROOT && k < request->faults.n; k++) {
            const Fault *other = &request->faults.at[k];
            for (uint32_t s = 0; other->kind == FAULT_FRESH_ROOT && s < other->nstep; s++)
                is_told |= other->steps[s].kind == STEP_ROOT &&
                           other->steps[s].site.ins == fault->site.ins &&
                           other->steps[s].site.fn == fault->site.fn;
        }
        is_told |= fault->kind == FAULT_NOT_EXTRACTED && request->reads;
        if (!is_told) request->faults.at[kept++] = *fault;
    }
    request->faults.n = kept;
}

void request_end(Engine *engine)
{
    habit_end(engine);
    check_cleared(engine);
    ambient_end(engine);
    drop_roots(engine);
    parts_end(engine);
    if (engine->request->stored_at.n) check_stored(engine);
}
