/* What a function pointer can be: variables, tables, callbacks, and what is unknown. */
#include "tests/unit/program_text.h"

#define FN(name)      "fn " name " v(u8) @(a.c)1:1\n"
#define STATIC(name)  "fn " name " =a.c:" name " v(u8) !static @(a.c)1:1\n"
#define RETURNS(name) "body " name "\nlocal n u8 !param\nb0:\n return\n"
#define ABORTS(name)  "body " name "\nlocal n u8 !param\nb0:\n call v abort()\n return\n"
#define UNIT          "unit a.c complete 9\nfile a.c\n"
#define OPS           "field ops@a.c open 0 pf8\nfield ops@a.c stat 8 pf8\n"

/*
 * static void (*handler)(size_t) = stops; void set(h) { handler = h; }
 * void boot(void) { set(exits); } void *alloc(n) { if (!n) handler(n); return p; }
 */
static const char *handler_unit(World *world, const char *second)
{
    return arena_printf(
        world->arena,
        UNIT
        "global handler =a.c:handler pf8 !static @(a.c)1:1\n"
        "fn abort v() !noreturn @-\n" STATIC("stops") STATIC("exits") STATIC(
            "returns") "fn set v(pf8) @(a.c)1:1\nfn boot v() @(a.c)1:1\n"
                       "fn alloc p8(u8) @(a.c)1:1\n"
                       "data handler\n 0 pf8 &stops\n" ABORTS("stops") ABORTS("exits")
                           RETURNS(
                               "returns") "body set\nlocal h pf8 !param\nb0:\n %%1 = "
                                          "addr p8 h\n"
                                          " %%2 = load pf8 %%1\n %%3 = addr p8 $handler\n"
                                          " store pf8 %%3 %%2\n return\n"
                                          "body boot\nb0:\n %%1 = addr pf8 &%s\n call v "
                                          "set(%%1)\n return\n"
                                          "body alloc\nlocal n u8 !param\nb0:\n %%1 = "
                                          "addr p8 $handler\n"
                                          " %%2 = load pf8 %%1\n %%3 = addr p8 n\n %%4 = "
                                          "load u8 %%3\n"
                                          " call v *%%2(%%4)\n %%5 = const p8 0\n return "
                                          "%%5\n",
        second);
}

static void a_handler_that_only_aborts_never_returns(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world, handler_unit(&world, "exits"));
    world_link(&world);
    assert_string_equal(world_targets(&world, "alloc", 0), "a.c:exits a.c:stops");
    assert_false(world_call_returns(&world, "alloc", 0));
    assert_true(world_fn(&world, "alloc")->is_noreturn);
    assert_false(world_fn(&world, "set")->is_noreturn);
    arena_free(world.arena);
}

static void one_target_that_returns_is_enough(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world, handler_unit(&world, "returns"));
    world_link(&world);
    assert_string_equal(world_targets(&world, "alloc", 0), "a.c:returns a.c:stops");
    assert_true(world_call_returns(&world, "alloc", 0));
    arena_free(world.arena);
}

#define CALL_OPEN(table)                                                                 \
    " %1 = addr p8 $" table "\n %2 = field p8 %1 ops.open\n"                             \
    " %3 = load pf8 %2\n %4 = const u8 1\n call v *%3(%4)\n"
#define CALL_STAT(table)                                                                 \
    " %5 = addr p8 $" table "\n %6 = field p8 %5 ops.stat\n"                             \
    " %7 = load pf8 %6\n call v *%7(%4)\n"
#define TABLES                                                                           \
    UNIT OPS "global one a16 !static !const !zeroed @(a.c)1:1\n"                         \
             "global two a16 !static !const !zeroed @(a.c)2:1\n" STATIC("open1")         \
                 STATIC("open2")                                                         \
                     STATIC("stat2") "fn f v(p8) @(a.c)3:1\n"                            \
                                     "fn g p8() @(a.c)3:1\n"                             \
                                     "data one\n 0 pf8 &open1 .ops.open\n"               \
                                     "data two\n 0 pf8 &open2 .ops.open\n"               \
                                     " 8 pf8 &stat2 .ops.stat\n" RETURNS("open1")        \
                                         RETURNS("open2") RETURNS("stat2")

static void constant_tables_are_kept_apart(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world,
              TABLES "body f\nlocal p p8 !param\nb0:\n" CALL_OPEN("one")
                  CALL_STAT("one") " return\n"
                                   "body g\nb0:\n %1 = addr p8 $two\n return %1\n");
    world_link(&world);
    assert_string_equal(world_targets(&world, "f", 0), "a.c:open1");
    assert_string_equal(world_targets(&world, "f", 1), ""); /* an empty slot */
    arena_free(world.arena);
}

static void through_a_pointer_all_tables_count(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world, TABLES "body f\nlocal p p8 !param\nb0:\n %1 = addr p8 p\n"
                             " %2 = load p8 %1\n %3 = field p8 %2 ops.open\n"
                             " %4 = load pf8 %3\n %5 = const u8 1\n call v *%4(%5)\n"
                             " return\n"
                             "body g\nb0:\n %1 = addr p8 $two\n return %1\n");
    world_link(&world);
    assert_string_equal(world_targets(&world, "f", 0), "a.c:open1 a.c:open2");
    arena_free(world.arena);
}

/* A table that is no constant: kept apart until its address gets about. */
static void a_table_that_is_passed_is_merged(void **state)
{
    (void)state;
    const char *passes[] = {"", " %9 = addr p8 $own\n call v fill(%9)\n"};
    const char *expected[] = {"a.c:mine", "a.c:mine a.c:other"};
    for (int i = 0; i < 2; i++) {
        World world;
        world_init(&world);
        world_add(
            &world,
            arena_printf(
                world.arena,
                UNIT OPS
                "global own a16 !static !zeroed @(a.c)1:1\n" STATIC("mine") STATIC(
                    "other") "fn f v() @(a.c)3:1\nfn fill v(p8) @(a.c)4:1\n" RETURNS("min"
                                                                                     "e")
                    RETURNS(
                        "other") "body f\nb0:\n %%1 = addr p8 $own\n"
                                 " %%2 = field p8 %%1 ops.open\n %%3 = addr pf8 &mine\n"
                                 " store pf8 %%2 %%3\n %%4 = load pf8 %%2\n"
                                 " %%5 = const u8 1\n call v *%%4(%%5)\n%s return\n"
                                 "body fill\nlocal p p8 !param\nb0:\n %%1 = addr p8 p\n"
                                 " %%2 = load p8 %%1\n %%3 = field p8 %%2 ops.open\n"
                                 " %%4 = addr pf8 &other\n store pf8 %%3 %%4\n return\n",
                passes[i]));
        world_link(&world);
        assert_string_equal(world_targets(&world, "f", 0), expected[i]);
        arena_free(world.arena);
    }
}

/* each(fn, arg) calls fn(arg); through a local and a second helper. */
static void callbacks_reach_the_call(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(
        &world,
        UNIT STATIC("one") STATIC(
            "two") "fn odd v(u8 u8) @(a.c)1:1\n"
                   "fn each v(pf8 u8) @(a.c)1:1\nfn every v(pf8) @(a.c)1:1\n"
                   "fn main i4() @(a.c)1:1\n" RETURNS("one") RETURNS(
                       "two") "body odd\nlocal a u8 !param\nlocal b u8 !param\nb0:\n "
                              "return\n"
                              "body each\nlocal fn pf8 !param\nlocal n u8 !param\nlocal "
                              "copy pf8\nb0:\n"
                              " %1 = addr p8 fn\n %2 = load pf8 %1\n %3 = addr p8 copy\n"
                              " store pf8 %3 %2\n %4 = load pf8 %3\n %5 = const u8 1\n"
                              " call v *%4(%5)\n return\n"
                              "body every\nlocal fn pf8 !param\nb0:\n %1 = addr p8 fn\n"
                              " %2 = load pf8 %1\n %3 = const u8 1\n call v each(%2 "
                              "%3)\n return\n"
                              "body main\nb0:\n %1 = addr pf8 &one\n %2 = const u8 1\n"
                              " call v each(%1 %2)\n %3 = addr pf8 &two\n call v "
                              "every(%3)\n"
                              " %4 = addr pf8 &odd\n call v every(%4)\n"
                              " %5 = const pf8 0\n call v each(%5 %2)\n"
                              " %6 = const i4 0\n return %6\n");
    world_link(&world);
    /* `odd` takes two arguments: it cannot be what is called with one; null is no target. */
    assert_string_equal(world_targets(&world, "each", 0), "a.c:one a.c:two");
    assert_true(world_fn(&world, "odd")->is_address_taken);
    arena_free(world.arena);
}

/* Results of external functions, parameters that strangers pass, addresses that get away. */
static void what_is_not_seen_is_unknown(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(
        &world,
        UNIT STATIC(
            "one") "fn find pf8(p8) @-\nfn fill v(p8) @-\n"
                   "fn entry v(pf8) @(a.c)1:1\nfn asks v() @(a.c)1:1\n"
                   "fn lends v() @(a.c)1:1\nfn keeps v() @(a.c)1:1\n" RETURNS(
                       "one") "body entry\nlocal fn pf8 !param\nb0:\n %1 = addr p8 fn\n"
                              " %2 = load pf8 %1\n %3 = const u8 1\n call v *%2(%3)\n "
                              "return\n"
                              "body asks\nb0:\n %1 = const p8 0\n %2 = call pf8 "
                              "find(%1)\n"
                              " %3 = const u8 1\n call v *%2(%3)\n return\n"
                              "body lends\nlocal fn pf8\nb0:\n %1 = addr p8 fn\n %2 = "
                              "addr pf8 &one\n"
                              " store pf8 %1 %2\n call v fill(%1)\n %3 = load pf8 %1\n"
                              " %4 = const u8 1\n call v *%3(%4)\n return\n"
                              "body keeps\nlocal fn pf8\nb0:\n %1 = addr p8 fn\n %2 = "
                              "addr pf8 &one\n"
                              " store pf8 %1 %2\n %3 = load pf8 %1\n"
                              " %4 = const u8 1\n call v *%3(%4)\n return\n");
    world_link(&world);
    assert_string_equal(world_targets(&world, "entry", 0), "...");
    assert_string_equal(world_targets(&world, "asks", 1), "...");
    assert_string_equal(world_targets(&world, "lends", 1), "a.c:one ...");
    assert_string_equal(world_targets(&world, "keeps", 0), "a.c:one");
    arena_free(world.arena);
}

/* pick(&fn) stores through its parameter. */
static void stores_through_pointers_arrive(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(
        &world,
        UNIT STATIC("one")
            STATIC("two") "fn pick v(p8) @(a.c)1:1\nfn f v() @(a.c)1:1\n" RETURNS("one")
                RETURNS("two") "body pick\nlocal out p8 !param\nb0:\n %1 = addr p8 out\n"
                               " %2 = load p8 %1\n %3 = addr pf8 &two\n store pf8 %2 "
                               "%3\n return\n"
                               "body f\nlocal fn pf8\nb0:\n %1 = addr p8 fn\n %2 = addr "
                               "pf8 &one\n"
                               " store pf8 %1 %2\n call v pick(%1)\n %3 = load pf8 %1\n"
                               " %4 = const u8 1\n call v *%3(%4)\n return\n");
    world_link(&world);
    assert_string_equal(world_targets(&world, "f", 1), "a.c:one a.c:two");
    arena_free(world.arena);
}

static void arrays_of_functions_are_slots(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(
        &world,
        UNIT "global table a16 !static !const\n" STATIC("one") STATIC(
            "two") "fn f v(u8) @(a.c)1:1\nfn g v() @(a.c)1:1\n"
                   "data table\n 0 pf8 &one\n 8 pf8 &two\n" RETURNS("one") RETURNS(
                       "two") "body f\nlocal n u8 !param\nb0:\n %1 = addr p8 $table\n"
                              " %2 = addr p8 n\n %3 = load u8 %2\n %4 = index p8 %1 %3 "
                              "8\n"
                              " %5 = load pf8 %4\n call v *%5(%3)\n return\n"
                              "body g\nlocal at p8\nb0:\n %1 = addr p8 $table\n"
                              " %2 = addr p8 at\n store p8 %2 %1\n %3 = load p8 %2\n"
                              " %4 = load pf8 %3\n %5 = const u8 1\n call v *%4(%5)\n"
                              " return\n");
    world_link(&world);
    assert_string_equal(world_targets(&world, "f", 0), "a.c:one a.c:two");
    assert_string_equal(world_targets(&world, "g", 0), "a.c:one a.c:two");
    arena_free(world.arena);
}

static void too_many_targets_are_unknown(void **state)
{
    (void)state;
    for (int n = 200; n <= 201; n++) {
        World world;
        world_init(&world);
        Buf text;
        buf_init(&text, world.arena);
        buf_text(&text, UNIT "global table a8000 !static !const\nfn f v() @(a.c)1:1\n");
        for (int i = 0; i < n; i++)
            buf_printf(&text, "fn t%d v(u8) @(a.c)1:1\n", i);
        buf_text(&text, "data table\n");
        for (int i = 0; i < n; i++)
            buf_printf(&text, " %d pf8 &t%d\n", i * 8, i);
        buf_text(&text, "body f\nb0:\n %1 = addr p8 $table\n %2 = load pf8 %1\n"
                        " %3 = const u8 0\n call v *%2(%3)\n return\n");
        world_add(&world, text.at);
        world_link(&world);
        const ProgramFn *fn = world_fn(&world, "f");
        Targets targets = program_targets(world.program, fn->unit, fn->fn, 0, 3);
        assert_int_equal(targets.n, n > 200 ? 0 : n);
        assert_int_equal(targets.is_complete, n <= 200);
        arena_free(world.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handler_that_only_aborts_never_returns),
        cmocka_unit_test(one_target_that_returns_is_enough),
        cmocka_unit_test(constant_tables_are_kept_apart),
        cmocka_unit_test(through_a_pointer_all_tables_count),
        cmocka_unit_test(a_table_that_is_passed_is_merged),
        cmocka_unit_test(callbacks_reach_the_call),
        cmocka_unit_test(what_is_not_seen_is_unknown),
        cmocka_unit_test(stores_through_pointers_arrive),
        cmocka_unit_test(arrays_of_functions_are_slots),
        cmocka_unit_test(too_many_targets_are_unknown),
    };
    return cmocka_run_group_tests_name("program slots", tests, NULL, NULL);
}
