/*
 * Calls and what they do. All actions have one form, {call: PATTERN, place: arg0, ...}; a table
 * says which keys which role has.
 */
#include <string.h>

#include "context/reader.h"

#define BIT(ROLE) ((uint64_t)1 << CONTEXT_##ROLE)
#define EVERY     (~(uint64_t)0)

typedef struct ActionKey {
    const char *name;
    uint64_t roles;
    bool (*read)(ModelReader *reader, yaml_node_t *value); /* NULL: a place */
    ContextPlace place;
} ActionKey;

static ContextAction *at_work(ModelReader *reader)
{
    return context_reader(reader)->action;
}

static bool read_flag(ModelReader *reader, yaml_node_t *value, uint32_t flag)
{
    bool is_set;
    if (!node_bool(reader, value, &is_set)) return false;
    if (is_set) at_work(reader)->flags |= flag;
    return true;
}

static bool read_cannot_carry(ModelReader *reader, yaml_node_t *value)
{
    return read_flag(reader, value, CONTEXT_CANNOT_CARRY);
}

static bool read_auto_inject(ModelReader *reader, yaml_node_t *value)
{
    return read_flag(reader, value, CONTEXT_AUTO_INJECT);
}

static bool read_exempt(ModelReader *reader, yaml_node_t *value)
{
    return read_flag(reader, value, CONTEXT_EXEMPT);
}

static bool read_all(ModelReader *reader, yaml_node_t *value)
{
    return read_flag(reader, value, CONTEXT_ALL_KEYS);
}

/* `carries: ambient`, `carries: false` */
static bool read_carries(ModelReader *reader, yaml_node_t *value)
{
    if (node_is(value, "ambient")) {
        at_work(reader)->flags |= CONTEXT_CARRIES;
        return true;
    }
    return read_flag(reader, value, CONTEXT_CARRIES);
}

static bool read_intrusive(ModelReader *reader, yaml_node_t *value)
{
    at_work(reader)->flags |= CONTEXT_INTRUSIVE;
    return context_read_arg(reader, value, &at_work(reader)->places[PLACE_ITEM]);
}

static bool read_result(ModelReader *reader, yaml_node_t *value)
{
    static const char *const words[] = {"same", "ret", NULL};
    if (node_is(value, "same")) at_work(reader)->flags |= CONTEXT_SAME_RESULT;
    return node_is(value, "same") || node_is(value, "ret") ||
           node_unknown_word(reader, value, "result", words);
}

static bool read_unit(ModelReader *reader, yaml_node_t *value)
{
    static const char *const words[] = {"s", "ms", NULL};
    if (node_is(value, "s")) at_work(reader)->flags |= CONTEXT_SECONDS;
    return node_is(value, "s") || node_is(value, "ms") ||
           node_unknown_word(reader, value, "unit", words);
}

static bool read_mode(ModelReader *reader, yaml_node_t *value)
{
    static const char *const words[] = {"replace", "add", NULL};
    if (node_is(value, "replace")) at_work(reader)->flags |= CONTEXT_REPLACES;
    return node_is(value, "replace") || node_is(value, "add") ||
           node_unknown_word(reader, value, "mode", words);
}

static bool read_call(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->call = context_read_pattern(reader, value));
}

static bool read_macro(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->macro = context_read_pattern(reader, value));
}

static bool read_fn_type(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->fn_type = context_read_pattern(reader, value));
}

static bool read_field(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->field = context_read_pattern(reader, value));
}

static bool read_via(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->via = context_read_name(reader, value, "via"));
}

static bool read_instead(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->use_instead =
                context_read_word(reader, value, "use_instead"));
}

static bool read_keys_of(ModelReader *reader, yaml_node_t *value)
{
    return context_read_key_set(reader, value, &at_work(reader)->keys);
}

/* What a send takes along or loses besides: kept as words for people. */
static bool read_words(ModelReader *reader, yaml_node_t *value)
{
    return node_is_short(reader, value, "this");
}

static bool read_async(ModelReader *reader, yaml_node_t *value)
{
    static const ModelKey none[] = {{NULL, NULL}};
    at_work(reader)->flags |= CONTEXT_ASYNC;
    yaml_node_t *data =
        value->type == YAML_MAPPING_NODE ? node_find(reader, value, "data") : NULL;
    if (!data) return node_read_keys(reader, value, "async", none);
    return context_read_arg(reader, data, &at_work(reader)->places[PLACE_DATA]);
}

/* [arg2, arg3]: the second runs when the first is done */
static bool read_fn(ModelReader *reader, yaml_node_t *value)
{
    ContextAction *action = at_work(reader);
    if (value->type != YAML_SEQUENCE_NODE)
        return context_read_arg(reader, value, &action->places[PLACE_FN]);
    if (node_length(value) != 2)
        return node_fail(reader, value, 0, "fn: one place, or a list of two");
    return context_read_arg(reader, node_item(reader, value, 0),
                            &action->places[PLACE_FN]) &&
           context_read_arg(reader, node_item(reader, value, 1),
                            &action->places[PLACE_FN_MORE]);
}

static bool read_when(ModelReader *reader, yaml_node_t *value)
{
    ContextAction *action = at_work(reader);
    if (value->type != YAML_MAPPING_NODE || node_pairs(value) > CONTEXT_MOST_WHEN)
        return node_fail(reader, value, 0, "when must be {arg1: PATTERN}, at most %d",
                         CONTEXT_MOST_WHEN);
    for (uint32_t i = 0; i < node_pairs(value); i++) {
        const yaml_node_pair_t *pair = &value->data.mapping.pairs.start[i];
        ContextArg arg;
        if (!context_read_arg(reader, node_get(reader, pair->key), &arg)) return false;
        const Pattern *name = context_read_pattern(reader, node_get(reader, pair->value));
        if (!name) return false;
        action->when[action->nwhen++] = (ContextWhen){arg.index, name};
    }
    return true;
}

static bool read_key_arg(ModelReader *reader, yaml_node_t *value)
{
    return context_read_arg(reader, value, &at_work(reader)->places[PLACE_KEY]);
}

static bool read_key_split(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->split = context_read_pattern(reader, value));
}

static bool read_key_field(ModelReader *reader, yaml_node_t *value)
{
    return (at_work(reader)->key_field = context_read_word(reader, value, "field_store"));
}

static bool read_key(ModelReader *reader, yaml_node_t *value)
{
    static const ModelKey keys[] = {{"arg", read_key_arg},
                                    {"split", read_key_split},
                                    {"field_store", read_key_field},
                                    {NULL, NULL}};
    return node_read_keys(reader, value, "key", keys);
}

static bool read_flag_place(ModelReader *reader, yaml_node_t *value)
{
    return context_read_arg(reader, value, &at_work(reader)->places[PLACE_FLAG]);
}

static bool read_bit(ModelReader *reader, yaml_node_t *value)
{
    uint32_t bit;
    if (!context_read_number(reader, value, &bit)) return false;
    if (bit > 31) return node_fail(reader, value, 0, "bit must be a number from 0 to 31");
    at_work(reader)->bits = (uint32_t)1 << bit;
    return true;
}

/* What must be set for the keys to be sent at all. */
static bool read_only_with(ModelReader *reader, yaml_node_t *value)
{
    static const ModelKey keys[] = {
        {"at", read_flag_place}, {"bit", read_bit}, {NULL, NULL}};
    return node_read_keys(reader, value, "only_with", keys);
}

static const ActionKey action_keys[] = {
    {"call", EVERY, read_call, 0},
    {"macro", EVERY, read_macro, 0},
    {"fn_type", EVERY, read_fn_type, 0},
    {"field", BIT(DERIVE) | BIT(PUT) | BIT(DEADLINE), read_field, 0},
    {"from",
     BIT(DERIVE) | BIT(DETACH) | BIT(READ) | BIT(COPY) | BIT(INJECT) | BIT(EXTRACT) |
         BIT(SUSPEND) | BIT(REMAINING) | BIT(GET) | BIT(SPAN_START),
     NULL, PLACE_FROM},
    {"on",
     BIT(PUT) | BIT(RESET) | BIT(DROP) | BIT(ATTACH) | BIT(DEADLINE) | BIT(ENDPOINT) |
         BIT(SET) | BIT(NEW),
     NULL, PLACE_ON},
    {"into", BIT(INJECT) | BIT(EXTRACT) | BIT(COPY) | BIT(TEXT), NULL, PLACE_INTO},
    {"carrier", BIT(SEND) | BIT(ATTACH), NULL, PLACE_CARRIER},
    {"value", BIT(DEADLINE) | BIT(ENDPOINT) | BIT(PUT) | BIT(SET) | BIT(SEND) | BIT(TEXT),
     NULL, PLACE_VALUE},
    {"data", BIT(HANDOFF), NULL, PLACE_DATA},
    {"item", BIT(PUSH), NULL, PLACE_ITEM},
    {"arg", BIT(END) | BIT(FREE) | BIT(SPAN_END) | BIT(LOSE), NULL, PLACE_ARG},
    {"out", BIT(ORIGIN) | BIT(NEW) | BIT(DERIVE) | BIT(COPY) | BIT(READ), NULL,
     PLACE_OUT},
    {"reason", BIT(ROOT) | BIT(DETACH), NULL, PLACE_REASON},
    {"headers", BIT(SEND), NULL, PLACE_HEADERS},
    {"also", BIT(SEND), NULL, PLACE_ALSO},
    {"only_with", BIT(SEND), read_only_with, 0},
    {"context", BIT(LOG) | BIT(SEND), NULL, PLACE_FROM},
    {"fn", BIT(HANDOFF), read_fn, 0},
    {"intrusive", BIT(HANDOFF), read_intrusive, 0},
    {"carries", BIT(HANDOFF) | BIT(LOG), read_carries, 0},
    {"key", BIT(READ) | BIT(PUT) | BIT(DROP), read_key, 0},
    {"all", BIT(READ) | BIT(PUT) | BIT(COPY) | BIT(EXTRACT) | BIT(INJECT), read_all, 0},
    {"result", BIT(PUT) | BIT(COPY) | BIT(INJECT), read_result, 0},
    {"when", BIT(ATTACH) | BIT(DEADLINE) | BIT(ENDPOINT) | BIT(PUT) | BIT(RESET),
     read_when, 0},
    {"mode", BIT(ATTACH), read_mode, 0},
    {"unit", BIT(DEADLINE), read_unit, 0},
    {"drops", BIT(DETACH), read_keys_of, 0},
    {"keys", BIT(INJECT) | BIT(EXTRACT) | BIT(PUT), read_keys_of, 0},
    {"via", BIT(SEND), read_via, 0},
    {"async", BIT(SEND), read_async, 0},
    {"cannot_carry", BIT(SEND), read_cannot_carry, 0},
    {"use_instead", BIT(SEND), read_instead, 0},
    {"auto_inject", BIT(SEND), read_auto_inject, 0},
    {"exempt", BIT(SEND), read_exempt, 0},
    {"inherits", BIT(SEND), read_words, 0},
    {NULL, 0, NULL, 0}};

/* `drops` of a send speaks of what is kept, not of keys. */
static const ActionKey *key_of(ModelReader *reader, const yaml_node_t *node)
{
    static const ActionKey drops = {"drops", BIT(SEND), read_words, 0};
    uint64_t role = (uint64_t)1 << context_reader(reader)->role;
    if (role == BIT(SEND) && node_is(node, "drops")) return &drops;
    for (const ActionKey *key = action_keys; key->name; key++)
        if ((key->roles & role) && node_is(node, key->name)) return key;
    return NULL;
}

static bool fail_key(ModelReader *reader, const yaml_node_t *node)
{
    const char *words[sizeof action_keys / sizeof *action_keys + 1] = {0};
    uint32_t n = 0;
    for (const ActionKey *key = action_keys; key->name; key++)
        if (key->roles >> context_reader(reader)->role & 1) words[n++] = key->name;
    return node_unknown_word(reader, node, "key", words);
}

static bool read_pairs(ModelReader *reader, yaml_node_t *node)
{
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        yaml_node_t *name = node_get(reader, pair->key);
        yaml_node_t *value = node_get(reader, pair->value);
        if (!node_scalar(reader, name, "a key")) return false;
        const ActionKey *key = key_of(reader, name);
        if (!key) return fail_key(reader, name);
        bool ok = key->read ? key->read(reader, value)
                            : context_read_arg(reader, value,
                                               &at_work(reader)->places[key->place]);
        if (!ok) return false;
    }
    return true;
}

static bool read_one(ModelReader *reader, yaml_node_t *node)
{
    ContextReader *context = context_reader(reader);
    ContextAction action = {.role = context->role, .owner = context->owner};
    context_read_stand(reader, node, &action.file, &action.line, &action.column);
    context->action = &action;
    bool ok;
    if (node->type == YAML_SCALAR_NODE)
        ok = (action.call = context_read_pattern(reader, node));
    else if (node->type == YAML_MAPPING_NODE)
        ok = read_pairs(reader, node);
    else
        ok = node_fail(reader, node, 0, "this must be {call: PATTERN, ...}");
    if (ok && !action.call && !action.macro && !action.fn_type && !action.field)
        ok = node_fail(reader, node, 0, "which call? say call: PATTERN");
    if (ok) vec_push(context->model->arena, &context->model->actions, action);
    return ok;
}

bool context_read_actions(ModelReader *reader, yaml_node_t *node)
{
    return context_read_each(reader, node, read_one);
}
