#ifndef RUN_SHARE_H
#define RUN_SHARE_H

#include "base/temporary.h"
#include "frontend/pch.h"

/*
 * The queue of the pool: PCHs to build first, then TUs, each not before its PCH is there or
 * has failed. Jobs below the number of commands are TUs, the others PCHs.
 */
typedef struct Share {
    PchPlan plan;
    Temporary folder; /* none: nothing is shared */
    uint32_t ncommand;
    uint32_t nbuild; /* PCHs given out */
    uint32_t next;   /* all TUs before it are given out */
    bool *is_given, *is_settled;
} Share;

#define SHARE_WAIT (UINT32_MAX - 1) /* there are jobs, but none that can be done now */
#define SHARE_END  (UINT32_MAX - 2)

/* Plans, and makes a folder for temporary files. `wanted` false: every TU on its own. */
void share_begin(Share *share, bool wanted, const Command *const *commands, uint32_t n,
                 Arena *arena);
void share_end(Share *share); /* removes the folder; a second time does nothing */

uint32_t share_next(Share *share); /* a job, SHARE_WAIT or SHARE_END */
bool share_is_empty(const Share *share);
void share_settle(Share *share, uint32_t group); /* built, or never will be */
/* From now on, and in processes forked from now on, this TU goes without. False: it did. */
bool share_forget(Share *share, uint32_t command);

const char *share_path(const Share *share, uint32_t group, Arena *arena);
const char *share_pch_of(const Share *share, uint32_t command,
                         Arena *arena); /* or NULL */

#endif
