#ifndef FINDING_FINDING_H
#define FINDING_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/edit.h"
#include "base/err.h"
#include "base/hash.h"

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

/* In which builds it is true. */
typedef enum Builds {
    BUILDS_ALL,
    BUILDS_CHECKED, /* those that keep assertions */
    BUILDS_RELEASE  /* those that leave them out (NDEBUG) */
} Builds;

/* Against a baseline or a revision. */
typedef enum Age { AGE_UNASKED, AGE_NEW, AGE_KNOWN } Age;

/* A change of one file after which the finding is gone, the file still compiles, and nothing
 * new is found: all of that was tried. */
typedef struct Fix {
    const char *path;
    const char *text; /* what it does: "leave when '!p'" */
    Hash content;     /* of the file that it is a change of */
    const Edit *edits;
    uint32_t nedit;
} Fix;

typedef struct Finding {
    const char *rule_id;
    Tier tier;
    Builds builds;
    Place place;
    const char *text;   /* one sentence, self-contained, at most 1000 bytes */
    const char *advice; /* what to do */
    const char *function;
    const char *pointer; /* that is null, as written; NULL: it has no name */
    const Step *steps;   /* in the order they happen; the last is `place` */
    uint32_t nstep;
    const Step *related; /* other places with the same root cause */
    uint32_t nrelated;
    const ScoreTerm *terms;
    uint32_t nterm;
    double score;
    char likeness[33];    /* of rule, function, names and statement; of finding_settle */
    char fingerprint[33]; /* the same, but unique in the list; see finding_settle */
    Age age;
    bool blocks;            /* the gate fails for it; set where thresholds are known */
    bool is_hidden;         /* not to be shown, by a threshold */
    const char *suppressed; /* the reason of a suppression, or NULL */
    const Fix *fix;         /* NULL: none was asked for, or none is obvious */
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
/* Once, on the whole list: sets where each place ends, and `likeness` from the identity and
 * the text of the statement, which survive moved lines, renamed files and a formatter, sorts,
 * and numbers what is alike, so that every fingerprint is unique. Statements that cannot be read count as empty. */
void finding_settle(FindingList *list, Source *source, Arena *arena);

/* By path, line, column, rule, text: the order of every output, on every machine. */
int finding_compare(const void *a, const void *b);
/* Sorts, drops those with the same place, rule, text and function (the strongest tier and
 * the shortest path stays). */
void finding_sort(FindingList *list);

/* Bytes for the cache: finding_read(finding_write(x)) == x. Input is validated. */
void finding_write(Buf *out, const FindingList *list);
/* "only in builds without assertions (NDEBUG)"; NULL: in all. */
const char *builds_text(Builds builds);

bool finding_read(const char *bytes, size_t len, Arena *arena, FindingList *list,
                  Err *err);

#endif
