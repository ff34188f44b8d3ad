#ifndef CONTRACT_PHRASE_H
#define CONTRACT_PHRASE_H

#include "contract/records.h"

/* Terms and guards of one function's summary, the way its author would write them. */
typedef struct Phrase {
    const Records *records;
    const ProgramFn *fn;
    const Summary *summary;
    Arena *arena;
} Phrase;

/* "t->last", "flags & 4"; NULL when there is no name for it. */
const char *phrase_value(const Phrase *phrase, TermId term);
/* What stands at an address: "*out", "t->last". NULL when there is no name for it. */
const char *phrase_place(const Phrase *phrase, TermId address);
/* "t->size == 0", "mode is from 1 to 4"; NULL when there is no name for it. */
const char *phrase_guard(const Phrase *phrase, Guard guard);
const char *phrase_global(const Phrase *phrase, TermId term); /* a GLOBAL itself */
const char *phrase_param(const Phrase *phrase, uint32_t param);
/* What a number of this range is called: "0", "a negative number"; "" anything. */
const char *phrase_number(const Phrase *phrase, Range range);
/* Of what stands at an address; TYPE_VOID unknown. */
TypeKind phrase_place_type(const Phrase *phrase, TermId address);
/* Says nothing: what a mask leaves is within the mask. */
bool phrase_is_idle(const Phrase *phrase, Guard guard);

#endif
