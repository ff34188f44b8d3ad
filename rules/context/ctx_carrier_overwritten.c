/*
 * ctx-carrier-overwritten: The keys were on what goes out, and were replaced before it went.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_OVERWRITTEN);
    if (!fault) return;
    char callee[200];
    Tier tier = context_tier(check, fault, TIER_A);
    report_fault(check, tier,
                 "%s sends without %s: they were set, and what carried them was replaced "
                 "before the send",
                 context_callee(fault, callee, sizeof callee), fault->missing);
}

const Rule rule_ctx_carrier_overwritten = {
    .id = "ctx-carrier-overwritten",
    .title = "headers replaced before the send",
    .advice = "Add to the carrier that is attached already, or put the keys on the new "
              "one too.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_carrier_overwritten,
    .cwe = "CWE-778",
    .judge = judge,
};
