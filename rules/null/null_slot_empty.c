/*
 * null-slot-empty: a call through a function pointer that holds null: a member left out of
 * a table of operations, or a slot that nothing sets.
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind != CANDIDATE_CALL) return;
    if (candidate->origin == ORIGIN_RETURN || candidate->origin == ORIGIN_ALLOC) return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    null_score(check, candidate, 3);
    Tier tier = null_tier_here(check, candidate);
    if (candidate->flags & CANDIDATE_LATENT) {
        report(check, tier,
               "'%s()' calls through a slot of %s that holds no function: it is NULL%s",
               check_name(check, candidate->target), check_what(check, candidate),
               check_because(check, candidate));
        return;
    }
    if (null_declared(candidate)) {
        report(check, tier, "%s %s, and is called here unchecked",
               check_what(check, candidate), null_declared(candidate));
        return;
    }
    report(check, tier, "%s is called here, but holds no function: it is NULL%s",
           check_what(check, candidate), check_because(check, candidate));
}

const Rule rule_null_slot_empty = {
    .id = "null-slot-empty",
    .title = "a call through an empty slot",
    .advice = "Fill the slot, or test it before the call.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_slot_empty,
    .cwe = "CWE-476",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
