/* What the null rules agree on: which nulls count, and how sure we are. */
#include "rules/null/null.h"

#include <stdio.h>
#include <string.h>

bool null_is_hearsay(const Candidate *candidate)
{
    if (candidate->flags & CANDIDATE_CAUTION) return true;
    if (candidate->origin == ORIGIN_TESTED_MACRO) return true;
    return candidate->origin == ORIGIN_TESTED_CALLEE &&
           !(candidate->flags & CANDIDATE_DISCRIMINATED);
}

bool null_is_optional(const Candidate *candidate)
{
    return (candidate->flags & CANDIDATE_LATENT_MAY) &&
           !(candidate->flags & CANDIDATE_LATENT_NUMBER);
}

Tier null_tier_here(const Check *check, const Candidate *candidate)
{
    uint32_t weak = CANDIDATE_ASSUMED | CANDIDATE_CHOSEN | CANDIDATE_LOOP |
                    CANDIDATE_INDIRECT | CANDIDATE_LATENT_MAY | CANDIDATE_LATER |
                    CANDIDATE_LAST_ELSE;
    /* Checked, and used as null all the same: which outcome it was is plain. */
    if (candidate->flags & CANDIDATE_HANDLED) weak &= ~(uint32_t)CANDIDATE_CHOSEN;
    if (candidate->flags & (CANDIDATE_MERGED | CANDIDATE_OTHER_NULL)) return TIER_C;
    if (check_always_passed(check, candidate->tested_param)) return TIER_C;
    /* Cleared with the rest of an object, which the callee may grow before it uses it. */
    if (candidate->origin == ORIGIN_ZEROED && candidate->kind != CANDIDATE_CALL &&
        (candidate->flags & CANDIDATE_LATENT) && !(candidate->flags & CANDIDATE_READER))
        return TIER_C;
    /* One callee's answer chose the null, another's the way, and nothing here asked for the
     * pointer. */
    uint32_t asked = CANDIDATE_ONE_TEST | CANDIDATE_HANDLED;
    if ((candidate->flags & CANDIDATE_ASSUMED) &&
        (candidate->flags & CANDIDATE_DECIDED) && !(candidate->flags & asked))
        return TIER_C;
    if (candidate->origin == ORIGIN_TESTED_CALLEE) return TIER_B;
    if (candidate->origin == ORIGIN_DECLARED) return TIER_B;
    if (null_is_disbelieved(check, candidate)) return TIER_B;
    return candidate->flags & weak ? TIER_B : TIER_A;
}

const char *null_declared(const Candidate *candidate)
{
    if (candidate->origin != ORIGIN_DECLARED) return NULL;
    return candidate->callee ? "is declared weak, nothing in the program defines it"
                             : "is declared _Nullable";
}

static bool is_library(const Check *check, const Candidate *candidate)
{
    const ProgramFn *fn = check_fn_of(check, candidate->callee);
    return fn && !fn->fn->body;
}

/* The callee only hands on what one of its own callees returned. */
static bool is_relayed(const Candidate *candidate)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < candidate->nstep; i++)
        n += candidate->steps[i].kind == STEP_RETURNS_NULL;
    return n > 1;
}

Tier null_tier_votes(Check *check, const Candidate *candidate)
{
    Votes votes = check_votes(check, candidate->callee);
    Verdict verdict = belief_verdict(votes, votes.unchecked ? 1 : 0);
    if (candidate->flags & CANDIDATE_MERGED) return TIER_C;
    if (candidate->nature == NATURE_RARE) return TIER_C;
    null_score_votes(check, votes);
    uint32_t weak = CANDIDATE_ASSUMED | CANDIDATE_INDIRECT | CANDIDATE_OTHER_NULL;
    bool clear = verdict == VERDICT_MANY || verdict == VERDICT_CLEAR;
    if (clear && (candidate->flags & CANDIDATE_UNCONDITIONAL) &&
        !(candidate->flags & weak))
        return TIER_A;
    /* Several callers leave it out: they know what is there. That a library or the system
     * fails, nobody knows. */
    bool outside = (candidate->flags & CANDIDATE_FAILURE) || is_library(check, candidate);
    if (votes.unchecked >= 2 && votes.checked && !outside) return TIER_C;
    /* Nobody checks, and the null comes from further down, for reasons of the data there. */
    uint32_t data = CANDIDATE_LATENT | CANDIDATE_ASSUMED;
    if (!votes.checked && !outside && (candidate->flags & data) && is_relayed(candidate))
        return TIER_C;
    if (votes.unchecked >= 3 && verdict != VERDICT_MANY) return TIER_C;
    return verdict == VERDICT_NO ? TIER_C : TIER_B;
}

bool null_is_custom(Check *check, const Name *callee)
{
    Votes votes = check_votes(check, callee);
    return belief_verdict(votes, votes.unchecked ? 1 : 0) == VERDICT_MANY &&
           votes.unchecked <= 1;
}

const char *null_result_name(const Candidate *candidate, char *room, size_t size)
{
    size_t len = candidate->what ? strlen(candidate->what) : 0;
    room[0] = 0;
    if (len && candidate->what[len - 1] != ')')
        snprintf(room, size, " '%s'", candidate->what);
    return room;
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
