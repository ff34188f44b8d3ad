/*
 * The pool: hands TUs to worker processes one at a time, collects what they say, replaces
 * those that die. One thread, one poll loop; signals arrive as bytes of a descriptor.
 */
#include "run/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "run/interrupt.h"

enum {
    WORKERS_LIMIT = 256,
    TU_SECONDS = 120,
    TU_MEGABYTES = 4096,
    MESSAGE_LIMIT = 1024 * 1024 * 1024,
    /* Wall-clock time is this many times the CPU time a TU may take, and at least so many
     * seconds: a busy machine must not decide what is analysed. */
    PATIENCE = 10,
    PATIENCE_MIN = 60
};

#define NO_JOB UINT32_MAX

typedef struct Worker {
    pid_t pid;
    int to, from, log;
    uint32_t job;
    double since; /* when it was given its job */
    bool is_late;
    MessageHead head;
    size_t got; /* bytes of head and body read so far */
    char *body;
} Worker;

typedef struct Pool {
    const PoolOptions *options;
    const Command *const *commands;
    uint32_t ncommand, ndone;
    Share share;
    Answer *answers;
    Arena *arena;
    Frontend *frontend;
    Worker *workers;
    uint32_t nworker;
    uint32_t seconds, megabytes;
    uint64_t peak_kb;
    int signals;
    sigset_t kept; /* the signal mask to come back to */
} Pool;

static void close_pipe(int fd[2])
{
    close(fd[0]);
    close(fd[1]);
}

static void become_worker(const Pool *pool, int in, int out, int log)
{
    WorkerSetup setup = {.frontend = pool->frontend,
                         .root = pool->options->root,
                         .commands = pool->commands,
                         .ncommand = pool->ncommand,
                         .share = &pool->share,
                         .orders = pool->options->orders,
                         .seconds = pool->seconds,
                         .megabytes = pool->megabytes,
                         .in = in,
                         .out = out};
    dup2(log, STDERR_FILENO);
    for (uint32_t i = 0; i < pool->nworker; i++) {
        if (!pool->workers[i].pid) continue;
        close(pool->workers[i].to);
        close(pool->workers[i].from);
    }
    worker_run(&setup);
}

static bool start(Pool *pool, Worker *worker, Err *err)
{
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0)
        return err_set(err, ERR_IO, "cannot make a pipe: %s (ulimit -n: open files)",
                       strerror(errno));
    if (pipe2(from, O_CLOEXEC) != 0) {
        err_set(err, ERR_IO, "cannot make a pipe: %s (ulimit -n: open files)",
                strerror(errno));
        close_pipe(to);
        return false;
    }
    int log = memfd_create("worker", MFD_CLOEXEC);
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        err_set(err, ERR_IO, "cannot start a worker process: %s (ulimit -u: processes)",
                strerror(errno));
        close_pipe(to);
        close_pipe(from);
        close(log);
        return false;
    }
    if (pid == 0) {
        close(to[1]);
        close(from[0]);
        become_worker(pool, to[0], from[1], log);
    }
    close(to[0]);
    close(from[1]);
    *worker =
        (Worker){.pid = pid, .to = to[1], .from = from[0], .log = log, .job = NO_JOB};
    return true;
}

/* Ends the process and waits for it. Returns its wait status. */
static int finish(Pool *pool, Worker *worker, bool by_force)
{
    int status = 0;
    struct rusage usage = {0};
    if (by_force) kill(worker->pid, SIGKILL);
    close(worker->to);
    close(worker->from);
    while (wait4(worker->pid, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    if ((uint64_t)usage.ru_maxrss > pool->peak_kb)
        pool->peak_kb = (uint64_t)usage.ru_maxrss;
    worker->pid = 0;
    return status;
}

static void finish_all(Pool *pool, bool by_force)
{
    for (uint32_t i = 0; i < pool->nworker; i++) {
        if (!pool->workers[i].pid) continue;
        finish(pool, &pool->workers[i], by_force);
        close(pool->workers[i].log);
    }
}

static void step(Pool *pool, uint32_t job)
{
    const PoolOptions *options = pool->options;
    const Command *command = pool->commands[job];
    pool->ndone++;
    if (options->answered) options->answered(options->data, job, &pool->answers[job]);
    Arena *scratch = arena_new("step");
    progress_step(options->progress, path_below(scratch, options->root, command->file));
    arena_free(scratch);
}

static void give(Worker *worker, uint32_t job)
{
    worker->got = 0;
    worker->job = job;
    worker->since = clock_seconds();
    worker->is_late = false;
    /* A worker that is gone already is noticed at its other pipe. */
    ssize_t put = write(worker->to, &worker->job, sizeof worker->job);
    (void)put;
}

/* Its next job; none while others still build what it needs; the end when there are no more. */
static void give_next(Pool *pool, Worker *worker)
{
    uint32_t job = share_next(&pool->share);
    worker->job = NO_JOB;
    worker->got = 0;
    if (job != SHARE_WAIT && job != SHARE_END) {
        give(worker, job);
    } else if (job == SHARE_END) {
        finish(pool, worker, false);
        close(worker->log);
    }
}

static void settle(Pool *pool, uint32_t job)
{
    share_settle(&pool->share, job - pool->ncommand);
    for (uint32_t i = 0; i < pool->nworker; i++)
        if (pool->workers[i].pid && pool->workers[i].job == NO_JOB)
            give_next(pool, &pool->workers[i]);
}

/* What the worker itself said last about its end: "sluice: out of memory ...". */
static const char *last_words(const Worker *worker, Arena *arena)
{
    char text[4096];
    ssize_t len = pread(worker->log, text, sizeof text - 1, 0);
    if (len <= 0) return "";
    text[len] = 0;
    const char *found = NULL;
    for (char *at = text; (at = strstr(at, "sluice: ")); at++)
        found = at;
    if (!found) return "";
    found += strlen("sluice: ");
    return arena_printf(arena, ": %s", arena_copy(arena, found, strcspn(found, "\n")));
}

static uint32_t patience_of(const Pool *pool)
{
    uint32_t seconds = pool->seconds * PATIENCE;
    return seconds > PATIENCE_MIN ? seconds : PATIENCE_MIN;
}

static const char *cause_of(const Pool *pool, const Worker *worker, int status,
                            Arena *arena)
{
    uint32_t seconds = pool->seconds;
    if (worker->is_late)
        return arena_printf(arena, "no answer within %u seconds", patience_of(pool));
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return arena_printf(arena, "parsing took more than %u seconds of CPU time",
                            seconds);
    if (WIFSIGNALED(status))
        return arena_printf(arena, "the parser crashed (%s)%s",
                            strsignal(WTERMSIG(status)), last_words(worker, arena));
    return arena_printf(arena, "the parser ended early%s", last_words(worker, arena));
}

static void set_failed(Pool *pool, uint32_t job, const char *why)
{
    Buf fact;
    buf_init(&fact, pool->arena);
    worker_fact_failed(&fact, pool->commands[job], pool->options->root, why);
    pool->answers[job] = (Answer){.fact = fact.at, .len = fact.n};
}

/* It may have been the PCH: once more, without. Not after a time-out, which would cost twice. */
static bool may_try_again(Pool *pool, const Worker *worker, int status)
{
    return worker->job < pool->ncommand && !worker->is_late && WIFSIGNALED(status) &&
           WTERMSIG(status) != SIGXCPU && share_forget(&pool->share, worker->job);
}

static bool replace(Pool *pool, Worker *worker, bool by_force, Err *err)
{
    int status = finish(pool, worker, by_force);
    uint32_t job = worker->job;
    bool again = may_try_again(pool, worker, status);
    if (job < pool->ncommand && !again) {
        Arena *scratch = arena_new("death");
        set_failed(pool, job, cause_of(pool, worker, status, scratch));
        arena_free(scratch);
        step(pool, job);
    }
    close(worker->log);
    if (job != NO_JOB && job >= pool->ncommand) settle(pool, job);
    if (!again && share_is_empty(&pool->share)) return true;
    if (!start(pool, worker, err)) return false;
    if (again)
        give(worker, job);
    else
        give_next(pool, worker);
    return true;
}

static bool head_is_sound(const Pool *pool, const Worker *worker)
{
    const MessageHead *head = &worker->head;
    return head->check == MESSAGE_CHECK && head->job == worker->job &&
           head->job < pool->ncommand + pool->share.plan.ngroup &&
           head->fact_len <= MESSAGE_LIMIT && head->deps_len <= MESSAGE_LIMIT;
}

static bool take_answer(Pool *pool, Worker *worker)
{
    const MessageHead *head = &worker->head;
    if (head->job >= pool->ncommand) {
        settle(pool, head->job);
        return true;
    }
    Answer answer = {.fact = worker->body,
                     .len = head->fact_len,
                     .ndep = head->ndep,
                     .is_complete = head->is_complete};
    if (!worker_read_deps(worker->body + head->fact_len, head->deps_len, head->ndep,
                          pool->arena, &answer.deps))
        return false;
    pool->answers[worker->job] = answer;
    return true;
}

/* Reads what is there. False: the worker is gone, or out of its mind. */
static bool listen_to(Pool *pool, Worker *worker)
{
    enum { HEAD = sizeof worker->head };
    bool in_head = worker->got < HEAD;
    size_t body = in_head ? 0 : worker->head.fact_len + worker->head.deps_len;
    char *to = in_head ? (char *)&worker->head + worker->got
                       : worker->body + (worker->got - HEAD);
    size_t want = (in_head ? HEAD : HEAD + body) - worker->got;
    ssize_t got = want ? read(worker->from, to, want) : 0;
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0 && want) return false;
    worker->got += (size_t)got;
    if (worker->got < HEAD) return true;
    if (in_head) {
        if (!head_is_sound(pool, worker)) return false;
        body = worker->head.fact_len + worker->head.deps_len;
        worker->body = arena_take(pool->arena, body, 8);
    }
    if (worker->got < HEAD + body) return true;
    if (!take_answer(pool, worker)) return false;
    uint32_t job = worker->job;
    give_next(pool, worker); /* first: it works while we do */
    if (job < pool->ncommand) step(pool, job);
    return true;
}

/* A signal that asks us to end: end the workers, then do as it says. */
static void obey_signal(Pool *pool)
{
    struct signalfd_siginfo info;
    if (read(pool->signals, &info, sizeof info) != sizeof info) return;
    finish_all(pool, true);
    share_end(&pool->share);
    const PoolOptions *options = pool->options;
    progress_clear(options->progress);
    if (options->interrupted) {
        options->interrupted(options->data, pool->ndone);
        signal((int)info.ssi_signo, SIG_DFL); /* all is said */
    }
    sigprocmask(SIG_SETMASK, &pool->kept, NULL);
    raise((int)info.ssi_signo);
}

static bool serve(Pool *pool, Err *err)
{
    struct pollfd *fds = ARENA_ARRAY(pool->arena, struct pollfd, pool->nworker + 1);
    double patience = (double)patience_of(pool);
    while (pool->ndone < pool->ncommand) {
        for (uint32_t i = 0; i < pool->nworker; i++) {
            const Worker *worker = &pool->workers[i];
            fds[i] =
                (struct pollfd){.fd = worker->pid ? worker->from : -1, .events = POLLIN};
        }
        fds[pool->nworker] = (struct pollfd){.fd = pool->signals, .events = POLLIN};
        if (poll(fds, pool->nworker + 1, 1000) < 0 && errno != EINTR)
            return err_set(err, ERR_IO, "cannot wait for workers: %s", strerror(errno));
        if (fds[pool->nworker].revents & POLLIN) obey_signal(pool);
        for (uint32_t i = 0; i < pool->nworker; i++) {
            Worker *worker = &pool->workers[i];
            if (!worker->pid) continue;
            worker->is_late =
                worker->job != NO_JOB && clock_seconds() - worker->since > patience;
            bool speaks = fds[i].revents & (POLLIN | POLLHUP | POLLERR);
            if ((speaks && !listen_to(pool, worker)) || (!speaks && worker->is_late))
                if (!replace(pool, worker, true, err)) return false;
        }
    }
    return true;
}

static uint32_t core_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? (uint32_t)n : 1;
}

static void hold_signals(Pool *pool)
{
    sigset_t mask;
    interrupt_signals(&mask);
    sigprocmask(SIG_BLOCK, &mask, &pool->kept);
    pool->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool start_all(Pool *pool, Err *err)
{
    for (uint32_t i = 0; i < pool->nworker; i++) {
        if (!start(pool, &pool->workers[i], err)) return i > 0;
        give_next(pool, &pool->workers[i]);
    }
    return true;
}

bool pool_run(const PoolOptions *options, const Command *const *commands, uint32_t n,
              Arena *arena, Answer *answers, uint64_t *peak_kb, Err *err)
{
    Pool pool = {.options = options,
                 .commands = commands,
                 .ncommand = n,
                 .answers = answers,
                 .arena = arena,
                 .seconds = options->seconds ? options->seconds : TU_SECONDS,
                 .megabytes = options->megabytes ? options->megabytes : TU_MEGABYTES};
    if (!n) return true;
    uint32_t wanted = options->workers ? options->workers : core_count();
    if (wanted > WORKERS_LIMIT) wanted = WORKERS_LIMIT;
    pool.nworker = wanted < n ? wanted : n;
    pool.workers = ARENA_ARRAY(arena, Worker, pool.nworker);
    share_begin(&pool.share, options->shares_headers, commands, n, arena);
    setenv("SOURCE_DATE_EPOCH", "0", 1); /* __DATE__ must not tell the day */
    pool.frontend = frontend_new();
    hold_signals(&pool);
    void (*kept)(int) = signal(SIGPIPE, SIG_IGN);
    bool ok = start_all(&pool, err) && serve(&pool, err);
    finish_all(&pool, !ok);
    share_end(&pool.share);
    close(pool.signals);
    signal(SIGPIPE, kept);
    sigprocmask(SIG_SETMASK, &pool.kept, NULL);
    frontend_free(pool.frontend);
    if (pool.peak_kb > *peak_kb) *peak_kb = pool.peak_kb;
    return ok;
}
