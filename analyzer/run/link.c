/* From facts to findings: link the units, count what is in them, judge. */
#include <string.h>

#include "base/shake.h"
#include "ir/print.h"
#include "run/phases.h"

void run_note(Run *run, const char *path, RunNoteKind kind, const char *text)
{
    RunResult *result = run->result;
    RunNote *notes = ARENA_ARRAY(run->arena, RunNote, result->nnote + 1);
    if (result->nnote) memcpy(notes, result->notes, result->nnote * sizeof *notes);
    notes[result->nnote++] =
        (RunNote){.place = {.path = path}, .kind = kind, .text = text};
    result->notes = notes;
}

/* Why a unit is not wholly there: its first error, and how many more there are. */
static void note_unit(Run *run, const Unit *unit)
{
    RunStats *stats = &run->result->stats;
    RunNoteKind kind = unit->status == UNIT_FAILED ? RUN_FAILED : RUN_PARTIAL;
    stats->nfailed += kind == RUN_FAILED;
    stats->npartial += kind == RUN_PARTIAL;
    const Note *note = NULL;
    uint32_t n = 0;
    for (uint32_t i = 0; i < unit->nnote; i++) {
        if (unit->notes[i].kind == NOTE_ADAPTED) continue;
        if (!n++) note = &unit->notes[i];
    }
    if (!note) {
        run_note(run, unit->path->text, kind,
                 kind == RUN_FAILED ? "it could not be parsed"
                                    : "it was parsed with errors");
        return;
    }
    const Name *path = unit->path;
    if (note->loc.line && note->loc.file < unit->nfile)
        path = unit->files[note->loc.file];
    const char *text = note->text->text;
    if (path != unit->path)
        text = arena_printf(run->arena, "%s (in %s)", text, unit->path->text);
    if (n > 1)
        text = arena_printf(run->arena, "%s, and %u more error%s", text, n - 1,
                            n > 2 ? "s" : "");
    run_note(run, path->text, kind, text);
    Place *place = &run->result->notes[run->result->nnote - 1].place;
    place->line = note->loc.line;
    place->column = note->loc.column;
}

/* A whole project is compiled with one set of flags: one note for all that say the same. */
static void note_adapted(Run *run)
{
    Map counts; /* the text -> units */
    map_init(&counts, run->arena);
    VEC(const Unit *) firsts = {0};
    VEC(const Name *) texts = {0};
    for (uint32_t u = 0; u < run->facts.n; u++) {
        const Unit *unit = run->facts.at[u].unit;
        for (uint32_t i = 0; i < unit->nnote; i++) {
            if (unit->notes[i].kind != NOTE_ADAPTED) continue;
            bool is_new = false;
            ++*map_put(&counts, MAP_KEY(unit->notes[i].text), 0, &is_new);
            if (!is_new) continue;
            vec_push(run->arena, &firsts, unit);
            vec_push(run->arena, &texts, unit->notes[i].text);
        }
    }
    for (uint32_t i = 0; i < texts.n; i++) {
        uint32_t n = (uint32_t)*map_get(&counts, MAP_KEY(texts.at[i]));
        const char *text = texts.at[i]->text;
        if (n > 1)
            text = arena_printf(run->arena, "%s; also in %u other translation unit%s",
                                text, n - 1, n > 2 ? "s" : "");
        run_note(run, firsts.at[i]->path->text, RUN_ADAPTED, text);
    }
}

/* Another library's function may have a name that a built-in model knows; who writes a model means
 * this one. */
static void note_models(Run *run)
{
    for (uint32_t i = 0; i < run->models.loaded.n; i++) {
        const ModelPlace *place = &run->models.loaded.at[i];
        const Name *name = place->summary->link_name;
        const ProgramFn *fn = program_find(run->program, name);
        if (!fn || fn->model || fn->fn->flags & FN_STATIC) continue;
        const Name *file = fn->unit->path;
        if (fn->fn->loc.line && fn->fn->loc.file < fn->unit->nfile)
            file = fn->unit->files[fn->fn->loc.file];
        const char *why = model_misfit(place->summary, fn->fn, run->arena);
        if (!why) continue;
        const char *path = path_join(run->arena, run->options->directory, place->file);
        run_note(run, path_below(run->arena, run->root, path), RUN_MODEL,
                 arena_printf(run->arena,
                              "the model of '%s' %s (%s:%u): it is left out until the "
                              "two agree",
                              name->text, why, file->text, fn->fn->loc.line));
        Place *at = &run->result->notes[run->result->nnote - 1].place;
        at->line = place->line;
        at->column = place->column;
    }
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
        Unit *unit = run->facts.at[i].unit;
        units[shaken(i, run->facts.n)] = unit;
        stats->lines += unit->nline;
        if (unit->status != UNIT_COMPLETE) note_unit(run, unit);
    }
    note_adapted(run);
    run->program =
        program_link(units, run->facts.n, &run->models, run->names, run->arena);
    note_models(run);
    /* A later round of a session is asked for its findings alone. */
    if (run->memo)
        stats->nfn = run->program->norder;
    else
        for (uint32_t i = 0; i < run->program->norder; i++)
            count_fn(run, run->program->order[i]);
    progress_clear(run->progress);
    stats->seconds_link += clock_seconds() - start;
}

static void tick(void *data, uint32_t done, const ProgramFn *fn)
{
    progress_show(data, done, fn->fn->name->text);
}

static void look(void *data, const ProgramFn *fn, const FlowResult *result)
{
    Run *run = data;
    if (run->options->wants_contracts || run->is_session) run_see(run, fn, result);
    if (run->options->fixes) run_reached(run, fn, result);
}

void phase_judge(Run *run)
{
    RunStats *stats = &run->result->stats;
    RunDump wanted = run->options->dump;
    CheckOptions options = {.contexts = &run->context,
                            .rules = run->options->rules,
                            .nrule = run->options->nrule,
                            .dump_summaries = wanted == DUMP_SUMMARY ? &run->dump : NULL,
                            .dump_candidates =
                                wanted == DUMP_CANDIDATES ? &run->dump : NULL,
                            .dump_beliefs = wanted == DUMP_BELIEFS ? &run->dump : NULL,

                            .see = look,
                            .remember = run->memory,
                            .recalled = run->recalled,
                            .see_data = run,
                            .tick = tick,
                            .tick_data = run->progress,
                            .told = run->options->wants_contracts ? run_told : NULL,
                            .why_path = run->why_path,
                            .why_line = run->options->why_line,
                            .why = &run->result->why,
                            .memo = phase_memo(run)};
    CheckStats figures = {0};
    if (run->options->fixes) map_init(&run->reached, run->arena);
    progress_start(run->progress, "analysing", run->program->norder);
    check_program(run->program, &options, run->arena, &run->result->findings, &figures);
    phase_memo_keep(run, options.memo);
    finding_sort(&run->result->findings);
    progress_clear(run->progress);
    stats->nexhausted = figures.nexhausted;
    stats->nunsettled = figures.nunsettled;
    stats->nrun = figures.nrun;
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
