/*
 * What the two rules about beliefs agree on: when the rest of the program is worth listening
 * to, how sure that makes us, and how the vote is printed.
 */
#include <stdio.h>

#include "rules/null/null.h"

enum { FEW_VOTES = 3, MOST_EXCEPTIONS = 2, MANY_DO_NOT = 5 };

Tier null_belief_tier(Check *check, const Candidate *candidate)
{
    Votes votes = check_slot_votes(check, candidate->slot);
    Verdict verdict = belief_verdict(votes, 1);
    /* Guarded by something else, or one link of a list: the author knows more than we do. */
    if (candidate->flags & (CANDIDATE_ASSUMED | CANDIDATE_LOOP)) return 0;
    if (verdict != VERDICT_MANY && votes.checked < FEW_VOTES) return 0;
    bool is_own = candidate->slot.kind == SLOT_RESULT &&
                  check_fn_of(check, candidate->slot.name)->fn->body;
    if (is_own) return 0; /* its code says when it returns null: null-return-unchecked */
    if (candidate->flags & (CANDIDATE_MERGED | CANDIDATE_CHOSEN)) return TIER_C;
    /* Several leave it out: they know what is there. */
    bool many = verdict == VERDICT_MANY && votes.unchecked <= MOST_EXCEPTIONS;
    return many ? TIER_B : TIER_C;
}

bool null_is_disbelieved(const Check *check, const Candidate *candidate)
{
    if (candidate->origin != ORIGIN_TESTED || !candidate->slot.name) return false;
    /* Whoever relies on it believes in it, for whatever reason. */
    Tally tally = check_tally(check, candidate->slot);
    uint32_t checked = tally.sites[EVIDENCE_CHECKED];
    uint32_t unchecked = tally.sites[EVIDENCE_UNCHECKED];
    uint32_t others = checked ? checked - 1 : 0;
    return unchecked >= MANY_DO_NOT && unchecked >= 4 * others;
}

void null_belief_score(Check *check, const Candidate *candidate)
{
    report_term(check, "kind", 1);
    if (candidate->flags & CANDIDATE_MERGED) report_term(check, "merged-paths", -0.8);
    if (candidate->flags & CANDIDATE_INDIRECT) report_term(check, "indirect-call", -1);
    if (candidate->flags & CANDIDATE_CHOSEN) report_term(check, "role-decides", -1);
    null_score_votes(check, check_slot_votes(check, candidate->slot));
}

const char *null_belief_vote(const Check *check, const Candidate *candidate, char *room,
                             size_t size)
{
    Votes votes = check_slot_votes(check, candidate->slot);
    uint32_t all = votes.checked + votes.unchecked;
    const char *who =
        candidate->slot.kind == SLOT_RESULT ? "calls" : "functions that use it";
    snprintf(room, size, "%u of %u %s test it", votes.checked, all, who);
    return room;
}
