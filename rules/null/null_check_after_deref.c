/*
 * null-check-after-deref: a pointer is tested after it was dereferenced, on every path.
 *
 * Either the test is useless or the dereference is wrong; mostly the former, so it warns.
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind != CANDIDATE_CHECK_AFTER_DEREF) return;
    null_score(check, candidate, 1);
    report(check, TIER_B, "%s is tested for NULL here, but was dereferenced before%s",
           check_what(check, candidate), check_because(check, candidate));
}

const Rule rule_null_check_after_deref = {
    .id = "null-check-after-deref",
    .title = "a null check after the dereference",
    .advice = "Move the check before the first use, or drop it when the pointer cannot "
              "be NULL.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_check_after_deref,
    .cwe = "CWE-476",
    .remedy = REMEDY_REORDER,
    .judge = judge,
};
