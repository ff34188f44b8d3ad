/* Contracts that stand in the source, for functions that nobody has a body or a model of. */
#include "summary/declared.h"

#include "ir/ir.h"

static const Summary *or_null(Arena *arena, NullOrigin origin, NullNature nature)
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
                                     .origin = origin,
                                     .nature = nature};
    return summary;
}

Declared declared_new(Arena *arena)
{
    return (Declared){
        .nullable = or_null(arena, ORIGIN_RETURN, NATURE_OPTIONAL),
        .alloc = or_null(arena, ORIGIN_ALLOC, NATURE_FAILURE),
    };
}

const Summary *declared_result(const Declared *declared, uint32_t flags)
{
    if (flags & FN_RETURNS_NONNULL) return NULL;
    if (flags & FN_RETURNS_NULLABLE) return declared->nullable;
    return flags & (FN_MALLOC | FN_ALLOC_SIZE) ? declared->alloc : NULL;
}
