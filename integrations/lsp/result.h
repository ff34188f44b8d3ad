#ifndef LSP_RESULT_H
#define LSP_RESULT_H

#include "analyst.h"
#include "channel.h"

/* What is worth showing of a run's result, for the way to the server. */
void result_write(Buf *out, const RunResult *result, Arena *arena);
/* False: it is damaged. */
bool result_read(Message message, Arena *arena, ResultMessage *result);

#endif
