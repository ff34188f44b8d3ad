#ifndef FRONTEND_CLAIM_H
#define FRONTEND_CLAIM_H

#include "frontend/lower.h"

/* Reads "(condition, ...)" at `node` and assumes it; what it cannot read it leaves. */
void claim_assume(Lower *lower, Node *node, Text text, bool is_negated,
                  const char *macro);

#endif
