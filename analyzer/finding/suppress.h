#ifndef FINDING_SUPPRESS_H
#define FINDING_SUPPRESS_H

#include "finding/finding.h"
#include "finding/source.h"

/*
 * Comments in the source that silence a finding:
 *
 *   // sluice:allow RULE reason        this line; standing alone: the statement below;
 *                                      before the first code of a file: the whole file
 *   // sluice:allow-begin RULE reason  from here
 *   // sluice:allow-end RULE           ... to here
 *   // NOLINT(sluice-RULE) reason      and NOLINTNEXTLINE, NOLINTBEGIN, NOLINTEND
 *
 * They work at the finding's place and, but for those of a whole file, at any step of its
 * path. Rules are separated by commas (no blanks behind them), "null-*" names a family;
 * NOLINT may also name rules of other tools, which we leave alone.
 */

/* Ids of what we say about the comments themselves. */
#define SUPPRESS_UNUSED    "suppression-unused"
#define SUPPRESS_NO_REASON "suppression-without-reason"

/* Sets `suppressed` of the findings. Returned: notes on comments that silence nothing or
 * give no reason, sorted, for the files in `paths` and those that the findings touch. */
FindingList suppress_apply(FindingList *findings, const char *const *paths,
                           uint32_t npath, Source *source, Arena *arena);

#endif
