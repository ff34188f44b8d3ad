#ifndef BASE_EDIT_H
#define BASE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* A part of a text that is written anew: `cut` bytes from `offset` on give way to `text`. */
typedef struct Edit {
    uint32_t offset, cut;
    const char *text;
} Edit;

/* Sorts by offset; those at the same offset keep their order. */
void edit_sort(Edit *edits, uint32_t n);
/* No two of the sorted edits touch the same bytes. */
bool edit_is_disjoint(const Edit *edits, uint32_t n, size_t len);
/* The text with the sorted, disjoint edits made; a NUL follows that is not counted. */
char *edit_apply(const char *text, size_t len, const Edit *edits, uint32_t n,
                 Arena *arena, size_t *made);

#endif
