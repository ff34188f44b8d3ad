#ifndef CONTRACT_CONTRACT_H
#define CONTRACT_CONTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "finding/finding.h"

/*
 * What a function promises its callers and asks of them, in words. Plain data, made from
 * summaries by infer.h; whoever shows it knows nothing of the analysis behind it.
 */

/* What is known of a pointer. */
typedef enum ContractNull {
    CONTRACT_NO_POINTER,
    CONTRACT_UNKNOWN, /* nothing, or that it is as null as something else */
    CONTRACT_NEVER,   /* never null */
    CONTRACT_MAYBE,   /* null on some way, not null on another */
    CONTRACT_ALWAYS   /* null */
} ContractNull;

/* Memory of the caller that a case of the function leaves behind. */
typedef struct ContractSet {
    const char *what;  /* "*out", "t->last", "global" */
    const char *value; /* the same in terms of the entry: "t->first"; "" when it is new */
    ContractNull null;
} ContractSet;

/* One way the function can end. */
typedef struct ContractCase {
    const char *const *when; /* all of them hold on entry: "t->size == 0" */
    uint32_t nwhen;
    bool is_partial;    /* something that callers cannot see decides as well */
    const char *cause;  /* that something in words: "its search finds nothing"; or "" */
    const char *result; /* "NULL", "not NULL", "-1", "t->last"; "" void or unknown */
    ContractNull null;  /* of the result */
    Place place;        /* of the null that is returned; line 0: none */
    const ContractSet *sets;
    uint32_t nset;
} ContractCase;

typedef enum ContractNeed {
    CONTRACT_DEREFERENCED, /* read or written through */
    CONTRACT_PASSED,       /* to something that must not get NULL */
    CONTRACT_CALLED        /* as a function */
} ContractNeed;

/* What must not be null when the function is called. */
typedef struct ContractDemand {
    const char *what; /* "key", "t->bucket", "global" */
    uint32_t param;   /* from 1: the parameter itself; 0: something else */
    bool is_global;   /* it belongs to a global, not to what callers pass */
    bool is_reached;  /* what has no name: something reached from a parameter or global */
    ContractNeed need;
    const char *const *when; /* only then */
    uint32_t nwhen;
    bool is_partial; /* only on some ways, which callers cannot tell */
    Place place;     /* in the function */
    const char *via; /* the callee that does it, "" the function itself */
    Place via_place; /* ... and where */
} ContractDemand;

typedef struct ContractParam {
    const char *name;
    bool is_pointer;
    bool is_declared_nonnull, is_declared_nullable;
    bool is_compared; /* with null, anywhere in the body */
    bool is_tested;   /* compared with null, and the function goes on */
} ContractParam;

/* A function that is called back. */
typedef struct ContractInvoke {
    const char *what;
    const char *const *args; /* "" unknown */
    uint32_t narg;
    Place place;
} ContractInvoke;

typedef enum ContractState {
    CONTRACT_WHOLE,
    CONTRACT_TOO_LARGE, /* the budget ran out: only what it asks is known */
    CONTRACT_DEGRADED   /* its body has errors */
} ContractState;

/* A use of a pointer in the function that some rule speaks of, at whatever tier. */
typedef struct ContractTold {
    uint64_t key; /* equal in two versions of one body: the same use of the same null */
    const char *rule_id;
    Tier tier;
    bool is_weak;       /* on a path that is not certain */
    bool is_suppressed; /* by a comment */
    Place place;
    const char *text;
    const char *giver, *taker; /* link names: whose null it is, who gets it; or "" */
} ContractTold;

typedef struct Contract {
    const char *name, *link_name;
    Place place;
    bool is_static, is_noreturn, is_recursive, is_in_header;
    ContractState state;
    ContractNull result; /* over all cases */
    bool is_declared_nonnull;
    const ContractParam *params;
    uint32_t nparam;
    bool is_variadic;
    const char *const *returns_when; /* it only comes back when all of these hold */
    uint32_t nreturns_when;
    const ContractCase *cases;
    uint32_t ncase;
    const ContractDemand *demands;
    uint32_t ndemand;
    const ContractInvoke *invokes;
    uint32_t ninvoke;
    ContractTold *told;
    uint32_t ntold;
    uint32_t nchecked, nunchecked; /* calls that test its result, or use it untested */
    Hash body;                     /* of what it does, wherever it stands */
} Contract;

typedef struct ContractList {
    Contract *at; /* by path, line, column, name */
    uint32_t n;
} ContractList;

/* What a contract says, one sentence a line: for people. */
const char *const *contract_words(const Contract *contract, Arena *arena, uint32_t *n);
/* "lookup(t, key)" */
const char *contract_head(const Contract *contract, Arena *arena);

#endif
