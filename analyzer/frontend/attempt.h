#ifndef FRONTEND_ATTEMPT_H
#define FRONTEND_ATTEMPT_H

#include "base/buf.h"
#include "frontend/parse.h"

/*
 * One parse, with flags taken back that the library refuses: a command line of another compiler
 * must not cost the file. The same command always ends with the same flags.
 */

/* A word of the command that the library was not given as it stands. */
typedef struct Change {
    const char *from, *to; /* to NULL: left out */
} Change;

typedef struct Attempt {
    Frontend *frontend;
    Arena *arena;
    const char *path;
    Words args;
    struct CXUnsavedFile *unsaved;
    unsigned nunsaved;
    unsigned options; /* of clang_parseTranslationUnit2 */
    bool only_named;  /* give up when it does not say what it refuses */
    /* What came of it. */
    CXTranslationUnit tu; /* NULL: none */
    enum CXErrorCode code;
    const char *why; /* without a TU: the library's first complaint, or NULL */
    VEC(Change) changes;
} Attempt;

void attempt_parse(Attempt *attempt);
/* What was changed, as a sentence; NULL: nothing. */
const char *attempt_changes(const Attempt *attempt);

#endif
