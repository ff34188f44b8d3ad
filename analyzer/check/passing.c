/*
 * Votes on a context: of the calls that could pass one, how many do. Calls through members of
 * one record (a table of operations) are counted together: it is the same habit.
 */
#include <string.h>

#include "check/inner.h"

/* A part of a text: a type as names of parameters have it. */
typedef struct Part {
    const char *at;
    size_t len;
} Part;

/* What is asked about: the calls of a function, or through the members of a record. */
typedef struct Habit {
    Part callee;
    bool is_record;
    uint32_t arg; /* of a function, from 0 */
    Part type;    /* of a record: of the argument; empty: not known yet */
} Habit;

static bool same(Part a, Part b)
{
    return a.len == b.len && a.len && !memcmp(a.at, b.at, a.len);
}

/* The type of the parameter at `index`, of "(frame_t *|struct frame *;;dict_t *)". */
static Part type_in(const Name *signature, uint32_t index)
{
    const char *at = signature ? strchr(signature->text, '(') : NULL;
    for (uint32_t i = 0; at && *at && *at != ')'; i++) {
        size_t len = strcspn(++at, ";)");
        if (i == index) return (Part){at, len};
        at += len;
    }
    return (Part){"", 0};
}

static const Ins *def_of(const Block *block, Val val)
{
    for (uint32_t i = 0; val && i < block->nins; i++)
        if (block->ins[i].dst == val) return &block->ins[i];
    return NULL;
}

static bool is_null(const Block *block, Val val)
{
    const Ins *def = def_of(block, val);
    while (def && def->op == OP_CALC && def->calc == CALC_CAST)
        def = def_of(block, def->a);
    return def && def->op == OP_CONST && !def->imm;
}

/* A function that has such a context: one came in. */
static bool has_type(const Fn *fn, Part type)
{
    for (uint32_t i = 0; i < fn->nparam; i++) {
        const Name *own = fn->params[i].type_name;
        if (own && same((Part){own->text, own->len}, type)) return true;
    }
    return false;
}

/* The member that is called; NULL. */
static const Field *member_of(const ProgramFn *fn, const Block *block, const Ins *call)
{
    FieldId id = ir_called_member(fn->fn->body, block, call);
    return id ? &fn->unit->fields[id] : NULL;
}

static bool is_member_of(const Field *field, Part record)
{
    size_t tag = strcspn(field->record->text, "@");
    return same((Part){field->record->text, tag}, record);
}

/* The argument that is asked about, from 1; 0: this is another call. */
static uint32_t place_of_type(const Habit *habit, const ProgramFn *fn, const Block *block,
                              const Ins *call, Part *type)
{
    if (!habit->is_record) {
        const Fn *callee = call->fn && !call->a ? &fn->unit->fns[call->fn] : NULL;
        if (!callee || habit->arg >= callee->nparam || habit->arg >= call->narg ||
            !same((Part){callee->name->text, callee->name->len}, habit->callee))
            return 0;
        const Name *name = callee->params[habit->arg].type_name;
        if (name) *type = (Part){name->text, name->len};
        return name ? habit->arg + 1 : 0;
    }
    const Field *field = call->a ? member_of(fn, block, call) : NULL;
    if (!field || !is_member_of(field, habit->callee)) return 0;
    *type = habit->type;
    for (uint32_t i = call->narg; i-- > 0;)
        if (same(type_in(field->type_name, i), habit->type)) return i + 1;
    return 0;
}

static void count(const Habit *habit, const ProgramFn *fn, Votes *votes)
{
    const Body *body = fn->fn->body;
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++) {
            const Ins *ins = &block->ins[i];
            Part type = {"", 0};
            if (ins->op != OP_CALL) continue;
            uint32_t arg = place_of_type(habit, fn, block, ins, &type);
            if (!arg || !has_type(fn->fn, type)) continue;
            if (is_null(block, ins->args[arg - 1]))
                votes->unchecked++;
            else
                votes->checked++;
        }
    }
}

static bool habit_of(const Check *check, const Fault *fault, Habit *habit)
{
    if (!fault->callee || !fault->arg) return false;
    const char *colon = strstr(fault->callee->text, "::");
    *habit = (Habit){.callee = {fault->callee->text, fault->callee->len},
                     .arg = fault->arg - 1};
    if (!colon) return true;
    habit->is_record = true;
    habit->callee.len = (size_t)(colon - fault->callee->text);
    const Unit *unit = check->fn->unit;
    for (uint32_t i = 1; i < unit->nfield && !habit->type.len; i++)
        if (!strcmp(unit->fields[i].name->text, colon + 2) &&
            is_member_of(&unit->fields[i], habit->callee))
            habit->type = type_in(unit->fields[i].type_name, fault->arg - 1);
    return habit->type.len;
}

Votes check_passing(Check *check, const Fault *fault)
{
    Habit habit;
    Votes votes = {0, 0};
    if (!habit_of(check, fault, &habit)) return votes;
    bool added;
    uint64_t *known =
        map_put(&check->passing, MAP_KEY(fault->callee) ^ fault->arg, 0, &added);
    if (!added) return *(const Votes *)(uintptr_t)*known;
    for (uint32_t i = 0; i < check->program->norder; i++)
        count(&habit, check->program->order[i], &votes);
    const uint64_t *roots = map_get(&check->roots, MAP_KEY(fault->callee) ^ fault->arg);
    uint32_t nroot = roots ? (uint32_t)*roots : 0;
    nroot = nroot < votes.checked ? nroot : votes.checked;
    votes.checked -= nroot;
    votes.unchecked += nroot;
    Votes *kept = ARENA_NEW(check->arena, Votes);
    *kept = votes;
    *map_put(&check->passing, MAP_KEY(fault->callee) ^ fault->arg, 0, NULL) =
        MAP_KEY(kept);
    return votes;
}
