/* The sentences of `why-not`. */
#include <string.h>

#include "check/why_words.h"

/* --- the use ---------------------------------------------------------------------------- */

static const char *what_text(const Why *why, const char *what)
{
    return what && *what ? arena_printf(why->arena, "'%s'", what) : "a pointer";
}

static const char *passed_text(const Why *why, const char *what, const Name *target,
                               uint32_t param)
{
    const char *name = check_name(why->check, target);
    const char *to = *name ? arena_printf(why->arena, "%s()", name) : "a function";
    if (param == UINT32_MAX) return arena_printf(why->arena, "%s is called", to);
    return arena_printf(why->arena, "%s is passed to %s as argument %u",
                        what_text(why, what), to, param + 1);
}

const char *why_candidate_use(const Why *why, const Candidate *candidate)
{
    switch (candidate->kind) {
    case CANDIDATE_DEREF:
        if (candidate->target)
            return passed_text(why, candidate->what, candidate->target, candidate->param);
        return arena_printf(why->arena, "%s is dereferenced",
                            what_text(why, candidate->what));
    case CANDIDATE_ARG:
        return passed_text(why, candidate->what, candidate->target, candidate->param);
    case CANDIDATE_CALL:
        return arena_printf(why->arena, "%s is called", what_text(why, candidate->what));
    case CANDIDATE_RETURN:
        return arena_printf(why->arena, "%s is returned",
                            what_text(why, candidate->what));
    case CANDIDATE_CHECK_AFTER_DEREF:
        return arena_printf(why->arena, "%s is tested", what_text(why, candidate->what));
    case CANDIDATE_UNCHECKED:
        return arena_printf(why->arena, "%s is used", what_text(why, candidate->what));
    case CANDIDATE_REQUEST:
        return arena_printf(why->arena, "%s is at hand", what_text(why, candidate->what));
    }
    return "";
}

const char *why_sight_use(const View *view, const Sight *sight)
{
    Why *why = view->why;
    const char *what = what_text(why, sight->what);
    switch (sight->kind) {
    case SIGHT_DEREF: return arena_printf(why->arena, "%s is dereferenced", what);
    case SIGHT_CALL: return arena_printf(why->arena, "%s is called", what);
    case SIGHT_PASSED: return passed_text(why, sight->what, sight->target, sight->param);
    }
    return "";
}

/* Why rules do not believe in this null. */
const char *why_doubt(const Why *why, const Candidate *candidate)
{
    const char *callee = check_name(why->check, candidate->callee);
    if (candidate->flags & CANDIDATE_CAUTION)
        return arena_printf(why->arena,
                            "%s() gives NULL only because it is wary of a NULL argument, "
                            "and nothing says that it gets one",
                            *callee ? callee : "the callee");
    if (candidate->origin == ORIGIN_TESTED_MACRO)
        return "only a macro, or a comparison of two variables, takes it for NULL: that "
               "is "
               "caution, not a belief";
    if (candidate->origin == ORIGIN_TESTED_CALLEE)
        return "only a callee's own test takes it for NULL: that is the callee's caution";
    if (candidate->kind == CANDIDATE_UNCHECKED) {
        Votes votes = check_slot_votes(why->check, candidate->slot);
        return arena_printf(why->arena,
                            "%u of %u test %s: too few to call this an exception",
                            votes.checked, votes.checked + votes.unchecked,
                            check_slot(why->check, candidate->slot));
    }
    return "the rule found a reason to be silent";
}

/* --- what the engine saw ----------------------------------------------------------------- */

const Ins *why_ins(const View *view, uint32_t number, uint32_t *block)
{
    InsPlace at = place_of(view->fn->fn->body, number);
    *block = at.block;
    if (number == NO_INS || at.block >= view->fn->fn->body->nblock) return NULL;
    return &view->fn->fn->body->blocks[at.block].ins[at.ins];
}

static const ProgramFn *callee_at(const View *view, const Ins *ins)
{
    if (!ins || ins->op != OP_CALL || !ins->fn || ins->a) return NULL;
    return program_fn(view->why->check->program, view->fn->unit, ins->fn);
}

const char *why_callee(const View *view, const Ins *ins)
{
    const ProgramFn *callee = callee_at(view, ins);
    return callee ? arena_printf(view->why->arena, "%s()", callee->fn->name->text)
                  : "the call";
}

/* `p` of `p == NULL` and of `!p`. */
static const char *tested_text(const View *view, const Ins *ins, uint32_t block)
{
    const Block *body = &view->fn->fn->body->blocks[block];
    Val val = ins->a;
    for (uint32_t i = body->nins; i-- > 0;) {
        const Ins *def = &body->ins[i];
        if (def->dst == val && def->op == OP_CALC && def->a) val = def->a;
    }
    return ir_text(view->fn->unit, view->fn->fn->body, block, val, view->why->arena);
}

static const char *test_text(const View *view, const Sight *sight)
{
    uint32_t block;
    const Ins *ins = why_ins(view, sight->by, &block);
    if (!ins) return "a test lets only what is not NULL through";
    const char *what = tested_text(view, ins, block);
    if (ins->op == OP_SWITCH || !*what)
        return arena_printf(view->why->arena,
                            "the condition on line %u lets only what is not NULL through",
                            ins->loc.line);
    return arena_printf(view->why->arena,
                        "the test of '%s' on line %u lets only what is not NULL through",
                        what, ins->loc.line);
}

static bool can_be_null(const Summary *summary)
{
    for (uint32_t i = 0; summary && i < summary->noutcome; i++)
        if (summary->outcomes[i].result_range.classes == CLASS_NULL) return true;
    return false;
}

/* A result that is not null on this path. */
static const char *result_text(const View *view, const Ins *ins)
{
    Arena *arena = view->why->arena;
    const ProgramFn *callee = callee_at(view, ins);
    const char *text = why_callee(view, ins);
    uint32_t line = ins ? ins->loc.line : 0;
    if (!callee) return arena_printf(arena, "the call on line %u gives no NULL", line);
    if (callee->fn->flags & FN_RETURNS_NONNULL)
        return arena_printf(arena, "%s (line %u) is declared to never return NULL", text,
                            line);
    const Summary *summary = callee->fn->body
                                 ? view->why->summary_of(view->why->data, callee, false)
                                 : callee->model;
    if (can_be_null(summary))
        return arena_printf(
            arena, "%s (line %u) can give NULL, but not on a path that gets here", text,
            line);
    if (!callee->fn->body)
        return arena_printf(arena, "%s (line %u) never gives NULL, its model says", text,
                            line);
    return arena_printf(arena, "%s (line %u) never gives NULL", text, line);
}

static const char *unknown_text(const View *view, const Ins *ins)
{
    Arena *arena = view->why->arena;
    const ProgramFn *callee = callee_at(view, ins);
    uint32_t line = ins ? ins->loc.line : 0;
    if (!callee)
        return arena_printf(arena, "nothing is known of what the call on line %u gives",
                            line);
    const char *name = callee->fn->name->text;
    if (callee->fn->body || callee->model)
        return arena_printf(arena, "whether %s() (line %u) can give NULL is not known",
                            name, line);
    Votes votes = check_votes(view->why->check, callee->link_name);
    return arena_printf(
        arena,
        "nothing is known of %s() (line %u): it has no body and no model, "
        "and %u of %u call sites check its result; to be believed, four of "
        "five must, at five sites or more",
        name, line, votes.checked, votes.checked + votes.unchecked);
}

static const char *argument_text(const View *view, const Sight *sight)
{
    Arena *arena = view->why->arena;
    const char *name = view->fn->fn->name->text;
    Slot slot = {SLOT_PARAM, sight->param, view->fn->link_name};
    Tally tally = belief_tally(view->why->check->beliefs, slot);
    uint32_t valid = tally.sites[EVIDENCE_PASSED_VALID];
    uint32_t all = valid + tally.sites[EVIDENCE_PASSED_MAYBE];
    if (!all)
        return arena_printf(
            arena,
            "%s() asks its callers for a pointer that is not NULL, and no "
            "call of it is known",
            name);
    return arena_printf(
        arena,
        "%s() asks its callers for a pointer that is not NULL: %u of %u "
        "calls surely pass one; a call that passes NULL is reported there",
        name, valid, all);
}

static const char *changed_text(const View *view, const Sight *sight)
{
    uint32_t block;
    const Ins *ins = why_ins(view, sight->by, &block);
    if (!ins) return "it was read from memory of which nothing is known";
    return arena_printf(view->why->arena,
                        "%s on line %u may have changed it; what unknown code leaves "
                        "behind is never taken for NULL",
                        ins->op == OP_CALL ? why_callee(view, ins) : "something",
                        ins->loc.line);
}

WhyKind why_kind_of(const Sight *sight)
{
    switch (sight->reason) {
    case SIGHT_TESTED:
    case SIGHT_SORTED:
    case SIGHT_ASSUMED: return WHY_GUARD;
    case SIGHT_USED: return WHY_USE;
    case SIGHT_DEMANDED:
    case SIGHT_OUTCOME:
    case SIGHT_DECLARED:
    case SIGHT_RESULT:
    case SIGHT_ARGUMENT:
    case SIGHT_IDLE: return WHY_CONTRACT;
    case SIGHT_UNKNOWN: return WHY_BELIEF;
    case SIGHT_NULL:
    case SIGHT_OBJECT:
    case SIGHT_MET:
    case SIGHT_CONSTANT: return WHY_VALUE;
    case SIGHT_MEMORY:
    case SIGHT_CHANGED:
    case SIGHT_COMPUTED:
    case SIGHT_UNSET: return WHY_UNKNOWN;
    }
    return WHY_UNKNOWN;
}

const char *why_reason(const View *view, const Sight *sight)
{
    uint32_t block;
    const Ins *by = why_ins(view, sight->by, &block);
    uint32_t line = by ? by->loc.line : 0;
    Arena *arena = view->why->arena;
    switch (sight->reason) {
    case SIGHT_TESTED:
    case SIGHT_SORTED: return test_text(view, sight);
    case SIGHT_ASSUMED:
        return arena_printf(arena, "the assertion on line %u says that it is not NULL",
                            line);
    case SIGHT_USED:
        return arena_printf(arena,
                            "it was dereferenced before, on line %u: a NULL would "
                            "have crashed there",
                            line);
    case SIGHT_DEMANDED:
        return arena_printf(arena,
                            "%s got it on line %u and cannot do with NULL: a NULL "
                            "would have crashed there",
                            why_callee(view, by), line);
    case SIGHT_OUTCOME:
        return arena_printf(arena,
                            "%s on line %u only comes back like this when it is not "
                            "NULL",
                            why_callee(view, by), line);
    case SIGHT_DECLARED:
        return "the parameter is declared non-null: its callers are checked";
    case SIGHT_RESULT: return result_text(view, by);
    case SIGHT_ARGUMENT: return argument_text(view, sight);
    case SIGHT_IDLE:
        return arena_printf(arena,
                            "%s() uses it under conditions that do not hold in this "
                            "call",
                            check_name(view->why->check, sight->target));
    case SIGHT_UNKNOWN: return unknown_text(view, by);
    case SIGHT_NULL:
        return "a null constant that never went through a variable: it is meant";
    case SIGHT_OBJECT: return "it is the address of an object";
    case SIGHT_MET: return "no path brings a NULL here";
    case SIGHT_CONSTANT: return "it is a constant address";
    case SIGHT_MEMORY:
        return arena_printf(arena,
                            "it holds what it held when %s() was called, and nothing "
                            "says that this can be NULL",
                            view->fn->fn->name->text);
    case SIGHT_CHANGED: return changed_text(view, sight);
    case SIGHT_COMPUTED:
        return "it is computed in a way that is not followed: no NULL is made up";
    case SIGHT_UNSET:
        return "it was never set on this path: that is for the compiler's warnings";
    }
    return "";
}
