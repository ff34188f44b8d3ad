/*
 * Answers to "why is nothing reported here?": for each use of a pointer on the line, what
 * became of its candidates, and what the engine knew on the paths where there was none.
 */
#include "check/why_words.h"

#include <stdlib.h>
#include <string.h>

static bool is_on_line(const Why *why, const ProgramFn *fn, const Ins *ins)
{
    if (ins->loc.line != why->line) return false;
    return !strcmp(place_at(fn->unit, ins->loc).path, why->path);
}

bool why_has_line(const Why *why, const ProgramFn *fn)
{
    const Body *body = fn->fn->body;
    for (uint32_t b = 0; body && b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++)
            if (is_on_line(why, fn, &body->blocks[b].ins[i])) return true;
    return false;
}

static void add(Why *why, WhyAnswer answer)
{
    if (!answer.use) answer.use = "";
    for (uint32_t i = 0; i < why->answers.n; i++) {
        const WhyAnswer *known = &why->answers.at[i];
        if (known->kind == answer.kind && known->place.column == answer.place.column &&
            !strcmp(known->use, answer.use) && !strcmp(known->text, answer.text))
            return;
    }
    vec_push(why->arena, &why->answers, answer);
}

/* --- what became of candidates ---------------------------------------------------------- */

void why_candidate(Why *why, const Candidate *candidate)
{
    const Check *check = why->check;
    const Ins *ins = check_ins(check, candidate);
    if (!is_on_line(why, check->fn, ins)) return;
    WhyAnswer answer = {.place = place_at(check->fn->unit, ins->loc),
                        .function = check->fn->fn->name->text,
                        .use = why_candidate_use(why, candidate),
                        .by = {.path = ""}};
    if (!check->is_taken) {
        answer.kind = WHY_DISMISSED;
        answer.text = arena_printf(why->arena, "no rule speaks of this%s",
                                   check_because(check, candidate));
    } else if (check->made.rule_id) {
        answer.kind = WHY_REPORTED;
        answer.rule_id = check->made.rule_id;
        answer.tier = check->made.tier;
        answer.text = check->made.text;
        answer.terms = check->made.terms;
        answer.nterm = check->made.nterm;
        answer.score = check->made.score;
    } else {
        answer.kind = WHY_DISMISSED;
        answer.rule_id = check->rule->id;
        answer.text = why_doubt(why, candidate);
    }
    add(why, answer);
}

/* --- what the engine saw ----------------------------------------------------------------- */

static bool has_candidate(const FlowResult *result, const Sight *sight)
{
    for (uint32_t i = 0; i < result->ncandidate; i++)
        if (result->candidates[i].block == sight->block &&
            result->candidates[i].ins == sight->ins)
            return true;
    return false;
}

static Place by_place(const View *view, const Sight *sight)
{
    uint32_t block;
    const Ins *ins = why_ins(view, sight->by, &block);
    return ins ? place_at(view->fn->unit, ins->loc) : (Place){.path = ""};
}

static void add_sight(const View *view, const FlowResult *result, const Sight *sight)
{
    const Ins *ins = &view->fn->fn->body->blocks[sight->block].ins[sight->ins];
    if (!is_on_line(view->why, view->fn, ins)) return;
    bool told = sight->reason == SIGHT_NULL || sight->reason == SIGHT_UNKNOWN;
    if (told && has_candidate(result, sight)) return; /* by its candidate */
    add(view->why, (WhyAnswer){.kind = why_kind_of(sight),
                               .place = place_at(view->fn->unit, ins->loc),
                               .function = view->fn->fn->name->text,
                               .use = why_sight_use(view, sight),
                               .text = why_reason(view, sight),
                               .by = by_place(view, sight)});
}

/* --- where no path gets ------------------------------------------------------------------ */

static bool is_reached(const Watch *watch, uint32_t block, uint32_t ins)
{
    return watch->reached[block] > ins;
}

/* The last instruction that ran on a way to the block, where ways end. */
static const Ins *last_before(const View *view, uint32_t block, bool *is_branch)
{
    const Body *body = view->fn->fn->body;
    bool *seen = ARENA_ARRAY(view->why->arena, bool, body->nblock);
    uint32_t *todo = ARENA_ARRAY(view->why->arena, uint32_t, body->nblock + 1), n = 0;
    todo[n++] = block;
    seen[block] = true;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = todo[i], got = view->watch->reached[at];
        const Block *one = &body->blocks[at];
        if (got) {
            *is_branch = got == one->nins;
            return &one->ins[got - 1];
        }
        for (uint32_t b = 0; b < body->nblock; b++)
            for (uint32_t s = 0; s < body->blocks[b].nsucc; s++)
                if (body->blocks[b].succ[s] == at && !seen[b]) {
                    seen[b] = true;
                    todo[n++] = b;
                }
    }
    return NULL;
}

static void add_unreached(const View *view, const Ins *ins, uint32_t block)
{
    bool is_branch = false;
    const Ins *last = last_before(view, block, &is_branch);
    bool told = last && !is_branch && is_on_line(view->why, view->fn, last);
    if (told) return;
    const char *text = "no path gets here";
    if (last && is_branch)
        text = arena_printf(view->why->arena,
                            "no path gets here: the condition on line %u never holds, or "
                            "always",
                            last->loc.line);
    else if (last && last->op == OP_CALL)
        text = arena_printf(view->why->arena,
                            "no path gets here: %s on line %u does not come back",
                            why_callee(view, last), last->loc.line);
    else if (last)
        text = arena_printf(view->why->arena,
                            "no path gets here: all end on line %u, where NULL is used",
                            last->loc.line);
    Place by = last ? place_at(view->fn->unit, last->loc) : (Place){.path = ""};
    add(view->why, (WhyAnswer){.kind = WHY_UNREACHABLE,
                               .place = place_at(view->fn->unit, ins->loc),
                               .function = view->fn->fn->name->text,
                               .text = text,
                               .by = by});
}

static void add_limits(const View *view, const FlowResult *result)
{
    WhyAnswer answer = {.place = {.path = view->why->path, .line = view->why->line},
                        .function = view->fn->fn->name->text,
                        .by = {.path = ""}};
    if (view->fn->fn->body->degraded) {
        answer.kind = WHY_NOT_ANALYSED;
        answer.text = arena_printf(view->why->arena,
                                   "%s() does not compile: nothing is reported in it",
                                   answer.function);
        add(view->why, answer);
    }
    if (!result->is_exhausted) return;
    answer.kind = WHY_BUDGET;
    answer.text =
        arena_printf(view->why->arena,
                     "the budget ran out in %s() after %u steps: some of its paths "
                     "were not followed to their end",
                     answer.function, result->nstep_used);
    add(view->why, answer);
}

void why_function(Why *why, const ProgramFn *fn, const FlowResult *result,
                  const Watch *watch)
{
    View view = {why, fn, watch};
    const Body *body = fn->fn->body;
    add_limits(&view, result);
    for (uint32_t i = 0; i < watch->sights.n; i++)
        add_sight(&view, result, &watch->sights.at[i]);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (!is_on_line(why, fn, ins) || is_reached(watch, b, i)) continue;
            if (!result->is_exhausted) add_unreached(&view, ins, b);
            break;
        }
}

/* --- order ------------------------------------------------------------------------------- */

static int order(const void *a, const void *b)
{
    const WhyAnswer *x = a, *y = b;
    if (x->place.column != y->place.column)
        return x->place.column < y->place.column ? -1 : 1;
    int use = strcmp(x->use, y->use);
    if (use) return use;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->by.line != y->by.line) return x->by.line < y->by.line ? -1 : 1;
    int function = strcmp(x->function, y->function);
    return function ? function : strcmp(x->text, y->text);
}

void why_sort(Why *why)
{
    if (why->answers.n)
        qsort(why->answers.at, why->answers.n, sizeof *why->answers.at, order);
}
