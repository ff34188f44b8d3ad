/*
 * How sure a report is, in terms that a reader can check: what speaks for it (others test
 * this result, a declaration asks for an object) and what against (frames, paths that were
 * joined, conditions that only a callee tests). Tiers are chosen by the rules; the score ranks
 * within a tier, and its terms are shown with --verbose and in SARIF's properties.
 */
#include <math.h>

#include "rules/null/null.h"

typedef struct Weight {
    uint32_t flag; /* CandidateFlag */
    const char *name;
    double value;
} Weight;

static const Weight weights[] = {
    {CANDIDATE_MERGED, "merged-paths", -0.8},
    {CANDIDATE_ASSUMED, "condition-in-callee", -1},
    {CANDIDATE_LATENT_MAY, "callee-condition", -1.5},
    {CANDIDATE_INDIRECT, "indirect-call", -1},
    {CANDIDATE_LOOP, "loop-exit", -0.5},
    {CANDIDATE_MACRO, "macro-on-path", -0.5},
    {CANDIDATE_LATER, "later-condition", -0.5},
    {CANDIDATE_LAST_ELSE, "no-branch-taken", -0.5},
    {CANDIDATE_OTHER_NULL, "another-null-on-path", -0.5},
};

/* The same digits on every machine. */
static double hundredths(double value)
{
    return round(value * 100) / 100;
}

/* Functions that the path visits, besides the one it is reported in. */
static uint32_t frames_of(const Check *check, const Candidate *candidate)
{
    uint32_t n = 0;
    const Name *last = check_function(check)->link_name;
    for (uint32_t i = 0; i < candidate->nstep; i++) {
        const Name *fn = candidate->steps[i].site.fn;
        n += fn != last && fn != check_function(check)->link_name;
        last = fn;
    }
    return n;
}

static bool is_declared(const Check *check, const Candidate *candidate)
{
    const ProgramFn *fn = check_fn_of(check, candidate->target);
    return candidate->kind == CANDIDATE_ARG && fn && candidate->param < fn->fn->nparam &&
           fn->fn->params[candidate->param].is_nonnull;
}

void null_score(Check *check, const Candidate *candidate, double kind)
{
    report_term(check, "kind", kind);
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++)
        if (candidate->flags & weights[i].flag)
            report_term(check, weights[i].name, weights[i].value);
    uint32_t nframe = frames_of(check, candidate);
    if (nframe) report_term(check, "frames", -hundredths(0.7 * nframe));
    if (candidate->origin == ORIGIN_ALLOC) report_term(check, "out-of-memory-only", -2);
    if (is_declared(check, candidate)) report_term(check, "declared-non-null", 1.2);
    if (null_is_disbelieved(check, candidate))
        report_term(check, "others-do-not-test", -1);
    if (check_always_passed(check, candidate->tested_param))
        report_term(check, "callers-never-pass-null", -2);
}

void null_score_votes(Check *check, Votes votes)
{
    /* This site is one of the unchecked. */
    uint32_t others = votes.unchecked ? votes.unchecked - 1 : 0;
    report_term(check, "checked-elsewhere", hundredths(1.5 * log2(1 + votes.checked)));
    report_term(check, "unchecked-elsewhere", -hundredths(2 * log2(1 + others)));
    double z = belief_z((Votes){votes.checked, others});
    if (votes.checked + others) report_term(check, "vote", hundredths(z));
}

void null_score_callers(Check *check, Votes votes)
{
    report_term(check, "callers-rely", hundredths(1.5 * log2(1 + votes.unchecked)));
    report_term(check, "callers-test", -hundredths(2 * log2(1 + votes.checked)));
}
