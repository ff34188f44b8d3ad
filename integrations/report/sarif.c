/*
 * SARIF 2.1.0: one log, one run. Rules and results are written one by one, each on its own
 * line, so that memory holds one result at a time and a person can grep and diff the file.
 *
 * Nothing in it depends on the machine, the folder or the day, unless options ask for it.
 */
#include "sarif.h"

#include <string.h>

#include "formats.h"

static void put_item(Sarif *sarif, Buf *out, bool *is_first, cJSON *item)
{
    buf_text(out, *is_first ? "\n" : ",\n");
    json_put(out, item);
    *is_first = false;
    arena_reset(sarif->scratch, (ArenaMark){0});
}

static void put_driver(Sarif *sarif, Buf *out)
{
    buf_printf(out,
               "\"tool\":{\"driver\":{\"name\":\"sluice\",\"fullName\":\"sluice %s\","
               "\"semanticVersion\":\"%s\",\"rules\":[",
               SLUICE_VERSION, SLUICE_VERSION);
    bool is_first = true;
    for (uint32_t i = 0; i < sarif->input->nrule; i++)
        put_item(sarif, out, &is_first,
                 sarif_rule(&sarif->input->rules[i], sarif->scratch));
    for (uint32_t i = 0; i < sarif_own_rule_count; i++)
        put_item(sarif, out, &is_first, sarif_rule(&sarif_own_rules[i], sarif->scratch));
    buf_text(out, "]}},\n");
}

static cJSON *descriptor_of(RunNoteKind kind, Arena *scratch)
{
    static const char *const ids[] = {"unit-failed", "unit-partial", "unit-adapted",
                                      "model-misfit"};
    cJSON *descriptor = json_object();
    json_add_text(descriptor, "id", ids[kind], scratch);
    return descriptor;
}

static cJSON *notification_of(Sarif *sarif, const RunNote *note)
{
    cJSON *notification = json_object();
    static const char *const levels[] = {"error", "warning", "note", "warning"};
    json_add(notification, "descriptor", descriptor_of(note->kind, sarif->scratch));
    json_add_text(notification, "level", levels[note->kind], sarif->scratch);
    json_add(notification, "message", sarif_message(note->text, sarif->scratch));
    if (note->place.path) {
        cJSON *locations = json_array(), *location = json_object();
        json_add(location, "physicalLocation", sarif_physical(sarif, &note->place));
        json_push(locations, location);
        json_add(notification, "locations", locations);
    }
    return notification;
}

static cJSON *lost_notification(Sarif *sarif)
{
    cJSON *notification = json_object(), *descriptor = json_object();
    json_add_text(descriptor, "id", "results-left-out", sarif->scratch);
    json_add(notification, "descriptor", descriptor);
    json_add_text(notification, "level", "warning", sarif->scratch);
    json_add(notification, "message",
             sarif_message(arena_printf(sarif->scratch,
                                        "%u weaker results are not in this log: services "
                                        "refuse larger ones",
                                        sarif->nlost),
                           sarif->scratch));
    return notification;
}

/* Services refuse the results of an unsuccessful run, so one is unsuccessful only when
 * nothing at all was analysed. */
static bool is_successful(const ReportInput *input)
{
    if (input->stats) return input->stats->ntu > input->stats->nfailed;
    return !input->is_incomplete || report_count_notes(input, RUN_PARTIAL) > 0;
}

static void put_invocation(Sarif *sarif, Buf *out)
{
    const ReportOptions *options = sarif->options;
    buf_printf(out, "\"invocations\":[{\"executionSuccessful\":%s,",
               is_successful(sarif->input) ? "true" : "false");
    if (options->started && options->ended)
        buf_printf(out, "\"startTimeUtc\":\"%s\",\"endTimeUtc\":\"%s\",",
                   options->started, options->ended);
    buf_text(out, "\"toolExecutionNotifications\":[");
    bool is_first = true;
    for (uint32_t i = 0; i < sarif->input->nnote; i++)
        put_item(sarif, out, &is_first, notification_of(sarif, &sarif->input->notes[i]));
    if (sarif->nlost) put_item(sarif, out, &is_first, lost_notification(sarif));
    buf_text(out, "]}],\n");
}

static void put_root(Sarif *sarif, Buf *out)
{
    if (!sarif->options->has_root) return;
    Place root = {.path = arena_printf(sarif->scratch, "%s/", sarif->options->root)};
    cJSON *physical = sarif_physical(sarif, &root);
    cJSON *bases = json_object();
    json_add(bases, "SRCROOT", cJSON_DetachItemFromObject(physical, "artifactLocation"));
    cJSON_Delete(physical);
    buf_text(out, "\"originalUriBaseIds\":");
    json_put(out, bases);
    buf_text(out, ",\n");
}

static void put_details(Sarif *sarif, Buf *out)
{
    const char *category = sarif->options->category;
    cJSON *details = json_object();
    json_add_text(
        details, "id",
        arena_printf(sarif->scratch, "sluice/%s/", category ? category : "default"),
        sarif->scratch);
    buf_text(out, "\"columnKind\":\"utf16CodeUnits\",\n\"automationDetails\":");
    json_put(out, details);
    buf_text(out, ",\n");
}

static void put_results(Sarif *sarif, Buf *out)
{
    bool is_first = true;
    buf_text(out, "\"results\":[");
    const FindingList *findings = sarif->input->findings;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->at[i];
        if (!report_lists(sarif->options, finding) || !sarif->room[finding->tier])
            continue;
        sarif->room[finding->tier]--;
        put_item(sarif, out, &is_first, sarif_result(sarif, finding));
    }
    const FindingList *remarks = sarif->input->remarks;
    for (uint32_t i = 0; remarks && i < remarks->n; i++) {
        if (remarks->at[i].is_hidden || !sarif->room[TIER_C]) continue;
        sarif->room[TIER_C]--;
        put_item(sarif, out, &is_first, sarif_result(sarif, &remarks->at[i]));
    }
    buf_text(out, "]");
}

/* Services refuse a log with more results: the surest ones are kept. */
static void make_room(Sarif *sarif)
{
    enum { MOST_RESULTS = 25000 };
    uint32_t n[TIER_C + 1] = {0}, left = MOST_RESULTS;
    const FindingList *findings = sarif->input->findings;
    for (uint32_t i = 0; i < findings->n; i++)
        n[findings->at[i].tier] += report_lists(sarif->options, &findings->at[i]);
    n[TIER_C] += sarif->input->remarks ? sarif->input->remarks->n : 0;
    for (Tier tier = TIER_A; tier <= TIER_C; tier++) {
        sarif->room[tier] = n[tier] < left ? n[tier] : left;
        sarif->nlost += n[tier] - sarif->room[tier];
        left -= sarif->room[tier];
    }
}

static void sarif_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Sarif sarif = {.input = input,
                   .options = options,
                   .files = arena_new("report"),
                   .scratch = arena_new("report result")};
    sarif.source = source_new(sarif.files, options->root);
    columns_init(&sarif.columns, sarif.files);
    map_init(&sarif.hashes, sarif.files);
    make_room(&sarif);
    buf_text(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\n"
                  "\"version\":\"2.1.0\",\n\"runs\":[{\n");
    put_driver(&sarif, out);
    put_invocation(&sarif, out);
    put_root(&sarif, out);
    put_details(&sarif, out);
    put_results(&sarif, out);
    buf_text(out, "}]}\n");
    arena_free(sarif.scratch);
    arena_free(sarif.files);
}

const Reporter reporter_sarif = {
    .id = "sarif",
    .summary = "SARIF 2.1.0, for code scanning services and editors",
    .write = sarif_write,
};
