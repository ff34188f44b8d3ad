#ifndef FINDING_PATCH_H
#define FINDING_PATCH_H

#include "finding/finding.h"

/* Lines that a unified diff added or changed (first..last), or, when last < first, the place
 * behind line `last` where it took some away. */
typedef struct PatchRange {
    const char *path; /* of the file as it is now, without "b/" */
    uint32_t first, last;
} PatchRange;

typedef struct Patch {
    PatchRange *at;
    uint32_t n, nfile;
} Patch;

/* What `git diff` or `diff -u` writes. Takes any bytes; false (ERR_USAGE): this is no diff. An
 * empty text is an empty diff. */
bool patch_read(const char *text, size_t len, Arena *arena, Patch *patch, Err *err);

/*
 * Sets the age: new is a finding whose place or any step is on a line of the patch, or whose
 * steps in the finding's own function stand on both sides of what was taken away. A path of
 * the patch is that of a finding when it is equal to it or ends in "/" and it.
 */
void patch_apply(const FindingList *findings, const Patch *patch);

#endif
