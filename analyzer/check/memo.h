#ifndef CHECK_MEMO_H
#define CHECK_MEMO_H

#include "base/bytes.h"
#include "flow/flow.h"

/*
 * Runs of the engine that are remembered from one run of the program to the next. A run says
 * again what it said when the function is what it was, and everything that it asked for has
 * the same answer: so what comes out is what would have come out, to the byte.
 *
 * Three files belong together: what was asked and what was seen; the summaries; the evidence.
 */
typedef enum MemoAsk {
    MEMO_SUMMARY,    /* the summary of a function that is called by name */
    MEMO_BY_POINTER, /* ... through a pointer */
    MEMO_FN,         /* what the program says of a function that a summary names */
    MEMO_GLOBAL
} MemoAsk;

typedef struct MemoRead {
    MemoAsk ask;
    const Name *name;
    Hash answer;
} MemoRead;

typedef struct MemoRun {
    Hash key; /* see key.h */
    MemoRead *reads;
    uint32_t nread;
    FlowResult result;
    Hash content;    /* of the summary, summary_hash(); all zero: nobody has asked yet */
    uint32_t next;   /* with the same key, 0 none */
    bool is_current; /* this run of the program has used it */
} MemoRun;

enum { MEMO_FILES = 3 };

typedef struct Memo Memo;

/* files: as memo_write gave them; len 0 or damaged: as if there were none. Nothing of the
 * memo points into them. */
Memo *memo_read(const char *const files[MEMO_FILES], const size_t lens[MEMO_FILES],
                Names *names, Arena *arena);
/* First run with this key, 0 none; others follow by MemoRun.next. */
uint32_t memo_first(const Memo *memo, Hash key);
/* Valid until the next memo_add. */
MemoRun *memo_run(const Memo *memo, uint32_t at);
/* Its lists must live as long as the memo. */
void memo_add(Memo *memo, MemoRun run);
/* Makes the files anew, of what was used or added since memo_read, if anything was added. */
void memo_write(Memo *memo, Names *names, Arena *scratch);
/* From now on no files are made: what is added is for this process alone. */
void memo_freeze(Memo *memo);
/* MEMO_FILES of them; NULL: what was read says it all. */
const Buf *memo_files(const Memo *memo);

#endif
