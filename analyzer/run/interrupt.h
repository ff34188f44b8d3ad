#ifndef RUN_INTERRUPT_H
#define RUN_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/*
 * What is said when somebody asks a run to end (SIGINT, SIGTERM, SIGHUP). The process then ends by
 * that signal, which a shell shows as status 130, 143 or 129. A signal that was ignored when we
 * were started (nohup) stays ignored.
 */
typedef struct Interrupt {
    struct sigaction before[3];
} Interrupt;

/* From now on. is_kept: there is a cache, so that the next run goes on where this one was.
 * has_bar: a progress bar may stand on the line. */
void interrupt_begin(Interrupt *interrupt, bool is_kept, bool has_bar);
void interrupt_end(const Interrupt *interrupt);
/* The signals that ask us to end, without those that are ignored. */
void interrupt_signals(sigset_t *mask);

#endif
