/* When "a or b" is one range: so that two cases are told as one, and nothing is made up. */
#include "contract/inner.h"

bool ranges_unite(Range a, Range b, Range *both)
{
    enum { WIDEST_GAP = 64 };
    *both = range_join(a, b);
    int64_t end = a.low <= b.low ? a.high : b.high; /* of the one that begins first */
    int64_t start = a.low <= b.low ? b.low : a.low;
    if (start > end && (uint64_t)start - (uint64_t)end > WIDEST_GAP) return false;
    for (int64_t between = end; between < start; between++)
        if (between != end && !range_skips(*both, between)) return false;
    /* Only one large excluded value is kept. */
    bool lost_a = a.has_hole && range_skips(b, a.hole) && !range_skips(*both, a.hole);
    bool lost_b = b.has_hole && range_skips(a, b.hole) && !range_skips(*both, b.hole);
    return !lost_a && !lost_b;
}
