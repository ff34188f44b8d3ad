/*
 * null-out-contract: a function returns success and leaves its out-parameter null.
 *
 * Two outcomes with one status, one of which has set the out-parameter: no caller can tell
 * them apart by the status, so the defect is in the callee, and one result there stands for
 * all the callers that would crash. Callers that test the pointer as well take a null for
 * an answer; where they are as many, each of the others is null-out-unset's business.
 */
#include "rules/null/null.h"

static Tier tier_of(const Candidate *candidate, Votes votes)
{
    uint32_t weak =
        CANDIDATE_ASSUMED | CANDIDATE_INDIRECT | CANDIDATE_LOOP | CANDIDATE_OTHER_NULL;
    if (candidate->flags & (CANDIDATE_MERGED | CANDIDATE_LATENT_MAY)) return TIER_C;
    if (candidate->flags & weak || candidate->breach.is_memory) return TIER_B;
    return votes.checked ? TIER_B : TIER_A;
}

static void judge(Check *check, const Candidate *candidate)
{
    if (!(candidate->flags & CANDIDATE_SUCCESS)) return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    const Breach *breach = &candidate->breach;
    const ProgramFn *fn = check_fn_of(check, breach->fn);
    Votes votes = check_breach(check, breach);
    if (check_is_failure(check, breach->fn, breach->status)) return;
    if (!fn || !fn->fn->body || votes.checked >= votes.unchecked) return;
    const char *callee = check_name(check, breach->fn);
    const Name *name = fn->fn->body->locals[breach->param].name;
    null_score(check, candidate, 3);
    null_score_callers(check, votes);
    if (breach->is_memory) report_term(check, "out-of-memory-only", -2);
    report_cause(check, tier_of(candidate, votes), breach->fn,
                 "'%s()' returns %lld here, as it does when it has set '*%s', but leaves "
                 "it NULL: %u %s what it returned and then %s the NULL",
                 callee, (long long)breach->status, name ? name->text : "",
                 votes.unchecked, votes.unchecked == 1 ? "caller tests" : "callers test",
                 votes.unchecked == 1 ? "uses" : "use");
}

const Rule rule_null_out_contract = {
    .id = "null-out-contract",
    .title = "a success without the object",
    .advice =
        "Return a failure where there is no object, or set the out-parameter; if NULL "
        "is an answer, its callers must test for it.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_out_contract,
    .cwe = "CWE-476",
    .judge = judge,
};
