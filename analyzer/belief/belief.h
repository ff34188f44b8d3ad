#ifndef BELIEF_BELIEF_H
#define BELIEF_BELIEF_H

#include "flow/flow.h"

/*
 * What the whole program believes. Evidence of single functions is merged by slot: a set
 * of sites, so that the order of functions does not matter and the same evidence twice
 * counts once. Votes are read off the merged set, never off a part of it.
 */
typedef struct Beliefs Beliefs;

/* How many sites of the program say what of one slot. */
typedef struct Tally {
    uint32_t sites[EVIDENCE_COUNT];
} Tally;

/* Of those who could have asked: how many asked. */
typedef struct Votes {
    uint32_t checked, unchecked;
} Votes;

/* What votes come to. */
typedef enum Verdict {
    VERDICT_NONE,  /* nobody else votes */
    VERDICT_NO,    /* too many do not ask */
    VERDICT_SOME,  /* at least half ask */
    VERDICT_CLEAR, /* fewer than five sites, and every other one asks */
    VERDICT_MANY   /* five sites or more, and four out of five ask */
} Verdict;

Beliefs *beliefs_new(Arena *arena);
void beliefs_add(Beliefs *beliefs, const Evidence *evidence, uint32_t n);

/* All zero when nothing is known of the slot. */
Tally belief_tally(const Beliefs *beliefs, Slot slot);
Votes belief_votes(const Beliefs *beliefs, Slot slot);
/* own: sites among the unchecked that are being judged, and do not vote on themselves. */
Verdict belief_verdict(Votes votes, uint32_t own);
/* How far the votes are from what chance would give if nine in ten asked (Engler's z): the
 * higher, the surer that not asking is the exception. */
double belief_z(Votes votes);

#endif
