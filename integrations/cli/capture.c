/*
 * sluice capture: a compile database from a build that writes none. Bear watches the compilers at
 * work; what it saw takes the place of the old database only when it saw something, for a build
 * that had nothing to do must not empty it.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"
#include "integrations/report/json.h"

extern char **environ;

static const char usage[] = "sluice capture [OPTION]... -- BUILD COMMAND";
static const char more[] = "\nRuns the build, watched by Bear, and writes how each file "
                           "is compiled. Only what is "
                           "compiled\nis seen: clean first, or --append what is new to "
                           "the database that is there. "
                           "CMake and\nMeson write one by themselves.\n";

enum { DATABASE_LIMIT = 1024 * 1024 * 1024 };

/* The exit status of the command; its output is ours. */
static bool run_build(const Texts *words, Arena *arena, int *status, Err *err)
{
    VEC(char *) args = {0};
    for (uint32_t i = 0; i < words->n; i++)
        vec_push(arena, &args, arena_printf(arena, "%s", words->at[i]));
    vec_push(arena, &args, NULL);
    pid_t child;
    int state;
    sigset_t pipes; /* which we ignore, and no build expects */
    posix_spawnattr_t how;
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigdefault(&how, &pipes);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF);
    int fault = posix_spawnp(&child, args.at[0], NULL, &how, args.at, environ);
    posix_spawnattr_destroy(&how);
    if (fault == ENOENT)
        return err_set(err, ERR_USAGE,
                       "capture needs Bear, which watches a build: apt-get install bear "
                       "(or let the build system write compile_commands.json: sluice "
                       "doctor says how)");
    if (fault)
        return err_set(err, ERR_IO, "cannot run %s: %s", args.at[0], strerror(fault));
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) return err_set(err, ERR_IO, "cannot wait for %s", args.at[0]);
    *status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    return true;
}

static bool copy_file(const char *from, const char *to, Arena *arena, Err *err)
{
    FileText text;
    return file_read(from, DATABASE_LIMIT, arena, &text, err) &&
           file_write(to, text.at, text.len, err);
}

/* How many commands the file has; -1: it is no database. */
static int count_commands(const char *file, Arena *arena)
{
    FileText text;
    if (!file_read(file, DATABASE_LIMIT, arena, &text, NULL)) return -1;
    cJSON *list = cJSON_ParseWithLength(text.at, text.len);
    int n = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : -1;
    cJSON_Delete(list);
    return n;
}

/* What was seen, in the place of what was there. */
static int keep(const char *file, const char *seen, int status, Arena *arena)
{
    int n = count_commands(seen, arena);
    if (n <= 0) {
        unlink(seen);
        fprintf(stderr,
                "sluice: no compiler was seen at work%s: %s is left as it is. %s\n",
                status ? ", and the build failed" : "", file,
                status ? "Does the build command work by itself?"
                       : "Had the build nothing to do? Clean first (make clean), then "
                         "capture again");
        return EXIT_INCOMPLETE;
    }
    if (rename(seen, file) != 0) {
        fprintf(stderr, "sluice: cannot write %s: %s\n", file, strerror(errno));
        return EXIT_INTERNAL;
    }
    printf("%s: %d command%s\n", file, n, n == 1 ? "" : "s");
    if (!status) return EXIT_PASSED;
    fprintf(
        stderr,
        "sluice: the build ended with status %d: %s has what was compiled until then\n",
        status, file);
    return EXIT_INCOMPLETE;
}

static int capture(const Texts *words, Arena *arena)
{
    Args args;
    Err err = {0};
    const char *file = "compile_commands.json";
    bool appends = false;
    int status = 0;
    const Option options[] = {
        {"--output", 'o', OPTION_TEXT, "FILE", "default: compile_commands.json here",
         &file},
        {"--append", 0, OPTION_FLAG, "",
         "keep what the file says of files that are not compiled now", &appends},
        {0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    if (args.words.n || !args.rest.n) {
        err_set(&err, ERR_USAGE, "capture takes the build command after --: %s", usage);
        return fail(&err);
    }
    const char *seen = arena_printf(arena, "%s.capture", file);
    unlink(seen);
    if (appends && file_exists(file) && !copy_file(file, seen, arena, &err))
        return fail(&err);
    Texts command = {0};
    const char *const bear[] = {"bear", "--output", seen};
    for (size_t i = 0; i < sizeof bear / sizeof *bear; i++)
        vec_push(arena, &command, bear[i]);
    if (appends) vec_push(arena, &command, "--append");
    vec_push(arena, &command, "--");
    for (uint32_t i = 0; i < args.rest.n; i++)
        vec_push(arena, &command, args.rest.at[i]);
    if (!run_build(&command, arena, &status, &err)) return fail(&err);
    return keep(file, seen, status, arena);
}

const Verb verb_capture = {"capture", "a compile database from any build", capture};
