/*
 * Model packs from YAML. The text is loaded as a document (libyaml does the grammar, aliases
 * included), then read key by key against tables, so that an unknown key is an error where
 * it stands. A pack takes effect as a whole or not at all.
 */
#include <string.h>

#include "summary/model_reader.h"

enum { MOST_TEXT = 4 << 20, MOST_LATENTS = 16, MOST_INVOKES = 8 };

/* --- functions: parameters --------------------------------------------------------------- */

static bool read_params(ModelReader *reader, yaml_node_t *node)
{
    ModelBuild *build = &reader->build;
    if (!node_is_short(reader, node, "params")) return false;
    for (uint32_t i = 0; i < node_length(node); i++) {
        yaml_node_t *item = node_item(reader, node, i);
        const char *text = node_identifier(reader, item, "a parameter");
        if (!text) return false;
        const Name *name = name_of(build->names, text);
        for (uint32_t k = 0; k < build->params.n; k++)
            if (build->params.at[k] == name)
                return node_fail(reader, item, 0, "two parameters are called '%s'", text);
        vec_push(build->arena, &build->params, name);
    }
    return true;
}

static bool add_nonnull(ModelReader *reader, yaml_node_t *list, const Guard *guard)
{
    ModelBuild *build = &reader->build;
    if (!node_is_short(reader, list, "nonnull")) return false;
    for (uint32_t i = 0; i < node_length(list); i++) {
        Latent latent = {.kind = LATENT_NONNULL, .is_must = true};
        if (!read_place(reader, node_item(reader, list, i), "what must not be null",
                        &latent.term))
            return false;
        if (reader->build.terms.at[latent.term].kind == TERM_FRESH)
            return node_fail(reader, node_item(reader, list, i), 0,
                             "the result is no argument: say 'returns: nonnull'");
        if (guard) {
            latent.guards = ARENA_NEW(build->arena, Guard);
            *latent.guards = *guard;
            latent.nguard = 1;
        }
        if (build->latents.n == MOST_LATENTS)
            return node_fail(reader, list, 0, "more than %d parameters", MOST_LATENTS);
        vec_push(build->arena, &build->latents, latent);
    }
    return true;
}

static bool read_nonnull(ModelReader *reader, yaml_node_t *node)
{
    return add_nonnull(reader, node, NULL);
}

static bool read_nonnull_if(ModelReader *reader, yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "nonnull_if must be {\"n != 0\": [a, b]}");
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        Guard guard;
        if (!read_guard(reader, node_get(reader, pair->key), false, &guard)) return false;
        if (!add_nonnull(reader, node_get(reader, pair->value), &guard)) return false;
    }
    return true;
}

static bool read_noreturn(ModelReader *reader, yaml_node_t *node)
{
    bool value = false;
    if (!node_bool(reader, node, &value)) return false;
    if (value) reader->build.summary->flags |= SUMMARY_NORETURN;
    return true;
}

static bool read_format(ModelReader *reader, yaml_node_t *node)
{
    bool is_scan = node_is(node, "scan");
    if (!is_scan && !node_is(node, "print"))
        return node_fail(reader, node, 0, "format must be print or scan");
    if (!reader->build.params.n)
        return node_fail(reader, node, 0,
                         "the format is the last parameter, and there is none");
    reader->build.summary->flags |= is_scan ? SUMMARY_SCANS : SUMMARY_PRINTS;
    return true;
}

static bool read_writes(ModelReader *reader, yaml_node_t *node)
{
    if (node_is(node, "all")) {
        reader->build.summary->flags |= SUMMARY_CLOBBERS_PARAMS;
        return true;
    }
    if (!node_is_short(reader, node, "writes")) return false;
    for (uint32_t i = 0; i < node_length(node); i++) {
        TermId term = 0;
        if (!read_place(reader, node_item(reader, node, i), "what is written", &term))
            return false;
        vec_push(reader->build.arena, &reader->build.clobbers, term);
    }
    return true;
}

static bool read_writes_globals(ModelReader *reader, yaml_node_t *node)
{
    bool value = false;
    if (!node_bool(reader, node, &value)) return false;
    if (value) reader->build.summary->flags |= SUMMARY_CLOBBERS_GLOBALS;
    return true;
}

static bool read_calls(ModelReader *reader, yaml_node_t *node)
{
    if (!node_is_short(reader, node, "calls")) return false;
    if (node_length(node) > MOST_INVOKES)
        return node_fail(reader, node, 0, "more than %d calls", MOST_INVOKES);
    for (uint32_t i = 0; i < node_length(node); i++) {
        yaml_node_t *item = node_item(reader, node, i);
        const char *text = node_scalar(reader, item, "a call");
        Invoke invoke;
        ModelFault fault;
        if (!text) return false;
        if (!model_invoke(&reader->build, text, &invoke, &fault))
            return node_fault(reader, item, &fault);
        vec_push(reader->build.arena, &reader->build.invokes, invoke);
    }
    return true;
}

static bool read_later(ModelReader *reader, yaml_node_t *node)
{
    (void)reader;
    (void)node;
    return true;
}

/* Either outcomes, or the short form, or nothing for what never returns. */
static bool read_results(ModelReader *reader, yaml_node_t *node)
{
    static const char *const shorts[] = {"returns", "or_null", "sets", "zeroes",
                                         "copies"};
    yaml_node_t *outcomes = node_find(reader, node, "outcomes");
    bool is_noreturn = reader->build.summary->flags & SUMMARY_NORETURN;
    for (uint32_t i = 0; i < sizeof shorts / sizeof shorts[0]; i++) {
        yaml_node_t *found = node_find(reader, node, shorts[i]);
        if (found && outcomes)
            return node_fail(reader, found, 0, "with outcomes, %s stands in them",
                             shorts[i]);
        if (found && is_noreturn)
            return node_fail(reader, found, 0, "what never returns has no %s", shorts[i]);
    }
    if (is_noreturn)
        return !outcomes ||
               node_fail(reader, outcomes, 0, "what never returns has no outcomes");
    return outcomes ? read_outcomes(reader, outcomes) : read_short_outcomes(reader, node);
}

bool read_function(ModelReader *reader, yaml_node_t *node)
{
    static const ModelKey keys[] = {{"params", read_params},
                                    {"nonnull", read_nonnull},
                                    {"nonnull_if", read_nonnull_if},
                                    {"format", read_format},
                                    {"noreturn", read_noreturn},
                                    {"writes", read_writes},
                                    {"writes_globals", read_writes_globals},
                                    {"calls", read_calls},
                                    {"returns", read_later},
                                    {"or_null", read_later},
                                    {"sets", read_later},
                                    {"zeroes", read_later},
                                    {"copies", read_later},
                                    {"outcomes", read_later},
                                    {"also", read_later},
                                    {0}};
    if (!node_read_keys(reader, node, "a function", keys)) return false;
    if (!node_find(reader, node, "params"))
        return node_fail(reader, node, 0, "the key 'params' is missing ([] for none)");
    if (!read_results(reader, node)) return false;
    model_end(&reader->build);
    return true;
}

static bool add_summary(ModelReader *reader, yaml_node_t *node, Summary *summary)
{
    bool is_new = false;
    map_put(&reader->own, MAP_KEY(summary->link_name), 0, &is_new);
    if (!is_new)
        return node_fail(reader, node, 0, "the function '%s' stands here twice",
                         summary->link_name->text);
    vec_push(reader->models->arena, &reader->summaries, summary);
    ModelPlace place = {.summary = summary,
                        .file = reader->file,
                        .line = (uint32_t)node->start_mark.line + 1,
                        .column = (uint32_t)node->start_mark.column + 1};
    vec_push(reader->models->arena, &reader->places, place);
    return true;
}

static Summary *renamed(ModelReader *reader, const Summary *summary, const Name *name)
{
    Summary *copy = ARENA_NEW(reader->models->arena, Summary);
    *copy = *summary;
    copy->link_name = name;
    copy->invokes = ARENA_ARRAY(reader->models->arena, Invoke, summary->ninvoke);
    for (uint32_t i = 0; i < summary->ninvoke; i++) {
        copy->invokes[i] = summary->invokes[i];
        copy->invokes[i].site.fn = name;
    }
    return copy;
}

/* Other names of the same function: the model is theirs too. */
static bool add_also(ModelReader *reader, yaml_node_t *node, const Summary *summary)
{
    if (!node_is_list(reader, node, "also")) return false;
    for (uint32_t i = 0; i < node_length(node); i++) {
        yaml_node_t *item = node_item(reader, node, i);
        const char *text = node_identifier(reader, item, "a function's name");
        if (!text) return false;
        const Name *name = name_of(reader->models->names, text);
        if (!add_summary(reader, item, renamed(reader, summary, name))) return false;
    }
    return true;
}

static bool read_functions(ModelReader *reader, yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE)
        return node_fail(reader, node, 0, "functions must be a mapping: {name: {...}}");
    for (uint32_t i = 0; i < node_pairs(node); i++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[i];
        yaml_node_t *key = node_get(reader, pair->key);
        yaml_node_t *value = node_get(reader, pair->value);
        const char *text = node_identifier(reader, key, "a function's name");
        if (!text) return false;
        model_begin(&reader->build, reader->models, text);
        if (!add_summary(reader, key, reader->build.summary)) return false;
        if (!read_function(reader, value)) return false;
        yaml_node_t *also = node_find(reader, value, "also");
        if (also && !add_also(reader, also, reader->build.summary)) return false;
    }
    return true;
}

/* --- packs ------------------------------------------------------------------------------- */

static bool read_version(ModelReader *reader, yaml_node_t *node)
{
    return node_is(node, "1") ||
           node_fail(reader, node, 0, "the version of the model language is 1");
}

static bool read_text(ModelReader *reader, yaml_node_t *node)
{
    return node_scalar(reader, node, "this");
}

static bool read_headers(ModelReader *reader, yaml_node_t *node)
{
    if (!node_is_list(reader, node, "headers")) return false;
    for (uint32_t i = 0; i < node_length(node); i++)
        if (!node_scalar(reader, node_item(reader, node, i), "a header")) return false;
    return true;
}

static bool read_pack(ModelReader *reader)
{
    static const ModelKey keys[] = {
        {"version", read_version}, {"pack", read_text},           {"about", read_text},
        {"headers", read_headers}, {"functions", read_functions}, {0}};
    yaml_node_t *root = yaml_document_get_root_node(&reader->document);
    if (!root)
        return err_set(reader->err, ERR_CONFIG, "%s:1:1: the pack is empty",
                       reader->file);
    if (!node_read_keys(reader, root, "a pack", keys)) return false;
    static const char *const needed[] = {"version", "pack", "functions"};
    for (uint32_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!node_find(reader, root, needed[i]))
            return node_fail(reader, root, 0, "the key '%s' is missing", needed[i]);
    return true;
}

static void keep_place(Models *models, const ModelPlace *place)
{
    for (uint32_t i = 0; i < models->loaded.n; i++) {
        if (models->loaded.at[i].summary->link_name != place->summary->link_name)
            continue;
        models->loaded.at[i] = *place;
        return;
    }
    vec_push(models->arena, &models->loaded, *place);
}

static void keep_pack(ModelReader *reader)
{
    Models *models = reader->models;
    for (uint32_t i = 0; i < reader->places.n; i++)
        keep_place(models, &reader->places.at[i]);
    for (uint32_t i = 0; i < reader->summaries.n; i++) {
        Summary *summary = reader->summaries.at[i];
        bool is_new = false;
        uint64_t *at = map_put(&models->by_name, MAP_KEY(summary->link_name),
                               models->all.n, &is_new);
        if (is_new)
            vec_push(models->arena, &models->all, summary);
        else
            models->all.at[*at] = summary;
    }
}

static bool fail_parse(const char *file, const yaml_parser_t *parser, Err *err)
{
    const yaml_mark_t *mark = &parser->problem_mark;
    return err_set(err, ERR_CONFIG, "%s:%zu:%zu: %s", file, mark->line + 1,
                   mark->column + 1,
                   parser->problem ? parser->problem : "this is no YAML");
}

/* What stands behind a line of --- is a document of its own. */
static bool is_single(ModelReader *reader, yaml_parser_t *parser)
{
    yaml_document_t more;
    if (!yaml_document_get_root_node(&reader->document)) return true;
    if (!yaml_parser_load(parser, &more))
        return fail_parse(reader->file, parser, reader->err);
    const yaml_node_t *root = yaml_document_get_root_node(&more);
    bool ok = !root || node_fail(reader, root, 0,
                                 "a second document begins here: one pack stands in one "
                                 "file");
    yaml_document_delete(&more);
    return ok;
}

bool reader_open(ModelReader *reader, const char *text, size_t len)
{
    if (len > MOST_TEXT)
        return err_set(reader->err, ERR_CONFIG,
                       "%s:1:1: a model pack has at most %d bytes", reader->file,
                       MOST_TEXT);
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) die("out of memory (reading %s)", reader->file);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    bool ok = yaml_parser_load(&parser, &reader->document);
    if (!ok) fail_parse(reader->file, &parser, reader->err);
    if (ok && !is_single(reader, &parser)) {
        yaml_document_delete(&reader->document);
        ok = false;
    }
    yaml_parser_delete(&parser);
    return ok;
}

bool models_load(Models *models, const char *file, const char *text, size_t len, Err *err)
{
    ModelReader reader = {.models = models, .file = file, .err = err};
    if (!reader_open(&reader, text, len)) return false;
    map_init(&reader.own, models->arena);
    bool ok = read_pack(&reader);
    yaml_document_delete(&reader.document);
    if (!ok) return false;
    keep_pack(&reader);
    models->identity = hash_mix(models->identity, hash_bytes(file, strlen(file)));
    models->identity = hash_mix(models->identity, hash_bytes(text, len));
    return true;
}
