#ifndef FLOW_REQUEST_H
#define FLOW_REQUEST_H

#include "flow/engine.h"

/*
 * The context domain: which values are the context of a request or come from it, which keys
 * are on what goes out. Marks stand in the states, beside facts; all of it is skipped when
 * engine->request is NULL.
 */
typedef struct Request {
    Requests *all;
    ContextModel *model;
    const ContextEntry *entry; /* this function is one; NULL */
    uint32_t *param_types;     /* context type of each parameter, CONTEXT_NONE */
    bool may_root;             /* the policy lets this function start a trace */
    bool reads;                /* somewhere in this function keys of a request are read */
    bool attaches;             /* somewhere in this function a carrier is attached */
    VEC(Fault) faults;
    Map fault_at; /* instruction and group -> index in faults */
    VEC(Need) needs;
    Map need_at;
    Map said_at;   /* instruction -> a log there was counted */
    Map door_at;   /* instruction -> Door it calls; 0: none */
    Map stored_at; /* address of a global -> instruction + 1 that stored a context there */
    uint64_t *is_read; /* per parameter: something reads it */
} Request;

/* One call, as models speak of it. */
typedef struct RequestCall {
    const Ins *ins;
    const ProgramFn *callee; /* NULL: through an unknown pointer */
    const Door *slot;        /* it is called through this member; NULL */
    const Name *name;        /* as models call it; NULL */
    const ContextAction *const *actions;
    TermId args[32];
    TermId before[32]; /* what an argument that is the address of a pointer pointed to */
    uint32_t narg;
    bool is_entry; /* it gives a request: messages that are asked for */
    Cell *kept;    /* what the callee leaves as it is */
    uint32_t nkept;
    TermId private[8]; /* variables whose addresses the callee forgets */
    uint32_t nprivate;
} RequestCall;

/* A context that is at hand. */
typedef struct Scope {
    TermId value;
    const char *text, *came;
    uint32_t type;
} Scope;

/* request.c */
MarkOrigin request_origin(Engine *engine, const State *state, TermId value);
/* Values of the type live longer than a request. */
bool request_outlives(const Engine *engine, uint32_t type);
/* The keys that stand there, in a member of a request's context. */
uint32_t request_key_at(Engine *engine, const State *state, TermId address);
/* False: none is at hand. type: only of this one, or CONTEXT_NONE. */
bool request_scope(Engine *engine, const State *state, uint32_t type, Scope *scope);
bool request_is_expired(Engine *engine, const State *state);
RequestMark *request_mark(const State *state, TermId value); /* NULL: none */
RequestMark *request_put(State *state, RequestMark mark);    /* replaces */
RequestMark *request_make(State *state, TermId value);       /* finds or makes */
bool request_is_ambient(const Engine *engine, TermId address);

/* Where a model says what the call does, its body is not asked; one that puts keys in, or speaks
 * to people, may do more than the model knows of. */
bool request_asks_body(const RequestCall *call);
/* The type of context that the call takes there; CONTEXT_NONE. */
uint32_t request_taken(Engine *engine, const RequestCall *call, uint32_t arg);

/* carry.c */
TermId request_place(Engine *engine, State *state, const RequestCall *call,
                     const ContextArg *arg);
/* False: the number that stands there is known, and has none of the bits. */
bool request_has_bits(Engine *engine, State *state, const RequestCall *call,
                      const ContextArg *arg, uint32_t bits);
bool request_applies(Engine *engine, const RequestCall *call,
                     const ContextAction *action);
void carry_call(Engine *engine, State *state, RequestCall *call, TermId result);
/* What the argument at `index` carries: itself, or what it points to. */
TermId carry_object(Engine *engine, State *state, const RequestCall *call, TermId value,
                    uint32_t index);

/* send.c */
void send_call(Engine *engine, State *state, const RequestCall *call);
/* ... with what a callee sends of ours */
void send_carrier(Engine *engine, State *state, const RequestCall *call, TermId value,
                  const Need *need);
/* A root is made, here or by a callee (need). owner: the type of context it is. */
void send_root(Engine *engine, State *state, const Name *name, uint32_t owner,
               const Need *need);
bool send_needs(const ContextModel *model, const Name *via, uint32_t *keys,
                bool *deadline);

/* relay.c */
/* It is a request's context, or one of its members. */
bool request_is_of(Engine *engine, const State *state, TermId value);
/* Fills in by which functions the need comes about. */
void relay_chain(Engine *engine, const Need *need, Fault *fault);
/* What the callee knows of a carrier is laid over what is known here. */
void relay_mark(Engine *engine, State *state, RequestMark mark);
void relay_handoff(Engine *engine, State *state, const RequestCall *call,
                   const ContextAction *action);
void relay_export(Engine *engine, const State *state, Outcome *outcome);

/* ambient.c */
/* `value` is used: when it came from the ambient slot, that must have been set. */
void ambient_read(Engine *engine, const State *state, TermId value);
/* Something is said to people, with the ambient context. */
void ambient_said(Engine *engine, const State *state, const RequestCall *call);
void ambient_call(Engine *engine, State *state, const RequestCall *call,
                  const ContextAction *action, TermId result);
/* A callee reads the slot. */
void ambient_relay(Engine *engine, State *state, const Need *need, SiteStep *steps,
                   uint32_t nstep);
void ambient_end(Engine *engine);

/* parts.c */
void parts_end(Engine *engine);

/* use.c */
/* The context goes to a call that is told of in `fault`. */
void use_ended(Engine *engine, State *state, TermId value, Fault fault);
void use_lose(Engine *engine, State *state, const RequestCall *call,
              const ContextAction *action);

/* habit.c */
void habit_start(Engine *engine, State *state, TermId result);
void habit_finish(Engine *engine, State *state, TermId span, const RequestCall *call);
void habit_end(Engine *engine);
void habit_log(Engine *engine, State *state, const RequestCall *call,
               const ContextAction *action);
/* Something goes out with a deadline (MarkFlag): the same one for several tries? */
void habit_send(Engine *engine, const State *state, const Name *sender, uint32_t flags);
/* `name` gives a handle this long: a need, when callers decide. */
void habit_limit(Engine *engine, const State *state, TermId value, const Name *name);
/* A callee gives `value` to what it sends. */
void habit_time(Engine *engine, State *state, TermId value, const Need *need);
/* Keys are missing and no context is at hand. True: this is where a job begins, and
 * nobody else is to be told. */
bool habit_job(Engine *engine, const State *state, const Name *sender, uint32_t missing,
               const SiteStep *steps, uint32_t n);

/* component.c */
void component_call(Engine *engine, const State *state, const RequestCall *call);

/* fault.c */
/* One of a group is kept an instruction: the earlier kind of the enum's order within it. */
void fault_note(Engine *engine, const State *state, Fault fault, const SiteStep *more,
                uint32_t nmore);
void need_note(Engine *engine, const State *state, Need need, const SiteStep *more,
               uint32_t nmore);

#endif
