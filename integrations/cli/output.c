/* What comes out: the report, the figures, the verdict and the exit status. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"
#include "gate.h"
#include "rules/rules.h"

const Option *output_options(const Option *own, Output *output, Arena *arena)
{
    const Option rows[] = {
        {"--format", 'f', OPTION_TEXT, "FORMAT",
         "text (the default) or one of those below; others with \",FORMAT=FILE\"",
         &output->format},
        {"--output", 'o', OPTION_TEXT, "FILE", "instead of standard output",
         &output->file},
        {"--fail-on", 0, OPTION_TEXT, "TIER",
         "weakest tier that fails the gate: A (the default), B, C, none",
         &output->fail_on},
        {"--exit-code", 0, OPTION_NUMBER, "N", "when the gate fails, instead of 1",
         &output->exit_code},
        {"--tier", 0, OPTION_TEXT, "TIER", "weakest tier shown: A, B (the default), C",
         &output->tier},
        {"--baseline", 0, OPTION_TEXT, "FILE",
         "accepted findings; default: .sluice-baseline.json of the project",
         &output->baseline},
        {"--no-baseline", 0, OPTION_FLAG, "", "every finding counts",
         &output->no_baseline},
        {"--diff", 0, OPTION_TEXT, "FILE",
         "only findings whose path touches this unified diff count; - is standard input",
         &output->diff},
        {"--min-coverage", 0, OPTION_TEXT, "PERCENT",
         "less of the program analysed makes the run incomplete", &output->coverage},
        {"--show-known", 0, OPTION_FLAG, "", "show findings that do not count as well",
         &output->show_known},
        {"--show-suppressed", 0, OPTION_FLAG, "", "show suppressed findings as well",
         &output->show_suppressed},
        {"--category", 0, OPTION_TEXT, "NAME",
         "SARIF: tells uploads of one commit apart; default: default", &output->category},
        {"--fixes", 0, OPTION_FLAG, "",
         "look for obvious repairs, each of them tried, for sarif, html and rdjsonl",
         &output->fixes},
        {"--stats", 0, OPTION_FLAG, "", "figures of the run, on standard error",
         &output->stats},
        {"--verbose", 'v', OPTION_FLAG, "", "what is being done, and why a finding ranks",
         &output->verbose}};
    VEC(Option) all = {0};
    while (own->name)
        vec_push(arena, &all, *own++);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        vec_push(arena, &all, rows[i]);
    vec_push(arena, &all, (Option){0});
    return all.at;
}

const char *output_help(const char *more, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_printf(&out, "%s\nFormats, e.g. --format text,sarif=a.sarif,markdown=b.md:\n",
               more);
    for (const Reporter *const *at = reporters; *at; at++)
        buf_printf(&out, "  %-12s %s\n", (*at)->id, (*at)->summary);
    return out.at;
}

/* --- before the run ----------------------------------------------------------------------- */

static bool fail_format(const char *word, Err *err)
{
    const char *names[32];
    uint32_t n = 0;
    while (reporters[n] && n < 32) {
        names[n] = reporters[n]->id;
        n++;
    }
    const char *near = args_nearest(word, names, n);
    return err_set(err, ERR_USAGE, "no format '%s'%s%s%s", word,
                   near ? ": did you mean " : "", near ? near : "",
                   near ? "?" : "; --help lists them");
}

/* "text,sarif=a.sarif,markdown=b.md": each but one names its file. */
static bool read_formats(Output *output, Arena *arena, Err *err)
{
    bool has_plain = false;
    const char *at = output->format ? output->format : reporters[0]->id;
    for (;; at++) {
        size_t len = strcspn(at, ",");
        char *word = arena_copy(arena, at, len), *equals = strchr(word, '=');
        if (equals) *equals = 0;
        Written item = {.reporter = reporter_find(word),
                        .file = equals ? equals + 1 : NULL};
        if (!item.reporter) return fail_format(word, err);
        if (equals && !equals[1])
            return err_set(err, ERR_USAGE, "--format %s= names no file", word);
        if (!equals && has_plain)
            return err_set(err, ERR_USAGE,
                           "--format: one format goes to the output, the others need a "
                           "file: %s=FILE",
                           word);
        if (!equals) item.file = output->file;
        has_plain |= !equals;
        vec_push(arena, &output->formats, item);
        at += len;
        if (!*at) break;
    }
    return !output->file || has_plain ||
           err_set(err, ERR_USAGE, "-o has no use: every format names its own file");
}

static bool is_tier(const char *text)
{
    return !strcmp(text, "none") || (strlen(text) == 1 && strchr("ABC", text[0]));
}

static bool check_words(Output *output, Err *err)
{
    if (output->fail_on && !is_tier(output->fail_on))
        return err_set(err, ERR_USAGE, "--fail-on takes A, B, C or none, not '%s'",
                       output->fail_on);
    if (output->tier && (!is_tier(output->tier) || output->tier[1]))
        return err_set(err, ERR_USAGE, "--tier takes A, B or C, not '%s'", output->tier);
    if (output->exit_code > 125)
        return err_set(err, ERR_USAGE, "--exit-code takes 1 to 125, not %" PRIu32,
                       output->exit_code);
    output->min_coverage = output->config->min_coverage;
    if (!output->coverage) return true;
    char *end;
    output->min_coverage = strtod(output->coverage, &end);
    return (output->coverage[0] >= '0' && output->coverage[0] <= '9' && !*end &&
            output->min_coverage <= 100) ||
           err_set(err, ERR_USAGE, "--min-coverage takes percent, 0 to 100, not '%s'",
                   output->coverage);
}

static bool read_standard_input(Arena *arena, Buf *text, Err *err)
{
    char part[4096];
    size_t n;
    buf_init(text, arena);
    buf_text(text, "");
    while ((n = fread(part, 1, sizeof part, stdin)) > 0)
        buf_put(text, part, n);
    return !ferror(stdin) || err_set(err, ERR_USAGE, "cannot read standard input");
}

static bool read_patch(Output *output, Arena *arena, Err *err)
{
    enum { PATCH_LIMIT = 1024 * 1024 * 1024 };
    FileText text;
    Buf given;
    output->has_patch = output->diff != NULL;
    if (!output->diff) return true;
    if (!strcmp(output->diff, "-")) {
        if (!read_standard_input(arena, &given, err)) return false;
        return patch_read(given.at, given.n, arena, &output->patch, err);
    }
    if (!file_read(output->diff, PATCH_LIMIT, arena, &text, err)) {
        if (err) err->kind = ERR_USAGE;
        return false;
    }
    return patch_read(text.at, text.len, arena, &output->patch, err) ||
           err_while(err, "%s", output->diff);
}

/* What a configuration or nobody names may not be there yet. */
static bool read_baseline(Output *output, const char *folder, Arena *arena, Err *err)
{
    if (output->no_baseline) {
        if (output->baseline)
            return err_set(err, ERR_USAGE,
                           "--baseline and --no-baseline: use one of them");
        return true;
    }
    bool is_asked = output->baseline != NULL;
    if (!is_asked) output->baseline = project_baseline(output->config, folder, arena);
    if (!is_asked && !file_exists(output->baseline)) {
        if (output->config->baseline)
            fprintf(stderr,
                    "sluice: there is no %s yet: every finding counts (sluice baseline "
                    "update accepts those of today)\n",
                    output->config->baseline);
        return true;
    }
    output->has_baseline = baseline_read(output->baseline, arena, &output->known, err);
    return output->has_baseline;
}

bool output_prepare(Output *output, const Config *config, const char *folder,
                    Arena *arena, Err *err)
{
    output->config = config;
    return read_formats(output, arena, err) && check_words(output, err) &&
           read_patch(output, arena, err) && read_baseline(output, folder, arena, err);
}

/* --- the report --------------------------------------------------------------------------- */

void options_fill(RunOptions *options)
{
    options->library = &all_models;
    options->contexts = &all_contexts;
    options->rules = all_rules;
    options->nrule = (uint32_t)all_rules_count;
}

void options_progress(RunOptions *options, bool verbose)
{
    options->verbose = verbose;
    options->progress = isatty(STDERR_FILENO) && !verbose;
}

static ReportRule *report_rules(Arena *arena)
{
    ReportRule *rules = ARENA_ARRAY(arena, ReportRule, all_rules_count);
    for (size_t i = 0; i < all_rules_count; i++) {
        const Rule *rule = all_rules[i];
        rules[i] = (ReportRule){.id = rule->id,
                                .title = rule->title,
                                .advice = rule->advice,
                                .page = rule->page,
                                .cwe = rule->cwe,
                                .since = rule->since};
    }
    return rules;
}

static void print_stats(const RunStats *stats)
{
    double opaque =
        stats->nins ? 100.0 * (double)stats->nopaque / (double)stats->nins : 0;
    fprintf(stderr,
            "translation units  %" PRIu32 " (%" PRIu32 " from the cache, %" PRIu32
            " failed, %" PRIu32 " partial, %" PRIu32 " entries skipped)\n",
            stats->ntu, stats->ncached, stats->nfailed, stats->npartial, stats->nskipped);
    fprintf(stderr,
            "functions          %" PRIu32 " (%" PRIu32 " out of budget, %" PRIu32
            " with errors), %" PRIu32 " runs (%" PRIu32 " not settled)\n",
            stats->nfn, stats->nexhausted, stats->ndegraded, stats->nrun,
            stats->nunsettled);
    fprintf(stderr,
            "instructions       %" PRIu64 " (%" PRIu64 " opaque, %.3f %%), %" PRIu64
            " lines\n",
            stats->nins, stats->nopaque, opaque, stats->lines);
    fprintf(stderr, "calls              %" PRIu64 " (%" PRIu64 " unresolved)\n",
            stats->ncall, stats->nunresolved);
    fprintf(stderr,
            "seconds            %.2f (extract %.2f, link %.2f, summarise %.2f, judge "
            "%.2f), CPU %.2f\n",
            stats->seconds, stats->seconds_extract, stats->seconds_link,
            stats->seconds_summarise, stats->seconds_judge, stats->cpu_seconds);
    if (stats->seconds_fix > 0)
        fprintf(stderr, "fixes              %.2f seconds\n", stats->seconds_fix);
    fprintf(stderr, "peak memory        %" PRIu64 " MB, largest worker %" PRIu64 " MB\n",
            stats->peak_kb / 1024, stats->peak_worker_kb / 1024);
}

static int put_report(const char *file, const Buf *text)
{
    if (!file || !strcmp(file, "-")) return print_out(text);
    Err err = {0};
    return file_write(file, text->at, text->n, &err) ? 0 : fail(&err);
}

static void say_incomplete(const RunResult *result, const char *more)
{
    const RunStats *stats = &result->stats;
    fprintf(stderr,
            "sluice: INCOMPLETE: %" PRIu32 " of %" PRIu32
            " translation units failed, %" PRIu32 " are partial, %" PRIu32
            " functions were analysed%s\n",
            stats->nfailed, stats->ntu, stats->npartial, stats->nfn, more);
}

int output_complete(const RunResult *result)
{
    if (!result->is_incomplete) return EXIT_PASSED;
    for (uint32_t i = 0; i < result->nnote; i++) {
        const RunNote *note = &result->notes[i];
        if (note->kind >= RUN_ADAPTED) continue;
        fprintf(stderr, "sluice: %s:%u: %s\n", note->place.path, note->place.line,
                note->text);
    }
    say_incomplete(result, "");
    return EXIT_INCOMPLETE;
}

/* --- the verdict -------------------------------------------------------------------------- */

static int tier_of(const char *text, int configured, Tier otherwise)
{
    if (text) return text[1] ? CONFIG_NONE : text[0] - 'A' + TIER_A;
    return configured != CONFIG_UNSET ? configured : (int)otherwise;
}

static Gate gate_of(const Output *output)
{
    const Config *config = output->config;
    return (Gate){.fail_on = tier_of(output->fail_on, config->fail_on, TIER_A),
                  .show = tier_of(output->tier, config->show, TIER_B),
                  .thresholds = config->thresholds,
                  .nthreshold = config->nthreshold,
                  .only_reports = output->fail_on && !strcmp(output->fail_on, "none")};
}

static void set_ages(const Output *output, const RunResult *result)
{
    if (output->has_patch) {
        patch_apply(&result->findings, &output->patch);
        patch_apply(&result->remarks, &output->patch);
    }
    if (output->has_baseline)
        baseline_apply(&result->findings, &output->known.known, NULL, 0);
}

/* After "--": what was accepted for the whole program says nothing of the part seen. */
static bool is_one_command(const RunResult *result)
{
    return !strcmp(result->origin, "--");
}

/* Less was looked at than somebody wanted, or than when the baseline was written. */
static bool is_covered(const Output *output, const RunResult *result)
{
    const double slack = 1.0;
    const RunStats *stats = &result->stats;
    const BaselineFile *then = &output->known;
    double percent = gate_coverage(stats);
    bool ok = true;
    if (output->min_coverage >= 0 && percent < output->min_coverage) {
        fprintf(stderr,
                "sluice: INCOMPLETE: %.2f %% of the program was analysed, and must be "
                "%.2f %% (--stats and the notes above say what is missing)\n",
                percent, output->min_coverage);
        ok = false;
    }
    if (!output->has_baseline || !then->units) return ok;
    if (!is_one_command(result) && percent < then->coverage - slack) {
        fprintf(
            stderr,
            "sluice: INCOMPLETE: %.2f %% of the program was analysed, but %.2f %% when "
            "the baseline was written (if that is right: sluice baseline update)\n",
            percent, then->coverage);
        ok = false;
    }
    if (!is_one_command(result) && stats->ntu < then->units - then->units / 10) {
        fprintf(stderr,
                "sluice: INCOMPLETE: the compile database has %" PRIu32
                " translation units, but had %" PRIu32
                " when the baseline was written (if that is right: sluice baseline "
                "update)\n",
                stats->ntu, then->units);
        ok = false;
    }
    return ok;
}

static void say_gone(const Output *output)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < output->known.known.n; i++)
        n += !output->known.known.at[i].is_met;
    if (n)
        fprintf(stderr,
                "sluice: %" PRIu32 " finding%s of the baseline %s gone: sluice baseline "
                "prune\n",
                n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
}

/* "of tier A or B", or of which rules when thresholds decided. */
static const char *which_tiers(const RunResult *result, Arena *arena)
{
    bool has[TIER_C + 1] = {0};
    for (uint32_t i = 0; i < result->findings.n; i++)
        if (result->findings.at[i].blocks) has[result->findings.at[i].tier] = true;
    for (uint32_t i = 0; i < result->remarks.n; i++)
        if (result->remarks.at[i].blocks) has[TIER_C] = true;
    const char *text = "", *lead = "";
    for (Tier tier = TIER_A; tier <= TIER_C; tier++)
        if (has[tier]) {
            text =
                arena_printf(arena, "%s%s%c", text, lead, 'A' + (int)tier - (int)TIER_A);
            lead = " or ";
        }
    return text;
}

/* The last line: why the status is not 0. */
static int verdict(const Output *output, const RunResult *result, uint32_t n,
                   Arena *arena)
{
    if (result->is_incomplete) {
        char more[40];
        snprintf(more, sizeof more, "; %" PRIu32 " findings block", n);
        say_incomplete(result, more);
    }
    if (!is_covered(output, result) || result->is_incomplete) return EXIT_INCOMPLETE;
    if (output->has_baseline && !result->is_narrowed && !is_one_command(result))
        say_gone(output);
    if (!n) return EXIT_PASSED;
    bool is_compared = result->base || output->has_patch || output->has_baseline;
    fprintf(stderr, "sluice: the gate fails: %" PRIu32 " %sfinding%s of tier %s\n", n,
            is_compared ? "new " : "", n == 1 ? "" : "s", which_tiers(result, arena));
    return output->exit_code ? (int)output->exit_code : EXIT_GATE;
}

/* GitHub shows what is appended there beside the log of the job. */
static int put_summary(const ReportInput *input, const ReportOptions *options,
                       Arena *arena)
{
    const char *file = getenv("GITHUB_STEP_SUMMARY");
    if (!file || !*file) return 0;
    Buf out;
    buf_init(&out, arena);
    reporter_find("markdown")->write(input, options, &out);
    FILE *to = fopen(file, "a");
    bool ok = to && fwrite(out.at, 1, out.n, to) == out.n;
    if (to && fclose(to) != 0) ok = false;
    Err err = {0};
    if (!ok) err_set(&err, ERR_IO, "cannot write the job's summary to %s", file);
    return ok ? 0 : fail(&err);
}

static int write_reports(const Output *output, const RunResult *result, const Gate *gate,
                         Arena *arena)
{
    int status = 0;
    ReportInput input = {.findings = &result->findings,
                         .remarks = &result->remarks,
                         .rules = report_rules(arena),
                         .nrule = (uint32_t)all_rules_count,
                         .notes = result->notes,
                         .nnote = result->nnote,
                         .stats = &result->stats,
                         .is_incomplete = result->is_incomplete,
                         .coverage = gate_coverage(&result->stats)};
    for (uint32_t i = 0; i < output->formats.n; i++) {
        const Written *item = &output->formats.at[i];
        bool on_screen = !item->file && isatty(STDOUT_FILENO);
        ReportOptions options = {.root = result->root,
                                 .color = on_screen && !getenv("NO_COLOR"),
                                 .least = (Tier)(gate->show ? gate->show : (int)TIER_A),
                                 .verbose = output->verbose,
                                 .is_quiet = output->is_quiet,
                                 .category = output->category,
                                 .show_known = output->show_known,
                                 .show_suppressed = output->show_suppressed};
        Buf out;
        buf_init(&out, arena);
        item->reporter->write(&input, &options, &out);
        int written = put_report(item->file, &out);
        if (!strcmp(item->reporter->id, "github") && !written)
            written = put_summary(&input, &options, arena);
        if (written) status = written;
    }
    return status;
}

Tier output_fixes(const Output *output)
{
    bool wanted = output->fix || output->fixes;
    return wanted ? (Tier)gate_of(output).show : (Tier)0;
}

int output_write(Output *output, RunResult *result, Arena *arena)
{
    Gate gate = gate_of(output);
    Err err = {0};
    FixedFiles files = {0};
    bool writes = output->fix && !*output->fix;
    set_ages(output, result);
    uint32_t n = gate_judge(&gate, result, arena);
    if (writes) {
        if (!fix_plan(result, output_fixes(output), arena, &files, &err))
            return fail(&err);
        n = gate_judge(&gate, result, arena);
    }
    int written;
    if (result->dump || (output->fix && !writes)) {
        Buf out;
        buf_init(&out, arena);
        if (result->dump)
            buf_put(&out, result->dump, result->dump_len);
        else
            fix_diff(result, output_fixes(output), &out);
        written = put_report(output->file, &out);
    } else {
        written = write_reports(output, result, &gate, arena);
    }
    if (writes && !fix_write(result, &files, arena, &err)) return fail(&err);
    if (output->stats) print_stats(&result->stats);
    int status = verdict(output, result, n, arena);
    return written ? written : status;
}
