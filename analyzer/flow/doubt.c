/*
 * Pointers whose own declaration says that they may be null: parameters and members that are
 * _Nullable, and the addresses of what is declared weak and defined nowhere. To use one
 * without a test goes against the declaration, whatever callers pass.
 */
#include <string.h>

#include "flow/engine.h"

/* Weak here, and nobody defines it: whether it is there is known when the program is linked,
 * or started. */
static bool is_weak_fn(const Engine *engine, FnId id)
{
    if (!(engine->unit->fns[id].flags & FN_WEAK)) return false;
    const ProgramFn *fn = program_fn(engine->context->program, engine->unit, id);
    return !fn->fn->body && !fn->model;
}

/* The linker defines the bounds of a section, which is there when something is in it. */
static bool is_bound(const char *name)
{
    return !strncmp(name, "__start_", 8) || !strncmp(name, "__stop_", 7);
}

static bool is_weak_global(const Engine *engine, GlobalId id)
{
    uint32_t flags = engine->unit->globals[id].flags;
    if (!(flags & GLOBAL_WEAK) || !(flags & GLOBAL_EXTERN)) return false;
    if (is_bound(engine->unit->globals[id].name->text)) return false;
    const ProgramGlobal *global =
        program_global(engine->context->program, engine->unit, id);
    return global->global && (global->global->flags & GLOBAL_EXTERN);
}

void doubt_add(Engine *engine, TermId value, const Name *weak)
{
    const Term *term = &engine->terms.at[value];
    bool is_plain =
        term->kind == TERM_PARAM || term->kind == TERM_INIT || term->kind == TERM_FRESH;
    if (!weak && !is_plain) return;
    if (weak) engine->terms.at[value].is_weak = true;
    map_put(&engine->doubts, value, MAP_KEY(weak), NULL);
}

void doubt_address(Engine *engine, const Ins *ins, TermId address)
{
    if (engine->terms.at[address].is_weak) return;
    if (ins->ref == REF_FN ? is_weak_fn(engine, ins->fn)
                           : is_weak_global(engine, ins->global))
        doubt_add(engine, address, engine->terms.at[address].name);
}

void doubt_load(Engine *engine, State *state, const Ins *ins, const Ins *from,
                TermId value)
{
    bool is_nonnull = false, is_nullable = false;
    if (from->op == OP_FIELD) {
        is_nonnull = engine->unit->fields[from->field].is_nonnull;
        is_nullable = engine->unit->fields[from->field].is_nullable;
    } else if (from->op == OP_ADDR && from->ref == REF_GLOBAL) {
        uint32_t flags = engine->unit->globals[from->global].flags;
        is_nonnull = flags & GLOBAL_NONNULL;
        is_nullable = flags & GLOBAL_NULLABLE;
    }
    if (ins->type.kind != TYPE_POINTER || !(is_nonnull || is_nullable)) return;
    if (is_nullable) doubt_add(engine, value, NULL);
    /* A null that was seen to be stored there is one all the same. */
    if (is_nonnull && !value_origin(engine, state, value))
        value_assume(engine, state, value, true, 0);
}

bool doubt_note(Engine *engine, const State *state, TermId value, Candidate candidate,
                const SiteStep *more, uint32_t nmore)
{
    const uint64_t *known = engine->doubts.n ? map_get(&engine->doubts, value) : NULL;
    if (!known) return false;
    Origin origin = {.kind = ORIGIN_DECLARED,
                     .ins = engine_number(engine),
                     .callee = (const Name *)(uintptr_t)*known,
                     .param = value};
    note_candidate(engine, state, candidate, value, note_origin(engine, origin), more,
                   nmore);
    return true;
}

bool doubt_call(Engine *engine, State *state, const Ins *ins)
{
    if (!is_weak_fn(engine, ins->fn)) return true;
    const ProgramFn *fn = program_fn(engine->context->program, engine->unit, ins->fn);
    TermId address = term_named(&engine->terms, TERM_FN, fn->link_name);
    doubt_add(engine, address, fn->link_name);
    Range range = value_range(engine, state, address);
    if (!(range.classes & CLASS_NULL)) return true;
    Candidate candidate = {.kind = CANDIDATE_CALL, .what = fn->fn->name->text};
    uint32_t origin = value_origin(engine, state, address);
    if (range.classes != CLASS_NULL)
        doubt_note(engine, state, address, candidate, NULL, 0);
    else if (origin)
        note_candidate(engine, state, candidate, address, origin, NULL, 0);
    return value_assume(engine, state, address, true, 0);
}
