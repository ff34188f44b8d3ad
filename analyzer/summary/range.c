/* Ranges: what is known of one value, as classes of pointers and intervals of integers. */
#include "summary/summary.h"

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
           a.has_hole == b.has_hole && (!a.has_hole || a.hole == b.hole);
}

bool range_is_any(Range range)
{
    return range_equal(range, range_any);
}

bool range_is_empty(Range range)
{
    return range.classes == 0 || range.low > range.high;
}

/* A hole at an end of the interval moves the end; outside it, it says nothing. */
static Range hole_tidy(Range range)
{
    while (range.has_hole && range.low <= range.high) {
        if (range.hole == range.low && range.low < INT64_MAX) {
            range.low++;
        } else if (range.hole == range.high && range.high > INT64_MIN) {
            range.high--;
        } else if (range.hole > range.low && range.hole < range.high) {
            return range;
        } else {
            if (range.low == range.high && range.hole == range.low) range.classes = 0;
        }
        range.has_hole = false;
    }
    range.hole = range.has_hole ? range.hole : 0;
    return range;
}

static inline Range range_tidy(Range range)
{
    if (range.has_hole) return hole_tidy(range);
    range.hole = 0;
    return range;
}

Range range_meet(Range a, Range b)
{
    Range met = {.classes = a.classes & b.classes,
                 .low = a.low > b.low ? a.low : b.low,
                 .high = a.high < b.high ? a.high : b.high};
    met.has_hole = a.has_hole || b.has_hole;
    met.hole = b.has_hole ? b.hole : a.hole;
    if (a.has_hole && b.has_hole && a.hole != b.hole) {
        /* One hole is kept; the other still counts where it stands at an end. */
        if (a.hole == met.low)
            met.low++;
        else if (a.hole == met.high)
            met.high--;
        if (b.hole != 0 && a.hole == 0) met.hole = 0; /* zero is the hole that matters */
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
    bool a_skips = a.has_hole &&
                   (b.hole == a.hole ? b.has_hole : (a.hole < b.low || a.hole > b.high));
    bool b_skips = b.has_hole && (b.hole < a.low || b.hole > a.high);
    if (a_skips || b_skips) {
        joined.has_hole = true;
        joined.hole = a_skips ? a.hole : b.hole;
    } else if ((a.low > 0 && b.high < 0) || (b.low > 0 && a.high < 0)) {
        joined.has_hole = true; /* "negative or positive" is "not zero" */
        joined.hole = 0;
    }
    return range_tidy(joined);
}

bool range_within(Range inner, Range outer)
{
    if (range_is_empty(inner)) return true;
    if ((inner.classes & ~outer.classes) || inner.low < outer.low ||
        inner.high > outer.high)
        return false;
    if (!outer.has_hole) return true;
    return (inner.has_hole && inner.hole == outer.hole) || outer.hole < inner.low ||
           outer.hole > inner.high;
}
