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
typedef struct Models {
    Arena *arena;
    Names *names;
    Map by_name; /* Name -> Summary */
    VEC(Summary *) all;
    Hash identity; /* of all texts loaded, in order: part of cache keys */
} Models;

void models_init(Models *models, Arena *arena, Names *names);
/* `text` is input, at most 4 MiB; nothing is kept of a pack with an error. Errors are "file:line:column: what is wrong". A later pack overrides an earlier one. */
bool models_load(Models *models, const char *file, const char *text, size_t len,
                 Err *err);

const Summary *models_find(const Models *models, const Name *name);

#endif
