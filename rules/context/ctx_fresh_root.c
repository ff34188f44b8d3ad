/*
 * ctx-fresh-root: NULL, or a context of no request, is passed where the context of the request is at hand.
 */
#include <stdio.h>
#include <string.h>

#include "rules/context/context.h"

/* So many calls say what the habit is; so few of them that pass one say that there is none. */
enum { ENOUGH = 10, A_FEW = 4 };

static bool is_habit(Votes votes)
{
    uint32_t n = votes.checked + votes.unchecked;
    return n >= ENOUGH && votes.checked * 100 >= n * 95;
}

static bool is_no_habit(Votes votes)
{
    uint32_t n = votes.checked + votes.unchecked;
    return n >= A_FEW && votes.checked * 10 <= n * 3;
}

/* What the other calls do outweighs the form of this one; the same operation outweighs both. */
static Tier tier_of(Check *check, const Fault *fault, Votes votes)
{
    Tier tier = context_tier(check, fault, TIER_A);
    if (fault->flags & FAULT_IS_SAME && tier == TIER_A)
        tier = TIER_B; /* by its form alone */
    if (votes.checked + votes.unchecked >= A_FEW)
        report_term(check, "votes", is_habit(votes) ? 1 : is_no_habit(votes) ? -2 : 0);
    if (fault->flags & FAULT_IS_SAME_NAME) {
        report_term(check, "same operation", 1);
        return tier;
    }
    if (is_no_habit(votes) || fault->flags & FAULT_IS_BESIDE) return TIER_C;
    /* A root is written on purpose; whether one may start here is another rule's question. */
    if (is_habit(votes) && fault->flags & FAULT_IS_NULL) return tier;
    return tier == TIER_A ? TIER_B : tier;
}

/* "; 967 of 994 calls of 'operations' pass it" */
static const char *votes_text(const Fault *fault, Votes votes, char *room, size_t size)
{
    const char *name = fault->callee ? fault->callee->text : "";
    const char *colon = strstr(name, "::");
    uint32_t n = votes.checked + votes.unchecked;
    bool is_telling = n >= A_FEW && votes.checked * 2 > n;
    if (!is_telling)
        *room = 0;
    else if (colon)
        snprintf(room, size, "; %u of %u calls through '%.*s' pass one", votes.checked, n,
                 (int)(colon - name), name);
    else
        snprintf(room, size, "; %u of %u calls of '%s()' pass one", votes.checked, n,
                 name);
    return room;
}

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_FRESH_ROOT);
    if (!fault) return;
    char callee[200], text[200], others[200];
    Votes votes = check_passing(check, fault);
    Tier tier = tier_of(check, fault, votes);
    if (fault->flags & FAULT_IS_SAME)
        report_fault(
            check, tier,
            "'%s' came in with the context and is not passed on: the same operation "
            "goes on with %s as argument %u; pass '%s'",
            fault->context, fault->given, fault->arg, fault->context);
    else
        report_fault(
            check, tier,
            "%s is passed to %s as argument %u, and the request's context%s (%s) is at "
            "hand: what is done below is lost to the request%s; pass it on",
            fault->flags & FAULT_IS_NULL ? "NULL" : "a context of no request",
            context_callee(fault, callee, sizeof callee), fault->arg,
            context_text(fault->context, text, sizeof text), fault->came,
            votes_text(fault, votes, others, sizeof others));
}

const Rule rule_ctx_fresh_root = {
    .id = "ctx-fresh-root",
    .title = "a call that does not get the context",
    .advice = "Pass the context that is at hand; to leave it out on purpose, detach it "
              "or give a reason to the root.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_fresh_root,
    .cwe = "CWE-778",
    .judge = judge,
    .remedy = REMEDY_PASS,
};
