/* sluice baseline: which findings a team has accepted, in a file that is committed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli.h"
#include "gate.h"
#include "integrations/report/json.h"

static const char usage[] = "sluice baseline update|prune|show [OPTION]... [-- CC ARGS]";
static const char more[] =
    "\nupdate  analyses the project and writes down every finding that nothing "
    "suppresses:\n"
    "        `sluice check` lets them pass from then on, wherever they move\n"
    "prune   analyses the project and forgets what is no longer found; adds nothing\n"
    "show    what is written down; analyses nothing\n"
    "\nCommit the file. It is .sluice-baseline.json beside .sluice.yaml, or at the top "
    "of\n"
    "the repository.\n";

typedef struct Wish {
    Project project;
    const char *file;
    bool as_json, verbose;
} Wish;

static int put_file(const Wish *wish, const BaselineFile *file, Arena *arena)
{
    Buf out;
    Err err = {0};
    buf_init(&out, arena);
    baseline_write(file, &out);
    return file_write(wish->file, out.at, out.n, &err) ? 0 : fail(&err);
}

/* Findings that were not looked for must not be forgotten. */
static int fail_incomplete(const RunResult *result, const Wish *wish)
{
    int status = output_complete(result);
    fprintf(stderr,
            "sluice: %s is left as it is: what was not analysed would be missing in it "
            "(sluice doctor helps; --allow-partial accepts files with errors)\n",
            wish->file);
    return status;
}

/* How many are in `a` and not in `b`. */
static uint32_t count_more(const RunResult *result, KnownList *known, bool wants_new)
{
    uint32_t n = 0;
    baseline_apply(&result->findings, known, NULL, 0);
    for (uint32_t i = 0; wants_new && i < result->findings.n; i++)
        n += result->findings.at[i].age == AGE_NEW && !result->findings.at[i].suppressed;
    for (uint32_t i = 0; !wants_new && i < known->n; i++)
        n += !known->at[i].is_met;
    return n;
}

static int update(Wish *wish, BaselineFile *old, const RunResult *result, Arena *arena)
{
    uint32_t added = count_more(result, &old->known, true), gone = 0;
    for (uint32_t i = 0; i < old->known.n; i++)
        gone += !old->known.at[i].is_met;
    BaselineFile file = {.known = baseline_of(&result->findings, arena),
                         .units = result->stats.ntu,
                         .coverage = gate_coverage(&result->stats)};
    int status = put_file(wish, &file, arena);
    if (!status)
        printf("%s: %" PRIu32 " finding%s accepted (%" PRIu32 " added, %" PRIu32
               " gone), %.2f %% of %" PRIu32 " translation unit%s analysed\n",
               wish->file, file.known.n, file.known.n == 1 ? "" : "s", added, gone,
               file.coverage, file.units, file.units == 1 ? "" : "s");
    return status;
}

static int prune(Wish *wish, BaselineFile *old, const RunResult *result, Arena *arena)
{
    uint32_t gone = count_more(result, &old->known, false), kept = 0;
    for (uint32_t i = 0; i < old->known.n; i++)
        if (old->known.at[i].is_met) old->known.at[kept++] = old->known.at[i];
    old->known.n = kept;
    old->units = result->stats.ntu;
    old->coverage = gate_coverage(&result->stats);
    int status = put_file(wish, old, arena);
    if (!status)
        printf("%s: %" PRIu32 " of %" PRIu32 " findings gone, %" PRIu32 " kept\n",
               wish->file, gone, gone + kept, kept);
    return status;
}

static int show(const Wish *wish, const BaselineFile *file, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    if (wish->as_json) {
        baseline_write(file, &out);
        return print_out(&out);
    }
    for (uint32_t i = 0; i < file->known.n; i++) {
        const Known *known = &file->known.at[i];
        buf_printf(&out, "%s: [%s]%s%s\n", known->path, known->rule_id,
                   *known->function ? " in " : "", known->function);
    }
    buf_printf(&out, "%" PRIu32 " finding%s accepted", file->known.n,
               file->known.n == 1 ? "" : "s");
    if (file->units)
        buf_printf(&out, ", when %.2f %% of %" PRIu32 " translation units were analysed",
                   file->coverage, file->units);
    buf_text(&out, "\n");
    return print_out(&out);
}

static int analyse(Wish *wish, bool is_update, Arena *arena)
{
    Err err = {0};
    RunResult result;
    BaselineFile old = {.units = 0};
    bool exists = file_exists(wish->file);
    if ((exists || !is_update) && !baseline_read(wish->file, arena, &old, &err))
        return fail(&err);
    options_progress(&wish->project.run, wish->verbose);
    if (!run_check(&wish->project.run, arena, &result, &err)) return fail(&err);
    if (result.is_incomplete) return fail_incomplete(&result, wish);
    return is_update ? update(wish, &old, &result, arena)
                     : prune(wish, &old, &result, arena);
}

static int baseline(const Texts *words, Arena *arena)
{
    Wish wish = {0};
    Args args;
    Err err = {0};
    const Option own[] = {
        {"--baseline", 0, OPTION_TEXT, "FILE", "default: .sluice-baseline.json",
         &wish.file},
        {"--json", 0, OPTION_FLAG, "", "show: the file itself, sorted", &wish.as_json},
        {"--verbose", 'v', OPTION_FLAG, "", "what is being done, on standard error",
         &wish.verbose},
        {0}};
    const Option *options = project_options(own, &wish.project, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    const char *what = args.words.n == 1 ? args.words.at[0] : "";
    bool is_update = !strcmp(what, "update"), is_show = !strcmp(what, "show");
    if (!is_update && !is_show && strcmp(what, "prune") != 0) {
        err_set(&err, ERR_USAGE, "usage: %s", usage);
        return fail(&err);
    }
    if (!project_prepare(&wish.project, &args, arena, &err)) return fail(&err);
    if (!wish.file)
        wish.file =
            project_baseline(&wish.project.config, wish.project.run.directory, arena);
    if (!is_show) return analyse(&wish, is_update, arena);
    BaselineFile file;
    if (!baseline_read(wish.file, arena, &file, &err)) return fail(&err);
    return show(&wish, &file, arena);
}

const Verb verb_baseline = {"baseline", "accepted findings: update, prune or show them",
                            baseline};
