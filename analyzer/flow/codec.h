#ifndef FLOW_CODEC_H
#define FLOW_CODEC_H

#include "base/bytes.h"
#include "flow/flow.h"

/* Evidence and candidates as bytes: no location, no pointer into the IR. The way back checks
 * all that others rely on (see BytesIn); results live in in->arena. */
void evidence_put(BytesOut *out, const Evidence *evidence, uint32_t n);
Evidence *evidence_get(BytesIn *in, uint32_t *n);
void candidates_put(BytesOut *out, const Candidate *candidates, uint32_t n, Names *names);
Candidate *candidates_get(BytesIn *in, uint32_t *n);

/* What one function shows. */
typedef struct EvidenceList {
    Evidence *at;
    uint32_t n;
} EvidenceList;

/* A file of evidence, function by function. stamp: what it belongs to. */
typedef struct EvidenceFile {
    Hash stamp;
    EvidenceList *at;
    uint32_t n;
} EvidenceFile;

void evidence_write(Buf *out, Hash stamp, const EvidenceList *all, uint32_t n,
                    Arena *scratch);
/* False, ERR_CACHE: damaged, or of another version; file is empty then. */
bool evidence_read(const char *bytes, size_t len, Names *names, Arena *arena,
                   EvidenceFile *file, Err *err);

#endif
