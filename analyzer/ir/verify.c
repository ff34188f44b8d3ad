/*
 * Is this unit what ir.h promises? Run after lowering in debug builds and on everything
 * that is read, so that nobody behind it checks an index.
 *
 * Which parts an operation may have comes from form.h: a part it must not have is a
 * complaint, because print would lose it.
 */
#include "ir/verify.h"

#include "base/arena.h"
#include "ir/form.h"

enum { MAX_VALUES = 1 << 24 };

typedef struct Verify {
    const Unit *unit;
    const Fn *fn;
    const Body *body;
    VerifySpot spot;
    /* given[val] is the number of the block that gave it, counted over the whole unit:
     * so nothing needs clearing between functions. */
    uint32_t *given, first, current;
    bool *reached;
    uint32_t ins_flags; /* all there are */
    Err *err;
} Verify;

#define COMPLAIN(v, ...) (err_set((v)->err, ERR_INTERNAL, __VA_ARGS__), false)

static bool loc_holds(const Verify *v, Loc loc)
{
    return loc.file == 0 || loc.file < v->unit->nfile;
}

static bool type_holds(Type type)
{
    return type.kind <= TYPE_AGGREGATE;
}

static uint32_t known_bits(const FormWord *words)
{
    uint32_t bits = 0;
    for (; words->text; words++)
        bits |= words->bit;
    return bits;
}

static bool val_is_given(const Verify *v, Val val)
{
    return val && val < v->body->nval && v->given[val] == v->current;
}

/* Tables. */

static bool verify_names(Verify *v, const char *what, const Name **names, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (!names[i]) return COMPLAIN(v, "%s %u has no name", what, i);
    return true;
}

static bool verify_fields(Verify *v)
{
    for (uint32_t i = 1; i < v->unit->nfield; i++) {
        const Field *field = &v->unit->fields[i];
        if (!field->record || !field->name) return COMPLAIN(v, "field %u has no name", i);
        if (!type_holds(field->type))
            return COMPLAIN(v, "field %u (%s) has an unknown type", i, field->name->text);
        if (field->bit_offset && !field->bit_width)
            return COMPLAIN(v, "field %u (%s) has a bit offset and no width", i,
                            field->name->text);
    }
    return true;
}

static bool init_holds(const Verify *v, const Init *init)
{
    if (!type_holds(init->type)) return false;
    if (init->field && init->field >= v->unit->nfield) return false;
    switch (init->kind) {
    case INIT_FN: return init->fn && init->fn < v->unit->nfn;
    case INIT_GLOBAL: return init->global && init->global < v->unit->nglobal;
    case INIT_INT: return true;
    case INIT_NULL:
    case INIT_STRING:
    case INIT_UNKNOWN: return init->value == 0;
    }
    return false;
}

static bool verify_globals(Verify *v)
{
    uint32_t flags = known_bits(form_global_flags);
    for (uint32_t i = 1; i < v->unit->nglobal; i++) {
        const Global *global = &v->unit->globals[i];
        if (!global->name || !global->link_name)
            return COMPLAIN(v, "global %u has no name", i);
        if (!type_holds(global->type) || global->flags & ~flags)
            return COMPLAIN(v, "global %s has an unknown type or flag",
                            global->name->text);
        if (!loc_holds(v, global->loc))
            return COMPLAIN(v, "global %s is in no file of the unit", global->name->text);
        for (uint32_t k = 0; k < global->ninit; k++)
            if (!init_holds(v, &global->inits[k]))
                return COMPLAIN(v, "global %s: initialiser %u is wrong",
                                global->name->text, k);
    }
    return true;
}

static bool verify_notes(Verify *v)
{
    for (uint32_t i = 0; i < v->unit->nnote; i++) {
        const Note *note = &v->unit->notes[i];
        if (!note->text || note->kind > NOTE_ADAPTED || !loc_holds(v, note->loc))
            return COMPLAIN(v, "note %u is wrong", i);
    }
    return true;
}

static bool verify_fn_row(Verify *v, uint32_t id)
{
    const Fn *fn = &v->unit->fns[id];
    if (!fn->name || !fn->link_name) return COMPLAIN(v, "function %u has no name", id);
    if (fn->flags & ~known_bits(form_fn_flags) || !type_holds(fn->result))
        return COMPLAIN(v, "function %s has an unknown flag or type", fn->name->text);
    if (!loc_holds(v, fn->loc))
        return COMPLAIN(v, "function %s is in no file of the unit", fn->name->text);
    for (uint32_t i = 0; i < fn->nparam; i++) {
        const Param *param = &fn->params[i];
        if (!type_holds(param->type))
            return COMPLAIN(v, "function %s: parameter %u has an unknown type",
                            fn->name->text, i + 1);
        bool is_sized = param->access_size != 0;
        if (param->access >= ACCESS_COUNT || param->access_size > fn->nparam ||
            (is_sized && !param->access))
            return COMPLAIN(v, "function %s: the access of parameter %u is wrong",
                            fn->name->text, i + 1);
        if (param->is_size && !(fn->flags & FN_ALLOC_SIZE))
            return COMPLAIN(v, "function %s: parameter %u is the size of nothing",
                            fn->name->text, i + 1);
    }
    return true;
}

/* Instructions. `wrong` gives what is wrong, NULL when nothing is. */

static const char *wrong_reference(const Verify *v, const Ins *ins, uint32_t parts)
{
    const Unit *unit = v->unit;
    switch (ins->ref) {
    case REF_NONE:
        if (ins->local) return "has an index and no kind of reference";
        return parts & (FORM_ADDR | FORM_FIELD | FORM_LOCAL) ? "refers to nothing" : NULL;
    case REF_LOCAL:
        if (!(parts & (FORM_ADDR | FORM_LOCAL))) break;
        return ins->local && ins->local < v->body->nlocal ? NULL : "has no such local";
    case REF_GLOBAL:
        if (!(parts & FORM_ADDR)) break;
        return ins->global && ins->global < unit->nglobal ? NULL : "has no such global";
    case REF_FN:
        if (!(parts & (FORM_ADDR | FORM_CALLEE))) break;
        return ins->fn && ins->fn < unit->nfn ? NULL : "has no such function";
    case REF_FIELD:
        if (!(parts & FORM_FIELD)) break;
        return ins->field && ins->field < unit->nfield ? NULL : "has no such field";
    }
    return "has a reference it must not have";
}

static const char *wrong_operand(const Verify *v, Val val, bool must, bool may)
{
    if (!val) return must ? "lacks an operand" : NULL;
    if (!must && !may) return "has an operand it must not have";
    return val_is_given(v, val) ? NULL
                                : "uses a value that is not given before it in its block";
}

static const char *wrong_operands(const Verify *v, const Ins *ins, uint32_t parts)
{
    bool has_callee = parts & FORM_CALLEE;
    if (has_callee && (ins->ref == REF_FN) == (ins->a != 0))
        return "must have either a callee or a pointer to it";
    const char *wrong =
        wrong_operand(v, ins->a, parts & FORM_A, has_callee || parts & FORM_A_MAYBE);
    if (wrong) return wrong;
    bool has_b = parts & FORM_B;
    if (ins->op == OP_CALC) has_b = !form_is_unary(ins->calc);
    wrong = wrong_operand(v, ins->b, has_b, false);
    if (wrong) return wrong;
    if (ins->narg && (!(parts & FORM_ARGS) || !ins->args))
        return "must not have arguments";
    for (uint32_t i = 0; i < ins->narg; i++)
        if (!val_is_given(v, ins->args[i]))
            return "has an argument that is not given before it in its block";
    return NULL;
}

static const char *wrong_ins(const Verify *v, const Ins *ins)
{
    if (ins->op >= OP_COUNT) return "has an unknown operation";
    uint32_t parts = form_parts[ins->op];
    if (ins->calc >= CALC_COUNT || (ins->op != OP_CALC && ins->calc))
        return "has an unknown calculation";
    if (ins->flags & ~v->ins_flags) return "has an unknown flag";
    if (!type_holds(ins->type)) return "has an unknown type";
    if (!loc_holds(v, ins->loc)) return "is in no file of the unit";
    if (ins->macro && ins->macro >= v->unit->nmacro) return "has no such macro";
    if (ins->text && !(parts & FORM_TEXT)) return "must not have a text";
    if (ins->imm && !(parts & FORM_IMM)) return "must not have a number";
    const char *wrong = wrong_reference(v, ins, parts);
    if (!wrong) wrong = wrong_operands(v, ins, parts);
    if (wrong) return wrong;
    if (!ins->dst) return parts & FORM_DST ? "gives no value" : NULL;
    if (!(parts & (FORM_DST | FORM_DST_MAYBE))) return "must not give a value";
    if (ins->dst >= v->body->nval) return "gives a value above the highest";
    if (v->given[ins->dst] >= v->first) return "gives a value that was given before";
    return NULL;
}

static const char *wrong_successors(const Block *block, uint32_t nblock)
{
    Op op = block->ins[block->nins - 1].op;
    uint32_t n = op == OP_JUMP ? 1 : op == OP_BRANCH ? 2 : 0;
    if (op == OP_SWITCH ? block->nsucc == 0 : block->nsucc != n)
        return "has the wrong number of successors";
    if (op == OP_SWITCH ? block->nsucc > 1 && !block->cases : block->cases != NULL)
        return "must have cases when it switches, and only then";
    for (uint32_t i = 0; i < block->nsucc; i++)
        if (block->succ[i] >= nblock) return "goes to a block that is not there";
    return NULL;
}

static bool verify_block(Verify *v)
{
    const Block *block = &v->body->blocks[v->spot.block];
    if (!block->nins) return COMPLAIN(v, "is empty");
    for (; v->spot.ins < block->nins; v->spot.ins++) {
        const Ins *ins = &block->ins[v->spot.ins];
        const char *wrong = wrong_ins(v, ins);
        bool is_last = v->spot.ins + 1 == block->nins;
        if (!wrong && op_is_terminator(ins->op) != is_last)
            wrong = is_last ? "does not end its block" : "ends its block too early";
        if (wrong) return COMPLAIN(v, "%s %s", form_word(ins->op, ins->calc), wrong);
        v->given[ins->dst] = ins->dst ? v->current : 0;
    }
    v->spot.ins--;
    const char *wrong = wrong_successors(block, v->body->nblock);
    return !wrong || COMPLAIN(v, "%s", wrong);
}

static bool verify_locals(Verify *v)
{
    const Body *body = v->body;
    uint32_t flags = known_bits(form_local_flags);
    if (v->fn->nparam >= body->nlocal) return COMPLAIN(v, "parameters are no locals");
    for (uint32_t i = 1; i < body->nlocal; i++) {
        const Local *local = &body->locals[i];
        if (!local->name) return COMPLAIN(v, "local %u has no name", i);
        if (!type_holds(local->type) || local->flags & ~flags)
            return COMPLAIN(v, "local %u (%s) has an unknown type or flag", i,
                            local->name->text);
        if (!loc_holds(v, local->loc))
            return COMPLAIN(v, "local %s is in no file of the unit", local->name->text);
        if (!(local->flags & LOCAL_PARAM) == (i <= v->fn->nparam))
            return COMPLAIN(v,
                            "local %u (%s): the parameters come first, and all of "
                            "them, and nothing else is one",
                            i, local->name->text);
    }
    return true;
}

/* Every block but the first has an edge from an earlier one: so all are reachable, and
 * only loops go back. */
static bool verify_body(Verify *v)
{
    const Body *body = v->body;
    if (!loc_holds(v, body->end)) return COMPLAIN(v, "ends in no file of the unit");
    if (!verify_locals(v)) return false;
    if (!body->nblock) return COMPLAIN(v, "has no block");
    for (uint32_t i = 1; i < body->nblock; i++)
        v->reached[i] = false;
    v->reached[0] = true;
    v->first = v->current + 1;
    for (uint32_t i = 0; i < body->nblock; i++) {
        v->spot = (VerifySpot){v->spot.fn, i, 0};
        v->current++;
        if (!v->reached[i])
            return COMPLAIN(
                v, "no earlier block leads here: blocks must be reachable and in "
                   "reverse postorder");
        if (!verify_block(v)) return false;
        for (uint32_t s = 0; s < body->blocks[i].nsucc; s++)
            v->reached[body->blocks[i].succ[s]] = true;
    }
    return true;
}

static bool verify_sizes(Verify *v, Arena *scratch)
{
    uint32_t nval = 1, nblock = 1;
    for (uint32_t i = 1; i < v->unit->nfn; i++) {
        const Body *body = v->unit->fns[i].body;
        if (!body) continue;
        v->spot = (VerifySpot){i, VERIFY_NO_BLOCK, 0};
        if (body->nval > MAX_VALUES)
            return COMPLAIN(v, "function %s: %u values are too many",
                            v->unit->fns[i].name->text, body->nval);
        if (body->nval > nval) nval = body->nval;
        if (body->nblock > nblock) nblock = body->nblock;
    }
    v->given = ARENA_ARRAY(scratch, uint32_t, nval);
    v->reached = ARENA_ARRAY(scratch, bool, nblock);
    return true;
}

static bool verify_bodies(Verify *v)
{
    for (uint32_t i = 1; i < v->unit->nfn; i++) {
        v->fn = &v->unit->fns[i];
        v->body = v->fn->body;
        v->spot = (VerifySpot){i, VERIFY_NO_BLOCK, 0};
        if (!v->body || verify_body(v)) continue;
        if (v->spot.block == VERIFY_NO_BLOCK)
            return err_while(v->err, "function %s", v->fn->name->text);
        return err_while(v->err, "function %s, block %u, instruction %u",
                         v->fn->name->text, v->spot.block, v->spot.ins);
    }
    return true;
}

static bool verify_tables(Verify *v)
{
    const Unit *unit = v->unit;
    if (!unit->path) return COMPLAIN(v, "the unit has no path");
    if (unit->status > UNIT_FAILED) return COMPLAIN(v, "the unit has an unknown status");
    if (!verify_names(v, "file", unit->files, unit->nfile)) return false;
    if (!verify_names(v, "macro", unit->macros, unit->nmacro)) return false;
    if (!verify_fields(v) || !verify_globals(v) || !verify_notes(v)) return false;
    for (uint32_t i = 1; i < unit->nfn; i++)
        if (!verify_fn_row(v, i)) return false;
    return true;
}

bool ir_verify_unit_spot(const Unit *unit, VerifySpot *spot, Err *err)
{
    Err ignored;
    Arena *scratch = arena_new("verify");
    Verify v = {.unit = unit,
                .ins_flags = known_bits(form_ins_flags),
                .err = err ? err : &ignored};
    bool ok = verify_tables(&v) && verify_sizes(&v, scratch) && verify_bodies(&v);
    *spot = v.spot;
    arena_free(scratch);
    return ok;
}

bool ir_verify_unit(const Unit *unit, Err *err)
{
    VerifySpot spot;
    if (ir_verify_unit_spot(unit, &spot, err)) return true;
    return err_while(err, "%s", unit->path ? unit->path->text : "a unit");
}
