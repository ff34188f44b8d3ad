/*
 * ctx-not-injected: No required key is on what goes out, on a path where the context is at hand.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_NOT_INJECTED);
    if (!fault) return;
    char callee[200], text[200], fix[200];
    Tier tier = context_tier(check, fault, TIER_A);
    if (fault->flags & FAULT_IS_LOOSE)
        report_fault(
            check, tier,
            "%s sends without %s, although the keys of%s (%s) were put on a carrier: it "
            "is not attached to what is sent",
            context_callee(fault, callee, sizeof callee), fault->missing,
            context_text(fault->context, text, sizeof text), fault->came);
    else
        report_fault(check, tier,
                     "%s sends without %s, and the request's context%s (%s) is at hand%s",
                     context_callee(fault, callee, sizeof callee), fault->missing,
                     context_text(fault->context, text, sizeof text), fault->came,
                     context_fix(fault, fix, sizeof fix));
}

const Rule rule_ctx_not_injected = {
    .id = "ctx-not-injected",
    .title = "a request sent without its context",
    .advice = "Put the keys of the context on what is sent, on every path that leads to "
              "the send.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_not_injected,
    .cwe = "CWE-778",
    .judge = judge,
};
