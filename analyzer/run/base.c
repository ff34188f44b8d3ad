/*
 * Which findings are new: the program as it was where the branch began goes through the same
 * phases, and what was found there already is not new. So a finding in a file that nobody
 * touched is new when a change elsewhere has caused it, which no look at changed lines can tell.
 */
#include <string.h>

#include "finding/baseline.h"
#include "finding/suppress.h"
#include "run/past.h"

bool phase_find_base(Run *run, Err *err)
{
    const char *base = run->options->base;
    if (!base) return true;
    const char *revision = arena_printf(run->arena, "%s...", base);
    if (!git_changes(path_real(run->arena, run->root), revision, run->arena, &run->base,
                     err))
        return false;
    run->result->base = run->base.commit;
    return true;
}

static bool is_below(const char *folder, const char *path)
{
    size_t len = strlen(folder);
    return !strncmp(path, folder, len) && path[len] == '/';
}

/* Where the build writes: beside the database, unless that is the top of the tree. */
static const char *build_folder(const Run *run)
{
    const char *real = path_real(run->arena, run->origin);
    const char *slash = strrchr(real, '/');
    const char *folder = arena_copy(run->arena, real, slash ? (size_t)(slash - real) : 0);
    return strcmp(folder, run->base.top) != 0 ? folder : "";
}

/* Sources that git has not been told of yet are new, but for those that the build made. */
static bool add_untracked(Run *run, Err *err)
{
    const char **paths;
    uint32_t n;
    const char *root = path_real(run->arena, run->root);
    if (!git_untracked(root, &run->base, run->arena, &paths, &n, err)) return false;
    const char *build = build_folder(run);
    GitChange *all = ARENA_ARRAY(run->arena, GitChange, run->base.n + run->ntu);
    if (run->base.n) memcpy(all, run->base.at, run->base.n * sizeof *all);
    run->base.at = all;
    for (uint32_t i = 0; i < run->ntu; i++) {
        const char *file = path_real(run->arena, run->tus[i].command->file);
        bool is_new = false;
        for (uint32_t k = 0; k < n && !is_new; k++)
            is_new = !strcmp(paths[k], file) && !(*build && is_below(build, file));
        if (is_new) all[run->base.n++] = (GitChange){.path = file};
    }
    return true;
}

/* The files as they were, for the text of statements and comments. */
static Source *past_source(const Run *run)
{
    Source *source = source_new(run->arena, run->root);
    const char *root = path_real(run->arena, run->root);
    for (uint32_t i = 0; i < run->base.n; i++) {
        const GitChange *change = &run->base.at[i];
        if (change->path)
            source_set(source, path_below(run->arena, root, change->path), NULL, 0);
    }
    for (uint32_t i = 0; i < run->base.n; i++) {
        const GitChange *change = &run->base.at[i];
        if (change->before)
            source_set(source, path_below(run->arena, root, change->before), change->text,
                       change->len);
    }
    return source;
}

static void warn_of_gaps(const Run *past, const Run *now)
{
    const RunStats *then = &past->result->stats, *stats = &now->result->stats;
    if (then->nfailed <= stats->nfailed && then->npartial <= stats->npartial) return;
    progress_warn(
        now->progress,
        "%.12s does not compile with today's commands (%s): findings in what is "
        "missing there count as new",
        now->base.commit, past->result->nnote ? past->result->notes[0].place.path : "?");
}

static void set_ages(const Run *run, const FindingList *then, FindingList *now)
{
    uint32_t nmove;
    const ContractMove *moved = past_moves(run, &run->base, &nmove);
    Moved *moves = ARENA_ARRAY(run->arena, Moved, nmove);
    for (uint32_t i = 0; i < nmove; i++)
        moves[i] = (Moved){moved[i].before, moved[i].after};
    KnownList known = baseline_of(then, run->arena);
    baseline_apply(now, &known, moves, nmove);
}

bool phase_base(Run *run, Err *err)
{
    Run past;
    RunResult *result = run->result;
    if (!run->options->base || run->options->dump) return true;
    if (!add_untracked(run, err)) return false;
    run_begin(&past, run->options, run->arena, ARENA_NEW(run->arena, RunResult));
    past.cache = run->cache;
    if (!phase_models(&past, err) || !past_extract(&past, run, &run->base, err))
        return false;
    if (!phase_recall(&past)) {
        if (!phase_read(&past, err)) return false;
        phase_link(&past);
        phase_judge(&past);
        phase_remember(&past);
    }
    Source *source = past_source(run);
    FindingList *then = &past.result->findings;
    const char **paths = ARENA_ARRAY(run->arena, const char *, past.ntu);
    for (uint32_t i = 0; i < past.ntu; i++)
        paths[i] = past.tus[i].path;
    finding_settle(then, source, run->arena);
    FindingList remarks = suppress_apply(then, paths, past.ntu, source, run->arena);
    set_ages(run, then, &result->findings);
    set_ages(run, &remarks, &result->remarks);
    warn_of_gaps(&past, run);
    return true;
}
