/* What the rules on contexts share. */
#include "rules/context/context.h"

#include <stdio.h>

const Fault *context_fault(const Candidate *candidate, FaultKind kind)
{
    bool is_it = candidate->kind == CANDIDATE_REQUEST && candidate->fault->kind == kind;
    return is_it ? candidate->fault : NULL;
}

Tier context_tier(Check *check, const Fault *fault, Tier tier)
{
    report_term(check, "context", 3);
    if (!(fault->flags & FAULT_IS_MERGED)) return tier;
    report_term(check, "merged", -1);
    return tier == TIER_A ? TIER_B : tier;
}

const char *context_text(const char *text, char *room, size_t size)
{
    snprintf(room, size, *text ? " '%s'" : "%s", text);
    return room;
}

const char *context_callee(const Fault *fault, char *room, size_t size)
{
    if (!fault->callee) return "this call";
    snprintf(room, size, "'%s()'", fault->callee->text);
    return room;
}

const char *context_fix(const Fault *fault, char *room, size_t size)
{
    snprintf(room, size, *fault->fix ? ": call %s before it" : "%s", fault->fix);
    return room;
}
