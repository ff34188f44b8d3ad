/* The conductor and its workers, inside one process tree: figures, roots, damaged messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "ir/codec.h"
#include "run/run.h"
#include "run/worker.h"

typedef struct Home {
    Arena *arena;
    const char *folder;
} Home;

static const char *put(const Home *home, const char *name, const char *text)
{
    const char *path = path_join(home->arena, home->folder, name);
    const char *slash = strrchr(path, '/');
    Err err = {0};
    assert_true(
        file_make_folders(arena_copy(home->arena, path, (size_t)(slash - path)), &err));
    assert_true(file_write(path, text, strlen(text), &err));
    return path;
}

static int set_up(void **state)
{
    Arena *arena = arena_new("test");
    Home *home = ARENA_NEW(arena, Home);
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/sluice-run-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    *home = (Home){arena, path_real(arena, folder)};
    put(home, "src/a.c",
        "#include \"a.h\"\nint other(int);\nint a(int *p) { return *p + one(); }\n"
        "int b(void) { return other(2); }\n");
    put(home, "src/b.c", "#include \"a.h\"\nint other(int n) { return n + one(); }\n");
    put(home, "src/a.h", "static inline int one(void) { return 1; }\n");
    put(home, "build/compile_commands.json",
        "[{\"directory\":\"../src\",\"file\":\"a.c\",\"command\":\"cc -c a.c\"},"
        "{\"directory\":\"../src\",\"file\":\"b.c\",\"command\":\"cc -c b.c\"}]");
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

static RunResult run(const Home *home, RunOptions options)
{
    RunResult result;
    Err err = {0};
    options.directory = home->folder;
    if (!run_check(&options, home->arena, &result, &err)) fail_msg("%s", err.text);
    return result;
}

static void figures_add_up(void **state)
{
    const Home *home = *state;
    RunResult result = run(home, (RunOptions){.workers = 2});
    assert_string_equal(result.root, home->folder);
    assert_int_equal(result.stats.ntu, 2);
    assert_int_equal(result.stats.nfn, 4); /* the header's function once */
    assert_int_equal(result.stats.ncall, 3);
    assert_int_equal(result.stats.nunresolved, 0);
    assert_int_equal(result.stats.nopaque, 0);
    assert_true(result.stats.peak_worker_kb > 0);
    assert_int_equal(result.nnote, 0);
    assert_false(result.is_incomplete);
}

static void a_second_run_recalls(void **state)
{
    const Home *home = *state;
    const char *cache = path_join(home->arena, home->folder, "cache");
    RunResult first = run(home, (RunOptions){.cache = cache});
    RunResult second = run(home, (RunOptions){.cache = cache});
    assert_int_equal(first.stats.ncached, 0);
    assert_int_equal(second.stats.ncached, 2);
    assert_int_equal(second.stats.nins, first.stats.nins);
    assert_int_equal(second.stats.ntu, 2);
    assert_int_equal(second.stats.peak_worker_kb, 0); /* nobody worked */
}

static void notes_say_what_is_missing(void **state)
{
    const Home *home = *state;
    put(home, "src/b.c", "#include \"none.h\"\nint other(int n) { return n; }\n");
    RunResult partial = run(home, (RunOptions){0});
    assert_true(partial.is_incomplete);
    assert_int_equal(partial.stats.npartial, 1);
    assert_int_equal(partial.nnote, 1);
    assert_string_equal(partial.notes[0].place.path, "src/b.c");
    assert_int_equal(partial.notes[0].place.line, 1);
    assert_non_null(strstr(partial.notes[0].text, "none.h"));
    assert_false(run(home, (RunOptions){.allow_partial = true}).is_incomplete);
    assert_int_equal(system(arena_printf(home->arena, "rm '%s/src/b.c'", home->folder)),
                     0);
    RunResult failed = run(home, (RunOptions){.allow_partial = true});
    assert_true(failed.is_incomplete);
    assert_int_equal(failed.stats.nfailed, 1);
    assert_int_equal(failed.stats.ntu, 2);
}

static void roots_are_found(void **state)
{
    const Home *home = *state;
    const char *src = path_join(home->arena, home->folder, "src");
    assert_string_equal(run(home, (RunOptions){.root = src}).root, src);
    const char *args[] = {"cc", "-c", "src/b.c"};
    assert_string_equal(run(home, (RunOptions){.args = args, .narg = 3}).root,
                        home->folder);
    put(home, "src/.sluice.yaml", "");
    assert_string_equal(run(home, (RunOptions){0}).root, src);
    assert_int_equal(
        system(arena_printf(home->arena, "rm '%s/src/.sluice.yaml'", home->folder)), 0);
    put(home, ".git/HEAD", "");
    assert_string_equal(run(home, (RunOptions){0}).root, home->folder);
}

/* Tails of messages cut at every length: only the whole one is taken. */
static void damaged_messages_are_refused(void **state)
{
    const Home *home = *state;
    Buf bytes;
    buf_init(&bytes, home->arena);
    for (uint32_t i = 0; i < 3; i++) {
        Hash content = {i, i};
        uint32_t len = 4;
        buf_put(&bytes, &content, sizeof content);
        buf_put(&bytes, &len, sizeof len);
        buf_put(&bytes, "/a.h", len);
    }
    CacheDep *deps;
    for (size_t n = 0; n < bytes.n; n++)
        assert_false(worker_read_deps(bytes.at, n, 3, home->arena, &deps));
    assert_true(worker_read_deps(bytes.at, bytes.n, 3, home->arena, &deps));
    assert_string_equal(deps[2].path, "/a.h");
    assert_false(worker_read_deps(bytes.at, bytes.n, 2, home->arena, &deps));
    assert_false(worker_read_deps(bytes.at, bytes.n, UINT32_MAX, home->arena, &deps));
}

static void a_failed_unit_has_a_fact(void **state)
{
    const Home *home = *state;
    Command command = {.file = "/r/x.c"};
    Buf bytes;
    buf_init(&bytes, home->arena);
    worker_fact_failed(&bytes, &command, "/r", "it was too much");
    Fact *facts;
    uint32_t n;
    Err err = {0};
    assert_true(fact_read(bytes.at, bytes.n, names_new(home->arena), home->arena, &facts,
                          &n, &err));
    assert_int_equal(n, 1);
    assert_string_equal(facts[0].path->text, "x.c");
    assert_int_equal(facts[0].unit->status, UNIT_FAILED);
    assert_string_equal(facts[0].unit->notes[0].text->text, "it was too much");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(figures_add_up),
        TEST(a_second_run_recalls),
        TEST(notes_say_what_is_missing),
        TEST(roots_are_found),

        TEST(damaged_messages_are_refused),
        TEST(a_failed_unit_has_a_fact),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
