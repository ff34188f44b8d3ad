/*
 * The callee of a call as this function sees it: what the terms of its summary mean here, and
 * what memory it may have changed when it is not known.
 */
#include "flow/callee.h"

TermId callee_fresh_result(Engine *engine)
{
    return term_fresh(&engine->terms, FRESH_RESULT, engine_number(engine), 0);
}

/* --- what a summary's terms mean here --------------------------------------------------- */

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
    TermId a = term->a ? callee_translate(engine, state, call, term->a) : 0;
    TermId b = term->b ? callee_translate(engine, state, call, term->b) : 0;
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
            return callee_fresh_result(engine);
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

TermId callee_translate(Engine *engine, State *state, Call *call, TermId id)
{
    if (!id || id >= call->summary->nterm) return 0;
    if (!call->map[id])
        call->map[id] = state_canon(
            state, translate_new(engine, state, call, &call->summary->terms[id]));
    return call->map[id];
}

void callee_map_reset(Engine *engine, Call *call)
{
    call->map = ARENA_ARRAY(engine->scratch, TermId, call->summary->nterm + 1);
}

/* --- what is unknown -------------------------------------------------------------------- */

void callee_clobber(Engine *engine, State *state, Clobbers *clobbers, TermId address)
{
    TermId root = term_root(&engine->terms, state_canon(state, address));
    TermKind kind = engine->terms.at[root].kind;
    if (kind == TERM_LOCAL || kind == TERM_FRESH) state_escape(state, root);
    if (kind == TERM_INT || kind == TERM_NULL || kind == TERM_STRING || kind == TERM_FN)
        return;
    if (clobbers->n < MOST_CLOBBERED) clobbers->at[clobbers->n++] = root;
    export_clobber(engine, state, root);
}

void callee_clobber_globals(Engine *engine, const State *state, Clobbers *clobbers)
{
    clobbers->globals = true;
    for (uint16_t i = 0; i < state->nescaped && clobbers->n < MOST_CLOBBERED; i++)
        clobbers->at[clobbers->n++] = state->escaped[i];
    engine->clobbers_globals = true;
}

void callee_clobber_memory(Engine *engine, State *state)
{
    Clobbers clobbers = {.n = 0};
    callee_clobber_globals(engine, state, &clobbers);
    for (uint32_t i = 0; i < engine->fn->fn->nparam; i++)
        if (engine->fn->fn->params[i].type.kind == TYPE_POINTER)
            callee_clobber(engine, state, &clobbers, term_param(&engine->terms, i));
    callee_clobber_done(engine, state, &clobbers);
}

void callee_clobber_done(Engine *engine, State *state, const Clobbers *clobbers)
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

void callee_clobber_args(Engine *engine, State *state, const Call *call,
                         Clobbers *clobbers)
{
    for (uint32_t i = 0; i < call->narg; i++)
        if (call->args[i] && !param_is_const(call, i))
            callee_clobber(engine, state, clobbers, call->args[i]);
}

void callee_unknown(Engine *engine, State *state, const Call *call)
{
    uint32_t flags = call->callee ? call->callee->fn->flags : 0;
    if (!(flags & FN_PURE)) {
        Clobbers clobbers = {.n = 0};
        callee_clobber_args(engine, state, call, &clobbers);
        callee_clobber_globals(engine, state, &clobbers);
        callee_clobber_done(engine, state, &clobbers);
    }
    if (call->ins->dst && call->narg == 1) note_handed(engine, call->args[0]);
    TermId result = callee_fresh_result(engine);
    if (way_asks_world(call->callee)) term_mark_outside(&engine->terms, result);
    if (flags & (FN_RETURNS_NONNULL)) value_assume(engine, state, result, true, 0);
    believe_result(engine, result, call->args, call->narg);
    exec_set(engine, state, call->ins->dst, result);
}

/* --- arguments --------------------------------------------------------------------------- */

Val callee_arg(const Call *call, uint32_t i)
{
    return i < call->ins->narg ? call->ins->args[i] : 0;
}
