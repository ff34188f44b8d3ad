/* The table of models: what is known of functions that the program does not define. */
#include "summary/model.h"

void models_init(Models *models, Arena *arena, Names *names)
{
    *models = (Models){.arena = arena, .names = names};
    map_init(&models->by_name, arena);
}

const Summary *models_find(const Models *models, const Name *name)
{
    const uint64_t *at = map_get(&models->by_name, MAP_KEY(name));
    return at ? models->all.at[*at] : NULL;
}
