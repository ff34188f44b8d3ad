/*
 * What a run of the engine over one function depends on, besides the summaries it asks for.
 *
 * The function's content (ir_print_unit_hashed) covers its body and the rows it mentions, as
 * its own unit has them. What linking made of them is added here: which function or global a
 * name means, whether it returns, who may write it, what a pointer may call. Whoever lets
 * the engine ask the program for more must add it here; MODE=shake runs every function whose
 * result is remembered once more, and stops where the two differ.
 */
#include "check/key.h"

#include "base/bytes.h"

struct Keys {
    const Program *program;
    const Requests *requests;
    Hash holders; /* of what requests say of records; all zero: of nothing */
    Arena *scratch;
    Hash *fns, *globals; /* by id; all zero: not made yet */
};

static Hash made(BytesOut *out, Arena *scratch, ArenaMark mark)
{
    Hash hash = bytes_hash(out);
    arena_reset(scratch, mark);
    return hash;
}

/* Which records hold a context is found in all units; the model itself is part of the name
 * that results are kept by. */
static Hash hash_holders(const Requests *requests, Arena *scratch)
{
    ArenaMark mark = arena_mark(scratch);
    BytesOut out;
    bytes_begin(&out, scratch);
    for (uint32_t i = 0; i < requests->holders.n; i++) {
        const MapEntry *entry = &requests->holders.entries[i];
        bytes_put_name(&out, (const Name *)(uintptr_t)entry->key);
        const Kept *holder = (const Kept *)(uintptr_t)entry->value;
        for (; holder; holder = holder->next) {
            bytes_put_name(&out, holder->field);
            bytes_put_number(&out, holder->type);
        }
    }
    return made(&out, scratch, mark);
}

Keys *keys_new(const Program *program, const Requests *requests, Arena *arena,
               Arena *scratch)
{
    Keys *keys = ARENA_NEW(arena, Keys);
    keys->program = program;
    keys->requests = requests;
    if (requests) keys->holders = hash_holders(requests, scratch);
    keys->scratch = scratch;
    keys->fns = ARENA_ARRAY(arena, Hash, program->fns.n + 1);
    keys->globals = ARENA_ARRAY(arena, Hash, program->globals.n + 1);
    return keys;
}

static void put_type(BytesOut *out, Type type)
{
    bytes_put_number(out, (uint64_t)type.kind << 3 | (uint64_t)type.is_signed << 2 |
                              (uint64_t)type.to_const << 1 | type.to_function);
    bytes_put_number(out, type.size);
}

static void put_fn(BytesOut *out, const ProgramFn *program_fn)
{
    const Fn *fn = program_fn->fn;
    bytes_put_name(out, program_fn->link_name);
    bytes_put_name(out, fn->name);
    bytes_put_number(out, (uint64_t)program_fn->is_noreturn << 2 |
                              (uint64_t)(program_fn->model != NULL) << 1 |
                              (fn->body != NULL));
    bytes_put_number(out, fn->flags);
    put_type(out, fn->result);
    bytes_put_name(out, fn->result_name);
    bytes_put_number(out, fn->nparam);
    for (uint32_t i = 0; i < fn->nparam; i++) {
        put_type(out, fn->params[i].type);
        bytes_put_name(out, fn->params[i].type_name);
        bytes_put_number(out, (uint64_t)fn->params[i].is_size << 2 |
                                  (uint64_t)fn->params[i].is_nonnull << 1 |
                                  fn->params[i].is_nullable);
        bytes_put_number(out, fn->params[i].access);
        bytes_put_number(out, fn->params[i].access_size);
    }
}

static bool is_made(Hash hash)
{
    return hash.high || hash.low;
}

static Hash hash_fn(Keys *keys, const ProgramFn *fn)
{
    Hash *known = &keys->fns[fn->id];
    if (is_made(*known)) return *known;
    ArenaMark mark = arena_mark(keys->scratch);
    BytesOut out;
    bytes_begin(&out, keys->scratch);
    put_fn(&out, fn);
    return *known = made(&out, keys->scratch, mark);
}

static void put_init(BytesOut *out, const Program *program, const Unit *unit,
                     const Init *init)
{
    bytes_put_number(out, init->kind);
    bytes_put_number(out, init->offset);
    put_type(out, init->type);
    if (init->kind == INIT_INT) bytes_put_signed(out, init->value);
    if (init->kind == INIT_FN)
        bytes_put_name(out, program_fn(program, unit, init->fn)->link_name);
    if (init->kind == INIT_GLOBAL)
        bytes_put_name(out, program_global(program, unit, init->global)->link_name);
}

static Hash hash_global(Keys *keys, const ProgramGlobal *global)
{
    Hash *known = &keys->globals[global->id];
    if (is_made(*known)) return *known;
    ArenaMark mark = arena_mark(keys->scratch);
    BytesOut out;
    bytes_begin(&out, keys->scratch);
    bytes_put_name(&out, global->link_name);
    bytes_put_number(&out, (uint64_t)global->is_written << 2 |
                               (uint64_t)global->is_nulled << 1 | global->is_escaped);
    const Global *own = global->global;
    bytes_put_number(&out, own->flags);
    put_type(&out, own->type);
    bytes_put_name(&out, own->type_name);
    bytes_put_number(&out, own->ninit);
    for (uint32_t i = 0; i < own->ninit; i++)
        put_init(&out, keys->program, global->unit, &own->inits[i]);
    return *known = made(&out, keys->scratch, mark);
}

Hash keys_named_fn(Keys *keys, const Name *link_name)
{
    const ProgramFn *fn = program_find(keys->program, link_name);
    return fn ? hash_fn(keys, fn) : (Hash){0};
}

Hash keys_named_global(Keys *keys, const Name *link_name)
{
    const ProgramGlobal *global = program_find_global(keys->program, link_name);
    return global && global->global ? hash_global(keys, global) : (Hash){0};
}

static void put_targets(Keys *keys, BytesOut *out, const ProgramFn *fn, uint32_t block,
                        uint32_t ins)
{
    Targets targets = program_targets(keys->program, fn->unit, fn->fn, block, ins);
    bytes_put_number(out, (uint64_t)targets.is_complete << 1 | targets.all_noreturn);
    bytes_put_number(out, targets.n);
    for (uint32_t i = 0; i < targets.n; i++)
        bytes_put_hash(out, hash_fn(keys, targets.at[i]));
}

static void put_ins(Keys *keys, BytesOut *out, const ProgramFn *fn, uint32_t block,
                    uint32_t at)
{
    const Program *program = keys->program;
    const Ins *ins = &fn->fn->body->blocks[block].ins[at];
    if (ins->op == OP_CALL) {
        if (ins->fn)
            bytes_put_hash(out, hash_fn(keys, program_fn(program, fn->unit, ins->fn)));
        if (!ins->fn || ins->a) put_targets(keys, out, fn, block, at);
    } else if (ins->ref == REF_FN) {
        bytes_put_hash(out, hash_fn(keys, program_fn(program, fn->unit, ins->fn)));
    } else if (ins->ref == REF_GLOBAL) {
        const ProgramGlobal *global = program_global(program, fn->unit, ins->global);
        bytes_put_hash(out, hash_global(keys, global));
    } else if (ins->op == OP_FIELD) {
        bytes_put_name(out, program_field(program, fn->unit, ins->field));
    }
}

/* What the model of contexts makes of the function itself. */
static void put_request(const Keys *keys, BytesOut *out, const ProgramFn *fn)
{
    const Requests *requests = keys->requests;
    if (!requests) return;
    const uint64_t *entry = map_get(&requests->entries, fn->id);
    uint32_t file = fn->fn->loc.file;
    bytes_put_number(out, entry ? *entry : 0);
    bytes_put_name(out, file < fn->unit->nfile ? fn->unit->files[file] : NULL);
    bytes_put_hash(out, keys->holders);
}

bool keys_fn(Keys *keys, const ProgramFn *fn, Hash *key)
{
    if (!is_made(fn->fn->content)) return false;
    ArenaMark mark = arena_mark(keys->scratch);
    BytesOut out;
    bytes_begin(&out, keys->scratch);
    bytes_put_hash(&out, fn->fn->content);
    bytes_put_hash(&out, hash_fn(keys, fn));
    bytes_put_number(&out, fn->is_recursive);
    put_request(keys, &out, fn);
    for (uint32_t b = 0; b < fn->fn->body->nblock; b++)
        for (uint32_t i = 0; i < fn->fn->body->blocks[b].nins; i++)
            put_ins(keys, &out, fn, b, i);
    *key = made(&out, keys->scratch, mark);
    return true;
}
