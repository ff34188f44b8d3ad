#ifndef LSP_WORDS_H
#define LSP_WORDS_H

#include "run/session.h"

/* What a session knows of functions, ready to show. */

/* The contract of a function, as Markdown; nothing when the program has no such function. path:
 * where it is asked about; a static function of that file comes before others. */
void words_contract(Buf *out, Session *session, const char *path, const char *name,
                    Arena *arena);
/* [{"line": 12, "text": "3 callers do not check its result", "name": "f"}], lines from 1. */
void words_lenses(Buf *out, Session *session, const char *path, Arena *arena);

#endif
