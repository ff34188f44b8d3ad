/*
 * null-errptr-mixup: two ways to say "there is nothing", and the wrong one was asked for.
 *
 * A function either returns NULL, or an error code made a pointer (the kernel's ERR_PTR,
 * MAP_FAILED). A test for one lets the other through, and reads like a check. The engine
 * keeps the two apart as classes of pointers; what is left is to say which was asked.
 */
#include "rules/null/null.h"

enum { SEVERAL = 3 };

static const char *use_of(const Candidate *candidate)
{
    return candidate->kind == CANDIDATE_ARG ? "passed on" : "dereferenced";
}

/* An error pointer is used as an object. */
static void judge_error(Check *check, const Candidate *candidate)
{
    const char *callee = check_name(check, candidate->callee);
    const char *what = check_what(check, candidate), *use = use_of(candidate);
    Tier tier = null_tier_here(check, candidate);
    bool tested = candidate->origin != ORIGIN_RETURN;
    bool handled = candidate->flags & CANDIDATE_HANDLED;
    bool mixed = candidate->flags & CANDIDATE_MIXED;
    /* Several leave it out: they know that it does not fail for them. */
    if (mixed && !handled && check_mixed(check, candidate->callee) >= SEVERAL)
        tier = TIER_C;
    null_score(check, candidate, tested || handled || mixed ? 3 : 2);
    if (handled && !tested)
        report(check, tier,
               "'%s()' was found to have failed with an error pointer, and its result %s "
               "is %s here all the same",
               callee, what, use);
    else if (tested)
        report(check, tier, "%s is an error pointer when it is %s here%s", what, use,
               check_because(check, candidate));
    else if (mixed)
        report(check, tier,
               "'%s()' can fail with an error pointer, which the test before does not "
               "catch: %s is %s here",
               callee, what, use);
    else
        report(
            check, tier == TIER_A ? TIER_B : tier,
            "'%s()' can return an error pointer, and its result %s is %s here unchecked",
            callee, what, use);
}

static void judge(Check *check, const Candidate *candidate)
{
    bool is_error = candidate->flags & CANDIDATE_ERROR;
    if (!is_error && !(candidate->flags & CANDIDATE_MIXED)) return;
    if (null_is_hearsay(candidate)) {
        dismiss(check);
        return;
    }
    if (is_error) {
        judge_error(check, candidate);
        return;
    }
    null_score(check, candidate, 3);
    report(
        check, null_tier_here(check, candidate),
        "'%s()' can fail with NULL, which the test for an error pointer before does not "
        "catch: %s is %s here",
        check_name(check, candidate->callee), check_what(check, candidate),
        use_of(candidate));
}

const Rule rule_null_errptr_mixup = {
    .id = "null-errptr-mixup",
    .title = "a null test for an error pointer, or the reverse",
    .advice =
        "Test the result for what the function returns when it fails: NULL, an error "
        "pointer, or both.",
    .stage = STAGE_STABLE,
    .since = "0.1",
    .page = page_null_errptr_mixup,
    .cwe = "CWE-476",
    .judge = judge,
};
