/* The gate: which findings block, by tier, rule, path and number. */
#include "gate.h"

#include <stdlib.h>

/* What counts for one finding. */
typedef struct Rate {
    int fail_on, show;
    uint32_t by; /* 1 + the threshold whose `max` holds; 0: none */
} Rate;

static Rate rate_of(const Gate *gate, const Finding *finding, bool is_remark)
{
    Rate rate = {.fail_on = is_remark ? CONFIG_NONE : gate->fail_on,
                 .show = is_remark ? (int)TIER_C : gate->show};
    for (uint32_t i = 0; i < gate->nthreshold; i++) {
        const Threshold *threshold = &gate->thresholds[i];
        const char *path = finding->place.path ? finding->place.path : "";
        if (threshold->rule && !config_fits_rule(threshold->rule, finding->rule_id))
            continue;
        if (threshold->path && !config_fits_path(threshold->path, path)) continue;
        bool is_meant =
            !is_remark || threshold->rule || threshold->fail_on == CONFIG_NONE;
        if (threshold->fail_on != CONFIG_UNSET && is_meant)
            rate.fail_on = threshold->fail_on;
        if (threshold->show != CONFIG_UNSET && (is_meant || !threshold->show))
            rate.show = threshold->show;
        if (threshold->max >= 0) rate.by = i + 1;
    }
    return rate;
}

typedef struct Work {
    const Gate *gate;
    uint32_t *counts; /* of blocking findings by threshold */
} Work;

static void judge(const Work *work, const FindingList *list, bool are_remarks)
{
    for (uint32_t i = 0; i < list->n; i++) {
        Finding *finding = &list->at[i];
        Rate rate = rate_of(work->gate, finding, are_remarks);
        finding->blocks = !work->gate->only_reports && !finding->suppressed &&
                          finding->age != AGE_KNOWN && (int)finding->tier <= rate.fail_on;
        /* What blocks is shown: nobody can mend what is hidden. */
        finding->is_hidden = !finding->blocks && (int)finding->tier > rate.show;
        if (finding->blocks) work->counts[rate.by]++;
    }
}

/* Those that their threshold lets through. */
static uint32_t let_through(const Work *work, const FindingList *list, bool are_remarks)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        Finding *finding = &list->at[i];
        Rate rate = rate_of(work->gate, finding, are_remarks);
        if (finding->blocks && rate.by &&
            work->counts[rate.by] <= work->gate->thresholds[rate.by - 1].max)
            finding->blocks = false;
        n += finding->blocks;
    }
    return n;
}

uint32_t gate_judge(const Gate *gate, const RunResult *result, Arena *arena)
{
    Work work = {gate, ARENA_ARRAY(arena, uint32_t, gate->nthreshold + 1)};
    judge(&work, &result->findings, false);
    judge(&work, &result->remarks, true);
    return let_through(&work, &result->findings, false) +
           let_through(&work, &result->remarks, true);
}

double gate_coverage(const RunStats *stats)
{
    if (!stats->ntu || !stats->nfn) return 0;
    uint32_t whole = stats->ntu - stats->nfailed - stats->npartial;
    uint32_t lost = stats->nexhausted + stats->ndegraded;
    if (lost > stats->nfn) lost = stats->nfn;
    return 100.0 * whole / stats->ntu * (stats->nfn - lost) / stats->nfn;
}
