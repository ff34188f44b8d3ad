#ifndef RUN_PROGRESS_H
#define RUN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

/*
 * What a person sees while it works, all on stderr: a bar on a terminal, plain lines when
 * verbose, else only warnings.
 */
typedef struct Progress Progress;

Progress *progress_new(Arena *arena, bool bar, bool verbose);
/* From now on somebody is told as well, as often as the bar would be drawn. */
typedef void ProgressHeard(void *data, const char *what, uint32_t done, uint32_t total);
void progress_listen(Progress *progress, ProgressHeard *heard, void *data);
/* A phase with `total` steps; 0: no count. `what` is borrowed: "parsing". */
void progress_start(Progress *progress, const char *what, uint32_t total);
void progress_step(Progress *progress, const char *item);
/* Where it is, for steps too many to be lines: only the bar shows it. */
void progress_show(Progress *progress, uint32_t done, const char *item);
void progress_clear(Progress *progress); /* removes the bar */
/* A line of its own, "sluice: warning: ..."; the bar comes back below it. */
void progress_warn(Progress *progress, const char *fmt, ...) PRINTF_LIKE(2, 3);

double clock_seconds(void); /* since some point in the past */

#endif
