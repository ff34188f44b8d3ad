/*
 * ctx-ambient-not-cleared: Some ways out restore the ambient slot, this one leaves the request in it.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_NOT_CLEARED);
    if (!fault) return;
    Tier tier = context_tier(check, fault, TIER_B);
    report_fault(check, tier,
                 "'%s' still holds this request's context on this way out, and is put "
                 "back on others: the next request on this thread inherits it",
                 fault->context);
}

const Rule rule_ctx_ambient_not_cleared = {
    .id = "ctx-ambient-not-cleared",
    .title = "an ambient context left behind",
    .advice = "Restore the ambient variable on every way out.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_ambient_not_cleared,
    .cwe = "CWE-488",
    .judge = judge,
};
