/*
 * The line an interrupted run ends with. A handler may do next to nothing, and need not: facts
 * are in the cache as soon as they are there, files are replaced whole (base/file.c), temporary
 * folders have a guard (base/temporary.c). So each handler is a constant text, and no state has to
 * be shared with it. While workers run, the pool takes signals itself and says how far it is.
 */
#include "run/interrupt.h"

#include <errno.h>
#include <unistd.h>

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

#define KEPT                                                                             \
    "sluice: interrupted: what is done is kept in the cache, run the same command "      \
    "again "                                                                             \
    "to go on\n"
#define LOST  "sluice: interrupted: nothing is kept, for there is no cache\n"
#define CLEAR "\r\033[K"

static void say(const char *text, size_t len)
{
    int before = errno;
    ssize_t put = write(STDERR_FILENO, text, len);
    (void)put;
    errno = before;
}

/* SA_RESETHAND: the signal does now what it does to everybody. */
#define HANDLER(name, text)                                                              \
    static void name(int number)                                                         \
    {                                                                                    \
        say(text, sizeof text - 1);                                                      \
        raise(number);                                                                   \
    }
HANDLER(say_kept, KEPT)
HANDLER(say_lost, LOST)
HANDLER(say_kept_below_bar, CLEAR KEPT)
HANDLER(say_lost_below_bar, CLEAR LOST)

void interrupt_begin(Interrupt *interrupt, bool is_kept, bool has_bar)
{
    struct sigaction action = {.sa_flags = (int)SA_RESETHAND};
    if (has_bar)
        action.sa_handler = is_kept ? say_kept_below_bar : say_lost_below_bar;
    else
        action.sa_handler = is_kept ? say_kept : say_lost;
    for (int i = 0; i < SIGNALS; i++) {
        sigaction(signals[i], NULL, &interrupt->before[i]);
        if (interrupt->before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

void interrupt_end(const Interrupt *interrupt)
{
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &interrupt->before[i], NULL);
}

void interrupt_signals(sigset_t *mask)
{
    sigemptyset(mask);
    for (int i = 0; i < SIGNALS; i++) {
        struct sigaction now;
        sigaction(signals[i], NULL, &now);
        if (now.sa_handler != SIG_IGN) sigaddset(mask, signals[i]);
    }
}
