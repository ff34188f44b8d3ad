#ifndef FLOW_FAULT_H
#define FLOW_FAULT_H

#include "context/context.h"
#include "program/program.h"
#include "summary/summary.h"

/* What goes wrong with the context of a request: a candidate's other half. */
typedef enum FaultKind {
    FAULT_FRESH_ROOT,   /* NULL or a new root is passed, and a context is at hand */
    FAULT_BROKEN_CHAIN, /* a callee sends, and cannot get the context */
    FAULT_NOT_INJECTED,
    FAULT_PARTIAL, /* some keys are there, others are not */
    FAULT_CANNOT_CARRY,
    FAULT_OVERWRITTEN, /* keys were there, and were replaced */
    FAULT_STALE,       /* a handle carries what an earlier request left on it */
    FAULT_NOT_EXTRACTED,
    FAULT_HANDOFF,      /* what runs later has no context */
    FAULT_NOT_RESTORED, /* a callback reads the ambient slot as somebody left it */
    FAULT_NOT_CLEARED,  /* some ways out leave the ambient slot set */
    FAULT_STORED,       /* a request's context is kept in something that outlives it */
    FAULT_ENDED,        /* used after its end */
    FAULT_OUTSIDE,      /* sensitive keys cross the trust boundary */
    FAULT_NO_DEADLINE,
    FAULT_OWN_DEADLINE, /* a deadline that has nothing to do with the request's */
    FAULT_RETRY,
    FAULT_ROOT, /* a new root below a request */
    FAULT_NO_ROOT,
    FAULT_LOG,
    FAULT_SPAN,
    FAULT_FORBIDDEN /* components: who may not call whom does */
} FaultKind;

typedef enum FaultFlag {
    FAULT_IS_MERGED = 1, /* seen only where paths had been joined */
    FAULT_IS_NULL = 2,   /* FRESH_ROOT: NULL, not a root */
    FAULT_IS_PARENT =
        4, /* OWN_DEADLINE: the parent is missing, or the mask lacks a bit */
    FAULT_IS_UNKNOWN_CALLEE = 8,
    FAULT_IS_SAME =
        16, /* FRESH_ROOT: the rest of the operation is passed on as it came */
    FAULT_IS_LOOSE =
        32, /* NOT_INJECTED: keys are at hand, on something that is not attached */
    FAULT_IS_PART =
        128, /* NOT_EXTRACTED: only the first part of the list was looked at */
    FAULT_IS_SAME_NAME =
        256, /* FRESH_ROOT: the member that is called has the function's own name */
    FAULT_IS_BESIDE =
        1024, /* FRESH_ROOT: it is a member of something beside the context that came in */
    FAULT_IS_ACCESS =
        64 /* ENDED: not passed on, but used here; with IS_NULL: what was kept
                            with the context may not be there */
} FaultFlag;

/* Texts are "" where there is nothing to say. */
typedef struct Fault {
    FaultKind kind;
    uint32_t flags;                /* FaultFlag */
    Site site;                     /* where it is reported */
    const char *context;           /* what is at hand: "ctx" */
    const char *came;              /* how it came in: "parameter 'ctx'" */
    const char *given;             /* what is used instead */
    const Name *callee;            /* the call it is about */
    uint32_t arg;                  /* ... and its argument, from 1; 0 none */
    const char *missing, *present; /* keys */
    const char *fix;               /* what to call */
    const char *chain;             /* "quote -> fetch_price -> curl_easy_perform" */
    const char *edit; /* functions that need a parameter: "quote, fetch_price" */
    uint32_t nmore;   /* others below the same call */
    SiteStep *steps;
    uint32_t nstep;
} Fault;

/* A member that is called: "operations::truncate", and which contexts it takes. */
typedef struct Door {
    const Name *name;
    const uint32_t *types; /* context type of each parameter, CONTEXT_NONE */
    uint32_t ntype;
} Door;

/* A member that is a context, of a record. */
typedef struct Kept {
    const Name *field;
    uint32_t type;
    struct Kept *next; /* another one of the same record */
} Kept;

/* What is known of contexts for the whole program, before any function is run. */
typedef struct Requests {
    ContextModel *model;
    const Program *program;
    Map entries; /* ProgramFn.id -> index of the entry + 1 */
    Map holders; /* Name of a pointer type whose record has a context -> Kept */
    Map slots;   /* Field -> Door */
    Map answers; /* ProgramFn.id: only ever handed on as a callback, by code */
    Map types;   /* Name of a type -> context type + 1, 0 none */
} Requests;

/* NULL when nothing was loaded. */
Requests *requests_new(const Program *program, ContextModel *model, Arena *arena);
/* The context type that values called so are; CONTEXT_NONE. */
uint32_t requests_type(Requests *requests, const Name *type_name);
const Door *requests_door(Requests *requests, const Field *field);
/* Only code takes its address, no table: it is called with an answer. */
bool requests_is_answerer(const Requests *requests, const ProgramFn *fn);
const ContextEntry *requests_entry(const Requests *requests, const ProgramFn *fn);

#endif
