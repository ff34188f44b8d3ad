#ifndef SUMMARY_MODEL_H
#define SUMMARY_MODEL_H

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "summary/summary.h"

/*
 * Model packs: YAML files that say of library functions what a summary says of ours.
 * The language, with every key, stands in rules/models/README.md.
 */

/* A function of a library: where its name stands in the text, and its whole entry. */
typedef struct ModelEntry {
    uint32_t name, nname;
    uint32_t text, ntext;
} ModelEntry;

/* Packs that are built in, checked and cut into functions when the program was built: each is
 * read when it is asked for, so that what is not used costs nothing. */
typedef struct ModelLibrary {
    const char *text;
    size_t len;
    const ModelEntry *entries; /* sorted by name, each name once */
    uint32_t n;
} ModelLibrary;

/* Where a pack that was loaded describes a function. */
typedef struct ModelPlace {
    const Summary *summary;
    const char *file; /* as given to models_load */
    uint32_t line, column;
} ModelPlace;

typedef struct Models {
    Arena *arena;
    Names *names;
    Map by_name;                 /* Name -> Summary */
    const ModelLibrary *library; /* or NULL; what was loaded goes before it */
    VEC(Summary *) all;
    VEC(ModelPlace) loaded; /* each function once; not those of the library */
    Hash identity;          /* of all files loaded, in order: part of cache keys */
} Models;

void models_init(Models *models, Arena *arena, Names *names);
void models_use(Models *models, const ModelLibrary *library);
/* `text` is input, at most 4 MiB; nothing is kept of a pack with an error. Errors are "file:line:column: what is wrong". A later pack overrides an earlier one. */
bool models_load(Models *models, const char *file, const char *text, size_t len,
                 Err *err);

/* Why a model cannot be of the function that is declared so: "has 2 parameters, but the program
 * declares it with 3". NULL: it fits. */
const char *model_misfit(const Summary *model, const Fn *fn, Arena *arena);

/* NULL: there is no model of it. */
const Summary *models_find(Models *models, const Name *name);

#endif
