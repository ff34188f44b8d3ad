#ifndef IR_ASSERTION_H
#define IR_ASSERTION_H

#include <stdbool.h>

/* The macro is an assertion, by its name. *is_negated: it states that its condition is false. */
bool assertion_is(const char *name, bool *is_negated);
/* One that some builds leave out: assert, DEBUGASSERT. Others (a server's own) may always stay. */
bool assertion_is_optional(const char *name);

#endif
