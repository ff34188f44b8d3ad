/*
 * Models of contexts from YAML: the sections of a file, in an order in which what is named
 * stands before what names it. A file takes effect as a whole or not at all.
 */
#include <stdlib.h>
#include <string.h>

#include "context/reader.h"

static bool read_version(ModelReader *reader, yaml_node_t *node)
{
    return node_is(node, "1") ||
           node_fail(reader, node, 0, "this program reads ctx_model: 1 only");
}

static bool read_about(ModelReader *reader, yaml_node_t *node)
{
    return node_scalar(reader, node, "this");
}

static bool read_headers(ModelReader *reader, yaml_node_t *node)
{
    return node_is_short(reader, node, "headers");
}

static bool read_use_one(ModelReader *reader, yaml_node_t *node)
{
    ContextReader *context = context_reader(reader);
    const char *word = context_read_word(reader, node, "a file");
    if (!word) return false;
    if (context->uses) vec_push(context->model->arena, &context->uses->at, word);
    return true;
}

static bool read_use(ModelReader *reader, yaml_node_t *node)
{
    return node_is_short(reader, node, "use") &&
           context_read_each(reader, node, read_use_one);
}

static bool read_role(ModelReader *reader, yaml_node_t *node, ContextRole role)
{
    context_reader(reader)->role = role;
    context_reader(reader)->owner = CONTEXT_NONE;
    return context_read_actions(reader, node);
}

#define ROLE(function, NAME)                                                             \
    static bool function(ModelReader *reader, yaml_node_t *node)                         \
    {                                                                                    \
        return read_role(reader, node, CONTEXT_##NAME);                                  \
    }

ROLE(read_injectors, INJECT)
ROLE(read_extractors, EXTRACT)
ROLE(read_sinks, SEND)
ROLE(read_handoffs, HANDOFF)
ROLE(read_log, LOG)
ROLE(read_texts, TEXT)
ROLE(read_shared, SHARED)
ROLE(read_replies, REPLY)
ROLE(read_remaining, REMAINING)
ROLE(read_span_start, SPAN_START)
ROLE(read_span_end, SPAN_END)
#undef ROLE

static bool read_short(ModelReader *reader, yaml_node_t *node)
{
    const char *text = node_scalar(reader, node, "a number");
    if (!text) return false;
    char *end;
    long number = strtol(text, &end, 10);
    context_reader(reader)->model->short_ms = (uint32_t)number;
    return (!*end && number >= 0 && number <= 3600000) ||
           node_fail(reader, node, 0, "'%.40s' must be milliseconds, at most an hour",
                     text);
}

static bool read_deadline(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"remaining", read_remaining}, {"ignore_below_ms", read_short}, {NULL, NULL}};
    return node_read_keys(reader, node, "deadline", keys);
}

static bool read_spans(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {
        {"start", read_span_start}, {"finish", read_span_end}, {NULL, NULL}};
    return node_read_keys(reader, node, "spans", keys);
}

/* --- queues ------------------------------------------------------------------------------ */

static bool read_queue_call(ModelReader *reader, yaml_node_t *node, ContextRole role,
                            ContextPlace place, const char *at)
{
    ContextModel *model = context_reader(reader)->model;
    yaml_node_t *call = node_find(reader, node, role == CONTEXT_PUSH ? "push" : "pop");
    if (!call) return node_fail(reader, node, 0, "a queue needs 'push' and 'pop'");
    ContextAction action = {.role = role, .owner = CONTEXT_NONE};
    context_read_stand(reader, node, &action.file, &action.line, &action.column);
    action.places[place] = (ContextArg){.kind = CONTEXT_ARG_RESULT, .path = ""};
    yaml_node_t *where = node_find(reader, node, at);
    if (where && !context_read_arg(reader, where, &action.places[place])) return false;
    if (!(action.call = context_read_pattern(reader, call))) return false;
    vec_push(model->arena, &model->actions, action);
    return true;
}

static bool read_any(ModelReader *reader, yaml_node_t *node)
{
    return node_scalar(reader, node, "this");
}

static bool read_queue(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"push", read_any},
                                    {"item", read_any},
                                    {"pop", read_any},
                                    {"result", read_any},
                                    {NULL, NULL}};
    return node_read_keys(reader, node, "a queue", keys) &&
           read_queue_call(reader, node, CONTEXT_PUSH, PLACE_ITEM, "item") &&
           read_queue_call(reader, node, CONTEXT_POP, PLACE_OUT, "result");
}

static bool read_queues(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "queues") &&
           context_read_each(reader, node, read_queue);
}

/* --- the rest ---------------------------------------------------------------------------- */

static bool read_define_one(ModelReader *reader, yaml_node_t *node)
{
    ContextModel *model = context_reader(reader)->model;
    const char *word = context_read_word(reader, node, "a macro");
    if (word) vec_push(model->arena, &model->defines, word);
    return word;
}

static bool read_define(ModelReader *reader, yaml_node_t *node)
{
    return context_read_each(reader, node, read_define_one);
}

static bool read_parse(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"define", read_define}, {NULL, NULL}};
    return node_read_keys(reader, node, "parse", keys);
}

/* Small programs with what must be found in them: for the test of the model. */
static bool read_tests(ModelReader *reader, yaml_node_t *node)
{
    return node_is_list(reader, node, "tests");
}

static const ModelKey sections[] = {{"ctx_model", read_version},
                                    {"pack", read_about},
                                    {"about", read_about},
                                    {"headers", read_headers},
                                    {"use", read_use},
                                    {"keys", context_read_keys},
                                    {"require", context_read_require},
                                    {"roots", context_read_roots},
                                    {"endpoints", context_read_endpoints},
                                    {"contexts", context_read_contexts},
                                    {"deadline", read_deadline},
                                    {"entries", context_read_entries},
                                    {"carriers", context_read_carriers},
                                    {"injectors", read_injectors},
                                    {"extractors", read_extractors},
                                    {"sinks", read_sinks},
                                    {"handoffs", read_handoffs},
                                    {"queues", read_queues},
                                    {"log", read_log},
                                    {"texts", read_texts},
                                    {"spans", read_spans},
                                    {"shared_work", read_shared},
                                    {"replies", read_replies},
                                    {"parse", read_parse},
                                    {"components", context_read_components},
                                    {"deny", context_read_denies},
                                    {"allow", context_read_allows},
                                    {"tests", read_tests},
                                    {NULL, NULL}};

bool context_is_model(const char *text, size_t len)
{
    static const char word[] = "ctx_model:";
    size_t n = sizeof word - 1;
    for (size_t at = 0; at + n <= len; at++) {
        if (!memcmp(text + at, word, n)) return true;
        const char *line = memchr(text + at, '\n', len - at);
        if (!line) return false;
        at = (size_t)(line - text);
    }
    return false;
}

bool context_load(ContextModel *model, const char *file, const char *text, size_t len,
                  ContextUses *uses, Err *err)
{
    ContextModel before = *model; /* lists only grow: the old lengths are the old lists */
    ContextReader reader = {
        .base = {.file = arena_copy(model->arena, file, strlen(file)), .err = err},
        .model = model,
        .uses = uses};
    if (!reader_open(&reader.base, text, len)) return false;
    yaml_node_t *root = yaml_document_get_root_node(&reader.base.document);
    bool ok = root ? node_read_keys(&reader.base, root, "a model", sections)
                   : err_set(err, ERR_CONFIG, "%s:1:1: this model is empty", file);
    if (ok && !node_find(&reader.base, root, "ctx_model"))
        ok = node_fail(&reader.base, root, 0,
                       "a model of contexts starts with ctx_model: 1");
    yaml_document_delete(&reader.base.document);
    if (!ok) {
        *model = before;
        return false;
    }
    model->is_any = true;
    model->identity = hash_mix(model->identity, hash_bytes(text, len));
    return true;
}

bool context_uses(const char *file, const char *text, size_t len, ContextModel *model,
                  ContextUses *uses, Err *err)
{
    ContextReader reader = {
        .base = {.file = file, .err = err}, .model = model, .uses = uses};
    if (!reader_open(&reader.base, text, len)) return false;
    yaml_node_t *root = yaml_document_get_root_node(&reader.base.document);
    yaml_node_t *use = root && root->type == YAML_MAPPING_NODE
                           ? node_find(&reader.base, root, "use")
                           : NULL;
    bool ok = !use || read_use(&reader.base, use);
    yaml_document_delete(&reader.base.document);
    return ok;
}
