#ifndef CONTEXT_SNIPPET_H
#define CONTEXT_SNIPPET_H

#include "base/err.h"
#include "base/vec.h"

/* A small program that a model carries (`tests:`); its comments say what must be found in it:
 * "// expect: RULE", perhaps with a part of the message in quotes, several between semicolons. */
typedef struct ContextSnippet {
    const char *about; /* "" when nothing is said */
    const char *code;
    uint32_t line; /* of the model, where the first line of the code stands */
} ContextSnippet;

typedef struct ContextSnippets {
    VEC(ContextSnippet) list;
} ContextSnippets;

/* The snippets of one file, in order. Errors are "file:line:column: what is wrong". */
bool context_snippets(const char *file, const char *text, size_t len, Arena *arena,
                      ContextSnippets *out, Err *err);

#endif
