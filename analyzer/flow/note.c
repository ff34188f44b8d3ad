/*
 * What is remembered while running: where nulls come from, what went wrong, and errors that
 * wait for a caller.
 */
#include "flow/engine.h"
#include "ir/assertion.h"

#include <string.h>

#include "base/hash.h"

enum {
    MOST_LATENTS = 16,
    MOST_VARIANTS = 2,
    MOST_CANDIDATES = 400,
    MOST_STEPS = 24,
    MOST_BRANCH_STEPS = 8
};

Trace *trace_add(Engine *engine, State *state, TraceKind kind, bool flag, uint8_t outcome)
{
    Trace *trace = ARENA_NEW(engine->scratch, Trace);
    trace->before = state->trace;
    trace->ins = engine_number(engine);
    trace->kind = kind;
    trace->flag = flag;
    trace->outcome = outcome;
    trace->length = state->trace ? state->trace->length + 1 : 1;
    state->trace = trace;
    return trace;
}

uint32_t note_origin(Engine *engine, Origin origin)
{
    for (uint32_t i = 1; i < engine->origins.n; i++) {
        const Origin *known = &engine->origins.at[i];
        if (known->kind == origin.kind && known->ins == origin.ins &&
            known->outcome == origin.outcome && known->post == origin.post &&
            known->callee == origin.callee && known->is_loop == origin.is_loop &&
            known->param == origin.param)
            return i;
    }
    if (engine->origins.n == 0) vec_push(engine->arena, &engine->origins, (Origin){0});
    vec_push(engine->arena, &engine->origins, origin);
    return engine->origins.n - 1;
}

/* --- steps ----------------------------------------------------------------------------- */

typedef struct StepList {
    SiteStep *at;
    uint32_t n;
} StepList;

static void step_add(StepList *list, SiteStep step)
{
    if (list->n < MOST_STEPS) list->at[list->n++] = step;
}

static StepKind origin_step(NullOrigin kind)
{
    switch (kind) {
    case ORIGIN_CONST: return STEP_NULL_CONST;
    case ORIGIN_ZEROED: return STEP_ZEROED;
    case ORIGIN_ALLOC: return STEP_ALLOC;
    case ORIGIN_RETURN: return STEP_RETURNS_NULL;
    case ORIGIN_OUT: return STEP_SETS_NULL;
    case ORIGIN_NONE:
    case ORIGIN_TESTED:
    case ORIGIN_TESTED_MACRO:
    case ORIGIN_TESTED_CALLEE:
    case ORIGIN_DECLARED: break;
    }
    return STEP_TEST_NULL;
}

static void add_origin(Engine *engine, StepList *list, const Origin *origin)
{
    const Name *here = engine->fn->link_name;
    if (origin->kind == ORIGIN_NONE || origin->kind == ORIGIN_DECLARED) return;
    StepKind kind = origin_step(origin->kind);
    if (origin->kind == ORIGIN_OUT && !origin->outcome) kind = STEP_LEFT_UNSET;
    if (origin->is_error) kind = STEP_RETURNS_ERROR;
    step_add(list, (SiteStep){kind, false, {here, origin->ins}});
    if (origin->post) step_add(list, origin->post->birth);
    for (uint32_t i = 0; !origin->post && origin->outcome && i < origin->outcome->nstep;
         i++)
        step_add(list, origin->outcome->steps[i]);
}

/* Nothing else is decided between this branch and the instruction. */
static bool leads_to(const Engine *engine, const Trace *at, uint32_t number)
{
    enum { MOST_JUMPS = 32 };
    uint32_t block = at->to;
    for (uint32_t i = 0; i < MOST_JUMPS; i++) {
        const Block *code = &engine->body->blocks[block];
        uint32_t first = engine->shape.first[block];
        if (number >= first && number < first + code->nins) return true;
        if (code->nsucc != 1) return false;
        block = code->succ[0];
    }
    return false;
}

/* The branches taken between the null's birth and here, the last few of them. */
static void add_branches(Engine *engine, StepList *list, const State *state,
                         uint32_t from)
{
    const Trace *found[MOST_BRANCH_STEPS];
    uint32_t n = 0;
    for (const Trace *at = state->trace; at && n < MOST_BRANCH_STEPS; at = at->before) {
        if (at->ins == from) break;
        if (at->kind != TRACE_BRANCH) continue;
        if (from != NO_INS &&
            (!way_is_later(engine, at->ins, from) || leads_to(engine, at, from)))
            break;
        found[n++] = at;
    }
    while (n--) {
        Site site = {engine->fn->link_name, found[n]->ins};
        step_add(list, (SiteStep){STEP_BRANCH, found[n]->flag, site});
    }
}

uint32_t note_way(Engine *engine, const State *state, SiteStep *steps)
{
    StepList list = {steps, 0};
    add_branches(engine, &list, state, NO_INS);
    return list.n;
}

static StepKind final_step(CandidateKind kind)
{
    switch (kind) {
    case CANDIDATE_ARG: return STEP_PASSED;
    case CANDIDATE_RETURN: return STEP_RETURN;
    case CANDIDATE_DEREF:
    case CANDIDATE_CALL:
    case CANDIDATE_CHECK_AFTER_DEREF:
    case CANDIDATE_UNCHECKED:
    case CANDIDATE_REQUEST: break;
    }
    return STEP_DEREF;
}

/* --- what callees said ---------------------------------------------------------------- */

uint32_t note_deciding_call(const Engine *engine, TermId condition)
{
    while (engine->terms.at[condition].kind == TERM_CALC)
        condition = engine->terms.at[condition].a;
    const Term *term = &engine->terms.at[condition];
    if (term->kind == TERM_NULL) return 0;
    if (term->kind == TERM_FRESH && term->calc == (Calc)FRESH_RESULT)
        return (uint32_t)term->imm + 1;
    uint32_t call = believe_call(engine, condition);
    return call == UINT32_MAX ? 0 : call + 1;
}

bool note_asked(const State *state, uint32_t call)
{
    for (const Trace *at = state->trace; at; at = at->before)
        if (at->kind == TRACE_BRANCH && at->call == call + 1) return true;
    return false;
}

/* With that answer of the call, the branches on it could have gone the way they went. */
static bool fits(Engine *engine, const State *state, uint32_t call, Range answer)
{
    for (const Trace *at = state->trace; at; at = at->before) {
        if (at->kind != TRACE_BRANCH || at->call != call + 1 || !at->condition) continue;
        TermId term = at->condition;
        while (engine->terms.at[term].kind == TERM_CALC)
            term = engine->terms.at[term].a;
        State *other = state_new(engine->scratch);
        if (!value_assume_range(engine, other, term, answer, 0)) return false;
        if (!value_assume(engine, other, at->condition, at->flag, 0)) return false;
    }
    return true;
}

/* The function branched on the callee's answer, and every outcome that goes this way says
 * that the pointer is null: then the callee is a test like any other. */
static bool is_discriminated(Engine *engine, const State *state, const Origin *origin)
{
    const Guard *guard = &origin->outcome->guards[origin->param];
    bool asked = note_asked(state, origin->ins);
    for (uint32_t i = 0; asked && i < origin->summary->noutcome; i++) {
        const Outcome *other = &origin->summary->outcomes[i];
        if (!fits(engine, state, origin->ins, other->result_range)) continue;
        bool agrees = false;
        for (uint32_t k = 0; k < other->nguard; k++)
            agrees |= other->guards[k].term == guard->term &&
                      other->guards[k].range.classes == CLASS_NULL;
        asked = agrees;
    }
    return asked;
}

/* --- candidates ------------------------------------------------------------------------ */

/* Another pointer was found null after this one was: two rare things at once, or one that
 * follows from the other in a way we do not see. */
static bool is_other_null(const Engine *engine, const State *state, const Fact *fact,
                          TermId term, const Origin *origin)
{
    if (fact->range.classes != CLASS_NULL || !fact->why) return false;
    if (term && state_canon(state, fact->term) == state_canon(state, term)) return false;
    const Origin *why = &engine->origins.at[fact->why];
    if (!why->is_pointer || why->is_loop || why->ins == origin->ins) return false;
    return origin->ins == NO_INS || way_is_later(engine, why->ins, origin->ins);
}

/* This function went one way or the other on what the call answered. */
static bool is_asked(const State *state, uint32_t call)
{
    for (const Trace *at = state->trace; at; at = at->before)
        if (at->kind == TRACE_BRANCH && (at->call == call + 1 || at->tested == call + 1))
            return true;
    return false;
}

/* It ends the program itself, in some cases; not by an assertion. */
static bool may_stop(const Engine *engine, uint32_t call)
{
    const ProgramFn *callee = believe_callee(engine, call);
    const Body *body = callee ? callee->fn->body : NULL;
    for (uint32_t b = 0; body && b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op != OP_CALL || !ins->fn || ins->a || ins->macro) continue;
            if (program_fn(engine->context->program, callee->unit, ins->fn)->is_noreturn)
                return true;
        }
    return false;
}

/* The null was found, and then a call was made that may not come back. */
static bool may_have_stopped(const Engine *engine, const State *state,
                             const Origin *origin)
{
    bool is_found = origin->kind == ORIGIN_TESTED, stopped = false;
    for (const Trace *at = state->trace; at && at->ins != origin->ins; at = at->before) {
        if (at->tested == origin->ins + 1) is_found = true;
        if (at->tested == origin->ins + 1) break;
        stopped |= at->kind == TRACE_CALL && may_stop(engine, at->ins);
    }
    return is_found && stopped;
}

/* Something on the way is less sure than a plain test: a loop that ended, another pointer
 * that was found null too. */
static uint32_t trace_flags(const Engine *engine, const State *state, TermId term,
                            const Origin *origin)
{
    uint32_t flags = 0;
    for (const Trace *at = state->trace; at && at->ins != origin->ins; at = at->before)
        if (at->kind == TRACE_BRANCH && at->is_loop_exit) flags |= CANDIDATE_LOOP;
    for (const Trace *at = state->trace; at && at->ins != origin->ins; at = at->before)
        if (at->tested == origin->ins + 1) flags |= CANDIDATE_HANDLED;
    for (uint32_t i = 0; i < state->nfact; i++)
        if (is_other_null(engine, state, &state->facts[i], term, origin))
            flags |= CANDIDATE_OTHER_NULL;
    return flags;
}

static uint64_t handed_key(uint32_t call, TermId term)
{
    return hash_word((uint64_t)call << 32 ^ term);
}

void note_handed(Engine *engine, TermId arg)
{
    map_put(&engine->handed, handed_key(engine_number(engine), arg), 1, NULL);
}

/* `if (usable(p)) p->n`: the way here was chosen by a function that nobody knows and that
 * was shown nothing but this pointer. */
static bool is_vouched_for(const Engine *engine, const State *state, TermId term)
{
    if (!engine->handed.n) return false;
    for (const Trace *at = state->trace; at; at = at->before)
        if (at->kind == TRACE_BRANCH && at->call && at->is_open &&
            map_get(&engine->handed, handed_key(at->call - 1, term)))
            return true;
    return false;
}

/* `f(x) ? NULL : p` */
static bool is_decided(const Engine *engine, const State *state, const Origin *origin)
{
    bool before = false;
    for (const Trace *at = state->trace; at; at = at->before) {
        before |= origin->ins != NO_INS && at->ins < origin->ins;
        if (before && at->kind == TRACE_BRANCH && at->call)
            return leads_to(engine, at, origin->ins);
    }
    return false;
}

static uint32_t origin_flags(Engine *engine, const State *state, TermId term,
                             const Origin *origin)
{
    uint32_t flags = trace_flags(engine, state, term, origin);
    if (may_have_stopped(engine, state, origin)) flags |= CANDIDATE_LATER;
    if (state->is_merged) flags |= CANDIDATE_MERGED;
    for (uint16_t i = 0; i < state->nassumed; i++)
        if (state->assumed[i].ins != origin->ins &&
            !is_asked(state, state->assumed[i].ins))
            flags |= CANDIDATE_ASSUMED;
    if (origin->is_unconditional) flags |= CANDIDATE_UNCONDITIONAL;
    if (origin->is_hollow && note_asked(state, origin->ins)) flags |= CANDIDATE_SUCCESS;
    if (origin->outcome && origin->outcome->is_failure) flags |= CANDIDATE_FAILURE;
    if (origin->is_error) flags |= errptr_flags(engine, state, origin->ins);
    if (origin->is_caution || is_vouched_for(engine, state, term))
        flags |= CANDIDATE_CAUTION;
    if (origin->is_direct) flags |= CANDIDATE_DIRECT;
    if (origin->is_vague) flags |= CANDIDATE_VAGUE;
    if ((flags & CANDIDATE_ASSUMED) && is_decided(engine, state, origin))
        flags |= CANDIDATE_DECIDED;
    for (uint16_t i = 0; i < state->nassumed; i++)
        if (state->assumed[i].ins == origin->ins) flags |= CANDIDATE_CHOSEN;
    if (origin->kind == ORIGIN_CONST && origin->is_partial) flags |= CANDIDATE_CHOSEN;
    if (origin->kind == ORIGIN_TESTED) flags |= CANDIDATE_ONE_TEST;
    if (origin->kind == ORIGIN_TESTED_MACRO) flags |= CANDIDATE_MACRO;
    if (origin->is_loop) flags |= CANDIDATE_LOOP;
    if (origin->kind == ORIGIN_TESTED_CALLEE && is_discriminated(engine, state, origin))
        flags |= CANDIDATE_DISCRIMINATED;
    return flags;
}

/* Fewer doubts are better; equal doubts: the first stays. */
static uint32_t doubts(const Candidate *candidate)
{
    uint32_t mask = CANDIDATE_MERGED | CANDIDATE_ASSUMED | CANDIDATE_MACRO |
                    CANDIDATE_INDIRECT | CANDIDATE_LATENT_MAY | CANDIDATE_LOOP |
                    CANDIDATE_OTHER_NULL | CANDIDATE_LATER | CANDIDATE_LAST_ELSE |
                    CANDIDATE_UNASSERTED;
    bool optional = (candidate->flags & CANDIDATE_LATENT_MAY) &&
                    !(candidate->flags & CANDIDATE_LATENT_NUMBER);
    return (uint32_t)__builtin_popcount(candidate->flags & mask) + optional;
}

void note_candidate(Engine *engine, const State *state, Candidate candidate, TermId term,
                    uint32_t at, const SiteStep *more, uint32_t nmore)
{
    const Origin *origin = &engine->origins.at[at];
    candidate.origin = origin->kind;
    candidate.callee = origin->callee;
    candidate.tested_param = origin->tested_param;
    if (origin->outcome) candidate.nature = origin->outcome->nature;
    if (origin->is_hollow) candidate.breach = origin->outcome->breach;
    candidate.block = engine->block;
    candidate.ins = engine->ins;
    candidate.flags |= origin_flags(engine, state, term, origin);
    if (state->is_unasserted) candidate.flags |= CANDIDATE_UNASSERTED;
    if (note_in_assertion(engine)) candidate.flags |= CANDIDATE_KEPT;
    candidate.source = (Site){engine->fn->link_name, origin->ins};
    if ((origin->kind == ORIGIN_RETURN || origin->kind == ORIGIN_ALLOC) &&
        !state->is_unasserted)
        believe_null_used(engine, origin->ins);
    if (origin->kind == ORIGIN_TESTED) candidate.slot = believe_slot(engine, term);
    uint64_t key = hash_word(hash_word(((uint64_t)engine_number(engine) << 32) ^ at) ^
                             ((uint64_t)candidate.kind << 8) ^ candidate.param);
    bool added;
    uint64_t *place = map_put(&engine->candidate_seen, key, engine->candidates.n, &added);
    candidate.flags |= way_flags(engine, state, origin);
    if (!added && doubts(&engine->candidates.at[*place]) <= doubts(&candidate)) return;
    if (added && engine->candidates.n >= MOST_CANDIDATES) return;
    StepList list = {ARENA_ARRAY(engine->arena, SiteStep, MOST_STEPS), 0};
    bool is_error = candidate.flags & CANDIDATE_ERROR;
    add_origin(engine, &list, origin);
    if (is_error && list.n && !origin->is_error) list.at[0].kind = STEP_TEST_ERROR;
    add_branches(engine, &list, state, origin->ins);
    Site here = {engine->fn->link_name, engine_number(engine)};
    step_add(&list, (SiteStep){final_step(candidate.kind), is_error, here});
    for (uint32_t i = 0; i < nmore; i++)
        step_add(&list, more[i]);
    candidate.steps = list.at;
    candidate.nstep = list.n;
    if (added)
        vec_push(engine->arena, &engine->candidates, candidate);
    else
        engine->candidates.at[*place] = candidate;
}

/* --- latents --------------------------------------------------------------------------- */

/* Parameters themselves are what callers know most about. */
static bool is_worth(const Engine *engine, TermId term)
{
    return !term ||
           (engine->terms.at[term].is_entry && engine->terms.at[term].depth <= 3);
}

static void latent_push(Engine *engine, const State *state, Latent latent, TermId term,
                        const SiteStep *more, uint32_t nmore)
{
    Site here = {engine->fn->link_name, engine_number(engine)};
    StepList list = {ARENA_ARRAY(engine->arena, SiteStep, MOST_STEPS), 0};
    StepKind kind = nmore                           ? STEP_CALL
                    : latent.kind == LATENT_NONNULL ? STEP_PASSED
                                                    : STEP_DEREF;
    step_add(&list, (SiteStep){kind, false, here});
    for (uint32_t i = 0; i < nmore && list.n < 12; i++)
        step_add(&list, more[i]);
    latent.steps = list.at;
    latent.nstep = list.n;
    latent.term = term ? export_term(engine, state, term) : 0;
    if (term && !latent.term) return;
    vec_push(engine->arena, &engine->latents, latent);
    vec_push(engine->scratch, &engine->latent_terms, term);
}

static uint64_t guards_key(const Latent *latent, uint64_t key)
{
    for (uint32_t i = 0; i < latent->nguard; i++) {
        const Guard *guard = &latent->guards[i];
        key = hash_word(key ^ guard->term) ^ guard->range.classes;
        key = hash_word(key ^ (uint64_t)guard->range.low);
        key = hash_word(key ^ (uint64_t)guard->range.high);
        key = hash_word(key ^ (uint64_t)guard->range.hole) ^ guard->range.has_hole;
        key = hash_word(key ^ (uint64_t)guard->range.hole_end);
        key = hash_word(key ^ guard->range.holes);
    }
    return ~hash_word(key);
}

/* A pointer may be demanded under several conditions: `a && b`, then `!a && b`. The first
 * few are kept; the one without any condition says it all. */
static bool latent_is_new(Engine *engine, const Latent *latent, TermId term)
{
    uint64_t place = term ? 0 : engine_number(engine) + 1;
    uint64_t key =
        hash_word(((uint64_t)term << 8) ^ (uint64_t)latent->kind) ^ hash_word(place);
    uint64_t *variants = map_put(&engine->latent_seen, key, 0, NULL);
    if (*variants >= MOST_VARIANTS) return false;
    *variants = latent->nguard ? *variants + 1 : MOST_VARIANTS;
    bool added;
    map_put(&engine->latent_seen, guards_key(latent, key), 1, &added);
    return added;
}

void note_latent(Engine *engine, const State *state, LatentKind kind, TermId term,
                 const SiteStep *more, uint32_t nmore)
{
    if (!is_worth(engine, term) || state->is_merged || state->is_unasserted) return;
    if (engine->latents.n >= MOST_LATENTS) return;
    Latent latent = {.kind = kind};
    latent.guards = export_guards(engine, state, &latent.nguard);
    /* Without a guard to decide, a null of our own is our own finding. */
    if (!term && !latent.nguard) return;
    if (is_vouched_for(engine, state, term)) return;
    if (!latent_is_new(engine, &latent, term)) return;
    latent.is_must = latent.nguard && !state->is_hidden;
    latent.is_free = !state->is_murky;
    latent_push(engine, state, latent, term, more, nmore);
}

bool note_is_own(const Engine *engine, const State *state, uint32_t at)
{
    NullOrigin origin = engine->origins.at[at].kind;
    bool made = origin == ORIGIN_CONST || origin == ORIGIN_ZEROED || origin == ORIGIN_OUT;
    return made && state->nassumed;
}

void note_own_null(Engine *engine, const State *state, LatentKind kind, uint32_t at)
{
    if (note_is_own(engine, state, at)) note_latent(engine, state, kind, 0, NULL, 0);
}

bool note_is_hearsay(Engine *engine, const State *state, TermId term, uint32_t at)
{
    const Origin *origin = &engine->origins.at[at];
    bool asked = origin->kind == ORIGIN_TESTED_MACRO || origin->is_caution;
    bool answered = origin->kind == ORIGIN_TESTED_CALLEE;
    if (!asked && !answered) return false;
    for (uint32_t i = 0; i < state->nfact; i++)
        if (is_other_null(engine, state, &state->facts[i], term, origin)) return false;
    return asked || !is_discriminated(engine, state, origin);
}

void note_hearsay(Engine *engine, const State *state, LatentKind kind, TermId term,
                  uint32_t at)
{
    if (note_is_hearsay(engine, state, term, at))
        note_latent(engine, state, kind, term, NULL, 0);
}

/* The way to the crash comes through this function already: one more round of a recursion
 * would be another error at every depth, without end. */
static bool is_another_round(const Engine *engine, const Latent *callee)
{
    for (uint32_t i = 0; i < callee->nstep; i++)
        if (callee->steps[i].kind == STEP_CALL &&
            callee->steps[i].site.fn == engine->fn->link_name)
            return true;
    return false;
}

void note_latent_call(Engine *engine, State *state, const Latent *callee, TermId term,
                      const Guard *guards, uint32_t nguard)
{
    if (is_another_round(engine, callee)) return;
    if (!is_worth(engine, term) || state->is_merged || state->is_unasserted ||
        engine->latents.n >= MOST_LATENTS)
        return;
    Latent latent = {.kind = callee->kind};
    uint32_t mine;
    Guard *own = export_guards(engine, state, &mine);
    latent.guards = ARENA_ARRAY(engine->arena, Guard, mine + nguard + 1);
    memcpy(latent.guards, own, mine * sizeof *own);
    latent.nguard = mine;
    bool dropped = false; /* a condition that some answer of the world fulfils */
    for (uint32_t i = 0; i < nguard; i++) {
        if (value_entails(engine, state, guards[i].term, guards[i].range) == 1) continue;
        TermId exported = export_term(engine, state, guards[i].term);
        if (exported)
            latent.guards[latent.nguard++] = (Guard){exported, guards[i].range};
        else if (engine->terms.at[guards[i].term].is_outside)
            dropped = true;
        else
            return; /* a condition the caller cannot see: nobody can discharge it */
    }
    if (!term && !latent.nguard) return;
    if (!latent_is_new(engine, &latent, term)) return;
    latent.is_must = callee->is_must && latent.nguard && !state->is_hidden && !dropped;
    latent.is_free = callee->is_free && !state->is_murky;
    latent.is_relayed = !callee->is_must;
    latent_push(engine, state, latent, term, callee->steps, callee->nstep);
}

/* --- tests ------------------------------------------------------------------------------ */

/* The value that a condition compares with null or zero; 0 when it is another question. */
static TermId tested_value(const Engine *engine, TermId condition)
{
    const Term *term = &engine->terms.at[condition];
    int64_t value;
    while (term->kind == TERM_CALC && term->calc == CALC_NOT) {
        condition = term->a;
        term = &engine->terms.at[condition];
    }
    if (term->kind == TERM_CALC && term->calc == CALC_EQ)
        return term_is_int(&engine->terms, term->b, &value) && value == 0 ? term->a : 0;
    return term->kind == TERM_CALC ? 0 : condition;
}

uint32_t note_tested_param(const Engine *engine, TermId condition)
{
    TermId value = tested_value(engine, condition);
    if (!value || engine->terms.at[value].kind != TERM_PARAM) return 0;
    return (uint32_t)engine->terms.at[value].imm + 1;
}

bool note_in_assertion(const Engine *engine)
{
    const Ins *ins = &engine->body->blocks[engine->block].ins[engine->ins];
    return ins->macro && assertion_is_optional(engine->unit->macros[ins->macro]->text);
}

/* What fails for want of something outside fails whatever the program knows of itself. */
bool note_denied(Engine *engine, const State *state, TermId condition, const Ins *ins)
{
    bool is_negated;
    TermId value = tested_value(engine, condition);
    if (!ins->macro || !value || !value_is_null(engine, state, value) ||
        !assertion_is(engine->unit->macros[ins->macro]->text, &is_negated) ||
        value_range(engine, state, condition).classes != CLASS_NULL)
        return false;
    const Origin *origin = &engine->origins.at[value_origin(engine, state, value)];
    if (origin->kind == ORIGIN_ALLOC) return true;
    return origin->kind == ORIGIN_RETURN && origin->outcome &&
           origin->outcome->is_failure;
}

uint32_t note_tested_null(const Engine *engine, TermId condition)
{
    TermId value = tested_value(engine, condition);
    if (!value || engine->terms.at[value].kind != TERM_NULL) return 0;
    uint32_t call = believe_call(engine, value);
    return call == UINT32_MAX ? 0 : call + 1;
}

void note_test(Engine *engine, State *state, TermId condition, const Ins *ins)
{
    TermId value = tested_value(engine, condition);
    TestSeen *seen = &engine->tests[engine->block];
    TermId error = errptr_question(engine, condition);
    uint32_t call = note_deciding_call(engine, condition);
    if (call) believe_status(engine, condition, call - 1);
    seen->visits++;
    if (error) {
        errptr_asked(engine, error);
        believe_asked(engine, error, ins);
    }
    if (!value) return;
    if (value_is_null(engine, state, value)) seen->saw_null = true;
    breach_tested(engine, value);
    believe_asked(engine, value, ins);
    if (ins->macro || (ins->flags & (INS_LOOP_BRANCH | INS_IMPLICIT))) return;
    const Fact *fact = state_fact(state, value);
    if (!fact || !fact->deref || state->is_merged) return;
    if (seen->after_deref && seen->deref != fact->deref - 1) return;
    seen->after_deref++;
    seen->deref = fact->deref - 1;
    seen->term = value;
}

/* A test that other ways reach with a null of their own (a sentinel, a search that failed)
 * says nothing about the value it has here. */
static bool is_disproved(const Engine *engine, const Candidate *candidate)
{
    if (candidate->origin != ORIGIN_TESTED || candidate->source.ins == NO_INS)
        return false;
    for (uint32_t b = 0; b < engine->body->nblock; b++)
        if (engine->shape.first[b + 1] == candidate->source.ins + 1)
            return engine->tests[b].saw_null;
    return false;
}

void note_candidates_end(Engine *engine)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < engine->candidates.n; i++)
        if (!is_disproved(engine, &engine->candidates.at[i]))
            engine->candidates.at[kept++] = engine->candidates.at[i];
    engine->candidates.n = kept;
}

/* `p` of `p == NULL` and of `!p`. */
static Val tested_val(const Engine *engine, const Block *block, Val val)
{
    const Ins *def = &block->ins[engine->shape.def[val]];
    while (def->op == OP_CALC && def->a) {
        val = def->a;
        def = &block->ins[engine->shape.def[val]];
    }
    return val;
}

/* Tests that came after a dereference every time they were reached. */
void note_tests_end(Engine *engine)
{
    for (uint32_t b = 0; b < engine->body->nblock; b++) {
        const TestSeen *seen = &engine->tests[b];
        if (!seen->visits || seen->visits != seen->after_deref) continue;
        const Block *block = &engine->body->blocks[b];
        engine->block = b;
        engine->ins = block->nins - 1;
        SiteStep *steps = ARENA_ARRAY(engine->arena, SiteStep, 2);
        Site deref = {engine->fn->link_name, seen->deref};
        steps[0] = (SiteStep){STEP_DEREF, false, deref};
        steps[1] = (SiteStep){
            STEP_TEST_NULL, false, {engine->fn->link_name, engine_number(engine)}};
        Candidate candidate = {.kind = CANDIDATE_CHECK_AFTER_DEREF,
                               .block = b,
                               .ins = engine->ins,
                               .source = deref,
                               .steps = steps,
                               .nstep = 2};
        candidate.what =
            ir_text(engine->unit, engine->body, b,
                    tested_val(engine, block, block->ins[engine->ins].a), engine->arena);
        vec_push(engine->arena, &engine->candidates, candidate);
    }
}
