/*
 * ctx-cannot-carry: This variant of the call has no place for keys, and its transport demands some.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_CANNOT_CARRY);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_A);
    report_fault(
        check, tier,
        "%s has no place for headers, so %s of the context%s (%s) are lost: use '%s()'",
        context_callee(fault, callee, sizeof callee), fault->missing,
        context_text(fault->context, text, sizeof text), fault->came, fault->fix);
}

const Rule rule_ctx_cannot_carry = {
    .id = "ctx-cannot-carry",
    .title = "a call that cannot carry the context",
    .advice = "Use the variant of the call that has a place for headers.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_cannot_carry,
    .cwe = "CWE-778",
    .judge = judge,
};
