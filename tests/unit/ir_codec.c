/* Fact files and packs: whole, damaged, old, hostile, and in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "ir/codec.h"
#include "ir/print.h"
#include "ir/read.h"

enum { NFACT = 3, TRAILER = 16 };

static const char *const fixtures[NFACT] = {
    "fixtures/flow/null_checked.ir",
    "fixtures/flow/null_deref.ir",
    "fixtures/flow/null_loop.ir",
};

typedef struct World {
    Arena *arena;
    Names *names;
    Buf facts[NFACT];
} World;

static World world_new(void)
{
    World world = {.arena = arena_new("test")};
    world.names = names_new(world.arena);
    for (int i = 0; i < NFACT; i++) {
        FileText text;
        Unit *unit = NULL;
        Err err = {0};
        assert_true(file_read(fixtures[i], 1 << 20, world.arena, &text, &err));
        assert_true(
            ir_read_unit(text.at, text.len, world.names, world.arena, &unit, &err));
        buf_init(&world.facts[i], world.arena);
        fact_write(&world.facts[i], unit);
    }
    return world;
}

static const char *text_of(World *world, const Unit *unit)
{
    Buf text;
    buf_init(&text, world->arena);
    ir_print_unit(&text, unit);
    return text.at;
}

static void facts_come_back(void **state)
{
    (void)state;
    World world = world_new();
    for (int i = 0; i < NFACT; i++) {
        Fact *facts = NULL;
        uint32_t n = 0;
        Err err = {0};
        assert_true(fact_read(world.facts[i].at, world.facts[i].n, world.names,
                              world.arena, &facts, &n, &err));
        assert_int_equal(n, 1);
        assert_ptr_equal(facts[0].path, facts[0].unit->path);
        assert_int_equal(facts[0].nfn, 1);
        assert_ptr_equal(facts[0].fns[0].link_name, facts[0].unit->fns[1].link_name);
        FileText text;
        assert_true(file_read(fixtures[i], 1 << 20, world.arena, &text, &err));
        assert_string_equal(text_of(&world, facts[0].unit), strstr(text.at, "unit "));
        Buf again;
        buf_init(&again, world.arena);
        fact_write(&again, facts[0].unit);
        assert_int_equal(again.n, world.facts[i].n);
        assert_memory_equal(again.at, world.facts[i].at, again.n);
    }
    arena_free(world.arena);
}

/* Reads in an arena of its own, so that thousands of tries do not add up. */
static bool try_read(const char *bytes, size_t len, Err *err)
{
    Arena *arena = arena_new("try");
    Fact *facts = NULL;
    uint32_t n = 0;
    *err = (Err){0};
    bool ok = fact_read(bytes, len, names_new(arena), arena, &facts, &n, err);
    assert_int_equal(err->kind, ok ? ERR_NONE : ERR_CACHE);
    arena_free(arena);
    return ok;
}

static void short_facts_are_refused(void **state)
{
    (void)state;
    World world = world_new();
    Err err;
    for (size_t n = 0; n < world.facts[0].n; n++) {
        char *exact = arena_copy(world.arena, world.facts[0].at, n);
        assert_false(try_read(exact, n, &err));
    }
    buf_put(&world.facts[0], "x", 1);
    assert_false(try_read(world.facts[0].at, world.facts[0].n, &err));
    arena_free(world.arena);
}

static void flipped_bits_are_seen(void **state)
{
    (void)state;
    World world = world_new();
    Buf *fact = &world.facts[2];
    Err err;
    for (size_t bit = 0; bit < fact->n * 8; bit++) {
        fact->at[bit / 8] = (char)(fact->at[bit / 8] ^ 1 << bit % 8);
        assert_false(try_read(fact->at, fact->n, &err));
        fact->at[bit / 8] = (char)(fact->at[bit / 8] ^ 1 << bit % 8);
    }
    assert_true(try_read(fact->at, fact->n, &err));
    arena_free(world.arena);
}

static void seal(Buf *fact)
{
    Hash hash = hash_bytes(fact->at, fact->n - TRAILER);
    for (size_t i = 0; i < 8; i++) {
        fact->at[fact->n - 16 + i] = (char)(hash.low >> 8 * i & 0xff);
        fact->at[fact->n - 8 + i] = (char)(hash.high >> 8 * i & 0xff);
    }
}

/* Even with a checksum that holds, nothing inside is trusted. */
static void hostile_facts_are_survived(void **state)
{
    (void)state;
    World world = world_new();
    const Buf *good = &world.facts[2];
    Buf fact = *good;
    fact.at = arena_copy(world.arena, good->at, good->n);
    Err err;
    for (size_t i = 0; i < fact.n - TRAILER; i++)
        for (int value = 0; value < 256; value += value < 8 ? 1 : 31) {
            fact.at[i] = (char)value;
            seal(&fact);
            try_read(fact.at, fact.n, &err);
            fact.at[i] = good->at[i];
        }
    arena_free(world.arena);
}

static void complaints_are_clear(void **state)
{
    (void)state;
    World world = world_new();
    Buf *fact = &world.facts[0];
    Err err;
    assert_false(try_read("", 0, &err));
    assert_string_equal(err.text, "this is no fact file, or one that was cut short");
    fact->at[7]++;
    seal(fact);
    assert_false(try_read(fact->at, fact->n, &err));
    assert_string_equal(err.text, "written by another version of sluice (schema 3, this "
                                  "one reads 2): extract it again");
    fact->at[7]--;
    fact->at[24 + 22] = 0x7f; /* the text would have 8 million bytes */
    fact->at[24 + 23] = 0x3f; /* ... or a thousand million */
    seal(fact);
    assert_false(try_read(fact->at, fact->n, &err));
    assert_string_equal(err.text,
                        "the fact of null_checked.c: the size of its text makes "
                        "no sense");
    arena_free(world.arena);
}

static Buf pack(World *world, const Buf *const *parts, uint32_t n)
{
    const char *files[8];
    size_t lens[8];
    Err err = {0};
    Buf out;
    for (uint32_t i = 0; i < n; i++) {
        files[i] = parts[i]->at;
        lens[i] = parts[i]->n;
    }
    buf_init(&out, world->arena);
    assert_true(pack_write(&out, files, lens, n, world->arena, &err));
    return out;
}

static void same_bytes(Buf a, Buf b)
{
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.at, b.at, a.n);
}

static void packs_are_sets(void **state)
{
    (void)state;
    World world = world_new();
    const Buf *a = &world.facts[0], *b = &world.facts[1], *c = &world.facts[2];
    Buf abc = pack(&world, (const Buf *[]){a, b, c}, 3);
    same_bytes(abc, pack(&world, (const Buf *[]){c, a, b, a}, 4));
    Buf ab = pack(&world, (const Buf *[]){b, a}, 2);
    Buf bc = pack(&world, (const Buf *[]){b, c}, 2);
    same_bytes(abc, pack(&world, (const Buf *[]){&ab, c}, 2));
    same_bytes(abc, pack(&world, (const Buf *[]){c, &bc, &ab}, 3));
    same_bytes(abc, pack(&world, (const Buf *[]){&abc}, 1));
    Fact *facts = NULL;
    uint32_t n = 0;
    Err err = {0};
    assert_true(fact_read(abc.at, abc.n, world.names, world.arena, &facts, &n, &err));
    assert_int_equal(n, 3);
    for (uint32_t i = 1; i < n; i++)
        assert_true(name_compare(facts[i - 1].path, facts[i].path) < 0);
    Buf empty = pack(&world, NULL, 0);
    assert_true(fact_read(empty.at, empty.n, world.names, world.arena, &facts, &n, &err));
    assert_int_equal(n, 0);
    same_bytes(abc, pack(&world, (const Buf *[]){&empty, &abc}, 2));
    arena_free(world.arena);
}

static void bad_packs_are_refused(void **state)
{
    (void)state;
    World world = world_new();
    Err err = {0};
    const char *files[] = {world.facts[0].at, world.facts[1].at};
    size_t lens[] = {world.facts[0].n, world.facts[1].n - 1};
    Buf out;
    buf_init(&out, world.arena);
    assert_false(pack_write(&out, files, lens, 2, world.arena, &err));
    assert_int_equal(err.kind, ERR_CACHE);
    assert_string_equal(err.text,
                        "file 2 of 2: cut short, or something was added: extract "
                        "it again");
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_come_back),
        cmocka_unit_test(short_facts_are_refused),
        cmocka_unit_test(flipped_bits_are_seen),
        cmocka_unit_test(hostile_facts_are_survived),
        cmocka_unit_test(complaints_are_clear),
        cmocka_unit_test(packs_are_sets),
        cmocka_unit_test(bad_packs_are_refused),
    };
    return cmocka_run_group_tests_name("ir codec", tests, NULL, NULL);
}
