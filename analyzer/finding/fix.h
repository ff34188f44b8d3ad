#ifndef FINDING_FIX_H
#define FINDING_FIX_H

#include "finding/finding.h"

/* Fixes of findings, file by file. */
typedef struct FixedFile {
    const char *path; /* as findings have it */
    const char
        *before; /* NULL: it is not what was analysed any more; nothing can be done */
    size_t before_len;
    const char *after;
    size_t after_len;
    Edit *edits; /* from before to after */
    uint32_t nedit;
} FixedFile;

typedef struct FixedFiles {
    FixedFile *at; /* by path */
    uint32_t n;
    bool *is_fixed; /* by finding: its fix is among the edits */
    uint32_t nleft; /* fixes in functions that get another one: each was tried alone */
} FixedFiles;

/* Of findings that are not suppressed, hidden or known, and at least of that tier; one fix a function. Reads the
 * files below root, and writes nothing. */
FixedFiles fixes_of(const FindingList *findings, Tier weakest, const char *root,
                    Arena *arena);

#endif
