/*
 * Functions of headers whose body is not the same everywhere: a macro (NDEBUG) decides what is in
 * them, or in a function of a header that they call.
 *
 * gives: for every definition of a header's function a hash; equal ones are one function. The
 * hash of a body says nothing of what it calls, so the hashes of callees are mixed in, round
 * by round, until no round tells more definitions apart: recursion ends there as well.
 */
#include "program/tables.h"

typedef struct Variant {
    const Unit *unit;
    const Fn *fn;
    Hash *hash;
    uint32_t *callees; /* FnIds of other variants in the same unit */
    uint32_t ncallee;
} Variant;

typedef struct Variants {
    Arena *scratch;
    Hash **hashes;
    VEC(Variant) all;
} Variants;

static bool is_of_header(const Fn *fn)
{
    return fn->body && (fn->flags & FN_INLINE_IN_HEADER);
}

static void collect_callees(Variants *variants, Variant *variant)
{
    const Body *body = variant->fn->body;
    VEC(uint32_t) callees = {0};
    for (uint32_t b = 0; b < body->nblock; b++)
        for (uint32_t i = 0; i < body->blocks[b].nins; i++) {
            const Ins *ins = &body->blocks[b].ins[i];
            if (ins->ref == REF_FN && ins->fn &&
                is_of_header(&variant->unit->fns[ins->fn]))
                vec_push(variants->scratch, &callees, ins->fn);
        }
    variant->callees = callees.at;
    variant->ncallee = callees.n;
}

/* How many functions there are when those with equal hashes are one. */
static uint32_t count_distinct(const Variants *variants)
{
    Arena *arena = arena_new("variants");
    Map seen;
    map_init(&seen, arena);
    for (uint32_t i = 0; i < variants->all.n; i++) {
        const Variant *variant = &variants->all.at[i];
        uint64_t key = hash_word(MAP_KEY(variant->fn->link_name)) ^ variant->hash->low;
        map_put(&seen, key, 0, NULL);
    }
    uint32_t n = seen.n;
    arena_free(arena);
    return n;
}

static void mix_callees(Variants *variants, Hash *mixed, Hash *const *hash_of_unit)
{
    for (uint32_t i = 0; i < variants->all.n; i++) {
        const Variant *variant = &variants->all.at[i];
        mixed[i] = *variant->hash;
        const Hash *unit = hash_of_unit[i];
        for (uint32_t k = 0; k < variant->ncallee; k++)
            mixed[i] = hash_mix(mixed[i], unit[variant->callees[k]]);
    }
    for (uint32_t i = 0; i < variants->all.n; i++)
        *variants->all.at[i].hash = mixed[i];
}

Hash **variants_solve(const Program *program, Arena *scratch)
{
    Variants variants = {.scratch = scratch,
                         .hashes = ARENA_ARRAY(scratch, Hash *, program->units.n)};
    VEC(Hash *) hash_of_unit = {0};
    for (uint32_t u = 0; u < program->units.n; u++) {
        const Unit *unit = program->units.at[u];
        variants.hashes[u] = ARENA_ARRAY(scratch, Hash, unit->nfn);
        for (uint32_t id = 1; id < unit->nfn; id++) {
            if (!is_of_header(&unit->fns[id])) continue;
            Variant variant = {unit, &unit->fns[id], &variants.hashes[u][id], NULL, 0};
            *variant.hash = variant.fn->content;
            collect_callees(&variants, &variant);
            vec_push(scratch, &variants.all, variant);
            vec_push(scratch, &hash_of_unit, variants.hashes[u]);
        }
    }
    Hash *mixed = ARENA_ARRAY(scratch, Hash, variants.all.n);
    for (uint32_t n = 0, now = count_distinct(&variants); now > n;) {
        n = now;
        mix_callees(&variants, mixed, hash_of_unit.at);
        now = count_distinct(&variants);
    }
    return variants.hashes;
}
