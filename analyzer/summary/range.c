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
    range.hole = range.hole_end = range.holes ? 0 : value;
    return range;
}

static inline bool in_hole(const Range *range, int64_t value)
{
    return range->has_hole && value >= range->hole && value <= range->hole_end;
}

bool range_skips(Range range, int64_t value)
{
    return value < range.low || value > range.high || (range.holes & hole_bit(value)) ||
           in_hole(&range, value);
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

static inline bool is_small_hole(const Range *range, int64_t value)
{
    return (range->holes & hole_bit(value)) != 0;
}

/* A hole at an end of the interval moves the end; outside it, it says nothing. */
static void holes_tidy(Range *range)
{
    while (range->low <= range->high && range->low < INT64_MAX) {
        if (in_hole(range, range->low) && range->hole_end < INT64_MAX)
            range->low = range->hole_end + 1;
        else if (is_small_hole(range, range->low))
            range->low++;
        else
            break;
    }
    while (range->low <= range->high && range->high > INT64_MIN) {
        if (in_hole(range, range->high) && range->hole > INT64_MIN)
            range->high = range->hole - 1;
        else if (is_small_hole(range, range->high))
            range->high--;
        else
            break;
    }
    if (range->low > range->high) range->classes = 0;
    range->holes &= bits_within(range->low, range->high);
    if (range->hole <= range->low || range->hole_end >= range->high)
        range->has_hole = false;
    range->hole = range->has_hole ? range->hole : 0;
    range->hole_end = range->has_hole ? range->hole_end : 0;
}

static inline void range_tidy(Range *range)
{
    if (range->holes || range->has_hole)
        holes_tidy(range);
    else
        range->hole = range->hole_end = 0;
}

static inline uint64_t hole_width(const Range *range)
{
    return (uint64_t)range->hole_end - (uint64_t)range->hole;
}

/* One large hole is kept: both as one where they touch, else the wider, else the later. */
static void holes_meet(Range *met, const Range *later)
{
    bool touch =
        met->has_hole && later->hole <= met->hole_end && met->hole <= later->hole_end;
    if (met->has_hole && !touch && hole_width(met) > hole_width(later)) return;
    met->hole = touch && met->hole < later->hole ? met->hole : later->hole;
    met->hole_end =
        touch && met->hole_end > later->hole_end ? met->hole_end : later->hole_end;
    met->has_hole = true;
    range_tidy(met);
}

/* In place, word by word: a Range handed over by value is written in words and read back in
 * vectors, which waits for the writes. */
void range_narrow(Range *range, const Range *by)
{
    range->classes &= by->classes;
    if (by->low > range->low) range->low = by->low;
    if (by->high < range->high) range->high = by->high;
    range->holes |= by->holes;
    /* The other still counts where it stands at an end. */
    range_tidy(range);
    if (by->has_hole) holes_meet(range, by);
}

Range range_meet(Range a, Range b)
{
    range_narrow(&a, &b);
    return a;
}

/* The widest hole that no bits say is kept. */
static void hole_offer(Range *joined, int64_t low, int64_t high)
{
    if (low > high || (hole_bit(low) && hole_bit(high))) return;
    Range hole = {.has_hole = true, .hole = low, .hole_end = high};
    if (joined->has_hole && hole_width(joined) >= hole_width(&hole)) return;
    joined->has_hole = true;
    joined->hole = low;
    joined->hole_end = high;
}

/* What is left of the hole where `other` has nothing either. */
static void hole_keep(Range *joined, int64_t low, int64_t high, const Range *other)
{
    if (low < other->low)
        hole_offer(joined, low, high < other->low ? high : other->low - 1);
    if (high > other->high)
        hole_offer(joined, low > other->high ? low : other->high + 1, high);
    if (other->has_hole)
        hole_offer(joined, low > other->hole ? low : other->hole,
                   high < other->hole_end ? high : other->hole_end);
}

/* Intervals that meet and have no holes: the usual case, and no copy. */
static bool join_plain(Range *range, const Range *by)
{
    bool apart = range->high < by->low || by->high < range->low;
    if (apart || range->holes || by->holes || range->has_hole || by->has_hole)
        return false;
    range->classes |= by->classes;
    if (by->low < range->low) range->low = by->low;
    if (by->high > range->high) range->high = by->high;
    range->hole = range->hole_end = 0;
    return true;
}

void range_widen(Range *range, const Range *by)
{
    if (range_is_empty(*by)) return;
    if (range_is_empty(*range)) {
        *range = *by;
        return;
    }
    if (join_plain(range, by)) return;
    Range joined = {.classes = range->classes | by->classes,
                    .low = range->low < by->low ? range->low : by->low,
                    .high = range->high > by->high ? range->high : by->high};
    joined.holes = (range->holes | ~bits_within(range->low, range->high)) &
                   (by->holes | ~bits_within(by->low, by->high));
    if (range->has_hole) hole_keep(&joined, range->hole, range->hole_end, by);
    if (by->has_hole) hole_keep(&joined, by->hole, by->hole_end, range);
    if (range->high < by->low) hole_keep(&joined, range->high + 1, by->low - 1, by);
    if (by->high < range->low) hole_keep(&joined, by->high + 1, range->low - 1, range);
    range_tidy(&joined);
    *range = joined;
}

Range range_join(Range a, Range b)
{
    range_widen(&a, &b);
    return a;
}

bool range_within(Range inner, Range outer)
{
    if (range_is_empty(inner)) return true;
    if ((inner.classes & ~outer.classes) || inner.low < outer.low ||
        inner.high > outer.high)
        return false;
    if (outer.holes & ~inner.holes & bits_within(inner.low, inner.high)) return false;
    if (!outer.has_hole || outer.hole > inner.high || outer.hole_end < inner.low)
        return true;
    return inner.has_hole && inner.hole <= outer.hole && inner.hole_end >= outer.hole_end;
}
