/* One instruction on one state. Calls are in call.c. */
#include "flow/callee.h"
#include "ir/assertion.h"

#include <string.h>

TermId exec_val(const Engine *engine, const State *state, Val val)
{
    if (!val) return 0;
    return state->vals[val - engine->shape.val_low[engine->block]];
}

void exec_set(const Engine *engine, State *state, Val val, TermId term)
{
    if (val) state->vals[val - engine->shape.val_low[engine->block]] = term;
}

static const Ins *def_of(const Engine *engine, Val val)
{
    return &engine->body->blocks[engine->block].ins[engine->shape.def[val]];
}

/* The pointer that an address rests on, as the program wrote it. */
static Val pointer_of(const Engine *engine, Val val)
{
    for (;;) {
        const Ins *def = def_of(engine, val);
        if (def->op != OP_FIELD && def->op != OP_INDEX) return val;
        val = def->a;
    }
}

/* *(int *)0 = 0: a constant that never went through a variable is meant. */
static bool is_deliberate(const Engine *engine, Val val)
{
    const Ins *def = def_of(engine, val);
    while (def->op == OP_CALC && def->calc == CALC_CAST)
        def = def_of(engine, def->a);
    return def->op == OP_CONST;
}

const char *exec_pointer_text(Engine *engine, Val val)
{
    return ir_text(engine->unit, engine->body, engine->block, pointer_of(engine, val),
                   engine->arena);
}

static bool is_object(const Engine *engine, TermId root)
{
    return term_is_address(&engine->terms, root);
}

static void learn_valid(Engine *engine, State *state, TermId root, const Ins *ins)
{
    Range known = value_range(engine, state, root);
    if (!(known.classes & CLASS_NULL)) return;
    value_assume(engine, state, root, true, 0);
    Fact *fact = state_fact(state, root);
    if (fact) fact->is_demand = true;
    if (fact && !(ins->flags & INS_IMPLICIT) && !ins->macro)
        fact->deref = engine_number(engine) + 1;
}

static FieldId field_of(const Engine *engine, Val address)
{
    const Ins *def = def_of(engine, address);
    return def->op == OP_FIELD ? def->field : 0;
}

/* An error pointer is used as an object. */
static bool error_deref(Engine *engine, const State *state, TermId root, Val val,
                        CandidateKind kind)
{
    uint32_t origin = value_origin(engine, state, root);
    const Origin *why = &engine->origins.at[origin];
    if (!origin || !(why->is_error || why->kind == ORIGIN_TESTED)) return true;
    Candidate candidate = {
        .kind = kind, .what = exec_pointer_text(engine, val), .flags = CANDIDATE_ERROR};
    note_candidate(engine, state, candidate, root, origin, NULL, 0);
    return false;
}

bool exec_deref(Engine *engine, State *state, TermId root, Val val, const Ins *ins,
                CandidateKind kind)
{
    if (engine->watch) watch_use(engine, state, root, val, kind == CANDIDATE_CALL);
    if (is_object(engine, root)) return true;
    const Term *term = &engine->terms.at[root];
    bool left = term->kind == TERM_FRESH && term->calc == (Calc)FRESH_LEFT;
    Range range = value_range(engine, state, root);
    uint32_t origin = value_origin(engine, state, root);
    bool null = range.classes == CLASS_NULL,
         maybe = (range.classes & CLASS_NULL) && origin;
    LatentKind latent = kind == CANDIDATE_CALL ? LATENT_CALL : LATENT_DEREF;
    if (!null && errptr_is(range)) return error_deref(engine, state, root, val, kind);
    left = left && (range.classes & CLASS_NULL); /* whoever tested it did not trust it */
    if (left) origin = outcome_left_origin(engine, root);
    if (null || left || maybe) {
        if (null && is_deliberate(engine, val)) return false;
        Candidate candidate = {.kind = kind, .what = exec_pointer_text(engine, val)};
        if (!null) candidate.flags = left ? 0 : CANDIDATE_MERGED;
        if (origin) note_candidate(engine, state, candidate, root, origin, NULL, 0);
        if (null || note_in_assertion(engine)) {
            if (origin && !note_in_assertion(engine)) {
                note_own_null(engine, state, latent, origin);
                note_hearsay(engine, state, latent, root, origin);
            }
            return false;
        }
    } else if (range.classes & CLASS_NULL) {
        note_latent(engine, state, latent, root, NULL, 0);
        Candidate candidate = {.kind = kind};
        if (engine->doubts.n) candidate.what = exec_pointer_text(engine, val);
        bool is_doubted = doubt_note(engine, state, root, candidate, NULL, 0);
        if (!state->is_unasserted && !is_doubted)
            believe_unchecked(engine, state, root, pointer_of(engine, val), val, kind);
    } else {
        believe_valid(engine, root, val);
    }
    learn_valid(engine, state, root, ins);
    return true;
}

static bool deref_address(Engine *engine, State *state, Val val, const Ins *ins)
{
    TermId root =
        state_canon(state, term_root(&engine->terms, exec_val(engine, state, val)));
    if (engine->request && !term_is_address(&engine->terms, root))
        use_access(engine, state, root, val, ins);
    return exec_deref(engine, state, root, val, ins, CANDIDATE_DEREF);
}

static TermId opaque(Engine *engine)
{
    return term_fresh(&engine->terms, FRESH_OPAQUE, engine_number(engine), 0);
}

/* One of several: what is at different addresses is not the same. */
static TermId opaque_at(Engine *engine, TermId address)
{
    return term_fresh(&engine->terms, FRESH_OPAQUE, engine_number(engine), address);
}

static TermId address_of(Engine *engine, const Ins *ins)
{
    const Body *body = engine->body;
    if (ins->ref == REF_LOCAL) {
        const Local *local = &body->locals[ins->local];
        /* An aggregate parameter is the caller's copy: its address is what was passed. */
        bool passed = (local->flags & LOCAL_PARAM) && local->type.kind == TYPE_AGGREGATE;
        return passed ? term_param(&engine->terms, ins->local - 1)
                      : term_local(&engine->terms, ins->local);
    }
    const Program *program = engine->context->program;
    bool is_global = ins->ref == REF_GLOBAL;
    const Name *name = is_global
                           ? program_global(program, engine->unit, ins->global)->link_name
                           : program_fn(program, engine->unit, ins->fn)->link_name;
    TermId address = term_named(&engine->terms, is_global ? TERM_GLOBAL : TERM_FN, name);
    doubt_address(engine, ins, address);
    return address;
}

/* `(p) ? (p)->x : NULL` in a macro is the macro's caution, not a null of ours. */
static bool is_macro_choice(const Engine *engine, const Ins *ins)
{
    if (!ins->macro || (ins->flags & INS_MACRO_ARG)) return false;
    if (!strcmp(engine->unit->macros[ins->macro]->text, "NULL")) return false;
    const Block *block = &engine->body->blocks[engine->block];
    for (uint32_t i = engine->ins + 1; i < block->nins; i++) {
        const Ins *store = &block->ins[i];
        if (store->op != OP_STORE || store->b != ins->dst) continue;
        const Ins *to = def_of(engine, store->a);
        return to->op == OP_ADDR && to->ref == REF_LOCAL &&
               (engine->body->locals[to->local].flags & LOCAL_TEMPORARY);
    }
    return false;
}

static TermId null_constant(Engine *engine, const Ins *ins)
{
    NullOrigin kind = is_macro_choice(engine, ins) ? ORIGIN_TESTED_MACRO : ORIGIN_CONST;
    Origin origin = {.kind = kind, .ins = engine_number(engine)};
    return term_null(&engine->terms, note_origin(engine, origin));
}

static int64_t wrap(int64_t value, Type type)
{
    if (type.kind != TYPE_INT || type.size == 0 || type.size >= 8) return value;
    unsigned bits = type.size * 8;
    uint64_t low = (uint64_t)value & (((uint64_t)1 << bits) - 1);
    bool negative = type.is_signed && (low >> (bits - 1) & 1);
    return negative ? (int64_t)(low | ~(((uint64_t)1 << bits) - 1)) : (int64_t)low;
}

bool exec_is_literal(const Engine *engine, Val val)
{
    if (!val) return false;
    const Ins *def = def_of(engine, val);
    while (def->op == OP_CALC && def->calc == CALC_CAST)
        def = def_of(engine, def->a);
    return def->op == OP_CONST && def->imm == 0;
}

const char *exec_text(const Engine *engine, Val val)
{
    const Ins *def = def_of(engine, val);
    while (def->op == OP_CALC && def->calc == CALC_CAST)
        def = def_of(engine, def->a);
    return def->op == OP_STRING && def->text ? def->text->text : NULL;
}

/* What stands in volatile memory is put there by others. */
static TermId world(Engine *engine)
{
    TermId value = opaque(engine);
    term_mark_outside(&engine->terms, value);
    return value;
}

static TermId calc_of(Engine *engine, const State *state, const Ins *ins)
{
    TermId a = exec_val(engine, state, ins->a), b = exec_val(engine, state, ins->b);
    if (ins->type.kind == TYPE_FLOAT || ins->type.kind == TYPE_AGGREGATE)
        return opaque(engine);
    int64_t value;
    if (ins->calc == CALC_CAST) {
        if (!term_is_int(&engine->terms, a, &value)) return a;
        if (ins->type.kind == TYPE_POINTER && value == 0)
            return engine->terms.at[a].kind == TERM_NULL ? a : null_constant(engine, ins);
        if (engine->terms.at[a].kind == TERM_NULL) return a;
        return term_int(&engine->terms, wrap(value, ins->type));
    }
    if (ins->calc == CALC_EQ || ins->calc == CALC_NE) { /* p == NULL asks about p */
        if (exec_is_literal(engine, ins->a)) a = term_int(&engine->terms, 0);
        if (exec_is_literal(engine, ins->b)) b = term_int(&engine->terms, 0);
    }
    bool sums = ins->calc == CALC_ADD || ins->calc == CALC_MUL;
    bool is_unsigned = (ins->flags & INS_UNSIGNED) ||
                       (sums && ins->type.kind == TYPE_INT && !ins->type.is_signed);
    TermId result = term_calc(&engine->terms, ins->calc, is_unsigned, a, b);
    if (engine->terms.at[result].kind == TERM_INT)
        return term_int(&engine->terms, wrap(engine->terms.at[result].imm, ins->type));
    return result;
}

/* Of an assertion that was compiled out: nobody looks there. */
static bool is_claimed(const Engine *engine, const Ins *ins)
{
    bool is_negated;
    return (ins->flags & INS_IMPLICIT) && ins->macro &&
           assertion_is(engine->unit->macros[ins->macro]->text, &is_negated);
}

static bool is_null_address(Engine *engine, const State *state, Val val)
{
    TermId root = term_root(&engine->terms, exec_val(engine, state, val));
    if (term_is_address(&engine->terms, root)) return false;
    return value_range(engine, state, state_canon(state, root)).classes == CLASS_NULL;
}

static bool run_load(Engine *engine, State *state, const Ins *ins)
{
    bool passes = is_claimed(engine, ins) ? !is_null_address(engine, state, ins->a)
                                          : deref_address(engine, state, ins->a, ins);
    if (!passes) {
        /* Where the assertion is left out, what follows is what crashes. */
        if (!is_claimed(engine, ins) && !note_in_assertion(engine)) return false;
        exec_set(engine, state, ins->dst, opaque(engine));
        return true;
    }
    TermId value;
    if (ins->type.kind == TYPE_FLOAT)
        value = opaque(engine);
    else if (ins->flags & INS_VOLATILE)
        value = world(engine);
    else
        value = memory_load(engine, state, exec_val(engine, state, ins->a), ins->type,
                            field_of(engine, ins->a));
    if (ins->type.kind == TYPE_POINTER)
        doubt_load(engine, state, ins, def_of(engine, ins->a), value);
    if (engine->request && ins->type.kind == TYPE_POINTER)
        request_load(engine, field_of(engine, ins->a), value);
    if (engine->request && ins->macro) use_load(engine, state, ins, value);
    if (ins->type.kind == TYPE_POINTER)
        believe_load(engine, ins->a, field_of(engine, ins->a),
                     exec_val(engine, state, ins->a), value);
    exec_set(engine, state, ins->dst, value);
    return true;
}

static bool run_store(Engine *engine, State *state, const Ins *ins)
{
    if (!deref_address(engine, state, ins->a, ins)) return false;
    TermId value = exec_val(engine, state, ins->b);
    if (!value) value = opaque(engine);
    if (ins->type.kind == TYPE_POINTER)
        believe_store(engine, state, exec_val(engine, state, ins->a),
                      field_of(engine, ins->a), value);
    if (engine->request)
        request_store(engine, state, exec_val(engine, state, ins->a), value);
    if (engine->request && ins->macro) use_store(engine, state, ins);
    memory_store(engine, state, exec_val(engine, state, ins->a), value, ins->type,
                 field_of(engine, ins->a));
    return true;
}

static bool run_copy(Engine *engine, State *state, const Ins *ins)
{
    if (!deref_address(engine, state, ins->b, ins)) return false;
    if (!deref_address(engine, state, ins->a, ins)) return false;
    memory_copy(engine, state, exec_val(engine, state, ins->a),
                exec_val(engine, state, ins->b), ins->imm);
    return true;
}

static bool run_fill(Engine *engine, State *state, const Ins *ins)
{
    if (!deref_address(engine, state, ins->a, ins)) return false;
    Origin origin = {.kind = ORIGIN_ZEROED, .ins = engine_number(engine)};
    memory_fill(engine, state, exec_val(engine, state, ins->a), ins->imm,
                note_origin(engine, origin));
    return true;
}

/* Writes through addresses we are given, of values we do not know. */
static void run_unknown(Engine *engine, State *state, const Ins *ins)
{
    for (uint32_t i = 0; i < ins->narg; i++) {
        TermId at = exec_val(engine, state, ins->args[i]);
        if (!at) continue;
        Cell *cell = state_cell(state, at);
        TermId root = term_root(&engine->terms, at);
        if (ins->op == OP_ASM && (cell || term_is_address(&engine->terms, root)))
            state_put(state,
                      (Cell){.address = at,
                             .is_written = true,
                             .value = opaque_at(engine, at),
                             .type = cell ? cell->type
                                          : (Type){.kind = TYPE_POINTER, .size = 8}});
        else if (engine->terms.at[root].kind != TERM_INT)
            memory_havoc(engine, state, root, engine_number(engine));
    }
    if (ins->flags & INS_MEMORY) callee_clobber_memory(engine, state);
    if (ins->dst) exec_set(engine, state, ins->dst, opaque(engine));
}

static void end_local(Engine *engine, State *state, LocalId local)
{
    uint32_t kept = 0;
    TermId address = term_local(&engine->terms, local);
    for (uint32_t i = 0; i < state->ncell; i++)
        if (term_root(&engine->terms, state->cells[i].address) != address)
            state->cells[kept++] = state->cells[i];
    state->ncell = kept;
}

static TermId field_address(Engine *engine, const State *state, const Ins *ins)
{
    const Field *field = &engine->unit->fields[ins->field];
    int64_t offset = (int64_t)field->offset;
    if (field->bit_width) offset += ((int64_t)field->bit_offset + 1) << BIT_OFFSET_SHIFT;
    return term_offset(&engine->terms, exec_val(engine, state, ins->a), offset);
}

/* Equal texts are one: what is asked with the same name twice is the same question. */
static TermId literal(Engine *engine, const Ins *ins)
{
    enum { WHOLE = 200 }; /* a longer text was cut */
    if (ins->text && ins->text->len < WHOLE)
        return term_named(&engine->terms, TERM_STRING, ins->text);
    return term_string(&engine->terms, engine_number(engine));
}

static TermId const_of(Engine *engine, const Ins *ins)
{
    if (ins->type.kind == TYPE_POINTER && ins->imm == 0)
        return null_constant(engine, ins);
    if (ins->type.kind == TYPE_FLOAT) return opaque(engine);
    return term_int(&engine->terms, ins->imm);
}

static bool run_assume(Engine *engine, State *state, const Ins *ins)
{
    TermId condition = exec_val(engine, state, ins->a);
    if (!note_denied(engine, state, condition, ins))
        return value_assume(engine, state, condition, true, 0);
    state->is_unasserted = true;
    return true;
}

/* False when the path ends here. */
static bool run_one(Engine *engine, State *state, const Ins *ins)
{
    switch (ins->op) {
    case OP_CONST: exec_set(engine, state, ins->dst, const_of(engine, ins)); return true;
    case OP_STRING: exec_set(engine, state, ins->dst, literal(engine, ins)); return true;
    case OP_ADDR: exec_set(engine, state, ins->dst, address_of(engine, ins)); return true;
    case OP_LOAD: return run_load(engine, state, ins);
    case OP_STORE: return run_store(engine, state, ins);
    case OP_COPY: return run_copy(engine, state, ins);
    case OP_FILL: return run_fill(engine, state, ins);
    case OP_FIELD:
        exec_set(engine, state, ins->dst, field_address(engine, state, ins));
        return true;
    case OP_INDEX:
        exec_set(engine, state, ins->dst,
                 term_index(&engine->terms, exec_val(engine, state, ins->a),
                            exec_val(engine, state, ins->b), ins->imm));
        return true;
    case OP_CALC:
        exec_set(engine, state, ins->dst, calc_of(engine, state, ins));
        if (ins->calc == CALC_CAST && ins->type.kind == TYPE_POINTER &&
            errptr_is_small(engine, ins->a))
            exec_set(engine, state, ins->dst,
                     errptr_of_int(engine, state, exec_val(engine, state, ins->dst)));
        return true;
    case OP_ASSUME: return run_assume(engine, state, ins);
    case OP_ASM:
    case OP_OPAQUE: run_unknown(engine, state, ins); return true;
    case OP_END: end_local(engine, state, ins->local); return true;
    case OP_CALL:
    case OP_JUMP:
    case OP_BRANCH:
    case OP_SWITCH:
    case OP_RETURN:
    case OP_STOP:
    case OP_COUNT: break;
    }
    return true;
}

void exec_ins(Engine *engine, State *state, const Ins *ins, StateList *out)
{
    uint32_t before = out->list.n;
    if (engine->watch) watch_before(engine, state);
    if (ins->op == OP_CALL)
        call_run(engine, state, ins, out);
    else if (run_one(engine, state, ins))
        vec_push(engine->scratch, &out->list, state);
    for (uint32_t i = before; engine->watch && i < out->list.n; i++)
        watch_after(engine, out->list.at[i], true);
}
