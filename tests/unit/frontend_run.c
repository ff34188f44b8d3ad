/* The lowering keeps the meaning: every test_ function of fixtures/run, lowered to IR and
 * run by a machine for it, gives 0, as it does when a compiler builds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "frontend/frontend.h"
#include "ir/verify.h"
#include "tests/unit/ir_machine.h"

static Unit *lowered(const char *path, Arena *arena)
{
    char folder[4096];
    assert_non_null(getcwd(folder, sizeof folder));
    const char *args[] = {"cc", "-std=gnu17", "-c", path};
    CommandList list = {0};
    Err err = {0};
    assert_true(compdb_from_args(folder, args, 4, arena, &list, &err));
    assert_int_equal(list.n, 1);
    Frontend *frontend = frontend_new();
    Extracted extracted;
    assert_true(frontend_extract(frontend, &list.at[0], folder, names_new(arena), arena,
                                 &extracted, &err));
    frontend_free(frontend);
    assert_int_equal(extracted.unit->status, UNIT_COMPLETE);
    if (!ir_verify_unit(extracted.unit, &err)) fail_msg("%s: %s", path, err.text);
    return extracted.unit;
}

static void run_all(const char *path, uint32_t at_least)
{
    Arena *arena = arena_new("test");
    const Unit *unit = lowered(path, arena);
    uint32_t n = 0;
    for (uint32_t i = 1; i < unit->nfn; i++) {
        const Fn *fn = &unit->fns[i];
        if (!fn->body || strncmp(fn->name->text, "test_", 5) != 0) continue;
        Machine machine;
        machine_start(&machine, unit, arena);
        int64_t result = machine_call(&machine, i, NULL, 0);
        if (machine.failure || result)
            fail_msg("%s: %s gives %lld (%s)", path, fn->name->text, (long long)result,
                     machine.failure ? machine.failure : "it ran to its end");
        n++;
    }
    assert_true(n >= at_least);
    arena_free(arena);
}

static void operators(void **state)
{
    (void)state;
    run_all("fixtures/run/operators.c", 10);
}

static void control(void **state)
{
    (void)state;
    run_all("fixtures/run/control.c", 8);
}

static void records(void **state)
{
    (void)state;
    run_all("fixtures/run/records.c", 9);
}

static void calls(void **state)
{
    (void)state;
    run_all("fixtures/run/calls.c", 7);
}

static void extensions(void **state)
{
    (void)state;
    run_all("fixtures/run/extensions.c", 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators),  cmocka_unit_test(control),
        cmocka_unit_test(records),    cmocka_unit_test(calls),
        cmocka_unit_test(extensions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
