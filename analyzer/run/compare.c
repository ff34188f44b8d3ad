/* Two versions of a program through the same phases, and what is promised differently. */
#include <string.h>

#include "run/past.h"

static bool is_at(Place a, Place b)
{
    return a.line == b.line && a.column == b.column && !strcmp(a.path, b.path);
}

static bool is_suppressed(const FindingList *list, const ContractTold *told)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const Finding *finding = &list->at[i];
        if (!finding->suppressed || strcmp(finding->rule_id, told->rule_id) != 0)
            continue;
        if (is_at(finding->place, told->place)) return true;
        for (uint32_t k = 0; k < finding->nrelated; k++)
            if (is_at(finding->related[k].place, told->place)) return true;
    }
    return false;
}

/* Comments that allow findings are told apart only in the list of findings. */
static void mark_suppressed(Run *run)
{
    const FindingList *list = &run->result->findings;
    for (uint32_t i = 0; i < run->result->contracts.n; i++) {
        Contract *contract = &run->result->contracts.at[i];
        for (uint32_t k = 0; k < contract->ntold; k++)
            contract->told[k].is_suppressed = is_suppressed(list, &contract->told[k]);
    }
}

static void add_past_notes(const Run *past, RunResult *result)
{
    RunNote *notes =
        ARENA_ARRAY(past->arena, RunNote, result->nnote + past->result->nnote);
    if (result->nnote) memcpy(notes, result->notes, result->nnote * sizeof *notes);
    for (uint32_t i = 0; i < past->result->nnote; i++) {
        RunNote note = past->result->notes[i];
        note.text = arena_printf(past->arena, "at the revision: %s", note.text);
        notes[result->nnote++] = note;
    }
    result->notes = notes;
    result->is_incomplete = true;
}

/* The program at the revision; `now` is at its end. */
static bool run_past(Run *past, const Run *now, const GitChanges *changes, Err *err)
{
    run_begin(past, now->options, now->arena, ARENA_NEW(now->arena, RunResult));
    if (!phase_models(past, err)) return false;
    if (!past_extract(past, now, changes, err)) return false;
    if (!phase_read(past, err)) return false;
    phase_link(past);
    phase_judge(past);
    phase_contracts(past);
    return true;
}

/* TUs that are not wholly there, and were parsed for the comparison alone. */
static bool is_past_whole(const Run *past, const Run *now)
{
    const RunStats *then = &past->result->stats, *stats = &now->result->stats;
    return then->nfailed <= stats->nfailed &&
           (then->npartial <= stats->npartial || now->options->allow_partial);
}

bool run_compare(const RunOptions *options, const char *revision, Arena *arena,
                 RunResult *result, ContractDiff *diff, Err *err)
{
    Run run, past;
    GitChanges changes;
    double start = clock_seconds();
    run_begin(&run, options, arena, result);
    if (!phase_commands(&run, err)) return false;
    if (!git_changes(path_real(arena, run.root), revision, arena, &changes, err))
        return false;
    if (!phase_models(&run, err)) return false;
    if (!phase_extract(&run, err)) return false;
    if (!phase_read(&run, err)) return false;
    phase_link(&run);
    phase_judge(&run);
    phase_contracts(&run);
    phase_finish(&run);
    if (!run_past(&past, &run, &changes, err)) return false;
    uint32_t nmove;
    const ContractMove *moves = past_moves(&run, &changes, &nmove);
    mark_suppressed(&run);
    *diff =
        contract_diff(&past.result->contracts, &result->contracts, moves, nmove, arena);
    if (!is_past_whole(&past, &run)) add_past_notes(&past, result);
    run_end(&run, start);
    return true;
}
