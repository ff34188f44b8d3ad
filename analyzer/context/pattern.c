/* PCRE2 with limits: models are input, and input must not be able to stop a run. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "context/pattern.h"

#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

enum { MOST_STEPS = 100000, MOST_DEPTH = 1000, MOST_PATTERN = 2000 };

struct PatternSpace {
    Arena *arena;
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *match;
    pcre2_match_data *data;
};

static void *take(size_t size, void *arena)
{
    return arena_take_raw(arena, size, _Alignof(max_align_t));
}

static void leave(void *at, void *arena)
{
    (void)at;
    (void)arena;
}

PatternSpace *pattern_space(Arena *arena)
{
    PatternSpace *space = ARENA_NEW(arena, PatternSpace);
    space->arena = arena;
    space->general = pcre2_general_context_create(take, leave, arena);
    space->compile = pcre2_compile_context_create(space->general);
    space->match = pcre2_match_context_create(space->general);
    space->data = pcre2_match_data_create(2, space->general);
    pcre2_set_match_limit(space->match, MOST_STEPS);
    pcre2_set_depth_limit(space->match, MOST_DEPTH);
    pcre2_set_max_pattern_length(space->compile, MOST_PATTERN);
    return space;
}

const Pattern *pattern_new(PatternSpace *space, const char *text, char fault[160],
                           size_t *at)
{
    int error;
    PCRE2_SIZE offset;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, strlen(text), PCRE2_UTF, &error,
                                     &offset, space->compile);
    if (!code) {
        char why[120];
        pcre2_get_error_message(error, (PCRE2_UCHAR *)why, sizeof why);
        snprintf(fault, 160, "this is no pattern: %s", why);
        *at = offset;
        return NULL;
    }
    Pattern *pattern = ARENA_NEW(space->arena, Pattern);
    *pattern = (Pattern){arena_copy(space->arena, text, strlen(text)), code, space};
    return pattern;
}

static int match(const Pattern *pattern, const char *text, size_t len)
{
    PatternSpace *space = pattern->space;
    return pcre2_match(pattern->code, (PCRE2_SPTR)text, len, 0, 0, space->data,
                       space->match);
}

bool pattern_matches(const Pattern *pattern, const char *text, size_t len)
{
    return pattern && match(pattern, text, len) >= 0;
}

bool pattern_group(const Pattern *pattern, const char *text, size_t len, size_t *start,
                   size_t *end)
{
    int n = pattern ? match(pattern, text, len) : -1;
    if (n < 0) return false;
    const PCRE2_SIZE *range = pcre2_get_ovector_pointer(pattern->space->data);
    int group = n >= 2 && range[2] != PCRE2_UNSET ? 1 : 0;
    *start = range[2 * group];
    *end = range[2 * group + 1];
    return true;
}
