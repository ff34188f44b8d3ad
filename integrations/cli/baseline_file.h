#ifndef CLI_BASELINE_FILE_H
#define CLI_BASELINE_FILE_H

#include "base/buf.h"
#include "finding/baseline.h"

/* A baseline as it is committed: JSON, one finding a line, sorted, so that git merges it. */
typedef struct BaselineFile {
    KnownList known;
    uint32_t units;  /* translation units there were; 0: unknown */
    double coverage; /* percent */
} BaselineFile;

bool baseline_read(const char *path, Arena *arena, BaselineFile *file, Err *err);
void baseline_write(const BaselineFile *file, Buf *out);

#endif
