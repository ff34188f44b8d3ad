#ifndef SUMMARY_COMPACT_H
#define SUMMARY_COMPACT_H

#include "summary/summary.h"

/* One form for all tables of terms that say the same: only terms that something names, numbered
 * in the order they are named, fresh values as well. Lists that hold numbers of terms are
 * made anew in `arena`. */
void summary_compact(Summary *summary, Arena *arena, Arena *scratch);

#endif
