/*
 * From a linked program to findings: summaries bottom-up, evidence merged, rules asked.
 *
 * Small cycles of direct calls are run twice: first with nothing known of the others, then
 * with what the first turn gave. In a large one (a hundred functions of an interpreter) what
 * comes round again says too little for its cost. Functions that call through pointers are run again at the end,
 * when every target has its summary; a call through a slot never joins two cycles.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "check/why.h"

enum { SMALL_CYCLE = 8 };

typedef struct Round {
    const Program *program;
    const CheckOptions *options;
    Arena *arena, *scratch;
    FlowResult *results; /* by ProgramFn.id */
    CheckStats *stats;
    FlowContext context;
} Round;

static const Summary *summary_of(void *data, const ProgramFn *fn)
{
    const Round *round = data;
    if (fn->fn->body) return round->results[fn->id].summary;
    return fn->model;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void run_fn(Round *round, const ProgramFn *fn)
{
    round->results[fn->id] = flow_run(&round->context, fn, round->arena, round->scratch);
    round->stats->nstep += round->results[fn->id].nstep_used;
}

static void summarise(Round *round)
{
    const Program *program = round->program;
    for (uint32_t i = 0; i < program->norder;) {
        uint32_t end = i;
        while (end < program->norder && program->scc[end] == program->scc[i])
            end++;
        bool cycle = end - i > 1 || program->order[i]->is_recursive;
        for (int turn = 0; turn < (cycle && end - i <= SMALL_CYCLE ? 2 : 1); turn++)
            for (uint32_t k = i; k < end; k++)
                run_fn(round, program->order[k]);
        i = end;
    }
}

/* Once more, for those that met a target through a pointer before it was summarised. */
static void summarise_indirect(Round *round)
{
    const Program *program = round->program;
    for (uint32_t i = 0; i < program->norder; i++)
        if (round->results[program->order[i]->id].is_early)
            run_fn(round, program->order[i]);
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
    round->context.watch = &watch;
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const ProgramFn *fn = program->fns.at[i];
        if (!round->results[fn->id].summary || !why_has_line(why, fn)) continue;
        FlowResult again = flow_run(&round->context, fn, round->arena, round->scratch);
        why_function(why, fn, &again, &watch);
    }
    round->context.watch = NULL;
    why_sort(why);
    *round->options->why = (WhyList){why->answers.at, why->answers.n};
}

static void judge(Round *round, Check *check, Why *why)
{
    const Program *program = round->program;
    for (uint32_t i = 0; i < program->norder; i++) {
        const FlowResult *result = &round->results[program->order[i]->id];
        beliefs_add(check->beliefs, result->evidence, result->nevidence);
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
    Round round = {.program = program,
                   .options = options,
                   .arena = arena,
                   .stats = stats,
                   .scratch = arena_new("flow")};
    round.results = ARENA_ARRAY(arena, FlowResult, program->fns.n + 1);
    round.context = (FlowContext){.program = program,
                                  .summary_of = summary_of,
                                  .data = &round,
                                  .is_shaken = options->is_shaken};
    double start = now();
    summarise(&round);
    summarise_indirect(&round);
    double middle = now();
    Check check = {
        .program = program, .arena = arena, .beliefs = beliefs_new(program, arena)};
    map_init(&check.by_cause, arena);
    Why why = {.check = &check,
               .summary_of = summary_of,
               .data = &round,
               .arena = arena,
               .path = options->why_path,
               .line = options->why_line};
    judge(&round, &check, &why);
    if (options->why_path) explain(&round, &why);
    findings->at = check.findings.at;
    findings->n = check.findings.n;
    arena_free(round.scratch);
    stats->seconds_summarise = middle - start;
    stats->seconds_judge = now() - middle;
}
