#ifndef FINDING_SOURCE_H
#define FINDING_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Source text by path and line, each file read once. A file that cannot be read has no
 * lines: whoever shows or hashes text then does without.
 */
typedef struct Source Source;

/* One line without its line end; bytes as they are in the file. at NULL: no such line. */
typedef struct SourceLine {
    const char *at;
    size_t len;
} SourceLine;

typedef struct SourceFile {
    const char *path;
    const char *at; /* the whole text, followed by a NUL; NULL: could not be read */
    size_t len;
    uint32_t *starts; /* offset of line i + 1 */
    uint32_t nline;
} SourceFile;

/* root: where relative paths start. Lives in the arena; files are read into it. */
Source *source_new(Arena *arena, const char *root);
/* A file that `below` has read, or was told, is what it is there; files that neither knows are
 * read here. `below` must live as long. */
Source *source_over(Arena *arena, Source *below);
/* From now on the file has this text (borrowed; a NUL follows it), or, when `text` is NULL, does
 * not exist. The last word counts. */
void source_set(Source *source, const char *path, const char *text, size_t len);
/* Never NULL. A NULL path is a file without lines. */
const SourceFile *source_file(Source *source, const char *path);
SourceLine source_line(const SourceFile *file, uint32_t line); /* from 1 */
SourceLine source_line_at(Source *source, const char *path, uint32_t line);

#endif
