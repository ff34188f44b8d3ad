/*
 * What the files would be after their fixes. A fix is a change of the very bytes that were
 * analysed; where those are not there any more it is worth nothing, so the hash decides.
 */
#include "finding/fix.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/vec.h"

enum { SOURCE_LIMIT = 64 * 1024 * 1024 };

typedef struct Work {
    FixedFile file;
    VEC(Edit) edits;
} Work;

typedef struct Works {
    VEC(Work) list;
} Works;

static Work open_file(const Fix *fix, const char *root, Arena *arena)
{
    FileText text;
    Work work = {.file = {.path = fix->path}};
    if (!file_read(path_join(arena, root, fix->path), SOURCE_LIMIT, arena, &text, NULL) ||
        hash_compare(hash_bytes(text.at, text.len), fix->content) != 0)
        return work;
    work.file.before = text.at;
    work.file.before_len = text.len;
    return work;
}

static Work *work_of(Works *works, const Fix *fix, const char *root, Arena *arena)
{
    for (uint32_t i = 0; i < works->list.n; i++)
        if (!strcmp(works->list.at[i].file.path, fix->path)) return &works->list.at[i];
    vec_push(arena, &works->list, open_file(fix, root, arena));
    return &works->list.at[works->list.n - 1];
}

static bool has_other(const FindingList *findings, const bool *is_fixed, uint32_t n)
{
    const Finding *one = &findings->at[n];
    for (uint32_t i = 0; i < n; i++) {
        const Finding *other = &findings->at[i];
        if (is_fixed[i] && !strcmp(other->fix->path, one->fix->path) && other->function &&
            one->function && !strcmp(other->function, one->function))
            return true;
    }
    return false;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const FixedFile *)a)->path, ((const FixedFile *)b)->path);
}

static void finish(Works *works, FixedFiles *all, Arena *arena)
{
    all->at = ARENA_ARRAY(arena, FixedFile, works->list.n + 1);
    for (uint32_t i = 0; i < works->list.n; i++) {
        Work *work = &works->list.at[i];
        FixedFile *file = &work->file;
        file->edits = work->edits.at;
        file->nedit = work->edits.n;
        if (file->before)
            file->after = edit_apply(file->before, file->before_len, file->edits,
                                     file->nedit, arena, &file->after_len);
        all->at[all->n++] = *file;
    }
    if (all->n) qsort(all->at, all->n, sizeof *all->at, by_path);
}

FixedFiles fixes_of(const FindingList *findings, Tier weakest, const char *root,
                    Arena *arena)
{
    Works works = {0};
    FixedFiles all = {.is_fixed = ARENA_ARRAY(arena, bool, findings->n + 1)};
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->at[i];
        if (!finding->fix || finding->suppressed || finding->is_hidden ||
            finding->age == AGE_KNOWN || finding->tier > weakest)
            continue;
        Work *work = work_of(&works, finding->fix, root, arena);
        if (!work->file.before) continue;
        if (has_other(findings, all.is_fixed, i)) {
            all.nleft++;
            continue;
        }
        uint32_t n = work->edits.n;
        for (uint32_t k = 0; k < finding->fix->nedit; k++)
            vec_push(arena, &work->edits, finding->fix->edits[k]);
        edit_sort(work->edits.at, work->edits.n);
        all.is_fixed[i] =
            edit_is_disjoint(work->edits.at, work->edits.n, work->file.before_len);
        if (!all.is_fixed[i]) work->edits.n = n;
    }
    finish(&works, &all, arena);
    return all;
}
