/*
 * Pointers that carry an error code: -1 .. -4095, as the kernel's ERR_PTR makes them and as
 * mmap reports its failure. They are not null, and they are not objects: a test for one lets
 * the other through.
 *
 * An int that is made a pointer is no address on a machine whose pointers are wider: it is
 * null or an error code, whatever the number.
 */
#include "flow/engine.h"

enum { WORD_SIZE = 8, INT_SIZE = 4 };

bool errptr_is(Range range)
{
    return range.classes == CLASS_ERR ||
           (range.classes && range.low >= ERROR_LOWEST && range.high < 0);
}

/* The value before it was widened, as in (void *)(long)error. */
static const Ins *narrow_def(const Engine *engine, Val val)
{
    const Block *block = &engine->body->blocks[engine->block];
    const Ins *def = &block->ins[engine->shape.def[val]];
    while (def->op == OP_CALC && def->calc == CALC_CAST && def->type.kind == TYPE_INT &&
           def->type.size == WORD_SIZE)
        def = &block->ins[engine->shape.def[def->a]];
    return def;
}

bool errptr_is_small(const Engine *engine, Val val)
{
    if (!val) return false;
    const Ins *def = narrow_def(engine, val);
    return def->op != OP_CONST && def->type.kind == TYPE_INT && def->type.is_signed &&
           def->type.size <= INT_SIZE;
}

TermId errptr_of_int(Engine *engine, State *state, TermId value)
{
    int64_t constant;
    Range range = value_range(engine, state, value);
    if (term_is_int(&engine->terms, value, &constant)) return value;
    TermId pointer = term_fresh(&engine->terms, FRESH_OPAQUE, UINT32_MAX - 2, value);
    uint8_t classes = (range.classes & CLASS_NULL) | CLASS_ERR;
    if (range.classes == CLASS_NULL) classes = CLASS_NULL;
    value_assume_range(engine, state, pointer, range_of_class(classes), 0);
    return pointer;
}

/* --- questions -------------------------------------------------------------------------- */

TermId errptr_question(const Engine *engine, TermId condition)
{
    int64_t bound;
    const Term *term = &engine->terms.at[condition];
    while (term->kind == TERM_CALC && term->calc == CALC_NOT)
        term = &engine->terms.at[term->a];
    if (term->kind != TERM_CALC || !term_is_int(&engine->terms, term->b, &bound))
        return 0;
    bool is_equal = term->calc == CALC_EQ && bound < 0 && bound >= ERROR_LOWEST;
    bool is_within = term->calc == CALC_LT && term->is_unsigned && bound < 0;
    return is_equal || is_within ? term->a : 0;
}

void errptr_asked(Engine *engine, TermId value)
{
    uint32_t call = value ? believe_call(engine, value) : UINT32_MAX;
    if (call != UINT32_MAX) map_put(&engine->errors_asked, call, 1, NULL);
}

uint32_t errptr_flags(const Engine *engine, const State *state, uint32_t call)
{
    uint32_t flags = 0;
    for (const Trace *at = state->trace; at; at = at->before) {
        if (at->kind != TRACE_BRANCH || at->call != call + 1) continue;
        bool found = at->condition && errptr_question(engine, at->condition);
        flags |= found ? CANDIDATE_HANDLED : CANDIDATE_MIXED;
    }
    return flags;
}

void errptr_end(Engine *engine)
{
    for (uint32_t i = 0; i < engine->candidates.n; i++) {
        Candidate *candidate = &engine->candidates.at[i];
        bool given =
            candidate->origin == ORIGIN_RETURN || candidate->origin == ORIGIN_ALLOC;
        if (given && map_get(&engine->errors_asked, candidate->source.ins))
            candidate->flags |= CANDIDATE_MIXED;
    }
}
