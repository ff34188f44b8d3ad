#ifndef FRONTEND_INIT_H
#define FRONTEND_INIT_H

#include "frontend/tree.h"

/*
 * Walks an initialiser and says, scalar by scalar, which part of the object gets which
 * expression: designators, nested and elided braces resolved.
 */
enum { INIT_DEPTH = 32 };

typedef struct InitStep {
    Decl *field;    /* NULL: an element */
    uint64_t index; /* of the element */
    TypeInfo *type; /* of the part this step leads to */
    uint64_t bits;  /* offset of the part in its parent */
} InitStep;

typedef struct InitPath {
    InitStep steps[INIT_DEPTH];
    uint32_t n;
} InitPath;

typedef struct InitSink {
    /* One part and its expression: a scalar, a whole record, a string for a char array. */
    void (*put)(void *data, const InitPath *path, TypeInfo *type, Node *node);
    void *data;
    uint32_t range_limit; /* elements of [a ... b] that are written out */
} InitSink;

void init_walk(Parse *parse, const InitSink *sink, TypeInfo *type, Node *node);

#endif
