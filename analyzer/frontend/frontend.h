#ifndef FRONTEND_FRONTEND_H
#define FRONTEND_FRONTEND_H

#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "ir/ir.h"

/*
 * The only room that knows libclang. Compile database in, IR out.
 */

/* One way to compile one file. Paths are absolute and normalised. */
typedef struct Command {
    const char *directory;
    const char *file;
    const char *
        *args; /* args[0] is the compiler, as in the database; response files expanded */
    uint32_t narg;
    const char *root; /* absolute: __FILE__ is relative to it; NULL: as written */
    const char
        *overlay;    /* a file for -ivfsoverlay: what stands there in place of the disk;
                          * NULL: nothing */
    const char *pch; /* made by pch_build for a group this belongs to; NULL: none */
    const FileBuffer
        *buffers; /* in place of files on the disk; a PCH knows nothing of them */
    uint32_t nbuffer;
} Command;

typedef struct CommandList {
    Command *at;
    uint32_t n;
    uint32_t
        nskipped; /* entries that are no C compilation (assembler, C++, -E), or duplicates */
} CommandList;

/* `path` is a compile_commands.json, a compile_flags.txt, or a folder that holds one
 * (itself, or its build/ or build-* folder). Sorted by file, then arguments; equal commands once. */
bool compdb_read(const char *path, Arena *arena, CommandList *list, Err *err);
/* The database compdb_read would take for this folder; NULL: it has none. */
const char *compdb_find(const char *folder, Arena *arena);
/* `-- CC ARGS x.c`: one command a source file, in `directory`. */
bool compdb_from_args(const char *directory, const char *const *args, uint32_t narg,
                      Arena *arena, CommandList *list, Err *err);
/* What we hand to libclang for this command: allowlisted flags, --target from the
 * compiler's prefix, -working-directory; no source file, nothing that writes files. */
const char **compdb_clang_args(const Command *command, Arena *arena, uint32_t *n);

/* A file that was read while parsing: the cache key covers its content. */
typedef struct Dependency {
    const char *path; /* absolute */
    Hash content;
} Dependency;

typedef struct Extracted {
    Unit *unit;
    Dependency *deps; /* main file first, then sorted; missing headers are not in it */
    uint32_t ndep;
} Extracted;

typedef struct Frontend Frontend;

/* One libclang index; use it in one process, one TU at a time. */
Frontend *frontend_new(void);
void frontend_free(Frontend *frontend);
/* Parses and lowers one TU. Never fails for what is wrong with the TU: that is in
 * unit->status and its notes. `root` (absolute) makes paths relative. */
bool frontend_extract(Frontend *frontend, const Command *command, const char *root,
                      Names *names, Arena *arena, Extracted *extracted, Err *err);
const char *frontend_version(Arena *arena); /* "clang version 19.1.7", for cache keys */

#endif
