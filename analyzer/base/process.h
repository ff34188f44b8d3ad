#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/arena.h"
#include "base/err.h"

/* Another program, run to its end, without a shell. */
typedef struct ProcessResult {
    int status; /* of exit; 128 + the signal that ended it */
    char *out;  /* all of its standard output; a NUL follows that is not counted */
    size_t len;
    char *said; /* what it wrote to standard error, the first few thousand bytes */
} ProcessResult;

/*
 * args: ends with NULL; args[0] is looked for in PATH. input: its standard input, may be NULL
 * (then it is empty). set: "NAME=VALUE" added to the environment, ends with NULL, or NULL.
 * False: there is no such program (ERR_USAGE), or it wrote more than `limit` bytes.
 */
bool process_run(const char *const *args, const char *const *set, const char *input,
                 size_t limit, Arena *arena, ProcessResult *result, Err *err);

#endif
