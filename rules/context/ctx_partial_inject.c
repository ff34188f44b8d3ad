/*
 * ctx-partial-inject: Some required keys are on what goes out, others are not.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_PARTIAL);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_A);
    report_fault(
        check, tier, "%s sends %s, but not %s; the request's context%s (%s) is at hand",
        context_callee(fault, callee, sizeof callee), fault->present, fault->missing,
        context_text(fault->context, text, sizeof text), fault->came);
}

const Rule rule_ctx_partial_inject = {
    .id = "ctx-partial-inject",
    .title = "a request sent with a part of its context",
    .advice = "Put the missing keys on what is sent as well.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_partial_inject,
    .cwe = "CWE-778",
    .judge = judge,
};
