/*
 * ctx-retry-budget: Several tries, and each gets the time that was left before the first.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_RETRY);
    if (!fault) return;
    char callee[200], text[200];
    report_fault(
        check, context_tier(check, fault, TIER_C),
        "%s sends again and again, each time with the deadline that was set before "
        "the loop: together the tries may take longer than the request%s (%s) has",
        context_callee(fault, callee, sizeof callee),
        context_text(fault->context, text, sizeof text), fault->came);
}

const Rule rule_ctx_retry_budget = {
    .id = "ctx-retry-budget",
    .title = "tries that each get the whole time",
    .advice =
        "Ask for the time that is left before each try, and stop when there is none.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_retry_budget,
    .cwe = "CWE-400",
    .judge = judge,
};
