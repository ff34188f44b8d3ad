/*
 * What happens to globals anywhere in the program. One pass over all instructions follows
 * the address of each global through its block: reading and writing in place is harmless,
 * everything else lets the address out. Where it goes as a pointer to const (a parameter, an
 * assignment), the object is taken to stay as it is.
 *
 * needs: links. gives: is_written, is_nulled, is_escaped, is_shared.
 */
#include "program/tables.h"

/* Where the value of a temporary comes from. */
typedef struct Trace {
    ProgramGlobal *global; /* its address, or one inside it; NULL: something else */
    bool is_inside;        /* a field or an element, not the object itself */
    bool is_null;          /* a null pointer constant */
} Trace;

typedef struct Scan {
    const Program *program;
    const Unit *unit;
    Trace *traces; /* by Val */
} Scan;

static void let_out(const Scan *scan, Trace trace, bool to_const)
{
    if (!trace.global) return;
    scan->program->tables->is_shared[trace.global->id] = true;
    if (to_const) return;
    trace.global->is_written = true;
    trace.global->is_escaped = true;
}

static void write_to(Trace trace, bool is_null)
{
    if (!trace.global) return;
    trace.global->is_written = true;
    if (is_null && !trace.is_inside) trace.global->is_nulled = true;
}

static void scan_call(const Scan *scan, const Ins *ins)
{
    const Fn *callee = ins->fn ? &scan->unit->fns[ins->fn] : NULL;
    for (uint32_t i = 0; i < ins->narg; i++) {
        bool to_const = callee && i < callee->nparam && callee->params[i].type.to_const;
        let_out(scan, scan->traces[ins->args[i]], to_const);
    }
}

static Trace scan_calc(const Scan *scan, const Ins *ins)
{
    Trace a = scan->traces[ins->a], b = scan->traces[ins->b];
    if (ins->calc == CALC_CAST && ins->type.kind == TYPE_POINTER) return a;
    if (ins->calc >= CALC_EQ && ins->calc <= CALC_GE) return (Trace){0};
    if (ins->calc == CALC_NOT) return (Trace){0};
    let_out(scan, a, false);
    let_out(scan, b, false);
    return (Trace){0};
}

static Trace inside(Trace trace)
{
    return (Trace){.global = trace.global, .is_inside = true};
}

static void scan_args(const Scan *scan, const Ins *ins)
{
    for (uint32_t i = 0; i < ins->narg; i++)
        let_out(scan, scan->traces[ins->args[i]], false);
}

static Trace scan_value(const Scan *scan, const Ins *ins)
{
    switch ((int)ins->op) {
    case OP_CONST:
        return (Trace){.is_null = ins->type.kind == TYPE_POINTER && ins->imm == 0};
    case OP_ADDR:
        if (ins->ref != REF_GLOBAL) return (Trace){0};
        return (Trace){.global = program_global(scan->program, scan->unit, ins->global)};
    case OP_FIELD:
    case OP_INDEX: return inside(scan->traces[ins->a]);
    case OP_CALC: return scan_calc(scan, ins);
    default: return (Trace){0};
    }
}

static void scan_effect(const Scan *scan, const Fn *fn, const Ins *ins)
{
    const Trace *traces = scan->traces;
    switch ((int)ins->op) {
    case OP_STORE:
        write_to(traces[ins->a], traces[ins->b].is_null);
        let_out(scan, traces[ins->b], ins->type.to_const);
        break;
    case OP_COPY:
        write_to(traces[ins->a], false);
        if (traces[ins->a].global) /* fields arrive that no store shows */
            scan->program->tables->is_shared[traces[ins->a].global->id] = true;
        if (traces[ins->b].global)
            scan->program->tables->is_shared[traces[ins->b].global->id] = true;
        break;
    case OP_FILL: write_to(traces[ins->a], true); break;
    case OP_CALL: scan_call(scan, ins); break;
    case OP_ASM:
    case OP_OPAQUE: scan_args(scan, ins); break;
    case OP_RETURN: let_out(scan, traces[ins->a], fn->result.to_const); break;
    default: break;
    }
}

static void scan_fn(const Program *program, const ProgramFn *fn, Trace *traces)
{
    Scan scan = {program, fn->unit, traces};
    const Body *body = fn->fn->body;
    traces[0] = (Trace){0};
    for (uint32_t b = 0; b < body->nblock; b++) {
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            scan_effect(&scan, fn->fn, ins);
            if (ins->dst) traces[ins->dst] = scan_value(&scan, ins);
        }
    }
}

static void scan_inits(const Program *program, const ProgramGlobal *global)
{
    for (uint32_t i = 0; i < global->global->ninit; i++) {
        const Init *init = &global->global->inits[i];
        if (init->kind != INIT_GLOBAL) continue;
        Scan scan = {.program = program};
        Trace trace = {.global = program_global(program, global->unit, init->global)};
        let_out(&scan, trace, init->type.to_const);
    }
}

void globals_scan(Program *program, Arena *scratch)
{
    program->tables->is_shared = ARENA_ARRAY(program->arena, bool, program->globals.n);
    uint32_t most = 1;
    for (uint32_t i = 0; i < program->fns.n; i++) {
        const Body *body = program->fns.at[i]->fn->body;
        if (body && body->nval > most) most = body->nval;
    }
    Trace *traces = ARENA_ARRAY(scratch, Trace, most);
    for (uint32_t i = 0; i < program->fns.n; i++)
        if (program->fns.at[i]->fn->body) scan_fn(program, program->fns.at[i], traces);
    for (uint32_t i = 0; i < program->globals.n; i++) {
        ProgramGlobal *global = program->globals.at[i];
        scan_inits(program, global);
        if (!(global->global->flags & GLOBAL_EXTERN)) continue;
        global->is_written = true; /* by code we do not see */
        global->is_escaped = true;
    }
    for (uint32_t i = 0; i < program->globals.n; i++) {
        ProgramGlobal *global = program->globals.at[i];
        if (!(global->global->flags & GLOBAL_CONST)) continue;
        global->is_written = global->is_nulled = global->is_escaped = false;
    }
}
