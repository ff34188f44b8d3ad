#ifndef BASE_TEMPORARY_H
#define BASE_TEMPORARY_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * A folder of our own for temporary files. It goes when we go, however that happens: a process
 * of its own waits for our end and removes it, so that no signal needs to be handled for it.
 */
typedef struct Temporary {
    const char *path; /* NULL: there is none */
    int guard;        /* what the other process listens to, or -1 */
} Temporary;

/* Below $TMPDIR or /tmp. False: none can be made. */
bool temporary_make(Temporary *temporary, Arena *arena);
/* With the files in it; folders in it stay, and so does it then. A second time does nothing. */
void temporary_remove(Temporary *temporary);

#endif
