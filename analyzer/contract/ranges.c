/* When "a or b" is one range: so that two cases are told as one, and nothing is made up. */
#include "contract/inner.h"

/* Only one large excluded interval is kept. */
static bool is_lost(Range hole, Range other, Range both)
{
    if (!hole.has_hole) return false;
    return (range_skips(other, hole.hole) && !range_skips(both, hole.hole)) ||
           (range_skips(other, hole.hole_end) && !range_skips(both, hole.hole_end));
}

bool ranges_unite(Range a, Range b, Range *both)
{
    enum { WIDEST_GAP = 64 };
    *both = range_join(a, b);
    int64_t end = a.low <= b.low ? a.high : b.high; /* of the one that begins first */
    int64_t start = a.low <= b.low ? b.low : a.low;
    if (start > end && (uint64_t)start - (uint64_t)end > WIDEST_GAP) return false;
    for (int64_t between = end; between < start; between++)
        if (between != end && !range_skips(*both, between)) return false;
    return !is_lost(a, b, *both) && !is_lost(b, a, *both);
}
