#ifndef PROGRAM_COMPONENTS_H
#define PROGRAM_COMPONENTS_H

#include "program/tables.h"

/* Strongly connected components of a part of a graph, callees first. */
typedef struct Components Components;

/* Told of each component; `members` in any order. */
typedef void ComponentEnd(void *data, const uint32_t *members, uint32_t n);

/* group: by node, or NULL; edges between different groups are not followed. */
Components *components_new(CallList calls, uint32_t nnode, const uint32_t *group,
                           ComponentEnd *end, void *data, Arena *arena);
/* All that can be reached from this node and was not seen before. */
void components_from(Components *components, uint32_t node);

#endif
