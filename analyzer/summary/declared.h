#ifndef SUMMARY_DECLARED_H
#define SUMMARY_DECLARED_H

#include "summary/summary.h"

/* What a declaration alone says of a function whose result is _Nullable: it may be null, that
 * is an ordinary answer, and what else happens is not known. */
Summary *summary_declared_nullable(Arena *arena);

#endif
