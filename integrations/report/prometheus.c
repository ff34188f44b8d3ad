/*
 * Figures for a dashboard, in Prometheus' text format: for the textfile collector or a push
 * gateway. When the run took place is not in it: the collector knows the file's time.
 */
#include <inttypes.h>
#include <string.h>

#include "finding/suppress.h"
#include "formats.h"

enum { STATES = 4, MOST_RULES = 256 };

static const char *const states[STATES] = {"open", "new", "known", "suppressed"};

typedef struct Counts {
    uint64_t n[MOST_RULES][TIER_C + 1][STATES];
} Counts;

static const char *rule_id(const ReportInput *input, uint32_t i)
{
    if (i < input->nrule) return input->rules[i].id;
    return i == input->nrule ? SUPPRESS_UNUSED : SUPPRESS_NO_REASON;
}

static void count(const ReportInput *input, const FindingList *list, uint32_t nrule,
                  Counts *counts)
{
    for (uint32_t i = 0; list && i < list->n; i++) {
        const Finding *finding = &list->at[i];
        uint32_t state = finding->suppressed ? 3 : (uint32_t)finding->age, rule = 0;
        while (rule < nrule && strcmp(rule_id(input, rule), finding->rule_id) != 0)
            rule++;
        if (rule < nrule && !finding->is_hidden) counts->n[rule][finding->tier][state]++;
    }
}

static void put_head(Buf *out, const char *name, const char *help)
{
    buf_printf(out, "# HELP sluice_%s %s\n# TYPE sluice_%s gauge\n", name, help, name);
}

static void put_findings(const ReportInput *input, Arena *scratch, Buf *out)
{
    Counts *counts = ARENA_NEW(scratch, Counts);
    uint32_t nrule = input->nrule + 2 < MOST_RULES ? input->nrule + 2 : MOST_RULES;
    count(input, input->findings, nrule, counts);
    count(input, input->remarks, nrule, counts);
    put_head(out, "findings", "Findings by rule, level and state.");
    for (uint32_t rule = 0; rule < nrule; rule++)
        for (Tier tier = TIER_A; tier <= TIER_C; tier++)
            for (uint32_t state = 0; state < STATES; state++)
                if (counts->n[rule][tier][state])
                    buf_printf(out,
                               "sluice_findings{rule=\"%s\",level=\"%s\",state=\"%s\"} "
                               "%" PRIu64 "\n",
                               rule_id(input, rule), report_level(tier), states[state],
                               counts->n[rule][tier][state]);
    put_head(out, "blocking_findings", "Findings that fail the gate.");
    buf_printf(out, "sluice_blocking_findings %" PRIu32 "\n",
               report_count_blocking(input));
}

static void put_stats(const RunStats *stats, const ReportOptions *options, Buf *out)
{
    uint32_t lost = stats->nfailed + stats->npartial;
    put_head(out, "units", "Translation units by what became of them.");
    buf_printf(out,
               "sluice_units{state=\"analysed\"} %" PRIu32
               "\nsluice_units{state=\"partial\"} %" PRIu32
               "\nsluice_units{state=\"failed\"} %" PRIu32 "\n",
               stats->ntu > lost ? stats->ntu - lost : 0, stats->npartial,
               stats->nfailed);
    put_head(out, "functions", "Functions that were analysed.");
    buf_printf(out, "sluice_functions %" PRIu32 "\n", stats->nfn);
    put_head(out, "lines", "Lines that were analysed.");
    buf_printf(out, "sluice_lines %" PRIu64 "\n", stats->lines);
    if (!options->verbose) return;
    put_head(out, "run_duration_seconds", "How long the run took.");
    buf_printf(out, "sluice_run_duration_seconds %.3f\n", stats->seconds);
    put_head(out, "run_cpu_seconds", "Processor time of the run.");
    buf_printf(out, "sluice_run_cpu_seconds %.3f\n", stats->cpu_seconds);
}

static void prometheus_write(const ReportInput *input, const ReportOptions *options,
                             Buf *out)
{
    Arena *scratch = arena_new("report");
    put_findings(input, scratch, out);
    put_head(out, "coverage_ratio", "Share of the program that was analysed.");
    buf_printf(out, "sluice_coverage_ratio %.6f\n", input->coverage / 100);
    put_head(out, "complete", "1 when the whole program was analysed.");
    buf_printf(out, "sluice_complete %d\n", !input->is_incomplete);
    put_head(out, "info", "The version that ran.");
    buf_printf(out, "sluice_info{version=\"%s\"} 1\n", SLUICE_VERSION);
    if (input->stats) put_stats(input->stats, options, out);
    arena_free(scratch);
}

const Reporter reporter_prometheus = {
    .id = "prometheus",
    .summary = "figures in Prometheus' text format",
    .write = prometheus_write,
};
