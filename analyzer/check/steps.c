/*
 * The path of a finding in words. A site is (function, instruction number); here it becomes
 * a line and a sentence about what the program says there.
 */
#include "check/inner.h"

#include <string.h>

InsPlace place_of(const Body *body, uint32_t number)
{
    InsPlace place = {0, number};
    while (place.block < body->nblock && place.ins >= body->blocks[place.block].nins)
        place.ins -= body->blocks[place.block++].nins;
    return place;
}

Place place_at(const Unit *unit, Loc loc)
{
    Place place = {.path = "", .line = loc.line, .column = loc.column};
    if (loc.file && loc.file < unit->nfile) place.path = unit->files[loc.file]->text;
    return place;
}

static const char *text_of(const Check *check, const ProgramFn *fn, uint32_t block,
                           Val val)
{
    return val ? ir_text(fn->unit, fn->fn->body, block, val, check->arena) : "";
}

static const char *callee_text(const Check *check, const ProgramFn *fn, uint32_t block,
                               const Ins *ins)
{
    if (ins->op != OP_CALL) return "the call";
    if (ins->fn && !ins->a)
        return arena_printf(check->arena, "'%s()'", fn->unit->fns[ins->fn].name->text);
    return arena_printf(check->arena, "'%s()'", text_of(check, fn, block, ins->a));
}

/* The place that an address stands for: `p->next` for a member's, `*p` for a pointer. */
static const char *stored_text(const Check *check, const ProgramFn *fn, uint32_t block,
                               Val address)
{
    const Block *code = &fn->fn->body->blocks[block];
    const char *text = text_of(check, fn, block, address);
    if (*text == '&') return text + 1;
    for (uint32_t i = 0; i < code->nins; i++) {
        const Ins *def = &code->ins[i];
        if (def->dst == address && def->op == OP_LOAD && *text)
            return arena_printf(check->arena, "*%s", text);
    }
    return text;
}

/* A call leaves a null in memory: in the very place that is used, if this is where it comes
 * from. */
static const char *left_text(const Check *check, const SiteStep *step, const char *callee)
{
    const Candidate *candidate = check->candidate;
    bool is_source = candidate && step->site.fn == candidate->source.fn &&
                     step->site.ins == candidate->source.ins &&
                     !(candidate->flags & CANDIDATE_INSIDE);
    if (!is_source || !candidate->what || !*candidate->what)
        return arena_printf(check->arena, "%s leaves NULL behind", callee);
    return arena_printf(check->arena, "%s leaves '%s' NULL", callee, candidate->what);
}

static const char *use_text(const Check *check, const ProgramFn *fn, uint32_t block,
                            uint32_t from, Val null);

/* The value waits in a nameless local while `?:` or `&&` branches: what becomes of it then. */
static const char *waiting_text(const Check *check, const ProgramFn *fn, uint32_t block,
                                Val address)
{
    const Body *body = fn->fn->body;
    const Block *code = &body->blocks[block];
    LocalId local = 0;
    for (uint32_t i = 0; i < code->nins; i++)
        if (code->ins[i].dst == address && code->ins[i].ref == REF_LOCAL)
            local = code->ins[i].local;
    if (!local || body->locals[local].name->len) return NULL;
    for (uint32_t b = block + 1; b < body->nblock; b++) {
        Val place = 0;
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->op == OP_ADDR && ins->ref == REF_LOCAL && ins->local == local)
                place = ins->dst;
            if (ins->op == OP_LOAD && place && ins->a == place)
                return use_text(check, fn, b, i + 1, ins->dst);
        }
    }
    return NULL;
}

/* What becomes of a null: the instruction that uses it says it best. NULL: nothing to be seen. */
static const char *use_text(const Check *check, const ProgramFn *fn, uint32_t at,
                            uint32_t from, Val null)
{
    const Block *block = &fn->fn->body->blocks[at];
    for (uint32_t i = from; i < block->nins; i++) {
        const Ins *ins = &block->ins[i];
        bool passes_on = ins->op == OP_FIELD || ins->op == OP_INDEX ||
                         (ins->op == OP_CALC && ins->calc == CALC_CAST);
        if (passes_on && ins->a == null) null = ins->dst;
        if ((ins->op == OP_LOAD || ins->op == OP_STORE) && ins->a == null)
            return "NULL is dereferenced here";
        if (ins->op == OP_RETURN && ins->a == null) return "NULL is returned here";
        if (ins->op == OP_STORE && ins->b == null) {
            const char *to = stored_text(check, fn, at, ins->a);
            return *to ? arena_printf(check->arena, "'%s' is set to NULL", to)
                       : waiting_text(check, fn, at, ins->a);
        }
        for (uint32_t k = 0; ins->op == OP_CALL && k < ins->narg; k++)
            if (ins->args[k] == null)
                return arena_printf(check->arena, "NULL is passed to %s",
                                    callee_text(check, fn, at, ins));
    }
    return NULL;
}

static const char *const_text(const Check *check, const SiteStep *step,
                              const ProgramFn *fn, InsPlace at)
{
    const Ins *ins = &fn->fn->body->blocks[at.block].ins[at.ins];
    if (ins->op == OP_CALL)
        return left_text(check, step, callee_text(check, fn, at.block, ins));
    const char *text = use_text(check, fn, at.block, at.ins + 1, ins->dst);
    return text ? text : "the value is NULL here";
}

static const char *tested_text(const Check *check, const ProgramFn *fn, InsPlace at,
                               const Ins *ins)
{
    if (ins->op == OP_CALL)
        return arena_printf(check->arena, "%s found it to be NULL",
                            callee_text(check, fn, at.block, ins));
    Val val = ins->a; /* `p` of `p == NULL` and of `!p` */
    for (uint32_t i = at.ins; i-- > 0;) {
        const Ins *def = &fn->fn->body->blocks[at.block].ins[i];
        if (def->dst == val && def->op == OP_CALC && def->a) val = def->a;
    }
    const char *what = text_of(check, fn, at.block, val);
    if (!*what) return "this test found it to be NULL";
    return arena_printf(check->arena, "the test of '%s' found it to be NULL", what);
}

static const char *deref_text(const Check *check, const ProgramFn *fn, InsPlace at,
                              const Ins *ins)
{
    if (ins->op == OP_CALL) {
        if (ins->fn && !ins->a)
            return arena_printf(check->arena, "NULL is passed to %s, which uses it",
                                callee_text(check, fn, at.block, ins));
        return arena_printf(check->arena, "%s is called, and is NULL",
                            callee_text(check, fn, at.block, ins));
    }
    const Block *block = &fn->fn->body->blocks[at.block];
    Val val = ins->a;
    for (uint32_t i = at.ins; val && i-- > 0;) {
        const Ins *def = &block->ins[i];
        if (def->dst != val) continue;
        if (def->op != OP_FIELD && def->op != OP_INDEX) break;
        val = def->a;
    }
    const char *what = text_of(check, fn, at.block, val);
    if (!strcmp(what, "NULL")) return "NULL is dereferenced here";
    return *what ? arena_printf(check->arena, "'%s' is dereferenced here", what)
                 : "it is dereferenced here";
}

static const char *return_text(const Check *check, const ProgramFn *fn, InsPlace at,
                               const Ins *ins)
{
    const char *what = text_of(check, fn, at.block, ins->a);
    if (!*what) return "it is returned here";
    return arena_printf(check->arena, "'%s' is returned here", what);
}

static const char *branch_text(const Check *check, const ProgramFn *fn, InsPlace at,
                               const Ins *ins, bool truth)
{
    const char *what = text_of(check, fn, at.block, ins->a);
    if (ins->op == OP_SWITCH)
        return truth ? "this case of the switch" : "none of the cases of the switch";
    if (!*what) return truth ? "the condition is true" : "the condition is false";
    return arena_printf(check->arena, "'%s' is %s", what, truth ? "true" : "false");
}

const char *step_text(const Check *check, const SiteStep *step, const ProgramFn *fn)
{
    InsPlace at = place_of(fn->fn->body, step->site.ins);
    const Ins *ins = &fn->fn->body->blocks[at.block].ins[at.ins];
    const char *callee = callee_text(check, fn, at.block, ins);
    Arena *arena = check->arena;
    switch (step->kind) {
    case STEP_NULL_CONST: return const_text(check, step, fn, at);
    case STEP_ZEROED:
        if (ins->op == OP_CALL)
            return arena_printf(arena, "%s fills it with zero: its pointers are NULL",
                                callee);
        return "it is filled with zero here: its pointers are NULL";
    case STEP_ALLOC:
        return arena_printf(arena, "%s returns NULL when memory runs out", callee);
    case STEP_RETURNS_NULL: return arena_printf(arena, "%s returns NULL", callee);
    case STEP_SETS_NULL: return left_text(check, step, callee);
    case STEP_RETURNS_ERROR:
        return arena_printf(arena, "%s returns an error pointer", callee);
    case STEP_LEFT_UNSET:
        return arena_printf(arena, "%s leaves its out-parameter unset", callee);
    case STEP_TEST_ERROR: return "this test found it to be an error pointer";
    case STEP_TEST_NULL: return tested_text(check, fn, at, ins);
    case STEP_BRANCH: return branch_text(check, fn, at, ins, step->flag);
    case STEP_CALL: return arena_printf(arena, "calls %s", callee);
    case STEP_DEREF: return deref_text(check, fn, at, ins);
    case STEP_PASSED:
        if (check->candidate && check->candidate->kind == CANDIDATE_REQUEST)
            return arena_printf(arena, "it is passed to %s", callee);
        return arena_printf(arena, "%s is passed to %s",
                            step->flag ? "the error pointer" : "NULL", callee);
    case STEP_RETURN: return return_text(check, fn, at, ins);
    case STEP_SENT: return arena_printf(arena, "the request goes out with %s", callee);
    case STEP_AMBIENT: return "the context is taken from the ambient variable here";
    case STEP_ROOT:
        return arena_printf(arena, "%s makes a context that belongs to no request",
                            callee);
    case STEP_GONE:
        return step->flag ? arena_printf(arena, "%s ends it", callee)
                          : arena_printf(arena, "%s takes the keys off", callee);
    case STEP_STORED: return "it is kept here";
    case STEP_HANDED:
        return arena_printf(arena, "%s hands it on, to be run later", callee);
    }
    return "";
}

/* The functions that were entered and not left yet. */
typedef struct Frames {
    VEC(const ProgramFn *) open;
} Frames;

/* How deep a function is: one that is open has been come back to, another one was called. */
static uint32_t depth_of(const Check *check, Frames *frames, const ProgramFn *fn)
{
    for (uint32_t i = 0; i < frames->open.n; i++)
        if (frames->open.at[i] == fn) {
            frames->open.n = i + 1;
            return i;
        }
    vec_push(check->arena, &frames->open, fn);
    return frames->open.n - 1;
}

/* A null that is written as an argument is born where it is passed. */
static bool is_repeated(const Step *a, const Step *b)
{
    return a->place.line == b->place.line && a->depth == b->depth &&
           !strcmp(a->place.path, b->place.path) && !strcmp(a->text, b->text);
}

Step *steps_make(const Check *check, const ProgramFn *home, const SiteStep *steps,
                 uint32_t n, uint32_t *made)
{
    Step *out = ARENA_ARRAY(check->arena, Step, n + 1);
    Frames frames = {0};
    vec_push(check->arena, &frames.open, home);
    *made = 0;
    for (uint32_t i = 0; i < n; i++) {
        const ProgramFn *fn = program_find(check->program, steps[i].site.fn);
        if (!fn || !fn->fn->body || steps[i].site.ins == NO_INS) continue;
        InsPlace at = place_of(fn->fn->body, steps[i].site.ins);
        if (at.block >= fn->fn->body->nblock) continue;
        const Ins *ins = &fn->fn->body->blocks[at.block].ins[at.ins];
        Step step = {.place = place_at(fn->unit, ins->loc),
                     .text = step_text(check, &steps[i], fn),
                     .function = fn->fn->name->text,
                     .depth = depth_of(check, &frames, fn)};
        if (*made && is_repeated(&out[*made - 1], &step)) --*made;
        out[(*made)++] = step;
    }
    return out;
}
