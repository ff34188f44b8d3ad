/*
 * Fixes of a program that came as facts. Facts hold neither text nor arguments, so commands come
 * from the database that was named, and each file with findings is parsed once more: what that
 * gives must be the very fact that was linked, or nothing is proposed for it. From there on it is
 * phase_fix of `sluice check`, with the same answers.
 */
#include <string.h>

#include "run/phases.h"

static bool has_finding(const Run *run, const char *path)
{
    const FindingList *list = &run->result->findings;
    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i].place.path && !strcmp(list->at[i].place.path, path)) return true;
    return false;
}

static bool set_tus(Run *run, Err *err)
{
    if (!commands_read(run, err)) return false;
    run->tus = ARENA_ARRAY(run->arena, Tu, run->commands.n + 1);
    for (uint32_t i = 0; i < run->commands.n; i++) {
        Command *command = &run->commands.at[i];
        const char *path = path_below(run->arena, run->root, command->file);
        command->root = run->root;
        if (has_finding(run, path))
            run->tus[run->ntu++] = (Tu){.command = command, .path = path};
    }
    return true;
}

static bool is_linked(const Run *run, const Tu *tu)
{
    Arena *scratch = arena_new("fact");
    Fact *facts;
    uint32_t n;
    bool found = false;
    if (fact_read(tu->fact, tu->len, run->names, scratch, &facts, &n, NULL) && n == 1)
        for (uint32_t i = 0; i < run->facts.n && !found; i++)
            found = run->facts.at[i].path == facts[0].path &&
                    !hash_compare(run->facts.at[i].identity, facts[0].identity);
    arena_free(scratch);
    return found;
}

/* A file that is not what was linked is as good as gone: see add_file in fix.c. */
static void drop_changed(Run *run)
{
    const char *first = NULL, *last = "";
    uint32_t n = 0;
    for (uint32_t i = 0; i < run->ntu; i++)
        if (!is_linked(run, &run->tus[i])) run->tus[i].ndep = 0;
    for (uint32_t i = 0; i < run->facts.n; i++) { /* by path */
        const char *path = run->facts.at[i].path->text;
        bool is_there = false;
        for (uint32_t t = 0; t < run->ntu && !is_there; t++)
            is_there = run->tus[t].ndep && !strcmp(run->tus[t].path, path);
        if (is_there || !strcmp(path, last) || !has_finding(run, path)) continue;
        last = path;
        if (!n++) first = path;
    }
    if (n)
        progress_warn(run->progress,
                      "no fix is looked for in %s%s: its source or its command in %s is "
                      "not what its fact was made of",
                      first, n > 1 ? " and other files" : "", run->options->compdb);
}

bool phase_fix_facts(Run *run, Err *err)
{
    if (!run->options->fixes) return true;
    if (!set_tus(run, err) || !extract_missing(run, err)) return false;
    drop_changed(run);
    bool ok = phase_fix(run, err);
    run->ntu = 0; /* the program is its facts, as without fixes */
    return ok;
}
