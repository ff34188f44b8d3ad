/*
 * Whole results in the cache: when every fact, the models and the program are as they were, so
 * are the findings. What depends on more than that (suppression comments, the paths asked for)
 * is applied afterwards, each time.
 */
#include <stdlib.h>
#include <string.h>

#include "finding/source.h"
#include "finding/suppress.h"
#include "run/phases.h"

static int hash_order(const void *a, const void *b)
{
    return hash_compare(*(const Hash *)a, *(const Hash *)b);
}

/* Fixes are looked for below the paths asked for, and depend on bytes that facts do not hold. */
static Hash fixes_wanted(const Run *run)
{
    Hash wanted = {run->options->fixes, run->nbelow};
    for (uint32_t i = 0; i < run->nbelow; i++)
        wanted = hash_mix(wanted, hash_bytes(run->below[i], strlen(run->below[i])));
    for (uint32_t i = 0; i < run->ntu; i++)
        if (run->tus[i].ndep) wanted = hash_mix(wanted, run->tus[i].deps[0].content);
    return wanted;
}

static Hash result_name(const Run *run)
{
    Arena *scratch = arena_new("result");
    Hash *all = ARENA_ARRAY(scratch, Hash, run->ntu);
    for (uint32_t i = 0; i < run->ntu; i++)
        all[i] = run->tus[i].content;
    if (run->ntu) qsort(all, run->ntu, sizeof *all, hash_order);
    Hash name = hash_mix(hash_bytes(all, run->ntu * sizeof *all), run->models.identity);
    if (run->options->fixes) name = hash_mix(name, fixes_wanted(run));
    arena_free(scratch);
    return cache_name(run->cache, "result", name);
}

/* Figures of this run, not of the program that was analysed. */
static void keep_own_figures(RunStats *to, const RunStats *own)
{
    to->ncached = own->ncached;
    to->nskipped = own->nskipped;
    to->seconds_extract = own->seconds_extract;
    to->seconds_link = own->seconds_link;
    to->nrun = 0;
    to->seconds_summarise = to->seconds_judge = 0;
    to->peak_worker_kb = own->peak_worker_kb;
}

static bool read_note(const char **at, const char *end, Arena *arena, RunNote *note)
{
    uint32_t head[5];
    if ((size_t)(end - *at) < sizeof head) return false;
    memcpy(head, *at, sizeof head);
    *at += sizeof head;
    if (head[3] > (size_t)(end - *at) || head[4] > (size_t)(end - *at) - head[3])
        return false;
    if (head[0] > RUN_MODEL) return false;
    note->kind = (RunNoteKind)head[0];
    note->place.line = head[1];
    note->place.column = head[2];
    note->place.path = arena_copy(arena, *at, head[3]);
    note->text = arena_copy(arena, *at + head[3], head[4]);
    *at += head[3] + head[4];
    return true;
}

bool phase_recall(Run *run)
{
    const RunOptions *options = run->options;
    bool findings_only =
        !options->dump && !options->wants_contracts && !options->why_file;
    if (!run->cache || !findings_only) return false;
    FileText text;
    if (!cache_read(run->cache, result_name(run), run->arena, &text)) return false;
    RunStats stats;
    uint32_t nnote;
    const char *at = text.at, *end = text.at + text.len;
    if (text.len < sizeof stats + sizeof nnote) return false;
    memcpy(&stats, at, sizeof stats);
    memcpy(&nnote, at + sizeof stats, sizeof nnote);
    at += sizeof stats + sizeof nnote;
    if (nnote > text.len) return false;
    RunNote *notes = ARENA_ARRAY(run->arena, RunNote, nnote);
    for (uint32_t i = 0; i < nnote; i++)
        if (!read_note(&at, end, run->arena, &notes[i])) return false;
    FindingList findings;
    if (!finding_read(at, (size_t)(end - at), run->arena, &findings, NULL)) return false;
    keep_own_figures(&stats, &run->result->stats);
    run->result->stats = stats;
    run->result->notes = notes;
    run->result->nnote = nnote;
    run->result->findings = findings;
    return true;
}

void phase_remember(Run *run)
{
    enum { CACHE_BYTES = 2000000000 };
    if (!run->cache || run->options->dump) return;
    const RunResult *result = run->result;
    Buf out;
    buf_init(&out, run->arena);
    buf_put(&out, &result->stats, sizeof result->stats);
    buf_put(&out, &result->nnote, sizeof result->nnote);
    for (uint32_t i = 0; i < result->nnote; i++) {
        const RunNote *note = &result->notes[i];
        uint32_t npath = (uint32_t)strlen(note->place.path);
        uint32_t ntext = (uint32_t)strlen(note->text);
        uint32_t head[5] = {note->kind, note->place.line, note->place.column, npath,
                            ntext};
        buf_put(&out, head, sizeof head);
        buf_put(&out, note->place.path, npath);
        buf_put(&out, note->text, ntext);
    }
    finding_write(&out, &result->findings);
    Err err = {0};
    if (!cache_write(run->cache, result_name(run), out.at, out.n, &err))
        progress_warn(run->progress, "%s: the result is not cached", err.text);
    cache_trim(run->cache, CACHE_BYTES);
}

bool run_wants(const Run *run, const char *path)
{
    for (uint32_t i = 0; i < run->nbelow; i++) {
        size_t len = strlen(run->below[i]);
        if (!strncmp(path, run->below[i], len) && (!path[len] || path[len] == '/'))
            return true;
    }
    return run->nbelow == 0;
}

static void keep_wanted(const Run *run, FindingList *list)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->n; i++)
        if (run_wants(run, list->at[i].place.path)) list->at[kept++] = list->at[i];
    list->n = kept;
}

/* Main files of the TUs, each once. Facts stand by path; commands as well. */
static const char **main_files(const Run *run, uint32_t *n)
{
    uint32_t count = run->facts.n ? run->facts.n : run->ntu;
    const char **paths = ARENA_ARRAY(run->arena, const char *, count);
    *n = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *path = run->facts.n ? run->facts.at[i].path->text : run->tus[i].path;
        if (!*n || strcmp(paths[*n - 1], path) != 0) paths[(*n)++] = path;
    }
    return paths;
}

Source *run_source(const Run *run)
{
    Source *source = run->source ? source_over(run->arena, run->source)
                                 : source_new(run->arena, run->root);
    for (uint32_t i = 0; i < run->nbuffer; i++)
        source_set(source, path_below(run->arena, run->root, run->buffers[i].path),
                   run->buffers[i].text, run->buffers[i].len);
    return source;
}

bool run_read_source(const Run *run, const char *path, FileText *text)
{
    enum { SOURCE_LIMIT = 64 * 1024 * 1024 };
    for (uint32_t i = 0; i < run->nbuffer; i++) {
        const FileBuffer *buffer = &run->buffers[i];
        if (strcmp(buffer->path, path) != 0) continue;
        *text =
            (FileText){arena_copy(run->arena, buffer->text, buffer->len), buffer->len};
        return true;
    }
    return file_read(path, SOURCE_LIMIT, run->arena, text, NULL);
}

/* Facts hold no comments. Where sources are not at hand none can allow anything, which must not
 * look as if there were none. */
static void warn_of_lost_sources(Run *run, Source *source)
{
    const FindingList *findings = &run->result->findings;
    const char *last = NULL, *first = NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; i < findings->n; i++) { /* sorted by path */
        const char *path = findings->at[i].place.path;
        if (!path || (last && !strcmp(path, last))) continue;
        last = path;
        if (source_file(source, path)->at) continue;
        if (!n++) first = path;
    }
    if (!n) return;
    progress_warn(
        run->progress,
        "%s%s cannot be read below %s: comments there allow nothing, and no line "
        "is shown (--root says where the sources are)",
        first, n > 1 ? " and other files with findings" : "", run->root);
}

static bool has_buffer(const Run *run, const char *path)
{
    for (uint32_t i = 0; i < run->nbuffer; i++)
        if (!strcmp(path_below(run->arena, run->root, run->buffers[i].path), path))
            return true;
    return false;
}

/* Main files worth looking into for comments to us. */
static const char **commented_files(const Run *run, const char **paths, uint32_t *n)
{
    if (!run->commented) return paths;
    const char **kept = ARENA_ARRAY(run->arena, const char *, *n);
    uint32_t nkept = 0;
    for (uint32_t i = 0; i < *n; i++) {
        const Name *name = name_of(run->names, paths[i]);
        if (map_get(run->commented, MAP_KEY(name)) || has_buffer(run, paths[i]))
            kept[nkept++] = paths[i];
    }
    *n = nkept;
    return kept;
}

void phase_finish(Run *run)
{
    RunResult *result = run->result;
    const RunStats *stats = &result->stats;
    uint32_t n;
    const char **paths = main_files(run, &n);
    Source *source = run_source(run);
    run->source = source;
    result->root = run->root;
    result->origin = run->origin;
    result->units = paths;
    result->nunit = n;
    if (run->facts.n && !run->ntu) warn_of_lost_sources(run, source);
    if (run->statements) {
        run->statements->source = source;
        finding_settle_with(&result->findings, run->statements, run->arena);
    } else {
        finding_settle(&result->findings, source, run->arena);
    }
    paths = commented_files(run, paths, &n);
    result->remarks = suppress_apply(&result->findings, paths, n, source, run->arena);
    result->is_narrowed = run->nbelow > 0;
    keep_wanted(run, &result->findings);
    keep_wanted(run, &result->remarks);
    if (!stats->ntu && run->commands.nskipped && run->options->args)
        progress_warn(run->progress,
                      "the command after -- compiles no C: it links, assembles, only "
                      "preprocesses, or is for another language");
    else if (!stats->ntu && run->commands.nskipped)
        progress_warn(run->progress, "%s: nothing here compiles C: %u entr%s skipped",
                      run->origin, run->commands.nskipped,
                      run->commands.nskipped == 1 ? "y" : "ies");
    else if (!stats->ntu)
        progress_warn(run->progress,
                      "%s: the database is empty (a build that had nothing to do writes "
                      "such a one: clean, then build again)",
                      run->origin);
    else if (!stats->nfn)
        progress_warn(run->progress, "no function was analysed");
    result->is_incomplete = !stats->ntu || !stats->nfn || stats->nfailed ||
                            (stats->npartial && !run->options->allow_partial);
}
