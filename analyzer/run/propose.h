#ifndef RUN_PROPOSE_H
#define RUN_PROPOSE_H

#include "run/phases.h"

/*
 * A model of contexts for a program that has none, by its shape: the struct that most functions between
 * where requests come in and where calls leave are handed, the variables of threads, the functions
 * that keep a callback for later. A person has the last word: every line says what it rests on.
 */

/* What is guessed of a function. */
typedef struct Shape {
    const ProgramFn *fn;
    const Name *
        *locals; /* record that each local points to, or NULL; parameters are 1.. */
    const Name *result; /* ... and what is returned */
    bool sends;         /* calls what a model knows to leave the process */
    bool reaches;       /* ... or calls who does */
    bool is_entered;    /* reached from where nobody of the program calls */
    bool puts;          /* adds keys to headers */
    bool reads;         /* reads the keys that came in */
} Shape;

/* A struct that may be the context. */
typedef struct Guess {
    const Name *record;
    uint32_t nfn,
        nfirst;    /* functions on the way that take it; ... as their first parameter */
    uint32_t nkey; /* members that are called like keys: trace, tenant, ... */
} Guess;

typedef struct Proposal {
    Run *run;
    Shape *shapes; /* by ProgramFn.id */
    uint32_t nshape;
    uint32_t nway; /* functions between entries and sends */
    VEC(Guess) guesses;
} Proposal;

/* needs: program, context. */
void propose_shapes(Proposal *proposal);
/* Members of a record that are called like keys, deadlines apart. */
uint32_t propose_members(const Program *program, const Name *record);
/* needs: propose_shapes. The model as YAML. */
void propose_text(const Proposal *proposal, Buf *out);

/* The tag of a record, without the file it stands in. */
const char *propose_tag(const Name *record, Arena *arena);
/* A function with a body, on the way from an entry to a send. */
bool propose_on_way(const Shape *shape);

#endif
