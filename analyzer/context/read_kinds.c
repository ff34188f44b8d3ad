/* Contexts, carriers and entries: what has several actions, and a name. */
#include <string.h>

#include "context/reader.h"

static bool actions_as(ModelReader *reader, yaml_node_t *node, ContextRole role)
{
    context_reader(reader)->role = role;
    return context_read_actions(reader, node);
}

#define ACTIONS(function, ROLE)                                                          \
    static bool function(ModelReader *reader, yaml_node_t *node)                         \
    {                                                                                    \
        return actions_as(reader, node, CONTEXT_##ROLE);                                 \
    }

ACTIONS(read_derive, DERIVE)
ACTIONS(read_detach, DETACH)
ACTIONS(read_root, ROOT)
ACTIONS(read_origin, ORIGIN)
ACTIONS(read_end, END)
ACTIONS(read_suspend, SUSPEND)
ACTIONS(read_read, READ)
ACTIONS(read_lost, LOSE)
ACTIONS(read_get, GET)
ACTIONS(read_set, SET)
ACTIONS(read_clear, CLEAR)
ACTIONS(read_fresh, FRESH)
ACTIONS(read_new, NEW)
ACTIONS(read_put, PUT)
ACTIONS(read_copy, COPY)
ACTIONS(read_reset, RESET)
ACTIONS(read_drop, DROP)
ACTIONS(read_free, FREE)
ACTIONS(read_attach, ATTACH)
ACTIONS(read_endpoint, ENDPOINT)
#undef ACTIONS

/* --- contexts ---------------------------------------------------------------------------- */

static bool read_type_id(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->type->id = context_read_name(reader, node, "id"));
}

static bool read_type_type(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->type->type = context_read_pattern(reader, node));
}

static bool read_type_shared(ModelReader *reader, yaml_node_t *node)
{
    return node_bool(reader, node, &context_reader(reader)->type->is_shared);
}

static bool read_type_connection(ModelReader *reader, yaml_node_t *node)
{
    return node_bool(reader, node, &context_reader(reader)->type->is_per_connection);
}

/* {trace: traceparent}: key, then the member that holds it */
static bool read_type_fields(ModelReader *reader, yaml_node_t *node)
{
    ContextModel *model = context_reader(reader)->model;
    ContextType *type = context_reader(reader)->type;
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "fields must be {key: member}");
    type->fields = ARENA_ARRAY(model->arena, ContextField, node_pairs(node) + 1);
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        yaml_node_t *key = node_get(reader, pair->key);
        const Name *name = context_read_name(reader, key, "a key");
        const Name *field =
            context_read_name(reader, node_get(reader, pair->value), "a member");
        if (!name || !field) return false;
        uint32_t k = 0;
        while (k < model->keys.n && model->keys.at[k].name != name)
            k++;
        if (k == model->keys.n)
            return node_fail(reader, key, 0, "no key is called '%.60s'", name->text);
        type->fields[type->nfield++] = (ContextField){k, field};
    }
    return true;
}

static bool read_ambient_slot(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->type->ambient = context_read_pattern(reader, node));
}

static bool read_ambient(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"slot", read_ambient_slot},
                                    {"get", read_get},
                                    {"set", read_set},
                                    {"clear", read_clear},
                                    {NULL, NULL}};
    context_reader(reader)->type->is_ambient = true;
    return node_read_keys(reader, node, "ambient", keys);
}

/* What is kept with a context, apart from it. */
static bool read_slot(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"get", read_get}, {"set", read_set}, {"fresh_in", read_fresh}, {NULL, NULL}};
    ContextModel *model = context_reader(reader)->model;
    uint32_t first = model->actions.n;
    if (!node_read_keys(reader, node, "slot", keys)) return false;
    for (uint32_t i = first; i < model->actions.n; i++)
        model->actions.at[i].flags |= CONTEXT_KEPT;
    return true;
}

static bool read_type_name(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->type->name = context_read_pattern(reader, node));
}

static bool read_type_not_in(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->type->not_in = context_read_pattern(reader, node));
}

static bool read_context(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"id", read_type_id},
                                    {"type", read_type_type},
                                    {"name", read_type_name},
                                    {"not_in", read_type_not_in},
                                    {"fields", read_type_fields},
                                    {"shared", read_type_shared},
                                    {"per_connection", read_type_connection},
                                    {"derive", read_derive},
                                    {"detach", read_detach},
                                    {"root", read_root},
                                    {"origin", read_origin},
                                    {"end", read_end},
                                    {"suspend", read_suspend},
                                    {"read", read_read},
                                    {"lost_after", read_lost},
                                    {"slot", read_slot},
                                    {"ambient", read_ambient},
                                    {NULL, NULL}};
    ContextReader *context = context_reader(reader);
    ContextType type = {0};
    context->type = &type;
    context->owner = context->model->types.n;
    if (!node_read_keys(reader, node, "a context", keys)) return false;
    if (!type.id) return node_fail(reader, node, 0, "a context needs an id");
    if (!type.type && !type.is_ambient)
        return node_fail(reader, node, 0, "the context '%s' needs a type", type.id->text);
    vec_push(context->model->arena, &context->model->types, type);
    return true;
}

bool context_read_contexts(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "contexts") &&
           context_read_each(reader, node, read_context);
}

/* --- carriers ---------------------------------------------------------------------------- */

static bool read_carrier_id(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->carrier->id = context_read_name(reader, node, "id"));
}

static bool read_carrier_type(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->carrier->type = context_read_pattern(reader, node));
}

static bool read_long_lived(ModelReader *reader, yaml_node_t *node)
{
    return node_bool(reader, node, &context_reader(reader)->carrier->is_long_lived);
}

static bool read_put_key(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->carrier->key_field =
                context_read_name(reader, node, "key"));
}

static bool read_put_value(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->carrier->value_field =
                context_read_name(reader, node, "value"));
}

static bool read_put_field(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"key", read_put_key}, {"value", read_put_value}, {NULL, NULL}};
    return node_read_keys(reader, node, "put_field", keys);
}

static bool read_key_from(ModelReader *reader, yaml_node_t *node)
{
    ContextPatterns patterns = {0};
    ContextCarrier *carrier = context_reader(reader)->carrier;
    if (!context_read_patterns(reader, node, &patterns)) return false;
    carrier->key_from = patterns.at;
    carrier->nkey_from = patterns.n;
    return true;
}

static bool read_parent_arg(ModelReader *reader, yaml_node_t *node)
{
    ContextCarrier *carrier = context_reader(reader)->carrier;
    carrier->has_parent = true;
    return context_read_arg(reader, node, &carrier->parent);
}

static bool read_parent_required(ModelReader *reader, yaml_node_t *node)
{
    return node_bool(reader, node, &context_reader(reader)->carrier->needs_parent);
}

static bool read_mask_arg(ModelReader *reader, yaml_node_t *node)
{
    return context_read_arg(reader, node, &context_reader(reader)->carrier->mask);
}

static bool read_mask_words(ModelReader *reader, yaml_node_t *node)
{
    ContextReader *context = context_reader(reader);
    if (!node_is_short(reader, node, "must_include")) return false;
    uint32_t n = node_length(node);
    context->carrier->mask_words =
        ARENA_ARRAY(context->model->arena, const char *, n + 1);
    context->carrier->nmask_word = n;
    for (uint32_t i = 0; i < n; i++) {
        const char *word =
            context_read_word(reader, node_item(reader, node, i), "a constant");
        if (!word) return false;
        context->carrier->mask_words[i] = word;
    }
    return true;
}

static bool read_mask(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"arg", read_mask_arg}, {"must_include", read_mask_words}, {NULL, NULL}};
    return node_read_keys(reader, node, "mask", keys);
}

static bool read_parent(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"arg", read_parent_arg},
                                    {"required", read_parent_required},
                                    {"mask", read_mask},
                                    {NULL, NULL}};
    return node_read_keys(reader, node, "parent", keys);
}

/* {call_name: 6}: a deadline is given where the carrier is made */
static bool read_arg_of_new(ModelReader *reader, yaml_node_t *node)
{
    ContextReader *context = context_reader(reader);
    ContextCarrier *carrier = context->carrier;
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "arg_of_new must be {function: argument}");
    uint32_t n = node_pairs(node);
    carrier->deadline_calls = ARENA_ARRAY(context->model->arena, const char *, n + 1);
    carrier->deadline_args = ARENA_ARRAY(context->model->arena, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        const char *call =
            context_read_word(reader, node_get(reader, pair->key), "a function");
        if (!call || !context_read_number(reader, node_get(reader, pair->value),
                                          &carrier->deadline_args[i]))
            return false;
        carrier->deadline_calls[i] = call;
    }
    carrier->ndeadline = n;
    return true;
}

static bool read_infinite(ModelReader *reader, yaml_node_t *node)
{
    ContextPatterns patterns = {0};
    ContextCarrier *carrier = context_reader(reader)->carrier;
    if (!context_read_patterns(reader, node, &patterns)) return false;
    carrier->infinite = patterns.at;
    carrier->ninfinite = patterns.n;
    return true;
}

/* A list of calls, or what is known of the call that makes the carrier. */
static bool read_deadline(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"arg_of_new", read_arg_of_new}, {"infinite", read_infinite}, {NULL, NULL}};
    if (node->type == YAML_SEQUENCE_NODE)
        return actions_as(reader, node, CONTEXT_DEADLINE);
    return node_read_keys(reader, node, "deadline", keys);
}

static bool read_follow(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->carrier->follow =
                context_read_name(reader, node, "follow"));
}

static bool read_parts(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->carrier->parts = context_read_pattern(reader, node));
}

static bool read_iterate(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"follow", read_follow}, {"parts", read_parts}, {NULL, NULL}};
    return node_read_keys(reader, node, "iterate", keys);
}

static bool read_carrier(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"id", read_carrier_id},
                                    {"type", read_carrier_type},
                                    {"long_lived", read_long_lived},
                                    {"new", read_new},
                                    {"put", read_put},
                                    {"put_field", read_put_field},
                                    {"key_from", read_key_from},
                                    {"copy", read_copy},
                                    {"reset", read_reset},
                                    {"drop", read_drop},
                                    {"free", read_free},
                                    {"attach", read_attach},
                                    {"deadline", read_deadline},
                                    {"endpoint", read_endpoint},
                                    {"parent", read_parent},
                                    {"iterate", read_iterate},
                                    {NULL, NULL}};
    ContextReader *context = context_reader(reader);
    ContextCarrier carrier = {0};
    context->carrier = &carrier;
    context->owner = context->model->carriers.n;
    if (!node_read_keys(reader, node, "a carrier", keys)) return false;
    if (!carrier.id) return node_fail(reader, node, 0, "a carrier needs an id");
    vec_push(context->model->arena, &context->model->carriers, carrier);
    return true;
}

bool context_read_carriers(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "carriers") &&
           context_read_each(reader, node, read_carrier);
}

/* --- entries ----------------------------------------------------------------------------- */

static bool read_entry_type(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->fn_type = context_read_pattern(reader, node));
}

static bool read_entry_field(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->field = context_read_pattern(reader, node));
}

static bool read_entry_name(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->name = context_read_pattern(reader, node));
}

static bool read_entry_result(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->result_of =
                context_read_pattern(reader, node));
}

static bool read_register_call(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->call = context_read_pattern(reader, node));
}

static bool read_register_fn(ModelReader *reader, yaml_node_t *node)
{
    return context_read_arg(reader, node, &context_reader(reader)->entry->fn);
}

static bool read_register(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"call", read_register_call}, {"fn", read_register_fn}, {NULL, NULL}};
    return node_read_keys(reader, node, "register", keys);
}

static bool read_entry_kind(ModelReader *reader, yaml_node_t *node)
{
    static const char *const words[] = {"request",  "message", "cron", "main",
                                        "callback", "thread",  NULL};
    for (uint32_t i = 0; words[i]; i++) {
        if (!node_is(node, words[i])) continue;
        context_reader(reader)->entry->kind = (ContextEntryKind)i;
        return true;
    }
    return node_scalar(reader, node, "kind") &&
           node_unknown_word(reader, node, "kind", words);
}

static bool read_entry_per_request(ModelReader *reader, yaml_node_t *node)
{
    return context_read_arg(reader, node, &context_reader(reader)->entry->per_request);
}

static bool read_request_type(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->type = context_read_pattern(reader, node));
}

static bool read_request_param(ModelReader *reader, yaml_node_t *node)
{
    return context_read_arg(reader, node, &context_reader(reader)->entry->context);
}

static bool read_headers_call(ModelReader *reader, yaml_node_t *node)
{
    return (context_reader(reader)->entry->headers_call =
                context_read_word(reader, node, "a pattern"));
}

static bool read_headers_place(ModelReader *reader, yaml_node_t *node)
{
    ContextArg arg;
    return context_read_arg(reader, node, &arg);
}

static bool read_request_headers(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"call", read_headers_call},
                                    {"msg", read_headers_place},
                                    {"out", read_headers_place},
                                    {NULL, NULL}};
    return node_read_keys(reader, node, "headers", keys);
}

static bool read_entry_context(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"type", read_request_type},
                                    {"param", read_request_param},
                                    {"headers", read_request_headers},
                                    {NULL, NULL}};
    if (node->type == YAML_MAPPING_NODE)
        return node_read_keys(reader, node, "context", keys);
    return read_request_param(reader, node);
}

static bool read_entry(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"fn_type", read_entry_type},
                                    {"field", read_entry_field},
                                    {"name", read_entry_name},
                                    {"register", read_register},
                                    {"result_of", read_entry_result},
                                    {"kind", read_entry_kind},
                                    {"context", read_entry_context},
                                    {"per_request", read_entry_per_request},
                                    {NULL, NULL}};
    ContextReader *context = context_reader(reader);
    ContextEntry entry = {0};
    context_read_stand(reader, node, &entry.file, &entry.line, &entry.column);
    context->entry = &entry;
    if (!node_read_keys(reader, node, "an entry", keys)) return false;
    if (!entry.fn_type && !entry.field && !entry.name && !entry.call && !entry.result_of)
        return node_fail(reader, node, 0,
                         "which functions? say fn_type, field, name, register or "
                         "result_of");
    vec_push(context->model->arena, &context->model->entries, entry);
    return true;
}

bool context_read_entries(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "entries") &&
           context_read_each(reader, node, read_entry);
}
