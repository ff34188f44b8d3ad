#ifndef FINDING_SUPPRESS_H
#define FINDING_SUPPRESS_H

#include "finding/finding.h"
#include "finding/source.h"

/*
 * Comments in the source that silence a finding:
 *
 *   // sluice:allow RULE reason       this line, or the next one when it stands alone;
 *                                     before the first code of a file: the whole file
 *   // NOLINT(sluice-RULE) reason     this line
 *   // NOLINTNEXTLINE(sluice-RULE) reason
 *
 * They work at the finding's place and at any step of its path. Rules are separated by
 * commas; NOLINT may also name rules of other tools, which we leave alone.
 */

/* Ids of what we say about the comments themselves. */
#define SUPPRESS_UNUSED    "suppression-unused"
#define SUPPRESS_NO_REASON "suppression-without-reason"

/* Sets `suppressed` of the findings. Returned: notes on comments that silence nothing or
 * give no reason, sorted, for the files in `paths` and those that the findings touch. */
FindingList suppress_apply(FindingList *findings, const char *const *paths,
                           uint32_t npath, Source *source, Arena *arena);

#endif
