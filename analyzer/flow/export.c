/*
 * From final states to a summary: states that tell a caller the same become one outcome,
 * and what a caller cannot see becomes a fresh value.
 */
#include "flow/request.h"

#include <string.h>

#include "base/hash.h"
#include "summary/compact.h"

enum {
    MOST_OUTCOMES = 8,
    MOST_GUARDS = 12,
    MOST_POSTS = 32,
    MOST_CLOBBERS = 16,
    DEEPEST_CLOBBER = 5
};

typedef struct Exporter {
    VEC(SummaryTerm) terms;
    Map known; /* engine term -> summary term */
    uint32_t nfresh;
} Exporter;

void export_begin(Engine *engine)
{
    engine->exporter = ARENA_NEW(engine->arena, Exporter);
    map_init(&engine->exporter->known, engine->scratch);
    vec_push(engine->arena, &engine->exporter->terms, (SummaryTerm){0});
}

static TermId exporter_push(Engine *engine, TermId id, SummaryTerm term)
{
    Exporter *exporter = engine->exporter;
    vec_push(engine->arena, &exporter->terms, term);
    TermId at = exporter->terms.n - 1;
    map_put(&exporter->known, id, at, NULL);
    return at;
}

TermId export_term(Engine *engine, const State *state, TermId id)
{
    if (!id || !engine->terms.at[id].is_entry) return 0;
    uint64_t *known = map_get(&engine->exporter->known, id);
    if (known) return (TermId)*known;
    Term term = engine->terms.at[id];
    SummaryTerm out = {.kind = term.kind,
                       .calc = term.calc,
                       .is_unsigned = term.is_unsigned,
                       .imm = term.kind == TERM_NULL ? 0 : term.imm,
                       .name = term.name};
    if (term.a) out.a = export_term(engine, state, term.a);
    if (term.b) out.b = export_term(engine, state, term.b);
    return exporter_push(engine, id, out);
}

TermId export_place(Engine *engine, const State *state, TermId id)
{
    const Term *term = &engine->terms.at[id];
    if (term->is_entry) return export_term(engine, state, id);
    uint64_t *known = map_get(&engine->exporter->known, id);
    if (known) return (TermId)*known;
    if (term->kind != TERM_OFFSET) return 0;
    SummaryTerm out = {.kind = TERM_OFFSET, .imm = term->imm};
    out.a = export_place(engine, state, term->a);
    return out.a ? exporter_push(engine, id, out) : 0;
}

/* A value that callers cannot name is fresh to them; the same one twice stays the same. */
static TermId export_value(Engine *engine, const State *state, TermId id)
{
    if (engine->terms.at[id].is_entry) return export_term(engine, state, id);
    uint64_t *known = map_get(&engine->exporter->known, id);
    if (known) return (TermId)*known;
    SummaryTerm fresh = {.kind = TERM_FRESH,
                         .is_outside = engine->terms.at[id].is_outside,
                         .imm = engine->exporter->nfresh++};
    return exporter_push(engine, id, fresh);
}

TermId export_known(Engine *engine, const State *state, TermId id)
{
    const uint64_t *known = map_get(&engine->exporter->known, id);
    if (known) return (TermId)*known;
    const Term *term = &engine->terms.at[id];
    bool is_place = term->kind == TERM_PARAM || term->kind == TERM_INIT;
    return is_place ? export_term(engine, state, id) : 0;
}

static bool is_constant(const Engine *engine, TermId id)
{
    TermKind kind = engine->terms.at[id].kind;
    return kind == TERM_INT || kind == TERM_NULL || term_is_address(&engine->terms, id);
}

Guard *export_guards(Engine *engine, const State *state, uint32_t *nguard)
{
    Guard *guards = ARENA_ARRAY(engine->arena, Guard, MOST_GUARDS);
    uint32_t n = 0;
    /* Shallow terms first: a caller is most likely to know of those. */
    for (uint8_t depth = 1; depth <= 8 && n < MOST_GUARDS; depth++) {
        for (uint32_t i = 0; i < state->nfact && n < MOST_GUARDS; i++) {
            const Fact *fact = &state->facts[i];
            const Term *term = &engine->terms.at[fact->term];
            if (!term->is_entry || term->depth != depth ||
                is_constant(engine, fact->term))
                continue;
            Range range = fact->range;
            /* A dereference proves nothing to a caller: it is a demand, not a condition. */
            bool demand = range.classes == (CLASS_ERR | CLASS_VALID) && fact->is_demand;
            if (demand || range_is_any(range)) continue;
            TermId exported = export_term(engine, state, fact->term);
            if (exported) guards[n++] = (Guard){exported, range};
        }
    }
    *nguard = n;
    return guards;
}

/* --- outcomes -------------------------------------------------------------------------- */

static TermId result_cell(Engine *engine)
{
    return term_fresh(&engine->terms, FRESH_OPAQUE, UINT32_MAX - 1, 0);
}

/* What is returned by value: its members stand there once the function has ended. */
static TermId result_object(Engine *engine)
{
    return term_fresh(&engine->terms, FRESH_NEW, UINT32_MAX - 1, 0);
}

static bool is_of_result(Engine *engine, const Cell *cell)
{
    return engine->fn->fn->result.kind == TYPE_AGGREGATE &&
           term_root(&engine->terms, cell->address) == result_object(engine);
}

static bool is_visible(const Engine *engine, const Cell *cell)
{
    if (!cell->is_written || !engine->terms.at[cell->address].is_entry) return false;
    TermKind root = engine->terms.at[term_root(&engine->terms, cell->address)].kind;
    if (root != TERM_PARAM && root != TERM_INIT && root != TERM_GLOBAL) return false;
    const Term *value = &engine->terms.at[cell->value];
    return value->kind != TERM_INIT || value->a != cell->address;
}

/* Far from the parameters, or an element of an array: callers only learn that it changed. */
static bool is_remote(const Engine *engine, TermId address)
{
    for (TermId at = address; at; at = engine->terms.at[at].a)
        if (engine->terms.at[at].kind == TERM_INDEX) return true;
    return engine->terms.at[address].depth > 5;
}

/* The nearest one to the parameters that everything from `root` on is reached through. */
static TermId outer_root(const Engine *engine, TermId root)
{
    while (engine->terms.at[root].kind == TERM_INIT &&
           engine->terms.at[root].depth > DEEPEST_CLOBBER)
        root = term_root(&engine->terms, engine->terms.at[root].a);
    return root;
}

static bool has_term(const TermId *at, uint32_t n, TermId id)
{
    for (uint32_t i = 0; i < n; i++)
        if (at[i] == id) return true;
    return false;
}

void export_clobber(Engine *engine, const State *state, TermId address)
{
    TermId root = outer_root(engine, term_root(&engine->terms, address));
    TermId exported = export_term(engine, state, root);
    if (exported && !has_term(engine->clobbers.at, engine->clobbers.n, exported))
        vec_push(engine->arena, &engine->clobbers, exported);
}

void export_overwrite(Engine *engine, const State *state, TermId address)
{
    TermId root = term_root(&engine->terms, address);
    TermId exported = export_term(engine, state, root);
    if (exported && !has_term(engine->overwrites.at, engine->overwrites.n, exported))
        vec_push(engine->arena, &engine->overwrites, exported);
}

static uint64_t value_key(Engine *engine, const State *state, TermId value, Type type)
{
    Range range = value_range(engine, state, value);
    const Term *term = &engine->terms.at[value];
    if (range.classes == CLASS_NULL && type.kind == TYPE_POINTER) return 1;
    if (type.kind == TYPE_POINTER) {
        if (errptr_is(range)) return 5;
        if (term->is_entry && !(range.classes & CLASS_NULL)) return 3;
        if (term->is_entry) return hash_word(value);
        return range.classes & CLASS_NULL ? 2 : 3;
    }
    if (range.low == range.high) return hash_word(0x500000 + (uint64_t)range.low);
    if (term_is_bool(&engine->terms, value)) return hash_word(0x700000000 + value);
    return 8 | (uint64_t)(range.low > 0) | (uint64_t)(range.high < 0) << 1;
}

/* Two final states with one key tell callers the same. Integers written to memory count
 * only while there is room. */
/* What callers can test of the way here. */
static uint64_t guard_key(Engine *engine, const State *state)
{
    uint64_t key = 0;
    for (uint32_t i = 0; i < state->nfact; i++) {
        const Fact *fact = &state->facts[i];
        if (!engine->terms.at[fact->term].is_entry || fact->is_demand) continue;
        uint64_t range = hash_word((uint64_t)fact->range.low) ^
                         hash_word((uint64_t)fact->range.high + fact->range.classes);
        key = hash_word(key ^ hash_word(((uint64_t)fact->term << 8) ^ range));
    }
    return key;
}

/* How finely final states are told apart. */
typedef enum Grain { GRAIN_CONTENTS, GRAIN_GUARDS, GRAIN_INTS, GRAIN_POINTERS } Grain;

static uint64_t final_key(Engine *engine, const State *state, Grain grain)
{
    uint64_t key = 0;
    bool with_ints = grain <= GRAIN_INTS, has_null = false;
    if (state->is_merged) return 1;
    TermId result = result_cell(engine);
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        bool is_result = cell->address == result || is_of_result(engine, cell);
        if (!is_result && !is_visible(engine, cell)) continue;
        if (!is_result && !with_ints && cell->type.kind != TYPE_POINTER) continue;
        if (!is_result && is_remote(engine, cell->address)) continue;
        uint64_t what = value_key(engine, state, cell->value, cell->type);
        has_null |= what == 1;
        key = hash_word(key ^ hash_word(((uint64_t)cell->address << 32) ^ what));
    }
    if (grain <= GRAIN_INTS) key ^= join_marks_key(state);
    /* Two ways to a null are two outcomes: folded, their conditions would be lost. */
    bool apart = has_null || engine->body->nblock <= 14;
    if (grain <= GRAIN_GUARDS && apart) key ^= guard_key(engine, state);
    if (grain == GRAIN_CONTENTS) key ^= contents_key(engine, state);
    return key;
}

static uint32_t group_finals(Engine *engine, State **groups, Grain grain, uint32_t most)
{
    uint32_t n = 0;
    uint64_t *keys = ARENA_ARRAY(engine->scratch, uint64_t, engine->finals.n + 1);
    for (uint32_t i = 0; i < engine->finals.n; i++) {
        State *state = engine->finals.at[i];
        uint64_t key = final_key(engine, state, grain);
        uint32_t k = 0;
        while (k < n && keys[k] != key)
            k++;
        if (k < n) {
            if (groups) join_into(engine, groups[k], state, 0, UINT32_MAX - 2, NULL);
        } else if (n < most) {
            keys[n] = key;
            if (groups) groups[n] = state;
            n++;
        } else if (groups) {
            join_into(engine, groups[most - 1], state, 0, UINT32_MAX - 2, NULL);
        } else {
            n++;
        }
    }
    return n;
}

bool export_is_seen(Engine *engine, const Cell *cell)
{
    return cell->address == result_cell(engine) || is_visible(engine, cell);
}

static SiteStep origin_step(const Engine *engine, const Origin *origin)
{
    StepKind kind = origin->kind == ORIGIN_ALLOC    ? STEP_ALLOC
                    : origin->kind == ORIGIN_RETURN ? STEP_RETURNS_NULL
                    : origin->kind == ORIGIN_ZEROED ? STEP_ZEROED
                    : origin->kind == ORIGIN_OUT    ? STEP_SETS_NULL
                    : origin->kind == ORIGIN_CONST  ? STEP_NULL_CONST
                                                    : STEP_TEST_NULL;
    return (SiteStep){kind, false, {engine->fn->link_name, origin->ins}};
}

static SiteStep birth_of(const Engine *engine, uint32_t at)
{
    if (!at || engine->origins.at[at].ins == NO_INS) return (SiteStep){0};
    return origin_step(engine, &engine->origins.at[at]);
}

/* The steps of an outcome speak of one null, and say more of it. */
static void forget_told_births(const Outcome *outcome)
{
    for (uint32_t i = 0; i < outcome->npost && outcome->nstep; i++)
        if (outcome->posts[i].birth.site.ins == outcome->steps[0].site.ins)
            outcome->posts[i].birth = (SiteStep){0};
}

void export_post(Engine *engine, const State *state, Outcome *outcome, const Cell *cell)
{
    Post post = {.type = cell->type, .range = value_range(engine, state, cell->value)};
    post.address = export_place(engine, state, cell->address);
    const Term *value = &engine->terms.at[cell->value];
    bool lost = value->kind == TERM_FRESH && value->calc == (Calc)FRESH_HAVOC &&
                range_is_any(post.range);
    if (engine->request && request_mark(state, cell->value)) lost = false;
    if (!lost) post.value = export_value(engine, state, cell->value);
    if (cell->type.kind == TYPE_POINTER && post.range.classes == CLASS_NULL)
        post.birth = birth_of(engine, value_origin(engine, state, cell->value));
    if (post.address) outcome->posts[outcome->npost++] = post;
}

static void add_posts(Engine *engine, const State *state, Outcome *outcome)
{
    outcome->posts = ARENA_ARRAY(engine->arena, Post, MOST_POSTS);
    TermId result = result_cell(engine);
    for (int pass = 0; pass < 2; pass++) /* pointers first */
        for (uint32_t i = 0; i < state->ncell; i++) {
            const Cell *cell = &state->cells[i];
            if (cell->address == result || !is_visible(engine, cell)) continue;
            if ((cell->type.kind == TYPE_POINTER) != (pass == 0)) continue;
            if (is_remote(engine, cell->address)) {
                export_clobber(engine, state, cell->address);
                continue;
            }
            if (outcome->npost == MOST_POSTS) {
                engine->clobbers_params = engine->clobbers_globals = true;
                return;
            }
            export_post(engine, state, outcome, cell);
        }
}

/* Null is returned because an allocation was found to have failed. */
static bool follows_failed_alloc(const Engine *engine, const State *state)
{
    for (const Trace *at = state->trace; at; at = at->before)
        for (uint32_t i = 1; at->tested && i < engine->origins.n; i++) {
            const Origin *origin = &engine->origins.at[i];
            if (origin->kind == ORIGIN_ALLOC && origin->ins + 1 == at->tested)
                return true;
        }
    return false;
}

void export_null_steps(Engine *engine, const State *state, Outcome *outcome, uint32_t at)
{
    const Origin *origin = &engine->origins.at[at];
    bool failed = origin->kind == ORIGIN_CONST && follows_failed_alloc(engine, state);
    outcome->origin = failed ? ORIGIN_ALLOC : origin->kind;
    if (origin->kind == ORIGIN_RETURN && origin->outcome)
        outcome->nature = origin->outcome->nature; /* it is handed on */
    outcome->steps = ARENA_ARRAY(engine->arena, SiteStep, 8);
    outcome->steps[outcome->nstep++] = origin_step(engine, origin);
    if (origin->post) outcome->steps[outcome->nstep++] = origin->post->birth;
    for (uint32_t i = 0; !origin->post && origin->outcome && i < origin->outcome->nstep &&
                         outcome->nstep < 8;
         i++)
        outcome->steps[outcome->nstep++] = origin->outcome->steps[i];
}

/* Where the error pointer is returned: by a callee, or here. */
static void export_error_steps(Engine *engine, const State *state, Outcome *outcome)
{
    const Cell *result = state_cell(state, result_cell(engine));
    uint32_t at = value_origin(engine, state, result->value);
    const Origin *why = &engine->origins.at[at];
    const Trace *end = state->trace;
    outcome->steps = ARENA_ARRAY(engine->arena, SiteStep, 8);
    if (at && why->is_error) {
        Site site = {engine->fn->link_name, why->ins};
        outcome->steps[outcome->nstep++] = (SiteStep){STEP_RETURNS_ERROR, false, site};
        for (uint32_t i = 0; i < why->outcome->nstep && outcome->nstep < 8; i++)
            outcome->steps[outcome->nstep++] = why->outcome->steps[i];
    } else if (end && end->kind == TRACE_RETURN) {
        Site site = {engine->fn->link_name, end->ins};
        outcome->steps[outcome->nstep++] = (SiteStep){STEP_RETURN, false, site};
    }
}

/* Paths were folded: what is left says nothing that a caller could hold against us. */
static Outcome make_merged(Engine *engine, const State *state)
{
    Outcome outcome = {.result_range = range_any};
    const Cell *result = state_cell(state, result_cell(engine));
    Range range = result ? value_range(engine, state, result->value) : range_any;
    /* What holds for all of the folded paths still holds: that all failures are below 0. */
    if (result && (result->type.kind != TYPE_POINTER || !(range.classes & CLASS_NULL))) {
        outcome.result = export_value(engine, state, result->value);
        outcome.result_range = range;
    }
    /* ... and that the argument was not null. */
    outcome.guards = export_guards(engine, state, &outcome.nguard);
    outcome.is_hidden = outcome.is_murky = true;
    add_posts(engine, state, &outcome);
    for (uint32_t i = 0; i < outcome.npost; i++) {
        outcome.posts[i].value = 0;
        outcome.posts[i].range = range_any;
    }
    return outcome;
}

static Outcome make_outcome(Engine *engine, State *state)
{
    if (state->is_merged) return make_merged(engine, state);
    Outcome outcome = {.result_range = range_any};
    const Cell *result = state_cell(state, result_cell(engine));
    uint32_t origin = 0;
    if (result) {
        outcome.result = export_value(engine, state, result->value);
        outcome.result_range = value_range(engine, state, result->value);
        bool null = outcome.result_range.classes & CLASS_NULL;
        origin = null ? value_origin(engine, state, result->value) : 0;
        if (origin && result->type.kind == TYPE_POINTER)
            export_null_steps(engine, state, &outcome, origin);
        if (result->type.kind == TYPE_POINTER && errptr_is(outcome.result_range))
            export_error_steps(engine, state, &outcome);
    }
    outcome.is_failure = way_is_failure(engine, state, &engine->origins.at[origin]);
    outcome.guards = export_guards(engine, state, &outcome.nguard);
    outcome.is_hidden = state->is_hidden;
    outcome.is_murky = state->is_murky;
    add_posts(engine, state, &outcome);
    contents_export(engine, state, &outcome, MOST_POSTS);
    if (!outcome.nstep) { /* the first null that memory is left with explains itself */
        for (uint32_t i = 0; i < state->ncell && !outcome.nstep; i++) {
            const Cell *cell = &state->cells[i];
            if (cell->type.kind != TYPE_POINTER) continue;
            if (!is_visible(engine, cell) && !is_of_result(engine, cell)) continue;
            if (!value_is_null(engine, state, cell->value)) continue;
            uint32_t left = value_origin(engine, state, cell->value);
            if (left) export_null_steps(engine, state, &outcome, left);
        }
    }
    forget_told_births(&outcome);
    if (engine->request) relay_export(engine, state, &outcome);
    return outcome;
}

/* The local that was returned dies: its members are copied to what the caller gets. */
static TermId keep_result(Engine *engine, State *state, TermId value)
{
    Type type = engine->fn->fn->result;
    if (type.kind != TYPE_AGGREGATE || !type.size || state->is_merged) return value;
    if (engine->terms.at[term_root(&engine->terms, value)].kind != TERM_LOCAL)
        return value;
    memory_copy(engine, state, result_object(engine), value, type.size);
    return result_object(engine);
}

static void put_results(Engine *engine)
{
    for (uint32_t i = 0; i < engine->finals.n; i++) {
        TermId value = engine->final_results.at[i];
        if (!value) continue;
        value = keep_result(engine, engine->finals.at[i], value);
        state_put(engine->finals.at[i], (Cell){.address = result_cell(engine),
                                               .value = value,
                                               .type = engine->fn->fn->result,
                                               .is_written = true});
    }
}

static void make_outcomes(Engine *engine, Summary *summary)
{
    put_results(engine);
    Grain grain = GRAIN_CONTENTS;
    while (grain < GRAIN_POINTERS &&
           group_finals(engine, NULL, grain, MOST_OUTCOMES) > MOST_OUTCOMES)
        grain++;
    State *groups[MOST_OUTCOMES];
    uint32_t n = group_finals(engine, groups, grain, MOST_OUTCOMES);
    summary->outcomes = ARENA_ARRAY(engine->arena, Outcome, n + 1);
    for (uint32_t i = 0; i < n; i++)
        summary->outcomes[i] = make_outcome(engine, groups[i]);
    breach_find(engine, groups, summary->outcomes, n, engine->exporter->terms.at);
    summary->noutcome = n;
}

/* Every way back out of the function has asked for it: it is asked for always. */
static bool is_always(const Engine *engine, TermId term)
{
    if (engine->is_exhausted || !engine->finals.n) return false;
    for (uint32_t i = 0; i < engine->finals.n; i++) {
        const Fact *fact = state_fact(engine->finals.at[i], term);
        if (!fact || !fact->is_demand) return false;
    }
    return true;
}

static void settle_latents(Engine *engine)
{
    for (uint32_t i = 0; i < engine->latents.n; i++) {
        Latent *latent = &engine->latents.at[i];
        TermId term = engine->latent_terms.at[i];
        if (term && !latent->is_relayed && is_always(engine, term)) {
            latent->is_must = true;
            latent->nguard = 0;
        }
    }
}

/* It is reached from another one that may have changed: that says it all. */
static bool is_reached(const Engine *engine, TermId clobber)
{
    const SummaryTerm *terms = engine->exporter->terms.at;
    for (TermId at = terms[clobber].a; at; at = terms[at].a)
        if (has_term(engine->clobbers.at, engine->clobbers.n, at)) return true;
    return false;
}

static void put_clobbers(Engine *engine, Summary *summary)
{
    TermId *kept = ARENA_ARRAY(engine->arena, TermId, MOST_CLOBBERS);
    for (uint32_t i = 0; i < engine->clobbers.n; i++) {
        if (is_reached(engine, engine->clobbers.at[i])) continue;
        if (summary->nclobber == MOST_CLOBBERS) {
            summary->flags |= SUMMARY_CLOBBERS_PARAMS | SUMMARY_CLOBBERS_GLOBALS;
            break;
        }
        kept[summary->nclobber++] = engine->clobbers.at[i];
    }
    summary->clobbers = kept;
}

Summary *export_summary(Engine *engine)
{
    Summary *summary = ARENA_NEW(engine->arena, Summary);
    summary->link_name = engine->fn->link_name;
    summary->nparam = engine->fn->fn->nparam;
    settle_latents(engine);
    if (engine->is_exhausted || engine->body->degraded) {
        summary->flags =
            SUMMARY_INCOMPLETE | SUMMARY_CLOBBERS_GLOBALS | SUMMARY_CLOBBERS_PARAMS;
    } else {
        make_outcomes(engine, summary);
        if (engine->request) relay_end(engine, summary);
        if (!summary->noutcome) summary->flags |= SUMMARY_NORETURN;
    }
    if (engine->clobbers_globals) summary->flags |= SUMMARY_CLOBBERS_GLOBALS;
    if (engine->clobbers_params) summary->flags |= SUMMARY_CLOBBERS_PARAMS;
    if (engine->fn->is_recursive) summary->flags |= SUMMARY_RECURSIVE;
    summary->latents = engine->latents.at;
    summary->nlatent = engine->latents.n;
    summary->invokes = engine->invokes.at;
    summary->ninvoke = engine->invokes.n;
    put_clobbers(engine, summary);
    if (engine->request && !(summary->flags & SUMMARY_INCOMPLETE)) {
        summary->needs = engine->request->needs.at;
        summary->nneed = engine->request->needs.n;
    }
    summary->terms = engine->exporter->terms.at;
    summary->nterm = engine->exporter->terms.n;
    summary_compact(summary, engine->arena, engine->scratch);
    return summary;
}
