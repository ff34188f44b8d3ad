#ifndef TESTS_UNIT_IR_MACHINE_H
#define TESTS_UNIT_IR_MACHINE_H

/*
 * A machine that runs the IR: the same program must compute the same as C does. It uses
 * real memory and real addresses, so offsets and sizes are tested too. Calls of functions
 * without a body go to a handful of library functions.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"

enum { MACHINE_DEPTH = 20000, MACHINE_STEPS = 20000000 };

typedef struct Machine {
    const Unit *unit;
    Arena *arena;
    char **globals;
    char *fns; /* one byte a function: its address stands for it */
    uint64_t nstep;
    uint32_t depth;
    bool has_texts;      /* tables hold strings whose content the IR does not keep */
    const char *failure; /* NULL: fine so far */
} Machine;

typedef struct Frame {
    const Body *body;
    int64_t *vals;
    Type *types;
    FieldId *fields; /* of addresses a FIELD made: bit-fields need it */
    char **locals;
} Frame;

static inline int64_t machine_call(Machine *machine, FnId id, const int64_t *args,
                                   uint32_t narg);

static int64_t machine_fail(Machine *machine, const char *why)
{
    if (!machine->failure) machine->failure = why;
    return 0;
}

static int64_t machine_fit(Type type, int64_t value)
{
    if (type.kind != TYPE_INT || type.size == 0 || type.size >= 8) return value;
    unsigned shift = 64 - 8 * type.size;
    uint64_t high = (uint64_t)value << shift;
    return type.is_signed ? (int64_t)high >> shift : (int64_t)(high >> shift);
}

static int64_t machine_bits(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double machine_float(int64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static const Field *machine_bitfield(const Machine *machine, const Frame *frame,
                                     const Ins *ins)
{
    if (!(ins->flags & INS_BITFIELD)) return NULL;
    const Field *field = &machine->unit->fields[frame->fields[ins->a]];
    return field->bit_width ? field : NULL;
}

static int64_t machine_read_bits(const char *at, const Field *field)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < field->bit_width; i++) {
        uint32_t bit = field->bit_offset + i;
        value |= (uint64_t)((unsigned char)at[bit / 8] >> bit % 8 & 1) << i;
    }
    if (field->type.is_signed && field->bit_width < 64 && value >> (field->bit_width - 1))
        value |= ~0ull << field->bit_width;
    return (int64_t)value;
}

static void machine_write_bits(char *at, const Field *field, int64_t value)
{
    for (uint32_t i = 0; i < field->bit_width; i++) {
        uint32_t bit = field->bit_offset + i;
        unsigned char mask = (unsigned char)(1u << bit % 8);
        unsigned char old = (unsigned char)at[bit / 8];
        at[bit / 8] = (char)((uint64_t)value >> i & 1 ? old | mask : old & ~mask);
    }
}

static int64_t machine_read(const char *at, Type type)
{
    if (type.kind == TYPE_FLOAT) {
        float narrow;
        double wide;
        long double widest;
        if (type.size == 4) memcpy(&narrow, at, 4);
        if (type.size == 8) memcpy(&wide, at, 8);
        if (type.size == 16) memcpy(&widest, at, 16);
        return machine_bits(type.size == 4   ? (double)narrow
                            : type.size == 8 ? wide
                                             : (double)widest);
    }
    int64_t value = 0;
    memcpy(&value, at, type.size < 8 ? type.size : 8);
    return machine_fit(type, value);
}

static void machine_write(char *at, Type type, int64_t value)
{
    if (type.kind == TYPE_FLOAT) {
        double wide = machine_float(value);
        float narrow = (float)wide;
        long double widest = (long double)wide;
        if (type.size == 4) memcpy(at, &narrow, 4);
        if (type.size == 8) memcpy(at, &wide, 8);
        if (type.size == 16) memcpy(at, &widest, 16);
        return;
    }
    if (type.size > 8)
        memset(at + 8, value < 0 && type.is_signed ? 0xff : 0, type.size - 8);
    memcpy(at, &value, type.size < 8 ? type.size : 8);
}

static int64_t machine_compare(Calc calc, bool less, bool equal)
{
    switch ((int)calc) {
    case CALC_EQ: return equal;
    case CALC_NE: return !equal;
    case CALC_LT: return less;
    case CALC_LE: return less || equal;
    case CALC_GT: return !less && !equal;
    default: return !less;
    }
}

static int64_t machine_float_calc(Calc calc, double a, double b)
{
    switch ((int)calc) {
    case CALC_ADD: return machine_bits(a + b);
    case CALC_SUB: return machine_bits(a - b);
    case CALC_MUL: return machine_bits(a * b);
    case CALC_DIV: return machine_bits(a / b);
    case CALC_NEG: return machine_bits(-a);
    case CALC_NOT: return a == 0;
    default: return machine_compare(calc, a < b, a == b);
    }
}

static int64_t machine_divide(Machine *machine, bool is_rest, int64_t a, int64_t b,
                              bool is_unsigned)
{
    if (!b) return machine_fail(machine, "division by zero");
    if (is_unsigned) {
        uint64_t x = (uint64_t)a, y = (uint64_t)b;
        return (int64_t)(is_rest ? x % y : x / y);
    }
    if (b == -1) return is_rest ? 0 : (int64_t)(0 - (uint64_t)a);
    return is_rest ? a % b : a / b;
}

static int64_t machine_int_calc(Machine *machine, Calc calc, uint64_t a, uint64_t b,
                                bool is_unsigned)
{
    switch (calc) {
    case CALC_ADD: return (int64_t)(a + b);
    case CALC_SUB: return (int64_t)(a - b);
    case CALC_MUL: return (int64_t)(a * b);
    case CALC_DIV:
    case CALC_REM:
        return machine_divide(machine, calc == CALC_REM, (int64_t)a, (int64_t)b,
                              is_unsigned);
    case CALC_AND: return (int64_t)(a & b);
    case CALC_OR: return (int64_t)(a | b);
    case CALC_XOR: return (int64_t)(a ^ b);
    case CALC_SHL: return (int64_t)(a << (b & 63));
    case CALC_SHR: return is_unsigned ? (int64_t)(a >> (b & 63)) : (int64_t)a >> (b & 63);
    case CALC_NEG: return (int64_t)(0 - a);
    case CALC_NOT: return !a;
    case CALC_FLIP: return (int64_t)~a;
    case CALC_EQ:
    case CALC_NE:
    case CALC_LT:
    case CALC_LE:
    case CALC_GT:
    case CALC_GE: {
        bool less = is_unsigned ? a < b : (int64_t)a < (int64_t)b;
        return machine_compare(calc, less, a == b);
    }
    case CALC_CAST:
    case CALC_COUNT: break;
    }
    return machine_fail(machine, "unknown calculation");
}

static int64_t machine_cast(Type from, Type to, int64_t value)
{
    if (from.kind == TYPE_FLOAT && to.kind == TYPE_FLOAT)
        return to.size == 4 ? machine_bits((double)(float)machine_float(value)) : value;
    if (from.kind == TYPE_FLOAT) {
        double number = machine_float(value);
        bool is_large = number >= 9223372036854775808.0;
        return machine_fit(to, is_large ? (int64_t)(uint64_t)number : (int64_t)number);
    }
    if (to.kind == TYPE_FLOAT) {
        double number = from.is_signed ? (double)value : (double)(uint64_t)value;
        return machine_bits(to.size == 4 ? (double)(float)number : number);
    }
    return machine_fit(to, value);
}

static int64_t machine_calc(Machine *machine, const Frame *frame, const Ins *ins)
{
    int64_t a = frame->vals[ins->a], b = ins->b ? frame->vals[ins->b] : 0;
    Type type = frame->types[ins->a];
    if (ins->calc == CALC_CAST) return machine_cast(type, ins->type, a);
    if (ins->calc == CALC_SUB && type.kind == TYPE_POINTER)
        return machine_fail(machine,
                            "pointer difference"); /* in elements of unknown size */
    if (type.kind == TYPE_FLOAT) {
        int64_t result =
            machine_float_calc(ins->calc, machine_float(a), machine_float(b));
        bool is_narrow = ins->type.kind == TYPE_FLOAT && ins->type.size == 4;
        return is_narrow ? machine_bits((double)(float)machine_float(result)) : result;
    }
    return machine_fit(ins->type,
                       machine_int_calc(machine, ins->calc, (uint64_t)a, (uint64_t)b,
                                        ins->flags & INS_UNSIGNED));
}

static int64_t machine_address(const Machine *machine, const Frame *frame, const Ins *ins)
{
    if (ins->ref == REF_LOCAL) return (int64_t)(intptr_t)frame->locals[ins->local];
    if (ins->ref == REF_GLOBAL) return (int64_t)(intptr_t)machine->globals[ins->global];
    return (int64_t)(intptr_t)(machine->fns + ins->fn);
}

static bool machine_is(const char *name, const char *other)
{
    return !strcmp(name, other);
}

static int64_t machine_library(Machine *machine, const char *name, const int64_t *args)
{
    if (machine_is(name, "abort") || machine_is(name, "__assert_fail"))
        return machine_fail(machine, "abort");
    if (machine_is(name, "exit"))
        return machine_fail(machine, args[0] ? "exit" : "exit 0");
    if (machine_is(name, "malloc") || machine_is(name, "alloca"))
        return (int64_t)(intptr_t)arena_take(machine->arena, (size_t)args[0], 16);
    if (machine_is(name, "calloc"))
        return (int64_t)(intptr_t)arena_take(machine->arena, (size_t)(args[0] * args[1]),
                                             16);
    if (machine_is(name, "free") || machine_is(name, "printf")) return 0;
    if (!args[0]) return machine_fail(machine, name);
    char *first = (char *)(intptr_t)args[0], *second = (char *)(intptr_t)args[1];
    size_t size = (size_t)args[2];
    if (machine_is(name, "memcpy") || machine_is(name, "memmove"))
        return (int64_t)(intptr_t)memmove(first, second, size);
    if (machine_is(name, "memset"))
        return (int64_t)(intptr_t)memset(first, (int)args[1], size);
    if (machine_is(name, "memcmp")) return memcmp(first, second, size);
    if (machine_is(name, "strlen")) return (int64_t)strlen(first);
    if (machine_is(name, "strcmp")) return strcmp(first, second);
    if (machine_is(name, "strchr")) return (int64_t)(intptr_t)strchr(first, (int)args[1]);
    return machine_fail(machine, name);
}

static int64_t machine_do_call(Machine *machine, const Frame *frame, const Ins *ins)
{
    int64_t args[64] = {0};
    if (ins->narg > 64) return machine_fail(machine, "many arguments");
    for (uint32_t i = 0; i < ins->narg; i++)
        args[i] = frame->vals[ins->args[i]];
    FnId id = ins->ref == REF_FN ? ins->fn : 0;
    if (!id) {
        intptr_t at = (intptr_t)frame->vals[ins->a] - (intptr_t)machine->fns;
        if (at <= 0 || at >= machine->unit->nfn)
            return machine_fail(machine, "call of no function");
        id = (FnId)at;
    }
    if (!machine->unit->fns[id].body)
        return machine_fit(
            ins->type, machine_library(machine, machine->unit->fns[id].name->text, args));
    return machine_call(machine, id, args, ins->narg);
}

static char *machine_text(Machine *machine, const Name *text)
{
    char *copy = arena_take(machine->arena, 512, 16);
    if (text) memcpy(copy, text->text, text->len < 500 ? text->len : 500);
    return copy;
}

/* Any instruction but a terminator. */
static void machine_step(Machine *machine, Frame *frame, const Ins *ins)
{
    char *at = ins->a ? (char *)(intptr_t)frame->vals[ins->a] : NULL;
    int64_t b = ins->b ? frame->vals[ins->b] : 0, value = 0;
    bool is_access = ins->op == OP_LOAD || ins->op == OP_STORE || ins->op == OP_COPY ||
                     ins->op == OP_FILL;
    if (is_access && (uintptr_t)at < 4096) {
        machine_fail(machine, "null pointer");
        return;
    }
    const Field *bits = is_access ? machine_bitfield(machine, frame, ins) : NULL;
    switch ((int)ins->op) {
    case OP_CONST: value = machine_fit(ins->type, ins->imm); break;
    case OP_STRING: value = (int64_t)(intptr_t)machine_text(machine, ins->text); break;
    case OP_ADDR: value = machine_address(machine, frame, ins); break;
    case OP_LOAD:
        value = bits ? machine_read_bits(at, bits) : machine_read(at, ins->type);
        break;
    case OP_STORE:
        if (bits)
            machine_write_bits(at, bits, b);
        else
            machine_write(at, ins->type, b);
        break;
    case OP_COPY: memmove(at, (const char *)(intptr_t)b, (size_t)ins->imm); break;
    case OP_FILL: memset(at, 0, (size_t)ins->imm); break;
    case OP_FIELD:
        value = (int64_t)(intptr_t)at + (int64_t)machine->unit->fields[ins->field].offset;
        frame->fields[ins->dst] = ins->field;
        break;
    case OP_INDEX: value = (int64_t)(intptr_t)at + b * ins->imm; break;
    case OP_CALC: value = machine_calc(machine, frame, ins); break;
    case OP_CALL: value = machine_do_call(machine, frame, ins); break;
    case OP_ASSUME:
        if (!at) machine_fail(machine, "an assumption does not hold");
        break;
    case OP_ASM: break;
    case OP_OPAQUE: machine_fail(machine, ins->text ? ins->text->text : "opaque"); break;
    default: break;
    }
    if (!ins->dst) return;
    frame->vals[ins->dst] = value;
    frame->types[ins->dst] = ins->type;
}

/* The block after this one; UINT32_MAX: returned. */
static uint32_t machine_next(Machine *machine, const Frame *frame, const Block *block,
                             int64_t *result)
{
    const Ins *end = &block->ins[block->nins - 1];
    int64_t value = end->a ? frame->vals[end->a] : 0;
    switch ((int)end->op) {
    case OP_JUMP: return block->succ[0];
    case OP_BRANCH:
        if (frame->types[end->a].kind == TYPE_FLOAT) value = machine_float(value) != 0;
        return block->succ[value ? 0 : 1];
    case OP_SWITCH:
        for (uint32_t i = 0; i + 1 < block->nsucc; i++)
            if (value >= block->cases[i].low && value <= block->cases[i].high)
                return block->succ[i + 1];
        return block->succ[0];
    case OP_RETURN: *result = value; return UINT32_MAX;
    default: machine_fail(machine, "stop"); return UINT32_MAX;
    }
}

static char *machine_local(Machine *machine, const Local *local)
{
    return arena_take(machine->arena, (local->type.size ? local->type.size : 4096) + 16,
                      16);
}

static Frame machine_frame(Machine *machine, const Fn *fn, const int64_t *args,
                           uint32_t narg)
{
    const Body *body = fn->body;
    Frame frame = {.body = body};
    frame.vals = ARENA_ARRAY(machine->arena, int64_t, body->nval);
    frame.types = ARENA_ARRAY(machine->arena, Type, body->nval);
    frame.fields = ARENA_ARRAY(machine->arena, FieldId, body->nval);
    frame.locals = ARENA_ARRAY(machine->arena, char *, body->nlocal);
    for (uint32_t i = 1; i < body->nlocal; i++) {
        Type type = body->locals[i].type;
        frame.locals[i] = machine_local(machine, &body->locals[i]);
        if (i > fn->nparam || i > narg) continue;
        if (type.kind == TYPE_AGGREGATE)
            memcpy(frame.locals[i], (const char *)(intptr_t)args[i - 1], type.size);
        else
            machine_write(frame.locals[i], type, args[i - 1]);
    }
    return frame;
}

static inline int64_t machine_call(Machine *machine, FnId id, const int64_t *args,
                                   uint32_t narg)
{
    const Fn *fn = &machine->unit->fns[id];
    if (machine->depth > MACHINE_DEPTH) return machine_fail(machine, "recursion");
    machine->depth++;
    Frame frame = machine_frame(machine, fn, args, narg);
    int64_t result = 0;
    for (uint32_t at = 0; at != UINT32_MAX && !machine->failure;) {
        const Block *block = &frame.body->blocks[at];
        for (uint32_t i = 0; i + 1 < block->nins && !machine->failure; i++) {
            if (machine->nstep++ > MACHINE_STEPS) machine_fail(machine, "too long");
            machine_step(machine, &frame, &block->ins[i]);
        }
        if (!machine->failure) at = machine_next(machine, &frame, block, &result);
    }
    machine->depth--;
    if (fn->result.kind != TYPE_AGGREGATE) result = machine_fit(fn->result, result);
    return result;
}

static void machine_init(Machine *machine, char *at, const Init *init)
{
    const Field *field = init->field ? &machine->unit->fields[init->field] : NULL;
    at += init->offset;
    switch (init->kind) {
    case INIT_INT:
        if (field && field->bit_width)
            machine_write_bits(at, field, init->value);
        else
            machine_write(at, init->type, init->value);
        break;
    case INIT_FN:
        machine_write(at, init->type, (intptr_t)(machine->fns + init->fn));
        break;
    case INIT_GLOBAL:
        machine_write(at, init->type, (intptr_t)machine->globals[init->global]);
        break;
    case INIT_STRING:
        machine->has_texts = true;
        if (init->type.kind == TYPE_POINTER)
            machine_write(at, init->type, (intptr_t)machine_text(machine, NULL));
        break;
    case INIT_UNKNOWN: machine->has_texts = true; break;
    case INIT_NULL: break;
    }
}

static inline void machine_start(Machine *machine, const Unit *unit, Arena *arena)
{
    *machine = (Machine){.unit = unit, .arena = arena};
    machine->fns = arena_take(arena, unit->nfn, 16);
    machine->globals = ARENA_ARRAY(arena, char *, unit->nglobal);
    for (uint32_t i = 1; i < unit->nglobal; i++)
        machine->globals[i] = arena_take(arena, unit->globals[i].type.size + 64, 16);
    for (uint32_t i = 1; i < unit->nglobal; i++)
        for (uint32_t k = 0; k < unit->globals[i].ninit; k++)
            machine_init(machine, machine->globals[i], &unit->globals[i].inits[k]);
}

#endif
