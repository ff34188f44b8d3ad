#ifndef RUN_ANSWER_H
#define RUN_ANSWER_H

#include "base/buf.h"
#include "frontend/repair.h"

/* A RepairAnswer as bytes, in front of the fact it came with: from a worker to the conductor. */
void repair_answer_write(Buf *out, const RepairAnswer *answer);
/* *used: where the fact begins. False: the bytes are no answer. */
bool repair_answer_read(const char *bytes, size_t len, Arena *arena, RepairAnswer *answer,
                        size_t *used);

#endif
