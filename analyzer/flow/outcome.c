/*
 * A callee's outcomes become successor states: its guards are assumed, its effects and posts
 * are written, and where its null comes from is kept for the finding's path.
 */
#include "flow/callee.h"

/* The caller reads a status that may be anything: what it asks cannot be matched with this. */
static bool is_vague(const Engine *engine, const Call *call, const Outcome *outcome)
{
    Val status = call->is_callback ? 0 : call->ins->dst;
    return status && engine->shape.last_use[status] && outcome->result &&
           call->summary->terms[outcome->result].kind == TERM_FRESH &&
           range_is_any(outcome->result_range);
}

static uint32_t outcome_origin(Engine *engine, const Call *call, const Outcome *outcome,
                               NullOrigin kind)
{
    Origin origin = {.kind = kind,
                     .ins = engine_number(engine),
                     .callee = call->callee ? call->callee->link_name : NULL,
                     .outcome = outcome,
                     .post = call->post,
                     .summary = call->summary};
    origin.is_unconditional = way_is_free(outcome);
    origin.is_caution = call->is_caution;
    origin.is_direct = kind == ORIGIN_OUT && call->is_direct;
    origin.is_hollow = kind == ORIGIN_OUT && call->is_hollow;
    origin.param = (uint32_t)origin.is_caution * 2 + origin.is_direct +
                   (uint32_t)origin.is_hollow * 4;
    origin.is_vague = kind == ORIGIN_OUT && is_vague(engine, call, outcome);
    origin.is_partial = kind == ORIGIN_CONST && call->is_partial;
    if (origin.is_partial) origin.param += 16;
    origin.is_error = kind == ORIGIN_RETURN && call->is_error;
    if (origin.is_error) origin.param += 8;
    return note_origin(engine, origin);
}

static bool is_pointer_param(const Call *call, TermId id)
{
    const SummaryTerm *term = &call->summary->terms[id];
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    return term->kind == TERM_PARAM && fn && term->imm < fn->nparam &&
           fn->params[term->imm].type.kind == TYPE_POINTER;
}

static bool take_guards(Engine *engine, State *state, Call *call, const Outcome *outcome,
                        uint32_t number)
{
    bool assumed = false;
    for (uint32_t i = 0; i < outcome->nguard; i++) {
        TermId term = callee_translate(engine, state, call, outcome->guards[i].term);
        if (!term) continue;
        Range range = outcome->guards[i].range;
        if (range.classes == CLASS_ERR || range.classes == (CLASS_NULL | CLASS_VALID))
            errptr_asked(engine, term);
        int holds = value_entails(engine, state, term, range);
        if (holds < 0) return false;
        if (holds == 1) continue;
        assumed = true;
        const Term *asked = &engine->terms.at[term];
        state->is_murky |= !asked->is_entry && !asked->is_outside;
        if (range.classes == CLASS_NULL &&
            is_pointer_param(call, outcome->guards[i].term))
            call->is_caution = true;
        Origin tested = {.kind = ORIGIN_TESTED_CALLEE,
                         .ins = engine_number(engine),
                         .param = i,
                         .callee = call->callee ? call->callee->link_name : NULL,
                         .outcome = outcome,
                         .summary = call->summary};
        if (!value_assume_range(engine, state, term, range, note_origin(engine, tested)))
            return false;
    }
    if (assumed && state->nassumed < MAX_ASSUMED)
        state->assumed[state->nassumed++] = (Assumed){engine_number(engine), number};
    return true;
}

static void take_effects(Engine *engine, State *state, Call *call, const Outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->neffect; i++) {
        const Effect *effect = &outcome->effects[i];
        TermId to = callee_translate(engine, state, call, effect->to), from = 0;
        if (effect->from) from = callee_translate(engine, state, call, effect->from);
        int64_t size = 0;
        TermId bytes =
            effect->size ? callee_translate(engine, state, call, effect->size) : 0;
        bool known = bytes && term_is_int(&engine->terms, bytes, &size);
        if (!to) continue;
        if (effect->kind == EFFECT_ZERO) {
            Origin origin = {.kind = ORIGIN_ZEROED,
                             .ins = engine_number(engine),
                             .callee = call->callee ? call->callee->link_name : NULL};
            memory_fill(engine, state, to, known ? size : 0, note_origin(engine, origin));
        } else if (from && known) {
            memory_copy(engine, state, to, from, size);
        } else {
            memory_havoc(engine, state, to, engine_number(engine));
            export_overwrite(engine, state, to);
        }
    }
}

typedef struct Written {
    TermId address, value;
} Written;

/* What no outcome ever sets was not left unset: it was cleared, as by an assignment. */
static bool is_ever_set(const Call *call, TermId address)
{
    for (uint32_t i = 0; i < call->summary->noutcome; i++) {
        const Outcome *other = &call->summary->outcomes[i];
        for (uint32_t k = 0; k < other->npost; k++)
            if (other->posts[k].address == address &&
                other->posts[k].range.classes != CLASS_NULL)
                return true;
    }
    return false;
}

/* A member of the record that it returns by value. */
static bool is_of_result(const Call *call, const Outcome *outcome, uint32_t post)
{
    TermId id = outcome->posts[post].address;
    while (call->summary->terms[id].kind == TERM_OFFSET)
        id = call->summary->terms[id].a;
    return id == outcome->result && call->callee &&
           call->callee->fn->result.kind == TYPE_AGGREGATE;
}

/* Other outcomes leave something else there. */
static bool is_partial(const Call *call, TermId address)
{
    for (uint32_t i = 0; i < call->summary->noutcome; i++) {
        const Outcome *other = &call->summary->outcomes[i];
        bool nulls = false;
        for (uint32_t k = 0; k < other->npost; k++)
            nulls |= other->posts[k].address == address &&
                     other->posts[k].range.classes == CLASS_NULL;
        if (!nulls) return true;
    }
    return false;
}

static TermId null_post(Engine *engine, Call *call, const Outcome *outcome, uint32_t post,
                        TermId address)
{
    const Term *term = &engine->terms.at[address];
    if (is_of_result(call, outcome, post)) {
        bool alloc = outcome->origin == ORIGIN_ALLOC;
        return term_null(
            &engine->terms,
            outcome_origin(engine, call, outcome, alloc ? ORIGIN_ALLOC : ORIGIN_RETURN));
    }
    bool set = is_ever_set(call, outcome->posts[post].address);
    call->is_direct = address && (term->kind == TERM_LOCAL || term->kind == TERM_GLOBAL);
    call->is_hollow = outcome->hollow && outcome->hollow == outcome->posts[post].address;
    call->is_partial = is_partial(call, outcome->posts[post].address);
    call->post = outcome->posts[post].birth.site.fn ? &outcome->posts[post] : NULL;
    return term_null(&engine->terms, outcome_origin(engine, call, outcome,
                                                    set ? ORIGIN_OUT : ORIGIN_CONST));
}

static Written *read_posts(Engine *engine, State *state, Call *call,
                           const Outcome *outcome)
{
    Written *written = ARENA_ARRAY(engine->scratch, Written, outcome->npost + 1);
    for (uint32_t i = 0; i < outcome->npost; i++) {
        written[i].address =
            callee_translate(engine, state, call, outcome->posts[i].address);
        bool null = outcome->posts[i].range.classes == CLASS_NULL &&
                    outcome->posts[i].type.kind == TYPE_POINTER;
        if (null)
            written[i].value = null_post(engine, call, outcome, i, written[i].address);
        else if (outcome->posts[i].value)
            written[i].value =
                callee_translate(engine, state, call, outcome->posts[i].value);
    }
    return written;
}

static void take_posts(Engine *engine, State *state, const Outcome *outcome,
                       Written *written)
{
    for (uint32_t i = 0; i < outcome->npost; i++) {
        const Post *post = &outcome->posts[i];
        if (!written[i].address) continue;
        TermId value = written[i].value;
        if (!value)
            value = term_fresh(&engine->terms, FRESH_HAVOC, engine_number(engine),
                               written[i].address);
        else if (engine->terms.at[value].kind == TERM_FRESH)
            value_assume_range(engine, state, value, post->range, 0);
        memory_store(engine, state, written[i].address, value, post->type, 0);
        written[i].value = value;
    }
    /* One may be another's alias for all we know, but not for all that the callee knows. */
    for (uint32_t i = 0; i < outcome->npost; i++) {
        if (!written[i].address) continue;
        Cell *cell = state_cell(state, state_canon(state, written[i].address));
        if (cell) cell->value = written[i].value;
    }
}

/* A model's outcome that says it does not write there. */
static void leave_unset(Engine *engine, State *state, TermId address)
{
    if (!address || engine->terms.at[address].kind != TERM_LOCAL) return;
    const Local *local = &engine->body->locals[engine->terms.at[address].imm];
    const Cell *cell = state_cell(state, address);
    const Term *term = cell ? &engine->terms.at[cell->value] : NULL;
    bool unset = !cell || (term->kind == TERM_FRESH && (term->calc == (Calc)FRESH_UNSET ||
                                                        term->calc == (Calc)FRESH_HAVOC));
    if (!unset || local->type.kind != TYPE_POINTER || (local->flags & LOCAL_PARAM))
        return;
    TermId left = term_fresh(&engine->terms, FRESH_LEFT, engine_number(engine), address);
    state_put(state, (Cell){.address = address, .value = left, .type = local->type});
}

static bool is_broken_promise(const Call *call, uint32_t param)
{
    TermId hollow = call->outcome->hollow;
    const SummaryTerm *term = &call->summary->terms[hollow];
    return hollow && term->kind == TERM_PARAM && term->imm == param;
}

/* Other outcomes write there, and not null; this one does not write. */
static bool is_left(const Call *call, uint32_t param)
{
    bool set = false;
    for (uint32_t i = 0; i < call->summary->noutcome; i++) {
        const Outcome *other = &call->summary->outcomes[i];
        for (uint32_t k = 0; k < other->npost; k++) {
            const SummaryTerm *term = &call->summary->terms[other->posts[k].address];
            if (term->kind != TERM_PARAM || term->imm != param) continue;
            if (other == call->outcome) return false;
            set |= other->posts[k].range.classes != CLASS_NULL;
        }
    }
    return set;
}

/* A null that was there before, `struct item *item = NULL;`, is still there because of the
 * callee: it is the callee's null from now on. */
static void mark_left_null(Engine *engine, const State *state, Call *call, uint32_t i)
{
    Cell *cell = state_cell(state, call->args[i]);
    if (!cell || engine->terms.at[cell->value].kind != TERM_NULL) return;
    const Origin *origin = &engine->origins.at[engine->terms.at[cell->value].imm];
    if (origin->kind != ORIGIN_CONST || !is_left(call, i)) return;
    call->is_direct = true;
    call->is_hollow = is_broken_promise(call, i);
    cell->value = term_null(&engine->terms,
                            outcome_origin(engine, call, call->outcome, ORIGIN_OUT));
}

static bool is_unset(const Engine *engine, const State *state, TermId address)
{
    const Local *local = &engine->body->locals[engine->terms.at[address].imm];
    const Cell *cell = state_cell(state, address);
    const Term *term = cell ? &engine->terms.at[cell->value] : NULL;
    if (local->type.kind != TYPE_POINTER || state->is_lost) return false;
    for (uint16_t k = 0; k < state->nhavoc; k++)
        if (state->havocs[k].root == address) return false;
    if (state->is_lost && !cell) return false;
    if (term) return term->kind == TERM_FRESH && term->calc == (Calc)FRESH_UNSET;
    return !(local->flags & LOCAL_PARAM);
}

/* Bytes from elsewhere were copied there: which, nobody knows. */
static bool is_copied_to(Engine *engine, State *state, Call *call, TermId address)
{
    for (uint32_t i = 0; i < call->outcome->neffect; i++)
        if (callee_translate(engine, state, call, call->outcome->effects[i].to) ==
            address)
            return true;
    return false;
}

/* An address handed to an outcome that does not write there stays unset. */
static void mark_unset(Engine *engine, State *state, Call *call)
{
    for (uint32_t i = 0; i < call->narg; i++) {
        TermId address = call->args[i];
        if (!address || engine->terms.at[address].kind != TERM_LOCAL) continue;
        if (is_copied_to(engine, state, call, address)) continue;
        mark_left_null(engine, state, call, i);
        if (!is_unset(engine, state, address)) continue;
        uint64_t number = engine_number(engine);
        if (is_broken_promise(call, i)) number |= (uint64_t)(call->number + 1) << 32;
        TermId left = term_fresh(&engine->terms, FRESH_LEFT, number, address);
        Type type = engine->body->locals[engine->terms.at[address].imm].type;
        state_put(state, (Cell){.address = address, .value = left, .type = type});
    }
}

uint32_t outcome_left_origin(Engine *engine, TermId left)
{
    const Term *term = &engine->terms.at[left];
    Origin origin = {
        .kind = ORIGIN_OUT, .ins = (uint32_t)term->imm, .is_direct = true, .param = 1};
    uint32_t number = (uint32_t)((uint64_t)term->imm >> 32);
    const ProgramFn *fn = number ? believe_callee(engine, origin.ins) : NULL;
    if (fn) {
        origin.callee = fn->link_name;
        origin.summary = engine_summary(engine, fn, false);
        BUG_IF(!origin.summary || number > origin.summary->noutcome);
        origin.outcome = &origin.summary->outcomes[number - 1];
        origin.is_hollow = true;
        origin.param = 5;
    }
    return note_origin(engine, origin);
}

/* What callers of ERR_PTR(error) get: the int that they passed, as a pointer. */
static TermId pointer_result(Engine *engine, State *state, const Call *call,
                             const Outcome *outcome, TermId result)
{
    const SummaryTerm *term = &call->summary->terms[outcome->result];
    if (term->kind != TERM_PARAM || term->imm >= call->callee->fn->nparam) return result;
    uint32_t param = (uint32_t)term->imm;
    bool number = call->callee->fn->params[param].type.kind == TYPE_INT;
    if (!number || call->is_callback || !errptr_is_small(engine, callee_arg(call, param)))
        return result;
    return errptr_of_int(engine, state, result);
}

static void explain_error(Engine *engine, State *state, Call *call,
                          const Outcome *outcome, TermId result)
{
    if (!errptr_is(value_range(engine, state, result))) return;
    Fact *fact = state_fact(state, result);
    call->is_error = true;
    if (fact) fact->why = outcome_origin(engine, call, outcome, ORIGIN_RETURN);
}

static void take_result(Engine *engine, State *state, Call *call, const Outcome *outcome,
                        TermId result)
{
    bool pointer = call->callee && call->callee->fn->result.kind == TYPE_POINTER;
    if (!call->ins->dst) return;
    if (pointer && result) result = pointer_result(engine, state, call, outcome, result);
    Range range = outcome->result_range;
    /* A constant keeps the call's name, so that a branch on it is a question to the callee. */
    bool constant = result && engine->terms.at[result].kind == TERM_INT;
    if (constant) range = value_range(engine, state, result);
    if (!result || (constant && (pointer || call->summary->noutcome > 1)))
        result = callee_fresh_result(engine);
    if (engine->terms.at[result].kind == TERM_FRESH)
        value_assume_range(engine, state, result, range, 0);
    if (pointer) explain_error(engine, state, call, outcome, result);
    believe_result(engine, result, call->args, call->narg);
    exec_set(engine, state, call->ins->dst, result);
}

/* What va_arg() hands out is written through: `get(handle, WHAT, &result)`. */
static void clobber_variadic(Engine *engine, State *state, const Call *call,
                             Clobbers *clobbers)
{
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    if (!fn || !fn->body || !(fn->flags & FN_VARIADIC) || call->is_callback) return;
    for (uint32_t i = fn->nparam; i < call->narg; i++) {
        TermId root = call->args[i] ? term_root(&engine->terms, call->args[i]) : 0;
        if (root && engine->terms.at[root].kind == TERM_LOCAL)
            callee_clobber(engine, state, clobbers, root);
    }
}

static void take_clobbers(Engine *engine, State *state, Call *call)
{
    Clobbers clobbers = {.n = 0};
    clobber_variadic(engine, state, call, &clobbers);
    for (uint32_t i = 0; i < call->summary->nclobber; i++) {
        TermId root = callee_translate(engine, state, call, call->summary->clobbers[i]);
        if (root) callee_clobber(engine, state, &clobbers, root);
    }
    if (call->summary->flags & SUMMARY_CLOBBERS_PARAMS)
        callee_clobber_args(engine, state, call, &clobbers);
    if (call->summary->flags & SUMMARY_CLOBBERS_GLOBALS)
        callee_clobber_globals(engine, state, &clobbers);
    callee_clobber_done(engine, state, &clobbers);
}

static void take_marks(Engine *engine, State *state, Call *call, const Outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->nmark; i++) {
        RequestMark mark = outcome->marks[i];
        bool is_result = mark.value == outcome->result && call->ins->dst;
        mark.value = is_result ? exec_val(engine, state, call->ins->dst)
                               : callee_translate(engine, state, call, mark.value);
        if (!mark.value) continue;
        if (mark.attached)
            mark.attached = callee_translate(engine, state, call, mark.attached);
        relay_mark(engine, state, mark);
    }
}

/* What the callee sends, and is ours. */
void outcome_send_ours(Engine *engine, State *state, Call *call,
                       const RequestCall *request)
{
    if (call->summary->flags & SUMMARY_MODEL || request->actions) return;
    for (uint32_t i = 0; i < call->summary->nneed; i++) {
        const Need *need = &call->summary->needs[i];
        if (need->kind != NEED_CARRIER && need->kind != NEED_TIME) continue;
        TermId value = callee_translate(engine, state, call, need->carrier);
        if (value && need->kind == NEED_TIME)
            habit_time(engine, state, value, need);
        else if (value)
            send_carrier(engine, state, request, value, need);
    }
}

static bool returns_pointer(const Call *call)
{
    return !call->callee || call->callee->fn->result.kind == TYPE_POINTER;
}

static bool returns_null(const Call *call, const Outcome *outcome)
{
    if (!outcome->result) return false;
    return call->summary->terms[outcome->result].kind == TERM_NULL ||
           (returns_pointer(call) && outcome->result_range.classes == CLASS_NULL &&
            outcome->nstep);
}

/* False when this outcome cannot happen here. */
static bool take_outcome(Engine *engine, State *state, Call *call, uint32_t number)
{
    const Outcome *outcome = &call->summary->outcomes[number];
    call->outcome = outcome;
    call->number = number;
    call->is_caution = call->is_direct = call->is_hollow = call->is_error = false;
    call->is_partial = false;
    call->post = NULL;
    callee_map_reset(engine, call);
    call->null_origin = outcome_origin(engine, call, outcome, ORIGIN_OUT);
    if (!take_guards(engine, state, call, outcome, number)) return false;
    Written *written = read_posts(engine, state, call, outcome);
    TermId result = 0;
    if (outcome->result) {
        bool null = returns_null(call, outcome);
        NullOrigin kind = outcome->origin == ORIGIN_ALLOC ? ORIGIN_ALLOC : ORIGIN_RETURN;
        /* A broken promise is reported where it is broken, not at every caller. */
        if (null && call->callee && (call->callee->fn->flags & FN_RETURNS_NONNULL))
            return false;
        result =
            null ? term_null(&engine->terms, outcome_origin(engine, call, outcome, kind))
                 : callee_translate(engine, state, call, outcome->result);
        /* What the callee was to make could not be made: no fault of who sends without. */
        if (null && outcome->is_failure && engine->request) state->is_failed = true;
    }
    if (outcome->is_hidden) state->is_hidden = true;
    if (outcome->is_murky) state->is_murky = true;
    take_clobbers(engine, state, call);
    take_effects(engine, state, call, outcome);
    take_posts(engine, state, outcome, written);
    if (!(call->summary->flags & SUMMARY_MODEL)) mark_unset(engine, state, call);
    for (uint32_t i = 0; i < outcome->nunset; i++)
        leave_unset(engine, state,
                    callee_translate(engine, state, call, outcome->unset[i]));
    take_result(engine, state, call, outcome, result);
    if (outcome->nmark && call->request && request_asks_body(call->request))
        take_marks(engine, state, call, outcome);
    trace_add(engine, state, TRACE_CALL, true, (uint8_t)number);
    return true;
}

void outcome_take_all(Engine *engine, State *state, Call *call, StateList *out)
{
    uint32_t n = call->summary->noutcome;
    for (uint32_t i = 0; i < n; i++) {
        State *next = state;
        if (i + 1 < n)
            next = state_copy(engine->scratch, state, engine->shape.nval[engine->block]);
        if (take_outcome(engine, next, call, i))
            vec_push(engine->scratch, &out->list, next);
    }
}

void outcome_take_nulls(Engine *engine, State *state, Call *call, StateList *out)
{
    for (uint32_t i = 0; i < call->summary->noutcome && returns_pointer(call); i++) {
        if (!returns_null(call, &call->summary->outcomes[i])) continue;
        State *next =
            state_copy(engine->scratch, state, engine->shape.nval[engine->block]);
        if (take_outcome(engine, next, call, i))
            vec_push(engine->scratch, &out->list, next);
    }
}
