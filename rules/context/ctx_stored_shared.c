/*
 * ctx-stored-shared: A variable of the whole program holds the context of one request when the function returns.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_STORED);
    if (!fault) return;
    Tier tier = context_tier(check, fault, TIER_B);
    report_fault(check, tier,
                 "'%s' outlives the request and is shared by all of them, and holds this "
                 "request's context from here on: the next one reads it",
                 fault->context);
}

const Rule rule_ctx_stored_shared = {
    .id = "ctx-stored-shared",
    .title = "a request's context kept in something shared",
    .advice = "Keep it in something that lives as long as the request.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_stored_shared,
    .cwe = "CWE-488",
    .judge = judge,
};
