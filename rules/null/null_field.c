/*
 * null-field: a field that is null in part of the program is used unchecked.
 *
 * That it can be null is said by an assignment somewhere; that this is no secret, by the
 * functions that test it before they use it. Neither alone is enough.
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind != CANDIDATE_UNCHECKED) return;
    Tally tally = check_tally(check, candidate->slot);
    if (candidate->slot.kind != SLOT_FIELD || !tally.sites[EVIDENCE_SET_NULL]) return;
    Tier tier = null_belief_tier(check, candidate);
    if (!tier) {
        dismiss(check);
        return;
    }
    char vote[80];
    null_belief_score(check, candidate);
    report(check, tier, "%s is used here unchecked, but %s can be NULL: %s",
           check_what(check, candidate), check_slot(check, candidate->slot),
           null_belief_vote(check, candidate, vote, sizeof vote));
}

const Rule rule_null_field = {
    .id = "null-field",
    .title = "a field that can be NULL, used unchecked",
    .advice =
        "Test the field before using it, as the other functions do, or see to it that "
        "it is set before this function is called.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_null_field,
    .cwe = "CWE-476",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
