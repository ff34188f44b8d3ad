#ifndef BASE_LOC_H
#define BASE_LOC_H

#include <stdint.h>

/* Where something was written. line 0 means "nowhere". Columns count bytes from 1. */
typedef struct Loc {
    uint32_t file; /* index into the file table of the unit */
    uint32_t line;
    uint32_t column;
} Loc;

#endif
