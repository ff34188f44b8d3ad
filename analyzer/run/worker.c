/*
 * A worker process: parses one TU after the other, so that a crash of libclang, a parse without
 * end or one that eats all memory costs that TU and nothing else.
 *
 * It is a fork of the conductor, which has loaded libclang already; the commands are in its
 * memory, so a TU is named by its number.
 */
#include "run/worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ir/build.h"
#include "ir/codec.h"
#include "run/answer.h"

/* Sanitizers reserve more address space than any limit. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#define IS_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define IS_SANITIZED false
#endif

static bool read_whole(int fd, void *to, size_t len)
{
    for (char *at = to; len;) {
        ssize_t got = read(fd, at, len);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

static void write_whole(int fd, const char *at, size_t len)
{
    while (len) {
        ssize_t put = write(fd, at, len);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) _exit(0); /* nobody listens any more */
        at += put;
        len -= (size_t)put;
    }
}

void worker_fact_failed(Buf *out, const Command *command, const char *root,
                        const char *why)
{
    Arena *arena = arena_new("failed");
    Names *names = names_new(arena);
    UnitBuild *build = build_unit(arena, names, path_below(arena, root, command->file));
    build_status(build, UNIT_FAILED);
    build_note(build, NOTE_ERROR, (Loc){0}, why);
    fact_write(out, build_unit_end(build));
    arena_free(arena);
}

static void put_deps(Buf *out, const Extracted *extracted)
{
    for (uint32_t i = 0; i < extracted->ndep; i++) {
        const Dependency *dep = &extracted->deps[i];
        uint32_t len = (uint32_t)strlen(dep->path);
        buf_put(out, &dep->content, sizeof dep->content);
        buf_put(out, &len, sizeof len);
        buf_put(out, dep->path, len);
    }
}

bool worker_read_deps(const char *bytes, size_t len, uint32_t ndep, Arena *arena,
                      CacheDep **deps)
{
    enum { FIXED = sizeof(Hash) + sizeof(uint32_t) };
    if (ndep > len / FIXED) return false;
    *deps = ARENA_ARRAY(arena, CacheDep, ndep);
    for (uint32_t i = 0; i < ndep; i++) {
        uint32_t n;
        if (len < FIXED) return false;
        memcpy(&(*deps)[i].content, bytes, sizeof(Hash));
        memcpy(&n, bytes + sizeof(Hash), sizeof n);
        bytes += FIXED;
        len -= FIXED;
        if (n > len) return false;
        (*deps)[i].path = arena_copy(arena, bytes, n);
        bytes += n;
        len -= n;
    }
    return len == 0;
}

static void build_pch(const WorkerSetup *setup, uint32_t job)
{
    Arena *arena = arena_new("pch");
    uint32_t group = job - setup->ncommand;
    MessageHead head = {.job = job, .check = MESSAGE_CHECK};
    head.is_complete = pch_build(setup->frontend, &setup->share->plan.groups[group],
                                 share_path(setup->share, group, arena));
    write_whole(setup->out, (const char *)&head, sizeof head);
    arena_free(arena);
}

static bool extract(const WorkerSetup *setup, uint32_t job, const Command *command,
                    Arena *arena, Extracted *extracted, Buf *out, Err *err)
{
    Names *names = names_new(arena);
    if (!setup->orders)
        return frontend_extract(setup->frontend, command, setup->root, names, arena,
                                extracted, err);
    RepairAnswer answer;
    bool ok = frontend_repair(setup->frontend, command, setup->root, &setup->orders[job],
                              names, arena, extracted, &answer, err);
    if (ok) repair_answer_write(out, &answer);
    return ok;
}

static void work_on(const WorkerSetup *setup, uint32_t job)
{
    Arena *arena = arena_new("unit");
    Command own = *setup->commands[job];
    const Command *command = &own;
    own.pch = share_pch_of(setup->share, job, arena);
    Extracted extracted = {0};
    Err err = {0};
    Buf fact, deps;
    buf_init(&fact, arena);
    buf_init(&deps, arena);
    MessageHead head = {.job = job, .check = MESSAGE_CHECK};
    if (extract(setup, job, command, arena, &extracted, &fact, &err)) {
        fact_write(&fact, extracted.unit);
        put_deps(&deps, &extracted);
        head.ndep = extracted.ndep;
        head.is_complete = extracted.unit->status == UNIT_COMPLETE;
    } else {
        worker_fact_failed(&fact, command, setup->root, err.text);
    }
    head.fact_len = fact.n;
    head.deps_len = deps.n;
    write_whole(setup->out, (const char *)&head, sizeof head);
    write_whole(setup->out, fact.at, fact.n);
    write_whole(setup->out, deps.at, deps.n);
    arena_free(arena);
}

/* CPU time is counted for the whole process: every TU gets its share on top of what is used. */
static void allow_seconds(uint32_t seconds)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    rlim_t used = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
    struct rlimit limit = {.rlim_cur = used + seconds + 1, .rlim_max = RLIM_INFINITY};
    setrlimit(RLIMIT_CPU, &limit);
}

/* Address space that came from the conductor, at no cost of its own. */
static rlim_t own_bytes(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file && fscanf(file, "%lu", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void limit_memory(uint32_t megabytes)
{
    rlim_t bytes = own_bytes() + ((rlim_t)megabytes << 20);
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = bytes};
    if (!IS_SANITIZED) setrlimit(RLIMIT_AS, &limit);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
}

#ifdef COVER
void __gcov_dump(void);
#endif

_Noreturn void worker_run(const WorkerSetup *setup)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    limit_memory(setup->megabytes);
    arena_keep_pages();
    uint32_t job;
    while (read_whole(setup->in, &job, sizeof job)) {
        allow_seconds(setup->seconds);
        if (job < setup->ncommand)
            work_on(setup, job);
        else
            build_pch(setup, job);
    }
#ifdef COVER
    __gcov_dump(); /* what _exit would leave out */
#endif
    _exit(0);
}
