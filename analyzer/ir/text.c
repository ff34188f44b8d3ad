/*
 * Texts: the names of operations, and a value said the way the user would write it.
 *
 * Messages say "p->next", not "the value at line 12". The text is rebuilt from the
 * instructions of one block, because temporaries never leave their block. A value that waits
 * in a nameless local while an operator branches is what was stored there, when that is one
 * thing; the result of an operator that branches itself (?:, &&) has no name and gives "".
 */
#include <string.h>

#include "base/buf.h"
#include "ir/ir.h"

enum { MAX_DEPTH = 12, MAX_TEXT = 120 };

const char *op_text(Op op)
{
    static const char *const texts[] = {
#define OP(name, text, is_terminator) text,
#include "ir/ops.def"
#undef OP
    };
    return op < OP_COUNT ? texts[op] : "?";
}

const char *calc_text(Calc calc)
{
    static const char *const texts[] = {
#define CALC(name, text) text,
#include "ir/calcs.def"
#undef CALC
    };
    return calc < CALC_COUNT ? texts[calc] : "?";
}

bool op_is_terminator(Op op)
{
    static const bool is[] = {
#define OP(name, text, is_terminator) is_terminator,
#include "ir/ops.def"
#undef OP
    };
    return op < OP_COUNT && is[op];
}

typedef struct Said {
    const Unit *unit;
    const Body *body;
    const Block *block;
    Arena *arena;
} Said;

static const Ins *ins_of(const Said *said, Val value)
{
    if (!value) return NULL;
    for (uint32_t i = 0; i < said->block->nins; i++)
        if (said->block->ins[i].dst == value) return &said->block->ins[i];
    return NULL;
}

static const char *value_said(const Said *said, Val value, int depth);

/* The object an address stands for, and whether `->` or `.` follows it. */
static const char *object_said(const Said *said, Val address, bool *is_pointer,
                               int depth);

static const char *field_said(const Said *said, const Ins *ins, int depth)
{
    if (ins->field >= said->unit->nfield) return "";
    const char *name = said->unit->fields[ins->field].name->text;
    bool is_pointer = true;
    const char *base = object_said(said, ins->a, &is_pointer, depth + 1);
    if (!*base || !*name) return "";
    return arena_printf(said->arena, "%s%s%s", base, is_pointer ? "->" : ".", name);
}

static const char *index_said(const Said *said, const Ins *ins, int depth)
{
    bool is_pointer = true;
    const char *base = object_said(said, ins->a, &is_pointer, depth + 1);
    if (!*base) return "";
    const char *index = value_said(said, ins->b, depth + 1);
    return arena_printf(said->arena, "%s[%s]", base, *index ? index : "...");
}

static const char *object_said(const Said *said, Val address, bool *is_pointer, int depth)
{
    const Ins *ins = ins_of(said, address);
    if (!ins || depth > MAX_DEPTH) return "";
    *is_pointer = false;
    if (ins->op == OP_ADDR && ins->ref == REF_LOCAL)
        return said->body->locals[ins->local].name->text;
    if (ins->op == OP_ADDR && ins->ref == REF_GLOBAL)
        return said->unit->globals[ins->global].name->text;
    if (ins->op == OP_ADDR && ins->ref == REF_FN)
        return said->unit->fns[ins->fn].name->text;
    if (ins->op == OP_FIELD) return field_said(said, ins, depth);
    if (ins->op == OP_INDEX) return index_said(said, ins, depth);
    *is_pointer = true;
    return value_said(said, address, depth + 1);
}

/* What the only store to a nameless local puts there. */
static const char *waiting_said(const Said *said, LocalId local, int depth)
{
    Said there = {said->unit, said->body, NULL, said->arena};
    Val stored = 0;
    for (uint32_t b = 0; b < said->body->nblock; b++) {
        const Block *block = &said->body->blocks[b];
        Val address = 0;
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            if (ins->op == OP_ADDR && ins->ref == REF_LOCAL && ins->local == local)
                address = ins->dst;
            if (ins->op != OP_STORE || !address || ins->a != address) continue;
            if (stored) return "";
            stored = ins->b;
            there.block = block;
        }
    }
    return stored ? value_said(&there, stored, depth + 1) : "";
}

static const char *loaded_said(const Said *said, const Ins *load, int depth)
{
    const Ins *from = ins_of(said, load->a);
    if (from && from->op == OP_ADDR && from->ref == REF_LOCAL &&
        !said->body->locals[from->local].name->len)
        return depth > MAX_DEPTH ? "" : waiting_said(said, from->local, depth);
    bool is_pointer = false;
    const char *object = object_said(said, load->a, &is_pointer, depth + 1);
    if (!*object || !is_pointer) return object;
    return arena_printf(said->arena, "*%s", object);
}

static const char *call_said(const Said *said, const Ins *call, int depth)
{
    if (call->ref == REF_FN && call->fn)
        return arena_printf(said->arena, "%s()", said->unit->fns[call->fn].name->text);
    const char *slot = value_said(said, call->a, depth + 1);
    return *slot ? arena_printf(said->arena, "%s()", slot) : "";
}

static const char *calc_sign(Calc calc)
{
    static const char *const signs[CALC_COUNT] = {
        [CALC_ADD] = " + ",  [CALC_SUB] = " - ",  [CALC_MUL] = " * ", [CALC_DIV] = " / ",
        [CALC_REM] = " % ",  [CALC_AND] = " & ",  [CALC_OR] = " | ",  [CALC_XOR] = " ^ ",
        [CALC_SHL] = " << ", [CALC_SHR] = " >> ", [CALC_EQ] = " == ", [CALC_NE] = " != ",
        [CALC_LT] = " < ",   [CALC_LE] = " <= ",  [CALC_GT] = " > ",  [CALC_GE] = " >= ",
        [CALC_NEG] = "-",    [CALC_NOT] = "!",    [CALC_FLIP] = "~"};
    return calc < CALC_COUNT ? signs[calc] : NULL;
}

static const char *operand_said(const Said *said, Val value, int depth)
{
    const Ins *ins = ins_of(said, value);
    const char *text = value_said(said, value, depth + 1);
    bool is_compound = ins && ins->op == OP_CALC && ins->calc != CALC_CAST && ins->b;
    return is_compound && *text ? arena_printf(said->arena, "(%s)", text) : text;
}

static const char *calc_said(const Said *said, const Ins *ins, int depth)
{
    const char *sign = calc_sign(ins->calc), *a = operand_said(said, ins->a, depth);
    if (!sign || !*a) return "";
    if (!ins->b) return arena_printf(said->arena, "%s%s", sign, a);
    const char *b = operand_said(said, ins->b, depth);
    return *b ? arena_printf(said->arena, "%s%s%s", a, sign, b) : "";
}

static const char *value_said(const Said *said, Val value, int depth)
{
    const Ins *ins = ins_of(said, value);
    if (!ins || depth > MAX_DEPTH) return "";
    if (ins->op == OP_LOAD) return loaded_said(said, ins, depth);
    if (ins->op == OP_CALL) return call_said(said, ins, depth);
    if (ins->op == OP_CALC && ins->calc == CALC_CAST)
        return value_said(said, ins->a, depth + 1);
    if (ins->op == OP_CALC) return calc_said(said, ins, depth);
    if (ins->op == OP_CONST && ins->type.kind == TYPE_POINTER && !ins->imm) return "NULL";
    if (ins->op == OP_CONST)
        return arena_printf(said->arena, "%lld", (long long)ins->imm);
    if (ins->op != OP_ADDR && ins->op != OP_FIELD && ins->op != OP_INDEX) return "";
    bool is_pointer = false;
    const char *object = object_said(said, value, &is_pointer, depth + 1);
    if (!*object || (ins->op == OP_ADDR && ins->ref == REF_FN)) return object;
    return arena_printf(said->arena, "&%s", object);
}

/* Something reads or writes there: not the address is meant but the place. */
static bool is_accessed(const Said *said, Val address)
{
    for (uint32_t i = 0; i < said->block->nins; i++) {
        const Ins *ins = &said->block->ins[i];
        bool is_access = ins->op == OP_LOAD || ins->op == OP_STORE ||
                         ins->op == OP_COPY || ins->op == OP_FILL;
        if (is_access && (ins->a == address || (ins->op == OP_COPY && ins->b == address)))
            return true;
    }
    return false;
}

static bool is_address(const Said *said, Val value)
{
    const Ins *ins = ins_of(said, value);
    return ins && (ins->op == OP_ADDR || ins->op == OP_FIELD || ins->op == OP_INDEX);
}

const char *ir_text(const Unit *unit, const Body *body, uint32_t block, Val value,
                    Arena *arena)
{
    if (block >= body->nblock) return "";
    Said said = {unit, body, &body->blocks[block], arena};
    bool is_pointer = false;
    const char *text = is_address(&said, value) && is_accessed(&said, value)
                           ? object_said(&said, value, &is_pointer, 0)
                           : value_said(&said, value, 0);
    return strlen(text) <= MAX_TEXT ? text : "";
}
