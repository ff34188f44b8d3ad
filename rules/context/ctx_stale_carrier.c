/*
 * ctx-stale-carrier: A handle that lives longer than a request is sent without having been set for this one.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_STALE);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_B);
    report_fault(check, tier,
                 "%s sends on a handle that is kept between requests, and on this path "
                 "nothing of this one was attached: it carries what an earlier request "
                 "left on it, not %s of%s",
                 context_callee(fault, callee, sizeof callee), fault->missing,
                 context_text(fault->context, text, sizeof text));
}

const Rule rule_ctx_stale_carrier = {
    .id = "ctx-stale-carrier",
    .title = "a reused handle that carries an earlier request",
    .advice = "Reset the handle, or attach the headers of this request on every path to "
              "the send.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_stale_carrier,
    .cwe = "CWE-488",
    .judge = judge,
};
