#ifndef CONTRACT_WORDS_H
#define CONTRACT_WORDS_H

#include "base/buf.h"
#include "base/vec.h"
#include "contract/contract.h"

/* One contract on its way into sentences. */
typedef struct Words {
    Arena *arena;
    const Contract *contract;
    VEC(const char *) lines;
} Words;

enum { MOST_CASES = 3 };

void words_say(Words *words, const Buf *line);
void words_text(Words *words, const char *text);
/* "a and b and 2 more conditions" */
void words_when(Buf *out, const char *const *when, uint32_t n);
/* "line 12", or "other.h:12" */
void words_line(Buf *out, const Words *words, Place place);
/* " when a and b (line 12)", " in some cases" */
void words_case(Buf *out, const Words *words, const ContractCase *one);
/* The conditions are the same. */
bool words_same_case(const ContractCase *a, const ContractCase *b);
/* A case before it reads the same: what they leave in memory differs. */
bool words_is_told(const Contract *contract, uint32_t i);
/* No case before it has the same result. */
bool words_is_first(const Contract *contract, uint32_t i);

/* Everything that is asked of what demand `first` is about, in one sentence. */
const char *words_demand(const Contract *contract, uint32_t first, Arena *arena);

/* words_memory.c: what is written, what is asked, what is called back. */
void words_memory(Words *words);

#endif
