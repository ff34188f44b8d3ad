/*
 * Evidence: what a function shows of what its author believes. A result that is asked for
 * before it is used may be null to this author; one that is used at once may not.
 *
 * Evidence is about sites, not about states: whatever number of paths reach a call, it is
 * one site, and it is checked when its result was asked for on any of them.
 */
#include "flow/engine.h"

void believe_result(Engine *engine, TermId result)
{
    const Term *term = &engine->terms.at[result];
    if (term->kind == TERM_INT || term_is_address(&engine->terms, result)) return;
    *map_put(&engine->result_of, result, 0, NULL) = engine_number(engine);
}

uint32_t believe_call(const Engine *engine, TermId id)
{
    const Term *term = &engine->terms.at[id];
    if (term->kind == TERM_NULL) {
        const Origin *origin = &engine->origins.at[term->imm];
        bool given = origin->kind == ORIGIN_RETURN || origin->kind == ORIGIN_ALLOC;
        return given ? origin->ins : UINT32_MAX;
    }
    const uint64_t *known = map_get(&engine->result_of, id);
    return known ? (uint32_t)*known : UINT32_MAX;
}

void believe(Engine *engine, TermId id, EvidenceKind kind)
{
    uint32_t call = believe_call(engine, id);
    if (call == UINT32_MAX) return;
    *map_put(&engine->result_seen, call, 0, NULL) |= (uint64_t)1 << kind;
}

void believe_unchecked(Engine *engine, uint32_t call)
{
    *map_put(&engine->result_seen, call, 0, NULL) |= (uint64_t)1 << EVIDENCE_UNCHECKED;
}

const ProgramFn *believe_callee(const Engine *engine, uint32_t number)
{
    uint32_t b = 0;
    if (number >= engine->shape.nins) return NULL;
    while (engine->shape.first[b + 1] <= number)
        b++;
    const Ins *ins = &engine->body->blocks[b].ins[number - engine->shape.first[b]];
    if (ins->op != OP_CALL || !ins->fn || ins->a) return NULL;
    return program_fn(engine->context->program, engine->unit, ins->fn);
}

void believe_unknown(Engine *engine, const State *state, TermId root, const char *what)
{
    uint32_t call = believe_call(engine, root);
    const ProgramFn *fn = believe_callee(engine, call);
    if (!fn || fn->fn->body || fn->model || state->is_merged) return;
    Origin origin = {
        .kind = ORIGIN_RETURN, .ins = call, .callee = fn->link_name, .is_belief = true};
    Candidate candidate = {.kind = CANDIDATE_DEREF, .what = what};
    note_candidate(engine, state, candidate, root, note_origin(engine, origin), NULL, 0);
}

static EvidenceKind passed_kind(Engine *engine, const State *state, TermId value)
{
    if (value_is_valid(engine, state, value)) return EVIDENCE_PASSED_VALID;
    bool is_null =
        value_is_null(engine, state, value) || value_origin(engine, state, value) != 0;
    return is_null ? EVIDENCE_PASSED_NULL : EVIDENCE_PASSED_MAYBE;
}

void believe_passed(Engine *engine, const State *state, const ProgramFn *fn,
                    const TermId *args, uint32_t narg)
{
    for (uint32_t i = 0; i < narg && i < fn->fn->nparam; i++) {
        if (fn->fn->params[i].type.kind != TYPE_POINTER || !args[i]) continue;
        EvidenceKind kind = passed_kind(engine, state, args[i]);
        uint64_t key = ((uint64_t)engine_number(engine) << 8) | (i & 255);
        bool added;
        uint64_t *at = map_put(&engine->passed_seen, key, engine->evidence.n, &added);
        if (added) {
            Evidence evidence = {.kind = kind,
                                 .slot = {SLOT_PARAM, i & 255, fn->link_name},
                                 .site = {engine->fn->link_name, engine_number(engine)}};
            vec_push(engine->arena, &engine->evidence, evidence);
        }
        if (kind > engine->evidence.at[*at].kind) engine->evidence.at[*at].kind = kind;
    }
}

static EvidenceKind strongest(uint64_t kinds)
{
    if (kinds >> EVIDENCE_CHECKED & 1) return EVIDENCE_CHECKED;
    return kinds >> EVIDENCE_CHECKED_MACRO & 1 ? EVIDENCE_CHECKED_MACRO
                                               : EVIDENCE_UNCHECKED;
}

void believe_end(Engine *engine)
{
    for (uint32_t i = 0; i < engine->result_seen.n; i++) {
        MapEntry entry = engine->result_seen.entries[i];
        uint32_t call = (uint32_t)entry.key;
        const ProgramFn *fn = believe_callee(engine, call);
        if (!fn) continue;
        Evidence evidence = {.kind = strongest(entry.value),
                             .slot = {.kind = SLOT_RESULT, .name = fn->link_name},
                             .site = {engine->fn->link_name, call}};
        vec_push(engine->arena, &engine->evidence, evidence);
    }
}
