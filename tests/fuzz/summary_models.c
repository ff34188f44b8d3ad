/* Any bytes as a model pack: refused with a complaint that says where, or loaded and shown. */
#include <string.h>

#include "summary/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    Arena *arena = arena_new("fuzz");
    Models models;
    models_init(&models, arena, names_new(arena));
    Err err = {0};
    const char *text = arena_copy(arena, (const char *)data, len);
    if (models_load(&models, "m.yaml", text, len, &err)) {
        Buf out;
        buf_init(&out, arena);
        for (uint32_t i = 0; i < models.all.n; i++)
            summary_print(&out, models.all.at[i]);
    } else {
        BUG_IF(err.kind != ERR_CONFIG || strncmp(err.text, "m.yaml:", 7) != 0);
        BUG_IF(models.all.n);
    }
    arena_free(arena);
    return 0;
}
