/*
 * ctx-no-deadline: What goes out was made here and no deadline was set on the way.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_NO_DEADLINE);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_B);
    report_fault(check, tier,
                 "%s sends without a deadline: it may wait long after the request%s (%s) "
                 "has timed out",
                 context_callee(fault, callee, sizeof callee),
                 context_text(fault->context, text, sizeof text), fault->came);
}

const Rule rule_ctx_no_deadline = {
    .id = "ctx-no-deadline",
    .title = "a request sent without a deadline",
    .advice = "Set a deadline from the time that the request has left.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_no_deadline,
    .cwe = "CWE-778",
    .judge = judge,
};
