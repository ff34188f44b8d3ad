/*
 * ctx-leaks-outside: A sensitive key goes to an address that the policy calls external.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_OUTSIDE);
    if (!fault) return;
    char callee[200];
    Tier tier = context_tier(check, fault, TIER_A);
    report_fault(check, tier, "%s sends %s to a host outside the trust boundary",
                 context_callee(fault, callee, sizeof callee), fault->present);
}

const Rule rule_ctx_leaks_outside = {
    .id = "ctx-leaks-outside",
    .title = "identity sent across the trust boundary",
    .advice =
        "Leave the key out for this host, or name the host as one of yours in the model.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_leaks_outside,
    .cwe = "CWE-200",
    .judge = judge,
};
