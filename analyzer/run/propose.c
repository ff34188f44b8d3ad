/*
 * The shape of a program, as far as contexts go. Nothing here knows a type's name as it is written:
 * what a pointer leads to is seen by the members that are reached through it, and goes from callees
 * to callers with arguments and results.
 */
#include "run/propose.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 16, MOST_GUESSES = 3 };

/* What values of one block are: a local's value, or a call's result. */
typedef struct Values {
    uint32_t *local;  /* by Val: the local it was loaded from, or 0 */
    uint32_t *holder; /* by Val: the local whose address it is, or 0 */
    const Ins **call; /* by Val */
} Values;

static bool learn(const Name **slot, const Name *record)
{
    if (*slot || !record) return false;
    *slot = record;
    return true;
}

static Shape *callee_of(Proposal *proposal, const Shape *shape, const Ins *ins)
{
    if (ins->op != OP_CALL || !ins->fn) return NULL;
    const ProgramFn *callee =
        program_fn(proposal->run->program, shape->fn->unit, ins->fn);
    return callee ? &proposal->shapes[callee->id] : NULL;
}

/* Records go up with arguments; not down: what a parameter is handed may be many things. */
static bool learn_arguments(Shape *shape, Shape *callee, const Ins *ins,
                            const Values *values)
{
    bool changed = false;
    const Fn *fn = callee->fn->fn;
    for (uint32_t i = 0; i < ins->narg && i < fn->nparam && callee->locals; i++) {
        uint32_t local = values->local[ins->args[i]];
        if (!local) continue;
        changed |= learn(&shape->locals[local], callee->locals[i + 1]);
    }
    return changed;
}

/* `x = y` and `x = make()`: what the one leads to, the other does. */
static bool learn_store(Proposal *proposal, Shape *shape, const Ins *ins,
                        const Values *values)
{
    bool changed = false;
    uint32_t to = values->holder[ins->a], from = values->local[ins->b];
    const Ins *call = values->call[ins->b];
    Shape *maker = call ? callee_of(proposal, shape, call) : NULL;
    if (to && from) changed |= learn(&shape->locals[to], shape->locals[from]);
    if (to && maker) {
        changed |= learn(&shape->locals[to], maker->result);
    }
    return changed;
}

static bool learn_return(Proposal *proposal, Shape *shape, const Ins *ins,
                         const Values *values)
{
    const Ins *call = values->call[ins->a];
    const Shape *maker = call ? callee_of(proposal, shape, call) : NULL;
    uint32_t local = values->local[ins->a];
    return learn(&shape->result, maker   ? maker->result
                                 : local ? shape->locals[local]
                                         : NULL);
}

static bool learn_instruction(Proposal *proposal, Shape *shape, const Ins *ins,
                              Values *values)
{
    Shape *callee = callee_of(proposal, shape, ins);
    if (ins->op == OP_ADDR)
        values->holder[ins->dst] = ins->ref == REF_LOCAL ? ins->local : 0;
    else if (ins->op == OP_LOAD)
        values->local[ins->dst] = values->holder[ins->a];
    else if (ins->op == OP_CALL)
        values->call[ins->dst] = ins->dst ? ins : NULL;
    if (ins->op == OP_FIELD && ins->flags & INS_ARROW && values->local[ins->a])
        return learn(&shape->locals[values->local[ins->a]],
                     shape->fn->unit->fields[ins->field].record);
    if (ins->op == OP_STORE) return learn_store(proposal, shape, ins, values);
    if (ins->op == OP_RETURN && ins->a) return learn_return(proposal, shape, ins, values);
    return callee && learn_arguments(shape, callee, ins, values);
}

static bool learn_function(Proposal *proposal, Shape *shape)
{
    const Body *body = shape->fn->fn->body;
    Arena *scratch = arena_new("propose");
    bool changed = false;
    Values values = {.local = ARENA_ARRAY(scratch, uint32_t, body->nval + 1),
                     .holder = ARENA_ARRAY(scratch, uint32_t, body->nval + 1),
                     .call = ARENA_ARRAY(scratch, const Ins *, body->nval + 1)};
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++)
            changed |=
                learn_instruction(proposal, shape, &body->blocks[b].ins[i], &values);
    arena_free(scratch);
    return changed;
}

/* --- where calls leave -------------------------------------------------------------------- */

static void look_at_calls(Proposal *proposal, Shape *shape)
{
    const Body *body = shape->fn->fn->body;
    ContextModel *model = &proposal->run->context;
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Shape *callee = callee_of(proposal, shape, &body->blocks[b].ins[i]);
            if (!callee) continue;
            const Name *name = callee->fn->fn->name;
            if (context_action(model, name, CONTEXT_SEND)) shape->sends = true;
            if (context_action(model, name, CONTEXT_PUT)) shape->puts = true;
            if (context_action(model, name, CONTEXT_READ)) shape->reads = true;
        }
    shape->reaches = shape->sends;
}

static bool spread_calls(Proposal *proposal, Shape *shape)
{
    const Body *body = shape->fn->fn->body;
    bool changed = false;
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            Shape *callee = callee_of(proposal, shape, &body->blocks[b].ins[i]);
            if (!callee) continue;
            if (callee->reaches && !shape->reaches) shape->reaches = changed = true;
            if (callee->puts && !shape->puts) shape->puts = changed = true;
            if (shape->is_entered && !callee->is_entered)
                callee->is_entered = changed = true;
        }
    return changed;
}

/* --- guesses ------------------------------------------------------------------------------ */

bool propose_on_way(const Shape *shape)
{
    return shape->fn->fn->body && shape->reaches && shape->is_entered;
}

const char *propose_tag(const Name *record, Arena *arena)
{
    return arena_copy(arena, record->text, strcspn(record->text, "@"));
}

/* A struct of the project's own; those of libraries are known to their packs. */
static bool is_own(const Name *record)
{
    const char *at = strchr(record->text, '@');
    return at && at != record->text && at[1] != '/';
}

static void count_record(Proposal *proposal, const Name *record, bool is_first)
{
    Guess *guess = NULL;
    for (uint32_t i = 0; i < proposal->guesses.n && !guess; i++)
        if (proposal->guesses.at[i].record == record) guess = &proposal->guesses.at[i];
    if (!guess) {
        vec_push(proposal->run->arena, &proposal->guesses, ((Guess){.record = record}));
        guess = &proposal->guesses.at[proposal->guesses.n - 1];
    }
    guess->nfn++;
    guess->nfirst += is_first;
}

static void count_function(Proposal *proposal, const Shape *shape)
{
    const Fn *fn = shape->fn->fn;
    for (uint32_t i = 1; i <= fn->nparam; i++) {
        const Name *record = shape->locals[i];
        bool is_counted = !record || !is_own(record);
        for (uint32_t k = 1; k < i && !is_counted; k++)
            is_counted = shape->locals[k] == record;
        if (!is_counted) count_record(proposal, record, i == 1);
    }
}

static int guess_order(const void *a, const void *b)
{
    const Guess *x = a, *y = b;
    if (x->nkey != y->nkey) return x->nkey < y->nkey ? 1 : -1;
    if (x->nfn != y->nfn) return x->nfn < y->nfn ? 1 : -1;
    if (x->nfirst != y->nfirst) return x->nfirst < y->nfirst ? 1 : -1;
    return strcmp(x->record->text, y->record->text);
}

/* Two functions at least take it, and a third of those on the way; or it has several keys. */
static bool is_likely(const Proposal *proposal, const Guess *guess)
{
    return guess->nfn >= 2 && (guess->nkey >= 2 || guess->nfn * 3 >= proposal->nway);
}

static void make_guesses(Proposal *proposal)
{
    for (uint32_t i = 0; i < proposal->nshape; i++) {
        if (!propose_on_way(&proposal->shapes[i])) continue;
        proposal->nway++;
        count_function(proposal, &proposal->shapes[i]);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < proposal->guesses.n; i++) {
        Guess guess = proposal->guesses.at[i];
        guess.nkey = propose_members(proposal->run->program, guess.record);
        if (is_likely(proposal, &guess)) proposal->guesses.at[n++] = guess;
    }
    if (n) qsort(proposal->guesses.at, n, sizeof *proposal->guesses.at, guess_order);
    proposal->guesses.n = n < MOST_GUESSES ? n : MOST_GUESSES;
}

void propose_shapes(Proposal *proposal)
{
    const Program *program = proposal->run->program;
    proposal->nshape = program->fns.n;
    proposal->shapes = ARENA_ARRAY(proposal->run->arena, Shape, program->fns.n + 1);
    for (uint32_t i = 0; i < proposal->nshape; i++) {
        const ProgramFn *fn = program->fns.at[i];
        Shape *shape = &proposal->shapes[i];
        shape->fn = fn;
        uint32_t n = fn->fn->body ? fn->fn->body->nlocal + 1 : fn->fn->nparam + 1;
        shape->locals = ARENA_ARRAY(proposal->run->arena, const Name *, n + 1);
        shape->is_entered = fn->fn->body && (!fn->ncaller || fn->is_address_taken);
    }
    for (uint32_t i = 0; i < proposal->nshape; i++)
        if (proposal->shapes[i].fn->fn->body)
            look_at_calls(proposal, &proposal->shapes[i]);
    bool changed = true;
    for (uint32_t round = 0; changed && round < MOST_ROUNDS; round++) {
        changed = false;
        for (uint32_t i = 0; i < program->norder; i++) {
            Shape *shape = &proposal->shapes[program->order[i]->id];
            changed |= learn_function(proposal, shape);
            changed |= spread_calls(proposal, shape);
        }
    }
    make_guesses(proposal);
}
