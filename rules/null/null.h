#ifndef RULES_NULL_NULL_H
#define RULES_NULL_NULL_H

#include "rules/rules.h"

/* Says why we are as sure as we are; `kind`: what the kind of defect is worth by itself. Before
 * report(). */
void null_score(Check *check, const Candidate *candidate, double kind);
void null_score_votes(Check *check, Votes votes);
/* ... of a defect in the callee: those who rely on it speak for it. */
void null_score_callers(Check *check, Votes votes);

/* Nulls that are no ground for a report: made up by a macro's or a callee's own caution. */
bool null_is_hearsay(const Candidate *candidate);

/* The callee's own conditions decide, and they are more than a number that it is passed. */
bool null_is_optional(const Candidate *candidate);

/* Of a use that goes against the pointer's own declaration, what that says: "is declared
 * _Nullable"; NULL: it is no such use. */
const char *null_declared(const Candidate *candidate);

/* The tier of a null that this very function made or found: A unless something on the way
 * is not certain. */
Tier null_tier_here(const Check *check, const Candidate *candidate);

/* The tier of a result that can be null, by what the other callers do; 0: say nothing. */
/* 0 for a callee of which nothing is known, when the others do not check it either. */
Tier null_tier_votes(Check *check, const Candidate *candidate);
/* Nearly everybody checks its result, and at most one caller does not. */
bool null_is_custom(Check *check, const Name *callee);

/* " 'p'": what a result is called where it is used; "" when it is used as it comes. */
const char *null_result_name(const Candidate *candidate, char *room, size_t size);
/* "checked at 15 of 18 call sites", or "" when nobody else calls it. */
const char *null_votes_text(const Check *check, const Name *callee, char *room,
                            size_t size);

/* Of a use without a test (CANDIDATE_UNCHECKED), by the votes on its slot; 0: say nothing. */
Tier null_belief_tier(Check *check, const Candidate *candidate);
/* A test of a field or a global that nearly nobody else tests: left over rather than believed. */
bool null_is_disbelieved(const Check *check, const Candidate *candidate);
void null_belief_score(Check *check, const Candidate *candidate);
/* "7 of 8 functions that use it test it" */
const char *null_belief_vote(const Check *check, const Candidate *candidate, char *room,
                             size_t size);

#endif
