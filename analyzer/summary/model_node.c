/*
 * YAML nodes as the model reader wants them: text, lists and mappings of known keys, every
 * complaint with the place where it stands.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "summary/model_reader.h"

bool node_fail(ModelReader *reader, const yaml_node_t *node, size_t offset,
               const char *fmt, ...)
{
    char text[320];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    /* Inside quotes, and only there, the text starts one column later. */
    bool is_quoted = node->type == YAML_SCALAR_NODE &&
                     (node->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                      node->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    size_t column = node->start_mark.column + 1 + offset + (is_quoted && offset);
    return err_set(reader->err, ERR_CONFIG, "%s:%zu:%zu: %s", reader->file,
                   node->start_mark.line + 1, column, text);
}

bool node_fault(ModelReader *reader, const yaml_node_t *node, const ModelFault *fault)
{
    return node_fail(reader, node, fault->at, "%s", fault->text);
}

yaml_node_t *node_get(ModelReader *reader, int id)
{
    return yaml_document_get_node(&reader->document, id);
}

/* NULL, and an error, unless the node is plain text without a NUL in it. */
const char *node_scalar(ModelReader *reader, const yaml_node_t *node, const char *what)
{
    if (node->type == YAML_SCALAR_NODE) {
        const char *text = (const char *)node->data.scalar.value;
        if (strlen(text) == node->data.scalar.length && *text) return text;
    }
    node_fail(reader, node, 0, "%s must be a word or text", what);
    return NULL;
}

const char *node_identifier(ModelReader *reader, const yaml_node_t *node,
                            const char *what)
{
    const char *text = node_scalar(reader, node, what);
    if (!text) return NULL;
    size_t len = 0;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    if (!text[len] && !isdigit((unsigned char)*text)) return text;
    node_fail(reader, node, isdigit((unsigned char)*text) ? 0 : len,
              "%s must be a name of C, letters, digits and _: '%.60s' is none", what,
              text);
    return NULL;
}

bool node_is_list(ModelReader *reader, const yaml_node_t *node, const char *what)
{
    return node->type == YAML_SEQUENCE_NODE ||
           node_fail(reader, node, 0, "%s must be a list: [a, b]", what);
}

bool node_is_short(ModelReader *reader, const yaml_node_t *node, const char *what)
{
    enum { MOST = 64 };
    if (!node_is_list(reader, node, what)) return false;
    return node_length(node) <= MOST ||
           node_fail(reader, node, 0, "%s: more than %d of them", what, MOST);
}

uint32_t node_length(const yaml_node_t *node)
{
    return (uint32_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

yaml_node_t *node_item(ModelReader *reader, const yaml_node_t *node, uint32_t i)
{
    return node_get(reader, node->data.sequence.items.start[i]);
}

uint32_t node_pairs(const yaml_node_t *node)
{
    return (uint32_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
}

bool node_is(const yaml_node_t *node, const char *text)
{
    return node->type == YAML_SCALAR_NODE &&
           !strcmp((const char *)node->data.scalar.value, text);
}

bool node_bool(ModelReader *reader, const yaml_node_t *node, bool *value)
{
    *value = node_is(node, "true");
    return *value || node_is(node, "false") ||
           node_fail(reader, node, 0, "this must be true or false");
}

/* --- keys -------------------------------------------------------------------------------- */

bool node_unknown_word(ModelReader *reader, const yaml_node_t *node, const char *what,
                       const char *const *words)
{
    const char *text = (const char *)node->data.scalar.value;
    const char *near = model_closest(words, text);
    return node_fail(reader, node, 0, "unknown %s '%.60s'%s%s%s", what, text,
                     near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool check_keys(ModelReader *reader, const yaml_node_t *node, const ModelKey *keys)
{
    enum { MOST_KEYS = 40 };
    const char *words[MOST_KEYS + 1] = {0};
    for (uint32_t k = 0; keys[k].name; k++)
        words[k] = keys[k].name;
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        yaml_node_t *key = node_get(reader, node->data.mapping.pairs.start[i].key);
        const char *text = node_scalar(reader, key, "a key");
        if (!text) return false;
        uint32_t k = 0;
        while (keys[k].name && strcmp(keys[k].name, text) != 0)
            k++;
        if (!keys[k].name) return node_unknown_word(reader, key, "key", words);
        for (uint32_t j = 0; j < i; j++)
            if (node_is(node_get(reader, node->data.mapping.pairs.start[j].key), text))
                return node_fail(reader, key, 0, "the key '%s' stands here twice", text);
    }
    return true;
}

yaml_node_t *node_find(ModelReader *reader, const yaml_node_t *node, const char *name)
{
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        if (node_is(node_get(reader, pair->key), name))
            return node_get(reader, pair->value);
    }
    return NULL;
}

/* In the order of the table, not of the file: parameters before what mentions them. */
bool node_read_keys(ModelReader *reader, yaml_node_t *node, const char *what,
                    const ModelKey *keys)
{
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "%s must be a mapping: {key: value}", what);
    if (!check_keys(reader, node, keys)) return false;
    for (; keys->name; keys++) {
        yaml_node_t *value = node_find(reader, node, keys->name);
        if (value && !keys->read(reader, value)) return false;
    }
    return true;
}
