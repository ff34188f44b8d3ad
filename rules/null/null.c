/* What the null rules agree on: which nulls count, and how sure we are. */
#include "rules/null/null.h"

#include <stdio.h>

enum { ENOUGH_VOTES = 5 };

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
    uint32_t others = votes.checked + votes.unchecked;
    if (others) others--; /* this site is one of the unchecked */
    if (candidate->flags & CANDIDATE_MERGED) return TIER_C;
    if (candidate->nature == NATURE_RARE) return TIER_C;
    bool many = others >= ENOUGH_VOTES && votes.checked * 5 >= others * 4;
    if (candidate->flags & CANDIDATE_BELIEF) return many ? TIER_B : 0;
    null_score_votes(check, votes);
    bool clear = others >= ENOUGH_VOTES ? votes.checked * 5 >= others * 4
                                        : others > 0 && votes.checked == others;
    uint32_t weak = CANDIDATE_ASSUMED | CANDIDATE_INDIRECT | CANDIDATE_OTHER_NULL;
    if (clear && (candidate->flags & CANDIDATE_UNCONDITIONAL) &&
        !(candidate->flags & weak))
        return TIER_A;
    if (votes.unchecked >= 3 && !many) return TIER_C;
    if (others == 0 || votes.checked * 2 >= others) return TIER_B;
    return TIER_C;
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
