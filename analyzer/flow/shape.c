/*
 * The shape of a body, computed once: instruction numbers, loops, which locals and fields
 * are still read later. A join may forget what is not.
 */
#include "flow/engine.h"

#include <string.h>

static void number_blocks(Engine *engine)
{
    Shape *shape = &engine->shape;
    const Body *body = engine->body;
    shape->first = ARENA_ARRAY(engine->scratch, uint32_t, body->nblock + 1);
    shape->val_low = ARENA_ARRAY(engine->scratch, Val, body->nblock);
    shape->nval = ARENA_ARRAY(engine->scratch, uint32_t, body->nblock);
    shape->last_use = ARENA_ARRAY(engine->scratch, uint32_t, body->nval + 1);
    shape->def = ARENA_ARRAY(engine->scratch, uint32_t, body->nval + 1);
    for (uint32_t b = 0; b < body->nblock; b++) {
        shape->first[b + 1] = shape->first[b] + body->blocks[b].nins;
        Val low = UINT32_MAX, high = 0;
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->dst) {
                if (ins->dst < low) low = ins->dst;
                if (ins->dst > high) high = ins->dst;
                shape->def[ins->dst] = i;
            }
            shape->last_use[ins->a] = shape->last_use[ins->b] = i;
            for (uint32_t k = 0; k < ins->narg; k++)
                shape->last_use[ins->args[k]] = i;
        }
        shape->val_low[b] = low == UINT32_MAX ? 1 : low;
        shape->nval[b] = low == UINT32_MAX ? 0 : high - low + 1;
    }
    shape->nins = shape->first[body->nblock];
}

/* The blocks from which the back edge's source is reached without passing the head. */
static void loop_add(Engine *engine, uint32_t head, uint32_t from,
                     const uint32_t *pred_first, const uint32_t *preds)
{
    uint64_t *loop = engine->shape.loop[head];
    uint32_t *stack = ARENA_ARRAY(engine->scratch, uint32_t, engine->body->nblock + 1);
    uint32_t n = 0;
    bit_set(loop, head);
    if (!bit_get(loop, from)) {
        bit_set(loop, from);
        stack[n++] = from;
    }
    while (n) {
        uint32_t at = stack[--n];
        for (uint32_t i = pred_first[at]; i < pred_first[at + 1]; i++)
            if (!bit_get(loop, preds[i])) {
                bit_set(loop, preds[i]);
                stack[n++] = preds[i];
            }
    }
}

static void find_loops(Engine *engine)
{
    Shape *shape = &engine->shape;
    const Body *body = engine->body;
    uint32_t words = body->nblock / 64 + 1;
    shape->is_head = ARENA_ARRAY(engine->scratch, bool, body->nblock);
    shape->loop = ARENA_ARRAY(engine->scratch, uint64_t *, body->nblock);
    uint32_t *pred_first = ARENA_ARRAY(engine->scratch, uint32_t, body->nblock + 2);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t s = 0; s < body->blocks[b].nsucc; s++)
            pred_first[body->blocks[b].succ[s] + 1]++;
    for (uint32_t b = 0; b < body->nblock; b++)
        pred_first[b + 1] += pred_first[b];
    uint32_t *preds =
        ARENA_ARRAY(engine->scratch, uint32_t, pred_first[body->nblock] + 1);
    uint32_t *fill = ARENA_ARRAY(engine->scratch, uint32_t, body->nblock + 1);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t s = 0; s < body->blocks[b].nsucc; s++) {
            uint32_t to = body->blocks[b].succ[s];
            preds[pred_first[to] + fill[to]++] = b;
        }
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t s = 0; s < body->blocks[b].nsucc; s++) {
            uint32_t to = body->blocks[b].succ[s];
            if (to > b) continue;
            shape->is_head[to] = true;
            if (!shape->loop[to])
                shape->loop[to] = ARENA_ARRAY(engine->scratch, uint64_t, words);
            loop_add(engine, to, b, pred_first, preds);
        }
}

static int64_t constant_of(const Engine *engine, const Block *block, Val val, bool *is)
{
    const Ins *def = &block->ins[engine->shape.def[val]];
    while (def->op == OP_CALC && def->calc == CALC_CAST)
        def = &block->ins[engine->shape.def[def->a]];
    *is = def->op == OP_CONST && def->type.kind == TYPE_INT;
    return *is ? def->imm : 0;
}

static void nearest(int64_t *best, int64_t number, int64_t at, bool up)
{
    if (up && number >= at && number < *best) *best = number;
    if (!up && number <= at && number > *best) *best = number;
}

int64_t shape_bound(const Engine *engine, uint32_t head, int64_t at, bool up)
{
    int64_t best = up ? INT64_MAX : INT64_MIN;
    const uint64_t *loop = engine->shape.loop[head];
    for (uint32_t b = 0; loop && b < engine->body->nblock; b++) {
        const Block *block = &engine->body->blocks[b];
        for (uint32_t i = 0; bit_get(loop, b) && i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            if (ins->op != OP_CALC || ins->calc < CALC_EQ || ins->calc > CALC_GE)
                continue;
            bool is;
            int64_t number = constant_of(engine, block, ins->b, &is);
            if (!is) continue;
            nearest(&best, number, at, up);
            if (number < INT64_MAX) nearest(&best, number + 1, at, up);
            if (number > INT64_MIN) nearest(&best, number - 1, at, up);
        }
    }
    return best;
}

/* Locals whose address is used for more than reading and writing them are always live. */
static void find_taken(Engine *engine, uint64_t *taken)
{
    const Body *body = engine->body;
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            Val used[2] = {ins->op == OP_LOAD || ins->op == OP_STORE ? 0 : ins->a,
                           ins->b};
            for (uint32_t k = 0; k < 2 + ins->narg; k++) {
                Val val = k < 2 ? used[k] : ins->args[k - 2];
                if (!val) continue;
                const Ins *def = &block->ins[engine->shape.def[val]];
                if (def->op == OP_ADDR && def->ref == REF_LOCAL)
                    bit_set(taken, def->local);
            }
        }
    }
}

static const Ins *address_def(const Engine *engine, const Block *block, Val val)
{
    return val ? &block->ins[engine->shape.def[val]] : NULL;
}

int64_t shape_offset(const Field *field)
{
    int64_t offset = (int64_t)field->offset;
    if (field->bit_width) offset += ((int64_t)field->bit_offset + 1) << BIT_OFFSET_SHIFT;
    return offset;
}

/* The constant part of the address that is read. */
static int64_t read_offset(const Engine *engine, const Block *block, Val val)
{
    int64_t offset = 0;
    for (;;) {
        const Ins *def = address_def(engine, block, val);
        if (!def || def->op != OP_FIELD) return offset;
        offset += shape_offset(&engine->unit->fields[def->field]);
        val = def->a;
    }
}

static uint32_t read_number(const Engine *engine, const Block *block, Val val)
{
    int64_t offset = read_offset(engine, block, val);
    return (uint32_t)*map_get(&engine->shape.offset_number, (uint64_t)offset);
}

/* The block's own effect on a set that holds after it, backwards. */
static void live_through(Engine *engine, const Block *block, uint64_t *live,
                         uint64_t *fields)
{
    for (uint32_t i = block->nins; i-- > 0;) {
        const Ins *ins = &block->ins[i];
        if (ins->op != OP_LOAD && ins->op != OP_STORE) continue;
        const Ins *def = address_def(engine, block, ins->a);
        if (def && def->op == OP_ADDR && def->ref == REF_LOCAL) {
            if (ins->op == OP_LOAD)
                bit_set(live, def->local);
            else
                live[def->local / 64] &= ~((uint64_t)1 << (def->local % 64));
        }
        if (ins->op == OP_LOAD) bit_set(fields, read_number(engine, block, ins->a));
    }
}

static void number_reads(Engine *engine)
{
    Shape *shape = &engine->shape;
    const Body *body = engine->body;
    map_init(&shape->offset_number, engine->scratch);
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op != OP_LOAD) continue;
            int64_t offset = read_offset(engine, &body->blocks[b], ins->a);
            map_put(&shape->offset_number, (uint64_t)offset, shape->offset_number.n,
                    NULL);
        }
    shape->nfield = shape->offset_number.n;
}

static void find_live(Engine *engine)
{
    Shape *shape = &engine->shape;
    const Body *body = engine->body;
    uint32_t words = shape->nword_local = body->nlocal / 64 + 1;
    uint32_t field_words = shape->nword_field = shape->nfield / 64 + 1;
    uint64_t *taken = ARENA_ARRAY(engine->scratch, uint64_t, words);
    find_taken(engine, taken);
    shape->live = ARENA_ARRAY(engine->scratch, uint64_t *, body->nblock);
    shape->fields = ARENA_ARRAY(engine->scratch, uint64_t *, body->nblock);
    for (uint32_t b = 0; b < body->nblock; b++) {
        shape->live[b] = ARENA_ARRAY(engine->scratch, uint64_t, words);
        shape->fields[b] = ARENA_ARRAY(engine->scratch, uint64_t, field_words);
    }
    uint64_t *live = ARENA_ARRAY(engine->scratch, uint64_t, words);
    uint64_t *fields = ARENA_ARRAY(engine->scratch, uint64_t, field_words);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t b = body->nblock; b-- > 0;) {
            const Block *block = &body->blocks[b];
            memset(live, 0, words * sizeof *live);
            memset(fields, 0, field_words * sizeof *fields);
            for (uint32_t s = 0; s < block->nsucc; s++) {
                for (uint32_t w = 0; w < words; w++)
                    live[w] |= shape->live[block->succ[s]][w];
                for (uint32_t w = 0; w < field_words; w++)
                    fields[w] |= shape->fields[block->succ[s]][w];
            }
            live_through(engine, block, live, fields);
            for (uint32_t w = 0; w < words; w++)
                live[w] |= taken[w];
            if (memcmp(live, shape->live[b], words * sizeof *live) ||
                memcmp(fields, shape->fields[b], field_words * sizeof *fields)) {
                memcpy(shape->live[b], live, words * sizeof *live);
                memcpy(shape->fields[b], fields, field_words * sizeof *fields);
                changed = true;
            }
        }
    }
}

static bool is_element_address(const Engine *engine, const Block *block, Val val)
{
    const Ins *def = &block->ins[engine->shape.def[val]];
    while (def->op == OP_CALC && def->calc == CALC_CAST)
        def = &block->ins[engine->shape.def[def->a]];
    return def->op == OP_INDEX || def->op == OP_FIELD;
}

/* Locals that are only ever given the address of an element or of a member. */
static void find_elements(Engine *engine)
{
    const Body *body = engine->body;
    uint32_t words = body->nlocal / 64 + 1;
    uint64_t *others = ARENA_ARRAY(engine->scratch, uint64_t, words);
    engine->shape.elements = ARENA_ARRAY(engine->scratch, uint64_t, words);
    find_taken(engine, others);
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            if (ins->op != OP_STORE) continue;
            const Ins *to = &block->ins[engine->shape.def[ins->a]];
            if (to->op != OP_ADDR || to->ref != REF_LOCAL) continue;
            bool element = ins->b && is_element_address(engine, block, ins->b);
            bit_set(element ? engine->shape.elements : others, to->local);
        }
    }
    for (uint32_t i = 0; i < body->nlocal; i++)
        if (body->locals[i].flags & LOCAL_PARAM) bit_set(others, i);
    for (uint32_t i = 0; i < words; i++)
        engine->shape.elements[i] &= ~others[i];
}

void shape_make(Engine *engine)
{
    number_blocks(engine);
    find_loops(engine);
    number_reads(engine);
    find_live(engine);
    find_elements(engine);
}
