/*
 * Fixes: repairs that were tried.
 *
 * The front end proposes edits in the function's own words; what they are worth is found out, not
 * argued. Files are parsed again with one edit a function made (in memory), the whole program is
 * linked and judged again with them, and an edit is kept when its file compiles as before, its
 * finding is gone and nothing new is found in or through the function. What fails makes room for
 * the next proposal, so there are as many rounds as the function with the most proposals needs,
 * and never more than MOST_ROUNDS.
 */
#include "run/fix.h"

#include <string.h>

#include "run/answer.h"
#include "run/pool.h"

enum { MOST_CASES = 400, MOST_ROUNDS = 12 };

/* --- what is wanted ------------------------------------------------------------------------- */

static Remedy remedy_of(const Run *run, const char *rule_id)
{
    for (uint32_t i = 0; i < run->options->nrule; i++)
        if (!strcmp(run->options->rules[i]->id, rule_id))
            return run->options->rules[i]->remedy;
    return REMEDY_NONE;
}

static bool find_tu(const Run *run, const char *path, uint32_t *tu)
{
    for (*tu = 0; *tu < run->ntu; ++*tu)
        if (!strcmp(run->tus[*tu].path, path)) return true;
    return false;
}

/* The file as it was analysed; is_lost when it has changed. */
static uint32_t add_file(Fixing *fixing, const char *path, uint32_t tu)
{
    Run *run = fixing->run;
    for (uint32_t i = 0; i < fixing->files.n; i++)
        if (!strcmp(fixing->files.at[i].path, path)) return i;
    FixFile file = {.path = path, .tu = tu};
    const Tu *unit = &run->tus[tu];
    file.is_lost = !unit->ndep || !run_read_source(run, unit->deps[0].path, &file.text);
    if (!file.is_lost)
        file.is_lost = hash_compare(hash_bytes(file.text.at, file.text.len),
                                    unit->deps[0].content) != 0;
    vec_push(run->arena, &fixing->files, file);
    return fixing->files.n - 1;
}

/* Places in the finding's own function that come before its own. */
static void add_sources(const Fixing *fixing, const Finding *finding, RepairWish *wish)
{
    RepairPlace *places =
        ARENA_ARRAY(fixing->run->arena, RepairPlace, finding->nstep + 1);
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        bool here = step->depth == 0 && step->function && finding->function &&
                    !strcmp(step->function, finding->function) &&
                    !strcmp(step->place.path, finding->place.path);
        bool is_place = step->place.line == finding->place.line &&
                        step->place.column == finding->place.column;
        if (here && !is_place)
            places[wish->nsource++] = (RepairPlace){step->place.line, step->place.column};
    }
    wish->sources = places;
}

static RepairKind repair_of(Remedy remedy)
{
    if (remedy == REMEDY_PASS) return REPAIR_ARGUMENT;
    return remedy == REMEDY_REORDER ? REPAIR_LATE_TEST : REPAIR_USE;
}

static void add_case(Fixing *fixing, uint32_t number)
{
    Run *run = fixing->run;
    const Finding *finding = &run->result->findings.at[number];
    Remedy remedy = remedy_of(run, finding->rule_id);
    uint32_t tu;
    if (remedy == REMEDY_NONE || finding->tier > run->options->fixes ||
        !finding->place.path || !finding->function || !finding->pointer ||
        !run_wants(run, finding->place.path) || !find_tu(run, finding->place.path, &tu))
        return;
    FixCase made = {.finding = number};
    made.file = add_file(fixing, finding->place.path, tu);
    made.wish = (RepairWish){
        .kind = repair_of(remedy),
        .at = {finding->place.line, finding->place.column},
        .pointer = finding->pointer,
        .is_status = remedy == REMEDY_STATUS,
    };
    add_sources(fixing, finding, &made.wish);
    if (!fixing->files.at[made.file].is_lost && fixing->cases.n < MOST_CASES)
        vec_push(run->arena, &fixing->cases, made);
}

/* --- proposals ------------------------------------------------------------------------------ */

static void take_answer(Fixing *fixing, uint32_t file, const Answer *answer)
{
    size_t used;
    FixFile *of = &fixing->files.at[file];
    of->is_lost = !answer->is_complete ||
                  !repair_answer_read(answer->fact, answer->len, fixing->run->arena,
                                      &of->before, &used) ||
                  hash_compare(of->before.content, hash_bytes(of->text.at, of->text.len));
    for (uint32_t i = 0, wish = 0; i < fixing->cases.n && !of->is_lost; i++) {
        FixCase *one = &fixing->cases.at[i];
        if (one->file != file) continue;
        one->repairs = ARENA_ARRAY(fixing->run->arena, Repair, of->before.nrepair);
        for (uint32_t k = 0; k < of->before.nrepair; k++)
            if (of->before.repairs[k].wish == wish)
                one->repairs[one->nrepair++] = of->before.repairs[k];
        wish++;
    }
}

static bool propose(Fixing *fixing, Err *err)
{
    Run *run = fixing->run;
    uint32_t nfile = fixing->files.n;
    const Command **commands = ARENA_ARRAY(run->arena, const Command *, nfile + 1);
    RepairOrder *orders = ARENA_ARRAY(run->arena, RepairOrder, nfile + 1);
    Answer *answers = ARENA_ARRAY(run->arena, Answer, nfile + 1);
    uint32_t *which = ARENA_ARRAY(run->arena, uint32_t, nfile + 1), n = 0;
    for (uint32_t f = 0; f < nfile; f++) {
        if (fixing->files.at[f].is_lost) continue;
        RepairWish *wishes = ARENA_ARRAY(run->arena, RepairWish, fixing->cases.n);
        for (uint32_t i = 0; i < fixing->cases.n; i++)
            if (fixing->cases.at[i].file == f)
                wishes[orders[n].nwish++] = fixing->cases.at[i].wish;
        orders[n].wishes = wishes;
        commands[n] = run->tus[fixing->files.at[f].tu].command;
        which[n++] = f;
    }
    PoolOptions pool = {.root = run->root,
                        .workers = run->options->workers,
                        .seconds = run->options->tu_seconds,
                        .megabytes = run->options->tu_megabytes,
                        .progress = run->progress,
                        .orders = orders};
    progress_start(run->progress, "looking for fixes", n);
    bool ok = pool_run(&pool, commands, n, run->arena, answers,
                       &run->result->stats.peak_worker_kb, err);
    progress_clear(run->progress);
    for (uint32_t i = 0; i < n && ok; i++)
        take_answer(fixing, which[i], &answers[i]);
    return ok;
}

/* --- rounds --------------------------------------------------------------------------------- */

/* Another case of the same function is on trial. */
static bool is_taken(const Fixing *fixing, uint32_t number)
{
    const FindingList *findings = &fixing->run->result->findings;
    const FixCase *one = &fixing->cases.at[number];
    for (uint32_t i = 0; i < number; i++) {
        const FixCase *other = &fixing->cases.at[i];
        if (other->is_on_trial && other->file == one->file &&
            !strcmp(findings->at[other->finding].function,
                    findings->at[one->finding].function))
            return true;
    }
    return false;
}

static void write_trial(Fixing *fixing, uint32_t number)
{
    VEC(Edit) edits = {0};
    FixFile *file = &fixing->files.at[number];
    for (uint32_t i = 0; i < fixing->cases.n; i++) {
        const FixCase *one = &fixing->cases.at[i];
        if (one->file != number || !one->is_on_trial) continue;
        const Repair *repair = &one->repairs[one->next];
        for (uint32_t k = 0; k < repair->nedit; k++)
            vec_push(fixing->scratch, &edits, repair->edits[k]);
    }
    file->is_on_trial = edits.n > 0;
    if (!edits.n) return;
    edit_sort(edits.at, edits.n);
    buf_init(&file->trial, fixing->scratch);
    size_t len;
    const char *text = edit_apply(file->text.at, file->text.len, edits.at, edits.n,
                                  fixing->scratch, &len);
    buf_put(&file->trial, text, len);
}

/* False: there is nothing left to try. */
static bool prepare_round(Fixing *fixing)
{
    bool any = false;
    for (uint32_t i = 0; i < fixing->cases.n; i++) {
        FixCase *one = &fixing->cases.at[i];
        const Finding *finding = &fixing->run->result->findings.at[one->finding];
        one->has_failed = false;
        one->is_on_trial =
            !finding->fix && one->next < one->nrepair && !is_taken(fixing, i);
        any |= one->is_on_trial;
    }
    for (uint32_t f = 0; f < fixing->files.n; f++)
        write_trial(fixing, f);
    return any;
}

static void keep_fix(Fixing *fixing, FixCase *one)
{
    Arena *arena = fixing->run->arena;
    const FixFile *file = &fixing->files.at[one->file];
    const Repair *repair = &one->repairs[one->next];
    Fix *fix = ARENA_NEW(arena, Fix);
    *fix = (Fix){.path = file->path,
                 .text = repair->text,
                 .content = file->before.content,
                 .edits = repair->edits,
                 .nedit = repair->nedit};
    fixing->run->result->findings.at[one->finding].fix = fix;
}

static bool run_rounds(Fixing *fixing, Err *err)
{
    for (uint32_t round = 0; round < MOST_ROUNDS; round++) {
        fixing->scratch = arena_new("fix");
        bool goes_on = prepare_round(fixing);
        bool ok = !goes_on || fix_try(fixing, err);
        for (uint32_t i = 0; i < fixing->cases.n && ok && goes_on; i++) {
            FixCase *one = &fixing->cases.at[i];
            if (!one->is_on_trial) continue;
            if (!one->has_failed) keep_fix(fixing, one);
            one->next++;
        }
        arena_free(fixing->scratch);
        if (!ok || !goes_on) return ok;
    }
    return true;
}

bool phase_fix(Run *run, Err *err)
{
    Fixing fixing = {.run = run};
    if (!run->options->fixes) return true;
    double start = clock_seconds();
    for (uint32_t i = 0; i < run->result->findings.n; i++)
        add_case(&fixing, i);
    bool ok = !fixing.cases.n || (propose(&fixing, err) && run_rounds(&fixing, err));
    run->result->stats.seconds_fix = clock_seconds() - start;
    return ok;
}
