/*
 * ctx-cron-root-missing: A job that a clock starts calls out, and belongs to no trace at all.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_NO_ROOT);
    if (!fault) return;
    char callee[200];
    report_fault(check, context_tier(check, fault, TIER_C),
                 "'%s()' is where a job begins, and nothing starts a context for it: %s "
                 "sends without %s",
                 fault->given, context_callee(fault, callee, sizeof callee),
                 fault->missing);
}

const Rule rule_ctx_cron_root_missing = {
    .id = "ctx-cron-root-missing",
    .title = "a job that starts no trace",
    .advice = "Start a context where the job begins, and pass it on as one of a request.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_cron_root_missing,
    .cwe = "CWE-778",
    .judge = judge,
};
