/*
 * ctx-deadline-not-inherited: The deadline has nothing to do with that of the request; a child call is not told whose child it is.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_OWN_DEADLINE);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_B);
    if (fault->flags & FAULT_IS_PARENT && fault->flags & FAULT_IS_NULL)
        report_fault(check, TIER_B,
                     "argument %u of %s is NULL: the call does not inherit the deadline "
                     "and the cancelling of%s (%s); pass it as the parent",
                     fault->arg, context_callee(fault, callee, sizeof callee),
                     context_text(fault->context, text, sizeof text), fault->came);
    else if (fault->flags & FAULT_IS_PARENT)
        report_fault(check, TIER_B,
                     "argument %u of %s leaves out %s: the call does not inherit the "
                     "deadline of%s (%s)",
                     fault->arg, context_callee(fault, callee, sizeof callee), fault->fix,
                     context_text(fault->context, text, sizeof text), fault->came);
    else
        report_fault(check, tier,
                     "%s sends with a constant deadline, whatever time%s (%s) has left",
                     context_callee(fault, callee, sizeof callee),
                     context_text(fault->context, text, sizeof text), fault->came);
}

const Rule rule_ctx_deadline_not_inherited = {
    .id = "ctx-deadline-not-inherited",
    .title = "a deadline that is not the request's",
    .advice =
        "Derive the deadline from the one that came in, or take the smaller of the two.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_deadline_not_inherited,
    .cwe = "CWE-778",
    .judge = judge,
};
