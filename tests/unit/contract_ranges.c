/* ranges_unite against all small sets of integers: one range, or two that stay apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "contract/inner.h"

enum { LOWEST = -3, HIGHEST = 3, VALUES = HIGHEST - LOWEST + 1 };

static bool holds(Range range, int64_t value)
{
    return !range_is_empty(range) && !range_skips(range, value);
}

/* The smallest range that holds these small integers. */
static Range range_of_set(uint32_t set)
{
    Range range = {0};
    for (int v = LOWEST; v <= HIGHEST; v++)
        if (set >> (v - LOWEST) & 1)
            range = range_is_empty(range) ? range_of_int(v)
                                          : range_join(range, range_of_int(v));
    return range;
}

static void unions_hold_what_both_hold(void **state)
{
    (void)state;
    for (uint32_t a = 1; a < 1u << VALUES; a++)
        for (uint32_t b = 1; b < 1u << VALUES; b++) {
            Range x = range_of_set(a), y = range_of_set(b), both;
            if (!ranges_unite(x, y, &both)) continue;
            for (int v = LOWEST - 1; v <= HIGHEST + 1; v++)
                assert_int_equal(holds(both, v), holds(x, v) || holds(y, v));
        }
}

static void a_test_and_its_contrary_are_everything(void **state)
{
    (void)state;
    Range null = range_of_class(CLASS_NULL),
          valid = range_of_class(CLASS_ERR | CLASS_VALID);
    Range below = range_any, above = range_any, both;
    below.high = 4;
    above.low = 5;
    assert_true(ranges_unite(null, valid, &both) && range_is_any(both));
    assert_true(ranges_unite(below, above, &both) && range_is_any(both));
    assert_true(ranges_unite(range_of_int(7), range_without(7), &both) &&
                range_is_any(both));
}

static void far_apart_stays_apart(void **state)
{
    (void)state;
    Range both, below = range_any, above = range_any;
    below.high = 0;
    above.low = 1000;
    assert_false(ranges_unite(below, above, &both));
    assert_false(ranges_unite(range_of_int(5), range_of_int(5000), &both));
    assert_false(ranges_unite(range_without(1000), range_without(2000), &both) &&
                 range_skips(both, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unions_hold_what_both_hold),
        cmocka_unit_test(a_test_and_its_contrary_are_everything),
        cmocka_unit_test(far_apart_stays_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
