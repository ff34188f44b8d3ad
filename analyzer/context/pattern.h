#ifndef CONTEXT_PATTERN_H
#define CONTEXT_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Names in models are regular expressions (PCRE2, unanchored). Matching is bounded: an
 * expression that would take too long does not match. All memory is the arena's.
 */
typedef struct Pattern {
    const char *text;
    struct pcre2_real_code_8 *code;
    struct PatternSpace *space;
} Pattern;

typedef struct PatternSpace PatternSpace;

PatternSpace *pattern_space(Arena *arena);
/* NULL: what is wrong is in `fault`, and *at is the byte where. */
const Pattern *pattern_new(PatternSpace *space, const char *text, char fault[160],
                           size_t *at);
bool pattern_matches(const Pattern *pattern, const char *text, size_t len);
/* The range of group 1, or of the whole match when there is no group. False: no match. */
bool pattern_group(const Pattern *pattern, const char *text, size_t len, size_t *start,
                   size_t *end);

#endif
