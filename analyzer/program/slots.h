#ifndef PROGRAM_SLOTS_H
#define PROGRAM_SLOTS_H

#include "program/points.h"
#include "program/tables.h"

/* What slots.c (the nodes of the program) and walk.c (what instructions do to them) share. */

/* What a temporary is. */
typedef struct Value {
    enum { VALUE_NONE, VALUE_NULL, VALUE_NODE, VALUE_PLACE } kind;
    NodeId node; /* PLACE: the node of the variable or field it is the address of */
    const ProgramGlobal *global; /* PLACE: the global it is in */
    bool can_hold_fn;            /* PLACE: by its type, a pointer to function */
} Value;

typedef struct Slots {
    Program *program;
    Arena *scratch;
    Points *points;
    NodeId *fn_values;    /* by function: the node that holds its address */
    uint32_t *fn_locals;  /* by function: where its locals begin in local_nodes */
    NodeId *local_nodes;  /* local 0 stands for the result */
    NodeId *global_nodes; /* by global */
    bool *has_fn_init;    /* by global: an array of functions */
    Map field_nodes;      /* field identity -> node */
    Map own_fields;       /* node of the merged field * 2^32 | global -> node */
    VEC(const Ins *) sites;
    VEC(NodeId) site_nodes;
} Slots;

NodeId slots_local(Slots *slots, const ProgramFn *fn, LocalId local);
NodeId slots_result(Slots *slots, const ProgramFn *fn);
NodeId slots_fn(Slots *slots, const ProgramFn *fn); /* holds the function's address */
NodeId slots_field(Slots *slots, const Unit *unit, FieldId id);
NodeId slots_global_field(Slots *slots, const ProgramGlobal *global, const Unit *unit,
                          FieldId id);
Value slots_global_place(Slots *slots, const ProgramGlobal *global);
Value slots_node(NodeId node);
Value slots_unknown(const Slots *slots);
NodeId slots_value(Slots *slots, Value value); /* the node that holds it; 0: nothing */
void slots_flow(Slots *slots, Value from, NodeId to);

/* Can this function be called with so many arguments? */
bool slots_fits(const Fn *fn, uint32_t narg);
/* Arguments to parameters, result to `site->result`. */
void slots_bind(Slots *slots, const PointsSite *site, const ProgramFn *fn);

/* values: room for the temporaries of the body. */
void slots_walk(Slots *slots, const ProgramFn *fn, Value *values);

#endif
