/* What comes out: the report, the figures, the verdict and the exit status. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"
#include "rules/rules.h"

const Option *output_options(const Option *own, Output *output, Arena *arena)
{
    const Option rows[] = {
        {"--format", 'f', OPTION_TEXT, "FORMAT",
         "text (the default), sarif, json, github", &output->format},
        {"--output", 'o', OPTION_TEXT, "FILE", "instead of standard output",
         &output->file},
        {"--fail-on", 0, OPTION_TEXT, "TIER",
         "weakest tier that fails the gate: A (the default), B, C, none",
         &output->fail_on},
        {"--tier", 0, OPTION_TEXT, "TIER", "weakest tier shown: A, B (the default), C",
         &output->tier},
        {"--show-suppressed", 0, OPTION_FLAG, "", "show suppressed findings as well",
         &output->show_suppressed},
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

static bool is_one_of(const char *text, const char *letters)
{
    return strlen(text) == 1 && strchr(letters, text[0]);
}

bool output_check(const Output *output, Err *err)
{
    if (output->format && !reporter_find(output->format)) {
        const char *names[32];
        uint32_t n = 0;
        while (reporters[n] && n < 32) {
            names[n] = reporters[n]->id;
            n++;
        }
        const char *near = args_nearest(output->format, names, n);
        return err_set(err, ERR_USAGE, "no format '%s'%s%s%s", output->format,
                       near ? ": did you mean " : "", near ? near : "",
                       near ? "?" : "; --help lists them");
    }
    if (output->fail_on && strcmp(output->fail_on, "none") != 0 &&
        !is_one_of(output->fail_on, "ABC"))
        return err_set(err, ERR_USAGE, "--fail-on takes A, B, C or none, not '%s'",
                       output->fail_on);
    if (output->tier && !is_one_of(output->tier, "ABC"))
        return err_set(err, ERR_USAGE, "--tier takes A, B or C, not '%s'", output->tier);
    return true;
}

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

/* The weakest tier that fails the gate; 0: none does. */
static Tier gate_of(const Output *output)
{
    if (!output->fail_on) return TIER_A;
    return strcmp(output->fail_on, "none") != 0 ? (Tier)(output->fail_on[0] - 'A' + 1)
                                                : (Tier)0;
}

static uint32_t count_blocking(const Output *output, const RunResult *result)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < result->findings.n; i++) {
        const Finding *finding = &result->findings.at[i];
        n += !finding->suppressed && finding->tier <= gate_of(output);
    }
    return n;
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
    fprintf(stderr, "peak memory        %" PRIu64 " MB, largest worker %" PRIu64 " MB\n",
            stats->peak_kb / 1024, stats->peak_worker_kb / 1024);
}

static int put_report(const Output *output, const Buf *text)
{
    if (!output->file || !strcmp(output->file, "-")) return print_out(text);
    Err err = {0};
    return file_write(output->file, text->at, text->n, &err) ? 0 : fail(&err);
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
        if (note->kind == RUN_ADAPTED) continue;
        fprintf(stderr, "sluice: %s:%u: %s\n", note->place.path, note->place.line,
                note->text);
    }
    say_incomplete(result, "");
    return EXIT_INCOMPLETE;
}

/* The last line: why the status is not 0. */
static int verdict(const Output *output, const RunResult *result)
{
    uint32_t n = count_blocking(output, result);
    if (result->is_incomplete) {
        char more[40];
        snprintf(more, sizeof more, "; %" PRIu32 " findings block", n);
        say_incomplete(result, more);
        return EXIT_INCOMPLETE;
    }
    if (!n) return EXIT_PASSED;
    fprintf(stderr, "sluice: the gate fails: %" PRIu32 " finding%s of tier %s\n", n,
            n == 1 ? "" : "s",
            gate_of(output) == TIER_A   ? "A"
            : gate_of(output) == TIER_B ? "A or B"
                                        : "A, B or C");
    return EXIT_GATE;
}

int output_write(const Output *output, const RunResult *result, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    if (result->dump) {
        buf_put(&out, result->dump, result->dump_len);
    } else {
        const Reporter *reporter =
            reporter_find(output->format ? output->format : reporters[0]->id);
        bool on_screen = !output->file && isatty(STDOUT_FILENO);
        ReportInput input = {.findings = &result->findings,
                             .remarks = &result->remarks,
                             .rules = report_rules(arena),
                             .nrule = (uint32_t)all_rules_count,
                             .notes = result->notes,
                             .nnote = result->nnote,
                             .stats = &result->stats,
                             .is_incomplete = result->is_incomplete};
        ReportOptions options = {.root = result->root,
                                 .color = on_screen && !getenv("NO_COLOR"),
                                 .least = output->tier ? (Tier)(output->tier[0] - 'A' + 1)
                                                       : TIER_B,
                                 .verbose = output->verbose,
                                 .show_suppressed = output->show_suppressed};
        reporter->write(&input, &options, &out);
    }
    int written = put_report(output, &out);
    if (output->stats) print_stats(&result->stats);
    int status = verdict(output, result);
    return written ? written : status;
}
