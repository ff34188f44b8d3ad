/* Ranges: what is known of one value, as classes of pointers and intervals of integers. */
#include "summary/summary.h"

/* Excluded small integers are bits: what a switch leaves to its default. */
enum { LOWEST_HOLE = RANGE_LOWEST_HOLE, MOST_HOLES = 64 };

const Range range_any = {.classes = CLASS_ANY, .low = INT64_MIN, .high = INT64_MAX};

Range range_of_int(int64_t value)
{
    Range range = range_any;
    range.low = range.high = value;
    return range;
}

Range range_of_class(uint8_t classes)
{
    Range range = range_any;
    range.classes = classes;
    return range;
}

bool range_equal(Range a, Range b)
{
    return a.classes == b.classes && a.low == b.low && a.high == b.high &&
           a.holes == b.holes && a.has_hole == b.has_hole &&
           (!a.has_hole || a.hole == b.hole);
}

/* The bit of a small integer, 0 for any other. */
static inline uint64_t hole_bit(int64_t value)
{
    bool is_small = value >= LOWEST_HOLE && value < LOWEST_HOLE + MOST_HOLES;
    return is_small ? (uint64_t)1 << (value - LOWEST_HOLE) : 0;
}

Range range_without(int64_t value)
{
    Range range = range_any;
    range.holes = hole_bit(value);
    range.has_hole = !range.holes;
    range.hole = range.holes ? 0 : value;
    return range;
}

bool range_skips(Range range, int64_t value)
{
    return value < range.low || value > range.high || (range.holes & hole_bit(value)) ||
           (range.has_hole && range.hole == value);
}

bool range_is_any(Range range)
{
    return range_equal(range, range_any);
}

bool range_is_empty(Range range)
{
    return range.classes == 0 || range.low > range.high;
}

/* The small integers below a bound, as bits. */
static inline uint64_t bits_below(int64_t bound)
{
    if (bound <= LOWEST_HOLE) return 0;
    return bound >= LOWEST_HOLE + MOST_HOLES ? UINT64_MAX
                                             : ((uint64_t)1 << (bound - LOWEST_HOLE)) - 1;
}

/* The small integers inside the interval, its ends included. */
static inline uint64_t bits_within(int64_t low, int64_t high)
{
    uint64_t above = high == INT64_MAX ? UINT64_MAX : bits_below(high + 1);
    return above & ~bits_below(low);
}

static inline bool is_hole(const Range *range, int64_t value)
{
    return (range->holes & hole_bit(value)) || (range->has_hole && range->hole == value);
}

/* A hole at an end of the interval moves the end; outside it, it says nothing. */
static Range holes_tidy(Range range)
{
    while (range.low <= range.high && is_hole(&range, range.low)) {
        if (range.low == INT64_MAX) break;
        range.low++;
    }
    while (range.low <= range.high && is_hole(&range, range.high)) {
        if (range.high == INT64_MIN) break;
        range.high--;
    }
    if (range.low > range.high) range.classes = 0;
    range.holes &= bits_within(range.low, range.high);
    if (range.hole <= range.low || range.hole >= range.high) range.has_hole = false;
    range.hole = range.has_hole ? range.hole : 0;
    return range;
}

static inline Range range_tidy(Range range)
{
    if (range.holes || range.has_hole) return holes_tidy(range);
    range.hole = 0;
    return range;
}

Range range_meet(Range a, Range b)
{
    Range met = {.classes = a.classes & b.classes,
                 .low = a.low > b.low ? a.low : b.low,
                 .high = a.high < b.high ? a.high : b.high,
                 .holes = a.holes | b.holes};
    met.has_hole = a.has_hole || b.has_hole;
    met.hole = b.has_hole ? b.hole : a.hole;
    if (a.has_hole && b.has_hole && a.hole != b.hole) {
        /* One large hole is kept; the other still counts where it stands at an end. */
        if (a.hole == met.low)
            met.low++;
        else if (a.hole == met.high)
            met.high--;
    }
    return range_tidy(met);
}

Range range_join(Range a, Range b)
{
    if (range_is_empty(a)) return b;
    if (range_is_empty(b)) return a;
    Range joined = {.classes = a.classes | b.classes,
                    .low = a.low < b.low ? a.low : b.low,
                    .high = a.high > b.high ? a.high : b.high};
    joined.holes =
        (a.holes | ~bits_within(a.low, a.high)) & (b.holes | ~bits_within(b.low, b.high));
    if (a.has_hole && range_skips(b, a.hole)) {
        joined.has_hole = true;
        joined.hole = a.hole;
    } else if (b.has_hole && range_skips(a, b.hole)) {
        joined.has_hole = true;
        joined.hole = b.hole;
    }
    return range_tidy(joined);
}

bool range_within(Range inner, Range outer)
{
    if (range_is_empty(inner)) return true;
    if ((inner.classes & ~outer.classes) || inner.low < outer.low ||
        inner.high > outer.high)
        return false;
    if (outer.holes & ~inner.holes & bits_within(inner.low, inner.high)) return false;
    return !outer.has_hole || range_skips(inner, outer.hole);
}
