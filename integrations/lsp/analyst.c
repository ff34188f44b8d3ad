/*
 * The analyst: a process that reads the whole program once and keeps it, and forks for every
 * question.
 *
 * A fork sees all of it at no cost, so a round of analysis begins with the program in memory and ends
 * without a trace: a crash of the compiler library, a file without end or a question that nobody wants
 * an answer to any more costs that fork and nothing else. The fork that has checked buffers
 * stays, for it knows the program with them: hovers, lenses and fixes are asked of it.
 *
 * While it works, anything that happens to the socket of its answer ends it (O_ASYNC): the only
 * thing that can happen is that the other side hangs up.
 */
#include "analyst.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "result.h"
#include "run/session.h"
#include "words.h"

typedef struct Analyst {
    const AnalystOrder *order;
    Arena *arena;
    Session *session;
    int socket;
} Analyst;

/* --- answers -------------------------------------------------------------------------------- */

/* The other side hanging up ends us from now on, or no longer does. */
static void mind_hangup(int socket, bool wanted)
{
    signal(SIGIO, wanted ? SIG_DFL : SIG_IGN);
    fcntl(socket, F_SETOWN, getpid());
    fcntl(socket, F_SETFL, wanted ? O_ASYNC : 0);
    char byte;
    if (wanted && recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(0);
}

/* Room in the socket is something that happens to it, too. */
static void tell(int socket, Talk talk, const char *body, size_t len)
{
    mind_hangup(socket, false);
    channel_send(socket, talk, body, len, -1);
}

static void tell_failed(int socket, const char *why)
{
    tell(socket, TELL_FAILED, why, strlen(why));
}

static void tell_result(const Analyst *analyst, int socket)
{
    Buf out;
    RunResult *result = session_result(analyst->session);
    buf_init(&out, analyst->arena);
    analyst->order->setup->judge(analyst->order->setup->data, result, analyst->arena);
    result_write(&out, result, analyst->arena);
    tell(socket, TELL_RESULT, out.at, out.n);
}

static bool check(Analyst *analyst, Message *message, int socket)
{
    uint64_t n = 0;
    Err err = {0};
    body_get_number(message, &n);
    VEC(FileBuffer) buffers = {0};
    for (uint64_t i = 0; i < n; i++) {
        FileBuffer buffer;
        size_t len;
        if (!body_get(message, &buffer.path, &len) ||
            !body_get(message, &buffer.text, &buffer.len))
            return false;
        vec_push(analyst->arena, &buffers, buffer);
    }
    if (!session_check(analyst->session, buffers.at, buffers.n, analyst->arena, &err)) {
        tell_failed(socket, err.text);
        return false;
    }
    tell_result(analyst, socket);
    return true;
}

static void fixes(Analyst *analyst, const char *path, int socket)
{
    RunResult result = *session_result(analyst->session);
    Err err = {0};
    Buf out;
    buf_init(&out, analyst->arena);
    if (!session_fixes(analyst->session, path, TIER_C, analyst->arena, &result.findings,
                       &err)) {
        tell_failed(socket, err.text);
        return;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < result.findings.n; i++)
        if (result.findings.at[i].fix) result.findings.at[kept++] = result.findings.at[i];
    result.findings.n = kept;
    result.remarks.n = result.nnote = 0;
    result_write(&out, &result, analyst->arena);
    tell(socket, TELL_RESULT, out.at, out.n);
}

static void words(Analyst *analyst, Message *message, const char *path, int socket)
{
    const char *name = NULL;
    size_t len;
    Buf out;
    buf_init(&out, analyst->arena);
    buf_text(&out, "");
    if (message->talk == ASK_CONTRACT && body_get(message, &name, &len))
        words_contract(&out, analyst->session, path, name, analyst->arena);
    else if (message->talk == ASK_LENSES)
        words_lenses(&out, analyst->session, path, analyst->arena);
    tell(socket, TELL_TEXT, out.at, out.n);
}

/* --- processes ------------------------------------------------------------------------------ */

static void serve(Analyst *analyst);

static void limit_self(void)
{
    enum { SECONDS = 300 };
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    rlim_t seconds = (rlim_t)usage.ru_utime.tv_sec + SECONDS;
    setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, RLIM_INFINITY});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
}

_Noreturn static void answer(Analyst *analyst, Message *message)
{
    int socket = message->descriptor;
    const char *path;
    size_t len;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(analyst->socket);
    limit_self();
    mind_hangup(socket, true);
    if (message->talk == ASK_CHECK) {
        if (!check(analyst, message, socket)) _exit(1);
        analyst->socket = socket;
        serve(analyst);
    } else if (body_get(message, &path, &len)) {
        if (message->talk == ASK_FIXES)
            fixes(analyst, path, socket);
        else if (message->talk == ASK_PREPARE)
            session_prepare(analyst->session, path);
        else
            words(analyst, message, path, socket);
    }
    _exit(0);
}

/* Takes questions until nobody can ask any more. */
static void serve(Analyst *analyst)
{
    for (;;) {
        Arena *scratch = arena_new("question");
        Message message;
        if (!channel_receive(analyst->socket, scratch, &message)) return;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        if (message.descriptor >= 0) {
            fflush(NULL);
            pid_t pid = fork();
            if (pid == 0) answer(analyst, &message);
            if (pid < 0) tell_failed(message.descriptor, strerror(errno));
            close(message.descriptor);
        }
        arena_free(scratch);
    }
}

static void tell_progress(void *data, const char *what, uint32_t done, uint32_t total)
{
    const Analyst *analyst = data;
    Arena *scratch = arena_new("progress");
    Buf out;
    buf_init(&out, scratch);
    body_put_number(&out, done);
    body_put_number(&out, total);
    body_put(&out, what, strlen(what));
    channel_send(analyst->socket, TELL_PROGRESS, out.at, out.n, -1);
    arena_free(scratch);
}

_Noreturn static void work(const AnalystOrder *order, int socket)
{
    Analyst analyst = {.order = order, .socket = socket, .arena = arena_new("analyst")};
    RunOptions options = {0};
    Err err = {0};
    const LspSetup *setup = order->setup;
    bool ok = chdir(order->folder) == 0 ||
              err_set(&err, ERR_USAGE, "%s: %s", order->folder, strerror(errno));
    ok = ok && setup->prepare(setup->data, order->words, order->nword, analyst.arena,
                              &options, &err);
    options.progress = false;
    options.heard = tell_progress;
    options.heard_data = &analyst;
    if (ok) analyst.session = session_open(&options, order->scratch, analyst.arena, &err);
    if (!analyst.session) {
        tell_failed(socket, err.text);
        _exit(1);
    }
    tell_result(&analyst, socket);
    options.heard = NULL;
    serve(&analyst);
    _exit(0);
}

/* What else the server holds must not be held open here, or nobody would see it hang up. */
static int keep_only(int socket)
{
    enum { FIRST = STDERR_FILENO + 1 };
    socket = dup2(socket, FIRST) == FIRST ? FIRST : socket;
    if (socket == FIRST) close_range(FIRST + 1, ~0U, 0);
    return socket;
}

int analyst_start(const AnalystOrder *order)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    fflush(NULL);
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(0);
        int none = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(none, STDIN_FILENO);
        dup2(none, STDOUT_FILENO);
        work(order, keep_only(pair[1]));
    }
    close(pair[1]);
    if (pid > 0) return pair[0];
    close(pair[0]);
    return -1;
}

int analyst_ask(int analyst, uint32_t talk, const char *body, size_t len)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return -1;
    bool ok = channel_send(analyst, (Talk)talk, body, len, pair[1]);
    close(pair[1]);
    if (ok) return pair[0];
    close(pair[0]);
    return -1;
}
