/*
 * ctx-not-restored: A callback reads the ambient slot, and whoever ran before has set it.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_NOT_RESTORED);
    if (!fault) return;
    Tier tier = context_tier(check, fault, TIER_B);
    report_fault(
        check, tier,
        "'%s()' is called back in an arbitrary context: '%s' was last set by whichever "
        "request ran before (%s); set it from the callback's data first",
        fault->given, fault->missing, fault->chain);
}

const Rule rule_ctx_not_restored = {
    .id = "ctx-not-restored",
    .title = "a callback that uses the ambient context as it is",
    .advice = "Keep the context with the data of the callback and set the ambient "
              "variable first.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_not_restored,
    .cwe = "CWE-778",
    .judge = judge,
};
