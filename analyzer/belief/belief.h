#ifndef BELIEF_BELIEF_H
#define BELIEF_BELIEF_H

#include "base/buf.h"
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
    uint32_t
        excused; /* of the unchecked: callers have asked, or something else was asked that
                       * may go with it; they know, and do not vote */
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

/* Who answers for a use without a test. */
typedef enum Blame {
    BLAME_HERE,   /* the function itself: callers have no part in it, or there are none */
    BLAME_CALLER, /* a caller that does not ask either */
    BLAME_POINTER, /* it is called through a pointer: nobody can be asked */
    BLAME_NOBODY,  /* every caller has asked, or knows otherwise */
    BLAME_UNKNOWN  /* there are callers, and nothing is known of what they do */
} Blame;

Beliefs *beliefs_new(const Program *program, Arena *arena);
void beliefs_add(Beliefs *beliefs, const Evidence *evidence, uint32_t n);
/* Once all evidence is there, before votes are asked for. */
void beliefs_settle(Beliefs *beliefs);

/* All zero when nothing is known of the slot. */
Tally belief_tally(const Beliefs *beliefs, Slot slot);
Votes belief_votes(const Beliefs *beliefs, Slot slot);
/* own: sites among the unchecked that are being judged, and do not vote on themselves. */
Verdict belief_verdict(Votes votes, uint32_t own);
/* How far the votes are from what chance would give if nine in ten asked (Engler's z): the
 * higher, the surer that not asking is the exception. */
double belief_z(Votes votes);

/* What callers take for a failure of a function that returns a number. */
typedef enum Success {
    SUCCESS_UNKNOWN,
    SUCCESS_ZERO, /* they ask whether it is zero: it may be either */
    SUCCESS_SIGN  /* they ask whether it is negative: negative is failure */
} Success;

/* By how the callers compare it; unknown when they disagree. */
Success belief_success(const Beliefs *beliefs, const Name *fn);
/* Of the calls of the function: how many look at the number, how many throw it away. */
Votes belief_status(const Beliefs *beliefs, const Name *fn);

/* Follows a use without a test to those who call the function. is_guarded: something else was
 * asked of the same object on the way, and may go with it. */
Blame belief_blame(Beliefs *beliefs, const Evidence *use, bool *is_guarded);
/* The calls on the way to who answers, nearest first; how many. After belief_blame. */
uint32_t belief_callers(const Beliefs *beliefs, const Evidence *use, Site *sites,
                        uint32_t most);
/* A use without a test, as something for the rules to look at; false: there is nothing in it. */
bool belief_candidate(Beliefs *beliefs, const Evidence *use, Arena *arena,
                      Candidate *candidate);

/* One line a slot that somebody asks for or sets to null: for --dump=beliefs and tests. */
void beliefs_print(Buf *out, const Beliefs *beliefs);

#endif
