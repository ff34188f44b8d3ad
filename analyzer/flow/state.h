#ifndef FLOW_STATE_H
#define FLOW_STATE_H

#include "flow/term.h"
#include "ir/ir.h"

/*
 * One symbolic state: what memory holds and what is known of the values. Plain arrays,
 * sorted, copied when paths fork. A cell maps an address to a value; what is not mapped
 * still holds what it held on entry, unless a havoc or a zeroed range covers it.
 */
typedef struct Cell {
    TermId address, value;
    Type type;
    FieldId field; /* of the access, 0 unknown: different fields do not alias */
    bool is_written;
} Cell;

typedef struct Fact {
    TermId term;
    uint32_t why;   /* origin of a null class (Engine.origins), 0 none */
    bool is_demand; /* known not null because something here cannot do with null */
    uint32_t
        deref; /* known not null because this instruction (number + 1) dereferenced it */
    Range range;
} Fact;

typedef struct Zeroed {
    TermId object;
    int64_t low, high; /* bytes [low, high) */
    uint32_t origin;
} Zeroed;

typedef struct Havoc {
    TermId root; /* all that is reachable from it; 0: all globals */
    uint32_t ins;
} Havoc;

/* A pointer written through another one, which may be the same object: what no cell maps at
 * that offset of other objects is not what it was. */
typedef struct Stale {
    TermId object;
    FieldId field;
    int64_t offset;
    uint32_t ins;
} Stale;

enum { MAX_STALE = 4 };

typedef struct Equal {
    TermId from, to;
} Equal;

typedef enum TraceKind { TRACE_BRANCH, TRACE_CALL, TRACE_RETURN } TraceKind;

/* What happened on the way, newest first; shared between states. */
typedef struct Trace {
    const struct Trace *before;
    uint32_t ins;
    uint32_t call;    /* BRANCH on the result of this call (number + 1), 0 none */
    TermId condition; /* BRANCH */
    uint32_t tested;  /* BRANCH on a null that this call gave (number + 1), 0 none */
    TraceKind kind : 8;
    bool flag;
    bool is_loop_exit;
    bool is_open; /* BRANCH: the other side was possible, too */
    uint32_t to;  /* BRANCH: the block it led to */
    uint8_t outcome;
    uint32_t length;
} Trace;

/* A callee's outcome was taken although the state does not entail its guard. */
typedef struct Assumed {
    uint32_t ins;
    uint32_t outcome;
} Assumed;

typedef struct State {
    Arena *arena;
    Cell *cells; /* by address */
    Fact *facts; /* by term */
    Zeroed *zeroed;
    Havoc *havocs;
    Equal *equals;
    Assumed *assumed;
    TermId *escaped; /* roots that unknown code can reach */
    TermId *vals;    /* temporaries of the block at work */
    const Trace *trace;
    RequestMark *marks; /* of contexts and of what carries them; see request.h */
    uint32_t ncell, room_cell, nfact, room_fact, nmark, room_mark;
    Stale stale[MAX_STALE]; /* the latest ones */
    uint16_t nzeroed, nhavoc, nequal, nassumed, nescaped, nstale;
    bool is_merged, is_dead;
    bool is_failed; /* something for a request could not be made: nobody asks for it */
    bool is_hidden; /* some condition on the way says nothing to callers */
    bool is_murky;  /* ... and is more than a question to the world outside */
    bool
        is_unasserted; /* against an assertion that was compiled out; callers never see it */
    bool is_lost; /* more was changed by unknown code than the list of havocs holds */
} State;

enum {
    MAX_ZEROED = 16,
    MAX_HAVOC = 24,
    MAX_EQUAL = 8,
    MAX_ASSUMED = 24,
    MAX_ESCAPED = 24
};

State *state_new(Arena *arena);
State *state_copy(Arena *arena, const State *state, uint32_t nval);

Cell *state_cell(const State *state, TermId address); /* NULL when unmapped */
void state_put(State *state, Cell cell);
/* Cells sorted by address, none of them mapped yet. */
void state_put_new(State *state, const Cell *cells, uint32_t n);
Fact *state_fact(const State *state, TermId term);
void state_know(State *state, Fact fact); /* replaces */
void state_forget(State *state, TermId term);
TermId state_canon(const State *state, TermId term); /* through what is known equal */
void state_equate(State *state, TermId from, TermId to);
void state_escape(State *state, TermId root);
bool state_escaped(const State *state, TermId root);
bool state_stale(State *state, Stale stale); /* true when that is new */

#endif
