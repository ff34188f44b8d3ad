/*
 * ctx-broken-chain: A function sends below this call, and neither it nor those in between can get the context.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_BROKEN_CHAIN);
    if (!fault) return;
    char text[200];
    Tier tier = context_tier(check, fault, TIER_A);
    report_fault(check, tier,
                 "the request's context%s (%s) stops here: %s goes out without %s; add a "
                 "parameter for it to: %s",
                 context_text(fault->context, text, sizeof text), fault->came,
                 fault->chain, fault->missing, fault->edit);
}

const Rule rule_ctx_broken_chain = {
    .id = "ctx-broken-chain",
    .title = "a helper that cannot get the context",
    .advice = "Give the functions in between a parameter for the context and pass it on, "
              "or detach it where the work is not done for the request.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_broken_chain,
    .cwe = "CWE-778",
    .judge = judge,
};
