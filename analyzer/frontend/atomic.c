/*
 * Atomic operations as the loads, stores and calculations they are.
 *
 * Null analysis is about one thread: an exchange is a load and a store. A compare and
 * swap may or may not write, so what it writes is forgotten, the way inline assembly is.
 * libclang lists the operands of the __atomic family as pointer, order, value, ...
 */
#include <ctype.h>
#include <string.h>

#include "frontend/lower.h"

typedef struct Atomic {
    Lower *lower;
    Node *node;
    Val pointer;
    Type type; /* of the object */
    TypeInfo *info;
} Atomic;

static bool contains(const char *name, const char *part)
{
    return strstr(name, part) != NULL;
}

/* "add" of fetch_add, add_fetch, fetch_and_add, add_and_fetch. */
static const char *operation(const char *name)
{
    static const char *const before[] = {"fetch_and_", "__sync_", "fetch_", "atomic_"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const char *at = strstr(name, before[i]);
        if (at) return at + strlen(before[i]);
    }
    return name;
}

static bool named_calc(const char *name, enum CXBinaryOperatorKind *op)
{
    static const struct {
        const char *text;
        enum CXBinaryOperatorKind op;
    } known[] = {
        {"add", CXBinaryOperator_Add},      {"sub", CXBinaryOperator_Sub},
        {"xor", CXBinaryOperator_Xor},      {"and", CXBinaryOperator_And},
        {"nand", CXBinaryOperator_Invalid}, {"or", CXBinaryOperator_Or},
    };
    const char *text = operation(name);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strncmp(text, known[i].text, strlen(known[i].text)) != 0) continue;
        *op = known[i].op;
        return true;
    }
    return false;
}

static void forget(const Atomic *atomic, Val also)
{
    Ins ins = emit_at(atomic->lower, atomic->node, OP_ASM);
    Val *args = build_vals(atomic->lower->body, 2);
    args[0] = atomic->pointer;
    args[1] = also;
    ins.args = args;
    ins.narg = also ? 2 : 1;
    build_ins(atomic->lower->body, ins);
}

static Val load(const Atomic *atomic)
{
    return emit_load(atomic->lower, atomic->node, atomic->pointer, atomic->type);
}

static void store(const Atomic *atomic, Val value)
{
    emit_store(atomic->lower, atomic->node, atomic->pointer, value, atomic->type);
}

/* fetch_and_add gives the old value, add_and_fetch the new one. */
static Val modify(const Atomic *atomic, enum CXBinaryOperatorKind op, Val amount,
                  bool gives_old)
{
    Lower *lower = atomic->lower;
    Val old = load(atomic), value = 0;
    if (op == CXBinaryOperator_Invalid)
        value = emit_opaque(lower, atomic->node, "nand", &old, 1, atomic->type);
    else if (atomic->type.kind == TYPE_POINTER) /* adds bytes */
        value = emit_index(lower, atomic->node, old, amount, 1);
    else
        value = lower_arithmetic(lower, atomic->node, op, old, atomic->info, amount,
                                 atomic->info, atomic->type);
    store(atomic, value);
    return gives_old ? old : value;
}

static void set_type(Atomic *atomic, Node *pointer)
{
    Parse *parse = atomic->lower->parse;
    atomic->info = type_target(parse, node_type(parse, pointer));
    if (!atomic->info) atomic->info = node_type(parse, atomic->node);
    atomic->type = atomic->info->scalar;
}

static Val constant_of(const Atomic *atomic, int64_t value)
{
    return emit_const(atomic->lower, atomic->node, atomic->type, value);
}

static Val compare_old(const Atomic *atomic, Val old, Val expected)
{
    return emit_calc(atomic->lower, atomic->node, CALC_EQ, old, expected, type_int());
}

/* The operands as values, evaluated in order; the pointer is the first. */
static uint32_t operands(Lower *lower, Node *node, uint32_t from, Val *values,
                         uint32_t room)
{
    Kept kept[8];
    Node *nodes[8];
    uint32_t n = 0;
    for (Node *child = node->first; child && n < room; child = child->next) {
        if (!node_is_expr(child)) continue;
        if (from) {
            from--;
            continue;
        }
        Type type = node_type(lower->parse, child)->scalar;
        nodes[n] = child;
        kept[n++] =
            emit_keep(lower, child, lower_value(lower, child), type, node->has_flow);
    }
    for (uint32_t i = 0; i < n; i++)
        values[i] = emit_kept(lower, nodes[i], &kept[i]);
    return n;
}

Val lower_sync(Lower *lower, Node *node, const char *name)
{
    Atomic atomic = {.lower = lower, .node = node};
    Val values[8] = {0};
    uint32_t n = operands(lower, node, 1, values, 3);
    Type result = node_type(lower->parse, node)->scalar;
    if (!n) return emit_opaque(lower, node, name, NULL, 0, result);
    atomic.pointer = values[0];
    set_type(&atomic, node_expr(node, 1));
    enum CXBinaryOperatorKind op = CXBinaryOperator_Invalid;
    if (contains(name, "compare_and_swap")) {
        Val old = load(&atomic);
        forget(&atomic, 0);
        return contains(name, "bool") ? compare_old(&atomic, old, values[1]) : old;
    }
    if (contains(name, "lock_test_and_set") || contains(name, "_swap")) {
        Val old = load(&atomic);
        store(&atomic, values[1]);
        return old;
    }
    if (contains(name, "lock_release")) {
        store(&atomic, constant_of(&atomic, 0));
        return 0;
    }
    if (n >= 2 && named_calc(name, &op))
        return modify(&atomic, op, values[1], contains(name, "_fetch_and_"));
    return emit_opaque(lower, node, name, values, n, result);
}

static const char *atomic_name(Lower *lower, const Node *node)
{
    Text text = source_text(lower->parse, clang_getCursorLocation(node->cursor));
    size_t n = 0;
    while (n < text.left && (isalnum((unsigned char)text.at[n]) || text.at[n] == '_'))
        n++;
    return arena_copy(lower->nodes, text.at, n);
}

/* The object behind a pointer operand of the generic (not _n) variants. */
static Val through(const Atomic *atomic, Val pointer)
{
    return emit_load(atomic->lower, atomic->node, pointer, atomic->type);
}

static Val compare_exchange(const Atomic *atomic, const Val *values)
{
    Val old = load(atomic), expected = through(atomic, values[2]);
    forget(atomic, values[2]);
    return compare_old(atomic, old, expected);
}

static Val generic_exchange(const Atomic *atomic, const Val *values, uint32_t n)
{
    Val old = load(atomic);
    store(atomic, through(atomic, values[2]));
    if (n > 3) emit_store(atomic->lower, atomic->node, values[3], old, atomic->type);
    return old;
}

static Val load_or_store(const Atomic *atomic, const char *name, const Val *values,
                         uint32_t n)
{
    bool is_value = contains(name, "_n") || !strncmp(name, "__c11", 5);
    if (contains(name, "_load")) {
        Val old = load(atomic);
        if (!is_value && n > 2)
            emit_store(atomic->lower, atomic->node, values[2], old, atomic->type);
        return old;
    }
    if (contains(name, "_init") && n > 1)
        store(atomic, values[n - 1]);
    else if (n > 2)
        store(atomic, is_value ? values[2] : through(atomic, values[2]));
    return 0;
}

Val lower_atomic(Lower *lower, Node *node)
{
    Atomic atomic = {.lower = lower, .node = node};
    const char *name = atomic_name(lower, node);
    Val values[8] = {0};
    uint32_t n = operands(lower, node, 0, values, 6);
    Type result = node_type(lower->parse, node)->scalar;
    if (!n) return emit_opaque(lower, node, name, NULL, 0, result);
    atomic.pointer = values[0];
    set_type(&atomic, node_expr(node, 0));
    enum CXBinaryOperatorKind op = CXBinaryOperator_Invalid;
    if (atomic.type.kind == TYPE_AGGREGATE) {
        forget(&atomic, n > 3 ? values[3] : n > 2 ? values[2] : 0);
        return result.kind == TYPE_VOID
                   ? 0
                   : emit_opaque(lower, node, name, values, n, result);
    }
    if (contains(name, "compare_exchange") && n > 2)
        return compare_exchange(&atomic, values);
    if (contains(name, "_load") || contains(name, "_store") || contains(name, "_init"))
        return load_or_store(&atomic, name, values, n);
    if (contains(name, "exchange") && n > 2) {
        if (!contains(name, "_n") && strncmp(name, "__c11", 5) != 0)
            return generic_exchange(&atomic, values, n);
        Val old = load(&atomic);
        store(&atomic, values[2]);
        return old;
    }
    if (n > 2 && named_calc(name, &op))
        return modify(&atomic, op, values[2], contains(name, "atomic_fetch_"));
    return emit_opaque(lower, node, name, values, n, result);
}
