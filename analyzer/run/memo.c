/*
 * Runs of the engine in the cache, beside facts and whole results: after a change to one file
 * only functions that it reaches are run again. One set of files a program, written over by
 * each run that had something to run.
 */
#include "run/phases.h"

static Hash memo_name(const Run *run, int file)
{
    static const char *const kinds[MEMO_FILES] = {"runs", "summaries", "evidence"};
    const char *first = run->ntu ? run->tus[0].path : "";
    Hash name = hash_mix(hash_bytes(first, strlen(first)), run->models.identity);
    return cache_name(run->cache, kinds[file], name);
}

Memo *phase_memo(Run *run)
{
    if (run->memo) return run->memo;
    if (run->options->dump || run->why_path || run->recalled) return NULL;
    if (!run->cache && !run->is_session) return NULL;
    const char *files[MEMO_FILES];
    size_t lens[MEMO_FILES];
    Arena *scratch = arena_new("memo");
    for (int i = 0; i < MEMO_FILES; i++) {
        FileText text = {.at = NULL};
        if (!run->cache || !cache_read(run->cache, memo_name(run, i), scratch, &text))
            text = (FileText){.at = NULL};
        files[i] = text.at ? text.at : "";
        lens[i] = text.len;
    }
    Memo *memo = memo_read(files, lens, run->names, run->arena);
    arena_free(scratch);
    if (run->is_session) run->memo = memo;
    return memo;
}

void phase_memo_keep(Run *run, const Memo *memo)
{
    const Buf *files = memo && run->cache ? memo_files(memo) : NULL;
    Err err = {0};
    for (int i = 0; files && i < MEMO_FILES; i++)
        if (!cache_write(run->cache, memo_name(run, i), files[i].at, files[i].n, &err))
            progress_warn(run->progress, "%s: the summaries are not cached", err.text);
}
