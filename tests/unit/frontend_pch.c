/* Shared first headers: which lines count, who is grouped, and that facts do not tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "frontend/pch.h"
#include "ir/codec.h"

enum { MEMBERS = 8 };

typedef struct Home {
    Arena *arena;
    const char *folder;
} Home;

static void put(const Home *home, const char *name, const char *text)
{
    const char *path = path_join(home->arena, home->folder, name);
    Err err = {0};
    assert_true(file_write(path, text, strlen(text), &err));
}

/* Enough declarations for sharing to pay. */
static const char *big_header(Arena *arena)
{
    enum { ROWS = 6000 };
    Buf out;
    buf_init(&out, arena);
    buf_text(&out,
             "#ifndef BIG_H\n#define BIG_H\n#define GET(p) ((p)->value)\n"
             "struct item { int value; struct item *next; };\n"
             "void stop(void); void stop(void) __attribute__((noreturn));\n"
             "static const int table[] = {1, 2, 3};\n"
             "static inline int first(struct item *p) { return GET(p) + table[1]; }\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(&out, "extern int function_with_a_long_name_%d(struct item *item);\n",
                   i);
    buf_text(&out, "#endif\n");
    return out.at;
}

static int set_up(void **state)
{
    Arena *arena = arena_new("test");
    Home *home = ARENA_NEW(arena, Home);
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/sluice-pch-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    *home = (Home){arena, path_real(arena, folder)};
    put(home, "big.h", big_header(arena));
    put(home, "bare.h", "int bare(void);\n");
    for (int i = 0; i < MEMBERS; i++)
        put(home, arena_printf(arena, "m%d.c", i),
            arena_printf(arena,
                         "/* %d */\n#include \"big.h\"\n#include \"bare.h\" // no guard\n"
                         "int m%d(struct item *p) { if (!p) stop(); return first(p) + "
                         "GET(p->next) + function_with_a_long_name_%d(p) + bare(); }\n",
                         i, i, i));
    *state = home;
    return 0;
}

static int tear_down(void **state)
{
    Home *home = *state;
    int status = system(arena_printf(home->arena, "rm -rf '%s'", home->folder));
    arena_free(home->arena);
    return status;
}

static const Command **commands_of(const Home *home, const char *last_flag)
{
    const Command **all = ARENA_ARRAY(home->arena, const Command *, MEMBERS);
    for (int i = 0; i < MEMBERS; i++) {
        Command *command = ARENA_NEW(home->arena, Command);
        command->directory = home->folder;
        command->file =
            path_join(home->arena, home->folder, arena_printf(home->arena, "m%d.c", i));
        command->narg = 2;
        command->args = ARENA_ARRAY(home->arena, const char *, 2);
        command->args[0] = "cc";
        command->args[1] = i == MEMBERS - 1 ? last_flag : "-DSAME";
        all[i] = command;
    }
    return all;
}

static Buf fact_of(const Home *home, Frontend *frontend, const Command *command,
                   const char *pch)
{
    Command own = *command;
    Extracted extracted;
    Err err = {0};
    Buf fact;
    own.pch = pch;
    buf_init(&fact, home->arena);
    assert_true(frontend_extract(frontend, &own, home->folder, names_new(home->arena),
                                 home->arena, &extracted, &err));
    fact_write(&fact, extracted.unit);
    for (uint32_t i = 0; i < extracted.ndep; i++) {
        char hex[33];
        hash_hex(extracted.deps[i].content, hex);
        buf_printf(&fact, "%s %s\n", extracted.deps[i].path, hex);
    }
    return fact;
}

static void assert_same_facts(const Home *home, Frontend *frontend, const char *pch)
{
    const Command **commands = commands_of(home, "-DSAME");
    for (int i = 0; i < MEMBERS; i++) {
        Buf with = fact_of(home, frontend, commands[i], pch);
        Buf without = fact_of(home, frontend, commands[i], NULL);
        assert_int_equal(with.n, without.n);
        assert_memory_equal(with.at, without.at, with.n);
    }
}

static void test_lines(void **state)
{
    static const struct {
        const char *text;
        uint32_t n;
    } rows[] = {
        {"#include <a.h>\n#include \"b.h\"\n", 2},
        {"/* x */ // y\n# include <a.h> /* z\n */ // w\n\n#include <b.h>\nint x;", 2},
        {"#define A\n#include <a.h>\n", 0},
        {"#include <a.h>\n#define A\n#include <b.h>\n", 1},
        {"#include A\n", 0},
        {"#include <a.h> #include <b.h>\n", 0},
        {"#include_next <a.h>\n", 0},
        {"// goes on \\\n#include <a.h>\n", 0},
        {"/* no end \n#include <a.h>\n", 0},
        {"#include <a.h", 0},
        {"", 0},
        {"#include <a.h>", 1},
    };
    const Home *home = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t n = 99;
        pch_include_lines(rows[i].text, strlen(rows[i].text), home->arena, &n);
        assert_int_equal(n, rows[i].n);
    }
}

static void test_groups(void **state)
{
    const Home *home = *state;
    PchPlan plan;
    pch_plan(commands_of(home, "-DOTHER"), MEMBERS, home->arena, &plan);
    assert_int_equal(plan.ngroup, 1);
    assert_string_equal(plan.groups[0].text, "#include \"big.h\"\n#include \"bare.h\"\n");
    for (int i = 0; i < MEMBERS; i++)
        assert_int_equal(plan.group_of[i], i < MEMBERS - 1);
    pch_plan(commands_of(home, "-DSAME"), 3, home->arena, &plan);
    assert_int_equal(plan.ngroup, 0);
}

static void test_same_facts(void **state)
{
    const Home *home = *state;
    PchPlan plan;
    PchContent content;
    const char *pch = path_join(home->arena, home->folder, "0.pch");
    Frontend *frontend = frontend_new();
    pch_plan(commands_of(home, "-DSAME"), MEMBERS, home->arena, &plan);
    assert_int_equal(plan.ngroup, 1);
    assert_false(pch_content(pch, home->arena, &content));
    assert_true(pch_build(frontend, &plan.groups[0], pch));
    assert_true(pch_content(pch, home->arena, &content));
    assert_int_equal(content.nline, 1); /* bare.h has no guard */
    assert_int_equal(content.ndep, 1);
    assert_same_facts(home, frontend, pch);
    frontend_free(frontend);
}

/* A header, or a member, that is not what it was: as if there were no PCH. */
static void test_stale(void **state)
{
    const Home *home = *state;
    PchPlan plan;
    const char *pch = path_join(home->arena, home->folder, "0.pch");
    Frontend *frontend = frontend_new();
    pch_plan(commands_of(home, "-DSAME"), MEMBERS, home->arena, &plan);
    assert_true(pch_build(frontend, &plan.groups[0], pch));
    put(home, "m1.c", "int x;\n#include \"big.h\"\nint m1(void) { return x; }\n");
    put(home, "m2.c", "#include \"bare.h\"\n#include \"big.h\"\nint m2;\n");
    assert_same_facts(home, frontend, pch);
    put(home, "big.h",
        "#ifndef BIG_H\n#define BIG_H\nstruct item { int none; };\n#endif\n");
    assert_same_facts(home, frontend, pch);
    put(home, "0.pch", "damaged");
    assert_same_facts(home, frontend, pch);
    frontend_free(frontend);
}

static void test_nothing_to_share(void **state)
{
    const Home *home = *state;
    PchPlan plan;
    PchContent content;
    const char *pch = path_join(home->arena, home->folder, "0.pch");
    Frontend *frontend = frontend_new();
    put(home, "big.h", "#pragma once\nstruct item;\n");
    pch_plan(commands_of(home, "-DSAME"), MEMBERS, home->arena, &plan);
    assert_false(pch_build(frontend, &plan.groups[0], pch)); /* too small */
    put(home, "big.h", "#error no\n");
    assert_false(pch_build(frontend, &plan.groups[0], pch));
    assert_false(pch_content(pch, home->arena, &content));
    assert_false(file_exists(pch));
    frontend_free(frontend);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_groups, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_same_facts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stale, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_to_share, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
