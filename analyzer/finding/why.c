/* What answers are called, for people and scripts alike. */
#include "finding/why.h"

const char *why_kind_text(WhyKind kind)
{
    static const char *const texts[WHY_COUNT] = {
        [WHY_REPORTED] = "reported",       [WHY_GROUPED] = "grouped",
        [WHY_SUPPRESSED] = "suppressed",   [WHY_TIER] = "tier",
        [WHY_DISMISSED] = "dismissed",     [WHY_GUARD] = "guard",
        [WHY_USE] = "used before",         [WHY_CONTRACT] = "contract",
        [WHY_BELIEF] = "belief",           [WHY_VALUE] = "value",
        [WHY_UNKNOWN] = "unknown",         [WHY_BUDGET] = "budget",
        [WHY_UNREACHABLE] = "unreachable", [WHY_NOT_ANALYSED] = "not analysed",
        [WHY_NO_USE] = "no use",
    };
    return texts[kind];
}
