/*
 * What a function pointer can be, anywhere in the program. Every variable, parameter and
 * result is a node of a flow-insensitive solver (points.h), and so is every field of a record
 * type, merged over all objects. A global that no pointer can write to (it is const, or its
 * address is used only in place) keeps its own fields apart: that is what tells one ops
 * table from another.
 *
 * What we do not follow is unknown, never absent: variables whose address gets about and
 * that do not hold function pointers by type, records of system headers, results of
 * external functions, parameters of functions whose address is taken. What strangers might
 * pass to an external function that nobody here calls makes its own parameters unknown, but
 * not a slot that is filled otherwise, too.
 *
 * needs: globals_scan, graph_build. gives: site_at, targets.
 */
#include "program/slots.h"

#include <string.h>

NodeId slots_local(Slots *slots, const ProgramFn *fn, LocalId local)
{
    NodeId *node = &slots->local_nodes[slots->fn_locals[fn->id] + local];
    if (!*node) *node = points_node(slots->points);
    return *node;
}

NodeId slots_result(Slots *slots, const ProgramFn *fn)
{
    return slots_local(slots, fn, 0);
}

static NodeId slots_global(Slots *slots, const ProgramGlobal *global)
{
    NodeId *node = &slots->global_nodes[global->id];
    if (*node) return *node;
    *node = points_node(slots->points);
    if (global->global->flags & GLOBAL_EXTERN)
        points_copy(slots->points, points_unknown(slots->points), *node);
    return *node;
}

NodeId slots_fn(Slots *slots, const ProgramFn *fn)
{
    NodeId *node = &slots->fn_values[fn->id];
    if (*node) return *node;
    *node = points_node(slots->points);
    points_add_fn(slots->points, *node, fn->id);
    return *node;
}

/* Records of system headers are filled by code we do not see. */
static bool is_system_record(const Field *field)
{
    const char *file = strrchr(field->record->text, '@');
    return file && file[1] == '/';
}

NodeId slots_field(Slots *slots, const Unit *unit, FieldId id)
{
    const Name *identity = program_field(slots->program, unit, id);
    bool is_new = false;
    uint64_t *at = map_put(&slots->field_nodes, MAP_KEY(identity), 0, &is_new);
    if (!is_new) return (NodeId)*at;
    NodeId node = points_node(slots->points);
    *at = node;
    if (is_system_record(&unit->fields[id]))
        points_copy(slots->points, points_unknown(slots->points), node);
    return node;
}

static bool keeps_fields_apart(const Slots *slots, const ProgramGlobal *global)
{
    return (global->global->flags & GLOBAL_CONST) ||
           !slots->program->tables->is_shared[global->id];
}

/* The field of one global, or merged over all objects when pointers may write to it. */
NodeId slots_global_field(Slots *slots, const ProgramGlobal *global, const Unit *unit,
                          FieldId id)
{
    NodeId merged = slots_field(slots, unit, id);
    if (!keeps_fields_apart(slots, global)) return merged;
    bool is_new = false;
    uint64_t key = (uint64_t)merged << 32 | global->id;
    uint64_t *at = map_put(&slots->own_fields, key, 0, &is_new);
    if (!is_new) return (NodeId)*at;
    NodeId node = points_node(slots->points);
    *at = node;
    points_copy(slots->points, node, merged);
    if (slots->has_fn_init[global->id]) /* elements of an array inside say no field */
        points_copy(slots->points, slots_global(slots, global), node);
    return node;
}

/* The node that holds this value: an address of something we do not follow is unknown, and
 * what it is the address of may be written to from anywhere. */
NodeId slots_value(Slots *slots, Value value)
{
    switch (value.kind) {
    case VALUE_NONE:
    case VALUE_NULL: return 0;
    case VALUE_NODE: return value.node;
    case VALUE_PLACE: break;
    }
    if (!value.can_hold_fn) {
        if (!value.global || !(value.global->global->flags & GLOBAL_CONST))
            points_copy(slots->points, points_unknown(slots->points), value.node);
        return points_unknown(slots->points);
    }
    NodeId node = points_node(slots->points);
    points_add_place(slots->points, node, value.node);
    return node;
}

Value slots_node(NodeId node)
{
    return (Value){.kind = VALUE_NODE, .node = node};
}

Value slots_unknown(const Slots *slots)
{
    return slots_node(points_unknown(slots->points));
}

void slots_flow(Slots *slots, Value from, NodeId to)
{
    points_copy(slots->points, slots_value(slots, from), to);
}

Value slots_global_place(Slots *slots, const ProgramGlobal *global)
{
    bool can_hold = global->global->type.to_function || slots->has_fn_init[global->id];
    return (Value){.kind = VALUE_PLACE,
                   .node = slots_global(slots, global),
                   .global = global,
                   .can_hold_fn = can_hold};
}

bool slots_fits(const Fn *fn, uint32_t narg)
{
    if (fn->flags & FN_UNPROTOTYPED) return true;
    return fn->flags & FN_VARIADIC ? narg >= fn->nparam : narg == fn->nparam;
}

/* Arguments to parameters, result to `site->result`. */
void slots_bind(Slots *slots, const PointsSite *site, const ProgramFn *fn)
{
    Points *points = slots->points;
    bool has_body = fn->fn->body;
    for (uint32_t i = 0; i < site->narg; i++) {
        bool is_named = has_body && i < fn->fn->nparam;
        points_copy(points, site->args[i],
                    is_named ? slots_local(slots, fn, i + 1) : points_outside(points));
    }
    if (site->result)
        points_copy(points, has_body ? slots_result(slots, fn) : points_unknown(points),
                    site->result);
}

static void bind_target(void *data, Points *points, const PointsSite *site, uint32_t fn)
{
    (void)points;
    Slots *slots = data;
    PointsSite copy = *site; /* sites may move */
    const ProgramFn *target = slots->program->fns.at[fn];
    if (slots_fits(target->fn, site->narg)) slots_bind(slots, &copy, target);
}

static void flow_init(Slots *slots, const ProgramGlobal *global, const Init *init)
{
    const Program *program = slots->program;
    Value value = slots_unknown(slots);
    if (init->type.kind != TYPE_POINTER || init->kind == INIT_NULL) return;
    if (init->kind == INIT_INT && !init->value) return;
    if (init->kind == INIT_FN)
        value = slots_node(slots_fn(slots, program_fn(program, global->unit, init->fn)));
    else if (init->kind == INIT_GLOBAL)
        value = slots_global_place(slots,
                                   program_global(program, global->unit, init->global));
    slots_flow(slots, value,
               init->field ? slots_global_field(slots, global, global->unit, init->field)
                           : slots_global(slots, global));
}

static void flow_inits(Slots *slots)
{
    const Program *program = slots->program;
    for (uint32_t i = 0; i < program->globals.n; i++) {
        const ProgramGlobal *global = program->globals.at[i];
        for (uint32_t k = 0; k < global->global->ninit; k++) {
            const Init *init = &global->global->inits[k];
            if (init->kind == INIT_FN && !init->field) slots->has_fn_init[i] = true;
        }
    }
    for (uint32_t i = 0; i < program->globals.n; i++) {
        const ProgramGlobal *global = program->globals.at[i];
        for (uint32_t k = 0; k < global->global->ninit; k++)
            flow_init(slots, global, &global->global->inits[k]);
    }
}

/* What the solver found for one call; functions that cannot be called like that are noise. */
static void keep_targets(Slots *slots, const Ins *call, NodeId node)
{
    Program *program = slots->program;
    PointsSet set = points_set(slots->points, node);
    ProgramFn **at = ARENA_ARRAY(program->arena, ProgramFn *, set.n);
    Targets targets = {.at = at, .is_complete = set.is_complete};
    for (uint32_t i = 0; i < set.n; i++)
        if (slots_fits(program->fns.at[set.fns[i]]->fn, call->narg))
            at[targets.n++] = program->fns.at[set.fns[i]];
    if (!targets.n && !targets.is_complete) return;
    map_put(&program->tables->site_at, MAP_KEY(call), program->tables->targets.n, NULL);
    vec_push(program->arena, &program->tables->targets, targets);
}

static uint32_t slots_init(Slots *slots, Program *program, Arena *scratch)
{
    uint32_t nlocal = 0, most = 1;
    *slots = (Slots){.program = program, .scratch = scratch};
    slots->points = points_new(scratch, bind_target, slots);
    slots->fn_values = ARENA_ARRAY(scratch, NodeId, program->fns.n);
    slots->fn_locals = ARENA_ARRAY(scratch, uint32_t, program->fns.n);
    slots->global_nodes = ARENA_ARRAY(scratch, NodeId, program->globals.n);
    slots->has_fn_init = ARENA_ARRAY(scratch, bool, program->globals.n);
    map_init(&slots->field_nodes, scratch);
    map_init(&slots->own_fields, scratch);
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const Body *body = program->fns.at[i]->fn->body;
        slots->fn_locals[i] = nlocal;
        nlocal += body ? body->nlocal : 0;
        if (body && body->nval > most) most = body->nval;
    }
    slots->local_nodes = ARENA_ARRAY(scratch, NodeId, nlocal);
    return most;
}

void slots_solve(Program *program, Arena *scratch)
{
    Slots slots;
    uint32_t most = slots_init(&slots, program, scratch);
    Value *values = ARENA_ARRAY(scratch, Value, most);
    flow_inits(&slots);
    for (uint32_t i = 0; i < program->fns.n; i++)
        if (program->fns.at[i]->fn->body) slots_walk(&slots, program->fns.at[i], values);
    points_solve(slots.points);
    map_init(&program->tables->site_at, program->arena);
    for (uint32_t i = 0; i < slots.sites.n; i++)
        keep_targets(&slots, slots.sites.at[i], slots.site_nodes.at[i]);
}
