/* The progress bar: drawn at most ten times a second, gone when the work is done. */
#include "run/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_WIDTH = 24 };

struct Progress {
    bool bar, verbose;
    bool is_drawn;
    const char *what;
    uint32_t done, total;
    double drawn_at;
    ProgressHeard *heard; /* or NULL */
    void *heard_data;
    double heard_at;
};

double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

Progress *progress_new(Arena *arena, bool bar, bool verbose)
{
    Progress *progress = ARENA_NEW(arena, Progress);
    *progress = (Progress){.bar = bar, .verbose = verbose, .what = ""};
    return progress;
}

void progress_listen(Progress *progress, ProgressHeard *heard, void *data)
{
    progress->heard = heard;
    progress->heard_data = data;
}

static void tell(Progress *progress, bool always)
{
    if (!progress->heard) return;
    double now = clock_seconds();
    if (!always && now - progress->heard_at < 0.1) return;
    progress->heard_at = now;
    progress->heard(progress->heard_data, progress->what, progress->done,
                    progress->total);
}

static size_t screen_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return size.ws_col;
    return 80;
}

static void draw(Progress *progress, const char *item)
{
    double now = clock_seconds();
    if (progress->is_drawn && now - progress->drawn_at < 0.1) return;
    progress->drawn_at = now;
    progress->is_drawn = true;
    if (!progress->total) {
        fprintf(stderr, "\r%s\033[K", progress->what);
        fflush(stderr);
        return;
    }
    char bar[BAR_WIDTH + 1];
    uint32_t full = (uint32_t)((uint64_t)progress->done * BAR_WIDTH / progress->total);
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', full > BAR_WIDTH ? BAR_WIDTH : full);
    bar[BAR_WIDTH] = 0;
    char head[128];
    int len = snprintf(head, sizeof head, "%s [%s] %u/%u ", progress->what, bar,
                       progress->done, progress->total);
    size_t room = screen_width() - 1, used = len > 0 ? (size_t)len : 0;
    room = room > used ? room - used : 0;
    size_t size = strlen(item);
    fprintf(stderr, "\r%s%s\033[K", head, size > room ? item + size - room : item);
    fflush(stderr);
}

void progress_start(Progress *progress, const char *what, uint32_t total)
{
    progress->what = what;
    progress->done = 0;
    progress->total = total;
    progress->is_drawn = false;
    if (progress->bar) draw(progress, "");
    tell(progress, true);
}

void progress_step(Progress *progress, const char *item)
{
    progress->done++;
    tell(progress, false);
    if (progress->bar)
        draw(progress, item);
    else if (progress->verbose)
        fprintf(stderr, "%s [%u/%u] %s\n", progress->what, progress->done,
                progress->total, item);
}

void progress_show(Progress *progress, uint32_t done, const char *item)
{
    progress->done = done;
    if (progress->bar) draw(progress, item);
    tell(progress, false);
}

void progress_clear(Progress *progress)
{
    if (!progress->bar || !progress->is_drawn) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->is_drawn = false;
}

void progress_warn(Progress *progress, const char *fmt, ...)
{
    progress_clear(progress);
    va_list args;
    va_start(args, fmt);
    fputs("sluice: warning: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
}
