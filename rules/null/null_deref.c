/*
 * null-deref: a null value reaches a dereference on a feasible path.
 *
 * The null was made or found in this very function (a constant, zeroed memory, a test), so
 * there is nothing to believe and nothing to vote on: only whether the path is certain.
 */
#include <string.h>

#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind == CANDIDATE_UNCHECKED) return;
    if (candidate->kind == CANDIDATE_ARG && !(candidate->flags & CANDIDATE_LATENT))
        return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    null_score(check, candidate, 3);
    Tier tier = null_tier_here(check, candidate);
    /* The callee's own conditions decide, and nothing here speaks for them. */
    bool callback = candidate->flags & CANDIDATE_INDIRECT;
    if (null_is_optional(candidate) && !callback) tier = TIER_C;
    if (candidate->flags & CANDIDATE_LATENT)
        report(check, tier, "'%s()' is called in a way that makes it dereference NULL",
               check_name(check, candidate->target));
    else if (null_declared(candidate))
        report(check, tier, "%s %s, and is dereferenced here unchecked",
               check_what(check, candidate), null_declared(candidate));
    else if (candidate->what && !strcmp(candidate->what, "NULL"))
        report(check, tier, "NULL is dereferenced here");
    else
        report(check, tier, "%s is NULL when it is dereferenced here%s",
               check_what(check, candidate), check_because(check, candidate));
}

const Rule rule_null_deref = {
    .id = "null-deref",
    .title = "a null pointer dereference",
    .advice =
        "Check the pointer before this use, or leave the function on the path where it "
        "is NULL.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_deref,
    .cwe = "CWE-476",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
