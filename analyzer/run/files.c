/*
 * The hermetic verbs: named inputs in, named outputs out. Build systems run them in sandboxes
 * and on other machines, so nothing else is read: no cache, no environment, no database.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "ir/codec.h"
#include "run/phases.h"
#include "run/pool.h"

/* A name in a Makefile. */
static void put_make_name(Buf *out, const char *name)
{
    for (; *name; name++) {
        if (*name == '$')
            buf_text(out, "$$");
        else if (*name == ' ' || *name == '#')
            buf_printf(out, "\\%c", *name);
        else
            buf_put(out, name, 1);
    }
}

static bool write_deps(const RunOptions *options, const char *fact, const char *deps,
                       const Command *command, const Answer *answer, Err *err)
{
    Arena *scratch = arena_new("deps");
    Buf out;
    buf_init(&out, scratch);
    put_make_name(&out, fact);
    buf_text(&out, ":");
    for (uint32_t i = 0; i < answer->ndep; i++) {
        buf_text(&out, " \\\n ");
        put_make_name(&out,
                      path_below(scratch, options->directory, answer->deps[i].path));
    }
    if (!answer->ndep) {
        buf_text(&out, " ");
        put_make_name(&out, path_below(scratch, options->directory, command->file));
    }
    buf_text(&out, "\n");
    bool ok = file_write(deps, out.at, out.n, err);
    arena_free(scratch);
    return ok;
}

/* The compiler's own variables would be inputs that nobody named. */
static void forget_environment(void)
{
    static const char *const names[] = {
        "CPATH",           "C_INCLUDE_PATH",       "COMPILER_PATH",
        "GCC_EXEC_PREFIX", "CCC_OVERRIDE_OPTIONS", "SDKROOT"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
}

static void say_interrupted(void *data, uint32_t nanswer)
{
    (void)data;
    (void)nanswer;
    fputs("sluice: interrupted: no fact was written\n", stderr);
}

bool run_extract(const RunOptions *options, const char *fact, const char *deps, Err *err)
{
    Arena *arena = arena_new("extract");
    CommandList list;
    Answer answer = {0};
    uint64_t peak_kb = 0;
    const char *directory = path_real(arena, options->directory);
    PoolOptions pool = {.root =
                            path_real(arena, options->root ? options->root : directory),
                        .workers = 1,
                        .seconds = options->tu_seconds,
                        .megabytes = options->tu_megabytes,
                        .progress = progress_new(arena, false, false),
                        .interrupted = say_interrupted};
    forget_environment();
    bool ok =
        compdb_from_args(directory, options->args, options->narg, arena, &list, err);
    if (ok && list.n != 1)
        ok = err_set(err, ERR_USAGE,
                     list.n ? "extract takes one source file, not %u"
                            : "the command after -- does not compile C (%u files)",
                     list.n ? list.n : list.nskipped);
    if (ok) {
        const Command *command = &list.at[0];
        list.at[0].root = pool.root;
        ok = pool_run(&pool, &command, 1, arena, &answer, &peak_kb, err) &&
             file_write(fact, answer.fact, answer.len, err) &&
             (!deps || write_deps(options, fact, deps, command, &answer, err));
    }
    arena_free(arena);
    return ok;
}

/* Says which file it was that cannot be packed. */
static bool name_culprit(const char *const *files, const char *const *texts,
                         const size_t *lens, uint32_t n, Arena *arena, Err *err)
{
    for (uint32_t i = 0; i < n; i++) {
        Buf out;
        buf_init(&out, arena);
        if (!pack_write(&out, &texts[i], &lens[i], 1, arena, err))
            return err_while(err, "%s", files[i]);
    }
    return false;
}

bool run_pack(const char *const *files, uint32_t nfile, const char *pack, Err *err)
{
    enum { FACT_LIMIT = INT32_MAX };
    Arena *arena = arena_new("pack");
    const char **texts = ARENA_ARRAY(arena, const char *, nfile);
    size_t *lens = ARENA_ARRAY(arena, size_t, nfile);
    bool ok = true;
    for (uint32_t i = 0; i < nfile && ok; i++) {
        FileText text;
        ok = file_read(files[i], FACT_LIMIT, arena, &text, err);
        if (!ok && err) err->kind = ERR_PARSE;
        if (!ok) break;
        texts[i] = text.at;
        lens[i] = text.len;
    }
    Buf out;
    buf_init(&out, arena);
    if (ok && !pack_write(&out, texts, lens, nfile, arena, err))
        ok = name_culprit(files, texts, lens, nfile, arena, err);
    ok = ok && file_write(pack, out.at, out.n, err);
    arena_free(arena);
    return ok;
}
