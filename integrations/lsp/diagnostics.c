/* Findings as diagnostics: pushed when they change, or handed out when the client asks. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "server.h"

enum { SEVERITY_ERROR = 1, SEVERITY_WARNING, SEVERITY_INFORMATION };

/* --- places --------------------------------------------------------------------------------- */

const char *place_path(const Server *server, const Place *place, Arena *arena)
{
    return path_join(arena, server->result.root, place->path ? place->path : "");
}

const char *uri_of_path(Server *server, const char *path, Arena *arena)
{
    const Document *document = document_of_path(&server->documents, path);
    return document ? document->uri : uri_of(path, arena);
}

static cJSON *position_json(uint32_t line, uint32_t character)
{
    cJSON *position = json_object();
    json_add_number(position, "line", line);
    json_add_number(position, "character", character);
    return position;
}

static cJSON *range_json(uint32_t line, uint32_t start, uint32_t end)
{
    cJSON *range = json_object();
    json_add(range, "start", position_json(line, start));
    json_add(range, "end", position_json(line, end));
    return range;
}

cJSON *range_of(const Server *server, const Place *place)
{
    if (!place->line) return range_json(0, 0, 0);
    SourceLine line = source_line_at(server->source, place->path, place->line);
    size_t start = place->column ? place->column - 1 : 0, end;
    if (!line.at) return range_json(place->line - 1, 0, 0);
    if (start > line.len) start = line.len;
    if (!place->column)
        while (start < line.len && (line.at[start] == ' ' || line.at[start] == '\t'))
            start++;
    end = place->column ? position_word_end(line.at, line.len, start) : line.len;
    PositionUnits units = server->can.units;
    return range_json(place->line - 1, position_units(line.at, start, units),
                      position_units(line.at, end, units));
}

/* --- one diagnostic ------------------------------------------------------------------------- */

const Rule *rule_of(const Server *server, const char *rule_id)
{
    for (uint32_t i = 0; rule_id && i < server->setup->nrule; i++)
        if (!strcmp(server->setup->rules[i]->id, rule_id)) return server->setup->rules[i];
    return NULL;
}

const char *rule_page_uri(Server *server, const char *rule_id, Arena *arena)
{
    const Rule *rule = rule_of(server, rule_id);
    if (!rule || !rule->page || !server->scratch.path) return NULL;
    const char *path = arena_printf(arena, "%s/%s.md", server->scratch.path, rule->id);
    if (!file_exists(path) && !file_write(path, rule->page, strlen(rule->page), NULL))
        return NULL;
    return uri_of(path, arena);
}

static int severity_of(const Finding *finding, const Shown *shown)
{
    if (shown->kind != RESULT_FINDING || finding->tier == TIER_C)
        return SEVERITY_INFORMATION;
    return shown->blocks ? SEVERITY_ERROR : SEVERITY_WARNING;
}

static cJSON *related(Server *server, const Step *steps, uint32_t n, Arena *scratch)
{
    enum { MOST_STEPS = 100 };
    cJSON *list = json_array();
    for (uint32_t i = 0; i < n && i < MOST_STEPS; i++) {
        if (!steps[i].place.path) continue;
        cJSON *item = json_object(), *location = json_object();
        const char *path = place_path(server, &steps[i].place, scratch);
        json_add_text(location, "uri", uri_of_path(server, path, scratch), scratch);
        json_add(location, "range", range_of(server, &steps[i].place));
        json_add(item, "location", location);
        json_add_text(item, "message",
                      n > 1 ? arena_printf(scratch, "%u. %s", i + 1, steps[i].text)
                            : steps[i].text,
                      scratch);
        json_push(list, item);
    }
    return list;
}

/* Clients that drop related information still show the path, as lines of the message. */
static const char *message_of(const Server *server, const Finding *finding, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_text(&out, finding->text);
    for (uint32_t i = 0; i < finding->nstep && !server->can.related; i++)
        buf_printf(&out, "\n%u. %s:%u: %s", i + 1, finding->steps[i].place.path,
                   finding->steps[i].place.line, finding->steps[i].text);
    if (finding->advice && *finding->advice) buf_printf(&out, "\n%s", finding->advice);
    return out.at;
}

cJSON *diagnostic_of(Server *server, uint32_t number, Arena *scratch)
{
    const Finding *finding = &server->result.findings.at[number];
    const Shown *shown = &server->result.shown[number];
    cJSON *diagnostic = json_object(), *data = json_object();
    json_add(diagnostic, "range", range_of(server, &finding->place));
    json_add_number(diagnostic, "severity", severity_of(finding, shown));
    json_add_text(diagnostic, "code", finding->rule_id, scratch);
    const char *page = rule_page_uri(server, finding->rule_id, scratch);
    if (page) {
        cJSON *description = json_object();
        json_add_text(description, "href", page, scratch);
        json_add(diagnostic, "codeDescription", description);
    }
    json_add_text(diagnostic, "source", "sluice", scratch);
    json_add_text(diagnostic, "message", message_of(server, finding, scratch), scratch);
    if (server->can.related && finding->nstep)
        json_add(diagnostic, "relatedInformation",
                 related(server, finding->steps, finding->nstep, scratch));
    json_add_text(data, "fingerprint", finding->fingerprint, scratch);
    json_add_number(data, "tier", finding->tier);
    json_add_bool(data, "blocks", shown->blocks);
    json_add(diagnostic, "data", data);
    return diagnostic;
}

/* All of one file. Findings are sorted by path within each kind. */
static cJSON *list_of(Server *server, const char *path, Arena *scratch)
{
    cJSON *list = json_array();
    const char *own = path_below(scratch, server->result.root, path);
    for (uint32_t i = 0; i < server->result.findings.n; i++) {
        const char *at = server->result.findings.at[i].place.path;
        if (at && !strcmp(at, own)) json_push(list, diagnostic_of(server, i, scratch));
    }
    return list;
}

/* The list as text: what is the same needs no second word. */
static Hash content_of(const cJSON *list)
{
    char *text = cJSON_PrintUnformatted(list);
    if (!text) die("out of memory (printing JSON)");
    Hash content = hash_bytes(text, strlen(text));
    cJSON_free(text);
    return content;
}

/* --- push ----------------------------------------------------------------------------------- */

static Published *published_of(Server *server, const char *uri)
{
    for (uint32_t i = 0; i < server->published.n; i++)
        if (!strcmp(server->published.at[i].uri, uri)) return &server->published.at[i];
    Published made = {.uri = arena_copy(server->arena, uri, strlen(uri)), .version = -1};
    vec_push(server->arena, &server->published, made);
    return &server->published.at[server->published.n - 1];
}

static void publish_one(Server *server, const char *path, Arena *scratch)
{
    const Document *document = document_of_path(&server->documents, path);
    const char *uri = uri_of_path(server, path, scratch);
    cJSON *list = list_of(server, path, scratch);
    Published *known = published_of(server, uri);
    Hash content = content_of(list);
    int64_t version = document ? document->version : -1;
    bool is_news = hash_compare(content, known->content) != 0;
    bool is_first = !known->content.low && !known->content.high;
    if ((!is_news && (!document || version == known->version)) ||
        (is_first && !document && !cJSON_GetArraySize(list))) {
        cJSON_Delete(list);
        return;
    }
    known->content = content;
    known->version = version;
    cJSON *params = json_object();
    json_add_text(params, "uri", uri, scratch);
    if (document && server->can.versions)
        json_add_number(params, "version", (double)version);
    json_add(params, "diagnostics", list);
    rpc_notify(server, "textDocument/publishDiagnostics", params);
}

typedef VEC(const char *) Paths;

static void add_path(Arena *arena, Paths *paths, const char *path)
{
    for (uint32_t i = paths->n; i--;)
        if (!strcmp(paths->at[i], path)) return;
    vec_push(arena, paths, path);
}

/* Files that are open, those with findings, and those that had some. */
static Paths paths_of_all(Server *server, Arena *arena)
{
    Paths paths = {0};
    for (uint32_t i = 0; i < server->documents.open.n; i++)
        add_path(arena, &paths, server->documents.open.at[i].path);
    const char *last = NULL;
    for (uint32_t i = 0; i < server->result.findings.n; i++) {
        const Place *place = &server->result.findings.at[i].place;
        if (!place->path || (last && !strcmp(last, place->path))) continue;
        last = place->path;
        add_path(arena, &paths, place_path(server, place, arena));
    }
    for (uint32_t i = 0; i < server->published.n; i++) {
        const char *path = uri_path(server->published.at[i].uri, arena);
        if (path) add_path(arena, &paths, path);
    }
    return paths;
}

/* A client that asks by itself must be told that asking again is worth it. */
static void ask_for_refresh(Server *server, Arena *scratch)
{
    bool is_news = false;
    for (uint32_t i = 0; i < server->published.n; i++) {
        Published *known = &server->published.at[i];
        const Document *document = document_find(&server->documents, known->uri);
        if (!document) continue;
        cJSON *list = list_of(server, document->path, scratch);
        is_news |= hash_compare(content_of(list), known->content) != 0;
        cJSON_Delete(list);
    }
    for (uint32_t i = 0; i < server->owed.n; i++)
        if (server->owed.at[i]->advance == diagnostics_pull) is_news = false;
    if (is_news && server->can.refresh)
        rpc_request(server, "workspace/diagnostic/refresh", NULL);
}

void diagnostics_publish(Server *server)
{
    Arena *scratch = arena_new("publish");
    if (server->can.pull) {
        ask_for_refresh(server, scratch);
    } else {
        Paths paths = paths_of_all(server, scratch);
        for (uint32_t i = 0; i < paths.n; i++)
            publish_one(server, paths.at[i], scratch);
    }
    arena_free(scratch);
}

/* --- pull ----------------------------------------------------------------------------------- */

static cJSON *report_of(Server *server, const char *path, const char *before,
                        Arena *scratch)
{
    char id[33];
    cJSON *report = json_object(), *list = list_of(server, path, scratch);
    Hash content = content_of(list);
    hash_hex(content, id);
    bool is_same = before && !strcmp(before, id);
    published_of(server, uri_of_path(server, path, scratch))->content = content;
    cJSON_AddStringToObject(report, "kind", is_same ? "unchanged" : "full");
    cJSON_AddStringToObject(report, "resultId", id);
    if (is_same)
        cJSON_Delete(list);
    else
        json_add(report, "items", list);
    return report;
}

static cJSON *empty_report(void)
{
    cJSON *report = json_object();
    cJSON_AddStringToObject(report, "kind", "full");
    json_add(report, "items", json_array());
    return report;
}

bool diagnostics_pull(Server *server, Owed *owed)
{
    if (!host_is_fresh(server)) return false;
    const char *uri = get_text(owed->params, "textDocument.uri");
    const char *path = uri_path(uri, owed->arena);
    const Document *document = document_find(&server->documents, uri);
    if (document) path = document->path;
    if (!path)
        rpc_error(server, owed->id, RPC_PARAMS, "textDocument.uri must be a file: URI");
    else if (!server->source)
        rpc_result(server, owed->id, empty_report());
    else
        rpc_result(server, owed->id,
                   report_of(server, path, get_text(owed->params, "previousResultId"),
                             owed->arena));
    return true;
}

static const char *result_before(const cJSON *params, const char *uri)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, get(params, "previousResultIds"))
    {
        const char *text = get_text(item, "uri");
        if (text && !strcmp(text, uri)) return get_text(item, "value");
    }
    return NULL;
}

bool diagnostics_pull_all(Server *server, Owed *owed)
{
    if (!host_is_fresh(server)) return false;
    cJSON *result = json_object(), *items = json_array();
    Paths paths = {0};
    if (server->source) paths = paths_of_all(server, owed->arena);
    for (uint32_t i = 0; i < paths.n; i++) {
        const char *uri = uri_of_path(server, paths.at[i], owed->arena);
        const Document *document = document_find(&server->documents, uri);
        cJSON *report =
            report_of(server, paths.at[i], result_before(owed->params, uri), owed->arena);
        json_add_text(report, "uri", uri, owed->arena);
        json_add(report, "version",
                 document ? cJSON_CreateNumber((double)document->version)
                          : cJSON_CreateNull());
        json_push(items, report);
    }
    json_add(result, "items", items);
    rpc_result(server, owed->id, result);
    return true;
}
