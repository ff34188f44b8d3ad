#ifndef CONTRACT_DECLARE_H
#define CONTRACT_DECLARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Function declarations in the text of a header, as far as they can be read without its macros. */
typedef struct Declaration {
    const char *name; /* in the text */
    size_t name_len;
    uint32_t nparam;
    size_t result_star;  /* behind the last star of the result; 0: none that is plain */
    size_t *param_stars; /* per parameter, the same */
    size_t end;          /* of the semicolon */
    bool has_attribute;  /* nonnull, in some spelling */
} Declaration;

typedef struct Declarations {
    Declaration *at;
    uint32_t n;
    uint32_t first_line,
        last_line;  /* inside the include guard: lines (from 0) before which
                                       something can be put */
    bool is_framed; /* it knows of clang's nullability already */
} Declarations;

Declarations declarations_read(const char *text, size_t len, Arena *arena);

#endif
