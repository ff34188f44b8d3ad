/* From facts to findings: link the units, count what is in them, judge. */
#include <string.h>

#include "contract/infer.h"
#include "ir/print.h"
#include "run/phases.h"

void run_note(Run *run, const char *path, bool failed, const char *text)
{
    RunResult *result = run->result;
    RunNote *notes = ARENA_ARRAY(run->arena, RunNote, result->nnote + 1);
    if (result->nnote) memcpy(notes, result->notes, result->nnote * sizeof *notes);
    notes[result->nnote++] =
        (RunNote){.place = {.path = path}, .failed = failed, .text = text};
    result->notes = notes;
}

/* Why a unit is not wholly there: its first error, and how many more there are. */
static void note_unit(Run *run, const Unit *unit)
{
    RunStats *stats = &run->result->stats;
    bool failed = unit->status == UNIT_FAILED;
    stats->nfailed += failed;
    stats->npartial += !failed;
    if (!unit->nnote) {
        run_note(run, unit->path->text, failed,
                 failed ? "it could not be parsed" : "it was parsed with errors");
        return;
    }
    const Note *note = &unit->notes[0];
    const Name *path = unit->path;
    if (note->loc.line && note->loc.file < unit->nfile)
        path = unit->files[note->loc.file];
    const char *text = note->text->text;
    if (path != unit->path)
        text = arena_printf(run->arena, "%s (in %s)", text, unit->path->text);
    if (unit->nnote > 1)
        text = arena_printf(run->arena, "%s, and %u more error%s", text, unit->nnote - 1,
                            unit->nnote > 2 ? "s" : "");
    run_note(run, path->text, failed, text);
    Place *place = &run->result->notes[run->result->nnote - 1].place;
    place->line = note->loc.line;
    place->column = note->loc.column;
}

static void count_call(Run *run, const ProgramFn *fn, uint32_t block, uint32_t at)
{
    RunStats *stats = &run->result->stats;
    const Ins *ins = &fn->fn->body->blocks[block].ins[at];
    stats->ncall++;
    if (ins->fn) {
        const ProgramFn *callee = program_fn(run->program, fn->unit, ins->fn);
        stats->nunresolved += !callee->fn->body && !callee->model;
    } else {
        stats->nunresolved +=
            program_targets(run->program, fn->unit, fn->fn, block, at).n == 0;
    }
}

static void count_fn(Run *run, const ProgramFn *fn)
{
    RunStats *stats = &run->result->stats;
    const Body *body = fn->fn->body;
    stats->nfn++;
    stats->ndegraded += body->degraded;
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        stats->nins += block->nins;
        for (uint32_t i = 0; i < block->nins; i++) {
            stats->nopaque += block->ins[i].op == OP_OPAQUE;
            if (block->ins[i].op == OP_CALL) count_call(run, fn, b, i);
        }
    }
}

void phase_link(Run *run)
{
    double start = clock_seconds();
    RunStats *stats = &run->result->stats;
    progress_start(run->progress, "linking", 0);
    Unit **units = ARENA_ARRAY(run->arena, Unit *, run->facts.n);
    stats->ntu = run->facts.n;
    for (uint32_t i = 0; i < run->facts.n; i++) {
        units[i] = run->facts.at[i].unit;
        stats->lines += units[i]->nline;
        if (units[i]->status != UNIT_COMPLETE) note_unit(run, units[i]);
    }
    run->program =
        program_link(units, run->facts.n, &run->models, run->names, run->arena);
    for (uint32_t i = 0; i < run->program->norder; i++)
        count_fn(run, run->program->order[i]);
    progress_clear(run->progress);
    stats->seconds_link += clock_seconds() - start;
}

static void see(void *data, const ProgramFn *fn, const FlowResult *result)
{
    Run *run = data;
    vec_push(run->arena, &run->seen, ((RunSeen){fn, result}));
}

void phase_contracts(Run *run)
{
    if (!run->options->wants_contracts) return;
    Records *records = records_new(run->program, run->arena);
    ContractList *list = &run->result->contracts;
    list->at = ARENA_ARRAY(run->arena, Contract, run->seen.n);
    for (uint32_t i = 0; i < run->seen.n; i++) {
        RunSeen seen = run->seen.at[i];
        Contract contract = contract_infer(records, seen.fn, seen.result, run->arena);
        if (run_wants(run, contract.place.path)) list->at[list->n++] = contract;
    }
    contract_sort(list);
}

void phase_judge(Run *run)
{
    RunStats *stats = &run->result->stats;
    RunDump wanted = run->options->dump;
    CheckOptions options = {.rules = run->options->rules,
                            .nrule = run->options->nrule,
                            .dump_summaries = wanted == DUMP_SUMMARY ? &run->dump : NULL,
                            .dump_candidates =
                                wanted == DUMP_CANDIDATES ? &run->dump : NULL,
                            .see = run->options->wants_contracts ? see : NULL,
                            .see_data = run};
    CheckStats figures = {0};
    progress_start(run->progress, "analysing", 0);
    check_program(run->program, &options, run->arena, &run->result->findings, &figures);
    finding_sort(&run->result->findings, run->arena);
    progress_clear(run->progress);
    stats->nexhausted = figures.nexhausted;
    stats->seconds_summarise = figures.seconds_summarise;
    stats->seconds_judge = figures.seconds_judge;
}

void phase_dump(Run *run)
{
    Buf *out = &run->dump;
    if (run->options->dump == DUMP_IR)
        for (uint32_t i = 0; i < run->facts.n; i++)
            ir_print_unit(out, run->facts.at[i].unit);
    run->result->dump = out->at;
    run->result->dump_len = out->n;
}
