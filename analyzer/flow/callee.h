#ifndef FLOW_CALLEE_H
#define FLOW_CALLEE_H

#include "flow/request.h"

/*
 * A call at work, shared by the files that take it apart: call.c (who is called), demand.c
 * (what it asks of its arguments), outcome.c (what it leaves) and callee.c (what the callee's
 * terms mean here). Everything lives in the engine's scratch arena, for this call only.
 */
enum { MOST_ARGS = 32, MOST_CLOBBERED = 64 };

/* One call at work. */
typedef struct Call {
    const Ins *ins;
    const ProgramFn *callee; /* NULL: through an unknown pointer */
    const Summary *summary;
    TermId args[MOST_ARGS];
    uint32_t narg;
    bool is_indirect; /* through a pointer */
    bool is_callback; /* made by the function we call, not here */
    bool is_guess;    /* the pointer's value is not known on this path, only its slot */
    bool is_number;   /* numbers that are passed decide the latent error at work */
    const Outcome *outcome; /* the one being applied */
    bool is_caution, is_direct, is_hollow, is_error,
        is_partial;       /* for the origins of its nulls */
    const Post *post;     /* ... the one that is taken */
    uint32_t number;      /* ... its number */
    uint32_t null_origin; /* for null posts of that outcome */
    TermId *map;          /* summary term -> term of this state */
    RequestCall *request; /* NULL: nothing is known of contexts */
} Call;

/* What one call may change, gathered so that memory is walked once. */
typedef struct Clobbers {
    TermId at[MOST_CLOBBERED];
    uint32_t n;
    bool globals;
} Clobbers;

/* A pointer or number nobody knows anything about: the result of this call. */
TermId callee_fresh_result(Engine *engine);

/* A term of call->summary as a term of `state`; 0 when it has none. Memoised in call->map. */
TermId callee_translate(Engine *engine, State *state, Call *call, TermId id);

/* Forgets the memo: after the state changed, or for another summary. */
void callee_map_reset(Engine *engine, Call *call);

/* The value of the call's argument i; 0: there is none. */
Val callee_arg(const Call *call, uint32_t i);

/* What is reached from `address` may have changed; takes effect with callee_clobber_done(). */
void callee_clobber(Engine *engine, State *state, Clobbers *clobbers, TermId address);
void callee_clobber_globals(Engine *engine, const State *state, Clobbers *clobbers);
void callee_clobber_args(Engine *engine, State *state, const Call *call,
                         Clobbers *clobbers);
/* At once: all that somebody else may have the address of. */
void callee_clobber_memory(Engine *engine, State *state);
void callee_clobber_done(Engine *engine, State *state, const Clobbers *clobbers);

/* Whoever is called may change whatever it can reach; its result is not known to be null. */
void callee_unknown(Engine *engine, State *state, const Call *call);

/* False when the path ends: null went where the header says that it must not. */
bool demand_check_declared(Engine *engine, State *state, const Call *call);

/* The latent errors of call->summary. False: every path through the callee crashes. */
bool demand_check_latents(Engine *engine, State *state, Call *call);

/* Pushes a state on `out` for each outcome of call->summary that can happen in `state`. */
void outcome_take_all(Engine *engine, State *state, Call *call, StateList *out);

/* ... only for those in which it returns null. */
void outcome_take_nulls(Engine *engine, State *state, Call *call, StateList *out);

/* What the callee sends on carriers that are ours. */
void outcome_send_ours(Engine *engine, State *state, Call *call,
                       const RequestCall *request);

#endif
