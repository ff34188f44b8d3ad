#ifndef SUMMARY_CODEC_H
#define SUMMARY_CODEC_H

#include "base/bytes.h"
#include "summary/summary.h"

/* Summaries as bytes: equal summaries are equal bytes, and nothing in them is a location. */
void summary_put(BytesOut *out, const Summary *summary);
/* Parts of it that others share. */
void site_put(BytesOut *out, Site site);
void site_steps_put(BytesOut *out, const SiteStep *steps, uint32_t n);
void breach_put(BytesOut *out, const Breach *breach);

/* Of all that callers can learn. NULL: nothing is known, all zero. */
Hash summary_hash(const Summary *summary, Arena *scratch);

#endif
