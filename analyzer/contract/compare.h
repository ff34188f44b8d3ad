#ifndef CONTRACT_COMPARE_H
#define CONTRACT_COMPARE_H

#include "contract/diff.h"

enum { MOST_CHANGES = 16 };

/* What one function promises and asks differently; at most MOST_CHANGES. Nothing is said of
 * what either version is not known well enough for. */
uint32_t compare_contracts(const Contract *before, const Contract *after,
                           ContractChange *changes, Arena *arena);

#endif
