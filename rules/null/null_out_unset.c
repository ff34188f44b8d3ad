/*
 * null-out-unset: an out-parameter is used on a path where the callee left it null or unset.
 *
 * The callee's outcomes tie its result to what it wrote: with the return code checked, the
 * outcomes that leave null behind are gone. What is left is a code ignored or misread, or a
 * callee that reports success and gives nothing.
 */
#include "rules/null/null.h"

enum { MANY_IGNORE = 3 };

static bool is_memory_only(const Candidate *candidate)
{
    for (uint32_t i = 0; i < candidate->nstep; i++)
        if (candidate->steps[i].kind == STEP_ALLOC) return true;
    return false;
}

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->origin != ORIGIN_OUT) return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    uint32_t weak = CANDIDATE_ASSUMED | CANDIDATE_INDIRECT | CANDIDATE_LOOP;
    null_score(check, candidate, 2.5);
    Tier tier = candidate->flags & weak ? TIER_B : TIER_A;
    bool memory = is_memory_only(candidate);
    if (memory) report_term(check, "out-of-memory-only", -2);
    if (memory || !(candidate->flags & CANDIDATE_UNCONDITIONAL)) tier = TIER_B;
    if (candidate->flags & CANDIDATE_LATENT_MAY) tier = TIER_B;
    if (candidate->flags & CANDIDATE_MERGED) tier = TIER_C;
    if (null_is_optional(candidate)) tier = TIER_C;
    /* A member that may come out null among other things: nothing was promised.
     * What memory was wanted for was. */
    uint32_t promised = CANDIDATE_DIRECT | CANDIDATE_UNCONDITIONAL;
    if (!memory && !(candidate->flags & promised)) tier = TIER_C;
    /* A status of which nothing is known was read: it may have told. */
    if (candidate->flags & CANDIDATE_VAGUE) tier = TIER_C;
    /* Nearly nobody looks at what it returns: what it sets must be known by other means. */
    Votes votes = check_status(check, candidate->callee);
    if (votes.unchecked >= MANY_IGNORE && votes.unchecked > votes.checked) tier = TIER_C;
    const char *callee = check_name(check, candidate->callee);
    if (!*callee)
        report(check, tier,
               "%s was never set: the call that should have set it can leave it as it is",
               check_what(check, candidate));
    else
        report(check, tier, "%s is NULL when it is used here: '%s()' can leave it NULL%s",
               check_what(check, candidate), callee,
               memory ? " when memory runs out" : "");
}

const Rule rule_null_out_unset = {
    .id = "null-out-unset",
    .title = "an out-parameter that was not set",
    .advice = "Check what the call returned before using what it should have set.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_out_unset,
    .cwe = "CWE-476",
    .remedy = REMEDY_STATUS,
    .judge = judge,
};
