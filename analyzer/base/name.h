#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * An interned string: equal text means equal pointer (within one table), so names
 * compare with ==. Order names by their text, never by address: addresses differ
 * between runs.
 */
typedef struct Name {
    uint32_t len;
    uint32_t hash;
    char text[];
} Name;

typedef struct Names Names;

Names *names_new(Arena *arena);
const Name *name_of(Names *names, const char *text);
const Name *name_of_range(Names *names, const char *text, size_t len);
int name_compare(const Name *a, const Name *b); /* by text; NULL comes first */

#endif
