/* Baselines on disk. They are merged by people and by git, so every line is looked at. */
#include "baseline_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/vec.h"
#include "integrations/report/json.h"

enum { BASELINE_LIMIT = 512 * 1024 * 1024, LIKENESS = 32 };

static const char *text_of(const cJSON *object, const char *key, Arena *arena)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsString(item)) return NULL;
    return arena_copy(arena, item->valuestring, strlen(item->valuestring));
}

static double number_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble <= 1e9
               ? item->valuedouble
               : 0;
}

static bool read_known(const cJSON *item, Arena *arena, Known *known)
{
    *known = (Known){.rule_id = text_of(item, "rule", arena),
                     .path = text_of(item, "path", arena),
                     .function = text_of(item, "function", arena),
                     .likeness = text_of(item, "likeness", arena)};
    if (!known->function) known->function = "";
    return known->rule_id && known->path && known->likeness &&
           strlen(known->likeness) == LIKENESS &&
           strspn(known->likeness, "0123456789abcdef") == LIKENESS;
}

static bool read_json(const cJSON *json, const char *path, Arena *arena,
                      BaselineFile *file, Err *err)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "findings"), *item;
    VEC(Known) all = {0};
    if (number_of(json, "version") != 1 || !cJSON_IsArray(list))
        return err_set(err, ERR_CONFIG,
                       "%s: not a baseline of this version: write it anew with "
                       "`sluice baseline update`",
                       path);
    cJSON_ArrayForEach(item, list)
    {
        Known known;
        if (!read_known(item, arena, &known))
            return err_set(err, ERR_CONFIG,
                           "%s: finding %u has no rule, path or likeness: write the file "
                           "anew with `sluice baseline update`",
                           path, all.n + 1);
        vec_push(arena, &all, known);
    }
    *file = (BaselineFile){.known = {all.at, all.n},
                           .units = (uint32_t)number_of(json, "units"),
                           .coverage = number_of(json, "coverage")};
    return true;
}

bool baseline_read(const char *path, Arena *arena, BaselineFile *file, Err *err)
{
    FileText text;
    const char *end = NULL;
    Arena *scratch = arena_new("baseline");
    bool ok = file_read(path, BASELINE_LIMIT, scratch, &text, err);
    if (!ok) {
        if (err) err->kind = ERR_USAGE;
    } else {
        cJSON *json = cJSON_ParseWithOpts(text.at, &end, true);
        if (json) {
            ok = read_json(json, path, arena, file, err);
        } else {
            uint32_t line = 1;
            for (const char *c = text.at; end && c < end; c++)
                line += *c == '\n';
            ok = err_set(err, ERR_CONFIG,
                         "%s:%u: not JSON%s: repair it, or write it anew with `sluice "
                         "baseline update`",
                         path, line,
                         strstr(text.at, "<<<<<<<") ? ", but the two sides of a merge"
                                                    : "");
        }
        cJSON_Delete(json);
    }
    arena_free(scratch);
    return ok;
}

static int known_compare(const void *a, const void *b)
{
    const Known *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    if (!order) order = strcmp(x->rule_id, y->rule_id);
    if (!order) order = strcmp(x->function, y->function);
    return order ? order : strcmp(x->likeness, y->likeness);
}

void baseline_write(const BaselineFile *file, Buf *out)
{
    const KnownList *known = &file->known;
    Arena *scratch = arena_new("baseline");
    if (known->n) qsort(known->at, known->n, sizeof *known->at, known_compare);
    buf_printf(out, "{\"version\":1,\n\"units\":%u,\n\"coverage\":%.2f,\n\"findings\":[",
               file->units, file->coverage);
    for (uint32_t i = 0; i < known->n; i++) {
        cJSON *item = json_object();
        json_add_text(item, "path", known->at[i].path, scratch);
        json_add_text(item, "rule", known->at[i].rule_id, scratch);
        json_add_text(item, "function", known->at[i].function, scratch);
        json_add_text(item, "likeness", known->at[i].likeness, scratch);
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, item);
    }
    buf_text(out, "\n]}\n");
    arena_free(scratch);
}
