/* Ranges: meet, join and inclusion against all small sets of integers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "summary/summary.h"

enum { LOWEST = -3, HIGHEST = 2, VALUES = HIGHEST - LOWEST + 1 };

static bool holds(Range range, int64_t value)
{
    return !range_is_empty(range) && !range_skips(range, value);
}

/* Every set of these integers but the empty one, some of them around a far-away base. */
static Range range_of_set(uint32_t set, int64_t base)
{
    Range range = range_any;
    range.low = base + HIGHEST;
    range.high = base + LOWEST;
    for (int v = LOWEST; v <= HIGHEST; v++) {
        if (!(set >> (v - LOWEST) & 1)) continue;
        if (base + v < range.low) range.low = base + v;
        if (base + v > range.high) range.high = base + v;
    }
    for (int64_t v = range.low + 1; v < range.high; v++)
        if (!(set >> (v - base - LOWEST) & 1))
            range = range_meet(range, range_without(v));
    return range;
}

static void check_pair(Range a, Range b, int64_t base, bool is_exact)
{
    Range met = range_meet(a, b), joined = range_join(a, b);
    bool is_within = range_within(a, b), is_subset = true;
    for (int64_t v = base + LOWEST - 1; v <= base + HIGHEST + 1; v++) {
        bool left = holds(a, v), right = holds(b, v);
        if (left && right) assert_true(holds(met, v));
        if (left || right) assert_true(holds(joined, v));
        if (left && !right) is_subset = false;
        if (is_exact && !(left && right)) assert_false(holds(met, v));
        if (is_exact && !(left || right)) assert_false(holds(joined, v));
    }
    if (is_within) assert_true(is_subset);
    if (is_exact) assert_int_equal(is_within, is_subset);
}

static void small_sets_are_exact(void **state)
{
    (void)state;
    for (uint32_t a = 1; a < 1u << VALUES; a++)
        for (uint32_t b = 1; b < 1u << VALUES; b++)
            check_pair(range_of_set(a, 2), range_of_set(b, 2), 2, true);
}

static void other_sets_are_sound(void **state)
{
    (void)state;
    static const int64_t bases[] = {-16, 47, 1000, -1000};
    for (uint32_t i = 0; i < sizeof bases / sizeof *bases; i++)
        for (uint32_t a = 1; a < 1u << VALUES; a++)
            for (uint32_t b = 1; b < 1u << VALUES; b++)
                check_pair(range_of_set(a, bases[i]), range_of_set(b, bases[i]), bases[i],
                           false);
}

static void ends_of_the_integers(void **state)
{
    (void)state;
    Range top = range_meet(range_any, range_without(INT64_MAX));
    assert_true(range_skips(top, INT64_MAX));
    Range bottom = range_meet(range_any, range_without(INT64_MIN));
    assert_true(range_skips(bottom, INT64_MIN));
    assert_true(range_is_empty(range_meet(range_of_int(4), range_without(4))));
    assert_true(range_is_empty(range_meet(range_of_int(400), range_without(400))));
}

static void classes_meet_and_join(void **state)
{
    (void)state;
    Range null = range_of_class(CLASS_NULL), valid = range_of_class(CLASS_VALID);
    assert_true(range_is_empty(range_meet(null, valid)));
    assert_int_equal(range_join(null, valid).classes, CLASS_NULL | CLASS_VALID);
    assert_true(range_within(null, range_any));
    assert_false(range_within(range_any, null));
    assert_true(range_is_any(range_join(range_any, null)));
    assert_true(range_equal(range_of_int(4), range_meet(range_any, range_of_int(4))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_sets_are_exact),
        cmocka_unit_test(other_sets_are_sound),
        cmocka_unit_test(ends_of_the_integers),
        cmocka_unit_test(classes_meet_and_join),
    };
    return cmocka_run_group_tests_name("summary range", tests, NULL, NULL);
}
