#ifndef CONTRACT_DIFF_H
#define CONTRACT_DIFF_H

#include "contract/contract.h"

/* What two versions of a program promise differently, and whom that endangers. Plain data. */

typedef enum ContractChangeKind {
    CHANGE_RETURNS_NULL, /* it never did */
    CHANGE_NULL_ALSO,    /* it did, and does now in other cases as well */
    CHANGE_NEVER_NULL,   /* it did */
    CHANGE_ASKS,         /* a parameter must not be null, or must not be so more often */
    CHANGE_ASKS_NOT,     /* a parameter may be null */
    CHANGE_LEAVES_UNSET, /* memory that was set to an object for some result need not be */
    CHANGE_NEVER_RETURNS,
    CHANGE_RETURNS, /* it never did */
    CHANGE_KIND_COUNT
} ContractChangeKind;

/* A use of a pointer that was in order before, in the terms of the rules. */
typedef struct ContractDanger {
    const Contract *caller;
    const ContractTold *told;
    bool
        is_unchanged; /* the caller does what it did: whoever reviews the change sees none */
} ContractDanger;

typedef struct ContractChange {
    ContractChangeKind kind;
    const Contract *before, *after;
    const char *text; /* reads on from the function: "can now return NULL when n == 0" */
    bool
        is_unchanged; /* the function itself does what it did: what it calls has changed */
    ContractDanger *dangers;
    uint32_t ndanger;
} ContractChange;

typedef struct ContractDiff {
    ContractChange *changes; /* in the order of `after` */
    uint32_t nchange;
    ContractDanger *others; /* unchanged functions in danger by no change listed above */
    uint32_t nother;
    uint32_t nnew, ngone; /* functions that are in one version only */
    uint32_t nendangered; /* dangers in unchanged functions */
} ContractDiff;

/* A file that had another name. */
typedef struct ContractMove {
    const char *before, *after; /* as in Contract.place */
} ContractMove;

ContractDiff contract_diff(const ContractList *before, const ContractList *after,
                           const ContractMove *moves, uint32_t nmove, Arena *arena);
const char *contract_change_text(ContractChangeKind kind); /* "returns-null" */

#endif
