/* The small things models are made of: patterns, places in a call, names, sets of keys. */
#include <stdlib.h>
#include <string.h>

#include "context/reader.h"

const char *context_read_word(ModelReader *reader, const yaml_node_t *node,
                              const char *what)
{
    const char *text = node_scalar(reader, node, what);
    return text ? arena_copy(context_reader(reader)->model->arena, text, strlen(text))
                : NULL;
}

const Name *context_read_name(ModelReader *reader, const yaml_node_t *node,
                              const char *what)
{
    const char *text = node_scalar(reader, node, what);
    return text ? name_of(context_reader(reader)->model->names, text) : NULL;
}

bool context_read_number(ModelReader *reader, const yaml_node_t *node, uint32_t *number)
{
    enum { MOST = 64 };
    const char *text = node_scalar(reader, node, "a number");
    if (!text) return false;
    char *end;
    long value = strtol(text, &end, 10);
    *number = (uint32_t)value;
    return (!*end && value >= 0 && value < MOST) ||
           node_fail(reader, node, 0, "'%.40s' must be a number from 0 to %d", text,
                     MOST - 1);
}

const Pattern *context_read_pattern(ModelReader *reader, yaml_node_t *node)
{
    const char *text = node_scalar(reader, node, "a pattern");
    if (!text) return NULL;
    char fault[160];
    size_t at = 0;
    const Pattern *pattern =
        pattern_new(context_reader(reader)->model->space, text, fault, &at);
    if (!pattern) node_fail(reader, node, at, "%s", fault);
    return pattern;
}

bool context_read_each(ModelReader *reader, yaml_node_t *node,
                       bool (*read)(ModelReader *reader, yaml_node_t *item))
{
    if (node->type != YAML_SEQUENCE_NODE) return read(reader, node);
    for (uint32_t i = 0; i < node_length(node); i++)
        if (!read(reader, node_item(reader, node, i))) return false;
    return true;
}

bool context_read_patterns(ModelReader *reader, yaml_node_t *node, ContextPatterns *out)
{
    bool is_list = node->type == YAML_SEQUENCE_NODE;
    if (is_list && !node_is_short(reader, node, "patterns")) return false;
    uint32_t n = is_list ? node_length(node) : 1;
    const Pattern **all =
        ARENA_ARRAY(context_reader(reader)->model->arena, const Pattern *, out->n + n);
    if (out->n) memcpy(all, out->at, out->n * sizeof *all);
    for (uint32_t i = 0; i < n; i++) {
        all[out->n + i] =
            context_read_pattern(reader, is_list ? node_item(reader, node, i) : node);
        if (!all[out->n + i]) return false;
    }
    *out = (ContextPatterns){all, out->n + n};
    return true;
}

bool context_read_key_set(ModelReader *reader, yaml_node_t *node, uint32_t *keys)
{
    const ContextModel *model = context_reader(reader)->model;
    if (!node_is_short(reader, node, "keys")) return false;
    for (uint32_t i = 0; i < node_length(node); i++) {
        yaml_node_t *item = node_item(reader, node, i);
        const Name *name = context_read_name(reader, item, "a key");
        if (!name) return false;
        uint32_t k = 0;
        while (k < model->keys.n && model->keys.at[k].name != name)
            k++;
        if (k == model->keys.n)
            return node_fail(
                reader, item, 0,
                "no key is called '%.60s': name it under 'keys', or the file "
                "that has it under 'use'",
                name->text);
        *keys |= 1u << k;
    }
    return true;
}

void context_read_stand(ModelReader *reader, const yaml_node_t *node, const char **file,
                        uint32_t *line, uint32_t *column)
{
    *file = reader->file;
    *line = (uint32_t)node->start_mark.line + 1;
    *column = (uint32_t)node->start_mark.column + 1;
}

/* --- places ------------------------------------------------------------------------------ */

static bool read_arg_word(ModelReader *reader, yaml_node_t *node, ContextArg *arg)
{
    const char *text = context_read_word(reader, node, "a place");
    if (!text) return false;
    *arg = (ContextArg){.path = ""};
    char *end;
    if (!strcmp(text, "ret") || !strcmp(text, "same")) {
        arg->kind = CONTEXT_ARG_RESULT;
        return true;
    }
    if (!strcmp(text, "last")) {
        arg->kind = CONTEXT_ARG_LAST;
        return true;
    }
    const char *number = !strncmp(text, "arg", 3) ? text + 3 : text;
    unsigned long index = strtoul(number, &end, 10);
    if (end != number && index < 64 && (!*end || !strncmp(end, "->", 2) || *end == '.')) {
        arg->kind = CONTEXT_ARG_AT;
        arg->index = (uint32_t)index;
        arg->path = end;
        return true;
    }
    arg->kind = CONTEXT_ARG_OPTION;
    arg->word = text;
    for (const char *c = text; *c; c++)
        if (!(*c == '_' || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9')))
            return node_fail(
                reader, node, 0,
                "'%.60s' is no place: say argN, argN->field, ret, last, or the "
                "name of a constant",
                text);
    return true;
}

typedef struct ArgForm {
    const char *key;
    ContextArgKind kind;
} ArgForm;

static const ArgForm arg_forms[] = {
    {"after_tag", CONTEXT_ARG_TAGGED},  {"first_of_type", CONTEXT_ARG_OF_TYPE},
    {"first_fn", CONTEXT_ARG_FIRST_FN}, {"next", CONTEXT_ARG_NEXT},
    {"array", CONTEXT_ARG_ARRAY},       {"ctor", CONTEXT_ARG_MADE},
    {"call", CONTEXT_ARG_SET}};

static bool read_where(ModelReader *reader, yaml_node_t *node, ContextArg *arg)
{
    static const char *const words[] = {"field", "equals", NULL};
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "where must be {field: F, equals: CONSTANT}");
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        yaml_node_t *key = node_get(reader, pair->key);
        const char *text =
            context_read_word(reader, node_get(reader, pair->value), "this");
        if (!text) return false;
        if (node_is(key, "field"))
            arg->word = text;
        else if (node_is(key, "equals"))
            arg->equals = text;
        else
            return node_unknown_word(reader, key, "key", words);
    }
    return true;
}

/* What stands beside the form's own key. */
static bool read_arg_detail(ModelReader *reader, yaml_node_t *key, yaml_node_t *value,
                            ContextArg *arg)
{
    static const char *const words[] = {
        "where", "path",  "arg",           "on",   "key",  "after_tag", "first_fn",
        "next",  "array", "first_of_type", "ctor", "call", NULL};
    if (node_is(key, "where")) return read_where(reader, value, arg);
    if (node_is(key, "path"))
        return (arg->path = context_read_word(reader, value, "a path"));
    if (node_is(key, "arg") || node_is(key, "key"))
        return context_read_number(reader, value, &arg->index);
    if (node_is(key, "on")) return context_read_word(reader, value, "a place");
    return node_unknown_word(reader, key, "key", words);
}

static bool read_arg_form(ModelReader *reader, yaml_node_t *node, ContextArg *arg)
{
    *arg = (ContextArg){.path = ""};
    const ArgForm *form = NULL;
    yaml_node_t *own = NULL;
    for (size_t i = 0; i < sizeof arg_forms / sizeof *arg_forms && !own; i++) {
        form = &arg_forms[i];
        own = node_find(reader, node, form->key);
    }
    if (!own)
        return node_fail(reader, node, 0,
                         "this is no place: say argN, ret, {after_tag: X}, "
                         "{first_of_type: T}, ...");
    arg->kind = form->kind;
    ContextArg inner = {0};
    if (form->kind == CONTEXT_ARG_ARRAY) {
        if (!read_arg_word(reader, own, &inner)) return false;
        arg->index = inner.index;
    } else if (form->kind == CONTEXT_ARG_NEXT) {
        if (!context_read_number(reader, own, &arg->index)) return false;
    } else if (!(arg->word = context_read_word(reader, own, "this"))) {
        return false;
    }
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        yaml_node_t *value = node_get(reader, pair->value);
        if (value != own &&
            !read_arg_detail(reader, node_get(reader, pair->key), value, arg))
            return false;
    }
    return true;
}

bool context_read_arg(ModelReader *reader, yaml_node_t *node, ContextArg *arg)
{
    return node->type == YAML_MAPPING_NODE ? read_arg_form(reader, node, arg)
                                           : read_arg_word(reader, node, arg);
}
