/*
 * Statuses that promise what they do not keep. An outcome that leaves an out-parameter null,
 * or does not touch it, while another outcome with the very same status sets it: no caller
 * can tell the two apart by the status. The defect is here, wherever it crashes; an outcome
 * that hands on what a callee of ours has broken names that callee.
 *
 * needs: the outcomes of the function and the final state behind each.
 * gives: Outcome.hollow and .breach, and steps that lead to the return.
 */
#include "flow/engine.h"

#include <string.h>

enum { MOST_WAY = 3, MOST_STEPS = 12 };

static bool is_status(const Engine *engine, Range range)
{
    bool number = engine->fn->fn->result.kind == TYPE_INT;
    return number && range.low == range.high;
}

static const Post *post_at(const Outcome *outcome, TermId address)
{
    for (uint32_t i = 0; i < outcome->npost; i++)
        if (outcome->posts[i].address == address) return &outcome->posts[i];
    return NULL;
}

static bool gives_object(const Post *post)
{
    return post->type.kind == TYPE_POINTER && post->value &&
           post->range.classes != CLASS_NULL;
}

static bool is_clobbered(const Engine *engine, TermId address)
{
    for (uint32_t i = 0; i < engine->clobbers.n; i++)
        if (engine->clobbers.at[i] == address) return true;
    return engine->clobbers_params;
}

/* What the out-parameter held on entry was asked for: it may well have held an object. */
static bool asks_before(const Outcome *outcome, const SummaryTerm *terms, TermId address)
{
    for (uint32_t i = 0; i < outcome->nguard; i++) {
        const SummaryTerm *term = &terms[outcome->guards[i].term];
        if (term->kind == TERM_INIT && term->a == address) return true;
        if (outcome->guards[i].term == address) return true; /* it may be left out */
    }
    return false;
}

static void add_step(Outcome *outcome, StepKind kind, bool flag, Site site)
{
    if (outcome->nstep < MOST_STEPS)
        outcome->steps[outcome->nstep++] = (SiteStep){kind, flag, site};
}

/* The last branches before the return, and the return itself. */
static void add_way(Engine *engine, const State *state, Outcome *outcome, uint32_t from)
{
    const Trace *found[MOST_WAY];
    const Trace *end = state->trace;
    uint32_t n = 0;
    if (!end || end->kind != TRACE_RETURN) return;
    for (const Trace *at = end->before; at && at->ins != from && n < MOST_WAY;
         at = at->before)
        if (at->kind == TRACE_BRANCH) found[n++] = at;
    while (n--) {
        Site site = {engine->fn->link_name, found[n]->ins};
        add_step(outcome, STEP_BRANCH, found[n]->flag, site);
    }
    add_step(outcome, STEP_RETURN, false, (Site){engine->fn->link_name, end->ins});
}

static void explain(Engine *engine, const State *state, Outcome *outcome,
                    const SummaryTerm *address, uint32_t origin)
{
    const Origin *why = origin ? &engine->origins.at[origin] : NULL;
    SiteStep *steps = ARENA_ARRAY(engine->arena, SiteStep, MOST_STEPS);
    outcome->nstep = 0;
    if (why) export_null_steps(engine, state, outcome, origin);
    if (outcome->nstep) memcpy(steps, outcome->steps, outcome->nstep * sizeof *steps);
    outcome->steps = steps;
    if (why && why->is_hollow) {
        outcome->breach = why->outcome->breach;
        return;
    }
    outcome->breach = (Breach){.fn = engine->fn->link_name,
                               .param = (uint32_t)address->imm + 1,
                               .status = outcome->result_range.low,
                               .is_memory = why && outcome->origin == ORIGIN_ALLOC};
    add_way(engine, state, outcome, why ? why->ins : NO_INS);
}

/* The origin of the null that the state leaves there; 0: it is not touched. */
static uint32_t origin_left(Engine *engine, const State *state,
                            const SummaryTerm *address)
{
    TermId at = term_param(&engine->terms, (uint32_t)address->imm);
    const Cell *cell = state_cell(state, at);
    return cell ? value_origin(engine, state, cell->value) : 0;
}

/* Whether `mine` breaks what `other` promises with the same status. */
static TermId hollow_of(const Engine *engine, const Outcome *mine, const Outcome *other,
                        const SummaryTerm *terms)
{
    for (uint32_t i = 0; i < other->npost; i++) {
        TermId address = other->posts[i].address;
        if (terms[address].kind != TERM_PARAM || !gives_object(&other->posts[i]))
            continue;
        const Post *post = post_at(mine, address);
        if (post && post->range.classes == CLASS_NULL) return address;
        if (!post && !is_clobbered(engine, address) && !asks_before(mine, terms, address))
            return address;
    }
    return 0;
}

void breach_find(Engine *engine, State *const *states, Outcome *outcomes, uint32_t n,
                 const SummaryTerm *terms)
{
    for (uint32_t i = 0; i < n; i++) {
        Outcome *mine = &outcomes[i];
        if (states[i]->is_merged || !is_status(engine, mine->result_range)) continue;
        for (uint32_t k = 0; k < n && !mine->hollow; k++) {
            const Outcome *other = &outcomes[k];
            bool same = is_status(engine, other->result_range) &&
                        other->result_range.low == mine->result_range.low;
            if (k != i && same && !states[k]->is_merged)
                mine->hollow = hollow_of(engine, mine, other, terms);
        }
        if (!mine->hollow) continue;
        const SummaryTerm *address = &terms[mine->hollow];
        explain(engine, states[i], mine, address,
                origin_left(engine, states[i], address));
    }
}

/* --- callers ---------------------------------------------------------------------------- */

static Evidence evidence_of(const Engine *engine, EvidenceKind kind, const Breach *breach,
                            uint32_t call)
{
    return (Evidence){.kind = kind,
                      .slot = {SLOT_OUT, breach->param - 1, breach->fn},
                      .site = {engine->fn->link_name, call}};
}

static bool has_evidence(const Engine *engine, const Evidence *evidence)
{
    for (uint32_t i = 0; i < engine->evidence.n; i++) {
        const Evidence *known = &engine->evidence.at[i];
        if (known->slot.kind == SLOT_OUT && known->slot.name == evidence->slot.name &&
            known->slot.number == evidence->slot.number &&
            known->site.ins == evidence->site.ins)
            return true;
    }
    return false;
}

void breach_tested(Engine *engine, TermId value)
{
    const Term *term = &engine->terms.at[value];
    if (term->kind != TERM_NULL) return;
    const Origin *origin = &engine->origins.at[term->imm];
    if (!origin->is_hollow) return;
    Evidence evidence =
        evidence_of(engine, EVIDENCE_CHECKED, &origin->outcome->breach, origin->ins);
    if (!has_evidence(engine, &evidence))
        vec_push(engine->arena, &engine->evidence, evidence);
}

static void forget_test(Engine *engine, const Evidence *evidence)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < engine->evidence.n; i++) {
        const Evidence *known = &engine->evidence.at[i];
        bool same = known->slot.kind == SLOT_OUT && known->kind == EVIDENCE_CHECKED &&
                    known->slot.name == evidence->slot.name &&
                    known->site.ins == evidence->site.ins;
        if (!same) engine->evidence.at[kept++] = *known;
    }
    engine->evidence.n = kept;
}

void breach_end(Engine *engine)
{
    for (uint32_t i = 0; i < engine->candidates.n; i++) {
        const Candidate *candidate = &engine->candidates.at[i];
        bool sure = !(candidate->flags & (CANDIDATE_MERGED | CANDIDATE_LATENT_MAY));
        if (!(candidate->flags & CANDIDATE_SUCCESS) || !sure) continue;
        Evidence evidence = evidence_of(engine, EVIDENCE_UNCHECKED, &candidate->breach,
                                        candidate->source.ins);
        forget_test(engine, &evidence);
        if (!has_evidence(engine, &evidence))
            vec_push(engine->arena, &engine->evidence, evidence);
    }
}
