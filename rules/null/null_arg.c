/*
 * null-arg: null reaches a parameter that the callee dereferences, or that is declared or
 * modelled as non-null.
 *
 * The callee's demand is a latent error of its summary: it may lie any number of calls deep,
 * and the steps lead there.
 */
#include "rules/null/null.h"

static void judge(Check *check, const Candidate *candidate)
{
    if (candidate->kind != CANDIDATE_ARG || (candidate->flags & CANDIDATE_INSIDE)) return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    null_score(check, candidate, 2.5);
    Tier tier = null_tier_here(check, candidate);
    /* Optional arguments: the callee uses it only under a condition we cannot see. */
    bool optional =
        null_is_optional(candidate) && !(candidate->flags & CANDIDATE_INDIRECT);
    bool single = check_maybe_passed(check, candidate->target, candidate->param) == 1;
    if (optional && !((candidate->flags & CANDIDATE_LITERAL) && single)) tier = TIER_C;
    /* "(null)" is printed: no crash on most machines, so any doubt makes it a note. */
    bool plain =
        (candidate->flags & CANDIDATE_LITERAL) || candidate->origin == ORIGIN_TESTED;
    if (candidate->flags & CANDIDATE_PRINTED)
        tier = tier == TIER_A && plain ? TIER_B : TIER_C;
    const char *target = check_name(check, candidate->target);
    bool is_written = candidate->origin == ORIGIN_CONST &&
                      candidate->source.ins != NO_INS &&
                      (!candidate->what || !*candidate->what); /* k ? p : NULL */
    if (null_declared(candidate))
        report(check, tier,
               "%s %s, and is passed here unchecked as argument %u of '%s()', which must "
               "not be NULL",
               check_what(check, candidate), null_declared(candidate),
               candidate->param + 1, target);
    else if ((candidate->flags & CANDIDATE_LITERAL) || is_written)
        report(check, tier,
               "NULL is passed as argument %u of '%s()', which must not be NULL%s",
               candidate->param + 1, target,
               candidate->flags & CANDIDATE_INDIRECT ? check_because(check, candidate)
                                                     : "");
    else
        report(check, tier,
               "%s is NULL here, and argument %u of '%s()' must not be NULL%s",
               check_what(check, candidate), candidate->param + 1, target,
               check_because(check, candidate));
}

const Rule rule_null_arg = {
    .id = "null-arg",
    .title = "a null argument where none is allowed",
    .advice =
        "Pass a valid pointer, skip the call when it is NULL, or make the callee accept "
        "NULL.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_arg,
    .cwe = "CWE-476",
    .remedy = REMEDY_TEST,
    .judge = judge,
};
