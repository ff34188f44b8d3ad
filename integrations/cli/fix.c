/* sluice check --fix: writes the fixes that were found, or shows them as a patch. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/rewrite.h"
#include "cli.h"

bool fix_check(const char *how, Err *err)
{
    return !how || !*how || !strcmp(how, "diff") ||
           err_set(err, ERR_USAGE, "--fix takes diff, or nothing, not '%s'", how);
}

void fix_diff(const RunResult *result, Tier weakest, Buf *out)
{
    FixedFiles files = fixes_of(&result->findings, weakest, result->root, out->arena);
    for (uint32_t i = 0; i < files.n; i++) {
        const FixedFile *file = &files.at[i];
        Rewrite rewrite = {.arena = out->arena,
                           .path = file->path,
                           .text = file->before,
                           .len = file->before_len};
        for (uint32_t k = 0; k < file->nedit; k++)
            rewrite_replace(&rewrite, file->edits[k].offset, file->edits[k].cut,
                            file->edits[k].text);
        if (file->before) rewrite_write(&rewrite, out);
    }
}

/* Nothing is written unless every file is what was analysed. */
static bool is_fresh(const FixedFiles *files, Err *err)
{
    for (uint32_t i = 0; i < files->n; i++)
        if (!files->at[i].before)
            return err_set(err, ERR_PARSE,
                           "%s has changed since it was analysed: no fix is written; run "
                           "again",
                           files->at[i].path);
    return true;
}

static void drop_fixed(RunResult *result, const FixedFiles *files)
{
    uint32_t kept = 0;
    FindingList *list = &result->findings;
    for (uint32_t i = 0; i < list->n; i++) {
        const Finding *finding = &list->at[i];
        if (files->is_fixed[i])
            fprintf(stderr, "sluice: fixed: %s:%" PRIu32 ": %s [%s]\n",
                    finding->place.path, finding->place.line, finding->fix->text,
                    finding->rule_id);
        else
            list->at[kept++] = *finding;
    }
    list->n = kept;
}

bool fix_plan(RunResult *result, Tier weakest, Arena *arena, FixedFiles *files, Err *err)
{
    *files = fixes_of(&result->findings, weakest, result->root, arena);
    if (!is_fresh(files, err)) return false;
    drop_fixed(result, files);
    return true;
}

bool fix_write(const RunResult *result, const FixedFiles *files, Arena *arena, Err *err)
{
    for (uint32_t i = 0; i < files->n; i++) {
        const FixedFile *file = &files->at[i];
        if (!file_write(path_join(arena, result->root, file->path), file->after,
                        file->after_len, err))
            return false;
    }
    if (files->nleft)
        fprintf(stderr,
                "sluice: %" PRIu32
                " more fix%s in functions that were changed: run again\n",
                files->nleft, files->nleft == 1 ? "" : "es");
    return true;
}
