/*
 * ctx-use-after-end: The context was ended before this use.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_ENDED);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_A);
    if (fault->flags & FAULT_IS_NULL)
        report_fault(
            check, tier,
            "'%s' was kept with the request, and a call on the way here clears what "
            "is kept: it may be null; test it, or set it again",
            fault->context);
    else if (fault->flags & FAULT_IS_ACCESS)
        report_fault(
            check, tier,
            "'%s' is used after it was ended: it may be gone, or another request's; "
            "read what is needed before the end",
            fault->context);
    else
        report_fault(check, tier, "the context%s is passed to %s after it was ended",
                     context_text(fault->context, text, sizeof text),
                     context_callee(fault, callee, sizeof callee));
}

const Rule rule_ctx_use_after_end = {
    .id = "ctx-use-after-end",
    .title = "a context used after its end",
    .advice = "Take a reference before the end, or use it first.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_use_after_end,
    .cwe = "CWE-416",
    .judge = judge,
};
