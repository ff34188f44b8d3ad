#ifndef PROGRAM_POINTS_H
#define PROGRAM_POINTS_H

#include <stdbool.h>

#include "base/vec.h"

/*
 * A small solver for "which functions can be in here": inclusion constraints between
 * nodes (variables, fields, parameters, results), after Andersen. A set holds functions
 * and places (nodes whose address is in it); besides, something unknown may be in it.
 */
typedef uint32_t NodeId; /* 0 is none: nothing flows in or out */

enum { POINTS_MAX = 200 }; /* a larger set is unknown */

typedef struct Points Points;

typedef struct PointsSite { /* an indirect call */
    NodeId callee, result;
    const NodeId *args;
    uint32_t narg;
} PointsSite;

typedef struct PointsSet {
    const uint32_t *fns; /* ascending */
    uint32_t n;
    bool is_complete;
} PointsSet;

/* Asked once for each function that is found to reach a site: adds what flows where. */
typedef void PointsBind(void *data, Points *points, const PointsSite *site, uint32_t fn);

Points *points_new(Arena *arena, PointsBind *bind, void *data);
NodeId points_node(Points *points);
NodeId points_unknown(const Points *points); /* where anything may come from */
/* What callers we do not see pass in: it does not hide what callers we see pass. */
NodeId points_strangers(const Points *points);
NodeId
points_outside(const Points *points); /* what gets here, others may write through */
void points_add_fn(Points *points, NodeId node, uint32_t fn);
void points_add_place(Points *points, NodeId node, NodeId place);
void points_copy(Points *points, NodeId from, NodeId to);
void points_load(Points *points, NodeId pointer, NodeId to);    /* to = *pointer */
void points_store(Points *points, NodeId pointer, NodeId from); /* *pointer = from */
void points_call(Points *points, PointsSite site);
void points_solve(Points *points);
PointsSet points_set(Points *points, NodeId node); /* after points_solve */

#endif
