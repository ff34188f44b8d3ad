#ifndef PROGRAM_PROGRAM_H
#define PROGRAM_PROGRAM_H

#include "base/map.h"
#include "base/vec.h"
#include "ir/ir.h"
#include "summary/model.h"

/*
 * All units linked by name: who calls whom, in which order to summarise, which functions
 * never return, what a function pointer can be.
 */

/*
 * A function of the program: one definition (or none), whatever number of units declare it.
 *
 * Definitions of one link name in one source file are one (inlines of headers, a file that is
 * compiled twice): the first unit by path speaks for it. Only where macros give a header's
 * function another body, or another callee in a header, it is several, the later ones called
 * "path/of/header.h#2:name". Definitions of one external name in
 * several files (a database of several executables) are several functions; the first by unit
 * path keeps the name, the others are called "path/of/file.c:name". A unit that defines the name
 * means its own; else strong definitions win over weak ones, then the one whose folder is
 * closest, then one of a unit without a main(), then the first by path.
 */
typedef struct ProgramFn {
    const Name *link_name; /* unique in the program; use this, not fn->link_name */
    const Unit *unit;      /* of the definition, else of the first declaration */
    const Fn *fn;
    const Summary
        *model; /* a model speaks for it; wins over the body only when fn->body is NULL */
    bool is_noreturn; /* attribute, model, or inferred: no path returns */
    bool is_address_taken;
    bool is_recursive; /* in a cycle of direct calls */
    uint32_t id;       /* position in Program.fns */
    uint32_t ncaller;  /* direct call sites */
} ProgramFn;

typedef struct ProgramGlobal {
    const Name *link_name;
    const Unit *unit; /* of the definition, else of the first declaration */
    const Global *global;
    bool
        is_written; /* some instruction may store to it (its address is used for anything but loading) */
    bool is_nulled; /* some instruction stores a null constant to the object itself */
    uint32_t id;
    bool
        is_escaped; /* its address gets where stores through it cannot be seen: it may be nulled by them */
} ProgramGlobal;

/* What a call through a pointer can reach. complete: nothing else can be in the slot; with n 0
 * nothing but null is ever in it. A parameter of an external function is fed by the calls we see. */
typedef struct Targets {
    ProgramFn *const *at;
    uint32_t n;
    bool is_complete;
    bool all_noreturn;
} Targets;

/* So many functions of one slot are each worth looking at; of a table of handlers any may be meant. */
enum { MOST_TARGETS = 4 };

typedef struct Program {
    Arena *arena;
    Names *names;
    Models *models;
    VEC(Unit *) units;
    VEC(ProgramFn *) fns;         /* sorted by link name */
    VEC(ProgramGlobal *) globals; /* sorted by link name */
    ProgramFn **
        order; /* every function with a body, callees first (SCCs of direct calls together); see schedule.c */
    uint32_t norder;
    uint32_t *scc; /* per entry of order: number of its SCC, ascending */
    struct ProgramTables *tables;
} Program;

/* units: sorted by path inside; the order they come in does not matter.
 * gives: everything above, the noreturn fixpoint included (attributes, models, bodies with no
 * path to a return, slots whose every target is noreturn). */
Program *program_link(Unit *const *units, uint32_t nunit, Models *models, Names *names,
                      Arena *arena);

ProgramFn *program_fn(const Program *program, const Unit *unit, FnId id);
ProgramFn *program_find(const Program *program,
                        const Name *link_name); /* NULL when unknown */
ProgramGlobal *program_global(const Program *program, const Unit *unit, GlobalId id);
ProgramGlobal *program_find_global(const Program *program, const Name *link_name);
/* A field's identity over all units: the same record and field give the same pointer. */
const Name *program_field(const Program *program, const Unit *unit,
                          FieldId id); /* "tag@file.name" */

/* The functions an indirect call instruction can reach, from the slot its pointer was
 * loaded from (variable, record field, parameter). n 0: unknown. */
Targets program_targets(const Program *program, const Unit *unit, const Fn *caller,
                        uint32_t block, uint32_t ins);

/* All that the call can reach is known, and it is little enough to look at each. */
bool targets_are_few(const Targets *targets);

/* `fn` may call `target` through a pointer, and `target` stands before it in the order
 * whatever the two are called: no way leads back from `target` to `fn`. */
bool program_is_before(const Program *program, const ProgramFn *target,
                       const ProgramFn *fn);

/* False when a call instruction never comes back: its callee is noreturn, no outcome of its
 * model is possible with these constant arguments, or every target of a complete slot is noreturn. */
bool program_call_returns(const Program *program, const Unit *unit, const Fn *caller,
                          uint32_t block, uint32_t ins);

#endif
