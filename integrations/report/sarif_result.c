/*
 * One finding as a SARIF result, in the shape that every consumer we know of reads: the
 * message expanded, exactly one location with a full region, at most one code flow, and
 * related places linked from the message, without which GitHub does not show them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rolling.h"
#include "sarif.h"
#include "snippet.h"
#include "utf8.h"

enum {
    LONGEST_CLAIM = 750, /* of the message, so that the links behind it fit in 1000 */
    LONGEST_LINK = 80,
    MOST_LINKS = 5,
    MOST_RELATED = 50,
    MOST_STEPS = 200
};

/* Kept as they are in a URI; a ':' would read as a scheme. */
static bool is_uri_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~/+@,=", c));
}

static const char *uri_of(const char *path, Arena *scratch)
{
    Buf uri;
    buf_init(&uri, scratch);
    if (path[0] == '/') buf_text(&uri, "file://");
    for (const char *c = path; *c; c++)
        if (is_uri_char(*c))
            buf_put(&uri, c, 1);
        else
            buf_printf(&uri, "%%%02X", (unsigned)(unsigned char)*c);
    return uri.at;
}

static cJSON *region_of(Sarif *sarif, const Place *place)
{
    cJSON *region = json_object();
    uint32_t number = place->line ? place->line : 1;
    json_add_number(region, "startLine", number);
    if (!place->line || !place->column) return region;
    SourceLine line = source_line_at(sarif->source, place->path, place->line);
    uint32_t from = columns_utf16(&sarif->columns, line, place->column);
    uint32_t to = columns_utf16(&sarif->columns, line, snippet_end_column(line, place));
    json_add_number(region, "startColumn", from);
    json_add_number(region, "endLine", number);
    json_add_number(region, "endColumn", to > from ? to : from + 1);
    return region;
}

cJSON *sarif_physical(Sarif *sarif, const Place *place)
{
    const char *path = place->path ? place->path : "";
    cJSON *physical = json_object(), *artifact = json_object();
    json_add_text(artifact, "uri", uri_of(path, sarif->scratch), sarif->scratch);
    if (sarif->options->has_root && path[0] != '/')
        json_add_text(artifact, "uriBaseId", "SRCROOT", sarif->scratch);
    json_add(physical, "artifactLocation", artifact);
    json_add(physical, "region", region_of(sarif, place));
    return physical;
}

static void add_function(cJSON *location, const char *function, Arena *scratch)
{
    if (!function || !function[0]) return;
    cJSON *array = json_array(), *logical = json_object();
    json_add_text(logical, "name", function, scratch);
    json_add_text(logical, "kind", "function", scratch);
    json_push(array, logical);
    json_add(location, "logicalLocations", array);
}

static cJSON *location_of(Sarif *sarif, const Place *place, const char *function)
{
    cJSON *location = json_object();
    json_add(location, "physicalLocation", sarif_physical(sarif, place));
    add_function(location, function, sarif->scratch);
    return location;
}

/* In a message "[text](1)" is a link: code that looks like one is escaped, and so is the
 * text of our own links. At most max bytes and "..." are put. */
static void put_text(Buf *out, const char *text, size_t max, bool is_link)
{
    bool is_risky = is_link || strstr(text, "](");
    size_t len = strlen(text), end = out->n + max, taken;
    for (size_t i = 0; i < len; i += taken) {
        utf8_next(text + i, len - i, &taken);
        bool is_escaped = is_risky && strchr("[]\\", text[i]);
        if (out->n + taken + is_escaped > end) {
            buf_text(out, "...");
            return;
        }
        if (is_escaped) buf_text(out, "\\");
        buf_put(out, text + i, taken);
    }
}

static bool has_start(const Finding *finding)
{
    return finding->nstep > 1;
}

/* Link 1 is where the path starts, if there is a path; the related places follow. */
static cJSON *message_of(const Finding *finding, Arena *scratch)
{
    Buf text;
    buf_init(&text, scratch);
    put_text(&text, finding->text, LONGEST_CLAIM, false);
    if (!text.n || !strchr(".!?", text.at[text.n - 1])) buf_text(&text, ".");
    if (has_start(finding)) {
        const char *start = finding->steps[0].text;
        buf_text(&text, " First: [");
        put_text(&text, start ? start : "here", LONGEST_LINK, true);
        buf_text(&text, "](1).");
    }
    uint32_t id = has_start(finding) ? 2 : 1;
    for (uint32_t i = 0; i < finding->nrelated && i < MOST_LINKS; i++)
        buf_printf(&text, "%s[here](%" PRIu32 ")",
                   i ? ", " : " The same cause also shows ", id + i);
    if (finding->nrelated > MOST_LINKS)
        buf_printf(&text, " and at %" PRIu32 " more places",
                   finding->nrelated - MOST_LINKS);
    if (finding->nrelated) buf_text(&text, ".");
    cJSON *message = json_object();
    json_add_text(message, "text", text.at, scratch);
    return message;
}

static void push_related(Sarif *sarif, cJSON *array, uint32_t id, const Step *step)
{
    cJSON *location = location_of(sarif, &step->place, step->function);
    json_add_number(location, "id", id);
    json_add(location, "message",
             sarif_message(step->text ? step->text : "", sarif->scratch));
    json_push(array, location);
}

static void add_related(Sarif *sarif, cJSON *result, const Finding *finding)
{
    uint32_t id = 1;
    if (!has_start(finding) && !finding->nrelated) return;
    cJSON *array = json_array();
    if (has_start(finding)) push_related(sarif, array, id++, &finding->steps[0]);
    for (uint32_t i = 0; i < finding->nrelated && i < MOST_RELATED; i++)
        push_related(sarif, array, id++, &finding->related[i]);
    json_add(result, "relatedLocations", array);
}

/* Kinds are SARIF's words, read off the shape of the path. */
static cJSON *kinds_of(const Finding *finding, uint32_t i, Arena *scratch)
{
    const Step *steps = finding->steps;
    cJSON *kinds = json_array();
    if (i + 1 == finding->nstep) json_push(kinds, json_text("danger", scratch));
    if (i == 0) json_push(kinds, json_text("value", scratch));
    if (i + 1 < finding->nstep && steps[i + 1].depth > steps[i].depth)
        json_push(kinds, json_text("call", scratch));
    if (i > 0 && steps[i - 1].depth > steps[i].depth)
        json_push(kinds, json_text("return", scratch));
    return kinds;
}

static cJSON *step_of(Sarif *sarif, const Finding *finding, uint32_t i)
{
    const Step *step = &finding->steps[i];
    bool is_end = i == 0 || i + 1 == finding->nstep;
    cJSON *at = json_object(), *kinds = kinds_of(finding, i, sarif->scratch);
    cJSON *location = location_of(sarif, &step->place, step->function);
    json_add(location, "message",
             sarif_message(step->text ? step->text : "", sarif->scratch));
    json_add(at, "location", location);
    if (cJSON_GetArraySize(kinds))
        json_add(at, "kinds", kinds);
    else
        cJSON_Delete(kinds);
    json_add_number(at, "nestingLevel", step->depth);
    json_add_number(at, "executionOrder", i + 1);
    json_add_text(at, "importance", is_end ? "essential" : "important", sarif->scratch);
    return at;
}

/* Of a very long path both ends are kept. */
static void add_path(Sarif *sarif, cJSON *result, const Finding *finding)
{
    if (!finding->nstep) return;
    cJSON *locations = json_array();
    for (uint32_t i = 0; i < finding->nstep; i++)
        if (i < MOST_STEPS / 2 || finding->nstep - i <= MOST_STEPS / 2)
            json_push(locations, step_of(sarif, finding, i));
    cJSON *thread = json_object(), *threads = json_array();
    cJSON *flow = json_object(), *flows = json_array();
    json_add(thread, "locations", locations);
    json_push(threads, thread);
    json_add(flow, "threadFlows", threads);
    json_push(flows, flow);
    json_add(result, "codeFlows", flows);
}

static const LineHashes *hashes_of(Sarif *sarif, const char *path)
{
    const SourceFile *file = source_file(sarif->source, path);
    uint64_t *known = map_get(&sarif->hashes, MAP_KEY(file));
    if (known) return (const LineHashes *)(uintptr_t)*known;
    LineHashes *hashes = ARENA_NEW(sarif->files, LineHashes);
    if (file->at) *hashes = rolling_hashes(file, sarif->files);
    map_put(&sarif->hashes, MAP_KEY(file), MAP_KEY(hashes), NULL);
    return hashes;
}

static void add_fingerprints(Sarif *sarif, cJSON *result, const Finding *finding)
{
    cJSON *prints = json_object();
    const LineHashes *hashes = hashes_of(sarif, finding->place.path);
    uint32_t line = finding->place.line;
    if (line > 0 && line <= hashes->nline)
        json_add_text(prints, "primaryLocationLineHash",
                      arena_printf(sarif->scratch, "%" PRIx64 ":%" PRIu32,
                                   hashes->hash[line - 1], hashes->count[line - 1]),
                      sarif->scratch);
    json_add_text(prints, "sluice/v1", finding->fingerprint, sarif->scratch);
    json_add(result, "partialFingerprints", prints);
}

static void add_properties(Sarif *sarif, cJSON *result, const Finding *finding)
{
    cJSON *properties = json_object(), *terms = json_array();
    const char tier[] = {(char)('A' + finding->tier - TIER_A), 0};
    json_add_text(properties, "tier", tier, sarif->scratch);
    json_add_number(properties, "score", finding->score);
    for (uint32_t i = 0; i < finding->nterm; i++) {
        cJSON *term = json_object();
        json_add_text(term, "name", finding->terms[i].name, sarif->scratch);
        json_add_number(term, "value", finding->terms[i].value);
        json_push(terms, term);
    }
    json_add(properties, "scoreTerms", terms);
    if (finding->builds)
        json_add_text(properties, "builds",
                      finding->builds == BUILDS_CHECKED ? "assertions-kept"
                                                        : "assertions-compiled-out",
                      sarif->scratch);
    if (finding->advice)
        json_add_text(properties, "advice", finding->advice, sarif->scratch);
    json_add(result, "properties", properties);
}

/* Where the byte stands, in SARIF's units. */
static void add_position(Sarif *sarif, cJSON *region, const char *path, uint32_t offset,
                         const char *line_key, const char *column_key)
{
    const SourceFile *file = source_file(sarif->source, path);
    uint32_t line = 1;
    while (line < file->nline && file->starts[line] <= offset)
        line++;
    uint32_t start = file->nline ? file->starts[line - 1] : 0;
    json_add_number(region, line_key, line);
    json_add_number(
        region, column_key,
        columns_utf16(&sarif->columns, source_line(file, line), offset - start + 1));
}

static cJSON *replacement_of(Sarif *sarif, const char *path, const Edit *edit)
{
    cJSON *replacement = json_object(), *region = json_object();
    add_position(sarif, region, path, edit->offset, "startLine", "startColumn");
    add_position(sarif, region, path, edit->offset + edit->cut, "endLine", "endColumn");
    json_add(replacement, "deletedRegion", region);
    if (*edit->text)
        json_add(replacement, "insertedContent",
                 sarif_message(edit->text, sarif->scratch));
    return replacement;
}

/* Only of the very bytes that were analysed: what is shown is on the disk. */
static bool is_current(Sarif *sarif, const Fix *fix)
{
    const SourceFile *file = source_file(sarif->source, fix->path);
    return file->at && hash_compare(hash_bytes(file->at, file->len), fix->content) == 0;
}

static void add_fix(Sarif *sarif, cJSON *result, const Finding *finding)
{
    const Fix *fix = finding->fix;
    if (!fix || !is_current(sarif, fix)) return;
    cJSON *replacements = json_array(), *change = json_object(), *changes = json_array();
    for (uint32_t i = 0; i < fix->nedit; i++)
        json_push(replacements, replacement_of(sarif, fix->path, &fix->edits[i]));
    cJSON *artifact = json_object(), *own = json_object(), *fixes = json_array();
    json_add_text(artifact, "uri", uri_of(fix->path, sarif->scratch), sarif->scratch);
    if (sarif->options->has_root && fix->path[0] != '/')
        json_add_text(artifact, "uriBaseId", "SRCROOT", sarif->scratch);
    json_add(change, "artifactLocation", artifact);
    json_add(change, "replacements", replacements);
    json_push(changes, change);
    json_add(own, "description", sarif_message(fix->text, sarif->scratch));
    json_add(own, "artifactChanges", changes);
    json_push(fixes, own);
    json_add(result, "fixes", fixes);
}

static void add_suppression(cJSON *result, const Finding *finding, Arena *scratch)
{
    if (!finding->suppressed) return;
    cJSON *array = json_array(), *suppression = json_object();
    json_add_text(suppression, "kind", "inSource", scratch);
    json_add_text(suppression, "status", "accepted", scratch);
    json_add_text(suppression, "justification", finding->suppressed, scratch);
    json_push(array, suppression);
    json_add(result, "suppressions", array);
}

/* What GitLab ranks by; 90 and more would read as critical there. */
static int rank_of(Tier tier)
{
    return tier == TIER_A ? 80 : tier == TIER_B ? 50 : 20;
}

cJSON *sarif_result(Sarif *sarif, const Finding *finding)
{
    cJSON *result = json_object(), *locations = json_array();
    int64_t rule = sarif_rule_index(sarif, finding->rule_id);
    json_add_text(result, "ruleId", finding->rule_id, sarif->scratch);
    if (rule >= 0) json_add_number(result, "ruleIndex", (double)rule);
    json_add_text(result, "level", report_level(finding->tier), sarif->scratch);
    json_add_text(result, "kind", "fail", sarif->scratch);
    json_add_number(result, "rank", rank_of(finding->tier));
    json_add(result, "message", message_of(finding, sarif->scratch));
    json_push(locations, location_of(sarif, &finding->place, finding->function));
    json_add(result, "locations", locations);
    add_related(sarif, result, finding);
    add_path(sarif, result, finding);
    add_fingerprints(sarif, result, finding);
    if (finding->age)
        json_add_text(result, "baselineState",
                      finding->age == AGE_NEW ? "new" : "unchanged", sarif->scratch);
    add_suppression(result, finding, sarif->scratch);
    add_fix(sarif, result, finding);
    add_properties(sarif, result, finding);
    return result;
}
