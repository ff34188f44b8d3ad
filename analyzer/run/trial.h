#ifndef RUN_TRIAL_H
#define RUN_TRIAL_H

#include "run/run.h"

/* One small program that a model carries, and what is wrong with what was found in it. */
typedef struct Trial {
    const char *about;        /* "" when nothing is said */
    uint32_t line;            /* of the model: where its code begins */
    VEC(const char *) faults; /* "line 12: ctx-not-injected is not reported" */
} Trial;

typedef struct TrialList {
    VEC(Trial) list;
    uint32_t nfailed;
} TrialList;

/* Runs every program of a model's `tests:` with the model, and compares what is found with what its
 * comments expect. `options` gives rules and built-in models; `file` is the model. */
bool run_trials(const RunOptions *options, const char *file, Arena *arena, TrialList *out,
                Err *err);

#endif
