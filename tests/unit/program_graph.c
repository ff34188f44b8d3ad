/* The call graph: callees first, cycles together, however deep; and what never returns. */
#include "tests/unit/program_text.h"

static uint32_t place_of(const World *world, const char *name)
{
    const ProgramFn *fn = world_fn(world, name);
    for (uint32_t i = 0; i < world->program->norder; i++)
        if (world->program->order[i] == fn) return i;
    fail_msg("%s is not in the order", name);
    return 0;
}

static void callees_come_first_and_cycles_together(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world, "unit a.c complete 9\nfile a.c\nfn main i4() @(a.c)1:1\n"
                      "fn even v() @(a.c)2:1\nfn odd v() @(a.c)3:1\n"
                      "fn leaf v() @(a.c)4:1\nfn self v() @(a.c)5:1\n"
                      "body main\nb0:\n call v even()\n call v self()\n"
                      " %1 = const i4 0\n return %1\n"
                      "body even\nb0:\n call v odd()\n call v leaf()\n return\n"
                      "body odd\nb0:\n call v even()\n return\n"
                      "body leaf\nb0:\n return\n"
                      "body self\nb0:\n call v self()\n return\n");
    world_link(&world);
    const Program *program = world.program;
    assert_int_equal(program->norder, 5);
    assert_true(place_of(&world, "leaf") < place_of(&world, "even"));
    assert_int_equal(program->scc[place_of(&world, "even")],
                     program->scc[place_of(&world, "odd")]);
    assert_int_equal(place_of(&world, "main"), 4);
    for (uint32_t i = 1; i < program->norder; i++)
        assert_true(program->scc[i] - program->scc[i - 1] <= 1);
    assert_true(world_fn(&world, "even")->is_recursive);
    assert_true(world_fn(&world, "self")->is_recursive);
    assert_false(world_fn(&world, "main")->is_recursive);
    assert_int_equal(world_fn(&world, "even")->ncaller, 2);
    arena_free(world.arena);
}

/* f0 calls f1 calls f2 ...: no recursion of ours may follow, and exit travels all the way up. */
static void deep_chains_are_walked(void **state)
{
    (void)state;
    enum { DEEP = 60000 };
    World world;
    world_init(&world);
    Buf text;
    buf_init(&text, world.arena);
    buf_text(&text, "unit a.c complete 9\nfile a.c\n");
    for (int i = 0; i < DEEP; i++)
        buf_printf(&text, "fn f%d v() @(a.c)1:1\n", i);
    buf_text(&text, "fn exit v(i4) !noreturn @-\n");
    for (int i = 0; i < DEEP - 1; i++)
        buf_printf(&text, "body f%d\nb0:\n call v f%d()\n return\n", i, i + 1);
    buf_printf(&text,
               "body f%d\nb0:\n %%1 = const i4 1\n call v exit(%%1)\n"
               " return\n",
               DEEP - 1);
    world_add(&world, text.at);
    world_link(&world);
    assert_string_equal(world.program->order[0]->link_name->text, "f59999");
    assert_string_equal(world.program->order[DEEP - 1]->link_name->text, "f0");
    assert_true(world_fn(&world, "f0")->is_noreturn);
    arena_free(world.arena);
}

/* die() in another file, a wrapper of it, a wrapper that may return, a loop for ever. */
static void noreturn_crosses_files(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world, "unit a.c complete 9\nfile a.c\nfn die v() @-\n"
                      "fn fatal v() @(a.c)1:1\nfn check v(p8) @(a.c)2:1\n"
                      "fn serve v() @(a.c)3:1\nfn either v(i4) @(a.c)4:1\n"
                      "body fatal\nb0:\n call v die()\n return\n"
                      "body check\nlocal p p8 !param\nb0:\n %1 = addr p8 p\n"
                      " %2 = load p8 %1\n branch %2 b2 b1\n"
                      "b1:\n call v die()\n jump b2\nb2:\n return\n"
                      "body serve\nb0:\n jump b1\nb1:\n jump b1\n"
                      "body either\nlocal n i4 !param\nb0:\n %1 = addr p8 n\n"
                      " %2 = load i4 %1\n branch %2 b1 b2\n"
                      "b1:\n call v fatal()\n jump b3\n"
                      "b2:\n call v serve()\n jump b3\nb3:\n return\n");
    world_add(&world, "unit b.c complete 9\nfile b.c\nfn abort v() !noreturn @-\n"
                      "fn die v() @(b.c)1:1\n"
                      "body die\nb0:\n call v abort()\n return\n");
    world_link(&world);
    assert_true(world_fn(&world, "die")->is_noreturn);
    assert_true(world_fn(&world, "fatal")->is_noreturn);
    assert_false(world_fn(&world, "check")->is_noreturn);
    assert_true(world_fn(&world, "serve")->is_noreturn);
    assert_true(world_fn(&world, "either")->is_noreturn);
    assert_false(world_call_returns(&world, "check", 0));
    arena_free(world.arena);
}

/* A cycle that only calls itself is not shown to return, and not shown not to: it may. */
static void a_cycle_without_proof_returns(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world, "unit a.c complete 9\nfile a.c\nfn a v() @(a.c)1:1\n"
                      "fn b v() @(a.c)2:1\nbody a\nb0:\n call v b()\n return\n"
                      "body b\nb0:\n call v a()\n return\n");
    world_link(&world);
    assert_false(world_fn(&world, "a")->is_noreturn);
    arena_free(world.arena);
}

static void globals_know_who_writes_them(void **state)
{
    (void)state;
    World world;
    world_init(&world);
    world_add(&world,
              "unit a.c complete 9\nfile a.c\nfield node@a.c next 8 p8\n"
              "global kept p8 !zeroed\nglobal set p8 !zeroed\n"
              "global nulled p8 !zeroed\nglobal passed p8 !zeroed\n"
              "global shown a16 !zeroed\nglobal part a16 !zeroed\n"
              "global fixed p8 !const\nglobal outside p8 !extern\n"
              "fn take v(p8) @-\nfn look v(pc8) @-\nfn f v() @(a.c)1:1\n"
              "body f\nb0:\n %1 = addr p8 $kept\n %2 = load p8 %1\n"
              " %3 = addr p8 $set\n store p8 %3 %2\n"
              " %4 = addr p8 $nulled\n %5 = const p8 0\n store p8 %4 %5\n"
              " %6 = addr p8 $passed\n call v take(%6)\n"
              " %7 = addr p8 $shown\n call v look(%7)\n"
              " %8 = addr p8 $part\n %9 = field p8 %8 node.next\n store p8 %9 %5\n"
              " return\n");
    world_link(&world);
    assert_false(world_global(&world, "kept")->is_written);
    assert_true(world_global(&world, "set")->is_written);
    assert_false(world_global(&world, "set")->is_nulled);
    assert_true(world_global(&world, "nulled")->is_nulled);
    assert_true(world_global(&world, "passed")->is_written);
    assert_true(world_global(&world, "passed")->is_escaped);
    assert_false(world_global(&world, "shown")->is_written);
    assert_true(world_global(&world, "part")->is_written);
    assert_false(world_global(&world, "part")->is_nulled);
    assert_false(world_global(&world, "part")->is_escaped);
    assert_false(world_global(&world, "fixed")->is_written);
    assert_true(world_global(&world, "outside")->is_written);
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callees_come_first_and_cycles_together),
        cmocka_unit_test(deep_chains_are_walked),
        cmocka_unit_test(noreturn_crosses_files),
        cmocka_unit_test(a_cycle_without_proof_returns),
        cmocka_unit_test(globals_know_who_writes_them),
    };
    return cmocka_run_group_tests_name("program graph", tests, NULL, NULL);
}
