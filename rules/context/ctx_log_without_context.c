/*
 * ctx-log-without-context: Something is said of a request, and not of which one. One finding a function.
 */
#include "rules/context/context.h"

#include <stdio.h>

static void judge(Check *check, const Candidate *candidate)
{
    const Fault *fault = context_fault(candidate, FAULT_LOG);
    if (!fault) return;
    char callee[200], text[200], more[60] = "";
    if (fault->nmore)
        snprintf(more, sizeof more, " (so do %u more calls in this function)",
                 fault->nmore);
    report_fault(
        check, context_tier(check, fault, TIER_C),
        "%s says nothing of the request's context%s (%s): nobody can tell whom it "
        "is about%s",
        context_callee(fault, callee, sizeof callee),
        context_text(fault->context, text, sizeof text), fault->came, more);
}

const Rule rule_ctx_log_without_context = {
    .id = "ctx-log-without-context",
    .title = "a log line that does not name its request",
    .advice = "Log with the context, or with its request id.",
    .stage = STAGE_PREVIEW,
    .since = "0.1",
    .page = page_ctx_log_without_context,
    .cwe = "CWE-778",
    .judge = judge,
};
