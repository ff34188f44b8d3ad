/* null-return-contract: a function declared to return non-null returns null. */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind != CANDIDATE_RETURN) return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    null_score(check, candidate, 3);
    report(check, null_tier_here(check, candidate),
           "'%s()' is declared to never return NULL, and returns NULL here%s",
           check_name(check, check_function(check)->link_name),
           check_because(check, candidate));
}

const Rule rule_null_return_contract = {
    .id = "null-return-contract",
    .title = "NULL returned against the declaration",
    .advice = "Return a valid pointer, or drop returns_nonnull from the declaration.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_return_contract,
    .cwe = "CWE-476",
    .judge = judge,
};
