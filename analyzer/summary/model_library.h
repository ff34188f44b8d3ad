#ifndef SUMMARY_MODEL_LIBRARY_H
#define SUMMARY_MODEL_LIBRARY_H

#include "base/buf.h"
#include "summary/model.h"

/* A library while it is put together, when the program is built. */
typedef struct LibraryBuild {
    Arena *arena;
    Buf text;
    VEC(ModelEntry) entries; /* sorted by library_end */
} LibraryBuild;

void library_begin(LibraryBuild *build, Arena *arena);
/* Adds the functions of a pack, each as it stands in `text`; ASCII only, and an alias (*x)
 * must have its anchor (&x) in the same function. Errors are those of models_load. */
bool library_add(LibraryBuild *build, const char *file, const char *text, size_t len,
                 Err *err);
/* False when two packs have the same function. */
bool library_end(LibraryBuild *build, ModelLibrary *library, Err *err);

/* `text` is an entry of a library ("name: {...}"): what it says, as the model of `name`. */
Summary *model_read_entry(Models *models, const char *text, size_t len, const Name *name);

#endif
