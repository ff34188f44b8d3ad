/* Summaries as files: they come back whole, and what is damaged or made up never does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "summary/codec.h"
#include "summary/compact.h"
#include "summary/model.h"

enum { NFN = 4, TRAILER = 16 };

static const char PACK[] =
    "version: 1\npack: p\nfunctions:\n"
    "  copy: {params: [p], outcomes: [{when: '*p != null', returns: '*p', sets: {'*p': "
    "'null'}}]}\n"
    "  open: {params: [c], nonnull: [c], outcomes: [{returns: nonnull}, "
    "{when: [c != 0, 'q(c) == 0'], returns: 'null', why: rare}]}\n"
    "  make: {params: [out], outcomes: [{returns: '0', sets: {'*out': nonnull, "
    "$errors: unknown}}, {returns: '> 0', leaves: [out]}]}\n"
    "  ask: {params: [a, b, n], nonnull: [a], nonnull_if: {a * n != 0: [b]}}\n";
static const char *const NAMES[NFN] = {"copy", "open", "make", "ask"};

typedef struct World {
    Arena *arena;
    Names *names;
    Models models;
    const Summary *all[NFN];
} World;

static const char *printed(World *world, const Summary *summary)
{
    Buf out;
    buf_init(&out, world->arena);
    summary_print(&out, summary);
    return out.at;
}

static World world_new(void)
{
    World world = {.arena = arena_new("test")};
    Err err = {0};
    world.names = names_new(world.arena);
    models_init(&world.models, world.arena, world.names);
    if (!models_load(&world.models, "p.yaml", PACK, strlen(PACK), &err))
        fail_msg("%s", err.text);
    for (int i = 0; i < NFN; i++) {
        world.all[i] = models_find(&world.models, name_of(world.names, NAMES[i]));
        assert_non_null(world.all[i]);
    }
    return world;
}

static Buf written(World *world)
{
    Buf file;
    buf_init(&file, world->arena);
    summaries_write(&file, (Hash){3, 4}, world->all, NFN, world->arena);
    return file;
}

static bool read_back(World *world, const char *at, size_t len, SummaryFile *file)
{
    Err err = {0};
    /* Nothing that could be read stands behind it. */
    const char *exact = memcpy(arena_take(world->arena, len + 1, 1), at, len);
    bool ok = summaries_read(exact, len, world->names, world->arena, file, &err);
    if (!ok) {
        assert_int_equal(err.kind, ERR_CACHE);
        assert_int_equal(file->n, 0);
    }
    return ok;
}

static void summaries_come_back(void **state)
{
    (void)state;
    World world = world_new();
    Buf file = written(&world), again;
    SummaryFile back;
    assert_true(read_back(&world, file.at, file.n, &back));
    assert_int_equal(back.n, NFN);
    assert_int_equal(hash_compare(back.stamp, (Hash){3, 4}), 0);
    for (int i = 0; i < NFN; i++)
        assert_string_equal(printed(&world, back.at[i]), printed(&world, world.all[i]));
    buf_init(&again, world.arena);
    summaries_write(&again, back.stamp, (const Summary *const *)back.at, back.n,
                    world.arena);
    assert_int_equal(again.n, file.n);
    assert_memory_equal(again.at, file.at, file.n);
    arena_free(world.arena);
}

static void damage_is_seen(void **state)
{
    (void)state;
    World world = world_new();
    Buf file = written(&world);
    SummaryFile back;
    for (size_t len = 0; len < file.n; len++)
        assert_false(read_back(&world, file.at, len, &back));
    for (size_t i = 0; i < file.n; i++) {
        file.at[i] ^= 1;
        assert_false(read_back(&world, file.at, file.n, &back));
        file.at[i] ^= 1;
    }
    assert_true(read_back(&world, file.at, file.n, &back));
    arena_free(world.arena);
}

static void seal(Buf *file)
{
    Hash hash = hash_bytes(file->at, file->n - TRAILER);
    for (size_t i = 0; i < 8; i++) {
        file->at[file->n - 16 + i] = (char)(hash.high >> 8 * i & 0xff);
        file->at[file->n - 8 + i] = (char)(hash.low >> 8 * i & 0xff);
    }
}

/* Every byte set to every value, with a good checksum: refused, or a summary one can use. */
static void what_is_made_up_is_checked(void **state)
{
    (void)state;
    World world = world_new();
    Buf file = written(&world);
    uint32_t nrefused = 0;
    for (size_t i = 0; i < file.n - TRAILER; i++) {
        char old = file.at[i];
        World other = {.arena = arena_new("made up")};
        other.names = names_new(other.arena);
        for (int value = 0; value < 256; value += 5) {
            SummaryFile back;
            file.at[i] = (char)value;
            seal(&file);
            nrefused += !read_back(&other, file.at, file.n, &back);
            for (uint32_t k = 0; k < back.n; k++)
                assert_non_null(printed(&other, back.at[k]));
        }
        arena_free(other.arena);
        file.at[i] = old;
    }
    assert_true(nrefused > file.n);
    arena_free(world.arena);
}

static Summary *with_terms(World *world, const SummaryTerm *terms, uint32_t n,
                           TermId result)
{
    Summary *summary = ARENA_NEW(world->arena, Summary);
    summary->link_name = name_of(world->names, "f");
    summary->terms = ARENA_ARRAY(world->arena, SummaryTerm, n);
    memcpy(summary->terms, terms, n * sizeof *terms);
    summary->nterm = n;
    summary->noutcome = 1;
    summary->outcomes = ARENA_NEW(world->arena, Outcome);
    summary->outcomes->result = result;
    summary->outcomes->result_range = range_any;
    Arena *scratch = arena_new("scratch");
    summary_compact(summary, world->arena, scratch);
    arena_free(scratch);
    return summary;
}

static void one_meaning_has_one_form(void **state)
{
    (void)state;
    World world = world_new();
    const SummaryTerm few[] = {{.kind = TERM_NONE},
                               {.kind = TERM_FRESH, .imm = 0},
                               {.kind = TERM_OFFSET, .a = 1, .imm = 8}};
    const SummaryTerm more[] = {{.kind = TERM_NONE},
                                {.kind = TERM_PARAM, .imm = 3},
                                {.kind = TERM_FRESH, .imm = 0},
                                {.kind = TERM_FRESH, .imm = 1},
                                {.kind = TERM_OFFSET, .a = 3, .imm = 8}};
    Summary *a = with_terms(&world, few, 3, 2), *b = with_terms(&world, more, 5, 4);
    assert_int_equal(b->nterm, 3);
    assert_int_equal(b->terms[1].imm, 0);
    assert_int_equal(
        hash_compare(summary_hash(a, world.arena), summary_hash(b, world.arena)), 0);
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summaries_come_back),
        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(what_is_made_up_is_checked),
        cmocka_unit_test(one_meaning_has_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
