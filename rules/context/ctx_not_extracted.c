/*
 * ctx-not-extracted: A new root is used below an entry whose request has the keys, and nobody reads them.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_NOT_EXTRACTED);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_B);
    if (fault->flags & FAULT_IS_PART) {
        report_fault(
            check, tier,
            "only the first part of the list is searched for %s: the headers of a "
            "request%s (%s) may fill several, and '%s' is never followed",
            fault->missing, context_text(fault->context, text, sizeof text), fault->came,
            fault->given);
        return;
    }
    report_fault(check, tier,
                 "%s starts a context of no request, although the request%s (%s) came in "
                 "with its keys: they are never read%s%s",
                 context_callee(fault, callee, sizeof callee),
                 context_text(fault->context, text, sizeof text), fault->came,
                 *fault->chain ? ": " : "", fault->chain);
}

const Rule rule_ctx_not_extracted = {
    .id = "ctx-not-extracted",
    .title = "an entry that does not read the context",
    .advice = "Make the context from the request that came in.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_not_extracted,
    .cwe = "CWE-778",
    .judge = judge,
};
