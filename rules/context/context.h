#ifndef RULES_CONTEXT_CONTEXT_H
#define RULES_CONTEXT_CONTEXT_H

#include "rules/rules.h"

/* The candidate's fault, when it is of that kind; else NULL. */
const Fault *context_fault(const Candidate *candidate, FaultKind kind);

/* Weaker where paths had been joined; says why (report_term). */
Tier context_tier(Check *check, const Fault *fault, Tier tier);

/* " 'ctx'": what is at hand, or "". */
const char *context_text(const char *text, char *room, size_t size);

/* "'curl_easy_perform()'" */
const char *context_callee(const Fault *fault, char *room, size_t size);

/* ": call req_ctx_inject_curl(ctx, ...) before it", or "" when the model knows no such call */
const char *context_fix(const Fault *fault, char *room, size_t size);

#endif
