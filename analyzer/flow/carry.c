/*
 * What a call does to marks, as its model says: contexts are derived, detached, ended; keys are
 * put on carriers, carriers on handles. A key whose name is not known may be any.
 */
#include <string.h>

#include "flow/request.h"

/* --- places in a call -------------------------------------------------------------------- */

static const Ins *def_of(const Engine *engine, Val val)
{
    return &engine->body->blocks[engine->block].ins[engine->shape.def[val]];
}

/* What the only store into a temporary stores: arguments wait there while others are computed. */
static const Ins *kept_constant(const Engine *engine, const Ins *address)
{
    if (address->op != OP_ADDR || address->ref != REF_LOCAL ||
        !(engine->body->locals[address->local].flags & LOCAL_TEMPORARY))
        return NULL;
    const Ins *found = NULL;
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        Val kept = 0;
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            if (ins->op == OP_ADDR && ins->ref == REF_LOCAL &&
                ins->local == address->local)
                kept = ins->dst;
            if (ins->op != OP_STORE || !kept || ins->a != kept) continue;
            if (found) return NULL;
            for (uint32_t k = 0; k < i; k++)
                if (block->ins[k].dst == ins->b) found = &block->ins[k];
            if (!found) return NULL;
        }
    }
    return found;
}

/* The constant an argument was written as: an enumerator or a macro. */
static const char *constant_name(const Engine *engine, const RequestCall *call,
                                 uint32_t i)
{
    if (i >= call->ins->narg) return NULL;
    const Ins *def = def_of(engine, call->ins->args[i]);
    while (def->op == OP_CALC && def->calc == CALC_CAST && def->a)
        def = def_of(engine, def->a);
    if (def->op == OP_LOAD) def = kept_constant(engine, def_of(engine, def->a));
    if (!def || def->op != OP_CONST) return NULL;
    if (def->text) return def->text->text;
    return def->macro ? engine->unit->macros[def->macro]->text : NULL;
}

bool request_applies(Engine *engine, const RequestCall *call, const ContextAction *action)
{
    for (uint32_t i = 0; i < action->nwhen; i++) {
        const char *name = constant_name(engine, call, action->when[i].arg);
        if (!name || !pattern_matches(action->when[i].name, name, strlen(name)))
            return false;
    }
    return true;
}

/* Offset of a member by name; false when records disagree. */
static bool offset_of(const Engine *engine, const char *name, size_t len, int64_t *offset)
{
    bool found = false;
    for (uint32_t i = 1; i < engine->unit->nfield; i++) {
        const Field *field = &engine->unit->fields[i];
        if (field->name->len != len || memcmp(field->name->text, name, len) != 0)
            continue;
        if (found && *offset != (int64_t)field->offset) return false;
        *offset = (int64_t)field->offset;
        found = true;
    }
    return found;
}

/* Where "->ctx", ".headers_in.headers" stands; 0: not known. */
static TermId walk_to(Engine *engine, State *state, TermId at, const char *path)
{
    const Type pointer = {.kind = TYPE_POINTER, .size = 8};
    bool is_first = true;
    while (*path && at) {
        bool is_arrow = path[0] == '-';
        path += is_arrow ? 2 : 1;
        size_t len = strcspn(path, ".-");
        int64_t offset;
        if (!offset_of(engine, path, len, &offset)) return 0;
        if (is_arrow && !is_first) at = memory_load(engine, state, at, pointer, 0);
        at = term_offset(&engine->terms, at, offset);
        path += len;
        is_first = false;
    }
    return at;
}

/* What stands there; without a path, the value itself. */
static TermId walk(Engine *engine, State *state, TermId at, const char *path)
{
    TermId place = walk_to(engine, state, at, path);
    if (!place || !*path) return place;
    return memory_load(engine, state, place, (Type){.kind = TYPE_POINTER, .size = 8}, 0);
}

static uint32_t index_of(Engine *engine, const RequestCall *call, const ContextArg *arg)
{
    switch (arg->kind) {
    case CONTEXT_ARG_AT: return arg->index;
    case CONTEXT_ARG_LAST: return call->narg ? call->narg - 1 : UINT32_MAX;
    case CONTEXT_ARG_TAGGED:
        for (uint32_t i = 0; i + 1 < call->narg; i++) {
            const char *name = constant_name(engine, call, i);
            if (name && !strcmp(name, arg->word)) return i + 1;
        }
        return UINT32_MAX;
    case CONTEXT_ARG_FIRST_FN:
    case CONTEXT_ARG_NEXT:
        for (uint32_t i = 0; i < call->narg; i++)
            if (call->args[i] && engine->terms.at[call->args[i]].kind == TERM_FN)
                return arg->kind == CONTEXT_ARG_NEXT ? i + arg->index : i;
        return UINT32_MAX;
    case CONTEXT_ARG_OF_TYPE:
        for (uint32_t i = 0; call->callee && i < call->callee->fn->nparam; i++) {
            const Name *type = call->callee->fn->params[i].type_name;
            if (type && !strncmp(type->text, arg->word, strlen(arg->word))) return i;
        }
        return UINT32_MAX;
    case CONTEXT_ARG_NONE:
    case CONTEXT_ARG_RESULT:
    case CONTEXT_ARG_ARRAY:
    case CONTEXT_ARG_MADE:
    case CONTEXT_ARG_SET:
    case CONTEXT_ARG_OPTION: break;
    }
    return UINT32_MAX;
}

TermId request_place(Engine *engine, State *state, const RequestCall *call,
                     const ContextArg *arg)
{
    if (arg->kind == CONTEXT_ARG_RESULT)
        return call->ins->dst && state->vals ? exec_val(engine, state, call->ins->dst)
                                             : 0;
    uint32_t i = index_of(engine, call, arg);
    if (i >= call->narg || !call->args[i]) return 0;
    TermId value = call->args[i];
    if (arg->path && *arg->path) value = walk(engine, state, value, arg->path);
    return value ? state_canon(state, value) : 0;
}

bool request_has_bits(Engine *engine, State *state, const RequestCall *call,
                      const ContextArg *arg, uint32_t bits)
{
    uint32_t i = index_of(engine, call, arg);
    if (i >= call->narg || !call->args[i]) return true;
    if (value_is_null(engine, state, call->args[i])) return false;
    TermId place = walk_to(engine, state, call->args[i], arg->path ? arg->path : "");
    const Cell *cell = place ? state_cell(state, place) : NULL;
    int64_t number;
    if (!cell || !term_is_int(&engine->terms, cell->value, &number)) return true;
    return (uint64_t)number & bits;
}

/* The callee gets the address of a variable that holds the carrier. */
static bool is_indirect(const RequestCall *call, uint32_t i)
{
    if (i >= call->narg || !call->before[i]) return false;
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    return !fn || i >= fn->nparam || !fn->params[i].type_name;
}

TermId carry_object(Engine *engine, State *state, const RequestCall *call, TermId value,
                    uint32_t index)
{
    if (!is_indirect(call, index)) return value;
    const Cell *cell = state_cell(state, call->args[index]);
    if (cell) return cell->value;
    return memory_load(engine, state, call->args[index],
                       (Type){.kind = TYPE_POINTER, .size = 8}, 0);
}

/* --- keys -------------------------------------------------------------------------------- */

static const Name *text_at(const Engine *engine, const State *state, TermId value)
{
    const Term *term = value ? &engine->terms.at[value] : NULL;
    if (!term) return NULL;
    if (term->kind == TERM_STRING) return term->name;
    const RequestMark *mark = request_mark(state, value);
    return mark ? mark->text : NULL;
}

/* The keys that a put puts: from a literal, or a text that was made here. False: unknown. */
static bool keys_put(Engine *engine, State *state, const RequestCall *call,
                     const ContextAction *action, uint32_t *keys)
{
    *keys = action->keys;
    if (action->keys) return true;
    TermId value = request_place(engine, state, call, &action->places[PLACE_KEY]);
    const Name *text = text_at(engine, state, value);
    if (!text) return false;
    size_t start = 0, end = text->len;
    if (action->split &&
        !pattern_group(action->split, text->text, text->len, &start, &end))
        return true; /* a header without a name is none of ours */
    if (memchr(text->text + start, '%', end - start)) return false;
    *keys = context_keys_named(engine->request->model, text->text + start, end - start);
    return true;
}

static void add_keys(RequestMark *mark, uint32_t keys, bool is_known)
{
    mark->yes |= is_known ? keys : 0;
    mark->maybe |= is_known ? keys : UINT32_MAX;
    mark->lost &= ~mark->yes;
}

/* A carrier that was made here, from nothing. */
static RequestMark *fresh_carrier(Engine *engine, State *state, TermId value)
{
    return request_put(
        state,
        (RequestMark){.value = value, .flags = MARK_NEW, .ins = engine_number(engine)});
}

/* `on` becomes `result`: one carrier under two names. */
static RequestMark *continue_carrier(Engine *engine, State *state, TermId on,
                                     TermId result)
{
    bool is_null = on && value_is_null(engine, state, on);
    RequestMark *old = on ? request_mark(state, on) : NULL;
    if (is_null && !old) return fresh_carrier(engine, state, result);
    RequestMark copy =
        old ? *old : (RequestMark){0}; /* what was on it before is not known */
    copy.value = result;
    copy.ins = engine_number(engine);
    return request_put(state, copy);
}

static void put_key(Engine *engine, State *state, RequestCall *call,
                    const ContextAction *action, TermId result)
{
    const ContextArg *where = &action->places[PLACE_ON];
    uint32_t index = index_of(engine, call, where);
    TermId on = request_place(engine, state, call, where);
    uint32_t keys = 0;
    bool is_known = keys_put(engine, state, call, action, &keys);
    if (action->flags & CONTEXT_ALL_KEYS) {
        keys = UINT32_MAX;
        is_known = true;
    }
    if (action->flags & CONTEXT_SAME_RESULT) {
        bool had = on && !value_is_null(engine, state, on);
        if (result) add_keys(continue_carrier(engine, state, on, result), keys, is_known);
        if (had) add_keys(request_make(state, on), keys, is_known);
        return;
    }
    if (!on) return;
    add_keys(request_make(state, carry_object(engine, state, call, on, index)), keys,
             is_known);
}

/* The keys of a context that came in are keys; those of a root are of no use to anybody. */
static bool gives_keys(Engine *engine, const State *state, TermId from)
{
    MarkOrigin origin = request_origin(engine, state, from);
    return origin != MARK_UNKNOWN || engine->terms.at[from].kind != TERM_NULL;
}

static void inject(Engine *engine, State *state, RequestCall *call,
                   const ContextAction *action)
{
    const ContextArg *where = &action->places[PLACE_INTO];
    uint32_t index = index_of(engine, call, where);
    TermId into = request_place(engine, state, call, where);
    TermId from = request_place(engine, state, call, &action->places[PLACE_FROM]);
    if (!into) return;
    uint32_t keys = action->flags & CONTEXT_ALL_KEYS ? UINT32_MAX : action->keys;
    bool is_given =
        !from || (!value_is_null(engine, state, from) && gives_keys(engine, state, from));
    if (!is_indirect(call, index)) {
        add_keys(request_make(state, into), is_given ? keys : 0, true);
        return;
    }
    TermId before = call->before[index];
    TermId now = carry_object(engine, state, call, into, index);
    bool had = !value_is_null(engine, state, before);
    if (now != before)
        add_keys(continue_carrier(engine, state, before, now), is_given ? keys : 0, true);
    if (had) add_keys(request_make(state, before), is_given ? keys : 0, true);
}

/* --- handles ----------------------------------------------------------------------------- */

static uint32_t keys_of(const State *state, TermId carrier)
{
    const RequestMark *mark = carrier ? request_mark(state, carrier) : NULL;
    return mark ? mark->yes : 0;
}

static void attach(Engine *engine, State *state, RequestCall *call,
                   const ContextAction *action)
{
    TermId on = request_place(engine, state, call, &action->places[PLACE_ON]);
    TermId carrier = request_place(engine, state, call, &action->places[PLACE_CARRIER]);
    if (!on) return;
    RequestMark mark = *request_make(state, on);
    uint32_t before = keys_of(state, mark.attached);
    uint32_t now = keys_of(state, carrier);
    if (action->flags & CONTEXT_REPLACES) {
        before |= mark.yes; /* of a list that a callee attached and nobody else knows */
        mark.yes = 0;
        if (before & ~now) mark.ins = engine_number(engine);
        mark.lost |= before;
        mark.attached = carrier;
    } else {
        mark.yes |= now;
        mark.maybe |= now;
        if (!mark.attached) mark.attached = carrier;
    }
    mark.lost &= ~now;
    mark.flags |= MARK_ATTACHED;
    if (!carrier) mark.maybe = UINT32_MAX;
    request_put(state, mark);
}

static void reset(Engine *engine, State *state, RequestCall *call,
                  const ContextAction *action)
{
    TermId on = request_place(engine, state, call, &action->places[PLACE_ON]);
    if (!on) return;
    const RequestMark *old = request_mark(state, on);
    uint32_t lost = old ? old->yes | old->lost | keys_of(state, old->attached) : 0;
    request_put(state, (RequestMark){.value = on,
                                     .lost = lost,
                                     .flags = MARK_NEW | MARK_ATTACHED,
                                     .ins = engine_number(engine)});
}

/* The number is the request's own time, or made of it. */
static bool is_in_time(Engine *engine, const State *state, TermId value, int depth)
{
    if (!value || depth > 4) return false;
    const RequestMark *mark = request_mark(state, value);
    if (mark && (mark->flags & MARK_REMAINING)) return true;
    Term term = engine->terms.at[value];
    if (term.kind == TERM_INIT) {
        TermId root = term_root(&engine->terms, term.a);
        return request_origin(engine, state, root) != MARK_UNKNOWN;
    }
    if (term.kind != TERM_CALC) return false;
    return is_in_time(engine, state, term.a, depth + 1) ||
           is_in_time(engine, state, term.b, depth + 1);
}

/* A member of the request's context that is its deadline is in the condition. */
static bool asks_deadline(Engine *engine, const State *state, TermId value, int depth)
{
    const Term term = engine->terms.at[value];
    if (!value || depth > 3) return false;
    if (term.kind == TERM_CALC)
        return asks_deadline(engine, state, term.a, depth + 1) ||
               asks_deadline(engine, state, term.b, depth + 1);
    if (term.kind != TERM_INIT) return false;
    const ContextModel *model = engine->request->model;
    uint32_t keys = request_key_at(engine, state, term.a);
    for (uint32_t k = 0; keys && k < model->keys.n; k++)
        if ((keys >> k & 1) && model->keys.at[k].is_deadline) return true;
    return false;
}

/* `left < 250 ? left : 250`: a constant that the time left was compared with. */
static bool is_clamped(Engine *engine, const State *state)
{
    for (uint32_t i = 0; i < state->nmark; i++)
        if ((state->marks[i].flags & MARK_REMAINING) &&
            !range_is_any(value_range(engine, state, state->marks[i].value)))
            return true;
    for (const Trace *at = state->trace; at; at = at->before)
        if (at->kind == TRACE_BRANCH && at->condition &&
            asks_deadline(engine, state, at->condition, 0))
            return true;
    return false;
}

static bool carry_is_in_time(Engine *engine, const State *state, TermId value)
{
    return is_in_time(engine, state, value, 0) || is_clamped(engine, state);
}

static void set_deadline(Engine *engine, State *state, RequestCall *call,
                         const ContextAction *action)
{
    TermId on = request_place(engine, state, call, &action->places[PLACE_ON]);
    TermId value = request_place(engine, state, call, &action->places[PLACE_VALUE]);
    if (!on) return;
    habit_limit(engine, state, value, call->name);
    RequestMark *mark = request_make(state, on);
    int64_t number;
    bool is_constant = value && term_is_int(&engine->terms, value, &number);
    if (is_constant && (action->flags & CONTEXT_SECONDS) && number < INT32_MAX)
        number *= 1000;
    mark->flags |= MARK_DEADLINE;
    mark->flags &= ~(uint32_t)(MARK_IN_TIME | MARK_LONG);
    if (!is_constant || carry_is_in_time(engine, state, value))
        mark->flags |= MARK_IN_TIME;
    else if (number >= (int64_t)engine->request->model->short_ms)
        mark->flags |= MARK_LONG;
    if (is_constant && number <= 0)
        mark->flags &= ~(uint32_t)(MARK_DEADLINE | MARK_IN_TIME);
}

static void set_endpoint(Engine *engine, State *state, RequestCall *call,
                         const ContextAction *action)
{
    TermId on = request_place(engine, state, call, &action->places[PLACE_ON]);
    TermId value = request_place(engine, state, call, &action->places[PLACE_VALUE]);
    const Name *text = text_at(engine, state, value);
    if (!on) return;
    RequestMark *mark = request_make(state, on);
    const ContextModel *model = engine->request->model;
    mark->flags &= ~(uint32_t)(MARK_EXTERNAL | MARK_EXEMPT);
    mark->text = text;
    if (!text) return;
    if (context_matches(&model->exempt, text->text))
        mark->flags |= MARK_EXEMPT;
    else if (context_matches(&model->external, text->text))
        mark->flags |= MARK_EXTERNAL;
}

/* --- contexts ---------------------------------------------------------------------------- */

static MarkOrigin derived_of(Engine *engine, const State *state, TermId from)
{
    switch (request_origin(engine, state, from)) {
    case MARK_INHERITED:
    case MARK_DERIVED:
    case MARK_AMBIENT: return MARK_DERIVED;
    case MARK_DETACHED: return MARK_DETACHED;
    case MARK_ROOT: return MARK_ROOT;
    case MARK_INTENDED: return MARK_INTENDED;
    case MARK_UNKNOWN: break;
    }
    return MARK_UNKNOWN;
}

static void derive(Engine *engine, State *state, RequestCall *call,
                   const ContextAction *action, TermId result)
{
    TermId from = request_place(engine, state, call, &action->places[PLACE_FROM]);
    if (!result || !from) return;
    MarkOrigin origin = derived_of(engine, state, from);
    if (action->role == CONTEXT_DETACH && origin != MARK_UNKNOWN) origin = MARK_DETACHED;
    if (request_mark(state, from) || engine->terms.at[from].kind == TERM_PARAM)
        request_make(state, from)->flags |= MARK_SHARED;
    request_put(state, (RequestMark){.value = result,
                                     .from = from,
                                     .origin = origin,
                                     .ins = engine_number(engine)});
}

static bool has_reason(Engine *engine, State *state, const RequestCall *call,
                       const ContextAction *action)
{
    if (action->places[PLACE_REASON].kind == CONTEXT_ARG_NONE) return false;
    TermId value = request_place(engine, state, call, &action->places[PLACE_REASON]);
    const Name *text = text_at(engine, state, value);
    return text && text->len;
}

static void make_root(Engine *engine, State *state, RequestCall *call,
                      const ContextAction *action, TermId result)
{
    if (!result) return;
    bool is_meant = has_reason(engine, state, call, action) ||
                    request_is_expired(engine, state) || engine->request->may_root;
    request_put(state, (RequestMark){.value = result,
                                     .origin = is_meant ? MARK_INTENDED : MARK_ROOT,
                                     .ins = engine_number(engine)});
}

/* `&con->request`: a part of something that stays, which may have the same address. */
static bool is_part(const Engine *engine, const RequestCall *call, const ContextArg *arg)
{
    uint32_t i = arg->kind == CONTEXT_ARG_AT ? arg->index : UINT32_MAX;
    return i < call->ins->narg && def_of(engine, call->ins->args[i])->op == OP_FIELD;
}

static void end_context(Engine *engine, State *state, RequestCall *call,
                        const ContextAction *action)
{
    TermId value = request_place(engine, state, call, &action->places[PLACE_ARG]);
    if (is_part(engine, call, &action->places[PLACE_ARG])) return;
    if (!value || engine->terms.at[value].kind == TERM_NULL) return;
    MarkOrigin origin = request_origin(engine, state, value);
    RequestMark *mark = request_make(state, value);
    if (mark->flags & MARK_SHARED) return;
    if (!mark->origin) mark->origin = origin;
    mark->flags |= MARK_ENDED;
    mark->ins = engine_number(engine);
}

/* A text that is put together: its beginning names the key. */
static void set_text(Engine *engine, State *state, RequestCall *call,
                     const ContextAction *action)
{
    TermId into = request_place(engine, state, call, &action->places[PLACE_INTO]);
    TermId format = request_place(engine, state, call, &action->places[PLACE_VALUE]);
    if (into) request_make(state, into)->text = text_at(engine, state, format);
}

static void copy_carrier(Engine *engine, State *state, RequestCall *call,
                         const ContextAction *action, TermId result)
{
    TermId from = request_place(engine, state, call, &action->places[PLACE_FROM]);
    if (!result) return;
    const RequestMark *old = from ? request_mark(state, from) : NULL;
    RequestMark copy = old ? *old : (RequestMark){.maybe = UINT32_MAX};
    copy.value = result;
    if (action->flags & CONTEXT_ALL_KEYS) copy.yes = copy.maybe = UINT32_MAX;
    copy.ins = engine_number(engine);
    request_put(state, copy);
}

static void drop_key(Engine *engine, State *state, RequestCall *call,
                     const ContextAction *action)
{
    TermId on = request_place(engine, state, call, &action->places[PLACE_ON]);
    uint32_t keys = 0;
    if (!on || !keys_put(engine, state, call, action, &keys)) return;
    RequestMark *mark = request_make(state, on);
    if (mark->yes & keys) mark->ins = engine_number(engine);
    mark->lost |= mark->yes & keys;
    mark->yes &= ~keys;
    mark->maybe &= ~keys;
}

static void mark_new(Engine *engine, State *state, RequestCall *call,
                     const ContextAction *action, TermId result)
{
    if (!result) return;
    RequestMark *mark = fresh_carrier(engine, state, result);
    if (action->owner >= engine->request->model->carriers.n) return;
    const ContextCarrier *carrier = &engine->request->model->carriers.at[action->owner];
    for (uint32_t i = 0; i < carrier->ndeadline; i++)
        if (!strcmp(carrier->deadline_calls[i], call->name->text))
            mark->flags |= MARK_DEADLINE | MARK_IN_TIME;
}

/* What the answer says of keys that are not there. */
static void mark_answer(Engine *engine, State *state, RequestCall *call,
                        const ContextAction *action, TermId result)
{
    bool has_out = action->places[PLACE_OUT].kind != CONTEXT_ARG_NONE;
    uint32_t keys = UINT32_MAX;
    if (!(action->flags & CONTEXT_ALL_KEYS) &&
        (!keys_put(engine, state, call, action, &keys) || !keys))
        return;
    RequestMark *mark = request_make(state, result);
    mark->flags |= has_out ? MARK_STATUS : MARK_ANSWER;
    mark->maybe = keys;
}

static void read_keys(Engine *engine, State *state, RequestCall *call,
                      const ContextAction *action, TermId result)
{
    const ContextArg *where = &action->places[PLACE_OUT];
    TermId from = request_place(engine, state, call, &action->places[PLACE_FROM]);
    TermId out = request_place(engine, state, call, where);
    engine->request->reads = true;
    if (from) request_make(state, from)->flags |= MARK_SHARED;
    if (result) mark_answer(engine, state, call, action, result);
    if (!out || !(action->flags & CONTEXT_ALL_KEYS)) return;
    out = carry_object(engine, state, call, out, index_of(engine, call, where));
    request_put(state,
                (RequestMark){.value = out, .yes = UINT32_MAX, .maybe = UINT32_MAX});
}

static void run_action(Engine *engine, State *state, RequestCall *call,
                       const ContextAction *action, TermId result)
{
    switch (action->role) {
    case CONTEXT_DERIVE:
    case CONTEXT_DETACH: derive(engine, state, call, action, result); break;
    case CONTEXT_EXTRACT: derive(engine, state, call, action, result); break;
    case CONTEXT_ROOT: make_root(engine, state, call, action, result); break;
    case CONTEXT_END: end_context(engine, state, call, action); break;
    case CONTEXT_READ: read_keys(engine, state, call, action, result); break;
    case CONTEXT_NEW: mark_new(engine, state, call, action, result); break;
    case CONTEXT_PUT: put_key(engine, state, call, action, result); break;
    case CONTEXT_COPY: copy_carrier(engine, state, call, action, result); break;
    case CONTEXT_RESET: reset(engine, state, call, action); break;
    case CONTEXT_DROP: drop_key(engine, state, call, action); break;
    case CONTEXT_ATTACH: attach(engine, state, call, action); break;
    case CONTEXT_DEADLINE: set_deadline(engine, state, call, action); break;
    case CONTEXT_ENDPOINT: set_endpoint(engine, state, call, action); break;
    case CONTEXT_INJECT: inject(engine, state, call, action); break;
    case CONTEXT_TEXT: set_text(engine, state, call, action); break;
    case CONTEXT_REMAINING:
        if (!result) break;
        request_make(state, result)->flags |= MARK_REMAINING;
        request_make(state, result)->ins = engine_number(engine);
        break;
    case CONTEXT_SPAN_START: habit_start(engine, state, result); break;
    case CONTEXT_SPAN_END:
        habit_finish(engine, state,
                     request_place(engine, state, call, &action->places[PLACE_ARG]),
                     call);
        break;
    case CONTEXT_LOSE: use_lose(engine, state, call, action); break;
    case CONTEXT_GET:
    case CONTEXT_SET:
    case CONTEXT_CLEAR: ambient_call(engine, state, call, action, result); break;
    case CONTEXT_ORIGIN:
    case CONTEXT_SUSPEND:
    case CONTEXT_FRESH:
    case CONTEXT_FREE:
    case CONTEXT_SEND:
    case CONTEXT_HANDOFF:
    case CONTEXT_PUSH:
    case CONTEXT_POP:
    case CONTEXT_LOG:
    case CONTEXT_SHARED:
    case CONTEXT_REPLY:
    case CONTEXT_ROLE_COUNT: break;
    }
}

static bool makes(ContextRole role)
{
    return role == CONTEXT_PUT || role == CONTEXT_NEW || role == CONTEXT_COPY ||
           role == CONTEXT_DERIVE || role == CONTEXT_DETACH || role == CONTEXT_ROOT;
}

/* The program's own helper: it gives back NULL when it was given nothing, and says so. */
static bool is_idle_put(const RequestCall *call, const ContextAction *action)
{
    return action->role == CONTEXT_PUT && call->callee && call->callee->fn->body;
}

void carry_call(Engine *engine, State *state, RequestCall *call, TermId result)
{
    /* Where two models speak of the same, the first is believed. */
    uint64_t done = 0;
    for (const ContextAction *const *at = call->actions; *at; at++) {
        const ContextAction *action = *at;
        bool repeats = action->role == CONTEXT_ATTACH ||
                       action->role == CONTEXT_DEADLINE ||
                       action->role == CONTEXT_ENDPOINT;
        if ((done >> action->role & 1) && !repeats) continue;
        if (!request_applies(engine, call, action)) continue;
        if (makes(action->role) && result && value_is_null(engine, state, result)) {
            if (is_idle_put(call, action)) return;
            state->is_failed = true; /* no memory, nothing to send */
            return;
        }
        done |= (uint64_t)1 << action->role;
        run_action(engine, state, call, action, result);
    }
}
