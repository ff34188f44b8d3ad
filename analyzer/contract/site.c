/* Sites of summaries back in the program: places, callees, and what a body does as a number. */
#include "contract/inner.h"

#include <string.h>

#include "base/buf.h"

Place place_of_loc(const Unit *unit, Loc loc)
{
    Place place = {.path = "", .line = loc.line, .column = loc.column};
    if (loc.line && loc.file < unit->nfile) place.path = unit->files[loc.file]->text;
    return place;
}

/* The block of the instruction with that number. */
static uint32_t block_at(const Body *body, uint32_t *number)
{
    uint32_t block = 0;
    while (block < body->nblock && *number >= body->blocks[block].nins)
        *number -= body->blocks[block++].nins;
    return block;
}

const Ins *site_ins(const Program *program, Site site, const ProgramFn **fn)
{
    *fn = site.fn ? program_find(program, site.fn) : NULL;
    if (!*fn || !(*fn)->fn->body || site.ins == NO_INS) return NULL;
    uint32_t number = site.ins;
    uint32_t block = block_at((*fn)->fn->body, &number);
    if (block >= (*fn)->fn->body->nblock) return NULL;
    return &(*fn)->fn->body->blocks[block].ins[number];
}

Place site_place(const Program *program, Site site)
{
    const ProgramFn *fn;
    const Ins *ins = site_ins(program, site, &fn);
    return ins ? place_of_loc(fn->unit, ins->loc) : (Place){.path = ""};
}

const char *site_callee(const Program *program, Site site)
{
    const ProgramFn *fn;
    const Ins *ins = site_ins(program, site, &fn);
    if (!ins || ins->op != OP_CALL || !ins->fn || ins->a) return "";
    return fn->unit->fns[ins->fn].name->text;
}

bool site_ends_loop(const Program *program, Site site)
{
    const ProgramFn *fn = site.fn ? program_find(program, site.fn) : NULL;
    if (!fn || !fn->fn->body || site.ins == NO_INS) return false;
    const Body *body = fn->fn->body;
    uint32_t number = site.ins, at = block_at(body, &number), nfrom = 0;
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        const Ins *last = &block->ins[block->nins - 1];
        for (uint32_t s = 0; s < block->nsucc; s++) {
            if (block->succ[s] != at) continue;
            bool leaves =
                last->op == OP_BRANCH && (last->flags & INS_LOOP_BRANCH) && s == 1;
            if (!leaves) return false;
            nfrom++;
        }
    }
    return nfrom != 0;
}

/* --- what a body does ------------------------------------------------------------------ */

static void put_name(Buf *out, const Name *name)
{
    buf_put(out, name ? name->text : "", name ? name->len + 1 : 1);
}

static void put_ins(Buf *out, const ProgramFn *fn, const Ins *ins)
{
    const Unit *unit = fn->unit;
    uint64_t words[] = {(uint64_t)ins->op,
                        (uint64_t)ins->calc,
                        ins->flags,
                        (uint64_t)ins->type.kind,
                        ins->type.size,
                        ins->dst,
                        ins->a,
                        ins->b,
                        (uint64_t)ins->imm,
                        (uint64_t)ins->ref,
                        ins->narg};
    buf_put(out, words, sizeof words);
    buf_put(out, ins->args, ins->narg * sizeof *ins->args);
    put_name(out, ins->text);
    if (ins->op == OP_CALL && ins->fn)
        put_name(out, unit->fns[ins->fn].name);
    else if (ins->ref == REF_FN)
        put_name(out, unit->fns[ins->fn].name);
    else if (ins->ref == REF_GLOBAL)
        put_name(out, unit->globals[ins->global].name);
    else if (ins->ref == REF_FIELD)
        put_name(out, unit->fields[ins->field].name);
    else if (ins->ref == REF_LOCAL)
        buf_put(out, &ins->local, sizeof ins->local);
}

Hash body_hash(const ProgramFn *fn, Arena *scratch)
{
    const Body *body = fn->fn->body;
    ArenaMark mark = arena_mark(scratch);
    Buf out;
    buf_init(&out, scratch);
    for (uint32_t i = 1; i < body->nlocal; i++) {
        put_name(&out, body->locals[i].name);
        uint64_t words[] = {(uint64_t)body->locals[i].type.kind,
                            body->locals[i].type.size, body->locals[i].flags};
        buf_put(&out, words, sizeof words);
    }
    for (uint32_t b = 0; b < body->nblock; b++) {
        const Block *block = &body->blocks[b];
        for (uint32_t i = 0; i < block->nins; i++)
            put_ins(&out, fn, &block->ins[i]);
        buf_put(&out, block->succ, block->nsucc * sizeof *block->succ);
        for (uint32_t i = 0; i + 1 < block->nsucc && block->cases; i++)
            buf_put(&out, &block->cases[i], sizeof block->cases[i]);
    }
    Hash hash = hash_bytes(out.at, out.n);
    arena_reset(scratch, mark);
    return hash;
}
