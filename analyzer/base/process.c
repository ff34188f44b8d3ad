/*
 * Running another program: its input is written and its two outputs are read in one loop, so
 * that neither side waits for the other. That there is no such program is told by exec itself,
 * over a pipe that closes when it succeeds.
 */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

enum { SAID_LIMIT = 4000, CHUNK = 65536 };

typedef struct Pipes {
    int in[2], out[2], said[2], exec[2];
} Pipes;

typedef struct Talk {
    const char *input;
    size_t left, limit;
    Buf out, said;
    bool is_too_much;
} Talk;

static void open_pipe(int fds[2])
{
    if (pipe2(fds, O_CLOEXEC) != 0) die("cannot make a pipe: %s", strerror(errno));
}

static void close_one(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static _Noreturn void become(const char *const *args, const char *const *set,
                             Pipes *pipes)
{
    dup2(pipes->in[0], STDIN_FILENO);
    dup2(pipes->out[1], STDOUT_FILENO);
    dup2(pipes->said[1], STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    for (uint32_t i = 0; set && set[i]; i++) {
        const char *equals = strchr(set[i], '=');
        char name[64] = {0};
        if (!equals || (size_t)(equals - set[i]) >= sizeof name) continue;
        memcpy(name, set[i], (size_t)(equals - set[i]));
        setenv(name, equals + 1, 1);
    }
    char *copy[64];
    uint32_t n = 0;
    for (; args[n] && n + 1 < sizeof copy / sizeof *copy; n++)
        memcpy(&copy[n], &args[n], sizeof *copy); /* exec does not write to them */
    copy[n] = NULL;
    execvp(copy[0], copy);
    int why = errno;
    ssize_t told = write(pipes->exec[1], &why, sizeof why);
    _exit(told == sizeof why ? 126 : 127);
}

static void feed(Talk *talk, int *fd)
{
    ssize_t put = write(*fd, talk->input, talk->left);
    if (put < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (put > 0) {
        talk->input += put;
        talk->left -= (size_t)put;
    }
    if (put < 0 || !talk->left) close_one(fd);
}

static void hear(Talk *talk, int *fd, Buf *to, size_t limit)
{
    char chunk[CHUNK];
    ssize_t got = read(*fd, chunk, sizeof chunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
        close_one(fd);
        return;
    }
    size_t room = limit > to->n ? limit - to->n : 0;
    size_t len = (size_t)got;
    if (len > room && to == &talk->out) talk->is_too_much = true;
    buf_put(to, chunk, len < room ? len : room);
}

static void talk_through(Talk *talk, Pipes *pipes)
{
    while (pipes->in[1] >= 0 || pipes->out[0] >= 0 || pipes->said[0] >= 0) {
        struct pollfd fds[] = {{.fd = pipes->in[1], .events = POLLOUT},
                               {.fd = pipes->out[0], .events = POLLIN},
                               {.fd = pipes->said[0], .events = POLLIN}};
        if (poll(fds, 3, -1) < 0 && errno != EINTR) die("poll: %s", strerror(errno));
        if (fds[0].revents) feed(talk, &pipes->in[1]);
        if (fds[1].revents) hear(talk, &pipes->out[0], &talk->out, talk->limit);
        if (fds[2].revents) hear(talk, &pipes->said[0], &talk->said, SAID_LIMIT);
        if (talk->is_too_much) return;
    }
}

static int status_of(pid_t pid)
{
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) die("waitpid: %s", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool process_run(const char *const *args, const char *const *set, const char *input,
                 size_t limit, Arena *arena, ProcessResult *result, Err *err)
{
    Pipes pipes;
    open_pipe(pipes.in);
    open_pipe(pipes.out);
    open_pipe(pipes.said);
    open_pipe(pipes.exec);
    Talk talk = {.input = input ? input : "", .limit = limit};
    talk.left = strlen(talk.input);
    buf_init(&talk.out, arena);
    buf_init(&talk.said, arena);
    buf_put(&talk.out, "", 0);
    buf_put(&talk.said, "", 0);
    pid_t pid = fork();
    if (pid < 0) die("cannot start %s: %s", args[0], strerror(errno));
    if (!pid) become(args, set, &pipes);
    fcntl(pipes.in[1], F_SETFL, O_NONBLOCK); /* a part of the input at a time */
    close_one(&pipes.in[0]);
    close_one(&pipes.out[1]);
    close_one(&pipes.said[1]);
    close_one(&pipes.exec[1]);
    int why = 0;
    bool failed = read(pipes.exec[0], &why, sizeof why) == sizeof why;
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGPIPE, &ignore, &before);
    if (!talk.left) close_one(&pipes.in[1]);
    if (!failed) talk_through(&talk, &pipes);
    sigaction(SIGPIPE, &before, NULL);
    int *all[] = {&pipes.in[1], &pipes.out[0], &pipes.said[0], &pipes.exec[0]};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        close_one(all[i]);
    *result = (ProcessResult){.status = status_of(pid),
                              .out = talk.out.at,
                              .len = talk.out.n,
                              .said = talk.said.at};
    if (failed)
        return err_set(err, ERR_USAGE, "cannot run %s: %s", args[0], strerror(why));
    if (talk.is_too_much)
        return err_set(err, ERR_USAGE, "%s wrote more than %zu bytes", args[0], limit);
    return true;
}
