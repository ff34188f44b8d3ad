#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* A whole file in memory; `at` is followed by a NUL that is not counted. */
typedef struct FileText {
    char *at;
    size_t len;
} FileText;

/* What a file says in place of what stands on the disk: the buffer of an editor. Borrowed. */
typedef struct FileBuffer {
    const char *path; /* absolute */
    const char *text; /* a NUL follows that is not counted */
    size_t len;
} FileBuffer;

/* Files above `limit` bytes are refused (input is bounded everywhere). */
bool file_read(const char *path, size_t limit, Arena *arena, FileText *text, Err *err);

/* Writes to a temporary beside `path` and renames; an equal file is left untouched, so
 * that build engines see no change. A short write (full disk) removes the temporary.
 * What is there but is no file (a pipe, a terminal) is written to as it is. */
bool file_write(const char *path, const void *bytes, size_t len, Err *err);

bool file_exists(const char *path);
/* Why it cannot be read as a file, without waiting for anybody; NULL: it can. */
const char *file_unreadable(const char *path);
bool file_make_folders(const char *path, Err *err); /* mkdir -p */

/* Text only, no look at the disk: "/a", "../b/./c" -> "/b/c"; an absolute `path` wins. */
const char *path_join(Arena *arena, const char *folder, const char *path);
/* `path` relative to `root` when it is below it, else `path` itself. */
const char *path_below(Arena *arena, const char *root, const char *path);
const char *path_real(Arena *arena, const char *path); /* realpath, or path itself */

#endif
