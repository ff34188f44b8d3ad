/* Model packs: the built-in ones, then the user's, which override them. */
#include "run/phases.h"

enum { PACK_LIMIT = 16 * 1024 * 1024 };

bool phase_models(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    run->names = names_new(run->arena);
    models_init(&run->models, run->arena, run->names);
    if (options->library) models_use(&run->models, options->library);
    for (uint32_t i = 0; i < options->nmodel; i++) {
        const char *path = path_join(run->arena, options->directory, options->models[i]);
        FileText text;
        if (!file_read(path, PACK_LIMIT, run->arena, &text, err)) {
            if (err) err->kind = ERR_USAGE;
            return false;
        }
        if (!models_load(&run->models, options->models[i], text.at, text.len, err))
            return false;
    }
    return true;
}
