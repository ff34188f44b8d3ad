/*
 * One line of one file: is it analysed at all, and what became of the findings on it after
 * grouping and suppression. What the engine saw there comes from check/why.h.
 */
#include <string.h>

#include "run/phases.h"

enum { SOURCE_LIMIT = 64 * 1024 * 1024 };

static uint32_t count_lines(const FileText *text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text->len; i++)
        n += text->at[i] == '\n' || i + 1 == text->len;
    return n;
}

bool phase_question(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    if (!options->why_file) return true;
    const char *path = path_join(run->arena, options->directory, options->why_file);
    if (!file_exists(path)) path = path_join(run->arena, run->root, options->why_file);
    FileText text;
    if (!file_read(path, SOURCE_LIMIT, run->arena, &text, err)) {
        if (err) err->kind = ERR_USAGE;
        return false;
    }
    uint32_t n = count_lines(&text);
    if (!options->why_line || options->why_line > n)
        return err_set(err, ERR_USAGE, "%s has %u lines: there is no line %u",
                       options->why_file, n, options->why_line);
    run->why_path = path_below(run->arena, run->root, path_real(run->arena, path));
    return true;
}

/* --- nothing was seen there --------------------------------------------------------------- */

static bool reads_file(const Unit *unit, const char *path)
{
    for (uint32_t i = 0; i < unit->nfile; i++)
        if (unit->files[i] && !strcmp(unit->files[i]->text, path)) return true;
    return !strcmp(unit->path->text, path);
}

static bool was_read(const Run *run)
{
    for (uint32_t i = 0; i < run->program->units.n; i++)
        if (reads_file(run->program->units.at[i], run->why_path)) return true;
    const char *path = path_join(run->arena, run->root, run->why_path);
    for (uint32_t i = 0; i < run->ntu; i++)
        for (uint32_t d = 0; d < run->tus[i].ndep; d++)
            if (!strcmp(run->tus[i].deps[d].path, path)) return true;
    return false;
}

/* A unit that is not wholly there may lack just this. */
static const char *failed_text(const Run *run)
{
    for (uint32_t i = 0; i < run->program->units.n; i++) {
        const Unit *unit = run->program->units.at[i];
        if (unit->status != UNIT_FAILED || strcmp(unit->path->text, run->why_path) != 0)
            continue;
        return arena_printf(run->arena, "it could not be parsed%s%s",
                            unit->nnote ? ": " : "",
                            unit->nnote ? unit->notes[0].text->text : "");
    }
    return NULL;
}

/* The lines of code around the one that was asked for; 0: none. */
static void nearest_lines(const Run *run, uint32_t *above, uint32_t *below, bool *is_code)
{
    const Program *program = run->program;
    uint32_t line = run->options->why_line;
    *above = *below = 0;
    for (uint32_t i = 0; i < program->norder; i++) {
        const ProgramFn *fn = program->order[i];
        for (uint32_t b = 0; b < fn->fn->body->nblock; b++)
            for (uint32_t k = 0; k < fn->fn->body->blocks[b].nins; k++) {
                Loc loc = fn->fn->body->blocks[b].ins[k].loc;
                if (!loc.line || loc.file >= fn->unit->nfile) continue;
                if (strcmp(fn->unit->files[loc.file]->text, run->why_path) != 0) continue;
                if (loc.line == line) *is_code = true;
                if (loc.line < line && loc.line > *above) *above = loc.line;
                if (loc.line > line && (!*below || loc.line < *below)) *below = loc.line;
            }
    }
}

static const char *no_code_text(const Run *run, uint32_t above, uint32_t below)
{
    const char *text =
        "no code of this line is analysed: it is a declaration or a comment, the "
        "preprocessor leaves it out, no path can get to it, or it is in an inline "
        "function "
        "that nobody calls";
    if (above && below)
        return arena_printf(run->arena, "%s (the nearest code is on lines %u and %u)",
                            text, above, below);
    if (above || below)
        return arena_printf(run->arena, "%s (the nearest code is on line %u)", text,
                            above ? above : below);
    return text;
}

static void answer_nothing(Run *run)
{
    WhyAnswer *answer = ARENA_NEW(run->arena, WhyAnswer);
    *answer =
        (WhyAnswer){.kind = WHY_NOT_ANALYSED,
                    .place = {.path = run->why_path, .line = run->options->why_line},
                    .function = "",
                    .use = "",
                    .by = {.path = ""}};
    uint32_t above, below;
    bool is_code = false;
    nearest_lines(run, &above, &below, &is_code);
    const char *failed = failed_text(run);
    if (failed) {
        answer->text = failed;
    } else if (!was_read(run)) {
        answer->text = arena_printf(
            run->arena, "no translation unit of %s compiles or includes this file",
            path_below(run->arena, run->root, run->origin));
    } else if (is_code) {
        answer->kind = WHY_NO_USE;
        answer->text = "no pointer is dereferenced, called or passed to a function that "
                       "cannot do with NULL";
    } else {
        answer->text = no_code_text(run, above, below);
    }
    run->result->why = (WhyList){answer, 1};
}

/* --- what became of findings -------------------------------------------------------------- */

static bool is_at(Place a, Place b)
{
    return a.line == b.line && a.column == b.column && !strcmp(a.path, b.path);
}

static void settle(Run *run, WhyAnswer *answer)
{
    const FindingList *list = &run->result->findings;
    for (uint32_t i = 0; i < list->n; i++) {
        const Finding *finding = &list->at[i];
        bool here = is_at(finding->place, answer->place) &&
                    !strcmp(finding->rule_id, answer->rule_id);
        bool related = false;
        for (uint32_t k = 0; k < finding->nrelated && !here; k++)
            related |= is_at(finding->related[k].place, answer->place);
        if (!here && !related) continue;
        answer->tier = finding->tier;
        if (related) {
            answer->kind = WHY_GROUPED;
            answer->by = finding->place;
        } else if (finding->tier == TIER_C) {
            answer->kind = WHY_TIER;
        }
        if (finding->suppressed) {
            answer->kind = WHY_SUPPRESSED;
            answer->text = arena_printf(run->arena, "%s; allowed: %s", answer->text,
                                        finding->suppressed);
        }
        if (here) return;
    }
}

void phase_why(Run *run)
{
    if (!run->options->why_file) return;
    WhyList *list = &run->result->why;
    for (uint32_t i = 0; i < list->n; i++)
        if (list->at[i].kind == WHY_REPORTED) settle(run, &list->at[i]);
    if (!list->n) answer_nothing(run);
}
