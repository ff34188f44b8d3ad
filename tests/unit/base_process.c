/* Another program: both directions at once, its end, and what cannot be run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/process.h"

enum { LIMIT = 8 * 1024 * 1024 };

static bool run(const char *const *args, const char *const *set, const char *input,
                size_t limit, Arena *arena, ProcessResult *result, Err *err)
{
    *err = (Err){0};
    return process_run(args, set, input, limit, arena, result, err);
}

static void input_larger_than_a_pipe_comes_back(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    const size_t len = 3 * 1024 * 1024;
    char *text = arena_take(arena, len + 1, 1);
    memset(text, 'x', len);
    const char *const args[] = {"cat", NULL};
    ProcessResult result;
    Err err;
    assert_true(run(args, NULL, text, LIMIT, arena, &result, &err));
    assert_int_equal(result.status, 0);
    assert_int_equal(result.len, len);
    assert_string_equal(result.out, text);
    arena_free(arena);
}

static void end_and_complaints_are_told(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    const char *const fails[] = {"sh", "-c", "echo $WORD; echo no >&2; exit 7", NULL};
    const char *const dies[] = {"sh", "-c", "kill -9 $$", NULL};
    const char *const set[] = {"WORD=set", NULL};
    ProcessResult result;
    Err err;
    assert_true(run(fails, set, NULL, LIMIT, arena, &result, &err));
    assert_int_equal(result.status, 7);
    assert_string_equal(result.out, "set\n");
    assert_string_equal(result.said, "no\n");
    assert_true(run(dies, NULL, "input that nobody reads", LIMIT, arena, &result, &err));
    assert_int_equal(result.status, 128 + 9);
    arena_free(arena);
}

static void what_cannot_run_is_an_error(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    const char *const nothing[] = {"no-such-program-anywhere", NULL};
    const char *const endless[] = {"yes", NULL};
    ProcessResult result;
    Err err;
    assert_false(run(nothing, NULL, NULL, LIMIT, arena, &result, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "no-such-program-anywhere"));
    assert_false(run(endless, NULL, NULL, 1000, arena, &result, &err));
    assert_non_null(strstr(err.text, "more than 1000 bytes"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_larger_than_a_pipe_comes_back),
        cmocka_unit_test(end_and_complaints_are_told),
        cmocka_unit_test(what_cannot_run_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
