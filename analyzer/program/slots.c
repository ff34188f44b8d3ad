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
#include <string.h>

#include "program/points.h"
#include "program/tables.h"

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

/* One function at work. */
typedef struct Walk {
    Slots *slots;
    const ProgramFn *fn;
    Value *values; /* by Val */
} Walk;

static NodeId local_node(Slots *slots, const ProgramFn *fn, LocalId local)
{
    NodeId *node = &slots->local_nodes[slots->fn_locals[fn->id] + local];
    if (!*node) *node = points_node(slots->points);
    return *node;
}

static NodeId result_node(Slots *slots, const ProgramFn *fn)
{
    return local_node(slots, fn, 0);
}

static NodeId global_node(Slots *slots, const ProgramGlobal *global)
{
    NodeId *node = &slots->global_nodes[global->id];
    if (*node) return *node;
    *node = points_node(slots->points);
    if (global->global->flags & GLOBAL_EXTERN)
        points_copy(slots->points, points_unknown(slots->points), *node);
    return *node;
}

static NodeId fn_value(Slots *slots, const ProgramFn *fn)
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

static NodeId field_node(Slots *slots, const Unit *unit, FieldId id)
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
static NodeId global_field_node(Slots *slots, const ProgramGlobal *global,
                                const Unit *unit, FieldId id)
{
    NodeId merged = field_node(slots, unit, id);
    if (!keeps_fields_apart(slots, global)) return merged;
    bool is_new = false;
    uint64_t key = (uint64_t)merged << 32 | global->id;
    uint64_t *at = map_put(&slots->own_fields, key, 0, &is_new);
    if (!is_new) return (NodeId)*at;
    NodeId node = points_node(slots->points);
    *at = node;
    points_copy(slots->points, node, merged);
    if (slots->has_fn_init[global->id]) /* elements of an array inside say no field */
        points_copy(slots->points, global_node(slots, global), node);
    return node;
}

/* The node that holds this value: an address of something we do not follow is unknown, and
 * what it is the address of may be written to from anywhere. */
static NodeId value_node(Slots *slots, Value value)
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

static Value node_value(NodeId node)
{
    return (Value){.kind = VALUE_NODE, .node = node};
}

static Value unknown_value(const Slots *slots)
{
    return node_value(points_unknown(slots->points));
}

static void flow(Slots *slots, Value from, NodeId to)
{
    points_copy(slots->points, value_node(slots, from), to);
}

static Value global_place(Slots *slots, const ProgramGlobal *global)
{
    bool can_hold = global->global->type.to_function || slots->has_fn_init[global->id];
    return (Value){.kind = VALUE_PLACE,
                   .node = global_node(slots, global),
                   .global = global,
                   .can_hold_fn = can_hold};
}

static Value addr_value(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    const Unit *unit = walk->fn->unit;
    switch (ins->ref) {
    case REF_FN:
        return node_value(fn_value(slots, program_fn(slots->program, unit, ins->fn)));
    case REF_GLOBAL:
        return global_place(slots, program_global(slots->program, unit, ins->global));
    case REF_LOCAL:
        return (Value){.kind = VALUE_PLACE,
                       .node = local_node(slots, walk->fn, ins->local),
                       .can_hold_fn =
                           walk->fn->fn->body->locals[ins->local].type.to_function};
    case REF_NONE:
    case REF_FIELD: break;
    }
    return unknown_value(slots);
}

static Value field_value(Walk *walk, const Ins *ins)
{
    Value base = walk->values[ins->a];
    const Unit *unit = walk->fn->unit;
    Value value = {.kind = VALUE_PLACE,
                   .can_hold_fn = unit->fields[ins->field].type.to_function};
    if (base.kind == VALUE_PLACE && base.global) {
        value.global = base.global;
        value.node = global_field_node(walk->slots, base.global, unit, ins->field);
    } else {
        value.node = field_node(walk->slots, unit, ins->field);
    }
    return value;
}

static Value load_value(Walk *walk, const Ins *ins)
{
    if (ins->type.kind != TYPE_POINTER) return (Value){0};
    Value from = walk->values[ins->a];
    if (from.kind == VALUE_PLACE) return node_value(from.node);
    if (from.kind != VALUE_NODE || from.node == points_unknown(walk->slots->points))
        return unknown_value(walk->slots);
    NodeId node = points_node(walk->slots->points);
    points_load(walk->slots->points, from.node, node);
    return node_value(node);
}

static Value calc_value(Walk *walk, const Ins *ins)
{
    Value a = walk->values[ins->a];
    bool gives_pointer = ins->type.kind == TYPE_POINTER;
    if (ins->calc == CALC_CAST && gives_pointer)
        return a.kind == VALUE_NONE ? unknown_value(walk->slots) : a;
    if (ins->calc >= CALC_EQ && ins->calc <= CALC_GE) return (Value){0};
    NodeId outside = points_outside(walk->slots->points);
    if (a.kind == VALUE_PLACE) flow(walk->slots, a, outside);
    if (walk->values[ins->b].kind == VALUE_PLACE)
        flow(walk->slots, walk->values[ins->b], outside);
    return gives_pointer ? unknown_value(walk->slots) : (Value){0};
}

static NodeId *arg_nodes(Walk *walk, const Ins *ins)
{
    NodeId *nodes = ARENA_ARRAY(walk->slots->scratch, NodeId, ins->narg);
    for (uint32_t i = 0; i < ins->narg; i++)
        nodes[i] = value_node(walk->slots, walk->values[ins->args[i]]);
    return nodes;
}

static bool fits(const Fn *fn, uint32_t narg)
{
    if (fn->flags & FN_UNPROTOTYPED) return true;
    return fn->flags & FN_VARIADIC ? narg >= fn->nparam : narg == fn->nparam;
}

/* Arguments to parameters, result to `site->result`. */
static void bind(Slots *slots, const PointsSite *site, const ProgramFn *fn)
{
    Points *points = slots->points;
    bool has_body = fn->fn->body;
    for (uint32_t i = 0; i < site->narg; i++) {
        bool is_named = has_body && i < fn->fn->nparam;
        points_copy(points, site->args[i],
                    is_named ? local_node(slots, fn, i + 1) : points_outside(points));
    }
    if (site->result)
        points_copy(points, has_body ? result_node(slots, fn) : points_unknown(points),
                    site->result);
}

static void bind_target(void *data, Points *points, const PointsSite *site, uint32_t fn)
{
    (void)points;
    Slots *slots = data;
    PointsSite copy = *site; /* sites may move */
    const ProgramFn *target = slots->program->fns.at[fn];
    if (fits(target->fn, site->narg)) bind(slots, &copy, target);
}

/* A modelled function that calls what it is given: pthread_create, qsort. */
static void call_through_model(Slots *slots, const Summary *model, const NodeId *args,
                               uint32_t narg)
{
    for (uint32_t k = 0; model && k < model->ninvoke; k++) {
        const Invoke *invoke = &model->invokes[k];
        const SummaryTerm *callee = &model->terms[invoke->callee];
        if (callee->kind != TERM_PARAM || callee->imm >= narg) continue;
        NodeId *passed = ARENA_ARRAY(slots->scratch, NodeId, invoke->narg);
        for (uint32_t i = 0; i < invoke->narg; i++) {
            const SummaryTerm *term = &model->terms[invoke->args[i]];
            bool is_param = term->kind == TERM_PARAM && term->imm < narg;
            passed[i] = is_param ? args[term->imm] : points_unknown(slots->points);
        }
        PointsSite site = {
            .callee = args[callee->imm], .args = passed, .narg = invoke->narg};
        points_call(slots->points, site);
    }
}

static Value call_value(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    bool gives_pointer = ins->type.kind == TYPE_POINTER;
    PointsSite site = {.args = arg_nodes(walk, ins), .narg = ins->narg};
    if (ins->fn) {
        const ProgramFn *callee = program_fn(slots->program, walk->fn->unit, ins->fn);
        bind(slots, &site, callee);
        if (callee->fn->body)
            return gives_pointer ? node_value(result_node(slots, callee)) : (Value){0};
        call_through_model(slots, callee->model, site.args, site.narg);
        return gives_pointer ? unknown_value(slots) : (Value){0};
    }
    site.callee = value_node(slots, walk->values[ins->a]);
    if (gives_pointer) site.result = points_node(slots->points);
    points_call(slots->points, site);
    vec_push(slots->scratch, &slots->sites, ins);
    vec_push(slots->scratch, &slots->site_nodes, site.callee);
    return gives_pointer ? node_value(site.result) : (Value){0};
}

static Value opaque_value(Walk *walk, const Ins *ins)
{
    for (uint32_t i = 0; i < ins->narg; i++)
        flow(walk->slots, walk->values[ins->args[i]],
             points_outside(walk->slots->points));
    return ins->type.kind == TYPE_POINTER ? unknown_value(walk->slots) : (Value){0};
}

static Value const_value(const Slots *slots, const Ins *ins)
{
    if (ins->type.kind != TYPE_POINTER && ins->imm) return (Value){0};
    return ins->imm ? unknown_value(slots) : (Value){.kind = VALUE_NULL};
}

static void store(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    Value to = walk->values[ins->a], from = walk->values[ins->b];
    if (ins->type.kind != TYPE_POINTER) {
        if (from.kind == VALUE_PLACE) flow(slots, from, points_outside(slots->points));
        return;
    }
    if (from.kind == VALUE_NONE) from = unknown_value(slots);
    if (to.kind == VALUE_PLACE)
        flow(slots, from, to.node);
    else if (to.kind == VALUE_NODE)
        points_store(slots->points, to.node, value_node(slots, from));
    else
        flow(slots, from, points_outside(slots->points));
}

static void walk_ins(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    Value value = {0};
    switch ((int)ins->op) {
    case OP_CONST: value = const_value(slots, ins); break;
    case OP_STRING: value = unknown_value(slots); break;
    case OP_ADDR: value = addr_value(walk, ins); break;
    case OP_LOAD: value = load_value(walk, ins); break;
    case OP_FIELD: value = field_value(walk, ins); break;
    case OP_INDEX: value = walk->values[ins->a]; break;
    case OP_CALC: value = calc_value(walk, ins); break;
    case OP_CALL: value = call_value(walk, ins); break;
    case OP_ASM:
    case OP_OPAQUE: value = opaque_value(walk, ins); break;
    case OP_STORE: store(walk, ins); break;
    case OP_RETURN:
        if (walk->fn->fn->result.kind == TYPE_POINTER && ins->a)
            flow(slots, walk->values[ins->a], result_node(slots, walk->fn));
        break;
    default: break;
    }
    if (ins->dst) walk->values[ins->dst] = value;
}

static void walk_fn(Slots *slots, const ProgramFn *fn, Value *values)
{
    const Body *body = fn->fn->body;
    Walk walk = {slots, fn, values};
    values[0] = (Value){0};
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++)
            walk_ins(&walk, &body->blocks[b].ins[i]);
    NodeId from = 0;
    if (fn->is_address_taken)
        from = points_unknown(slots->points);
    else if (!fn->ncaller && !(fn->fn->flags & FN_STATIC))
        from = points_strangers(slots->points);
    for (uint32_t i = 1; from && i <= fn->fn->nparam; i++)
        points_copy(slots->points, from, local_node(slots, fn, i));
}

static void flow_init(Slots *slots, const ProgramGlobal *global, const Init *init)
{
    const Program *program = slots->program;
    Value value = unknown_value(slots);
    if (init->type.kind != TYPE_POINTER || init->kind == INIT_NULL) return;
    if (init->kind == INIT_INT && !init->value) return;
    if (init->kind == INIT_FN)
        value = node_value(fn_value(slots, program_fn(program, global->unit, init->fn)));
    else if (init->kind == INIT_GLOBAL)
        value = global_place(slots, program_global(program, global->unit, init->global));
    flow(slots, value,
         init->field ? global_field_node(slots, global, global->unit, init->field)
                     : global_node(slots, global));
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
        if (fits(program->fns.at[set.fns[i]]->fn, call->narg))
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
        if (program->fns.at[i]->fn->body) walk_fn(&slots, program->fns.at[i], values);
    points_solve(slots.points);
    map_init(&program->tables->site_at, program->arena);
    for (uint32_t i = 0; i < slots.sites.n; i++)
        keep_targets(&slots, slots.sites.at[i], slots.site_nodes.at[i]);
}
