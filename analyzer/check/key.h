#ifndef CHECK_KEY_H
#define CHECK_KEY_H

#include "base/hash.h"
#include "flow/fault.h"
#include "program/program.h"

/*
 * What the engine asks the program while it runs one function, as hashes: equal ones give
 * equal answers. Each is made once.
 */
typedef struct Keys Keys;

/* requests: as the engine will have them, or NULL. */
Keys *keys_new(const Program *program, const Requests *requests, Arena *arena,
               Arena *scratch);
/* Of the function itself: its body and all that its text leads to, but for summaries. False:
 * it was not read from a fact, nothing can be kept by it. */
bool keys_fn(Keys *keys, const ProgramFn *fn, Hash *key);
/* Of a function or global that some summary names; all zero: there is none. */
Hash keys_named_fn(Keys *keys, const Name *link_name);
Hash keys_named_global(Keys *keys, const Name *link_name);

#endif
