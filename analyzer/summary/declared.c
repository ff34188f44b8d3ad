/* Contracts that stand in the source, for functions that nobody has a body or a model of. */
#include "summary/declared.h"

Summary *summary_declared_nullable(Arena *arena)
{
    enum { FRESH = 1, NONE = 2 };
    Summary *summary = ARENA_NEW(arena, Summary);
    summary->flags = SUMMARY_MODEL | SUMMARY_CLOBBERS_GLOBALS | SUMMARY_CLOBBERS_PARAMS;
    summary->nterm = 3;
    summary->terms = ARENA_ARRAY(arena, SummaryTerm, summary->nterm);
    summary->terms[FRESH].kind = TERM_FRESH;
    summary->terms[NONE].kind = TERM_NULL;
    summary->noutcome = 2;
    summary->outcomes = ARENA_ARRAY(arena, Outcome, summary->noutcome);
    summary->outcomes[0] =
        (Outcome){.result = FRESH, .result_range = range_of_class(CLASS_VALID)};
    summary->outcomes[1] = (Outcome){.result = NONE,
                                     .result_range = range_of_class(CLASS_NULL),
                                     .origin = ORIGIN_RETURN,
                                     .nature = NATURE_OPTIONAL};
    return summary;
}
