/* States: small sorted arrays in the scratch arena; copying one is a few memcpy. */
#include "flow/state.h"

#include <string.h>

State *state_new(Arena *arena)
{
    State *state = ARENA_NEW(arena, State);
    state->arena = arena;
    state->zeroed = ARENA_ARRAY(arena, Zeroed, MAX_ZEROED);
    state->havocs = ARENA_ARRAY(arena, Havoc, MAX_HAVOC);
    state->equals = ARENA_ARRAY(arena, Equal, MAX_EQUAL);
    state->assumed = ARENA_ARRAY(arena, Assumed, MAX_ASSUMED);
    state->escaped = ARENA_ARRAY(arena, TermId, MAX_ESCAPED);
    return state;
}

/* n of them are in use, there is room for `room`. */
static void *array_copy(Arena *arena, const void *from, size_t n, size_t room,
                        size_t size)
{
    void *copy = arena_take_raw(arena, room * size, _Alignof(max_align_t));
    if (n) memcpy(copy, from, n * size);
    return copy;
}

State *state_copy(Arena *arena, const State *from, uint32_t nval)
{
    State *state = arena_take_raw(arena, sizeof *state, _Alignof(State));
    *state = *from;
    state->arena = arena;
    state->room_cell = from->ncell + 8;
    state->room_fact = from->nfact + 8;
    state->cells =
        array_copy(arena, from->cells, from->ncell, state->room_cell, sizeof(Cell));
    state->facts =
        array_copy(arena, from->facts, from->nfact, state->room_fact, sizeof(Fact));
    state->zeroed =
        array_copy(arena, from->zeroed, from->nzeroed, MAX_ZEROED, sizeof(Zeroed));
    /* All of them: what is_lost says is told by the first, also when there is none. */
    state->havocs = array_copy(arena, from->havocs, MAX_HAVOC, MAX_HAVOC, sizeof(Havoc));
    state->equals =
        array_copy(arena, from->equals, from->nequal, MAX_EQUAL, sizeof(Equal));
    state->assumed =
        array_copy(arena, from->assumed, from->nassumed, MAX_ASSUMED, sizeof(Assumed));
    state->escaped =
        array_copy(arena, from->escaped, from->nescaped, MAX_ESCAPED, sizeof(TermId));
    state->marks = NULL;
    state->room_mark = 0;
    if (from->nmark) {
        state->room_mark = from->nmark + 4;
        state->marks = array_copy(arena, from->marks, from->nmark, state->room_mark,
                                  sizeof(RequestMark));
    }
    state->vals =
        from->vals ? array_copy(arena, from->vals, nval, nval, sizeof(TermId)) : NULL;
    return state;
}

static uint32_t cell_place(const State *state, TermId address)
{
    const Cell *at = state->cells;
    uint32_t n = state->ncell;
    while (n) { /* no branch on what is compared: nobody can guess it */
        uint32_t half = n / 2;
        at += at[half].address < address ? n - half : 0;
        n = half;
    }
    return (uint32_t)(at - state->cells);
}

Cell *state_cell(const State *state, TermId address)
{
    uint32_t i = cell_place(state, address);
    return i < state->ncell && state->cells[i].address == address ? &state->cells[i]
                                                                  : NULL;
}

void state_put(State *state, Cell cell)
{
    uint32_t i = cell_place(state, cell.address);
    if (i < state->ncell && state->cells[i].address == cell.address) {
        state->cells[i] = cell;
        return;
    }
    if (state->ncell == state->room_cell) {
        state->room_cell = state->room_cell ? state->room_cell * 2 : 16;
        state->cells = array_copy(state->arena, state->cells, state->ncell,
                                  state->room_cell, sizeof cell);
    }
    memmove(&state->cells[i + 1], &state->cells[i], (state->ncell - i) * sizeof cell);
    state->cells[i] = cell;
    state->ncell++;
}

void state_put_new(State *state, const Cell *cells, uint32_t n)
{
    if (!n) return;
    uint32_t old = state->ncell, to = old + n;
    if (to > state->room_cell) {
        state->room_cell = to + to / 2;
        state->cells =
            array_copy(state->arena, state->cells, old, state->room_cell, sizeof(Cell));
    }
    state->ncell = to;
    while (n) { /* from the back, so that no cell is overwritten before it moved */
        bool is_old = old && state->cells[old - 1].address > cells[n - 1].address;
        state->cells[--to] = is_old ? state->cells[--old] : cells[--n];
    }
}

static uint32_t fact_place(const State *state, TermId term)
{
    const Fact *at = state->facts;
    uint32_t n = state->nfact;
    while (n) { /* no branch on what is compared: nobody can guess it */
        uint32_t half = n / 2;
        at += at[half].term < term ? n - half : 0;
        n = half;
    }
    return (uint32_t)(at - state->facts);
}

Fact *state_fact(const State *state, TermId term)
{
    uint32_t i = fact_place(state, term);
    return i < state->nfact && state->facts[i].term == term ? &state->facts[i] : NULL;
}

void state_know(State *state, Fact fact)
{
    uint32_t i = fact_place(state, fact.term);
    if (i < state->nfact && state->facts[i].term == fact.term) {
        state->facts[i] = fact;
        return;
    }
    if (state->nfact == state->room_fact) {
        state->room_fact = state->room_fact ? state->room_fact * 2 : 16;
        state->facts = array_copy(state->arena, state->facts, state->nfact,
                                  state->room_fact, sizeof fact);
    }
    memmove(&state->facts[i + 1], &state->facts[i], (state->nfact - i) * sizeof fact);
    state->facts[i] = fact;
    state->nfact++;
}

void state_forget(State *state, TermId term)
{
    uint32_t i = fact_place(state, term);
    if (i >= state->nfact || state->facts[i].term != term) return;
    state->nfact--;
    memmove(&state->facts[i], &state->facts[i + 1],
            (state->nfact - i) * sizeof state->facts[0]);
}

TermId state_canon(const State *state, TermId term)
{
    for (uint16_t i = 0; i < state->nequal; i++)
        if (state->equals[i].from == term) return state->equals[i].to;
    return term;
}

void state_equate(State *state, TermId from, TermId to)
{
    for (uint16_t i = 0; i < state->nequal; i++)
        if (state->equals[i].to == from) state->equals[i].to = to;
    if (state->nequal == MAX_EQUAL) {
        memmove(state->equals, state->equals + 1, (MAX_EQUAL - 1) * sizeof(Equal));
        state->nequal--;
    }
    state->equals[state->nequal++] = (Equal){from, to};
}

bool state_escaped(const State *state, TermId root)
{
    for (uint16_t i = 0; i < state->nescaped; i++)
        if (state->escaped[i] == root) return true;
    return false;
}

void state_escape(State *state, TermId root)
{
    if (state_escaped(state, root)) return;
    if (state->nescaped == MAX_ESCAPED) {
        memmove(state->escaped, state->escaped + 1, (MAX_ESCAPED - 1) * sizeof(TermId));
        state->nescaped--;
    }
    state->escaped[state->nescaped++] = root;
}

bool state_stale(State *state, Stale stale)
{
    for (uint16_t i = 0; i < state->nstale; i++) {
        Stale *known = &state->stale[i];
        if (known->offset != stale.offset || known->field != stale.field) continue;
        if (known->object == stale.object || !known->object) return false;
        known->object = 0; /* through several pointers: it may be any */
        return true;
    }
    if (state->nstale == MAX_STALE) {
        memmove(state->stale, state->stale + 1, (MAX_STALE - 1) * sizeof stale);
        state->nstale--;
    }
    state->stale[state->nstale++] = stale;
    return true;
}
