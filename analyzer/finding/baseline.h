#ifndef FINDING_BASELINE_H
#define FINDING_BASELINE_H

#include "finding/finding.h"

/* A finding that was there before: of a baseline file, or of the program at a revision. */
typedef struct Known {
    const char *rule_id;
    const char *path;
    const char *function; /* "" none */
    const char *likeness; /* Finding.likeness */
    bool is_met;          /* it is still there */
} Known;

typedef struct KnownList {
    Known *at;
    uint32_t n;
} KnownList;

/* A file that has another name now. Paths as in findings. */
typedef struct Moved {
    const char *before, *after;
} Moved;

/* What may stay: findings that nothing suppresses. The list must be settled. */
KnownList baseline_of(const FindingList *findings, Arena *arena);

/*
 * Sets the age of findings and `is_met` of what is known. Every known finding is good for one
 * of its likeness: in its own file first, then in the file that it was moved to, then anywhere.
 * So n known ones and n + 1 today make one new. Suppressed findings meet nothing. What an
 * earlier call found known stays so.
 */
void baseline_apply(const FindingList *findings, const KnownList *known,
                    const Moved *moves, uint32_t nmove);

#endif
