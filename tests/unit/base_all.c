/* The base folder: names, maps, paths, files, buffers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/name.h"

static void names_are_interned(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Names *names = names_new(arena);
    const Name *first = name_of(names, "x0");
    for (int i = 0; i < 5000; i++)
        name_of(names, arena_printf(arena, "x%d", i));
    assert_ptr_equal(first, name_of(names, "x0"));
    assert_ptr_equal(name_of_range(names, "x42yz", 3), name_of(names, "x42"));
    assert_true(name_compare(name_of(names, "a"), name_of(names, "ab")) < 0);
    arena_free(arena);
}

static void maps_keep_order(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Map map;
    map_init(&map, arena);
    assert_null(map_get(&map, 7));
    for (uint64_t i = 0; i < 3000; i++)
        map_put(&map, i * 977, i, NULL);
    bool added = true;
    assert_int_equal(*map_put(&map, 977, 5, &added), 1);
    assert_false(added);
    assert_int_equal(map.n, 3000);
    for (uint32_t i = 0; i < map.n; i++)
        assert_int_equal(map.entries[i].value, i);
    arena_free(arena);
}

static void paths_are_cleaned(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    assert_string_equal(path_join(arena, "/a/b", "../c/./d.c"), "/a/c/d.c");
    assert_string_equal(path_join(arena, "/a", "/x//y/"), "/x/y");
    assert_string_equal(path_join(arena, "/", ".."), "/");
    assert_string_equal(path_join(arena, "a", "../../b"), "../b");
    assert_string_equal(path_join(arena, ".", "."), ".");
    assert_string_equal(path_below(arena, "/a/b/", "/a/b/c.c"), "c.c");
    assert_string_equal(path_below(arena, "/a/b", "/a/bc.c"), "/a/bc.c");
    arena_free(arena);
}

static void equal_files_are_left_alone(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Err err = {0};
    assert_true(file_make_folders("/tmp/sluice-unit/a/b", &err));
    assert_true(file_write("/tmp/sluice-unit/a/b/f", "hello", 5, &err));
    FileText text;
    assert_true(file_read("/tmp/sluice-unit/a/b/f", 5, arena, &text, &err));
    assert_string_equal(text.at, "hello");
    assert_false(file_read("/tmp/sluice-unit/a/b/f", 4, arena, &text, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_false(file_write("/tmp/sluice-unit/none/f", "x", 1, &err));
    assert_false(file_read("/tmp/sluice-unit", 100, arena, &text, &err));
    arena_free(arena);
}

static void buffers_grow(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Buf buf;
    buf_init(&buf, arena);
    for (int i = 0; i < 1000; i++)
        buf_printf(&buf, "%d,", i % 10);
    assert_int_equal(buf.n, 2000);
    assert_int_equal(buf.at[buf.n], 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_interned),
        cmocka_unit_test(maps_keep_order),
        cmocka_unit_test(paths_are_cleaned),
        cmocka_unit_test(equal_files_are_left_alone),
        cmocka_unit_test(buffers_grow),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
