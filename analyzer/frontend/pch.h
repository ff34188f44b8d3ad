#ifndef FRONTEND_PCH_H
#define FRONTEND_PCH_H

#include "frontend/frontend.h"

/*
 * Headers that several TUs include first, in the same order and under the same flags: parsed
 * once, and read back by each of them (Command.pch). Facts are the same with and without.
 */

/* One #include line at the start of a file. */
typedef struct IncludeLine {
    const char *name; /* as written, with its quotes or angles */
    size_t end;       /* offset behind it */
} IncludeLine;

typedef struct PchGroup {
    const Command *command; /* of one of its members */
    const char *text;       /* the lines they share, one include a line */
    uint32_t nline;
} PchGroup;

typedef struct PchPlan {
    PchGroup *groups;
    uint32_t ngroup;
    uint32_t *group_of; /* by command: group + 1, or 0 */
} PchPlan;

/* What a PCH holds, for those who read it. */
typedef struct PchContent {
    const char **lines;
    uint32_t nline;
    Dependency *deps;
    uint32_t ndep;
} PchContent;

/* The #include lines with nothing before and between them but blanks and comments. */
IncludeLine *pch_include_lines(const char *text, size_t len, Arena *arena, uint32_t *n);
/* Reads the start of every file. The same plan for the same commands and files. */
void pch_plan(const Command *const *commands, uint32_t n, Arena *arena, PchPlan *plan);
/* Writes `path` and, last, what pch_content reads. False: these headers cannot be shared, or
 * it would not pay; the members do without. */
bool pch_build(Frontend *frontend, const PchGroup *group, const char *path);
/* False: there is no such PCH. */
bool pch_content(const char *path, Arena *arena, PchContent *content);

#endif
