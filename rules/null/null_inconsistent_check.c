/*
 * null-inconsistent-check: nearly all of the program tests this pointer before it uses it, and
 * this function does not.
 *
 * Nothing shows that it can be null; only that everybody else thinks so.
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind != CANDIDATE_UNCHECKED) return;
    Tier tier = null_belief_tier(check, candidate);
    if (!tier) {
        dismiss(check);
        return;
    }
    char vote[80];
    null_belief_score(check, candidate);
    report(check, tier, "%s is used here without the test that %s gets elsewhere: %s",
           check_what(check, candidate), check_slot(check, candidate->slot),
           null_belief_vote(check, candidate, vote, sizeof vote));
}

const Rule rule_null_inconsistent_check = {
    .id = "null-inconsistent-check",
    .title = "a pointer that is tested everywhere else",
    .advice = "Test it as the others do, or drop their tests when it cannot be NULL.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_null_inconsistent_check,
    .cwe = "CWE-476",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
