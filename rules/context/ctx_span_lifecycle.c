/*
 * ctx-span-lifecycle: A span that does not end on some way out, or that ends twice.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_SPAN);
    if (!fault || fault->flags & FAULT_IS_MERGED) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_C);
    if (fault->flags & FAULT_IS_SAME)
        report_fault(check, tier, "%s finishes the span%s, which is finished already",
                     context_callee(fault, callee, sizeof callee),
                     context_text(fault->context, text, sizeof text));
    else
        report_fault(check, tier,
                     "the span that is started here is not finished on some way out of "
                     "this function, and nobody else has it");
}

const Rule rule_ctx_span_lifecycle = {
    .id = "ctx-span-lifecycle",
    .title = "a span that does not end, or ends twice",
    .advice = "Finish the span once on every way out, or hand it to somebody who does.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_span_lifecycle,
    .cwe = "CWE-772",
    .judge = judge,
};
