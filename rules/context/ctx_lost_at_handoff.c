/*
 * ctx-lost-at-handoff: What runs later needs the context, and gets nothing of it.
 */
#include "rules/context/context.h"

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_HANDOFF);
    if (!fault) return;
    char callee[200], text[200];
    Tier tier = context_tier(check, fault, TIER_A);
    bool ambient = fault->flags & FAULT_IS_NULL;
    report_fault(check, tier,
                 "%s hands '%s()' on to be run later, and it %s '%s': the request's "
                 "context%s (%s) does not go along (%s)",
                 context_callee(fault, callee, sizeof callee), fault->given,
                 ambient ? "takes its context from" : "sends without", fault->missing,
                 context_text(fault->context, text, sizeof text), fault->came,
                 fault->chain);
}

const Rule rule_ctx_lost_at_handoff = {
    .id = "ctx-lost-at-handoff",
    .title = "work handed on without the context",
    .advice = "Put the context into what is handed on and take it up at the start of the "
              "callback, or hand a detached one.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_lost_at_handoff,
    .cwe = "CWE-778",
    .judge = judge,
};
