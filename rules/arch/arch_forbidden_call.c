/*
 * arch-forbidden-call: A component depends on one that it must not depend on.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_FORBIDDEN);
    if (!fault) return;
    Tier tier = context_tier(check, fault, TIER_A);
    report_fault(check, tier, "'%s' must not depend on '%s', and %s%s%s", fault->context,
                 fault->given, fault->came, *fault->chain ? ": " : "", fault->chain);
}

const Rule rule_arch_forbidden_call = {
    .id = "arch-forbidden-call",
    .title = "a dependency in the wrong direction",
    .advice =
        "Turn the dependency round, or ask for an exception with a reason and an end.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_arch_forbidden_call,
    .cwe = "CWE-1059",
    .judge = judge,
};
