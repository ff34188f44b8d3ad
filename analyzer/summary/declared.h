#ifndef SUMMARY_DECLARED_H
#define SUMMARY_DECLARED_H

#include "summary/summary.h"

/* What declarations alone say of results; of what else happens nothing is known. */
typedef struct Declared {
    const Summary
        *nullable;        /* _Nullable: it may be null, and that is an ordinary answer */
    const Summary *alloc; /* malloc, alloc_size: memory, or null when there is none */
} Declared;

Declared declared_new(Arena *arena);
/* NULL: it says nothing. `flags`: FnFlag. */
const Summary *declared_result(const Declared *declared, uint32_t flags);

#endif
