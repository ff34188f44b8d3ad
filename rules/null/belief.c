/*
 * What the two rules about beliefs agree on: when the rest of the program is worth listening
 * to, how sure that makes us, and how the vote is printed.
 */
#include <stdio.h>

#include "rules/null/null.h"

enum { FEW_VOTES = 3 };

Tier null_belief_tier(Check *check, const Candidate *candidate)
{
    Votes votes = check_slot_votes(check, candidate->slot);
    Verdict verdict = belief_verdict(votes, 1);
    uint32_t weak =
        CANDIDATE_MERGED | CANDIDATE_ASSUMED | CANDIDATE_LOOP | CANDIDATE_CHOSEN;
    if (verdict != VERDICT_MANY && votes.checked < FEW_VOTES) return 0;
    bool is_own = candidate->slot.kind == SLOT_RESULT &&
                  check_fn_of(check, candidate->slot.name)->fn->body;
    if (is_own || (candidate->flags & weak)) return TIER_C;
    return verdict == VERDICT_MANY ? TIER_B : TIER_C;
}

void null_belief_score(Check *check, const Candidate *candidate)
{
    report_term(check, "kind", 1);
    if (candidate->flags & CANDIDATE_MERGED) report_term(check, "merged-paths", -0.8);
    if (candidate->flags & CANDIDATE_ASSUMED) report_term(check, "other-condition", -1);
    if (candidate->flags & CANDIDATE_INDIRECT) report_term(check, "indirect-call", -1);
    if (candidate->flags & CANDIDATE_LOOP) report_term(check, "list-like", -1);
    null_score_votes(check, check_slot_votes(check, candidate->slot));
}

const char *null_belief_vote(const Check *check, Slot slot, char *room, size_t size)
{
    Votes votes = check_slot_votes(check, slot);
    uint32_t all = votes.checked + votes.unchecked;
    const char *who = slot.kind == SLOT_RESULT ? "calls" : "functions that use it";
    snprintf(room, size, "%u of %u %s test it", votes.checked, all, who);
    return room;
}
