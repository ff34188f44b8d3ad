/*
 * null-return-unchecked: the result of a function that can return null is used unchecked.
 *
 * That it can return null is inferred from its body or said by a model. Whether this
 * program treats that null as real is a matter of votes: what do the other callers do?
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->origin != ORIGIN_RETURN) return;
    if (candidate->flags & CANDIDATE_HANDLED) return; /* checked, and wrong: null-deref */
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    char votes[80], name[140];
    null_score(check, candidate, 2);
    Tier tier = null_tier_votes(check, candidate);
    if (!tier) {
        dismiss(check);
        return;
    }
    const char *use = candidate->kind == CANDIDATE_ARG ? "passed on" : "dereferenced";
    /* The callee uses it under a condition that we cannot see; but all the others check. */
    if (null_is_optional(candidate))
        tier = null_is_custom(check, candidate->callee) ? TIER_B : TIER_C;
    report(check, tier, "'%s()' can return NULL, and its result%s is %s here unchecked%s",
           check_name(check, candidate->callee),
           null_result_name(candidate, name, sizeof name), use,
           null_votes_text(check, candidate->callee, votes, sizeof votes));
}

const Rule rule_null_return_unchecked = {
    .id = "null-return-unchecked",
    .title = "an unchecked result that can be NULL",
    .advice = "Check the result before using it, and handle the failure.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_return_unchecked,
    .cwe = "CWE-476",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
