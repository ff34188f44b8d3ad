#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include "flow/evidence.h"
#include "flow/fault.h"
#include "flow/watch.h"
#include "program/program.h"
#include "summary/summary.h"

/*
 * The path engine: runs one function over symbolic states and gives what callers need
 * (its summary), what it saw go wrong (candidates) and what it saw others believe
 * (evidence). See engine.c for the state and the joins.
 */

typedef enum CandidateKind {
    CANDIDATE_DEREF,  /* a null value is dereferenced */
    CANDIDATE_ARG,    /* a null value reaches a parameter that must not be null */
    CANDIDATE_CALL,   /* a null function pointer is called */
    CANDIDATE_RETURN, /* a function declared to return non-null returns null */
    CANDIDATE_CHECK_AFTER_DEREF, /* tested after it was dereferenced */
    CANDIDATE_UNCHECKED, /* used unchecked, while others check: see Candidate.slot */
    CANDIDATE_REQUEST    /* a request's context: see Candidate.fault, all else is empty */
} CandidateKind;

typedef enum CandidateFlag {
    CANDIDATE_READER =
        256, /* LATENT: the callee writes nothing that the argument leads to */
    CANDIDATE_MERGED = 1,          /* seen only where paths had been joined before */
    CANDIDATE_ASSUMED = 2,         /* depends on a condition tested only in a callee */
    CANDIDATE_MACRO = 4,           /* the deciding test stands in a macro */
    CANDIDATE_INDIRECT = 8,        /* through a function pointer whose value is a guess */
    CANDIDATE_LATENT = 16,         /* the crash is in a callee: steps go there */
    CANDIDATE_LATENT_MAY = 32,     /* ... and the callee's conditions may not hold */
    CANDIDATE_ONE_TEST = 64,       /* the null was found by a test in this function */
    CANDIDATE_UNCONDITIONAL = 128, /* the callee fails whatever it is passed */
    CANDIDATE_SUCCESS = 512,       /* OUT: with `breach`; and the status was asked */
    CANDIDATE_LOOP = 1024,         /* a loop's end decides it */
    CANDIDATE_INSIDE = 2048, /* LATENT: not the argument itself, but reached from it */
    CANDIDATE_DISCRIMINATED =
        4096,                   /* TESTED_CALLEE: and this function asked the callee */
    CANDIDATE_LITERAL = 524288, /* ARG: written as NULL in the call itself */
    CANDIDATE_CAUTION = 16384,  /* the callee was only wary of a null argument */
    CANDIDATE_DIRECT =
        32768, /* ORIGIN_OUT: the very thing the call was given the address of */
    CANDIDATE_CHOSEN =
        65536, /* the callee has other outcomes, and nothing here tells which */
    CANDIDATE_HANDLED =
        131072, /* RETURN, ALLOC: tested here, and used as null all the same */
    CANDIDATE_FAILURE =
        4194304, /* RETURN: the callee failed for want of something outside */
    CANDIDATE_LATER = 1048576,     /* a condition asked after the null was settled */
    CANDIDATE_LAST_ELSE = 2097152, /* no branch of a chain of them gave a value */
    CANDIDATE_ERROR = 8388608,     /* not null, but an error pointer */
    CANDIDATE_MIXED =
        16777216, /* it was tested for an error pointer, and is null; or the reverse */
    CANDIDATE_LATENT_NUMBER =
        134217728, /* LATENT_MAY: by a number that is passed along, no more */
    CANDIDATE_DECIDED = 67108864, /* what a callee answered chose the null itself */
    CANDIDATE_VAGUE =
        33554432, /* OUT: what status came with it is not known, and it was read */
    CANDIDATE_PRINTED = 536870912, /* ARG: for %s; most C libraries print "(null)" */
    CANDIDATE_KEPT = 268435456,    /* in an assertion that other builds leave out */
    CANDIDATE_UNASSERTED =
        1073741824,             /* an assertion that was left out denies the null */
    CANDIDATE_OTHER_NULL = 8192 /* another pointer was found null on the way, too */
} CandidateFlag;

/* One thing that goes wrong on a path. Rules decide whether and how it is reported. */
typedef struct Candidate {
    CandidateKind kind;
    NullOrigin origin;
    uint32_t flags;        /* CandidateFlag */
    uint32_t block, ins;   /* where, in the function's body */
    const char *what;      /* the pointer, as written: "p->next"; "" unknown */
    NullNature nature;     /* ORIGIN_RETURN of a model */
    const Name *callee;    /* RETURN, ALLOC, OUT: who gave the null; else NULL */
    const Name *target;    /* CANDIDATE_ARG: the function it is passed to */
    uint32_t param;        /* ... and which parameter, from 0 */
    Breach breach;         /* OUT: the callee's status is as if it had set it */
    uint32_t tested_param; /* ORIGIN_TESTED: of this parameter (from 1), 0 none */
    Slot
        slot; /* UNCHECKED: what the others check; ORIGIN_TESTED: what was tested, if a slot */
    Site source;           /* where the null came from: groups findings by root cause */
    const SiteStep *steps; /* from the source to the place */
    uint32_t nstep;
    const Fault *fault; /* REQUEST */
} Candidate;

/* A function or global that was named, here or in a summary that was asked for: the program
 * may have been asked what it is. */
typedef struct FlowNamed {
    const Name *name;
    bool is_fn;
} FlowNamed;

typedef struct FlowResult {
    Summary *summary;
    Candidate *candidates;
    uint32_t ncandidate;
    Evidence *evidence;
    uint32_t nevidence;
    uint32_t nstep_used; /* instructions executed over all states */
    uint32_t nunreached; /* instructions that no state got to */
    bool is_exhausted;   /* the budget ran out */
    FlowNamed *named;
    uint32_t nnamed;
} FlowResult;

/* How summaries of callees are found; NULL: nothing known. by_pointer: the function that is
 * run calls it through a pointer, or hands it to one that calls it. */
typedef struct FlowContext {
    const Program *program;
    const Summary *(*summary_of)(void *data, const ProgramFn *fn, bool by_pointer);
    void *data;
    Requests *requests; /* NULL: nothing is known of contexts */
    uint32_t budget;    /* steps a function; 0: the default */
    Watch *watch; /* what is known of pointers at their uses goes there; NULL: nowhere */
} FlowContext;

/* Everything in the result lives in `arena`; `scratch` is reset. */
FlowResult flow_run(const FlowContext *context, const ProgramFn *fn, Arena *arena,
                    Arena *scratch);

#endif
