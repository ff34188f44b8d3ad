/*
 * ctx-root-not-allowed: Somebody starts a context of no request who is not allowed to, below a request.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_ROOT);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_B);
    report_fault(
        check, tier,
        "%s starts a context of no request, and this runs for the request of%s (%s)%s%s",
        context_callee(fault, callee, sizeof callee),
        context_text(fault->context, text, sizeof text), fault->came,
        *fault->chain ? ": " : "", fault->chain);
}

const Rule rule_ctx_root_not_allowed = {
    .id = "ctx-root-not-allowed",
    .title = "a new root below a request",
    .advice = "Derive from the context that came in, or give the root a reason.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_root_not_allowed,
    .cwe = "CWE-778",
    .judge = judge,
};
