#ifndef FLOW_ENGINE_H
#define FLOW_ENGINE_H

#include "base/map.h"
#include "base/vec.h"
#include "flow/flow.h"
#include "flow/state.h"

/* What the files of this folder share while one function is at work. */

/* Bit-fields of one byte must not be one cell: they stand at byte + (bit + 1) << this. */
enum { BIT_OFFSET_SHIFT = 40 };

/* Why a value is null: made once a cause, named by its index. */
typedef struct Origin {
    NullOrigin kind;
    uint32_t ins;           /* number of the instruction; NO_INS: before the function */
    const Name *callee;     /* RETURN, ALLOC, OUT */
    const Outcome *outcome; /* of the callee, with its steps */
    const Post
        *post; /* the one of several nulls that it leaves; NULL: its steps say it */
    const Summary *summary;
    const Site *global;    /* unused sites are NULL */
    bool is_caution;       /* only because the callee was wary of a null argument */
    bool is_direct;        /* OUT: what the call was given the address of, not a member */
    bool is_unconditional; /* the callee gives null whatever it is passed */
    bool is_error;         /* RETURN: not null but an error pointer */
    bool is_hollow;        /* OUT: the outcome's breach is about this very null */
    uint32_t tested_param; /* TESTED: of this parameter (from 1), 0 none */
    bool is_vague;   /* OUT: the status that came with it could be any, and is read */
    bool is_partial; /* CONST: a callee's, who does not clear the place in all cases */
    bool is_loop;    /* TESTED: by a loop's condition */
    bool is_pointer; /* TESTED: it is a pointer that was tested */
    uint32_t param;  /* TESTED_CALLEE: guard index */
} Origin;

/* Control flow around a block, made once a function. */
typedef struct Shape {
    uint32_t *first;   /* number of each block's first instruction */
    bool *is_head;     /* some edge goes back to it */
    uint64_t **loop;   /* heads: bit set of the blocks of the loop; else NULL */
    uint64_t **live;   /* locals read later before being written, per block entry */
    uint64_t **fields; /* fields loaded later, per block entry (by field number) */
    Map offset_number; /* byte offset of a read -> number below nfield */
    uint64_t *
        elements; /* locals that hold addresses of elements or members, and nothing else */
    uint32_t nfield, nword_local, nword_field;
    Val *val_low;       /* lowest temporary of each block */
    uint32_t *nval;     /* size of the block's range of temporaries */
    uint32_t *last_use; /* per temporary: index of the last instruction that reads it */
    uint32_t *def;      /* per temporary: index of the instruction that gives it */
    uint32_t nins;
} Shape;

typedef struct StateList {
    VEC(State *) list;
} StateList;

/* Per branch: how often it was reached, and how often after a dereference. */
typedef struct TestSeen {
    uint32_t visits, after_deref, deref;
    bool
        saw_null; /* the value was null already on some way here: the test is not about ours */
    TermId term;
} TestSeen;

typedef struct Use Use;

typedef struct Engine {
    const FlowContext *context;
    Watch *watch; /* NULL: nobody asks */
    const ProgramFn *fn;
    const Unit *unit;
    const Body *body;
    Arena *arena, *scratch;
    Terms terms;
    Shape shape;
    VEC(Origin) origins;
    VEC(Candidate) candidates;
    VEC(Latent) latents;
    VEC(TermId) latent_terms; /* of this function, beside each latent */
    VEC(Invoke) invokes;
    VEC(State *) finals;       /* states at a return */
    VEC(TermId) final_results; /* what each returns */
    VEC(const Name *) checked; /* see note.c */
    Map result_of;             /* term -> the call that gave it */
    Map handed;                /* call and its only argument: see note_handed */
    Map errors_asked;          /* calls whose result was asked to be an error pointer */
    Map latent_seen, candidate_seen;
    Map doubts;            /* term -> the weak symbol or NULL, see doubt.c */
    VEC(Use) uses;         /* see believe.c */
    Map use_at;            /* expression or call -> index in uses */
    Map use_of;            /* term, or path to a value -> index in uses */
    Map asked_about;       /* branch and object -> see guard.c */
    uint64_t *kept_params; /* see believe.c; NULL until asked for */
    uint32_t *dominator;   /* per block, its nearest one; NULL until asked for */
    Map passed_seen; /* what one instruction shows of one slot -> index in evidence */
    VEC(Evidence) evidence;
    TestSeen *tests; /* per block */
    struct Exporter *exporter;
    struct Request *request; /* NULL: no model of contexts was loaded */
    uint32_t nstep, budget;
    uint32_t block, ins; /* at work */
    bool is_merging;     /* the budget ran out: one state a block from here on */
    bool is_exhausted;
    bool is_start;     /* the program begins here: globals hold their initialisers */
    uint32_t *reached; /* by block: its first instructions that some state got to */
    bool clobbers_globals, clobbers_params;
    VEC(TermId) clobbers;
    VEC(TermId)
    overwrites; /* by bytes from elsewhere; unlike clobbers, nothing escaped */
} Engine;

/* What is known of a function that this one calls; NULL: nothing. */
static inline const Summary *engine_summary(const Engine *engine, const ProgramFn *fn,
                                            bool by_pointer)
{
    return engine->context->summary_of(engine->context->data, fn, by_pointer);
}

/* shape.c */
void shape_make(Engine *engine);
/* The nearest number, from `at` up or down, at which a comparison in the loop changes its
 * answer; the farthest of all when there is none. */
int64_t shape_bound(const Engine *engine, uint32_t head, int64_t at, bool up);
/* Where a field stands: its bytes, or its bits' own place. */
int64_t shape_offset(const Field *field);
static inline uint32_t engine_number(const Engine *engine)
{
    return engine->shape.first[engine->block] + engine->ins;
}
static inline bool bit_get(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}
static inline void bit_set(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

/* value.c: what is known of values */
Range value_range(Engine *engine, const State *state, TermId term);
bool value_is_null(Engine *engine, const State *state, TermId term);
bool value_is_valid(Engine *engine, const State *state, TermId term);
uint32_t value_origin(Engine *engine, const State *state, TermId term); /* 0 unknown */
/* Takes term's truth as given; false when that is impossible. origin: why a pointer that
 * this makes null is null. */
bool value_assume(Engine *engine, State *state, TermId term, bool truth, uint32_t origin);
bool value_assume_range(Engine *engine, State *state, TermId term, Range range,
                        uint32_t origin);
/* 1 within, 0 possible, -1 impossible */
int value_entails(Engine *engine, const State *state, TermId term, Range range);

/* memory.c */
TermId memory_load(Engine *engine, State *state, TermId address, Type type,
                   FieldId field);
/* What an address holds that no cell maps: what it held on entry, if that still stands. */
TermId memory_unmapped(Engine *engine, const State *state, TermId address, Type type,
                       FieldId field);
void memory_store(Engine *engine, State *state, TermId address, TermId value, Type type,
                  FieldId field);
void memory_fill(Engine *engine, State *state, TermId address, int64_t bytes,
                 uint32_t origin);
void memory_copy(Engine *engine, State *state, TermId to, TermId from, int64_t bytes);
void memory_havoc(Engine *engine, State *state, TermId root, uint32_t ins);
/* All that is reachable from these roots, and from globals. */
void memory_havoc_all(Engine *engine, State *state, const TermId *from, uint32_t n,
                      bool globals, uint32_t ins);

/* join.c */
/* Brings states that meet at `block` (instruction `ins`) down to a few: equal keys are one. */
void join_reduce(Engine *engine, StateList *states, uint32_t block, uint32_t ins,
                 uint32_t most);
/* How numbers grow at the head of a loop: to what the loop compares with; far: to all. */
typedef struct Widen {
    uint32_t head;
    bool is_far;
} Widen;
/* Folds `from` into `into`; true when that changed it. point names the new values: the
 * block, or block count + instruction number for a join inside a block. widen: NULL, not. */
bool join_into(Engine *engine, State *into, State *from, uint32_t block, uint32_t point,
               const Widen *widen);
uint64_t join_marks_key(const State *state);
uint64_t join_key(Engine *engine, const State *state, uint32_t block, bool coarse);
void join_tidy(Engine *engine, State *state, uint32_t block); /* drops what is dead */
void join_age(Engine *engine, State *state,
              uint32_t head); /* along an edge back to head */

/* relate.c */
/* What a value is called that one side of a join knows as x, the other one as y. */
typedef struct Pair {
    TermId x, y, name;
    bool is_pointer;
} Pair;
typedef struct Pairs {
    VEC(Pair) list;
    bool is_made; /* some of the names were put together by relate_terms */
} Pairs;
TermId relate_name(const Pairs *pairs, TermId x, TermId y); /* 0 none */
/* Made alike, of parts that may have a name together. */
bool relate_can(const Engine *engine, TermId x, TermId y);
/* x and y as one term over the names of pairs; 0: they have too little in common. */
TermId relate_terms(Engine *engine, const Pairs *pairs, TermId x, TermId y);
/* When the pair is what some other pair's member holds on either side: says so of the names,
 * in `into`. True when that is new. */
bool relate_content(Engine *engine, State *into, const State *from, const Pairs *pairs,
                    const Pair *pair);
/* What `from` holds in the place of a cell of `into` whose object got its name here; 0: it
 * did not. */
TermId relate_other(Engine *engine, const State *from, const Pairs *pairs,
                    const Cell *cell);

/* call.c */
void call_run(Engine *engine, State *state, const Ins *ins, StateList *out);

/* outcome.c */
/* What the call `left` unset (FRESH_LEFT): why it is null there. */
uint32_t outcome_left_origin(Engine *engine, TermId left);

/* invoke.c */
/* For our callers, who know what the parameter `target` is. by_args: one call of ours may
 * stand for several calls of it. */
void invoke_export(Engine *engine, const State *state, TermId target, const TermId *args,
                   uint32_t narg, bool by_args);

/* exec.c */
bool exec_is_literal(const Engine *engine, Val val); /* NULL or 0, as written */
/* The pointer that an address rests on, as written. */
const char *exec_pointer_text(Engine *engine, Val val);
/* What stands behind the format string of a call. False: the path ends there. */
bool format_check(Engine *engine, State *state, const Ins *ins, const ProgramFn *callee,
                  const Summary *summary, const TermId *args);
const char *exec_text(const Engine *engine, Val val); /* of a string literal, or NULL */
TermId exec_val(const Engine *engine, const State *state, Val val);
void exec_set(const Engine *engine, State *state, Val val, TermId term);
/* One instruction that is no terminator; the state and its forks go to `out`. */
void exec_ins(Engine *engine, State *state, const Ins *ins, StateList *out);
/* The pointer `root` is used as an object here. False: it is null, the path ends. */
bool exec_deref(Engine *engine, State *state, TermId root, Val val, const Ins *ins,
                CandidateKind kind);

/* doubt.c: pointers that are declared to be null at times */
/* weak: the symbol whose address it is, NULL: it is _Nullable. */
void doubt_add(Engine *engine, TermId value, const Name *weak);
/* The address of a function or global that may be weak. */
void doubt_address(Engine *engine, const Ins *ins, TermId address);
/* The value that `ins` loads from the address `from`, which may be declared either way. */
void doubt_load(Engine *engine, State *state, const Ins *ins, const Ins *from,
                TermId value);
/* Used without a test, while nothing is known of it: false, when it is not declared so. */
bool doubt_note(Engine *engine, const State *state, TermId value, Candidate candidate,
                const SiteStep *more, uint32_t nmore);
/* A direct call, perhaps of a weak function. False: it is not there, the path ends. */
bool doubt_call(Engine *engine, State *state, const Ins *ins);

/* note.c: what is remembered of errors */
uint32_t note_origin(Engine *engine, Origin origin);
/* term: the null value, 0 unknown. */
void note_candidate(Engine *engine, const State *state, Candidate candidate, TermId term,
                    uint32_t origin, const SiteStep *more, uint32_t nmore);
void note_latent(Engine *engine, const State *state, LatentKind kind, TermId term,
                 const SiteStep *more, uint32_t nmore);
/* A null made in this function and used there, under conditions that only a callee tested:
 * callers that know them learn of it. */
bool note_is_own(const Engine *engine, const State *state, uint32_t origin);
void note_own_null(Engine *engine, const State *state, LatentKind kind, uint32_t origin);
/* That the value of a caller is null is only what a callee or a macro asks: a caller that passes
 * null learns that it is used all the same. */
bool note_is_hearsay(Engine *engine, const State *state, TermId term, uint32_t origin);
void note_hearsay(Engine *engine, const State *state, LatentKind kind, TermId term,
                  uint32_t origin);
void note_latent_call(Engine *engine, State *state, const Latent *latent, TermId term,
                      const Guard *guards, uint32_t nguard);
void note_test(Engine *engine, State *state, TermId condition, const Ins *ins);
/* A function that nobody knows is shown this value, and nothing else. */
void note_handed(Engine *engine, TermId arg);
/* The branches that led here, the last eight of them; how many. */
uint32_t note_way(Engine *engine, const State *state, SiteStep *steps);
/* The status of that call decided a branch on the way. */
bool note_asked(const State *state, uint32_t call);
void note_tests_end(Engine *engine);
void note_candidates_end(Engine *engine);
Trace *trace_add(Engine *engine, State *state, TraceKind kind, bool flag,
                 uint8_t outcome);
/* The call (number + 1) whose null result is compared with null here; 0 none. */
uint32_t note_tested_param(const Engine *engine, TermId condition);
/* The instruction at work stands in an assertion that other builds leave out. */
bool note_in_assertion(const Engine *engine);
/* The condition of an assertion that was compiled out is false, because an allocation or the
 * like has failed: of that an assertion says nothing. */
bool note_denied(Engine *engine, const State *state, TermId condition, const Ins *ins);
uint32_t note_tested_null(const Engine *engine, TermId condition);
/* The call (number + 1) whose result decides this condition; 0 none. */
uint32_t note_deciding_call(const Engine *engine, TermId condition);

/* believe.c: what the function shows of what its author believes */
/* of the call at work */
void believe_result(Engine *engine, TermId result, const TermId *args, uint32_t narg);
/* The call that gave this value, UINT32_MAX when none did. */
uint32_t believe_call(const Engine *engine, TermId term);
/* A pointer was read from there (from: the temporary that holds the address). */
void believe_load(Engine *engine, Val from, FieldId field, TermId address, TermId value);
/* The field or global that this value was read from; without a name: none. */
Slot believe_slot(const Engine *engine, TermId term);
void believe_store(Engine *engine, const State *state, TermId address, FieldId field,
                   TermId value);
/* A branch (ins) asks whether the value is null. */
void believe_asked(Engine *engine, TermId term, const Ins *ins);
/* A branch asks what this call returned. */
void believe_status(Engine *engine, TermId condition, uint32_t call);
/* The value is used as an object: known not to be null; not known. what, address: temporaries
 * that hold the pointer and what is reached through it. kind: DEREF, CALL; ARG: by a callee. */
void believe_valid(Engine *engine, TermId term, Val address);
void believe_unchecked(Engine *engine, const State *state, TermId term, Val what,
                       Val address, CandidateKind kind);
/* The result of this call (instruction number) is used while it is null. */
void believe_null_used(Engine *engine, uint32_t call);
/* What is passed for the pointer parameters of a function of the program. */
void believe_passed(Engine *engine, const State *state, const ProgramFn *fn,
                    const TermId *args, uint32_t narg);
/* The callee will read and use `value`, through its parameters: not null, or not used at all;
 * used only under conditions that are not known here; used. arg: the argument that leads there. */
typedef enum Handed { HANDED_VALID, HANDED_PERHAPS, HANDED_UNKNOWN } Handed;
void believe_reads(Engine *engine, const State *state, const Summary *callee,
                   const Latent *latent, TermId value, Handed handed, Val arg);
/* The function that the call of that number names; NULL: none. */
const ProgramFn *believe_callee(const Engine *engine, uint32_t call);
void believe_end(Engine *engine);

/* guard.c: what was asked of an object before one of its members is used */
/* The same expression wherever in the function it stands. */
uint64_t guard_expression(const Engine *engine, const Block *block, Val val);
/* The instruction of that number, and its block. */
const Block *guard_block(const Engine *engine, uint32_t number, const Ins **ins);
/* A member as written: the expression of its object, and which of its fields (0: it is none). */
typedef struct Member {
    uint64_t owner;
    FieldId field;
} Member;
/* A condition that holds here is about another member of the object that `value` was read
 * from, or is the answer of a function that was given the object. */
bool guard_covers(Engine *engine, const State *state, TermId value, Member member);

/* watch.c: only when engine->watch is set */
void watch_begin(Engine *engine);
/* Around every instruction: what did it tell? truth: of a branch. */
void watch_before(Engine *engine, const State *state);
void watch_after(Engine *engine, const State *state, bool truth);
void watch_test(Engine *engine, TermId condition);
/* The pointer `root` is used as an object, or called. */
void watch_use(Engine *engine, const State *state, TermId root, Val val, bool is_call);
/* It is passed to a function that cannot do with null; is_idle: not under these conditions. */
void watch_passed(Engine *engine, const State *state, TermId root,
                  const Candidate *candidate, bool is_idle);

/* way.c */
/* Can the instruction of that number run after the other, once that has run? */
bool way_is_later(const Engine *engine, uint32_t number, uint32_t than);
/* What it answers is no matter of what its arguments lead to: the number of a library's
 * function that is given nothing to read. callee NULL: not known. */
bool way_asks_world(const ProgramFn *callee);
/* The null that this state ends with was caused by a failure outside the program. */
bool way_is_failure(const Engine *engine, const State *state, const Origin *origin);
/* The outcome asks nothing of its caller; that there was something to allocate at all is no
 * condition of a failed allocation. */
bool way_is_free(const Outcome *outcome);
/* CANDIDATE_LATER and _LAST_ELSE of a null from `origin` that is used here */
uint32_t way_flags(Engine *engine, const State *state, const Origin *origin);

/* request.c: only when engine->request is set, but for request_begin */
struct RequestCall;
void request_begin(Engine *engine);
void request_load(Engine *engine, FieldId field, TermId value);
void request_store(Engine *engine, const State *state, TermId address, TermId value);
/* use.c: an access through a pointer; a load, a store */
void use_access(Engine *engine, State *state, TermId root, Val val, const Ins *ins);
void use_load(Engine *engine, State *state, const Ins *ins, TermId value);
void use_store(Engine *engine, State *state, const Ins *ins);
/* relay.c: what callers get of all ways out together */
void relay_end(Engine *engine, Summary *summary);
/* Around a call. The first is told before the callee runs, the second of each state after. */
struct RequestCall *request_before(Engine *engine, State *state, const Ins *ins,
                                   const ProgramFn *callee, const TermId *args,
                                   uint32_t narg);
void request_after(Engine *engine, State *state, struct RequestCall *call);
/* ... in between, when a summary speaks for the callee */
void request_callee(Engine *engine, State *state, const struct RequestCall *call,
                    const Summary *summary);
void request_end(Engine *engine);

/* export.c */
/* What a summary calls a value that callers can name or get; 0: they cannot. */
TermId export_known(Engine *engine, const State *state, TermId id);
Summary *export_summary(Engine *engine);
Guard *export_guards(Engine *engine, const State *state, uint32_t *nguard);
TermId export_term(Engine *engine, const State *state,
                   TermId term); /* 0: callers cannot see it */
/* ... or a member of something they get from us */
TermId export_place(Engine *engine, const State *state, TermId term);
/* All that is reached through what this points into may be changed. */
void export_clobber(Engine *engine, const State *state, TermId address);
/* ... as bytes of some other object were copied over it */
void export_overwrite(Engine *engine, const State *state, TermId address);
/* Callers find what this cell holds: they named its address, or it is the result. */
bool export_is_seen(Engine *engine, const Cell *cell);
void export_post(Engine *engine, const State *state, Outcome *outcome, const Cell *cell);
void export_begin(Engine *engine);

/* contents.c: members of new objects, ranges of zeros. room: for posts in all. */
void contents_export(Engine *engine, const State *state, Outcome *outcome, uint32_t room);
/* Which members of new objects are null because an allocation failed: callers who are given
 * the object are not told otherwise. */
uint64_t contents_key(Engine *engine, const State *state);
/* How the null of that origin came about, into the outcome's steps. */
void export_null_steps(Engine *engine, const State *state, Outcome *outcome,
                       uint32_t origin);

/* errptr.c: pointers that carry an error code */
enum { ERROR_LOWEST = -4095 };
bool errptr_is(Range range); /* of a pointer */
/* The pointer that an int becomes, when `val` is one that was not an address before. */
bool errptr_is_small(const Engine *engine, Val val);
TermId errptr_of_int(Engine *engine, State *state, TermId value);
/* The value that a condition asks to be an error pointer, 0 none. */
TermId errptr_question(const Engine *engine, TermId condition);
void errptr_asked(Engine *engine, TermId value);
/* Of an error pointer that this call gave: found to be one, or let through by another test. */
uint32_t errptr_flags(const Engine *engine, const State *state, uint32_t call);
void errptr_end(Engine *engine);

/* breach.c: outcomes whose status promises an object that is not there */
/* A condition asks whether `value` is null. */
void breach_tested(Engine *engine, TermId value);
/* Who relies on the status alone, and who does not: evidence. */
void breach_end(Engine *engine);
void breach_find(Engine *engine, State *const *states, Outcome *outcomes, uint32_t n,
                 const SummaryTerm *terms);

#endif
