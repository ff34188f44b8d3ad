/*
 * Units and bodies while they are made.
 *
 * The lowering appends instructions to a current block and never looks back. What it
 * leaves behind is rough: blocks nobody reaches (after a return), blocks that only jump,
 * straight lines cut in pieces. build_body_end makes it canonical: jumps to jumps are
 * threaded, a block with one way in is merged into its only predecessor, the rest is put
 * in reverse postorder and copied once to the arena of the unit.
 */
#include "ir/build.h"

#include <string.h>

#include "base/err.h"
#include "base/vec.h"

typedef struct RawBlock {
    VEC(Ins) ins;
    uint32_t *succ;
    uint32_t nsucc;
    const Case *cases;
    bool is_ended;
    uint32_t nbefore; /* edges into it */
} RawBlock;

struct UnitBuild {
    Arena *arena, *scratch;
    Names *names;
    Unit *unit;
    Map file_ids, macro_ids; /* by Name */
    VEC(const Name *) files;
    VEC(const Name *) macros;
    VEC(Field) fields;
    VEC(Global) globals;
    VEC(Fn) fns;
    VEC(Note) notes;
};

struct BodyBuild {
    UnitBuild *unit;
    Arena *arena, *scratch;
    VEC(Local) locals;
    VEC(RawBlock) blocks;
    uint32_t current;
    uint32_t nval;
};

UnitBuild *build_unit(Arena *arena, Names *names, const char *path)
{
    UnitBuild *build = ARENA_NEW(arena, UnitBuild);
    build->arena = arena;
    build->scratch = arena_new("body");
    build->names = names;
    build->unit = ARENA_NEW(arena, Unit);
    build->unit->path = name_of(names, path);
    map_init(&build->file_ids, build->scratch);
    map_init(&build->macro_ids, build->scratch);
    vec_push(arena, &build->files, NULL);
    vec_push(arena, &build->macros, NULL);
    vec_push(arena, &build->fields, (Field){0});
    vec_push(arena, &build->globals, (Global){0});
    vec_push(arena, &build->fns, (Fn){0});
    return build;
}

Unit *build_unit_end(UnitBuild *build)
{
    Unit *unit = build->unit;
    unit->files = build->files.at;
    unit->nfile = build->files.n;
    unit->macros = build->macros.at;
    unit->nmacro = build->macros.n;
    unit->fields = build->fields.at;
    unit->nfield = build->fields.n;
    unit->globals = build->globals.at;
    unit->nglobal = build->globals.n;
    unit->fns = build->fns.at;
    unit->nfn = build->fns.n;
    unit->notes = build->notes.at;
    unit->nnote = build->notes.n;
    arena_free(build->scratch);
    build->scratch = NULL;
    return unit;
}

uint32_t build_file(UnitBuild *build, const char *path)
{
    const Name *name = name_of(build->names, path);
    bool added = false;
    uint64_t *id = map_put(&build->file_ids, MAP_KEY(name), build->files.n, &added);
    if (added) vec_push(build->arena, &build->files, name);
    return (uint32_t)*id;
}

MacroId build_macro(UnitBuild *build, const char *text)
{
    const Name *name = name_of(build->names, text);
    bool added = false;
    uint64_t *id = map_put(&build->macro_ids, MAP_KEY(name), build->macros.n, &added);
    if (added) vec_push(build->arena, &build->macros, name);
    return (MacroId)*id;
}

FnId build_fn(UnitBuild *build, Fn **fn)
{
    vec_push(build->arena, &build->fns, (Fn){0});
    *fn = &build->fns.at[build->fns.n - 1];
    return build->fns.n - 1;
}

GlobalId build_global(UnitBuild *build, Global **global)
{
    vec_push(build->arena, &build->globals, (Global){0});
    *global = &build->globals.at[build->globals.n - 1];
    return build->globals.n - 1;
}

FieldId build_field(UnitBuild *build, Field **field)
{
    vec_push(build->arena, &build->fields, (Field){0});
    *field = &build->fields.at[build->fields.n - 1];
    return build->fields.n - 1;
}

Fn *build_fn_at(UnitBuild *build, FnId id)
{
    BUG_IF(!id || id >= build->fns.n);
    return &build->fns.at[id];
}

Global *build_global_at(UnitBuild *build, GlobalId id)
{
    BUG_IF(!id || id >= build->globals.n);
    return &build->globals.at[id];
}

Field *build_field_at(UnitBuild *build, FieldId id)
{
    BUG_IF(!id || id >= build->fields.n);
    return &build->fields.at[id];
}

void build_note(UnitBuild *build, NoteKind kind, Loc loc, const char *text)
{
    Note note = {kind, loc, name_of(build->names, text)};
    vec_push(build->arena, &build->notes, note);
}

void build_status(UnitBuild *build, UnitStatus status)
{
    if (status > build->unit->status) build->unit->status = status;
}

void build_lines(UnitBuild *build, uint32_t nline)
{
    build->unit->nline = nline;
}

const Name *build_name(UnitBuild *build, const char *text)
{
    return name_of(build->names, text);
}

/* Bodies. */

BodyBuild *build_body(UnitBuild *build)
{
    BodyBuild *body = ARENA_NEW(build->scratch, BodyBuild);
    body->unit = build;
    body->arena = build->arena;
    /* An arena of its own: the maps of the unit grow in the unit's scratch meanwhile. */
    body->scratch = arena_new("blocks");
    body->nval = 1;
    vec_push(body->scratch, &body->locals, (Local){0});
    body->locals.at[0].name = build_name(build, "");
    vec_push(body->scratch, &body->blocks, (RawBlock){0});
    return body;
}

LocalId build_local(BodyBuild *body, const char *name, Type type, uint32_t flags, Loc loc)
{
    Local local = {build_name(body->unit, name), type, flags, loc};
    vec_push(body->scratch, &body->locals, local);
    return body->locals.n - 1;
}

Local *build_local_at(BodyBuild *body, LocalId id)
{
    BUG_IF(!id || id >= body->locals.n);
    return &body->locals.at[id];
}

uint32_t build_block(BodyBuild *body)
{
    vec_push(body->scratch, &body->blocks, (RawBlock){0});
    return body->blocks.n - 1;
}

void build_enter(BodyBuild *body, uint32_t block)
{
    BUG_IF(block >= body->blocks.n);
    body->current = block;
}

uint32_t build_current(const BodyBuild *body)
{
    return body->current;
}

bool build_ended(const BodyBuild *body)
{
    return body->blocks.at[body->current].is_ended;
}

Val build_val(BodyBuild *body)
{
    return body->nval++;
}

Val *build_vals(BodyBuild *body, uint32_t n)
{
    return ARENA_ARRAY(body->arena, Val, n);
}

static bool gives_value(const Ins *ins)
{
    switch (ins->op) {
    case OP_CONST:
    case OP_STRING:
    case OP_ADDR:
    case OP_LOAD:
    case OP_FIELD:
    case OP_INDEX:
    case OP_CALC: return true;
    case OP_CALL:
    case OP_OPAQUE: return ins->type.kind != TYPE_VOID;
    case OP_STORE:
    case OP_COPY:
    case OP_FILL:
    case OP_ASSUME:
    case OP_ASM:
    case OP_END:
    case OP_JUMP:
    case OP_BRANCH:
    case OP_SWITCH:
    case OP_RETURN:
    case OP_STOP:
    case OP_COUNT: break;
    }
    return false;
}

Val build_ins(BodyBuild *body, Ins ins)
{
    if (!ins.dst && gives_value(&ins)) ins.dst = build_val(body);
    RawBlock *block = &body->blocks.at[body->current];
    if (block->is_ended) return ins.dst;
    vec_push(body->scratch, &block->ins, ins);
    block->is_ended = op_is_terminator(ins.op);
    return ins.dst;
}

static void end_block(BodyBuild *body, Ins ins, const uint32_t *to, uint32_t n)
{
    RawBlock *block = &body->blocks.at[body->current];
    if (block->is_ended) return;
    block->succ = ARENA_ARRAY(body->arena, uint32_t, n);
    memcpy(block->succ, to, n * sizeof *to);
    block->nsucc = n;
    build_ins(body, ins);
}

void build_jump(BodyBuild *body, Loc loc, uint32_t to)
{
    end_block(body, (Ins){.op = OP_JUMP, .loc = loc}, &to, 1);
}

void build_branch(BodyBuild *body, Ins at, uint32_t yes, uint32_t no)
{
    at.op = OP_BRANCH;
    end_block(body, at, (uint32_t[]){yes, no}, 2);
}

void build_switch(BodyBuild *body, Ins at, const Case *cases, const uint32_t *to,
                  uint32_t ncase, uint32_t other)
{
    at.op = OP_SWITCH;
    uint32_t *succ = ARENA_ARRAY(body->scratch, uint32_t, ncase + 1);
    succ[0] = other;
    if (ncase) memcpy(succ + 1, to, ncase * sizeof *to);
    Case *kept = ARENA_ARRAY(body->arena, Case, ncase);
    if (ncase) memcpy(kept, cases, ncase * sizeof *cases);
    if (!build_ended(body)) body->blocks.at[body->current].cases = kept;
    end_block(body, at, succ, ncase + 1);
}

void build_return(BodyBuild *body, Loc loc, Val value)
{
    build_ins(body, (Ins){.op = OP_RETURN, .loc = loc, .a = value});
}

void build_stop(BodyBuild *body, Loc loc)
{
    build_ins(body, (Ins){.op = OP_STOP, .loc = loc});
}

/* The end of a body: thread, merge, order, copy. */

static bool is_empty(const RawBlock *block)
{
    return block->ins.n == 1 && block->ins.at[0].op == OP_JUMP;
}

/* Where a jump to `block` ends; an empty endless loop ends at itself. */
static uint32_t thread_target(const BodyBuild *body, uint32_t block)
{
    uint32_t to = block;
    for (uint32_t step = 0; is_empty(&body->blocks.at[to]); step++) {
        if (step > body->blocks.n) return block;
        to = body->blocks.at[to].succ[0];
    }
    return to;
}

static void thread_jumps(BodyBuild *body)
{
    for (uint32_t i = 0; i < body->blocks.n; i++) {
        RawBlock *block = &body->blocks.at[i];
        for (uint32_t s = 0; s < block->nsucc; s++)
            block->succ[s] = thread_target(body, block->succ[s]);
    }
}

/* Block ids in reverse postorder into `order`; gives how many are reachable. Successors
 * are visited last to first, so that the first one comes first. */
static uint32_t order_blocks(BodyBuild *body, uint32_t *order)
{
    uint32_t n = body->blocks.n, depth = 0, at = n;
    uint32_t *stack = ARENA_ARRAY(body->scratch, uint32_t, n);
    uint32_t *left =
        ARENA_ARRAY(body->scratch, uint32_t, n); /* successors to visit + 1 */
    stack[depth++] = 0;
    left[0] = body->blocks.at[0].nsucc + 1;
    while (depth) {
        uint32_t top = stack[depth - 1];
        RawBlock *block = &body->blocks.at[top];
        BUG_IF(!block->is_ended);
        if (left[top] == 1) {
            order[--at] = top;
            depth--;
            continue;
        }
        uint32_t to = block->succ[--left[top] - 1];
        if (left[to]) continue;
        left[to] = body->blocks.at[to].nsucc + 1;
        stack[depth++] = to;
    }
    memmove(order, order + at, (n - at) * sizeof *order);
    return n - at;
}

static void merge_lines(BodyBuild *body, const uint32_t *order, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const RawBlock *block = &body->blocks.at[order[i]];
        for (uint32_t s = 0; s < block->nsucc; s++)
            body->blocks.at[block->succ[s]].nbefore++;
    }
    body->blocks.at[0].nbefore++;
    for (uint32_t i = 0; i < n; i++) {
        RawBlock *block = &body->blocks.at[order[i]];
        while (block->ins.n && block->ins.at[block->ins.n - 1].op == OP_JUMP) {
            RawBlock *next = &body->blocks.at[block->succ[0]];
            if (next == block || next->nbefore != 1) break;
            block->ins.n--;
            for (uint32_t k = 0; k < next->ins.n; k++)
                vec_push(body->scratch, &block->ins, next->ins.at[k]);
            block->succ = next->succ;
            block->nsucc = next->nsucc;
            block->cases = next->cases;
            next->ins.n = 0; /* now unreachable: nothing else came here */
            next->nsucc = 0;
        }
    }
}

static Block freeze_block(BodyBuild *body, const RawBlock *raw, const uint32_t *place)
{
    Block block = {.nins = raw->ins.n, .nsucc = raw->nsucc, .cases = raw->cases};
    block.ins = ARENA_ARRAY(body->arena, Ins, raw->ins.n);
    memcpy(block.ins, raw->ins.at, raw->ins.n * sizeof *raw->ins.at);
    for (uint32_t s = 0; s < raw->nsucc; s++)
        raw->succ[s] = place[raw->succ[s]];
    block.succ = raw->succ;
    return block;
}

Body *build_body_end(BodyBuild *build, Loc end)
{
    thread_jumps(build);
    uint32_t *order = ARENA_ARRAY(build->scratch, uint32_t, build->blocks.n);
    uint32_t n = order_blocks(build, order);
    merge_lines(build, order, n);
    n = order_blocks(build, order);
    uint32_t *place = ARENA_ARRAY(build->scratch, uint32_t, build->blocks.n);
    for (uint32_t i = 0; i < n; i++)
        place[order[i]] = i;
    Body *body = ARENA_NEW(build->arena, Body);
    body->blocks = ARENA_ARRAY(build->arena, Block, n);
    body->nblock = n;
    for (uint32_t i = 0; i < n; i++)
        body->blocks[i] = freeze_block(build, &build->blocks.at[order[i]], place);
    body->nlocal = build->locals.n;
    body->locals = ARENA_ARRAY(build->arena, Local, build->locals.n);
    memcpy(body->locals, build->locals.at, build->locals.n * sizeof *body->locals);
    body->nval = build->nval;
    body->end = end;
    arena_free(build->scratch);
    return body;
}
