#ifndef BASE_SHAKE_H
#define BASE_SHAKE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Where the order of work must not matter, MODE=shake takes the last first; what comes out
 * must be the same bytes (tests/expect/shaken.sh).
 */
#ifdef SHAKE
enum { IS_SHAKEN = true };
#else
enum { IS_SHAKEN = false };
#endif

static inline uint32_t shaken(uint32_t i, uint32_t n)
{
#ifdef SHAKE
    return n - 1 - i;
#else
    (void)n;
    return i;
#endif
}

#endif
