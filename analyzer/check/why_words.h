#ifndef CHECK_WHY_WORDS_H
#define CHECK_WHY_WORDS_H

#include "check/why.h"

typedef struct View {
    Why *why;
    const ProgramFn *fn;
    const Watch *watch;
} View;

/* The instruction of that number, and its block; NULL none. */
const Ins *why_ins(const View *view, uint32_t number, uint32_t *block);
const char *why_callee(const View *view, const Ins *ins); /* "f()", or "the call" */

const char *why_candidate_use(const Why *why, const Candidate *candidate);
const char *why_sight_use(const View *view, const Sight *sight);
/* Why rules do not believe in this null. */
const char *why_doubt(const Why *why, const Candidate *candidate);
/* What keeps null away on a path. */
WhyKind why_kind_of(const Sight *sight);
const char *why_reason(const View *view, const Sight *sight);

#endif
