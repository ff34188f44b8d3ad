/*
 * What a callee asks of its arguments: parameters declared nonnull, and the latent errors of
 * its summary, put to the facts of this caller.
 */
#include "flow/callee.h"

/* --- parameters that must not be null --------------------------------------------------- */

/* The argument that is this value; 0: none is. */
static Val arg_of(const Engine *engine, const State *state, const Call *call, TermId root)
{
    for (uint32_t i = 0; !call->is_callback && i < call->ins->narg; i++)
        if (exec_val(engine, state, call->ins->args[i]) == root)
            return callee_arg(call, i);
    return 0;
}

static const char *arg_text(Engine *engine, const Call *call, uint32_t param)
{
    Val val = call->is_callback ? 0 : callee_arg(call, param);
    return val ? ir_text(engine->unit, engine->body, engine->block, val, engine->arena)
               : "";
}

static Candidate arg_candidate(Engine *engine, const Call *call, uint32_t param)
{
    bool literal = param != UINT32_MAX && !call->is_callback &&
                   exec_is_literal(engine, callee_arg(call, param));
    return (Candidate){.kind = CANDIDATE_ARG,
                       .what = arg_text(engine, call, param),
                       .target = call->callee ? call->callee->link_name : NULL,
                       .param = param,
                       .flags = (call->is_guess ? (uint32_t)CANDIDATE_INDIRECT : 0) |
                                (literal ? (uint32_t)CANDIDATE_LITERAL : 0)};
}

/* False when the path ends: null went where null must not go. */
bool demand_check_declared(Engine *engine, State *state, const Call *call)
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
        doubt_note(engine, state, call->args[i], arg_candidate(engine, call, i), NULL, 0);
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
        TermId term = callee_translate(engine, state, call, latent->guards[i].term);
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

/* Nothing that this parameter leads to is written: what is null there stays null. */
static bool only_reads(const Summary *summary, uint32_t param)
{
    for (uint32_t i = 0; i < summary->nclobber; i++)
        if (!summary->clobbers[i] || latent_param(summary, summary->clobbers[i]) == param)
            return false;
    for (uint32_t i = 0; i < summary->noutcome; i++)
        for (uint32_t k = 0; k < summary->outcomes[i].npost; k++)
            if (latent_param(summary, summary->outcomes[i].posts[k].address) == param)
                return false;
    return true;
}

static void latent_report(Engine *engine, const State *state, const Call *call,
                          const Latent *latent, TermId term, uint32_t origin, int holds)
{
    uint32_t param = latent_param(call->summary, latent->term);
    Candidate candidate = arg_candidate(engine, call, param);
    if (latent->kind == LATENT_CALL) candidate.kind = CANDIDATE_CALL;
    bool direct = call->summary->terms[latent->term].kind == TERM_PARAM;
    if (direct && !call->is_callback && call->args[param] != term)
        candidate.what = exec_pointer_text(engine, callee_arg(call, param));
    if (!direct) candidate.flags |= CANDIDATE_INSIDE;
    if (only_reads(call->summary, param)) candidate.flags |= CANDIDATE_READER;
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
    TermId term = callee_translate(engine, state, call, latent->term);
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
    return call->is_callback || param == UINT32_MAX ? 0 : callee_arg(call, param);
}

/* What must not be null. A member is as little there as its object, wherever it begins. */
static TermId latent_pointer(const Engine *engine, const Latent *latent, TermId term)
{
    int64_t offset;
    if (latent->kind == LATENT_DEREF) return term_root(&engine->terms, term);
    TermId object = term_object(&engine->terms, term, &offset);
    return offset > 0 ? object : term;
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
    TermId term = callee_translate(engine, state, call, latent->term);
    if (!term) return true;
    TermId root = latent_pointer(engine, latent, term);
    Range range = value_range(engine, state, root);
    uint32_t origin = value_origin(engine, state, root);
    if (range.classes == CLASS_NULL) {
        if (origin) latent_report(engine, state, call, latent, root, origin, holds);
        if (holds == 1 && origin && note_is_own(engine, state, origin))
            note_latent_call(engine, state, latent, 0, guards, latent->nguard);
        if (holds >= 0 && origin && note_is_hearsay(engine, state, root, origin))
            note_latent_call(engine, state, latent, root, guards, latent->nguard);
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
    if (!origin && holds == 1 && latent->is_must && !call->is_callback)
        doubt_note(engine, state, root,
                   arg_candidate(engine, call, latent_param(call->summary, latent->term)),
                   latent->steps, latent->nstep);
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

bool demand_check_latents(Engine *engine, State *state, Call *call)
{
    callee_map_reset(engine, call);
    for (uint32_t i = 0; i < call->summary->nlatent; i++)
        if (!latent_put(engine, state, call, &call->summary->latents[i])) return false;
    return true;
}
