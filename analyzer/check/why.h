#ifndef CHECK_WHY_H
#define CHECK_WHY_H

#include "check/inner.h"
#include "finding/why.h"

/* Collects answers on one line while a program is checked. */
typedef struct Why {
    const Check *check;
    const Summary *(*summary_of)(void *data, const ProgramFn *fn, bool by_pointer);
    void *data;
    Arena *arena;
    const char *path;
    uint32_t line;
    VEC(WhyAnswer) answers;
} Why;

/* The candidate at work was judged: what became of it? */
void why_candidate(Why *why, const Candidate *candidate);
/* Some instruction of the function stands on the line. */
bool why_has_line(const Why *why, const ProgramFn *fn);
/* What the engine saw on the line in this function. */
void why_function(Why *why, const ProgramFn *fn, const FlowResult *result,
                  const Watch *watch);
/* By place, use, kind. */
void why_sort(Why *why);

#endif
