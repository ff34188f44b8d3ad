/*
 * null-alloc-unchecked: memory that may not have been allocated is used unchecked.
 *
 * A rule of its own, because many programs choose to die when memory runs out: an
 * allocator that aborts never returns null here, and is silent by itself.
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->origin != ORIGIN_ALLOC) return;
    if (candidate->flags & CANDIDATE_HANDLED) return; /* checked, and wrong: null-deref */
    null_score(check, candidate, 2);
    bool weak = (candidate->flags & CANDIDATE_MERGED) || null_is_optional(candidate);
    Tier tier = weak ? TIER_C : TIER_B;
    char name[140];
    const char *use = candidate->kind == CANDIDATE_ARG ? "passed on" : "used";
    report(
        check, tier,
        "'%s()' returns NULL when memory runs out, and its result%s is %s here unchecked",
        check_name(check, candidate->callee),
        null_result_name(candidate, name, sizeof name), use);
}

const Rule rule_null_alloc_unchecked = {
    .id = "null-alloc-unchecked",
    .title = "an unchecked allocation",
    .advice =
        "Check the result of the allocation, or use an allocator that does not return "
        "when memory runs out.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_alloc_unchecked,
    .cwe = "CWE-690",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
