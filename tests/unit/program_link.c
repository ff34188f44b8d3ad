/* Linking by name: what is one function, what is two, and who means which. */
#include "tests/unit/program_text.h"

/* A function that only returns. */
#define BODY(name) "body " name "\nb0:\n return\n"

static void statics_are_apart_externals_are_one(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    Unit *b =
        world_add(&world, "unit b.c complete 9\nfile b.c\n"
                          "fn help =b.c:help v() !static @(b.c)1:1\n"
                          "fn shared v() @(b.c)3:1\n"
                          "fn printf i4(pc8) !variadic @-\n" BODY("help") BODY("shared"));
    Unit *a = world_add(&world, "unit a.c complete 9\nfile a.c\n"
                                "fn help =a.c:help v() !static @(a.c)1:1\n"
                                "fn shared v() @-\n" BODY("help"));
    world_link(&world);
    assert_int_equal(world.program->fns.n, 4);
    assert_ptr_equal(world.program->units.at[0], a);
    assert_ptr_equal(program_fn(world.program, a, 1), world_fn(&world, "a.c:help"));
    assert_ptr_equal(program_fn(world.program, b, 1), world_fn(&world, "b.c:help"));
    assert_ptr_equal(program_fn(world.program, a, 2), program_fn(world.program, b, 2));
    assert_ptr_equal(world_fn(&world, "shared")->unit, b);
    assert_non_null(world_fn(&world, "shared")->fn->body);
    assert_null(world_fn(&world, "printf")->fn->body);
    assert_null(program_find(world.program, name_of(world.names, "help")));
    assert_null(program_fn(world.program, a, 0));
    for (uint32_t i = 0; i < world.program->fns.n; i++)
        assert_int_equal(world.program->fns.at[i]->id, i);
    arena_free(world.arena);
}

static void inlines_of_headers_are_one(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    for (int i = 3; i > 0; i--)
        world_add(&world, arena_printf(world.arena,
                                       "unit u%d.c complete 9\nfile list.h\n"
                                       "fn next =list.h:next p8(p8) !static !header "
                                       "@(list.h)7:1\nbody next\nlocal p p8 !param\n"
                                       "b0:\n %%1 = const p8 0\n return %%1\n",
                                       i));
    world_link(&world);
    assert_int_equal(world.program->fns.n, 1);
    assert_string_equal(world.program->fns.at[0]->unit->path->text, "u1.c");
    assert_int_equal(world.program->norder, 1);
    arena_free(world.arena);
}

/* Three units of one header, whose functions have the bodies that the numbers stand for. */
static void link_variants(World *world, const uint64_t next[3], const uint64_t last[3])
{
    world_init(world);
    for (int i = 0; i < 3; i++) {
        Unit *unit = world_add(
            world, arena_printf(world->arena,
                                "unit u%d.c complete 9\nfile list.h\n"
                                "fn next =list.h:next v() !static !header @(list.h)7:1\n"
                                "fn last =list.h:last v() !static !header @(list.h)9:1\n"
                                "body next\nb0:\n return\n"
                                "body last\nb0:\n call v next()\n return\n",
                                i));
        unit->fns[1].content.low = next[i];
        unit->fns[2].content.low = last[i];
    }
    world_link(world);
}

static const char *linked_name(const World *world, uint32_t unit, FnId id)
{
    return program_fn(world->program, world->units[unit], id)->link_name->text;
}

static void inlines_with_other_bodies_are_apart(void **state)
{
    (void)state;
    World world;
    link_variants(&world, (uint64_t[]){1, 2, 1}, (uint64_t[]){5, 5, 5});
    assert_int_equal(world.program->norder, 4);
    assert_string_equal(linked_name(&world, 0, 1), "list.h:next");
    assert_string_equal(linked_name(&world, 1, 1), "list.h#2:next");
    assert_string_equal(linked_name(&world, 2, 1), "list.h:next");
    assert_string_equal(linked_name(&world, 0, 2), "list.h:last"); /* by what it calls */
    assert_string_equal(linked_name(&world, 1, 2), "list.h#2:last");
    assert_string_equal(linked_name(&world, 2, 2), "list.h:last");
    arena_free(world.arena);
    link_variants(&world, (uint64_t[]){1, 1, 1}, (uint64_t[]){5, 6, 7});
    assert_int_equal(world.program->norder, 4);
    assert_string_equal(linked_name(&world, 2, 1), "list.h:next");
    assert_string_equal(linked_name(&world, 2, 2), "list.h#3:last");
    arena_free(world.arena);
}

static const char *defines_usage(World *world, const char *path)
{
    return arena_printf(world->arena,
                        "unit %s complete 9\nfile %s\nglobal mode p8 !zeroed @(%s)2:1\n"
                        "fn usage v() @(%s)1:1\n" BODY("usage"),
                        path, path, path, path);
}

static const char *uses_usage(World *world, const char *path)
{
    return arena_printf(world->arena,
                        "unit %s complete 9\nglobal mode p8 !extern\nfn usage v() @-\n",
                        path);
}

static void every_unit_means_the_closest_definition(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    Unit *far = world_add(&world, uses_usage(&world, "lib/x.c"));
    Unit *near = world_add(&world, uses_usage(&world, "tools/bench/y.c"));
    Unit *bench = world_add(&world, defines_usage(&world, "tools/bench/main.c"));
    Unit *client = world_add(&world, defines_usage(&world, "tools/client/main.c"));
    Unit *server = world_add(&world, defines_usage(&world, "server/main.c"));
    world_link(&world);
    const Program *program = world.program;
    assert_int_equal(program->fns.n, 3);
    assert_int_equal(program->globals.n, 3);
    assert_ptr_equal(program_fn(program, server, 1)->unit, server);
    assert_ptr_equal(program_fn(program, client, 1)->unit, client);
    assert_ptr_equal(program_fn(program, bench, 1)->unit, bench);
    assert_ptr_equal(program_fn(program, near, 1)->unit, bench);
    assert_ptr_equal(program_global(program, near, 1)->unit, bench);
    assert_ptr_equal(program_fn(program, far, 1)->unit, server);
    assert_ptr_equal(world_fn(&world, "usage")->unit, server);
    assert_ptr_equal(world_fn(&world, "tools/client/main.c:usage")->unit, client);
    assert_ptr_equal(world_global(&world, "tools/client/main.c:mode")->unit, client);
    arena_free(world.arena);
}

static void a_strong_definition_wins_over_a_weak_one(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    Unit *weak = world_add(&world, "unit a.c complete 9\nfile a.c\n"
                                   "fn hook v() !weak @(a.c)1:1\n" BODY("hook"));
    Unit *strong = world_add(&world, "unit z/b.c complete 9\nfile z/b.c\n"
                                     "fn hook v() @(z/b.c)1:1\n" BODY("hook"));
    world_link(&world);
    assert_ptr_equal(program_fn(world.program, weak, 1)->unit, strong);
    arena_free(world.arena);
}

/* One file compiled twice: the order of the units must not decide which one is taken. */
static void a_file_compiled_twice_is_one(void **state)
{
    (void)state;
    const char *plain = "unit a.c complete 9\nfile a.c\nfn f v() @(a.c)1:1\n" BODY("f");
    const char *traced = "unit a.c complete 9\nfile a.c\nfn f v() @(a.c)1:1\n"
                         "fn trace v() @-\nbody f\nb0:\n call v trace()\n return\n";
    for (int order = 0; order < 2; order++) {
        World world;
        world_init(&world);
        world_add(&world, order ? plain : traced);
        world_add(&world, order ? traced : plain);
        world_link(&world);
        assert_int_equal(world.program->norder, 1);
        assert_int_equal(world_fn(&world, "f")->unit->nfn, 2);
        arena_free(world.arena);
    }
}

static void fields_have_one_identity(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    Unit *a = world_add(&world, "unit a.c complete 9\nfield ops@ops.h open 0 pf8\n");
    Unit *b = world_add(&world, "unit b.c complete 9\nfield node@b.c open 0 pf8\n"
                                "field ops@ops.h open 0 pf8\n");
    world_link(&world);
    const Name *open = program_field(world.program, a, 1);
    assert_string_equal(open->text, "ops@ops.h.open");
    assert_ptr_equal(open, program_field(world.program, b, 2));
    assert_ptr_not_equal(open, program_field(world.program, b, 1));
    arena_free(world.arena);
}

static void nothing_links_to_nothing(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_link(&world);
    assert_int_equal(world.program->fns.n, 0);
    assert_int_equal(world.program->norder, 0);
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statics_are_apart_externals_are_one),
        cmocka_unit_test(inlines_of_headers_are_one),
        cmocka_unit_test(inlines_with_other_bodies_are_apart),
        cmocka_unit_test(every_unit_means_the_closest_definition),
        cmocka_unit_test(a_strong_definition_wins_over_a_weak_one),
        cmocka_unit_test(a_file_compiled_twice_is_one),
        cmocka_unit_test(fields_have_one_identity),
        cmocka_unit_test(nothing_links_to_nothing),
    };
    return cmocka_run_group_tests_name("program link", tests, NULL, NULL);
}
