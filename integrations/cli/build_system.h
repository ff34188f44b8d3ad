#ifndef CLI_BUILD_SYSTEM_H
#define CLI_BUILD_SYSTEM_H

#include "base/arena.h"

/* How a project is built, as far as its files say, and how that gives a compile database. */
typedef struct BuildSystem {
    const char *name;     /* "CMake" */
    const char *marker;   /* the file that gives it away */
    const char *command;  /* builds it and writes the database; one line of shell */
    const char *packages; /* of Debian, that the command needs */
    const char *database; /* the folder where the database is then */
} BuildSystem;

/* Never NULL; `marker` is NULL when nothing is recognised. Nothing is run. */
const BuildSystem *build_system_of(const char *folder, Arena *arena);

#endif
