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

/* The way back; what cannot be is damage (see BytesIn). Results live in in->arena. */
Summary *summary_get(BytesIn *in);
Site site_get(BytesIn *in);
SiteStep *site_steps_get(BytesIn *in, uint32_t *n);
Breach breach_get(BytesIn *in);

/* A file of summaries. stamp: what they belong to, of the writer's own choice. */
typedef struct SummaryFile {
    Hash stamp;
    Summary **at;
    uint32_t n;
} SummaryFile;

void summaries_write(Buf *out, Hash stamp, const Summary *const *all, uint32_t n,
                     Arena *scratch);
/* False, ERR_CACHE: damaged, or of another version; file is empty then. */
bool summaries_read(const char *bytes, size_t len, Names *names, Arena *arena,
                    SummaryFile *file, Err *err);

/* Of all that callers can learn. NULL: nothing is known, all zero. */
Hash summary_hash(const Summary *summary, Arena *scratch);

#endif
