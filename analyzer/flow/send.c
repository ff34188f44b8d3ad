/*
 * Sends: what is on a carrier when it goes out, against what its transport demands. Keys that are
 * not there are a fault where a context is at hand, and a need for the callers where none is.
 */
#include <string.h>

#include "flow/request.h"

/* What is on something that goes out. */
typedef struct Load {
    uint32_t yes, maybe, lost, flags;
    bool is_open; /* it came from elsewhere: anything may be on it */
    uint32_t lost_at;
} Load;

static Site here(const Engine *engine)
{
    return (Site){engine->fn->link_name, engine_number(engine)};
}

static Load load_of(Engine *engine, const State *state, TermId carrier)
{
    Load load = {0};
    const RequestMark *mark = carrier ? request_mark(state, carrier) : NULL;
    if (!mark) {
        load.is_open = carrier && !value_is_null(engine, state, carrier);
        return load;
    }
    load = (Load){.yes = mark->yes,
                  .maybe = mark->maybe,
                  .lost = mark->lost,
                  .flags = mark->flags,
                  .lost_at = mark->ins};
    load.is_open = !(mark->flags & (MARK_NEW | MARK_ATTACHED));
    if (!mark->attached || mark->attached == carrier) return load;
    Load more = load_of(engine, state, mark->attached);
    load.yes |= more.yes;
    load.maybe |= more.maybe;
    load.is_open |= more.is_open;
    return load;
}

/* The context says that there is nothing to forward: its member was found to be null. */
static uint32_t absent_keys(Engine *engine, const State *state, const Scope *scope)
{
    uint32_t absent = 0;
    if (!scope->value || scope->type == CONTEXT_NONE) return 0;
    const ContextType *type = &engine->request->model->types.at[scope->type];
    for (uint32_t i = 0; i < type->nfield; i++)
        for (uint32_t f = 1; f < engine->unit->nfield; f++) {
            const Field *field = &engine->unit->fields[f];
            if (field->name != type->fields[i].field) continue;
            TermId at = term_offset(&engine->terms, scope->value, (int64_t)field->offset);
            const Cell *cell = state_cell(state, at);
            TermId value = cell ? cell->value : term_init(&engine->terms, at);
            if (value_is_null(engine, state, value)) absent |= 1u << type->fields[i].key;
        }
    return absent;
}

/* The request was asked for them, and said that it has none. */
static uint32_t unsent_keys(Engine *engine, const State *state)
{
    uint32_t keys = 0;
    for (uint32_t i = 0; i < state->nmark; i++) {
        const RequestMark *mark = &state->marks[i];
        if (!(mark->flags & (MARK_ANSWER | MARK_STATUS))) continue;
        Range range = value_range(engine, state, mark->value);
        bool is_absent = mark->flags & MARK_ANSWER ? range.classes == CLASS_NULL
                                                   : range_skips(range, 0);
        if (is_absent) keys |= mark->maybe;
    }
    return keys;
}

bool send_needs(const ContextModel *model, const Name *via, uint32_t *keys,
                bool *deadline)
{
    *keys = via ? context_required(model, via, deadline) : 0;
    if (!via) *deadline = false;
    return *keys || *deadline;
}

/* Keys that were put on something which is not going out. */
static bool is_loose(const State *state, uint32_t missing)
{
    for (uint32_t i = 0; i < state->nmark; i++)
        if (state->marks[i].yes & missing && !(state->marks[i].flags & MARK_ATTACHED))
            return true;
    return false;
}

/* "req_ctx_inject_curl" of the model, when one call gives all that is missing. */
static const char *injector_of(Engine *engine, const Scope *scope, uint32_t missing)
{
    const ContextModel *model = engine->request->model;
    for (uint32_t i = 0; i < model->actions.n; i++) {
        const ContextAction *action = &model->actions.at[i];
        if (action->role != CONTEXT_INJECT || !action->call) continue;
        if (missing & ~action->keys && !(action->flags & CONTEXT_ALL_KEYS)) continue;
        for (uint32_t f = 1; f < engine->unit->nfn; f++) {
            const Name *name = engine->unit->fns[f].name;
            if (pattern_matches(action->call, name->text, name->len))
                return arena_printf(engine->arena, "%s(%s, ...)", name->text,
                                    scope->text);
        }
    }
    return "";
}

static void note_missing(Engine *engine, const State *state, const RequestCall *call,
                         const Name *sender, const Load *load, uint32_t missing,
                         uint32_t wanted, const Scope *scope, const Need *need)
{
    const ContextModel *model = engine->request->model;
    Fault fault = {.kind = FAULT_NOT_INJECTED,
                   .callee = sender,
                   .context = scope->text,
                   .came = scope->came,
                   .missing = context_key_text(model, missing, engine->arena),
                   .present = context_key_text(model, wanted & load->yes, engine->arena),
                   .fix = injector_of(engine, scope, missing)};
    (void)call;
    SiteStep steps[16];
    uint32_t n = 0;
    if (load->lost & missing) {
        fault.kind = FAULT_OVERWRITTEN;
        steps[n++] = (SiteStep){STEP_GONE, false, {engine->fn->link_name, load->lost_at}};
    } else if (wanted & load->yes) {
        fault.kind = FAULT_PARTIAL;
    } else if (is_loose(state, missing)) {
        fault.flags |= FAULT_IS_LOOSE;
    }
    steps[n++] = (SiteStep){need ? STEP_CALL : STEP_SENT, false, here(engine)};
    for (uint32_t i = 0; need && i < need->nstep && n < 16; i++)
        steps[n++] = need->steps[i];
    fault_note(engine, state, fault, steps, n);
}

static void need_send(Engine *engine, const State *state, const Name *sender,
                      const Name *via, uint32_t missing, bool cannot_carry,
                      const Need *inner)
{
    for (uint32_t i = 0; i < engine->fn->fn->nparam; i++)
        if (engine->request->param_types[i] != CONTEXT_NONE) return;
    Need need = {.kind = NEED_SEND,
                 .keys = missing,
                 .cannot_carry = cannot_carry,
                 .name = sender,
                 .via = via};
    SiteStep steps[13] = {{inner ? STEP_CALL : STEP_SENT, false, here(engine)}};
    uint32_t n = 1;
    for (uint32_t i = 0; inner && i < inner->nstep && n < 12; i++)
        steps[n++] = inner->steps[i];
    if (missing && habit_job(engine, state, sender, missing, steps, n)) return;
    need_note(engine, state, need, steps, n);
}

static void check_outside(Engine *engine, const State *state, const Name *sender,
                          const Load *load)
{
    const ContextModel *model = engine->request->model;
    uint32_t sensitive = 0;
    for (uint32_t i = 0; i < model->keys.n; i++)
        if (model->keys.at[i].is_sensitive && load->yes != UINT32_MAX)
            sensitive |= load->yes & 1u << i;
    if (!sensitive) return;
    Fault fault = {.kind = FAULT_OUTSIDE,
                   .callee = sender,
                   .present = context_key_text(model, sensitive, engine->arena)};
    SiteStep step = {STEP_SENT, false, here(engine)};
    fault_note(engine, state, fault, &step, 1);
}

static void check_deadline(Engine *engine, const State *state, const Name *sender,
                           const Load *load)
{
    Scope scope;
    if (!request_scope(engine, state, CONTEXT_NONE, &scope)) return;
    bool is_set = load->flags & MARK_DEADLINE;
    if (load->flags & MARK_IN_TIME) return;
    if (!is_set && (!(load->flags & MARK_NEW))) return;
    if (is_set && !(load->flags & MARK_LONG)) return;
    Fault fault = {.kind = is_set ? FAULT_OWN_DEADLINE : FAULT_NO_DEADLINE,
                   .callee = sender,
                   .context = scope.text,
                   .came = scope.came};
    SiteStep step = {STEP_SENT, false, here(engine)};
    fault_note(engine, state, fault, &step, 1);
}

/* The handle lives longer than this function, and this function knows how to attach. */
static bool is_kept(const Engine *engine, TermId carrier)
{
    const Term *term = &engine->terms.at[carrier];
    return term->kind == TERM_INIT && engine->request->attaches;
}

static bool came_in(const Engine *engine, TermId carrier)
{
    const Term *term = &engine->terms.at[carrier];
    TermKind root = engine->terms.at[term_root(&engine->terms, carrier)].kind;
    if (term->kind == TERM_INIT)
        root = engine->terms.at[term_root(&engine->terms, term->a)].kind;
    return term->is_entry && root == TERM_PARAM;
}

/* What was on it before this function is not known. */
static void send_open(Engine *engine, State *state, const Name *sender, const Name *via,
                      TermId carrier, const Load *load, uint32_t wanted,
                      const Need *inner)
{
    Scope scope;
    bool in_scope = request_scope(engine, state, CONTEXT_NONE, &scope);
    if (is_kept(engine, carrier) && in_scope && (wanted & ~load->yes)) {
        Fault fault = {.kind = FAULT_STALE,
                       .callee = sender,
                       .context = scope.text,
                       .came = scope.came,
                       .missing = context_key_text(engine->request->model,
                                                   wanted & ~load->yes, engine->arena)};
        SiteStep step = {STEP_SENT, false, here(engine)};
        fault_note(engine, state, fault, &step, 1);
        return;
    }
    const RequestMark *mark = request_mark(state, carrier);
    if (mark && mark->attached && !came_in(engine, carrier)) carrier = mark->attached;
    if (!came_in(engine, carrier)) return;
    Need need = {.kind = NEED_CARRIER,
                 .carrier = export_term(engine, state, carrier),
                 .keys = load->yes,
                 .flags = load->flags,
                 .name = sender,
                 .via = via};
    SiteStep steps[13] = {{inner ? STEP_CALL : STEP_SENT, false, here(engine)}};
    uint32_t n = 1;
    for (uint32_t i = 0; inner && i < inner->nstep && n < 12; i++)
        steps[n++] = inner->steps[i];
    if (need.carrier) need_note(engine, state, need, steps, n);
}

static void send_load(Engine *engine, State *state, const RequestCall *call,
                      const Name *sender, const Name *via, TermId carrier, Load load,
                      const Need *inner)
{
    uint32_t wanted;
    bool deadline;
    if (!send_needs(engine->request->model, via, &wanted, &deadline) || state->is_failed)
        return;
    if (load.flags & MARK_EXEMPT) return;
    if (load.flags & MARK_EXTERNAL) {
        check_outside(engine, state, sender, &load);
        return;
    }
    uint32_t gone = wanted & load.lost & ~load.yes;
    Scope own;
    if (load.is_open && gone && request_scope(engine, state, CONTEXT_NONE, &own)) {
        note_missing(engine, state, call, sender, &load, gone, wanted, &own, inner);
        return;
    }
    if (load.is_open) {
        if (carrier) send_open(engine, state, sender, via, carrier, &load, wanted, inner);
        return;
    }
    uint32_t missing = wanted & ~load.yes & ~load.maybe;
    Scope scope;
    bool in_scope = request_scope(engine, state, CONTEXT_NONE, &scope);
    if (in_scope)
        missing &= ~(absent_keys(engine, state, &scope) | unsent_keys(engine, state));
    if (missing && in_scope && !request_is_expired(engine, state))
        note_missing(engine, state, call, sender, &load, missing, wanted, &scope, inner);
    else if (missing && !in_scope)
        need_send(engine, state, sender, via, missing, false, inner);
    if (!deadline) return;
    check_deadline(engine, state, sender, &load);
    habit_send(engine, state, sender, load.flags);
}

void send_carrier(Engine *engine, State *state, const RequestCall *call, TermId value,
                  const Need *need)
{
    if (need->kind == NEED_TIME) {
        habit_time(engine, state, value, need);
        return;
    }
    if (value_is_null(engine, state, value)) return;
    Load load = load_of(engine, state, value);
    load.yes |= need->keys;
    load.lost &= ~need->keys;
    load.flags |= need->flags & (MARK_DEADLINE | MARK_IN_TIME | MARK_LONG |
                                 MARK_EXTERNAL | MARK_EXEMPT);
    send_load(engine, state, call, need->name, need->via, value, load, need);
}

/* Single headers among the arguments: {after_tag: X, key: 1}. */
static void add_single(Engine *engine, State *state, const RequestCall *call,
                       const ContextArg *also, Load *load)
{
    for (uint32_t i = 0; also->kind == CONTEXT_ARG_TAGGED && i + 1 < call->narg; i++) {
        const Ins *ins = call->ins;
        const Block *block = &engine->body->blocks[engine->block];
        const Ins *def = &block->ins[engine->shape.def[ins->args[i]]];
        while (def->op == OP_CALC && def->calc == CALC_CAST && def->a)
            def = &block->ins[engine->shape.def[def->a]];
        if (def->op != OP_CONST || !def->text || strcmp(def->text->text, also->word) != 0)
            continue;
        const Term *key = call->args[i + 1] ? &engine->terms.at[call->args[i + 1]] : NULL;
        if (key && key->kind == TERM_STRING && key->name)
            load->yes |= context_keys_named(engine->request->model, key->name->text,
                                            key->name->len);
        else
            load->maybe = UINT32_MAX;
    }
    (void)state;
}

static void cannot_carry(Engine *engine, State *state, const ContextAction *action,
                         const Name *sender)
{
    uint32_t wanted;
    bool deadline;
    Scope scope;
    if (!send_needs(engine->request->model, action->via, &wanted, &deadline) || !wanted ||
        !action->use_instead)
        return;
    if (!request_scope(engine, state, CONTEXT_NONE, &scope)) {
        need_send(engine, state, sender, action->via, wanted, true, NULL);
        return;
    }
    Fault fault = {.kind = FAULT_CANNOT_CARRY,
                   .callee = sender,
                   .context = scope.text,
                   .came = scope.came,
                   .missing =
                       context_key_text(engine->request->model, wanted, engine->arena),
                   .fix = action->use_instead};
    SiteStep step = {STEP_SENT, false, here(engine)};
    fault_note(engine, state, fault, &step, 1);
}

static void send_one(Engine *engine, State *state, const RequestCall *call,
                     const ContextAction *action)
{
    if (action->flags & (CONTEXT_AUTO_INJECT | CONTEXT_EXEMPT)) return;
    if (action->flags & CONTEXT_CANNOT_CARRY) {
        cannot_carry(engine, state, action, call->name);
        return;
    }
    const ContextArg *where = &action->places[PLACE_CARRIER];
    if (where->kind != CONTEXT_ARG_AT && where->kind != CONTEXT_ARG_TAGGED) return;
    if (action->bits && !request_has_bits(engine, state, call,
                                          &action->places[PLACE_FLAG], action->bits)) {
        send_load(engine, state, call, call->name, action->via, 0, (Load){0}, NULL);
        return;
    }
    TermId carrier = request_place(engine, state, call, where);
    bool is_absent = !carrier && where->kind == CONTEXT_ARG_TAGGED;
    if (!carrier && !is_absent) return;
    if (carrier && value_is_null(engine, state, carrier) && where->kind == CONTEXT_ARG_AT)
        return;
    Load load = load_of(engine, state, carrier);
    add_single(engine, state, call, &action->places[PLACE_ALSO], &load);
    /* What is in an array of records is not followed: it may be every key. */
    if (action->places[PLACE_HEADERS].kind == CONTEXT_ARG_ARRAY) load.maybe = UINT32_MAX;
    send_load(engine, state, call, call->name, action->via, carrier, load, NULL);
}

/* --- contexts that are handed on --------------------------------------------------------- */

static void check_ended(Engine *engine, State *state, const RequestCall *call,
                        uint32_t arg)
{
    const char *text = ir_text(engine->unit, engine->body, engine->block,
                               call->ins->args[arg], engine->arena);
    use_ended(engine, state, call->args[arg],
              (Fault){.context = text, .callee = call->name, .arg = arg + 1});
}

static void need_context(Engine *engine, State *state, const RequestCall *call,
                         uint32_t type)
{
    Need need = {.kind = NEED_CONTEXT, .keys = type, .name = call->name};
    SiteStep step = {STEP_PASSED, false, here(engine)};
    need_note(engine, state, need, &step, 1);
}

/* The root knows for whom it was made: the request's context is kept with it, or a part of it. */
static bool is_linked(Engine *engine, const State *state, TermId root)
{
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        if (!cell->value || cell->type.kind != TYPE_POINTER ||
            !request_is_of(engine, state, cell->value))
            continue;
        TermId at = term_root(&engine->terms, cell->address);
        for (int depth = 0; at && depth < 3; depth++) {
            if (state_canon(state, at) == root) return true;
            TermId holder = 0;
            for (uint32_t k = 0; k < state->ncell && !holder; k++)
                if (state->cells[k].value == at && state->cells[k].field)
                    holder = term_root(&engine->terms, state->cells[k].address);
            const Term *term = &engine->terms.at[at];
            if (!holder && term->kind == TERM_INIT)
                holder = term_root(&engine->terms, term->a);
            at = holder;
        }
    }
    return false;
}

/* In a callback, what came beside the context is the answer's. */
static bool is_answer(const Engine *engine, const Scope *scope)
{
    const Fn *fn = engine->fn->fn;
    if (scope->type == CONTEXT_NONE ||
        !requests_is_answerer(engine->request->all, engine->fn))
        return false;
    for (uint32_t i = 0; i < fn->nparam; i++) {
        uint32_t type = engine->request->param_types[i];
        if (type != CONTEXT_NONE) return type != scope->type;
    }
    return false;
}

/* A member of something else, beside the context that came in: of an answer, as a rule. */
static bool is_beside(const Engine *engine, const Scope *scope)
{
    for (uint32_t i = 0; !scope->value && i < engine->fn->fn->nparam; i++)
        if (engine->request->param_types[i] != CONTEXT_NONE) return true;
    return false;
}

/* The member that is called has this function's name: "dht_fgetxattr" calls "fgetxattr". */
static bool is_same_operation(const Engine *engine, const RequestCall *call)
{
    const char *colon = call->slot ? strstr(call->slot->name->text, "::") : NULL;
    if (!colon) return false;
    const Name *own = engine->fn->fn->name;
    size_t len = strlen(colon + 2);
    if (own->len < len || memcmp(own->text + own->len - len, colon + 2, len) != 0)
        return false;
    return own->len == len || own->text[own->len - len - 1] == '_';
}

/* A context of another kind goes along: the request is not lost. */
static bool has_other(Engine *engine, State *state, const RequestCall *call,
                      uint32_t type)
{
    for (uint32_t i = 0; i < call->narg; i++) {
        uint32_t own = request_taken(engine, call, i);
        if (own != CONTEXT_NONE && own != type && call->args[i] &&
            !value_is_null(engine, state, call->args[i]) &&
            request_is_of(engine, state, call->args[i]))
            return true;
    }
    return false;
}

/* The value was read from a member of something. */
static bool is_member(const Engine *engine, Val val)
{
    const Ins *ins = &engine->body->blocks[engine->block].ins[engine->shape.def[val]];
    if (ins->op != OP_LOAD) return false;
    ins = &engine->body->blocks[engine->block].ins[engine->shape.def[ins->a]];
    return ins->op == OP_FIELD || ins->op == OP_INDEX;
}

/* Something of another kind of context goes along, whatever it is. */
static bool passes_other(Engine *engine, const RequestCall *call, uint32_t type)
{
    for (uint32_t i = 0; i < call->narg; i++) {
        uint32_t own = request_taken(engine, call, i);
        if (own != CONTEXT_NONE && own != type && call->args[i] &&
            !exec_is_literal(engine, call->ins->args[i]))
            return true;
    }
    return false;
}

/* This function wrote NULL itself; it is no member or answer that happens to be null. */
static bool is_written(Engine *engine, const State *state, const RequestCall *call,
                       uint32_t arg)
{
    const Ins *ins = NULL;
    if (exec_is_literal(engine, call->ins->args[arg])) return true;
    uint32_t origin = value_origin(engine, state, call->args[arg]);
    const Origin *why = &engine->origins.at[origin];
    if (!origin || why->kind != ORIGIN_CONST || why->ins == NO_INS) return false;
    guard_block(engine, why->ins, &ins);
    return ins && ins->op == OP_CONST && !is_member(engine, call->ins->args[arg]);
}

/* True: it is lost here. */
static bool check_context(Engine *engine, State *state, const RequestCall *call,
                          uint32_t arg, uint32_t type)
{
    TermId value = call->args[arg];
    if (!value || state->is_failed) return false;
    check_ended(engine, state, call, arg);
    MarkOrigin origin = request_origin(engine, state, value);
    bool is_null = value_is_null(engine, state, value);
    if (origin == MARK_AMBIENT && !is_null) ambient_read(engine, state, value);
    Scope scope;
    if ((!is_null && origin != MARK_ROOT) || request_is_expired(engine, state))
        return false;
    if (!request_scope(engine, state, type, &scope)) {
        if (is_null && call->actions) need_context(engine, state, call, type);
        return false;
    }
    if (scope.value && scope.value == value) return false;
    if (is_answer(engine, &scope) || (!is_null && is_linked(engine, state, value)))
        return false;
    if (is_null && !is_written(engine, state, call, arg)) return false;
    if (scope.type != type && passes_other(engine, call, type)) return false;
    uint32_t flags = is_null ? FAULT_IS_NULL : 0;
    if (is_same_operation(engine, call)) flags |= FAULT_IS_SAME_NAME;
    if (is_beside(engine, &scope)) flags |= FAULT_IS_BESIDE;
    Fault fault = {.kind = FAULT_FRESH_ROOT,
                   .flags = flags,
                   .callee = call->name,
                   .arg = arg + 1,
                   .context = scope.text,
                   .came = scope.came,
                   .given = ir_text(engine->unit, engine->body, engine->block,
                                    call->ins->args[arg], engine->arena)};
    const RequestMark *mark = request_mark(state, value);
    SiteStep steps[2];
    uint32_t n = 0;
    if (mark && !is_null)
        steps[n++] = (SiteStep){STEP_ROOT, false, {engine->fn->link_name, mark->ins}};
    steps[n++] = (SiteStep){STEP_PASSED, !is_null, here(engine)};
    fault_note(engine, state, fault, steps, n);
    return true;
}

/* Below this function something is done with a context: sent, logged, or who knows. */
static bool matters(const Request *request, const ProgramFn *fn)
{
    if (!fn->fn->body) return true;
    (void)request;
    return fn->fn->body->nblock > 1 || fn->fn->body->blocks[0].nins > 2;
}

static bool is_reply(const RequestCall *call)
{
    for (const ContextAction *const *at = call->actions; at && *at; at++)
        if ((*at)->role == CONTEXT_REPLY) return true;
    return false;
}

static void check_contexts(Engine *engine, State *state, const RequestCall *call)
{
    if (is_reply(call)) return;
    bool is_known = call->slot || call->actions;
    if (!is_known && (!call->callee || !matters(engine->request, call->callee))) return;
    uint32_t types[32];
    for (uint32_t i = 0; i < call->narg; i++)
        types[i] = request_taken(engine, call, i);
    for (uint32_t i = 0; i < call->narg; i++)
        if (types[i] != CONTEXT_NONE &&
            (is_known || !has_other(engine, state, call, types[i])) &&
            check_context(engine, state, call, i, types[i]))
            return;
}

/* Which argument is the parameter of that number, as it came in. */
static uint32_t passed_as(const Engine *engine, const RequestCall *call, uint32_t param)
{
    for (uint32_t i = 0; i < call->narg; i++)
        if (call->args[i] && engine->terms.at[call->args[i]].kind == TERM_PARAM &&
            engine->terms.at[call->args[i]].imm == (int64_t)param)
            return i;
    return UINT32_MAX;
}

/*
 * The same operation goes on to somebody else: every argument is a parameter as it came, in
 * order, the context among them; only one is NULL, and a parameter that nothing reads stands
 * just there.
 */
static void check_same_operation(Engine *engine, State *state, const RequestCall *call)
{
    const Fn *fn = engine->fn->fn;
    if (call->callee || !call->ins->a || engine->fn->is_address_taken) return;
    if (call->slot && call->slot->ntype)
        return; /* what it takes is known, and was looked at */
    uint32_t null_at = UINT32_MAX, left = UINT32_MAX, nleft = 0, last = 0;
    bool has_context = false;
    for (uint32_t i = 0; i < call->narg; i++)
        if (exec_is_literal(engine, call->ins->args[i])) {
            if (null_at != UINT32_MAX) return;
            null_at = i;
        }
    TermId target = exec_val(engine, state, call->ins->a);
    for (uint32_t p = 0; p < fn->nparam; p++) {
        uint32_t at = passed_as(engine, call, p);
        if (at == UINT32_MAX && fn->params[p].type.to_function &&
            target == term_param(&engine->terms, p))
            continue;
        if (at == UINT32_MAX) {
            left = p;
            nleft++;
            continue;
        }
        if (at < last) return;
        last = at;
        has_context |= engine->request->param_types[p] != CONTEXT_NONE;
    }
    if (null_at == UINT32_MAX || nleft != 1 || !has_context) return;
    if (fn->params[left].type.kind != TYPE_POINTER || call->narg < 3) return;
    if (left + 1 < fn->nparam && null_at + 1 != call->narg && null_at > last) return;
    const Local *local = &engine->body->locals[left + 1];
    if (bit_get(engine->request->is_read, left + 1) && !local->name->len) return;
    Fault fault = {.kind = FAULT_FRESH_ROOT,
                   .flags = FAULT_IS_NULL | FAULT_IS_SAME,
                   .arg = null_at + 1,
                   .context = local->name->text,
                   .came =
                       arena_printf(engine->arena, "parameter '%s'", local->name->text),
                   .given = "NULL"};
    SiteStep step = {STEP_PASSED, false, here(engine)};
    fault_note(engine, state, fault, &step, 1);
}

/* --- roots ------------------------------------------------------------------------------- */

/* The request that came in is of another kind, and its keys were never read. */
static bool is_unread(const State *state, const Scope *scope, uint32_t owner)
{
    if (scope->type == CONTEXT_NONE || scope->type == owner) return false;
    const RequestMark *mark = request_mark(state, scope->value);
    return !mark || !(mark->flags & MARK_SHARED);
}

void send_root(Engine *engine, State *state, const Name *name, uint32_t owner,
               const Need *need)
{
    Scope scope;
    if (engine->request->may_root || request_is_expired(engine, state)) return;
    SiteStep steps[13] = {{need ? STEP_CALL : STEP_ROOT, false, here(engine)}};
    uint32_t n = 1;
    for (uint32_t i = 0; need && i < need->nstep && n < 12; i++)
        steps[n++] = need->steps[i];
    if (!request_scope(engine, state, CONTEXT_NONE, &scope)) {
        Need mine = {.kind = NEED_ROOT, .name = name, .keys = owner};
        need_note(engine, state, mine, steps, n);
        return;
    }
    if (state->is_failed) return;
    Fault fault = {
        .kind = FAULT_ROOT, .callee = name, .context = scope.text, .came = scope.came};
    if (scope.type != CONTEXT_NONE && scope.type != owner && owner != CONTEXT_NONE) {
        if (!is_unread(state, &scope, owner)) return;
        fault.kind = FAULT_NOT_EXTRACTED;
    }
    if (need) relay_chain(engine, need, &fault);
    fault_note(engine, state, fault, steps, n);
}

static bool root_has_reason(Engine *engine, State *state, const RequestCall *call,
                            const ContextAction *action)
{
    const ContextArg *where = &action->places[PLACE_REASON];
    if (where->kind == CONTEXT_ARG_NONE) return false;
    TermId value = request_place(engine, state, call, where);
    const Term *term = value ? &engine->terms.at[value] : NULL;
    return term && term->kind == TERM_STRING;
}

/* A child call that is not told whose child it is. */
static void check_parent(Engine *engine, State *state, const RequestCall *call,
                         const ContextAction *action)
{
    const ContextModel *model = engine->request->model;
    if (action->owner >= model->carriers.n) return;
    const ContextCarrier *carrier = &model->carriers.at[action->owner];
    Scope scope;
    if (!carrier->has_parent || !request_scope(engine, state, CONTEXT_NONE, &scope))
        return;
    TermId parent = request_place(engine, state, call, &carrier->parent);
    TermId mask = request_place(engine, state, call, &carrier->mask);
    int64_t bits;
    bool is_null = parent && value_is_null(engine, state, parent);
    bool is_bare = mask && carrier->nmask_word &&
                   term_is_int(&engine->terms, mask, &bits) && !(bits & 1);
    if (!is_null && !is_bare) return;
    Fault fault = {.kind = FAULT_OWN_DEADLINE,
                   .flags = FAULT_IS_PARENT | (is_null ? FAULT_IS_NULL : 0),
                   .callee = call->name,
                   .arg = (is_null ? carrier->parent.index : carrier->mask.index) + 1,
                   .context = scope.text,
                   .came = scope.came,
                   .fix = carrier->nmask_word ? carrier->mask_words[0] : ""};
    SiteStep step = {STEP_PASSED, !is_null, here(engine)};
    fault_note(engine, state, fault, &step, 1);
}

static void check_from(Engine *engine, State *state, const RequestCall *call,
                       const ContextAction *action)
{
    const ContextArg *where = &action->places[PLACE_FROM];
    if (where->kind != CONTEXT_ARG_AT || *where->path || where->index >= call->narg)
        return;
    uint32_t type = request_taken(engine, call, where->index);
    if (type != CONTEXT_NONE) check_context(engine, state, call, where->index, type);
}

static void check_action(Engine *engine, State *state, const RequestCall *call,
                         const ContextAction *action)
{
    switch ((int)action->role) {
    case CONTEXT_SEND: send_one(engine, state, call, action); break;
    case CONTEXT_HANDOFF: relay_handoff(engine, state, call, action); break;
    case CONTEXT_INJECT:
    case CONTEXT_DERIVE: check_from(engine, state, call, action); break;
    case CONTEXT_LOG:
        if ((action->flags & CONTEXT_CARRIES) && !state->is_failed)
            ambient_said(engine, state, call);
        habit_log(engine, state, call, action);
        break;
    case CONTEXT_NEW: check_parent(engine, state, call, action); break;
    case CONTEXT_ROOT:
        if (!root_has_reason(engine, state, call, action))
            send_root(engine, state, call->name, action->owner, NULL);
        break;
    default: break;
    }
}

/* Whom the model says to send, to hand on or to say something: it is to get the context. */
static bool is_told(const RequestCall *call)
{
    for (const ContextAction *const *at = call->actions; *at; at++)
        if ((*at)->role != CONTEXT_SEND && (*at)->role != CONTEXT_HANDOFF &&
            (*at)->role != CONTEXT_LOG && (*at)->role != CONTEXT_PUSH)
            return false;
    return true;
}

void send_call(Engine *engine, State *state, const RequestCall *call)
{
    if (engine->request->model->denies.n) component_call(engine, state, call);
    if (!call->actions) {
        check_contexts(engine, state, call);
        check_same_operation(engine, state, call);
        return;
    }
    if (is_told(call)) check_contexts(engine, state, call);
    uint64_t done = 0; /* where two models speak of the same, the first is believed */
    for (const ContextAction *const *at = call->actions; *at; at++) {
        if (done >> (*at)->role & 1 || !request_applies(engine, call, *at)) continue;
        done |= (uint64_t)1 << (*at)->role;
        check_action(engine, state, call, *at);
    }
}
