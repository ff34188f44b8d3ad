/* The table of models: what is known of functions that the program does not define. */
#include "summary/model.h"

#include <string.h>

#include "summary/model_library.h"

void models_init(Models *models, Arena *arena, Names *names)
{
    *models = (Models){.arena = arena, .names = names};
    map_init(&models->by_name, arena);
}

void models_use(Models *models, const ModelLibrary *library)
{
    BUG_IF(models->library);
    models->library = library;
    models->identity =
        hash_mix(models->identity, hash_bytes(library->text, library->len));
}

static int entry_compare(const ModelLibrary *library, const ModelEntry *entry,
                         const Name *name)
{
    uint32_t least = entry->nname < name->len ? entry->nname : name->len;
    int order = memcmp(library->text + entry->name, name->text, least);
    return order ? order : (entry->nname > name->len) - (entry->nname < name->len);
}

static const ModelEntry *library_find(const ModelLibrary *library, const Name *name)
{
    uint32_t low = 0, high = library->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = entry_compare(library, &library->entries[middle], name);
        if (!order) return &library->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const Summary *models_find(Models *models, const Name *name)
{
    const uint64_t *at = map_get(&models->by_name, MAP_KEY(name));
    if (at) return models->all.at[*at];
    if (!models->library) return NULL;
    const ModelEntry *entry = library_find(models->library, name);
    if (!entry) return NULL;
    Summary *summary =
        model_read_entry(models, models->library->text + entry->text, entry->ntext, name);
    map_put(&models->by_name, MAP_KEY(name), models->all.n, NULL);
    vec_push(models->arena, &models->all, summary);
    return summary;
}
