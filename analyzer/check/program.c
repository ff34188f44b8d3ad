/* From a linked program to findings: summaries, evidence merged, rules asked. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check/why.h"
#include "summary/declared.h"

typedef struct Round {
    const Program *program;
    const CheckOptions *options;
    FlowResult *results; /* by ProgramFn.id */
    Declared declared;
    CheckStats *stats;
} Round;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Of functions with a body as well as those that only models know. */
static const Summary *last_summary(void *data, const ProgramFn *fn, bool by_pointer)
{
    const Round *round = data;
    (void)by_pointer;
    if (fn->fn->body) return round->results[fn->id].summary;
    return fn->model ? fn->model : declared_result(&round->declared, fn->fn->flags);
}

static void judge_one(Check *check, const CheckOptions *options,
                      const Candidate *candidate)
{
    check->candidate = candidate;
    check->is_taken = false;
    check->made.rule_id = NULL;
    for (uint32_t r = 0; r < options->nrule && !check->is_taken; r++) {
        check->rule = options->rules[r];
        memset(&check->terms, 0, sizeof check->terms);
        if (check->rule->judge) check->rule->judge(check, candidate);
    }
}

static int candidate_order(const void *a, const void *b)
{
    const Candidate *x = a, *y = b;
    if (x->block != y->block) return x->block < y->block ? -1 : 1;
    if (x->ins != y->ins) return x->ins < y->ins ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->param != y->param) return x->param < y->param ? -1 : 1;
    if (x->source.ins != y->source.ins) return x->source.ins < y->source.ins ? -1 : 1;
    return (int)x->origin - (int)y->origin;
}

static void dump_candidate(Buf *out, const ProgramFn *fn, const Candidate *candidate)
{
    buf_printf(out, "candidate %s %u:%u kind %d origin %d flags %x '%s' callee %s\n",
               fn->link_name->text, candidate->block, candidate->ins,
               (int)candidate->kind, (int)candidate->origin, candidate->flags,
               candidate->what, candidate->callee ? candidate->callee->text : "-");
}

/* What only the rest of the program speaks against; after what the engine saw by itself. */
static void judge_beliefs(const Round *round, Check *check, Why *why,
                          const FlowResult *result)
{
    Candidate candidate;
    for (uint32_t i = 0; i < result->nevidence; i++) {
        const Evidence *use = &result->evidence[i];
        if (!belief_candidate(check->beliefs, use, check->arena, &candidate)) continue;
        if (round->options->dump_candidates)
            dump_candidate(round->options->dump_candidates, check->fn, &candidate);
        judge_one(check, round->options, &candidate);
        if (round->options->why_path) why_candidate(why, &candidate);
    }
}

/* Every function on the line once more, with somebody watching. */
static void explain(Round *round, Why *why)
{
    const Program *program = round->program;
    Watch watch = {.arena = why->arena};
    FlowContext context = {
        .program = program, .summary_of = last_summary, .data = round, .watch = &watch};
    Arena *scratch = arena_new("watch");
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const ProgramFn *fn = program->fns.at[i];
        if (!round->results[fn->id].summary || !why_has_line(why, fn)) continue;
        FlowResult again = flow_run(&context, fn, why->arena, scratch);
        why_function(why, fn, &again, &watch);
    }
    arena_free(scratch);
    why_sort(why);
    *round->options->why = (WhyList){why->answers.at, why->answers.n};
}

static void count_mixed(Check *check, const FlowResult *result)
{
    for (uint32_t i = 0; i < result->ncandidate; i++) {
        const Candidate *candidate = &result->candidates[i];
        if ((candidate->flags & CANDIDATE_MIXED) && candidate->callee)
            ++*map_put(&check->mixed, MAP_KEY(candidate->callee), 0, NULL);
    }
}

static void count_roots(Check *check, const FlowResult *result)
{
    for (uint32_t i = 0; i < result->ncandidate; i++) {
        const Fault *fault = result->candidates[i].fault;
        bool is_root = result->candidates[i].kind == CANDIDATE_REQUEST &&
                       fault->kind == FAULT_FRESH_ROOT && fault->callee &&
                       !(fault->flags & FAULT_IS_NULL);
        if (is_root)
            ++*map_put(&check->roots, MAP_KEY(fault->callee) ^ fault->arg, 0, NULL);
    }
}

static void judge(Round *round, Check *check, Why *why)
{
    const Program *program = round->program;
    for (uint32_t i = 0; i < program->norder; i++) {
        const FlowResult *result = &round->results[program->order[i]->id];
        beliefs_add(check->beliefs, result->evidence, result->nevidence);
        count_mixed(check, result);
        count_roots(check, result);
    }
    beliefs_settle(check->beliefs);
    if (round->options->dump_beliefs)
        beliefs_print(round->options->dump_beliefs, check->beliefs);
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const ProgramFn *fn = program->fns.at[i];
        FlowResult *result = &round->results[fn->id];
        if (!fn->fn->body || !result->summary) continue;
        check->fn = fn;
        if (round->options->see)
            round->options->see(round->options->see_data, fn, result);
        if (result->ncandidate > 1)
            qsort(result->candidates, result->ncandidate, sizeof *result->candidates,
                  candidate_order);
        for (uint32_t k = 0; k < result->ncandidate; k++) {
            if (round->options->dump_candidates)
                dump_candidate(round->options->dump_candidates, fn,
                               &result->candidates[k]);
            judge_one(check, round->options, &result->candidates[k]);
            if (round->options->told && check->made.rule_id)
                round->options->told(round->options->see_data, fn, &result->candidates[k],
                                     &check->made);
            if (round->options->why_path) why_candidate(why, &result->candidates[k]);
        }
        judge_beliefs(round, check, why, result);
        round->stats->ncandidate += result->ncandidate;
        round->stats->nexhausted += result->is_exhausted;
        if (round->options->dump_summaries)
            summary_print(round->options->dump_summaries, result->summary);
    }
}

void check_program(const Program *program, const CheckOptions *options, Arena *arena,
                   FindingList *findings, CheckStats *stats)
{
    *stats = (CheckStats){0};
    Round round = {.program = program, .options = options, .stats = stats};
    round.declared = declared_new(arena);
    double start = now();
    round.results = summarise(program, options, arena, stats);
    double middle = now();
    Check check = {
        .program = program, .arena = arena, .beliefs = beliefs_new(program, arena)};
    map_init(&check.by_cause, arena);
    map_init(&check.mixed, arena);
    map_init(&check.roots, arena);
    map_init(&check.passing, arena);
    Why why = {.check = &check,
               .summary_of = last_summary,
               .data = &round,
               .arena = arena,
               .path = options->why_path,
               .line = options->why_line};
    judge(&round, &check, &why);
    if (options->why_path) explain(&round, &why);
    findings->at = check.findings.at;
    findings->n = check.findings.n;
    stats->seconds_summarise = middle - start;
    stats->seconds_judge = now() - middle;
}
