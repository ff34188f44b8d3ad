/*
 * One round of trials: the program with the changed files, through the same phases, and what is
 * found in it that was not found before.
 */
#include <ctype.h>
#include <string.h>

#include "run/answer.h"
#include "run/fix.h"
#include "run/pool.h"

/* --- the changed files ---------------------------------------------------------------------- */

typedef struct Trial {
    Fixing *fixing;
    VEC(uint32_t) tus;   /* those of files on trial */
    VEC(uint32_t) files; /* by TU */
    VEC(RepairOrder) orders;
    VEC(const Command *) commands;
    VEC(Fact) facts;
} Trial;

static void fail_all(Fixing *fixing, uint32_t file, const char *function)
{
    const FindingList *findings = &fixing->run->result->findings;
    for (uint32_t i = 0; i < fixing->cases.n; i++) {
        FixCase *one = &fixing->cases.at[i];
        if (one->file == file && one->is_on_trial &&
            (!*function || !strcmp(findings->at[one->finding].function, function)))
            one->has_failed = true;
    }
}

static uint32_t count_complaints(const RepairAnswer *answer, const Complaint *like)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < answer->ncomplaint; i++)
        n += !strcmp(answer->complaints[i].text, like->text) &&
             !strcmp(answer->complaints[i].function, like->function);
    return n;
}

static void compare_complaints(Fixing *fixing, uint32_t file, const RepairAnswer *now)
{
    const RepairAnswer *before = &fixing->files.at[file].before;
    for (uint32_t i = 0; i < now->ncomplaint; i++) {
        const Complaint *complaint = &now->complaints[i];
        if (count_complaints(now, complaint) > count_complaints(before, complaint))
            fail_all(fixing, file, complaint->function);
    }
}

static void list_tus(Trial *trial)
{
    Fixing *fixing = trial->fixing;
    const Run *run = fixing->run;
    for (uint32_t f = 0; f < fixing->files.n; f++) {
        const FixFile *file = &fixing->files.at[f];
        RepairOrder order = {.text = file->trial.at, .len = file->trial.n};
        for (uint32_t t = 0; t < run->ntu && file->is_on_trial; t++) {
            if (strcmp(run->tus[t].path, file->path) != 0) continue;
            vec_push(fixing->scratch, &trial->tus, t);
            vec_push(fixing->scratch, &trial->files, f);
            vec_push(fixing->scratch, &trial->orders, order);
            vec_push(fixing->scratch, &trial->commands, run->tus[t].command);
        }
    }
}

static bool take_fact(Trial *trial, uint32_t i, const Answer *answer, Err *err)
{
    Fixing *fixing = trial->fixing;
    RepairAnswer said;
    size_t used;
    Fact *facts;
    uint32_t n;
    if (!answer->is_complete ||
        !repair_answer_read(answer->fact, answer->len, fixing->scratch, &said, &used)) {
        fail_all(fixing, trial->files.at[i], "");
        return true;
    }
    /* Of a file that several commands compile, proposals know the complaints of one. */
    if (fixing->files.at[trial->files.at[i]].tu == trial->tus.at[i])
        compare_complaints(fixing, trial->files.at[i], &said);
    if (!fact_read(answer->fact + used, answer->len - used, fixing->run->names,
                   fixing->scratch, &facts, &n, err))
        return false;
    if (n == 1) vec_push(fixing->scratch, &trial->facts, facts[0]);
    return true;
}

static bool parse(Trial *trial, Err *err)
{
    Run *run = trial->fixing->run;
    list_tus(trial);
    PoolOptions pool = {.root = run->root,
                        .workers = run->options->workers,
                        .seconds = run->options->tu_seconds,
                        .megabytes = run->options->tu_megabytes,
                        .progress = run->progress,
                        .orders = trial->orders.at};
    Answer *answers = ARENA_ARRAY(trial->fixing->scratch, Answer, trial->tus.n);
    progress_start(run->progress, "trying fixes", trial->tus.n);
    bool ok = pool_run(&pool, trial->commands.at, trial->tus.n, trial->fixing->scratch,
                       answers, &run->result->stats.peak_worker_kb, err);
    progress_clear(run->progress);
    for (uint32_t i = 0; i < trial->tus.n && ok; i++)
        ok = take_fact(trial, i, &answers[i], err);
    return ok;
}

/* --- the program ---------------------------------------------------------------------------- */

static bool is_on_trial(const Trial *trial, const Name *path)
{
    for (uint32_t i = 0; i < trial->facts.n; i++)
        if (trial->facts.at[i].path == path) return true;
    return false;
}

static void judge(Trial *trial, Run *then)
{
    Fixing *fixing = trial->fixing;
    const Run *run = fixing->run;
    run_begin(then, run->options, fixing->scratch, ARENA_NEW(fixing->scratch, RunResult));
    then->progress = run->progress;
    then->root = run->root;
    then->names = run->names;
    then->models = run->models;
    then->context = run->context;
    for (uint32_t i = 0; i < run->facts.n; i++)
        if (!is_on_trial(trial, run->facts.at[i].path))
            vec_push(then->arena, &then->facts, run->facts.at[i]);
    for (uint32_t i = 0; i < trial->facts.n; i++)
        vec_push(then->arena, &then->facts, trial->facts.at[i]);
    run_sort_facts(then);
    then->recalled = run->memory;
    phase_link(then);
    phase_judge(then);
}

uint64_t fix_key(const char *path, const char *function)
{
    Hash hash =
        hash_mix(hash_bytes(path, strlen(path)), hash_bytes(function, strlen(function)));
    return hash.low ^ hash.high;
}

void run_reached(void *data, const ProgramFn *fn, const FlowResult *result)
{
    Run *run = data;
    const Unit *unit = fn->unit;
    uint64_t key = fix_key(unit->files[fn->fn->loc.file]->text, fn->fn->name->text);
    map_put(&run->reached, key, result->is_exhausted ? FIX_EXHAUSTED : result->nunreached,
            NULL);
}

/* --- what is new ---------------------------------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
    for (;;) {
        while (isdigit((unsigned char)*a))
            a++;
        while (isdigit((unsigned char)*b))
            b++;
        if (*a != *b) return false;
        if (!*a++) return true;
        b++;
    }
}

static bool is_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* The same but for lines and votes. */
static bool is_same(const Finding *a, const Finding *b)
{
    return !strcmp(a->rule_id, b->rule_id) && is_text(a->function, b->function) &&
           is_text(a->place.path, b->place.path) && is_same_text(a->text, b->text);
}

static uint32_t count_same(const FindingList *list, const Finding *like)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->n; i++)
        n += is_same(&list->at[i], like);
    return n;
}

static bool goes_through(const Finding *finding, const char *path, const char *function)
{
    if (is_text(finding->function, function) && is_text(finding->place.path, path))
        return true;
    for (uint32_t i = 0; i < finding->nstep; i++)
        if (is_text(finding->steps[i].function, function) &&
            is_text(finding->steps[i].place.path, path))
            return true;
    return false;
}

/* What nobody gets to any more is no repair; what was not followed to its end, nobody knows. */
static bool is_cut_off(const Run *before, const Run *then, const Finding *finding)
{
    uint64_t key = fix_key(finding->place.path, finding->function);
    const uint64_t *was = map_get(&before->reached, key);
    const uint64_t *is = map_get(&then->reached, key);
    return !was || !is || *is == FIX_EXHAUSTED || *is > *was;
}

static void compare(Fixing *fixing, const Run *then)
{
    const FindingList *before = &fixing->run->result->findings;
    const FindingList *now = &then->result->findings;
    for (uint32_t i = 0; i < fixing->cases.n; i++) {
        FixCase *one = &fixing->cases.at[i];
        const Finding *finding = &before->at[one->finding];
        if (one->is_on_trial &&
            (count_same(now, finding) >= count_same(before, finding) ||
             is_cut_off(fixing->run, then, finding)))
            one->has_failed = true;
    }
    for (uint32_t k = 0; k < now->n; k++) {
        const Finding *found = &now->at[k];
        if (count_same(now, found) <= count_same(before, found)) continue;
        for (uint32_t i = 0; i < fixing->cases.n; i++) {
            FixCase *one = &fixing->cases.at[i];
            const Finding *finding = &before->at[one->finding];
            if (one->is_on_trial &&
                goes_through(found, finding->place.path, finding->function))
                one->has_failed = true;
        }
    }
}

bool fix_try(Fixing *fixing, Err *err)
{
    Trial trial = {.fixing = fixing};
    Run then;
    if (!parse(&trial, err)) return false;
    judge(&trial, &then);
    compare(fixing, &then);
    return true;
}
