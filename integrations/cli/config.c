/*
 * Reads .sluice.yaml. The file is small and read by people: whatever it says that is not
 * understood is an error with its line and column, never a setting that has no effect.
 */
#include "config.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "args.h"
#include "base/file.h"
#include "finding/suppress.h"
#include "rules/rules.h"

enum { CONFIG_LIMIT = 1024 * 1024, MOST_KEYS = 16 };

typedef struct Reader {
    const char *file;
    Arena *arena;
    Config *config;
    Err *err;
    yaml_document_t document;
    VEC(Threshold) thresholds;
    VEC(const char *) models;
    Threshold *threshold; /* at work */
} Reader;

typedef struct Key {
    const char *name;
    bool (*read)(Reader *reader, const yaml_node_t *value);
} Key;

static bool PRINTF_LIKE(3, 4)
    complain(Reader *reader, const yaml_node_t *node, const char *fmt, ...)
{
    char text[300];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return err_set(reader->err, ERR_CONFIG, "%s:%zu:%zu: %s", reader->file,
                   node->start_mark.line + 1, node->start_mark.column + 1, text);
}

static const char *text_of(Reader *reader, const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    if (node->type == YAML_SCALAR_NODE && *text &&
        strlen(text) == node->data.scalar.length)
        return arena_copy(reader->arena, text, node->data.scalar.length);
    complain(reader, node, "this must be a word or text");
    return NULL;
}

/* --- keys --------------------------------------------------------------------------------- */

static bool fail_key(Reader *reader, const yaml_node_t *node, const char *word,
                     const Key *keys)
{
    const char *names[MOST_KEYS];
    uint32_t n = 0;
    while (keys[n].name && n < MOST_KEYS) {
        names[n] = keys[n].name;
        n++;
    }
    const char *near = args_nearest(word, names, n);
    return complain(reader, node, "unknown key '%.60s'%s%s%s", word,
                    near ? ": did you mean '" : "", near ? near : "",
                    near ? "'?" : "; `sluice config schema` lists them");
}

static bool read_keys(Reader *reader, const yaml_node_t *node, const Key *keys)
{
    if (node->type != YAML_MAPPING_NODE)
        return complain(reader, node, "here must be keys and values: \"key: value\"");
    uint64_t seen = 0;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(&reader->document, pair->key);
        const char *word = text_of(reader, key);
        if (!word) return false;
        uint32_t k = 0;
        while (keys[k].name && strcmp(keys[k].name, word) != 0)
            k++;
        if (!keys[k].name) return fail_key(reader, key, word, keys);
        if (seen & 1ull << k)
            return complain(reader, key, "the key '%s' stands here twice", word);
        seen |= 1ull << k;
        if (!keys[k].read(reader, yaml_document_get_node(&reader->document, pair->value)))
            return false;
    }
    return true;
}

/* Calls `each` for every item of a list; a single word is a list of one. */
static bool read_list(Reader *reader, const yaml_node_t *node,
                      bool (*each)(Reader *reader, const yaml_node_t *item))
{
    if (node->type == YAML_SCALAR_NODE) return each(reader, node);
    if (node->type != YAML_SEQUENCE_NODE)
        return complain(reader, node, "this must be a list: [a, b]");
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        if (!each(reader, yaml_document_get_node(&reader->document, *item))) return false;
    return true;
}

/* --- values ------------------------------------------------------------------------------- */

static bool read_tier(Reader *reader, const yaml_node_t *node, int *tier)
{
    const char *text = text_of(reader, node);
    if (!text) return false;
    if (strlen(text) == 1 && strchr("ABC", text[0]))
        *tier = text[0] - 'A' + TIER_A;
    else if (!strcmp(text, "none"))
        *tier = CONFIG_NONE;
    else
        return complain(reader, node, "this must be A, B, C or none, not '%.40s'", text);
    return true;
}

static bool read_number(Reader *reader, const yaml_node_t *node, double most,
                        double *value)
{
    const char *text = text_of(reader, node);
    if (!text) return false;
    char *end;
    *value = strtod(text, &end);
    bool is_number = (text[0] >= '0' && text[0] <= '9') && !*end;
    return (is_number && *value >= 0 && *value <= most) ||
           complain(reader, node, "this must be a number from 0 to %.0f, not '%.40s'",
                    most, text);
}

static bool read_version(Reader *reader, const yaml_node_t *node)
{
    const char *text = text_of(reader, node);
    if (!text) return false;
    return !strcmp(text, "1") ||
           complain(reader, node, "version %.20s of this file is not known: it must be 1",
                    text);
}

static bool read_compdb(Reader *reader, const yaml_node_t *node)
{
    return (reader->config->compdb = text_of(reader, node)) != NULL;
}

static bool read_baseline(Reader *reader, const yaml_node_t *node)
{
    return (reader->config->baseline = text_of(reader, node)) != NULL;
}

static bool read_model(Reader *reader, const yaml_node_t *node)
{
    const char *text = text_of(reader, node);
    if (text)
        vec_push(reader->arena, &reader->models,
                 path_join(reader->arena, reader->config->folder, text));
    return text != NULL;
}

static bool read_models(Reader *reader, const yaml_node_t *node)
{
    return read_list(reader, node, read_model);
}

static bool read_partial(Reader *reader, const yaml_node_t *node)
{
    const char *text = text_of(reader, node);
    if (!text) return false;
    reader->config->allow_partial = !strcmp(text, "true");
    return !strcmp(text, "true") || !strcmp(text, "false") ||
           complain(reader, node, "this must be true or false, not '%.40s'", text);
}

static bool read_coverage(Reader *reader, const yaml_node_t *node)
{
    return read_number(reader, node, 100, &reader->config->min_coverage);
}

static bool read_fail_on(Reader *reader, const yaml_node_t *node)
{
    return read_tier(reader, node, &reader->config->fail_on);
}

static bool read_show(Reader *reader, const yaml_node_t *node)
{
    return read_tier(reader, node, &reader->config->show);
}

/* --- thresholds --------------------------------------------------------------------------- */

static const Threshold no_threshold = {
    .fail_on = CONFIG_UNSET, .show = CONFIG_UNSET, .max = -1};

static bool read_rule(Reader *reader, const yaml_node_t *node)
{
    VEC(const char *) ids = {0};
    const char *text = text_of(reader, node);
    if (!text) return false;
    vec_push(reader->arena, &ids, SUPPRESS_UNUSED);
    vec_push(reader->arena, &ids, SUPPRESS_NO_REASON);
    for (size_t i = 0; i < all_rules_count; i++)
        vec_push(reader->arena, &ids, all_rules[i]->id);
    reader->threshold->rule = text;
    for (uint32_t i = 0; i < ids.n; i++)
        if (config_fits_rule(text, ids.at[i])) return true;
    const char *near = args_nearest(text, ids.at, ids.n);
    return complain(reader, node, "no rule '%.60s'%s%s%s", text,
                    near ? ": did you mean '" : "", near ? near : "",
                    near ? "'?" : "; `sluice explain` lists them");
}

static bool read_path(Reader *reader, const yaml_node_t *node)
{
    return (reader->threshold->path = text_of(reader, node)) != NULL;
}

static bool read_own_fail_on(Reader *reader, const yaml_node_t *node)
{
    return read_tier(reader, node, &reader->threshold->fail_on);
}

static bool read_own_show(Reader *reader, const yaml_node_t *node)
{
    return read_tier(reader, node, &reader->threshold->show);
}

static bool read_max(Reader *reader, const yaml_node_t *node)
{
    double value;
    if (!read_number(reader, node, 1000000, &value)) return false;
    reader->threshold->max = (int64_t)value;
    return (double)reader->threshold->max == value ||
           complain(reader, node, "this must be a whole number");
}

static bool read_reason(Reader *reader, const yaml_node_t *node)
{
    return text_of(reader, node) != NULL; /* for those who read the file */
}

static bool read_threshold(Reader *reader, const yaml_node_t *node)
{
    static const Key keys[] = {{"rule", read_rule},
                               {"path", read_path},
                               {"fail-on", read_own_fail_on},
                               {"show", read_own_show},
                               {"max", read_max},
                               {"reason", read_reason},
                               {0}};
    Threshold threshold = no_threshold;
    threshold.line = (uint32_t)node->start_mark.line + 1;
    reader->threshold = &threshold;
    if (!read_keys(reader, node, keys)) return false;
    if (!threshold.rule && !threshold.path)
        return complain(reader, node,
                        "a threshold needs 'rule' or 'path'; for all findings "
                        "use 'fail-on' and 'show' at the top");
    if (threshold.fail_on == CONFIG_UNSET && threshold.show == CONFIG_UNSET &&
        threshold.max < 0)
        return complain(reader, node,
                        "this threshold sets nothing: it needs 'fail-on', "
                        "'show' or 'max'");
    vec_push(reader->arena, &reader->thresholds, threshold);
    return true;
}

static bool read_thresholds(Reader *reader, const yaml_node_t *node)
{
    return read_list(reader, node, read_threshold);
}

static bool read_excluded(Reader *reader, const yaml_node_t *node)
{
    Threshold threshold = no_threshold;
    threshold.path = text_of(reader, node);
    threshold.line = (uint32_t)node->start_mark.line + 1;
    threshold.fail_on = threshold.show = CONFIG_NONE;
    vec_push(reader->arena, &reader->thresholds, threshold);
    return threshold.path != NULL;
}

static bool read_exclude(Reader *reader, const yaml_node_t *node)
{
    return read_list(reader, node, read_excluded);
}

/* --- the file ----------------------------------------------------------------------------- */

static bool read_document(Reader *reader)
{
    static const Key keys[] = {{"version", read_version},
                               {"compile-database", read_compdb},
                               {"baseline", read_baseline},
                               {"models", read_models},
                               {"allow-partial", read_partial},
                               {"min-coverage", read_coverage},
                               {"fail-on", read_fail_on},
                               {"show", read_show},
                               {"exclude", read_exclude},
                               {"thresholds", read_thresholds},
                               {0}};
    yaml_node_t *root = yaml_document_get_root_node(&reader->document);
    if (!root)
        return err_set(reader->err, ERR_CONFIG,
                       "%s:1:1: the file is empty: it "
                       "needs at least \"version: 1\"",
                       reader->file);
    bool has_version = false;
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         root->type == YAML_MAPPING_NODE && pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(&reader->document, pair->key);
        has_version |= key->type == YAML_SCALAR_NODE &&
                       !strcmp((const char *)key->data.scalar.value, "version");
    }
    if (!read_keys(reader, root, keys)) return false;
    return has_version ||
           complain(reader, root,
                    "\"version: 1\" is missing: it says which keys are known");
}

static bool parse(Reader *reader, const FileText *text)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) die("out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)text->at, text->len);
    bool ok = yaml_parser_load(&parser, &reader->document);
    if (ok) {
        ok = read_document(reader);
        yaml_document_delete(&reader->document);
    } else {
        err_set(reader->err, ERR_CONFIG, "%s:%zu:%zu: this is not YAML: %s", reader->file,
                parser.problem_mark.line + 1, parser.problem_mark.column + 1,
                parser.problem ? parser.problem : "it cannot be read");
    }
    yaml_parser_delete(&parser);
    return ok;
}

bool config_read(const char *file, Arena *arena, Config *config, Err *err)
{
    *config = (Config){.file = file,
                       .fail_on = CONFIG_UNSET,
                       .show = CONFIG_UNSET,
                       .allow_partial = CONFIG_UNSET,
                       .min_coverage = -1};
    if (!file) return true;
    FileText text;
    if (!file_read(file, CONFIG_LIMIT, arena, &text, err)) {
        if (err) err->kind = ERR_USAGE;
        return false;
    }
    const char *real = path_real(arena, file), *slash = strrchr(real, '/');
    config->folder = slash > real ? arena_copy(arena, real, (size_t)(slash - real)) : "/";
    Reader reader = {.file = file, .arena = arena, .config = config, .err = err};
    if (!parse(&reader, &text)) return false;
    config->thresholds = reader.thresholds.at;
    config->nthreshold = reader.thresholds.n;
    config->models = reader.models.at;
    config->nmodel = reader.models.n;
    return true;
}

const char *config_find(const char *folder, Arena *arena)
{
    for (;;) {
        const char *file = path_join(arena, folder, ".sluice.yaml");
        if (file_exists(file)) return file;
        if (file_exists(path_join(arena, folder, ".git"))) return NULL;
        const char *slash = strrchr(folder, '/');
        if (!slash || !folder[1]) return NULL;
        folder =
            slash == folder ? "/" : arena_copy(arena, folder, (size_t)(slash - folder));
    }
}

bool config_fits_rule(const char *pattern, const char *rule_id)
{
    return fnmatch(pattern, rule_id, 0) == 0;
}

bool config_fits_path(const char *pattern, const char *path)
{
    size_t len = strlen(pattern);
    while (len && pattern[len - 1] == '/')
        len--;
    if (!strncmp(pattern, path, len) && (!path[len] || path[len] == '/')) return true;
    return fnmatch(pattern, path, 0) == 0;
}
