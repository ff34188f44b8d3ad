/* The cache: keys, manifests, damage, other checkouts, trimming. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "cache/cache.h"

typedef struct Place {
    Arena *arena;
    const char *folder, *root, *source, *header;
    Cache *cache;
} Place;

static void put(const char *path, const char *text)
{
    Err err = {0};
    assert_true(file_write(path, text, strlen(text), &err));
}

static Cache *open_at(const Place *place, const char *root, const char *tool)
{
    Err err = {0};
    Cache *cache = cache_open(path_join(place->arena, place->folder, "cache"), root,
                              hash_bytes(tool, strlen(tool)), place->arena, &err);
    assert_non_null(cache);
    return cache;
}

static int set_up(void **state)
{
    Arena *arena = arena_new("test");
    Place *place = ARENA_NEW(arena, Place);
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/sluice-cache-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    *place = (Place){.arena = arena, .folder = folder};
    place->root = path_join(arena, folder, "root");
    place->source = path_join(arena, place->root, "a.c");
    place->header = path_join(arena, place->root, "a.h");
    Err err = {0};
    assert_true(file_make_folders(place->root, &err));
    put(place->source, "int x;");
    put(place->header, "int y;");
    place->cache = open_at(place, place->root, "tool");
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;
    int status = system(arena_printf(place->arena, "rm -rf '%s'", place->folder));
    arena_free(place->arena);
    return status;
}

static CacheUnit unit_of(const Place *place, const char *arg)
{
    const char **args = ARENA_ARRAY(place->arena, const char *, 3);
    args[0] = arg;
    args[1] = arena_printf(place->arena, "-I%s/first", place->root);
    args[2] = arena_printf(place->arena, "-I%s", place->root);
    return (CacheUnit){.file = place->source, .args = args, .narg = 3};
}

static Hash key_of(const Place *place, Cache *cache, const char *arg)
{
    Hash key;
    CacheUnit unit = unit_of(place, arg);
    assert_true(cache_key(cache, &unit, &key));
    return key;
}

static Hash content_of(const Place *place, const char *path)
{
    FileText text;
    Err err = {0};
    assert_true(file_read(path, 1000, place->arena, &text, &err));
    return hash_bytes(text.at, text.len);
}

static void keep(const Place *place, Cache *cache, const char *arg, const char *fact)
{
    CacheDep deps[2] = {{place->source, content_of(place, place->source)},
                        {place->header, content_of(place, place->header)}};
    CacheFact entry = {hash_bytes(fact, strlen(fact)), deps, 2, {0}};
    CacheUnit unit = unit_of(place, arg);
    Hash key = key_of(place, cache, arg);
    Err err = {0};
    assert_true(cache_keep(cache, &unit, key, &entry, fact, strlen(fact), &err));
}

/* What a new run finds; NULL: nothing. */
static const char *found(const Place *place, const char *root, const char *arg)
{
    Cache *cache = open_at(place, root, "tool");
    CacheFact fact;
    FileText text;
    CacheUnit unit = unit_of(place, arg);
    if (!cache_find(cache, &unit, key_of(place, cache, arg), place->arena, &fact))
        return NULL;
    if (!cache_read(cache, fact.content, place->arena, &text)) return NULL;
    assert_int_equal(fact.ndep, 2);
    assert_string_equal(fact.deps[1].path, place->header);
    return text.at;
}

static void facts_are_found_again(void **state)
{
    const Place *place = *state;
    assert_null(found(place, place->root, "-w"));
    keep(place, place->cache, "-w", "FACT");
    assert_string_equal(found(place, place->root, "-w"), "FACT");
    assert_null(found(place, place->root, "-DX"));
}

static void a_changed_header_is_noticed(void **state)
{
    const Place *place = *state;
    keep(place, place->cache, "-w", "ONE");
    put(place->header, "int z;");
    assert_null(found(place, place->root, "-w"));
    Cache *later = open_at(place, place->root, "tool");
    keep(place, later, "-w", "TWO");
    assert_string_equal(found(place, place->root, "-w"), "TWO");
    put(place->header, "int y;");
    assert_string_equal(found(place, place->root, "-w"), "ONE");
    put(place->source, "int other;");
    assert_null(found(place, place->root, "-w"));
}

static void a_header_in_front_is_noticed(void **state)
{
    const Place *place = *state;
    Err err = {0};
    assert_true(file_make_folders(path_join(place->arena, place->root, "first"), &err));
    keep(place, place->cache, "-w", "FACT");
    assert_string_equal(found(place, place->root, "-w"), "FACT");
    put(path_join(place->arena, place->root, "first/other.h"), "");
    assert_string_equal(found(place, place->root, "-w"), "FACT");
    put(path_join(place->arena, place->root, "first/a.h"), "int y;");
    assert_null(found(place, place->root, "-w"));
}

static void another_tool_finds_nothing(void **state)
{
    const Place *place = *state;
    keep(place, place->cache, "-w", "FACT");
    Cache *other = open_at(place, place->root, "other tool");
    CacheFact fact;
    CacheUnit unit = unit_of(place, "-w");
    assert_false(
        cache_find(other, &unit, key_of(place, other, "-w"), place->arena, &fact));
}

static void keys_do_not_know_the_root(void **state)
{
    const Place *place = *state;
    Arena *arena = place->arena;
    const char *other = path_join(arena, place->folder, "elsewhere");
    Err err = {0};
    assert_true(file_make_folders(other, &err));
    const char *source = path_join(arena, other, "a.c");
    put(source, "int x;");
    Cache *cache = open_at(place, other, "tool");
    const char *here[] = {arena_printf(arena, "-I%s/inc", place->root)};
    const char *there[] = {arena_printf(arena, "-I%s/inc", other)};
    const char *macro[] = {arena_printf(arena, "-DHOME=%s/", place->root)};
    const char *macro_there[] = {arena_printf(arena, "-DHOME=%s/", other)};
    Hash a, b;
    assert_true(cache_key(place->cache, &(CacheUnit){place->source, here, 1}, &a));
    assert_true(cache_key(cache, &(CacheUnit){source, there, 1}, &b));
    assert_int_equal(hash_compare(a, b), 0);
    assert_true(cache_key(place->cache, &(CacheUnit){place->source, macro, 1}, &a));
    assert_true(cache_key(cache, &(CacheUnit){source, macro_there, 1}, &b));
    assert_int_not_equal(hash_compare(a, b), 0);
}

/* Every file of the store, damaged in turn in every way: nothing wrong is ever handed out. */
static void damage_is_absence(void **state)
{
    const Place *place = *state;
    static const char *const ways[] = {
        ": > \"$f\"", "truncate -s -1 \"$f\"", "printf x >> \"$f\"",
        "printf '\\001' | dd of=\"$f\" bs=1 seek=3 conv=notrunc 2>/dev/null"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        keep(place, place->cache, "-w", "FACTFACT");
        assert_string_equal(found(place, place->root, "-w"), "FACTFACT");
        int status = system(arena_printf(
            place->arena,
            "for f in $(find '%s/cache' -type f ! -name CACHEDIR.TAG); do %s; done",
            place->folder, ways[i]));
        assert_int_equal(status, 0);
        assert_null(found(place, place->root, "-w"));
    }
}

static void a_cache_that_cannot_be_is_refused(void **state)
{
    const Place *place = *state;
    Err err = {0};
    assert_null(cache_open(path_join(place->arena, place->source, "cache"), place->root,
                           (Hash){0}, place->arena, &err));
    assert_int_equal(err.kind, ERR_IO);
}

static void old_files_go_first(void **state)
{
    const Place *place = *state;
    Err err = {0};
    char bytes[1000] = {0};
    for (uint64_t i = 0; i < 10; i++)
        assert_true(cache_write(place->cache, (Hash){i * 0x123456789, i}, bytes,
                                sizeof bytes, &err));
    int status = system(arena_printf(
        place->arena, "find '%s/cache' -type f -exec touch -d '2020-01-01' {} +",
        place->folder));
    assert_int_equal(status, 0);
    Hash fresh = {99, 99};
    assert_true(cache_write(place->cache, fresh, bytes, sizeof bytes, &err));
    cache_trim(place->cache, 3000);
    FileText text;
    assert_true(cache_read(place->cache, fresh, place->arena, &text));
    uint32_t left = 0;
    for (uint64_t i = 0; i < 10; i++)
        left += cache_read(place->cache, (Hash){i * 0x123456789, i}, place->arena, &text);
    assert_int_equal(left, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(facts_are_found_again),
        TEST(a_changed_header_is_noticed),
        TEST(a_header_in_front_is_noticed),
        TEST(another_tool_finds_nothing),
        TEST(keys_do_not_know_the_root),
        TEST(damage_is_absence),
        TEST(a_cache_that_cannot_be_is_refused),
        TEST(old_files_go_first),
    };
    return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
