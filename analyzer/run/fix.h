#ifndef RUN_FIX_H
#define RUN_FIX_H

#include "frontend/repair.h"
#include "run/phases.h"

/* What the parts of phase_fix say to each other. */

/* A finding and the repairs that may answer it. */
typedef struct FixCase {
    uint32_t finding; /* of result->findings */
    uint32_t file;
    RepairWish wish;
    Repair *repairs;
    uint32_t nrepair, next; /* the next one to try */
    bool is_on_trial, has_failed;
} FixCase;

/* A source file with findings, and all TUs that it is the main file of. */
typedef struct FixFile {
    const char *path; /* as findings have it */
    uint32_t tu;      /* one of them */
    FileText text;
    RepairAnswer before; /* nothing changed */
    bool is_lost;        /* changed since it was analysed, or does not parse wholly */
    Buf trial;           /* the text that is tried */
    bool is_on_trial;
} FixFile;

typedef struct Fixing {
    Run *run;
    Arena *scratch; /* of one round */
    VEC(FixCase) cases;
    VEC(FixFile) files;
} Fixing;

#define FIX_EXHAUSTED UINT64_MAX
/* A function by its file and name, as findings have them. */
uint64_t fix_key(const char *path, const char *function);
/* The program with the files on trial as they would be; marks cases that fail. */
bool fix_try(Fixing *fixing, Err *err);

#endif
