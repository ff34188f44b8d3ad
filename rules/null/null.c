/* What the null rules agree on: which nulls count, and how sure we are. */
#include "rules/null/null.h"

#include <stdio.h>

bool null_is_hearsay(const Candidate *candidate)
{
    if (candidate->flags & CANDIDATE_CAUTION) return true;
    if (candidate->origin == ORIGIN_TESTED_MACRO) return true;
    return candidate->origin == ORIGIN_TESTED_CALLEE &&
           !(candidate->flags & CANDIDATE_DISCRIMINATED);
}

Tier null_tier_here(const Check *check, const Candidate *candidate)
{
    uint32_t weak = CANDIDATE_ASSUMED | CANDIDATE_CHOSEN | CANDIDATE_LOOP |
                    CANDIDATE_INDIRECT | CANDIDATE_LATENT_MAY | CANDIDATE_OTHER_NULL;
    /* Checked, and used as null all the same: which outcome it was is plain. */
    if (candidate->flags & CANDIDATE_HANDLED) weak &= ~(uint32_t)CANDIDATE_CHOSEN;
    if (candidate->flags & CANDIDATE_MERGED) return TIER_C;
    if (check_always_passed(check, candidate->tested_param)) return TIER_C;
    if (candidate->origin == ORIGIN_TESTED_CALLEE) return TIER_B;
    return candidate->flags & weak ? TIER_B : TIER_A;
}

Tier null_tier_votes(Check *check, const Candidate *candidate)
{
    Votes votes = check_votes(check, candidate->callee);
    Verdict verdict = belief_verdict(votes, votes.unchecked ? 1 : 0);
    if (candidate->flags & CANDIDATE_MERGED) return TIER_C;
    if (candidate->nature == NATURE_RARE) return TIER_C;
    if (candidate->flags & CANDIDATE_BELIEF) return verdict == VERDICT_MANY ? TIER_B : 0;
    null_score_votes(check, votes);
    uint32_t weak = CANDIDATE_ASSUMED | CANDIDATE_INDIRECT | CANDIDATE_OTHER_NULL;
    bool clear = verdict == VERDICT_MANY || verdict == VERDICT_CLEAR;
    if (clear && (candidate->flags & CANDIDATE_UNCONDITIONAL) &&
        !(candidate->flags & weak))
        return TIER_A;
    if (votes.unchecked >= 3 && verdict != VERDICT_MANY) return TIER_C;
    return verdict == VERDICT_NO ? TIER_C : TIER_B;
}

const char *null_votes_text(const Check *check, const Name *callee, char *room,
                            size_t size)
{
    Votes votes = check_votes(check, callee);
    uint32_t all = votes.checked + votes.unchecked;
    room[0] = 0;
    if (all > 1)
        snprintf(room, size, " (%u of %u call sites check it)", votes.checked, all);
    return room;
}
