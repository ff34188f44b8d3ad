/*
 * What the instructions of one function do to function pointers: a walk over its blocks that
 * knows what every temporary is, and turns stores, calls and returns into constraints.
 */
#include "program/slots.h"

/* One function at work. */
typedef struct Walk {
    Slots *slots;
    const ProgramFn *fn;
    Value *values; /* by Val */
} Walk;

static Value addr_value(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    const Unit *unit = walk->fn->unit;
    switch (ins->ref) {
    case REF_FN:
        return slots_node(slots_fn(slots, program_fn(slots->program, unit, ins->fn)));
    case REF_GLOBAL:
        return slots_global_place(slots,
                                  program_global(slots->program, unit, ins->global));
    case REF_LOCAL:
        return (Value){.kind = VALUE_PLACE,
                       .node = slots_local(slots, walk->fn, ins->local),
                       .can_hold_fn =
                           walk->fn->fn->body->locals[ins->local].type.to_function};
    case REF_NONE:
    case REF_FIELD: break;
    }
    return slots_unknown(slots);
}

static Value field_value(Walk *walk, const Ins *ins)
{
    Value base = walk->values[ins->a];
    const Unit *unit = walk->fn->unit;
    Value value = {.kind = VALUE_PLACE,
                   .can_hold_fn = unit->fields[ins->field].type.to_function};
    if (base.kind == VALUE_PLACE && base.global) {
        value.global = base.global;
        value.node = slots_global_field(walk->slots, base.global, unit, ins->field);
    } else {
        value.node = slots_field(walk->slots, unit, ins->field);
    }
    return value;
}

static Value load_value(Walk *walk, const Ins *ins)
{
    if (ins->type.kind != TYPE_POINTER) return (Value){0};
    Value from = walk->values[ins->a];
    if (from.kind == VALUE_PLACE) return slots_node(from.node);
    if (from.kind != VALUE_NODE || from.node == points_unknown(walk->slots->points))
        return slots_unknown(walk->slots);
    NodeId node = points_node(walk->slots->points);
    points_load(walk->slots->points, from.node, node);
    return slots_node(node);
}

static Value calc_value(Walk *walk, const Ins *ins)
{
    Value a = walk->values[ins->a];
    bool gives_pointer = ins->type.kind == TYPE_POINTER;
    if (ins->calc == CALC_CAST && gives_pointer)
        return a.kind == VALUE_NONE ? slots_unknown(walk->slots) : a;
    if (ins->calc >= CALC_EQ && ins->calc <= CALC_GE) return (Value){0};
    NodeId outside = points_outside(walk->slots->points);
    if (a.kind == VALUE_PLACE) slots_flow(walk->slots, a, outside);
    if (walk->values[ins->b].kind == VALUE_PLACE)
        slots_flow(walk->slots, walk->values[ins->b], outside);
    return gives_pointer ? slots_unknown(walk->slots) : (Value){0};
}

static NodeId *arg_nodes(Walk *walk, const Ins *ins)
{
    NodeId *nodes = ARENA_ARRAY(walk->slots->scratch, NodeId, ins->narg);
    for (uint32_t i = 0; i < ins->narg; i++)
        nodes[i] = slots_value(walk->slots, walk->values[ins->args[i]]);
    return nodes;
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
        slots_bind(slots, &site, callee);
        if (callee->fn->body)
            return gives_pointer ? slots_node(slots_result(slots, callee)) : (Value){0};
        call_through_model(slots, callee->model, site.args, site.narg);
        return gives_pointer ? slots_unknown(slots) : (Value){0};
    }
    site.callee = slots_value(slots, walk->values[ins->a]);
    if (gives_pointer) site.result = points_node(slots->points);
    points_call(slots->points, site);
    vec_push(slots->scratch, &slots->sites, ins);
    vec_push(slots->scratch, &slots->site_nodes, site.callee);
    return gives_pointer ? slots_node(site.result) : (Value){0};
}

static Value opaque_value(Walk *walk, const Ins *ins)
{
    for (uint32_t i = 0; i < ins->narg; i++)
        slots_flow(walk->slots, walk->values[ins->args[i]],
                   points_outside(walk->slots->points));
    return ins->type.kind == TYPE_POINTER ? slots_unknown(walk->slots) : (Value){0};
}

static Value const_value(const Slots *slots, const Ins *ins)
{
    if (ins->type.kind != TYPE_POINTER && ins->imm) return (Value){0};
    return ins->imm ? slots_unknown(slots) : (Value){.kind = VALUE_NULL};
}

static void store(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    Value to = walk->values[ins->a], from = walk->values[ins->b];
    if (ins->type.kind != TYPE_POINTER) {
        if (from.kind == VALUE_PLACE)
            slots_flow(slots, from, points_outside(slots->points));
        return;
    }
    if (from.kind == VALUE_NONE) from = slots_unknown(slots);
    if (to.kind == VALUE_PLACE)
        slots_flow(slots, from, to.node);
    else if (to.kind == VALUE_NODE)
        points_store(slots->points, to.node, slots_value(slots, from));
    else
        slots_flow(slots, from, points_outside(slots->points));
}

static void walk_ins(Walk *walk, const Ins *ins)
{
    Slots *slots = walk->slots;
    Value value = {0};
    switch ((int)ins->op) {
    case OP_CONST: value = const_value(slots, ins); break;
    case OP_STRING: value = slots_unknown(slots); break;
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
            slots_flow(slots, walk->values[ins->a], slots_result(slots, walk->fn));
        break;
    default: break;
    }
    if (ins->dst) walk->values[ins->dst] = value;
}

void slots_walk(Slots *slots, const ProgramFn *fn, Value *values)
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
        points_copy(slots->points, from, slots_local(slots, fn, i));
}
