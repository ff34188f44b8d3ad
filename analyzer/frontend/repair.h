#ifndef FRONTEND_REPAIR_H
#define FRONTEND_REPAIR_H

#include "base/edit.h"
#include "frontend/frontend.h"

/*
 * Repairs of a source file: edits in the words of the function they are made in. Whether one is
 * right nobody here knows: whoever orders them tries each (`text`), and keeps what holds.
 */
typedef enum RepairKind {
    REPAIR_USE,       /* a pointer is used and may be null */
    REPAIR_LATE_TEST, /* it is tested, but was used before */
    REPAIR_ARGUMENT   /* it is at hand, and a call gets NULL instead */
} RepairKind;

typedef struct RepairPlace {
    uint32_t line, column; /* of the main file, from 1; 0: none */
} RepairPlace;

typedef struct RepairWish {
    RepairKind kind;
    RepairPlace at;             /* the use, or the test that is late */
    const RepairPlace *sources; /* earlier in the function: where the null may come from,
                                   or (LATE_TEST) where it was used */
    uint32_t nsource;
    const char *pointer; /* as written: "p->next" */
    bool is_status; /* the source is a call that says by a number whether it failed */
} RepairWish;

typedef struct Repair {
    uint32_t wish;    /* which one it answers */
    const char *text; /* what it does: "leave when 'p' is NULL" */
    Edit *edits;      /* sorted, disjoint, of the main file */
    uint32_t nedit;
} Repair;

/* Something the compiler says of the main file. */
typedef struct Complaint {
    uint32_t line;
    const char *function; /* around it; "" none */
    const char *text;
} Complaint;

typedef struct RepairOrder {
    const RepairWish *wishes;
    uint32_t nwish;
    const char *text; /* of the main file, in place of what is on the disk; NULL: that */
    size_t len;
} RepairOrder;

typedef struct RepairAnswer {
    Hash content;    /* of the main file as it was parsed */
    Repair *repairs; /* by wish, best first; at most REPAIRS_A_WISH of each */
    uint32_t nrepair;
    Complaint *complaints; /* warnings too, of clang's -Wall -Wextra */
    uint32_t ncomplaint;
} RepairAnswer;

enum { REPAIRS_A_WISH = 4 };

/* As frontend_extract; gives the answer as well. Without a TU to look at it is empty. */
bool frontend_repair(Frontend *frontend, const Command *command, const char *root,
                     const RepairOrder *order, Names *names, Arena *arena,
                     Extracted *extracted, RepairAnswer *answer, Err *err);

#endif
