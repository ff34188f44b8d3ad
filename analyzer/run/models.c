/* Model packs: the built-in ones, then the user's, which override them. What a request's
 * context is stands in models of its own (context/context.h), named by the same option. */
#include <string.h>

#include "run/phases.h"

enum { PACK_LIMIT = 16 * 1024 * 1024, MOST_FILES = 100 };

/* Contexts: the user's files and what they build on. */
typedef struct Loading {
    Run *run;
    const char *done[MOST_FILES];
    uint32_t ndone;
    Err *err;
} Loading;

static bool load_context(Loading *loading, const char *path, const char *shown,
                         const FileText *text);

static bool load_text(Loading *loading, const char *path, FileText *text)
{
    if (file_read(path, PACK_LIMIT, loading->run->arena, text, loading->err)) return true;
    if (loading->err) loading->err->kind = ERR_USAGE;
    return false;
}

static const ContextPack *find_pack(const Run *run, const char *name)
{
    const ContextPacks *packs = run->options->contexts;
    for (uint32_t i = 0; packs && i < packs->n; i++)
        if (!strcmp(packs->at[i].name, name)) return &packs->at[i];
    return NULL;
}

static FileText pack_text(const Run *run, const ContextPack *pack)
{
    return (FileText){arena_copy(run->arena, pack->text, pack->len), pack->len};
}

/* A file beside the one that names it, or a built-in pack. */
static bool load_used(Loading *loading, const char *from, const char *word)
{
    Run *run = loading->run;
    const ContextPack *pack = find_pack(run, word);
    if (pack) {
        FileText text = pack_text(run, pack);
        return load_context(loading, pack->name, pack->name, &text);
    }
    const char *slash = strrchr(from, '/');
    const char *folder =
        slash ? arena_copy(run->arena, from, (size_t)(slash - from)) : ".";
    const char *path = path_join(run->arena, folder, word);
    FileText text;
    return load_text(loading, path, &text) && load_context(loading, path, word, &text);
}

static bool load_context(Loading *loading, const char *path, const char *shown,
                         const FileText *text)
{
    for (uint32_t i = 0; i < loading->ndone; i++)
        if (!strcmp(loading->done[i], path)) return true;
    if (loading->ndone == MOST_FILES)
        return err_set(loading->err, ERR_CONFIG, "%s: more than %d models are used",
                       shown, MOST_FILES);
    loading->done[loading->ndone++] = path;
    ContextModel *model = &loading->run->context;
    ContextUses uses = {0};
    if (!context_uses(shown, text->at, text->len, model, &uses, loading->err))
        return false;
    for (uint32_t i = 0; i < uses.at.n; i++)
        if (!load_used(loading, path, uses.at.at[i])) return false;
    return context_load(model, shown, text->at, text->len, NULL, loading->err);
}

/* Libraries are known to whoever says what his own context is. */
static bool load_packs(Loading *loading)
{
    const ContextPacks *packs = loading->run->options->contexts;
    if (!loading->run->context.is_any) return true;
    for (uint32_t i = 0; packs && i < packs->n; i++) {
        FileText text = pack_text(loading->run, &packs->at[i]);
        if (!load_context(loading, packs->at[i].name, packs->at[i].name, &text))
            return false;
    }
    return true;
}

bool phase_models(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    Loading *loading = ARENA_NEW(run->arena, Loading);
    *loading = (Loading){.run = run, .err = err};
    run->names = names_new(run->arena);
    models_init(&run->models, run->arena, run->names);
    context_init(&run->context, run->arena, run->names);
    if (options->library) models_use(&run->models, options->library);
    for (uint32_t i = 0; i < options->nmodel; i++) {
        const char *path = path_join(run->arena, options->directory, options->models[i]);
        FileText text;
        if (!load_text(loading, path, &text)) return false;
        bool ok =
            context_is_model(text.at, text.len)
                ? load_context(loading, path, options->models[i], &text)
                : models_load(&run->models, options->models[i], text.at, text.len, err);
        if (!ok) return false;
    }
    if (!load_packs(loading)) return false;
    run->models.identity = hash_mix(run->models.identity, run->context.identity);
    return true;
}

bool phase_packs(Run *run, Err *err)
{
    if (run->context.is_any) return true; /* they are loaded already */
    Loading *loading = ARENA_NEW(run->arena, Loading);
    *loading = (Loading){.run = run, .err = err};
    run->context.is_any = true;
    return load_packs(loading);
}
