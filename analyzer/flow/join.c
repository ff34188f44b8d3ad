/*
 * Joins by relevance. States that agree on what is still read (which pointers are null,
 * which flags have which constant, which conditions are remembered) are one state; so an
 * unrelated `if (b) bar();` never costs a path. At most MOST_STATES disjuncts meet at a
 * block; the rest is folded into one merged state, so that no path is ever dropped.
 */
#include "flow/request.h"

#include <string.h>

#include "base/hash.h"

/* --- what is dead ---------------------------------------------------------------------- */

static bool cell_is_live(Engine *engine, const State *state, const Cell *cell,
                         uint32_t block)
{
    /* What memory held on entry can be read again; a null found there is worth a cell. */
    const Term *value = &engine->terms.at[cell->value];
    if (!cell->is_written && value->kind == TERM_INIT && value->a == cell->address &&
        !state->nequal) {
        const Fact *fact = state_fact(state, cell->value);
        if (!fact || fact->range.classes != CLASS_NULL) return false;
    }
    TermId root = term_root(&engine->terms, cell->address);
    const Term *term = &engine->terms.at[root];
    if (term->kind != TERM_LOCAL) return true;
    return bit_get(engine->shape.live[block], (uint32_t)term->imm);
}

/* Some load further on goes to the same offset of some object. */
static bool is_read_later(const Engine *engine, const Cell *cell, uint32_t block)
{
    int64_t offset;
    term_object(&engine->terms, cell->address, &offset);
    const uint64_t *number = map_get(&engine->shape.offset_number, (uint64_t)offset);
    return number && bit_get(engine->shape.fields[block], (uint32_t)*number);
}

static void mark_terms(const Engine *engine, uint64_t *used, TermId id)
{
    while (id && !bit_get(used, id)) {
        bit_set(used, id);
        const Term *term = &engine->terms.at[id];
        if (term->kind != TERM_FRESH && term->b) mark_terms(engine, used, term->b);
        id = term->a;
    }
}

/* Some cell holds it, or reading memory as it was on entry can give it again. */
static bool is_nameable(const Engine *engine, const uint64_t *used, TermId id)
{
    return !id || bit_get(used, id) || engine->terms.at[id].is_entry;
}

void join_tidy(Engine *engine, State *state, uint32_t block)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < state->ncell; i++) {
        if (!cell_is_live(engine, state, &state->cells[i], block)) continue;
        if (kept != i) state->cells[kept] = state->cells[i];
        kept++;
    }
    state->ncell = kept;
    ArenaMark mark = arena_mark(engine->scratch);
    uint64_t *used = ARENA_ARRAY(engine->scratch, uint64_t, engine->terms.n / 64 + 1);
    for (uint32_t i = 0; i < state->ncell; i++) {
        mark_terms(engine, used, state->cells[i].value);
        mark_terms(engine, used, state->cells[i].address);
    }
    for (uint16_t i = 0; i < state->nequal; i++)
        mark_terms(engine, used, state->equals[i].to);
    for (uint32_t i = 0; i < state->nmark; i++)
        mark_terms(engine, used, state->marks[i].value);
    kept = 0;
    for (uint32_t i = 0; i < state->nfact; i++) {
        TermId term = state->facts[i].term;
        bool keep = bit_get(used, term) || engine->terms.at[term].is_entry;
        if (!keep && engine->terms.at[term].kind == TERM_CALC) {
            const Term *calc =
                &engine->terms.at[term]; /* a remembered condition on live values */
            keep =
                is_nameable(engine, used, calc->a) && is_nameable(engine, used, calc->b);
        }
        if (!keep && engine->terms.at[term].kind == TERM_PURE)
            keep = bit_get(used, engine->terms.at[term].a);
        /* What a member held, of an object that is still known. */
        if (!keep && engine->terms.at[term].kind == TERM_INIT)
            keep = bit_get(used, term_root(&engine->terms, engine->terms.at[term].a));
        if (!keep) continue;
        if (kept != i) state->facts[kept] = state->facts[i];
        kept++;
    }
    state->nfact = kept;
    arena_reset(engine->scratch, mark);
}

/* --- keys ------------------------------------------------------------------------------ */

/* How finely states are told apart; the coarser, when there are too many. */
typedef enum Grain {
    GRAIN_FINE,
    GRAIN_COARSE, /* by null pointers alone */
    GRAIN_LOCALS  /* ... of local variables */
} Grain;

/* What matters of a value for telling states apart. */
static uint64_t describe(Engine *engine, const State *state, TermId value, Type type,
                         bool exact)
{
    const Term *term = &engine->terms.at[value];
    if (term->kind == TERM_FN) return 0x100 + value;
    if (type.kind != TYPE_POINTER && !exact) return 4;
    Range range = value_range(engine, state, value);
    if (type.kind == TYPE_POINTER) {
        if (range.classes == CLASS_NULL) return 1;
        if (errptr_is(range)) return 5;
        return range.classes & CLASS_NULL ? 2 : 3;
    }
    if (range.low == range.high) return hash_word(0x200000 + (uint64_t)range.low);
    if (term_is_bool(&engine->terms, value)) return 0x100000000 + value;
    if (term->kind == TERM_CALC && term->calc == CALC_AND) return 0x200000000 + value;
    return 8 | (range.low > 0) | (uint64_t)(range.high < 0) << 1 |
           (uint64_t)(!(range.classes & CLASS_NULL)) << 2;
}

/* What one cell says for telling states apart; 0: nothing. What nobody here reads again
 * counts only when it is a null that callers will find. */
static uint64_t describe_cell(Engine *engine, const State *state, const Cell *cell,
                              uint32_t block, Grain grain)
{
    bool local = engine->terms.at[cell->address].kind == TERM_LOCAL;
    if (grain == GRAIN_LOCALS && !local) return 0;
    bool later = local || is_read_later(engine, cell, block);
    if (!later) {
        if (!cell->is_written || engine->terms.at[cell->address].has_fresh) return 0;
        if (cell->type.kind != TYPE_POINTER) return 0;
        return value_is_null(engine, state, cell->value);
    }
    uint64_t what = describe(engine, state, cell->value, cell->type, grain == GRAIN_FINE);
    return what == 2 || what == 4 || what == 8 ? 0 : what;
}

uint64_t join_marks_key(const State *state)
{
    uint64_t key = (uint64_t)state->is_failed << 1;
    for (uint32_t i = 0; i < state->nmark; i++) {
        const RequestMark *mark = &state->marks[i];
        uint64_t what = hash_word((uint64_t)mark->yes << 32 ^ mark->maybe) ^
                        hash_word((uint64_t)mark->flags << 32 ^ mark->attached) ^
                        hash_word((uint64_t)mark->origin << 32 ^ mark->lost);
        key += hash_word(what ^ hash_word(mark->value + 1)); /* in any order */
    }
    return key;
}

static uint64_t key_of(Engine *engine, const State *state, uint32_t block, uint32_t ins,
                       Grain grain)
{
    uint64_t key = state->is_merged | (uint64_t)state->is_unasserted << 1;
    if (grain == GRAIN_FINE) key ^= join_marks_key(state);
    for (uint32_t i = 0; i < state->ncell; i++) {
        uint64_t what = describe_cell(engine, state, &state->cells[i], block, grain);
        if (what)
            key = hash_word(key ^
                            hash_word(((uint64_t)state->cells[i].address << 32) ^ what));
    }
    if (state->vals && ins) {
        for (uint32_t k = 0; k < engine->shape.nval[block]; k++) {
            Val val = engine->shape.val_low[block] + k;
            if (!state->vals[k] || engine->shape.last_use[val] < ins) continue;
            const Ins *def = &engine->body->blocks[block].ins[engine->shape.def[val]];
            uint64_t what = describe(engine, state, state->vals[k], def->type, true);
            if (def->op == OP_FIELD || def->op == OP_ADDR || def->op == OP_INDEX)
                what = state->vals[k];
            key = hash_word(key ^ hash_word(((uint64_t)val << 40) ^ what));
        }
    }
    return key;
}

uint64_t join_key(Engine *engine, const State *state, uint32_t block, bool coarse)
{
    return key_of(engine, state, block, 0, coarse ? GRAIN_COARSE : GRAIN_FINE);
}

/* --- folding one state into another ---------------------------------------------------- */

/* A number that grows turn after turn: to what the loop compares it with, later to all. */
static Range widen_range(const Engine *engine, const Widen *widen, Range range, Range old)
{
    if (range.low < old.low)
        range.low = widen->is_far ? INT64_MIN
                                  : shape_bound(engine, widen->head, range.low, false);
    if (range.high > old.high)
        range.high = widen->is_far ? INT64_MAX
                                   : shape_bound(engine, widen->head, range.high, true);
    return range;
}

/* A join at work. Values first: both sides' are read with their own facts. */
typedef struct Join {
    Engine *engine;
    State *into, *from;
    uint32_t point;
    const Widen *widen;
    Pairs pairs; /* the values that differ, and what they are called from now on */
    bool changed;
} Join;

/* What is known of x on one side or of y on the other is known of `name`. */
static void join_know(Join *join, TermId x, TermId y, TermId name, bool is_pointer)
{
    Engine *engine = join->engine;
    Range a = value_range(engine, join->into, x), b = value_range(engine, join->from, y);
    Range range = a;
    range_widen(&range, &b);
    if (join->widen && x == name && !range_equal(range, a)) {
        int64_t low = range.low;
        range = widen_range(engine, join->widen, range, a);
        if (low >= 0 && range.low < 0) range.low = 0;
    }
    if (x != name || !range_equal(range, a)) join->changed = true;
    Fact fact = {.term = name, .range = range};
    bool is_error = errptr_is(range);
    if ((range.classes & CLASS_NULL) || is_error) {
        bool given = (a.classes & CLASS_NULL) || is_error;
        fact.why = given ? value_origin(engine, join->into, x) : 0;
        if (!fact.why && ((b.classes & CLASS_NULL) || is_error))
            fact.why = value_origin(engine, join->from, y);
    }
    if (range_is_any(range) && !fact.why)
        state_forget(join->into, name);
    else
        state_know(join->into, fact);
    vec_push(engine->scratch, &join->pairs.list, ((Pair){x, y, name, is_pointer}));
}

/* A value that differs: what two places hold on both sides has one name, that of the first. */
static TermId join_value(Join *join, TermId x, TermId y, TermId address, bool is_pointer)
{
    if (x == y) return x;
    TermId known = is_pointer ? relate_name(&join->pairs, x, y) : 0;
    if (known) {
        join->changed |= known != x;
        return known;
    }
    TermId phi = term_fresh(&join->engine->terms, FRESH_PHI, join->point, address);
    join_know(join, x, y, phi, is_pointer);
    return phi;
}

/* Gives `into` a cell for each that only `from` has, with what it holds there. */
static void join_missing(Engine *engine, State *into, const State *from)
{
    VEC(Cell) missing = {0};
    uint32_t k = 0;
    for (uint32_t i = 0; i < from->ncell; i++) {
        const Cell *cell = &from->cells[i];
        while (k < into->ncell && into->cells[k].address < cell->address)
            k++;
        if (k < into->ncell && into->cells[k].address == cell->address) continue;
        vec_push(engine->scratch, &missing, *cell);
        missing.at[missing.n - 1].is_written = false;
    }
    if (into->nequal) { /* one load may make the cell that the next one finds */
        for (uint32_t i = 0; i < missing.n; i++)
            memory_load(engine, into, missing.at[i].address, missing.at[i].type,
                        missing.at[i].field);
        return;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < missing.n; i++) {
        Cell cell = missing.at[i];
        cell.value = memory_unmapped(engine, into, cell.address, cell.type, cell.field);
        if (cell.type.kind != TYPE_AGGREGATE) missing.at[kept++] = cell;
    }
    state_put_new(into, missing.at, kept);
}

/* A cell whose two values are made alike, perhaps of values that differ elsewhere. */
typedef struct Alike {
    uint32_t cell;
    TermId other;
} Alike;

/* Those whose parts may have names go last, the deepest at the very end. */
static void alike_sort(const Join *join, Alike *at, uint32_t n)
{
    const Term *terms = join->engine->terms.at;
    const Cell *cells = join->into->cells;
    for (uint32_t i = 1; i < n; i++) {
        Alike alike = at[i];
        uint32_t k = i;
        uint8_t depth = terms[cells[alike.cell].value].depth;
        for (; k && terms[cells[at[k - 1].cell].value].depth > depth; k--)
            at[k] = at[k - 1];
        at[k] = alike;
    }
}

static void join_alike(Join *join, Alike *at, uint32_t n)
{
    alike_sort(join, at, n);
    for (uint32_t i = 0; i < n; i++) {
        Cell *cell = &join->into->cells[at[i].cell];
        TermId x = cell->value, y = at[i].other;
        TermId name = relate_terms(join->engine, &join->pairs, x, y);
        int64_t ignored;
        bool is_pointer = cell->type.kind == TYPE_POINTER;
        if (!name || term_is_int(&join->engine->terms, name, &ignored)) {
            cell->value = join_value(join, x, y, cell->address, is_pointer);
            continue;
        }
        join->pairs.is_made = true;
        join_know(join, x, y, name, is_pointer);
        cell->value = name;
    }
}

/* A cell of an object that got its name in this very join. */
static bool is_of_new(const Join *join, const Cell *cell)
{
    int64_t offset;
    TermId object = term_object(&join->engine->terms, cell->address, &offset);
    const Term *term = &join->engine->terms.at[object];
    return term->kind == TERM_FRESH && term->calc == (Calc)FRESH_PHI &&
           term->imm == (int64_t)join->point && !term->b;
}

/* Those are joined with what the other side has under its own name for the object. */
static void join_members(Join *join)
{
    for (uint32_t i = 0; i < join->into->ncell; i++) {
        Cell *cell = &join->into->cells[i];
        if (!is_of_new(join, cell) || state_cell(join->from, cell->address)) continue;
        TermId y = relate_other(join->engine, join->from, &join->pairs, cell);
        if (!y)
            y = memory_unmapped(join->engine, join->from, cell->address, cell->type,
                                cell->field);
        cell->value = join_value(join, cell->value, y, cell->address,
                                 cell->type.kind == TYPE_POINTER);
    }
}

static TermId join_theirs(Join *join, const Cell *mine, const Cell *theirs)
{
    State *from = join->from;
    if (theirs) return theirs->value;
    if (from->nequal)
        return memory_load(join->engine, from, mine->address, mine->type, mine->field);
    return memory_unmapped(join->engine, from, mine->address, mine->type, mine->field);
}

static void join_cells(Join *join)
{
    Engine *engine = join->engine;
    State *into = join->into, *from = join->from;
    join_missing(engine, into, from);
    VEC(Alike) alike = {0};
    bool has_new = false;
    uint32_t k = 0;
    for (uint32_t i = 0; i < into->ncell; i++) {
        Cell *mine = &into->cells[i];
        while (k < from->ncell && from->cells[k].address < mine->address)
            k++;
        bool known = k < from->ncell && from->cells[k].address == mine->address;
        if (known) mine->is_written |= from->cells[k].is_written;
        if (!known && is_of_new(join, mine)) {
            has_new = true;
            continue;
        }
        TermId other = join_theirs(join, mine, known ? &from->cells[k] : NULL);
        if (mine->value == other) continue;
        if (relate_can(engine, mine->value, other))
            vec_push(engine->scratch, &alike, ((Alike){i, other}));
        else
            mine->value = join_value(join, mine->value, other, mine->address,
                                     mine->type.kind == TYPE_POINTER);
    }
    join_alike(join, alike.at, alike.n);
    if (has_new) join_members(join);
    for (uint32_t i = 0; i < join->pairs.list.n; i++)
        if (join->pairs.list.at[i].is_pointer &&
            relate_content(engine, into, from, &join->pairs, &join->pairs.list.at[i]))
            join->changed = true;
}

/* A plain fact that both sides have word for word: nothing else says more of it. */
static bool is_shared(const Engine *engine, const Fact *mine, const State *from,
                      const Fact *other)
{
    return other && !from->nequal && engine->terms.at[mine->term].kind != TERM_CALC &&
           range_equal(mine->range, other->range);
}

/* What both sides say of a value; without `other`, what the rest of `from` says of it. */
static void join_fact(Join *join, Fact *fact, const Fact *other)
{
    if (!is_shared(join->engine, fact, join->from, other)) {
        Range theirs = value_range(join->engine, join->from, fact->term);
        Range range = fact->range;
        range_widen(&range, &theirs);
        if (!range_equal(range, fact->range)) {
            if (join->widen) {
                range = widen_range(join->engine, join->widen, range, fact->range);
                range.has_hole = false;
                range.holes = 0;
            }
            join->changed |= !range_equal(range, fact->range);
            fact->range = range;
        }
    }
    if (!other || !other->deref) fact->deref = 0;
    fact->is_demand &= other && other->is_demand;
    if (!fact->why && other && (fact->range.classes & CLASS_NULL)) fact->why = other->why;
}

/* A name that this join gave: `from` does not know it. */
static bool is_new_name(const Join *join, TermId id)
{
    const Term *term = &join->engine->terms.at[id];
    if (term->kind == TERM_FRESH && term->calc == (Calc)FRESH_PHI &&
        term->imm == (int64_t)join->point && !term->b)
        return true;
    for (uint32_t i = 0; join->pairs.is_made && i < join->pairs.list.n; i++)
        if (join->pairs.list.at[i].name == id) return true;
    return false;
}

static void join_facts(Join *join)
{
    State *into = join->into;
    const State *from = join->from;
    uint32_t kept = 0, k = 0;
    for (uint32_t i = 0; i < into->nfact; i++) {
        Fact *fact = &into->facts[i];
        while (k < from->nfact && from->facts[k].term < fact->term)
            k++;
        bool known = k < from->nfact && from->facts[k].term == fact->term;
        const Fact *other = known ? &from->facts[k] : NULL;
        if (other || !is_new_name(join, fact->term)) join_fact(join, fact, other);
        if (range_is_any(fact->range) && !fact->why) continue;
        if (kept != i) into->facts[kept] = *fact;
        kept++;
    }
    into->nfact = kept;
}

static bool zeroed_equal(const Zeroed *a, const Zeroed *b)
{
    return a->object == b->object && a->low == b->low && a->high == b->high;
}

static void join_lists(State *into, const State *from, bool *changed)
{
    uint16_t kept = 0;
    for (uint16_t i = 0; i < into->nequal; i++)
        if (state_canon(from, into->equals[i].from) == into->equals[i].to)
            into->equals[kept++] = into->equals[i];
    *changed |= kept != into->nequal;
    into->nequal = kept;
    kept = 0;
    for (uint16_t i = 0; i < into->nzeroed; i++)
        for (uint16_t k = 0; k < from->nzeroed; k++)
            if (zeroed_equal(&into->zeroed[i], &from->zeroed[k])) {
                into->zeroed[kept++] = into->zeroed[i];
                break;
            }
    *changed |= kept != into->nzeroed;
    into->nzeroed = kept;
    kept = 0;
    for (uint16_t i = 0; i < into->nassumed; i++)
        for (uint16_t k = 0; k < from->nassumed; k++)
            if (into->assumed[i].ins == from->assumed[k].ins &&
                into->assumed[i].outcome == from->assumed[k].outcome) {
                into->assumed[kept++] = into->assumed[i];
                break;
            }
    into->nassumed = kept;
    for (uint16_t i = 0; i < from->nescaped; i++)
        state_escape(into, from->escaped[i]);
    into->is_lost |= from->is_lost;
    into->is_hidden |= from->is_hidden;
    into->is_murky |= from->is_murky;
    for (uint16_t i = 0; i < from->nstale; i++)
        if (state_stale(into, from->stale[i])) *changed = true;
    for (uint16_t i = 0; i < from->nhavoc; i++) {
        bool known = false;
        for (uint16_t k = 0; k < into->nhavoc && !known; k++)
            known = into->havocs[k].root == from->havocs[i].root;
        if (known) continue;
        if (into->nhavoc == MAX_HAVOC) into->is_lost = true;
        if (into->is_lost) break;
        into->havocs[into->nhavoc++] = from->havocs[i];
        *changed = true;
    }
}

static void join_marks(State *into, const State *from, bool *changed)
{
    const uint32_t must = MARK_SET | MARK_ENDED; /* on every way, or not at all */
    into->is_failed |= from->is_failed;
    for (uint32_t i = 0; i < into->nmark; i++) {
        RequestMark *mine = &into->marks[i];
        const RequestMark *other = NULL;
        for (uint32_t k = 0; k < from->nmark && !other; k++)
            if (from->marks[k].value == mine->value) other = &from->marks[k];
        if (!other) {
            if (mine->flags & must) *changed = true;
            mine->flags &= ~must;
            continue;
        }
        uint32_t yes = mine->yes & other->yes;
        uint32_t maybe = mine->maybe | other->maybe | (mine->yes ^ other->yes);
        uint32_t flags = mine->flags & other->flags;
        if (yes != mine->yes || maybe != mine->maybe || flags != mine->flags)
            *changed = true;
        mine->yes = yes;
        mine->maybe = maybe;
        mine->flags = flags;
        mine->lost &= other->lost;
        if (mine->attached != other->attached) {
            mine->maybe = UINT32_MAX;
            mine->attached = 0;
        }
        if (mine->origin != other->origin) mine->origin = MARK_UNKNOWN;
        if (mine->text != other->text) mine->text = NULL;
    }
    for (uint32_t i = 0; i < from->nmark; i++) {
        bool known = false;
        for (uint32_t k = 0; k < into->nmark && !known; k++)
            known = into->marks[k].value == from->marks[i].value;
        if (known) continue;
        RequestMark mark = from->marks[i];
        mark.flags &= ~must;
        request_put(into, mark);
    }
}

bool join_into(Engine *engine, State *into, State *from, uint32_t block, uint32_t point,
               const Widen *widen)
{
    Join join = {
        .engine = engine, .into = into, .from = from, .point = point, .widen = widen};
    join_cells(&join);
    if (into->vals && from->vals)
        for (uint32_t k = 0; k < engine->shape.nval[block]; k++)
            if (into->vals[k] != from->vals[k] && into->vals[k] && from->vals[k])
                into->vals[k] = join_value(
                    &join, into->vals[k], from->vals[k],
                    term_string(&engine->terms, engine->shape.val_low[block] + k + 1),
                    false);
    join_facts(&join);
    join_lists(into, from, &join.changed);
    if (into->nmark || from->nmark || from->is_failed)
        join_marks(into, from, &join.changed);
    into->is_merged |= from->is_merged;
    return join.changed;
}

/* --- groups ---------------------------------------------------------------------------- */

/* Folds states of equal keys; how many are left. */
static uint32_t fold_equal(Engine *engine, StateList *states, uint32_t block,
                           uint32_t ins, Grain grain)
{
    uint32_t n = states->list.n, kept = 0;
    uint64_t *keys = ARENA_ARRAY(engine->scratch, uint64_t, n);
    uint32_t point =
        ins ? engine->body->nblock + engine->shape.first[block] + ins : block;
    for (uint32_t i = 0; i < n; i++) {
        State *state = states->list.at[i];
        uint64_t key = key_of(engine, state, block, ins, grain);
        uint32_t k = 0;
        while (k < kept && keys[k] != key)
            k++;
        if (k < kept) {
            join_into(engine, states->list.at[k], state, block, point, NULL);
            continue;
        }
        keys[kept] = key;
        states->list.at[kept++] = state;
    }
    return states->list.n = kept;
}

/* They are worth a look, not a path of the others. */
static uint32_t drop_unasserted(StateList *states)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < states->list.n; i++)
        if (!states->list.at[i]->is_unasserted)
            states->list.at[kept++] = states->list.at[i];
    states->list.n = kept;
    return kept;
}

void join_reduce(Engine *engine, StateList *states, uint32_t block, uint32_t ins,
                 uint32_t most)
{
    if (states->list.n < 2) return;
    for (Grain grain = GRAIN_FINE; grain <= GRAIN_LOCALS; grain++)
        if (fold_equal(engine, states, block, ins, grain) <= most) return;
    if (drop_unasserted(states) <= most) return;
    uint32_t point =
        ins ? engine->body->nblock + engine->shape.first[block] + ins : block;
    State *merged = states->list.at[most];
    merged->is_merged = true;
    for (uint32_t i = most + 1; i < states->list.n; i++)
        join_into(engine, merged, states->list.at[i], block, point, NULL);
    states->list.n = most + 1;
}

/* --- once around a loop ---------------------------------------------------------------- */

/* Was the value made inside the loop? */
static bool fresh_inside(const Engine *engine, const uint64_t *loop, const Term *term)
{
    FreshKind kind = (FreshKind)term->calc;
    uint32_t number = (uint32_t)term->imm, block = 0;
    if (kind == FRESH_UNSET) return false;
    if (kind == FRESH_PHI && number < engine->body->nblock) return bit_get(loop, number);
    if (kind == FRESH_PHI) number -= engine->body->nblock;
    if (number >= engine->shape.nins) return false;
    while (engine->shape.first[block + 1] <= number)
        block++;
    return bit_get(loop, block);
}

/* Values named after something inside the loop become "the one of the last turn"; what was
 * that already has no name any more (0). */
static TermId age_term(Engine *engine, const uint64_t *loop, uint32_t head, TermId id,
                       Map *seen)
{
    if (!id || !engine->terms.at[id].has_fresh) return id;
    uint64_t *known = map_get(seen, id);
    if (known) return (TermId)*known;
    Term term = engine->terms.at[id];
    TermId aged = id;
    if (term.kind == TERM_FRESH) {
        if (fresh_inside(engine, loop, &term))
            aged = term.b ? 0 : term_old(&engine->terms, id);
    } else {
        TermId a = age_term(engine, loop, head, term.a, seen);
        TermId b = age_term(engine, loop, head, term.b, seen);
        if ((term.a && !a) || (term.b && !b))
            aged = 0;
        else if (a == term.a && b == term.b)
            aged = id;
        else if (term.kind == TERM_INIT)
            aged = term_init(&engine->terms, a);
        else if (term.kind == TERM_OFFSET)
            aged = term_offset(&engine->terms, a, term.imm);
        else if (term.kind == TERM_INDEX)
            aged = term_index(&engine->terms, a, b, term.imm);
        else if (term.kind == TERM_PURE)
            aged = term_pure(&engine->terms, term.name, a, b);
        else
            aged = term_calc(&engine->terms, term.calc, term.is_unsigned, a, b);
    }
    map_put(seen, id, aged, NULL);
    return aged;
}

static void age_facts(Engine *engine, State *state, const uint64_t *loop, uint32_t head,
                      Map *seen)
{
    VEC(Fact) facts = {0};
    for (uint32_t i = 0; i < state->nfact; i++) {
        Fact fact = state->facts[i];
        fact.term = age_term(engine, loop, head, fact.term, seen);
        int64_t ignored;
        if (fact.term && !term_is_int(&engine->terms, fact.term, &ignored))
            vec_push(engine->scratch, &facts, fact);
    }
    state->nfact = 0;
    for (uint32_t i = 0; i < facts.n; i++)
        state_know(state, facts.at[i]);
}

/* Not what the place held when the last turn began, which has the name without the bit. */
static TermId held_name(Engine *engine, uint32_t head, TermId address)
{
    const uint64_t held = (uint64_t)1 << 32;
    return term_old(&engine->terms,
                    term_fresh(&engine->terms, FRESH_PHI, head | held, address));
}

/* What a variable still holds of the turn before the last one is named after the variable:
 * so what is known of its members, and of who else holds it, stays known. */
static void age_held(Engine *engine, const State *state, const uint64_t *loop,
                     uint32_t head, Map *seen)
{
    for (uint32_t i = 0; i < state->ncell; i++) {
        const Cell *cell = &state->cells[i];
        const Term *term = &engine->terms.at[cell->value];
        if (term->kind != TERM_FRESH || !term->b || !fresh_inside(engine, loop, term) ||
            engine->terms.at[cell->address].has_fresh || map_get(seen, cell->value))
            continue;
        map_put(seen, cell->value, held_name(engine, head, cell->address), NULL);
    }
}

void join_age(Engine *engine, State *state, uint32_t head)
{
    const uint64_t *loop = engine->shape.loop[head];
    if (!loop) return;
    Map seen;
    map_init(&seen, engine->scratch);
    age_held(engine, state, loop, head, &seen);
    VEC(Cell) cells = {0};
    VEC(Fact) named = {0};
    for (uint32_t i = 0; i < state->ncell; i++) {
        Cell cell = state->cells[i];
        TermId address = age_term(engine, loop, head, cell.address, &seen);
        TermId value = age_term(engine, loop, head, cell.value, &seen);
        if (!address) continue;
        if (!value) { /* keeps what is known of it, under the cell's own name */
            Fact fact = {.range = value_range(engine, state, cell.value),
                         .why = value_origin(engine, state, cell.value)};
            value = held_name(engine, head, address);
            fact.term = value;
            vec_push(engine->scratch, &named, fact);
        }
        cell.address = address;
        cell.value = value;
        vec_push(engine->scratch, &cells, cell);
    }
    age_facts(engine, state, loop, head, &seen);
    state->ncell = 0;
    for (uint32_t i = 0; i < cells.n; i++)
        state_put(state, cells.at[i]);
    for (uint32_t i = 0; i < named.n; i++)
        state_know(state, named.at[i]);
    uint32_t nmark = 0;
    for (uint32_t i = 0; i < state->nmark; i++) {
        RequestMark mark = state->marks[i];
        mark.value = age_term(engine, loop, head, mark.value, &seen);
        mark.attached = age_term(engine, loop, head, mark.attached, &seen);
        if (mark.attached != state->marks[i].attached && !mark.attached)
            mark.maybe = UINT32_MAX;
        if (mark.value) state->marks[nmark++] = mark;
    }
    state->nmark = nmark;
    for (uint16_t i = 0; i < state->nequal;) {
        Equal *equal = &state->equals[i];
        TermId from = age_term(engine, loop, head, equal->from, &seen);
        TermId to = age_term(engine, loop, head, equal->to, &seen);
        if (from && to)
            state->equals[i++] = (Equal){from, to};
        else
            *equal = state->equals[--state->nequal];
    }
    for (uint16_t i = 0; i < state->nzeroed; i++) {
        TermId object = age_term(engine, loop, head, state->zeroed[i].object, &seen);
        if (!object)
            state->zeroed[i].high = state->zeroed[i].low;
        else
            state->zeroed[i].object = object;
    }
    for (uint16_t i = 0; i < state->nstale; i++)
        state->stale[i].object =
            age_term(engine, loop, head, state->stale[i].object, &seen);
    for (uint16_t i = 0; i < state->nhavoc; i++)
        if (state->havocs[i].root) {
            TermId root = age_term(engine, loop, head, state->havocs[i].root, &seen);
            if (root) state->havocs[i].root = root;
        }
}
