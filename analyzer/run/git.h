#ifndef RUN_GIT_H
#define RUN_GIT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/* A file that is not in the working tree what it was at a revision. Paths are absolute. */
typedef struct GitChange {
    const char *path;   /* now; NULL: it is gone */
    const char *before; /* then; NULL: it was not there */
    const char *text;   /* what was in it then; NULL: not there, no file, too large */
    size_t len;
} GitChange;

typedef struct GitChanges {
    const char *top;    /* of the working tree */
    const char *commit; /* its full name */
    GitChange *at;
    uint32_t n;
} GitChanges;

/* Files below `folder` that git neither tracks nor ignores, as absolute paths. */
bool git_untracked(const char *folder, const GitChanges *changes, Arena *arena,
                   const char ***paths, uint32_t *n, Err *err);

/*
 * The working tree around `folder` against a revision. "REV..." is, as in git's own commands,
 * the commit where the branch left REV. Only reads: no checkout, no change to the repository, no
 * hooks, no diff programs of its configuration. A submodule that is checked out is compared with
 * the commit it stood at then.
 * False: no git, no repository, no such revision (each with what to do about it).
 */
bool git_changes(const char *folder, const char *revision, Arena *arena,
                 GitChanges *changes, Err *err);

#endif
