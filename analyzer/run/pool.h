#ifndef RUN_POOL_H
#define RUN_POOL_H

#include "run/progress.h"
#include "run/worker.h"

/* What became of one TU. */
typedef struct Answer {
    const char *fact; /* bytes of its fact file: there is one whatever happened */
    size_t len;
    CacheDep *deps; /* main file first */
    uint32_t ndep;
    bool is_complete; /* no error, nothing missing */
} Answer;

typedef struct PoolOptions {
    const char *root;
    uint32_t workers;            /* 0: one a core */
    uint32_t seconds, megabytes; /* a TU: CPU time, address space; 0: 120, 4096 */
    Progress *progress;
    bool shares_headers; /* parse what many TUs include first once (frontend/pch.h) */
    const RepairOrder *orders; /* by command: repairs are wanted, and answers hold what
                                  repair_answer_read reads; NULL: facts */
    /* Each may be NULL. The answer is there, of the command with that number; and: a signal ends
     * us, so many answers were there. */
    void (*answered)(void *data, uint32_t number, const Answer *answer);
    void (*interrupted)(void *data, uint32_t nanswer);
    void *data;
} PoolOptions;

/*
 * Parses the commands in worker processes; answers[i] is of commands[i]. A worker that dies
 * loses the TU it worked on (its fact says how it ended) and is replaced. When a signal asks
 * this process to end, workers are ended first. *peak_kb: the largest worker.
 */
bool pool_run(const PoolOptions *options, const Command *const *commands, uint32_t n,
              Arena *arena, Answer *answers, uint64_t *peak_kb, Err *err);

#endif
