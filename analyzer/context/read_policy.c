/* What a project demands: keys, transports, who may start a trace, who may call whom. */
#include <string.h>

#include "context/reader.h"

enum { MOST_KEYS = 32 };

/* --- keys -------------------------------------------------------------------------------- */

static bool read_key_names(ModelReader *reader, yaml_node_t *node)
{
    ContextPatterns patterns = {0};
    ContextKey *key = context_reader(reader)->key;
    if (!context_read_patterns(reader, node, &patterns)) return false;
    key->names = patterns.at;
    key->nname = patterns.n;
    return true;
}

static bool read_key_with(ModelReader *reader, yaml_node_t *node)
{
    ContextPatterns patterns = {0};
    ContextKey *key = context_reader(reader)->key;
    if (!context_read_patterns(reader, node, &patterns)) return false;
    key->with = patterns.at;
    key->nwith = patterns.n;
    return true;
}

static bool read_key_scope(ModelReader *reader, yaml_node_t *node)
{
    static const char *const words[] = {"chain", "hop", NULL};
    context_reader(reader)->key->scope =
        node_is(node, "hop") ? CONTEXT_HOP : CONTEXT_CHAIN;
    return node_is(node, "hop") || node_is(node, "chain") ||
           (node_scalar(reader, node, "scope") &&
            node_unknown_word(reader, node, "scope", words));
}

static bool read_key_sensitive(ModelReader *reader, yaml_node_t *node)
{
    return node_bool(reader, node, &context_reader(reader)->key->is_sensitive);
}

static bool read_key_implies(ModelReader *reader, yaml_node_t *node)
{
    return context_read_key_set(reader, node, &context_reader(reader)->key->implies);
}

static bool read_key_kind(ModelReader *reader, yaml_node_t *node)
{
    static const char *const words[] = {"header", "deadline", NULL};
    context_reader(reader)->key->is_deadline = node_is(node, "deadline");
    return node_is(node, "deadline") || node_is(node, "header") ||
           (node_scalar(reader, node, "kind") &&
            node_unknown_word(reader, node, "kind", words));
}

/* The same key in two files is one: the first says what it is. */
static bool knows_key(const ContextModel *model, const Name *name)
{
    for (uint32_t i = 0; i < model->keys.n; i++)
        if (model->keys.at[i].name == name) return true;
    return false;
}

bool context_read_keys(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"names", read_key_names},
                                    {"with", read_key_with},
                                    {"scope", read_key_scope},
                                    {"sensitive", read_key_sensitive},
                                    {"implies", read_key_implies},
                                    {"kind", read_key_kind},
                                    {NULL, NULL}};
    ContextReader *context = context_reader(reader);
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "keys must be {name: {names: [PATTERN]}}");
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        yaml_node_t *at = node_get(reader, pair->key);
        ContextKey key = {.name = context_read_name(reader, at, "a key")};
        if (!key.name) return false;
        context->key = &key;
        if (!node_read_keys(reader, node_get(reader, pair->value), "a key", keys))
            return false;
        if (knows_key(context->model, key.name)) continue;
        if (context->model->keys.n == MOST_KEYS)
            return node_fail(reader, at, 0, "more than %d keys", MOST_KEYS);
        vec_push(context->model->arena, &context->model->keys, key);
    }
    return true;
}

bool context_read_require(ModelReader *reader, yaml_node_t *node)
{
    ContextModel *model = context_reader(reader)->model;
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "require must be {transport: [key]}");
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        ContextRequire require = {
            .via = context_read_name(reader, node_get(reader, pair->key), "a transport")};
        if (!require.via ||
            !context_read_key_set(reader, node_get(reader, pair->value), &require.keys))
            return false;
        vec_push(model->arena, &model->requires, require);
    }
    return true;
}

static bool read_allow_in(ModelReader *reader, yaml_node_t *node)
{
    return context_read_patterns(reader, node, &context_reader(reader)->model->roots_in);
}

static bool read_allow_files(ModelReader *reader, yaml_node_t *node)
{
    return context_read_patterns(reader, node,
                                 &context_reader(reader)->model->roots_files);
}

bool context_read_roots(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"allow_in", read_allow_in}, {"allow_files", read_allow_files}, {NULL, NULL}};
    return node_read_keys(reader, node, "roots", keys);
}

static bool read_external(ModelReader *reader, yaml_node_t *node)
{
    return context_read_patterns(reader, node, &context_reader(reader)->model->external);
}

static bool read_exempt(ModelReader *reader, yaml_node_t *node)
{
    return context_read_patterns(reader, node, &context_reader(reader)->model->exempt);
}

bool context_read_endpoints(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"external", read_external}, {"exempt", read_exempt}, {NULL, NULL}};
    return node_read_keys(reader, node, "endpoints", keys);
}

/* --- components -------------------------------------------------------------------------- */

static bool read_files(ModelReader *reader, yaml_node_t *node)
{
    return context_read_patterns(reader, node, &context_reader(reader)->component->files);
}

static bool read_hosts(ModelReader *reader, yaml_node_t *node)
{
    return context_read_patterns(reader, node, &context_reader(reader)->component->hosts);
}

bool context_read_components(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"files", read_files}, {"hosts", read_hosts}, {NULL, NULL}};
    ContextReader *context = context_reader(reader);
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0,
                         "components must be {name: {files: [PATTERN]}}");
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        Component component = {.name = context_read_name(
                                   reader, node_get(reader, pair->key), "a component")};
        context->component = &component;
        if (!component.name ||
            !node_read_keys(reader, node_get(reader, pair->value), "a component", keys))
            return false;
        vec_push(context->model->arena, &context->model->components, component);
    }
    return true;
}

static bool read_rule_from(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->rule->from = context_read_name(reader, node, "from"));
}

static bool read_rule_to(ModelReader *reader, yaml_node_t *node)
{
    ComponentRule *rule = context_reader(reader)->rule;
    return (rule->to = context_read_word(reader, node, "to")) &&
           (rule->host = context_read_pattern(reader, node));
}

static bool read_rule_message(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->rule->message =
                context_read_word(reader, node, "message"));
}

static bool read_rule_until(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->rule->until =
                context_read_word(reader, node, "until"));
}

static bool read_rule_reason(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->rule->reason =
                context_read_word(reader, node, "reason"));
}

static bool read_rule(ModelReader *reader, yaml_node_t *node, ComponentRule *rule)
{
    static const ModelKey keys[] = {
        {"from", read_rule_from},       {"to", read_rule_to},
        {"message", read_rule_message}, {"until", read_rule_until},
        {"reason", read_rule_reason},   {NULL, NULL}};
    *rule = (ComponentRule){0};
    context_read_stand(reader, node, &rule->file, &rule->line, &rule->column);
    context_reader(reader)->rule = rule;
    if (!node_read_keys(reader, node, "this", keys)) return false;
    return (rule->from && rule->to) ||
           node_fail(reader, node, 0, "this needs 'from' and 'to'");
}

static bool read_deny(ModelReader *reader, yaml_node_t *node)
{
    ContextModel *model = context_reader(reader)->model;
    ComponentRule rule;
    if (!read_rule(reader, node, &rule)) return false;
    vec_push(model->arena, &model->denies, rule);
    return true;
}

static bool read_allow(ModelReader *reader, yaml_node_t *node)
{
    ContextModel *model = context_reader(reader)->model;
    ComponentRule rule;
    if (!read_rule(reader, node, &rule)) return false;
    vec_push(model->arena, &model->allows, rule);
    return true;
}

bool context_read_denies(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "deny") &&
           context_read_each(reader, node, read_deny);
}

bool context_read_allows(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "allow") &&
           context_read_each(reader, node, read_allow);
}
