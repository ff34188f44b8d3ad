/*
 * ctx-fresh-root: NULL, or a context of no request, is passed where the context of the request is at hand.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_FRESH_ROOT);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_A);
    if (fault->flags & FAULT_IS_SAME && tier == TIER_A)
        tier = TIER_B; /* by its form alone */
    if (fault->flags & FAULT_IS_SAME)
        report_fault(
            check, tier,
            "'%s' came in with the context and is not passed on: the same operation "
            "goes on with %s as argument %u; pass '%s'",
            fault->context, fault->given, fault->arg, fault->context);
    else
        report_fault(
            check, tier,
            "%s is passed to %s as argument %u, and the request's context%s (%s) is at "
            "hand: what is done below is lost to the request; pass it on",
            fault->flags & FAULT_IS_NULL ? "NULL" : "a context of no request",
            context_callee(fault, callee, sizeof callee), fault->arg,
            context_text(fault->context, text, sizeof text), fault->came);
}

const Rule rule_ctx_fresh_root = {
    .id = "ctx-fresh-root",
    .title = "a call that does not get the context",
    .advice = "Pass the context that is at hand; to leave it out on purpose, detach it "
              "or give a reason to the root.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_fresh_root,
    .cwe = "CWE-778",
    .judge = judge,
    .remedy = REMEDY_PASS,
};
