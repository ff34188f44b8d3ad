/* Ranges: meet, join and inclusion against all small sets of integers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "summary/summary.h"

enum { LOWEST = -3, HIGHEST = 3, VALUES = HIGHEST - LOWEST + 1 };

static bool holds(Range range, int64_t value)
{
    if (range_is_empty(range)) return false;
    return value >= range.low && value <= range.high &&
           !(range.has_hole && range.hole == value);
}

/* Every interval with and without every hole inside it. */
static uint32_t all_ranges(Range *out)
{
    uint32_t n = 0;
    for (int low = LOWEST; low <= HIGHEST; low++) {
        for (int high = low; high <= HIGHEST; high++) {
            Range range = range_any;
            range.low = low;
            range.high = high;
            out[n++] = range;
            for (int hole = low + 1; hole < high; hole++) {
                range.has_hole = true;
                range.hole = hole;
                out[n++] = range;
            }
        }
    }
    return n;
}

static void meet_and_join_are_sound(void **state)
{
    (void)state;
    Range ranges[VALUES * VALUES * VALUES];
    uint32_t n = all_ranges(ranges);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < n; k++) {
            Range met = range_meet(ranges[i], ranges[k]);
            Range joined = range_join(ranges[i], ranges[k]);
            bool is_within = range_within(ranges[i], ranges[k]);
            for (int v = LOWEST; v <= HIGHEST; v++) {
                bool left = holds(ranges[i], v), right = holds(ranges[k], v);
                if (left && right) assert_true(holds(met, v));
                if (left || right) assert_true(holds(joined, v));
                if (is_within && left) assert_true(right);
                /* one hole is all a range can have; otherwise the meet is exact */
                bool two_holes = ranges[i].has_hole && ranges[k].has_hole;
                if (!two_holes && !(left && right)) assert_false(holds(met, v));
            }
        }
    }
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
        cmocka_unit_test(meet_and_join_are_sound),
        cmocka_unit_test(classes_meet_and_join),
    };
    return cmocka_run_group_tests_name("summary range", tests, NULL, NULL);
}
