#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* What the user sees. Plain data: reporters know this and nothing behind it. */

typedef enum Tier {
    TIER_A = 1, /* blocks by default */
    TIER_B,     /* warns */
    TIER_C      /* a note, hidden unless asked for */
} Tier;

typedef struct Place {
    const char *path;      /* relative to the root, or absolute outside it */
    uint32_t line, column; /* columns count bytes from 1 */
    uint32_t end_column;   /* exclusive; 0 unknown */
} Place;

typedef struct Step {
    Place place;
    const char *text;     /* "'p' is set to NULL" */
    const char *function; /* the function this step is in */
    uint32_t depth;       /* 0 in the finding's function, 1 in a callee, ... */
} Step;

/* One reason behind the tier: shown by --verbose, in SARIF properties. */
typedef struct ScoreTerm {
    const char *name;
    double value;
} ScoreTerm;

typedef struct Finding {
    const char *rule_id;
    Tier tier;
    Place place;
    const char *text;   /* one sentence, self-contained, at most 1000 bytes */
    const char *advice; /* what to do */
    const char *function;
    const Step *steps; /* in the order they happen; the last is `place` */
    uint32_t nstep;
    const Step *related; /* other places with the same root cause */
    uint32_t nrelated;
    const ScoreTerm *terms;
    uint32_t nterm;
    double score;
    char fingerprint
        [33]; /* rule, function, names and ordinal: survives moved lines and renamed files */
    const char *suppressed; /* the reason of a suppression, or NULL */
} Finding;

typedef struct FindingList {
    Finding *at;
    uint32_t n;
} FindingList;

typedef struct Source Source; /* finding/source.h */

/* What the finding is, apart from where it is: sets `fingerprint` from rule, function and
 * the names it is about (the pointer as written, the callee, ...; NULL ones are skipped).
 * Called where the finding is made; finding_settle does the rest. */
void finding_identify(Finding *finding, const char *const *names, uint32_t nname);
/* Once, on the whole list: mixes the text of the source line, blanks dropped, into each
 * fingerprint, then sorts. Lines that cannot be read count as empty. */
void finding_settle(FindingList *list, Source *source, Arena *arena);

/* By path, line, column, rule, text: the order of every output, on every machine. */
int finding_compare(const void *a, const void *b);
/* Sorts, drops those with the same place, rule, text and function (the strongest tier and
 * the shortest path stays), numbers equal fingerprints. */
void finding_sort(FindingList *list, Arena *arena);

/* Bytes for the cache: finding_read(finding_write(x)) == x. Input is validated. */
void finding_write(Buf *out, const FindingList *list);
bool finding_read(const char *bytes, size_t len, Arena *arena, FindingList *list,
                  Err *err);

#endif
