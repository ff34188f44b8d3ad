/* What is asked of a loaded model. Functions are matched once each, whatever is asked. */
#include "context/context.h"

#include <string.h>

#include "base/buf.h"

typedef struct Uses {
    const ContextAction **list; /* ends with NULL */
} Uses;

void context_init(ContextModel *model, Arena *arena, Names *names)
{
    *model = (ContextModel){
        .arena = arena, .names = names, .space = pattern_space(arena), .short_ms = 1000};
    map_init(&model->by_call, arena);
}

const ContextAction *const *context_actions(ContextModel *model, const Name *function)
{
    bool added;
    uint64_t *known = map_put(&model->by_call, MAP_KEY(function), 0, &added);
    if (!added) return (const ContextAction *const *)(uintptr_t)*known;
    VEC(const ContextAction *) found = {0};
    for (uint32_t i = 0; i < model->actions.n; i++) {
        const ContextAction *action = &model->actions.at[i];
        if (pattern_matches(action->call, function->text, function->len) ||
            pattern_matches(action->macro, function->text, function->len))
            vec_push(model->arena, &found, action);
    }
    vec_push(model->arena, &found, NULL);
    known = map_get(&model->by_call, MAP_KEY(function));
    *known = (uint64_t)(uintptr_t)found.at;
    return found.at;
}

const ContextAction *context_action(ContextModel *model, const Name *function,
                                    ContextRole role)
{
    const ContextAction *const *at = context_actions(model, function);
    for (; *at; at++)
        if ((*at)->role == role) return *at;
    return NULL;
}

uint32_t context_keys_named(const ContextModel *model, const char *name, size_t len)
{
    uint32_t keys = 0;
    for (uint32_t i = 0; i < model->keys.n; i++) {
        const ContextKey *key = &model->keys.at[i];
        for (uint32_t k = 0; k < key->nname; k++)
            if (pattern_matches(key->names[k], name, len)) keys |= 1u << i | key->implies;
    }
    return keys;
}

uint32_t context_required(const ContextModel *model, const Name *via, bool *deadline)
{
    const ContextRequire *found = NULL;
    for (uint32_t i = 0; i < model->requires.n; i++) {
        const ContextRequire *require = &model->requires.at[i];
        if (require->via == via) {
            found = require;
            break;
        }
        if (!found && !strcmp(require->via->text, "default")) found = require;
    }
    uint32_t keys = found ? found->keys : 0;
    *deadline = false;
    for (uint32_t i = 0; i < model->keys.n; i++) {
        if (!(keys >> i & 1)) continue;
        if (model->keys.at[i].is_deadline) *deadline = true;
        if (model->keys.at[i].is_deadline || model->keys.at[i].scope == CONTEXT_HOP)
            keys &= ~(1u << i);
    }
    return keys;
}

/* "(?i)^(x-asm-prefer-tag|baggage)$" is for machines: the first name in it. */
static void put_wire_name(Buf *out, const ContextKey *key)
{
    const char *text = key->nname ? key->names[0]->text : key->name->text;
    size_t start = 0;
    if (!strncmp(text, "(?i)", 4)) start = 4;
    while (text[start] && strchr("^(?:", text[start]))
        start++;
    size_t end = start;
    while (text[end] && !strchr("|)$[\\*+?(.", text[end]))
        end++;
    if (end == start)
        buf_text(out, key->name->text);
    else
        buf_put(out, text + start, end - start);
}

const char *context_key_text(const ContextModel *model, uint32_t keys, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    bool is_first = true;
    for (uint32_t i = 0; i < model->keys.n; i++) {
        if (!(keys >> i & 1)) continue;
        if (!is_first) buf_text(&out, ", ");
        put_wire_name(&out, &model->keys.at[i]);
        is_first = false;
    }
    buf_put(&out, "", 1);
    return out.at;
}

uint32_t context_type_of(const ContextModel *model, const char *type)
{
    for (uint32_t i = 0; i < model->types.n; i++)
        if (pattern_matches(model->types.at[i].type, type, strlen(type))) return i;
    return CONTEXT_NONE;
}

bool context_matches(const ContextPatterns *patterns, const char *text)
{
    for (uint32_t i = 0; i < patterns->n; i++)
        if (pattern_matches(patterns->at[i], text, strlen(text))) return true;
    return false;
}
