/*
 * Calls: a callee's outcomes become successor states, its latent errors are put to the
 * caller's facts, and what is unknown changes memory but never to null.
 */
#include "flow/request.h"

#include <string.h>

enum { MOST_ARGS = 32, MOST_CLOBBERED = 64 };

/* One call at work. */
typedef struct Call {
    const Ins *ins;
    const ProgramFn *callee; /* NULL: through an unknown pointer */
    const Summary *summary;
    TermId args[MOST_ARGS];
    uint32_t narg;
    bool is_indirect; /* through a pointer */
    bool is_callback; /* made by the function we call, not here */
    bool is_guess;    /* the pointer's value is not known on this path, only its slot */
    bool is_number;   /* numbers that are passed decide the latent error at work */
    const Outcome *outcome; /* the one being applied */
    bool is_caution, is_direct, is_hollow, is_error,
        is_partial;       /* for the origins of its nulls */
    const Post *post;     /* ... the one that is taken */
    uint32_t number;      /* ... its number */
    uint32_t null_origin; /* for null posts of that outcome */
    TermId *map;          /* summary term -> term of this state */
    RequestCall *request; /* NULL: nothing is known of contexts */
} Call;

static TermId fresh_result(Engine *engine)
{
    return term_fresh(&engine->terms, FRESH_RESULT, engine_number(engine), 0);
}

/* --- what a summary's terms mean here --------------------------------------------------- */

static TermId translate(Engine *engine, State *state, Call *call, TermId id);

static TermId translate_fresh(Engine *engine, const Call *call, const SummaryTerm *term)
{
    uint64_t number = engine_number(engine) | (uint64_t)(term->imm + 1) << 32;
    TermId fresh = term_fresh(&engine->terms, FRESH_NEW, number, 0);
    bool model = call->summary->flags & SUMMARY_MODEL;
    if (model ? way_asks_world(call->callee) : term->is_outside)
        term_mark_outside(&engine->terms, fresh);
    return fresh;
}

static TermId translate_new(Engine *engine, State *state, Call *call,
                            const SummaryTerm *term)
{
    Terms *terms = &engine->terms;
    uint64_t number = engine_number(engine);
    TermId a = term->a ? translate(engine, state, call, term->a) : 0;
    TermId b = term->b ? translate(engine, state, call, term->b) : 0;
    switch (term->kind) {
    case TERM_INT: return term_int(terms, term->imm);
    case TERM_NULL: return term_null(terms, call->null_origin);
    case TERM_PARAM:
        if (term->imm >= 0 && term->imm < call->narg && call->args[term->imm])
            return call->args[term->imm];
        return term_fresh(terms, FRESH_OPAQUE, number, 0);
    case TERM_GLOBAL:
    case TERM_FN: return term_named(terms, term->kind, term->name);
    case TERM_STRING: return term_string(terms, (uint32_t)number);
    case TERM_INIT:
        if (value_is_null(engine, state, term_root(terms, a)))
            return fresh_result(engine);
        return memory_load(engine, state, a, (Type){.kind = TYPE_POINTER, .size = 8}, 0);
    case TERM_OFFSET: return term_offset(terms, a, term->imm);
    case TERM_INDEX: return term_index(terms, a, b, term->imm);
    case TERM_CALC: return term_calc(terms, term->calc, term->is_unsigned, a, b);
    case TERM_FRESH: return translate_fresh(engine, call, term);
    case TERM_PURE: return term_pure(terms, term->name, a, b);
    case TERM_NONE:
    case TERM_LOCAL:
    case TERM_COUNT: break;
    }
    return term_fresh(terms, FRESH_OPAQUE, number, 0);
}

static TermId translate(Engine *engine, State *state, Call *call, TermId id)
{
    if (!id || id >= call->summary->nterm) return 0;
    if (!call->map[id])
        call->map[id] = state_canon(
            state, translate_new(engine, state, call, &call->summary->terms[id]));
    return call->map[id];
}

static void map_reset(Engine *engine, Call *call)
{
    call->map = ARENA_ARRAY(engine->scratch, TermId, call->summary->nterm + 1);
}

/* --- what is unknown -------------------------------------------------------------------- */

/* What one call may change, gathered so that memory is walked once. */
typedef struct Clobbers {
    TermId at[MOST_CLOBBERED];
    uint32_t n;
    bool globals;
} Clobbers;

static void clobber_add(Engine *engine, State *state, Clobbers *clobbers, TermId address)
{
    TermId root = term_root(&engine->terms, state_canon(state, address));
    TermKind kind = engine->terms.at[root].kind;
    if (kind == TERM_LOCAL || kind == TERM_FRESH) state_escape(state, root);
    if (kind == TERM_INT || kind == TERM_NULL || kind == TERM_STRING || kind == TERM_FN)
        return;
    if (clobbers->n < MOST_CLOBBERED) clobbers->at[clobbers->n++] = root;
    export_clobber(engine, state, root);
}

static void clobber_globals(Engine *engine, const State *state, Clobbers *clobbers)
{
    clobbers->globals = true;
    for (uint16_t i = 0; i < state->nescaped && clobbers->n < MOST_CLOBBERED; i++)
        clobbers->at[clobbers->n++] = state->escaped[i];
    engine->clobbers_globals = true;
}

static void clobber_done(Engine *engine, State *state, const Clobbers *clobbers)
{
    memory_havoc_all(engine, state, clobbers->at, clobbers->n, clobbers->globals,
                     engine_number(engine));
}

static bool param_is_const(const Call *call, uint32_t i)
{
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    if (!fn || i >= fn->nparam) return false;
    return fn->params[i].type.kind != TYPE_POINTER || fn->params[i].type.to_const;
}

static void clobber_args(Engine *engine, State *state, const Call *call,
                         Clobbers *clobbers)
{
    for (uint32_t i = 0; i < call->narg; i++)
        if (call->args[i] && !param_is_const(call, i))
            clobber_add(engine, state, clobbers, call->args[i]);
}

static void call_unknown(Engine *engine, State *state, const Call *call)
{
    uint32_t flags = call->callee ? call->callee->fn->flags : 0;
    if (!(flags & FN_PURE)) {
        Clobbers clobbers = {.n = 0};
        clobber_args(engine, state, call, &clobbers);
        clobber_globals(engine, state, &clobbers);
        clobber_done(engine, state, &clobbers);
    }
    if (call->ins->dst && call->narg == 1) note_handed(engine, call->args[0]);
    TermId result = fresh_result(engine);
    if (way_asks_world(call->callee)) term_mark_outside(&engine->terms, result);
    if (flags & (FN_RETURNS_NONNULL)) value_assume(engine, state, result, true, 0);
    believe_result(engine, result, call->args, call->narg);
    exec_set(engine, state, call->ins->dst, result);
}

/* --- parameters that must not be null --------------------------------------------------- */

static Val arg_val(const Call *call, uint32_t i)
{
    return i < call->ins->narg ? call->ins->args[i] : 0;
}

/* The argument that is this value; 0: none is. */
static Val arg_of(const Engine *engine, const State *state, const Call *call, TermId root)
{
    for (uint32_t i = 0; !call->is_callback && i < call->ins->narg; i++)
        if (exec_val(engine, state, call->ins->args[i]) == root) return arg_val(call, i);
    return 0;
}

static const char *arg_text(Engine *engine, const Call *call, uint32_t param)
{
    Val val = call->is_callback ? 0 : arg_val(call, param);
    return val ? ir_text(engine->unit, engine->body, engine->block, val, engine->arena)
               : "";
}

static Candidate arg_candidate(Engine *engine, const Call *call, uint32_t param)
{
    bool literal = param != UINT32_MAX && !call->is_callback &&
                   exec_is_literal(engine, arg_val(call, param));
    return (Candidate){.kind = CANDIDATE_ARG,
                       .what = arg_text(engine, call, param),
                       .target = call->callee ? call->callee->link_name : NULL,
                       .param = param,
                       .flags = (call->is_guess ? (uint32_t)CANDIDATE_INDIRECT : 0) |
                                (literal ? (uint32_t)CANDIDATE_LITERAL : 0)};
}

/* False when the path ends: null went where null must not go. */
static bool check_declared(Engine *engine, State *state, const Call *call)
{
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    /* A model knows better than the header: memcpy(d, NULL, 0) harms nobody. */
    if (call->callee && call->callee->model && !fn->body) return true;
    for (uint32_t i = 0; fn && i < fn->nparam && i < call->narg; i++) {
        if (!fn->params[i].is_nonnull || !call->args[i]) continue;
        if (engine->watch) {
            Candidate candidate = arg_candidate(engine, call, i);
            watch_passed(engine, state, call->args[i], &candidate, false);
        }
        Range range = value_range(engine, state, call->args[i]);
        if (range.classes == CLASS_NULL) {
            uint32_t origin = value_origin(engine, state, call->args[i]);
            if (origin)
                note_candidate(engine, state, arg_candidate(engine, call, i),
                               call->args[i], origin, NULL, 0);
            if (origin) note_own_null(engine, state, LATENT_NONNULL, origin);
            return false;
        }
        if (!(range.classes & CLASS_NULL)) continue;
        note_latent(engine, state, LATENT_NONNULL, call->args[i], NULL, 0);
        value_assume(engine, state, call->args[i], true, 0);
        Fact *fact = state_fact(state, call->args[i]);
        if (fact) fact->is_demand = true;
    }
    return true;
}

/* --- errors that waited for this caller ------------------------------------------------- */

/* Made from numbers that are passed, not from what pointers lead to. */
static bool is_number(const Call *call, TermId id)
{
    const SummaryTerm *term = &call->summary->terms[id];
    const Fn *fn = call->callee ? call->callee->fn : NULL;
    if (term->kind == TERM_CALC)
        return is_number(call, term->a) && (!term->b || is_number(call, term->b));
    if (term->kind != TERM_PARAM) return term->kind == TERM_INT;
    return fn && term->imm < fn->nparam && fn->params[term->imm].type.kind == TYPE_INT;
}

/* -1 impossible, 0 possible, 1 certain; the guards in this caller's terms. */
static int latent_holds(Engine *engine, State *state, Call *call, const Latent *latent,
                        Guard *out, bool *is_open)
{
    int all = latent->is_must ? 1 : 0;
    *is_open = false; /* some guard is not known here */
    /* A library's number is a size: with none, nothing is read. */
    call->is_number =
        latent->is_free && !call->is_callback && !(call->summary->flags & SUMMARY_MODEL);
    for (uint32_t i = 0; i < latent->nguard; i++) {
        TermId term = translate(engine, state, call, latent->guards[i].term);
        out[i] = (Guard){term, latent->guards[i].range};
        int one = term ? value_entails(engine, state, term, latent->guards[i].range) : 0;
        if (one < 0) return -1;
        if (one < all) all = one;
        if (one == 0) *is_open = true;
        call->is_number &= one == 1 || is_number(call, latent->guards[i].term) ||
                           engine->terms.at[term].is_outside;
    }
    return all;
}

static uint32_t latent_param(const Summary *summary, TermId id)
{
    while (id && summary->terms[id].kind != TERM_PARAM)
        id = summary->terms[id].a;
    return id ? (uint32_t)summary->terms[id].imm : UINT32_MAX;
}

static void latent_report(Engine *engine, const State *state, const Call *call,
                          const Latent *latent, TermId term, uint32_t origin, int holds)
{
    uint32_t param = latent_param(call->summary, latent->term);
    Candidate candidate = arg_candidate(engine, call, param);
    if (latent->kind == LATENT_CALL) candidate.kind = CANDIDATE_CALL;
    bool direct = call->summary->terms[latent->term].kind == TERM_PARAM;
    if (!direct) candidate.flags |= CANDIDATE_INSIDE;
    candidate.flags |= CANDIDATE_LATENT;
    if (engine->origins.at[origin].is_error) candidate.flags |= CANDIDATE_ERROR;
    if (!holds) candidate.flags |= CANDIDATE_LATENT_MAY;
    if (!holds && call->is_number) candidate.flags |= CANDIDATE_LATENT_NUMBER;
    if (call->summary->flags & SUMMARY_MODEL)
        candidate.flags &= ~(uint32_t)CANDIDATE_LATENT;
    note_candidate(engine, state, candidate, term, origin, latent->steps, latent->nstep);
}

/* Of what is passed itself, not of what is reached from it. */
static void watch_latent(Engine *engine, State *state, Call *call, const Latent *latent,
                         bool is_idle)
{
    if (call->is_callback || call->summary->terms[latent->term].kind != TERM_PARAM)
        return;
    TermId term = translate(engine, state, call, latent->term);
    if (!term) return;
    Candidate candidate =
        arg_candidate(engine, call, latent_param(call->summary, latent->term));
    TermId root = latent->kind == LATENT_DEREF ? term_root(&engine->terms, term) : term;
    watch_passed(engine, state, root, &candidate, is_idle);
}

/* The callee was going to crash by itself once its guards hold. */
static void latent_certain(Engine *engine, State *state, const Call *call,
                           const Latent *latent, const Guard *guards, int holds)
{
    if (holds < 1 || !latent->nguard) {
        note_latent_call(engine, state, latent, 0, guards, latent->nguard);
        return;
    }
    Origin cause = {.kind = ORIGIN_CONST,
                    .ins = engine_number(engine),
                    .callee = call->callee->link_name,
                    .param = 1};
    Candidate candidate = {.kind = CANDIDATE_DEREF,
                           .what = "",
                           .target = call->callee->link_name,
                           .param = UINT32_MAX,
                           .flags = CANDIDATE_LATENT | CANDIDATE_INSIDE};
    note_candidate(engine, state, candidate, 0, note_origin(engine, cause), latent->steps,
                   latent->nstep);
}

/* The argument through which the callee gets there. */
static Val latent_arg(const Call *call, const Latent *latent)
{
    uint32_t param = latent_param(call->summary, latent->term);
    return call->is_callback || param == UINT32_MAX ? 0 : arg_val(call, param);
}

/* False: every path through the callee crashes. */
static bool latent_put(Engine *engine, State *state, Call *call, const Latent *latent)
{
    Guard *guards = ARENA_ARRAY(engine->scratch, Guard, latent->nguard + 1);
    bool is_open;
    int holds = latent_holds(engine, state, call, latent, guards, &is_open);
    if (engine->watch) watch_latent(engine, state, call, latent, holds < 0);
    if (holds < 0) {
        believe_reads(engine, state, call->summary, latent, 0, HANDED_VALID, 0);
        return true;
    }
    if (!latent->term) {
        latent_certain(engine, state, call, latent, guards, holds);
        return true;
    }
    TermId term = translate(engine, state, call, latent->term);
    if (!term) return true;
    TermId root = latent->kind == LATENT_DEREF ? term_root(&engine->terms, term) : term;
    Range range = value_range(engine, state, root);
    uint32_t origin = value_origin(engine, state, root);
    if (range.classes == CLASS_NULL) {
        if (origin) latent_report(engine, state, call, latent, root, origin, holds);
        if (holds == 1 && origin && note_is_own(engine, state, origin))
            note_latent_call(engine, state, latent, 0, guards, latent->nguard);
        return !(holds == 1 && latent->is_must);
    }
    if (errptr_is(range)) {
        if (origin && engine->origins.at[origin].is_error)
            latent_report(engine, state, call, latent, root, origin, holds);
        return true;
    }
    bool valid = !(range.classes & CLASS_NULL);
    Handed handed = valid ? HANDED_VALID : is_open ? HANDED_PERHAPS : HANDED_UNKNOWN;
    believe_reads(engine, state, call->summary, latent, root, handed,
                  latent_arg(call, latent));
    if (valid) {
        believe_valid(engine, root, 0);
        return true;
    }
    if (origin && state->is_merged)
        latent_report(engine, state, call, latent, root, origin, holds);
    note_latent_call(engine, state, latent, root, guards, latent->nguard);
    believe_unchecked(engine, state, root, arg_of(engine, state, call, root), 0,
                      CANDIDATE_ARG);
    if (holds == 1 && latent->is_must) {
        value_assume(engine, state, root, true, 0);
        Fact *fact = state_fact(state, root);
        if (fact) fact->is_demand = true;
        if (fact && !call->ins->macro) fact->deref = engine_number(engine) + 1;
    }
    return true;
}

static bool check_latents(Engine *engine, State *state, Call *call)
{
    map_reset(engine, call);
    for (uint32_t i = 0; i < call->summary->nlatent; i++)
        if (!latent_put(engine, state, call, &call->summary->latents[i])) return false;
    return true;
}

/* --- functions the callee calls back ---------------------------------------------------- */

/* The callee calls back only under its own conditions. False: not in this state. */
static bool invoke_holds(Engine *engine, State *state, const Guard *guards, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (guards[i].term &&
            !value_assume_range(engine, state, guards[i].term, guards[i].range, 0))
            return false;
    return true;
}

static void invoke_known(Engine *engine, State *state, const Call *outer,
                         const Invoke *invoke, const ProgramFn *target,
                         const TermId *args)
{
    const Summary *summary = engine_summary(engine, target, true);
    if (!summary) return;
    Call call = {.ins = outer->ins,
                 .callee = target,
                 .summary = summary,
                 .is_indirect = true,
                 .is_guess = true,
                 .is_callback = true};
    for (uint32_t i = 0; i < invoke->narg && i < MOST_ARGS; i++)
        call.args[call.narg++] = args[i];
    check_latents(engine, state, &call);
}

/* What the callee asks before it calls back, as this function sees it. */
static Guard *invoke_guards(Engine *engine, State *state, Call *call,
                            const Invoke *invoke)
{
    Guard *guards = ARENA_ARRAY(engine->scratch, Guard, invoke->nguard + 1);
    for (uint32_t i = 0; i < invoke->nguard; i++) {
        guards[i].term = translate(engine, state, call, invoke->guards[i].term);
        guards[i].range = invoke->guards[i].range;
    }
    return guards;
}

static void run_invokes(Engine *engine, State *state, Call *call)
{
    Clobbers clobbers = {.n = 0};
    for (uint32_t i = 0; i < call->summary->ninvoke; i++) {
        const Invoke *invoke = &call->summary->invokes[i];
        TermId target = translate(engine, state, call, invoke->callee);
        TermId args[MOST_ARGS];
        uint32_t narg = invoke->narg < MOST_ARGS ? invoke->narg : MOST_ARGS;
        for (uint32_t k = 0; k < narg; k++) {
            args[k] = translate(engine, state, call, invoke->args[k]);
            if (args[k]) clobber_add(engine, state, &clobbers, args[k]);
        }
        if (!target) continue;
        const Guard *guards = invoke_guards(engine, state, call, invoke);
        const Term *term = &engine->terms.at[target];
        TermKind kind = term->kind;
        const ProgramFn *fn =
            kind == TERM_FN ? program_find(engine->context->program, term->name) : NULL;
        if (!fn && kind != TERM_PARAM) continue;
        /* What it finds is the callback's fault in this call; the call itself goes on. */
        State *copy =
            state_copy(engine->scratch, state, engine->shape.nval[engine->block]);
        if (!invoke_holds(engine, copy, guards, invoke->nguard)) continue;
        if (fn)
            invoke_known(engine, copy, call, invoke, fn, args);
        else
            invoke_export(engine, copy, target, args, narg, true);
    }
    clobber_done(engine, state, &clobbers);
}

/* --- outcomes --------------------------------------------------------------------------- */

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
        TermId term = translate(engine, state, call, outcome->guards[i].term);
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
        TermId to = translate(engine, state, call, effect->to), from = 0;
        if (effect->from) from = translate(engine, state, call, effect->from);
        int64_t size = 0;
        TermId bytes = effect->size ? translate(engine, state, call, effect->size) : 0;
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
        written[i].address = translate(engine, state, call, outcome->posts[i].address);
        bool null = outcome->posts[i].range.classes == CLASS_NULL &&
                    outcome->posts[i].type.kind == TYPE_POINTER;
        if (null)
            written[i].value = null_post(engine, call, outcome, i, written[i].address);
        else if (outcome->posts[i].value)
            written[i].value = translate(engine, state, call, outcome->posts[i].value);
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
        if (translate(engine, state, call, call->outcome->effects[i].to) == address)
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

uint32_t call_left_origin(Engine *engine, TermId left)
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
    if (!number || call->is_callback || !errptr_is_small(engine, arg_val(call, param)))
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
        result = fresh_result(engine);
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
            clobber_add(engine, state, clobbers, root);
    }
}

static void take_clobbers(Engine *engine, State *state, Call *call)
{
    Clobbers clobbers = {.n = 0};
    clobber_variadic(engine, state, call, &clobbers);
    for (uint32_t i = 0; i < call->summary->nclobber; i++) {
        TermId root = translate(engine, state, call, call->summary->clobbers[i]);
        if (root) clobber_add(engine, state, &clobbers, root);
    }
    if (call->summary->flags & SUMMARY_CLOBBERS_PARAMS)
        clobber_args(engine, state, call, &clobbers);
    if (call->summary->flags & SUMMARY_CLOBBERS_GLOBALS)
        clobber_globals(engine, state, &clobbers);
    clobber_done(engine, state, &clobbers);
}

static void take_marks(Engine *engine, State *state, Call *call, const Outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->nmark; i++) {
        RequestMark mark = outcome->marks[i];
        bool is_result = mark.value == outcome->result && call->ins->dst;
        mark.value = is_result ? exec_val(engine, state, call->ins->dst)
                               : translate(engine, state, call, mark.value);
        if (!mark.value) continue;
        if (mark.attached) mark.attached = translate(engine, state, call, mark.attached);
        relay_mark(engine, state, mark);
    }
}

/* What the callee sends, and is ours. */
static void send_ours(Engine *engine, State *state, Call *call,
                      const RequestCall *request)
{
    if (call->summary->flags & SUMMARY_MODEL || request->actions) return;
    for (uint32_t i = 0; i < call->summary->nneed; i++) {
        const Need *need = &call->summary->needs[i];
        if (need->kind != NEED_CARRIER && need->kind != NEED_TIME) continue;
        TermId value = translate(engine, state, call, need->carrier);
        if (value && need->kind == NEED_TIME)
            habit_time(engine, state, value, need);
        else if (value)
            send_carrier(engine, state, request, value, need);
    }
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
    map_reset(engine, call);
    call->null_origin = outcome_origin(engine, call, outcome, ORIGIN_OUT);
    if (!take_guards(engine, state, call, outcome, number)) return false;
    Written *written = read_posts(engine, state, call, outcome);
    TermId result = 0;
    if (outcome->result) {
        bool pointer = !call->callee || call->callee->fn->result.kind == TYPE_POINTER;
        bool null =
            call->summary->terms[outcome->result].kind == TERM_NULL ||
            (pointer && outcome->result_range.classes == CLASS_NULL && outcome->nstep);
        NullOrigin kind = outcome->origin == ORIGIN_ALLOC ? ORIGIN_ALLOC : ORIGIN_RETURN;
        /* A broken promise is reported where it is broken, not at every caller. */
        if (null && call->callee && (call->callee->fn->flags & FN_RETURNS_NONNULL))
            return false;
        result =
            null ? term_null(&engine->terms, outcome_origin(engine, call, outcome, kind))
                 : translate(engine, state, call, outcome->result);
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
        leave_unset(engine, state, translate(engine, state, call, outcome->unset[i]));
    take_result(engine, state, call, outcome, result);
    if (outcome->nmark && call->request && request_asks_body(call->request))
        take_marks(engine, state, call, outcome);
    trace_add(engine, state, TRACE_CALL, true, (uint8_t)number);
    return true;
}

static void take_outcomes(Engine *engine, State *state, Call *call, StateList *out)
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

/* --- the call ---------------------------------------------------------------------------- */

static void run_callee(Engine *engine, State *state, Call *call, StateList *out)
{
    if (!check_declared(engine, state, call)) return;
    if (call->callee && call->callee->fn->body)
        believe_passed(engine, state, call->callee, call->args, call->narg);
    call->summary =
        call->callee ? engine_summary(engine, call->callee, call->is_indirect) : NULL;
    if (call->summary) {
        if (!check_latents(engine, state, call)) return;
        if (!call->is_callback && !format_check(engine, state, call->ins, call->callee,
                                                call->summary, call->args))
            return;
        map_reset(engine, call);
        if (call->request) {
            request_callee(engine, state, call->request, call->summary);
            send_ours(engine, state, call, call->request);
        }
        run_invokes(engine, state, call);
    }
    if (call->callee && call->callee->is_noreturn) return;
    bool known = call->summary && call->summary->noutcome &&
                 !(call->summary->flags & SUMMARY_INCOMPLETE);
    if (call->summary && (call->summary->flags & SUMMARY_NORETURN)) return;
    if (known) {
        take_outcomes(engine, state, call, out);
        return;
    }
    call_unknown(engine, state, call);
    vec_push(engine->scratch, &out->list, state);
}

static bool resolve_pointer(Engine *engine, State *state, Call *call)
{
    TermId target = exec_val(engine, state, call->ins->a);
    if (!target) return true;
    target = state_canon(state, target);
    const Term *term = &engine->terms.at[target];
    if (term->kind == TERM_FN) {
        call->callee = program_find(engine->context->program, term->name);
        call->is_indirect = true;
        return true;
    }
    if (!exec_deref(engine, state, target, call->ins->a, call->ins, CANDIDATE_CALL))
        return false;
    call->is_indirect = true;
    call->is_guess = true;
    /* A call through a parameter is for the caller to resolve. */
    if (engine->terms.at[target].kind == TERM_PARAM)
        invoke_export(engine, state, target, call->args, call->narg, false);
    Targets targets = program_targets(engine->context->program, engine->unit,
                                      engine->fn->fn, engine->block, engine->ins);
    if (targets.n && targets.all_noreturn) return false;
    if (targets.n == 1 && targets.is_complete) call->callee = targets.at[0];
    return true;
}

void call_run(Engine *engine, State *state, const Ins *ins, StateList *out)
{
    Call call = {.ins = ins};
    for (uint32_t i = 0; i < ins->narg && i < MOST_ARGS; i++)
        call.args[call.narg++] = exec_val(engine, state, ins->args[i]);
    if (ins->fn && !ins->a)
        call.callee = program_fn(engine->context->program, engine->unit, ins->fn);
    else if (!resolve_pointer(engine, state, &call))
        return;
    if (!engine->request) {
        run_callee(engine, state, &call, out);
        return;
    }
    uint32_t before = out->list.n;
    call.request = request_before(engine, state, ins, call.callee, call.args, call.narg);
    run_callee(engine, state, &call, out);
    for (uint32_t i = before; i < out->list.n; i++)
        request_after(engine, out->list.at[i], call.request);
}
