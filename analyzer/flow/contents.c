/*
 * What the objects that a function hands out hold: a constructor that leaves a member null, an
 * init function that clears a whole struct. Posts speak of what callers had before; this adds
 * what they could not have: members of new objects, and ranges of zeros.
 *
 * Everything that is known of an object is exported, or nothing: a member that was written
 * after the clearing and left out would read as zero.
 */
#include "base/hash.h"
#include "flow/engine.h"

enum { MOST_OBJECTS = 4, MOST_ZEROS = 8, MOST_DEPTH = 4 };

typedef struct Contents {
    Engine *engine;
    const State *state;
    Outcome *outcome;
    uint32_t room; /* for posts */
    TermId objects[MOST_OBJECTS];
    uint32_t nobject;
} Contents;

/* --- which objects ----------------------------------------------------------------------- */

static bool is_new_object(const Engine *engine, TermId root)
{
    const Term *term = &engine->terms.at[root];
    return term->kind == TERM_FRESH &&
           (term->calc == (Calc)FRESH_RESULT || term->calc == (Calc)FRESH_NEW);
}

static void add_object(Contents *contents, TermId value)
{
    if (!value || !is_new_object(contents->engine, value)) return;
    for (uint32_t i = 0; i < contents->nobject; i++)
        if (contents->objects[i] == value) return;
    if (contents->nobject < MOST_OBJECTS) contents->objects[contents->nobject++] = value;
}

static bool has_object(const Contents *contents, TermId root)
{
    for (uint32_t i = 0; i < contents->nobject; i++)
        if (contents->objects[i] == root) return true;
    return false;
}

static void find_objects(Contents *contents)
{
    const State *state = contents->state;
    for (uint32_t i = 0; i < state->ncell; i++)
        if (export_is_seen(contents->engine, &state->cells[i]))
            add_object(contents, state->cells[i].value);
}

/* --- members ----------------------------------------------------------------------------- */

/* Straight members of the object: no element at an index nobody knows. */
static bool is_member(const Engine *engine, TermId address)
{
    while (engine->terms.at[address].kind == TERM_OFFSET)
        address = engine->terms.at[address].a;
    return is_new_object(engine, address);
}

static uint32_t count_members(const Contents *contents, TermId object, bool *is_whole)
{
    const State *state = contents->state;
    uint32_t n = 0;
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        if (!cell->is_written) continue;
        if (term_root(&contents->engine->terms, cell->address) != object) continue;
        if (!is_member(contents->engine, cell->address)) *is_whole = false;
        n++;
    }
    return n;
}

static void add_members(Contents *contents, TermId object)
{
    const State *state = contents->state;
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        if (!cell->is_written || !is_member(contents->engine, cell->address)) continue;
        if (term_root(&contents->engine->terms, cell->address) != object) continue;
        export_post(contents->engine, state, contents->outcome, cell);
    }
}

static bool is_failed_alloc(Engine *engine, const State *state, const Cell *cell)
{
    if (cell->type.kind != TYPE_POINTER || !value_is_null(engine, state, cell->value))
        return false;
    uint32_t origin = value_origin(engine, state, cell->value);
    return origin && engine->origins.at[origin].kind == ORIGIN_ALLOC;
}

uint64_t contents_key(Engine *engine, const State *state)
{
    Contents contents = {.engine = engine, .state = state};
    uint64_t key = 0;
    find_objects(&contents);
    for (uint32_t i = 0; i < state->ncell && contents.nobject; i++) {
        const Cell *cell = &state->cells[i];
        if (!cell->is_written || !is_member(engine, cell->address)) continue;
        if (!has_object(&contents, term_root(&engine->terms, cell->address))) continue;
        if (is_failed_alloc(engine, state, cell)) key = hash_word(key ^ cell->address);
    }
    return key;
}

/* --- zeros ------------------------------------------------------------------------------- */

static bool is_visible_object(const Contents *contents, TermId object)
{
    const Engine *engine = contents->engine;
    if (has_object(contents, object)) return true;
    if (!engine->terms.at[object].is_entry || engine->terms.at[object].depth > MOST_DEPTH)
        return false;
    TermKind root = engine->terms.at[term_root(&engine->terms, object)].kind;
    return root == TERM_PARAM || root == TERM_INIT || root == TERM_GLOBAL;
}

/* Which bytes were copied is not told: on every way, what is there is unknown. */
static void add_overwrites(Contents *contents)
{
    const Engine *engine = contents->engine;
    Outcome *outcome = contents->outcome;
    for (uint32_t i = 0; i < engine->overwrites.n; i++)
        outcome->effects[outcome->neffect++] =
            (Effect){.kind = EFFECT_COPY, .to = engine->overwrites.at[i]};
}

static void add_zeros(Contents *contents)
{
    const State *state = contents->state;
    Engine *engine = contents->engine;
    Outcome *outcome = contents->outcome;
    uint32_t most = outcome->neffect + MOST_ZEROS;
    for (uint16_t i = 0; i < state->nzeroed && outcome->neffect < most; i++) {
        Zeroed zeroed = state->zeroed[i];
        if (zeroed.low >= zeroed.high || !is_visible_object(contents, zeroed.object))
            continue;
        TermId from = term_offset(&engine->terms, zeroed.object, zeroed.low);
        TermId size = term_int(&engine->terms, zeroed.high - zeroed.low);
        Effect effect = {.kind = EFFECT_ZERO, .to = export_place(engine, state, from)};
        if (zeroed.high != INT64_MAX) effect.size = export_term(engine, state, size);
        if (effect.to) outcome->effects[outcome->neffect++] = effect;
    }
}

void contents_export(Engine *engine, const State *state, Outcome *outcome, uint32_t room)
{
    Contents contents = {engine, state, outcome, room, {0}, 0};
    find_objects(&contents);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < contents.nobject; i++) {
        bool is_whole = true;
        uint32_t n = count_members(&contents, contents.objects[i], &is_whole);
        if (!is_whole || outcome->npost + n > room) continue;
        add_members(&contents, contents.objects[i]);
        contents.objects[kept++] = contents.objects[i];
    }
    contents.nobject = kept;
    outcome->effects =
        ARENA_ARRAY(engine->arena, Effect, engine->overwrites.n + MOST_ZEROS);
    add_overwrites(&contents);
    add_zeros(&contents);
}
