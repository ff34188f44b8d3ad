/*
 * The JSON report: everything we know of each finding, for scripts. One finding a line.
 *
 * Columns count bytes from 1, as everywhere inside. What differs from run to run (times,
 * cache hits) is left out unless --verbose asks for it.
 */
#include "formats.h"
#include "json.h"

static cJSON *place_json(const Place *place, Arena *scratch)
{
    cJSON *object = json_object();
    json_add_text(object, "path", place->path ? place->path : "", scratch);
    json_add_number(object, "line", place->line);
    json_add_number(object, "column", place->column);
    if (place->end_column) json_add_number(object, "endColumn", place->end_column);
    return object;
}

static cJSON *steps_json(const Step *steps, uint32_t n, Arena *scratch)
{
    cJSON *array = json_array();
    for (uint32_t i = 0; i < n; i++) {
        cJSON *object = place_json(&steps[i].place, scratch);
        json_add_text(object, "text", steps[i].text ? steps[i].text : "", scratch);
        if (steps[i].function)
            json_add_text(object, "function", steps[i].function, scratch);
        json_add_number(object, "depth", steps[i].depth);
        json_push(array, object);
    }
    return array;
}

static cJSON *terms_json(const Finding *finding, Arena *scratch)
{
    cJSON *array = json_array();
    for (uint32_t i = 0; i < finding->nterm; i++) {
        cJSON *object = json_object();
        json_add_text(object, "name", finding->terms[i].name, scratch);
        json_add_number(object, "value", finding->terms[i].value);
        json_push(array, object);
    }
    return array;
}

static cJSON *finding_json(const Finding *finding, Arena *scratch)
{
    cJSON *object = json_object();
    const char tier[] = {(char)('A' + finding->tier - TIER_A), 0};
    json_add_text(object, "rule", finding->rule_id, scratch);
    json_add_text(object, "tier", tier, scratch);
    json_add_text(object, "level", report_level(finding->tier), scratch);
    json_add(object, "place", place_json(&finding->place, scratch));
    json_add_text(object, "text", finding->text, scratch);
    if (finding->advice) json_add_text(object, "advice", finding->advice, scratch);
    if (finding->function && finding->function[0])
        json_add_text(object, "function", finding->function, scratch);
    json_add_text(object, "fingerprint", finding->fingerprint, scratch);
    if (finding->age) json_add_text(object, "age", report_age(finding->age), scratch);
    if (finding->blocks) json_add_bool(object, "blocks", true);
    if (finding->suppressed)
        json_add_text(object, "suppressed", finding->suppressed, scratch);
    if (builds_text(finding->builds))
        json_add_text(object, "builds", builds_text(finding->builds), scratch);
    json_add_number(object, "score", finding->score);
    json_add(object, "terms", terms_json(finding, scratch));
    json_add(object, "steps", steps_json(finding->steps, finding->nstep, scratch));
    json_add(object, "related", steps_json(finding->related, finding->nrelated, scratch));
    return object;
}

static cJSON *note_json(const RunNote *note, Arena *scratch)
{
    cJSON *object = json_object();
    json_add(object, "place", place_json(&note->place, scratch));
    static const char *const kinds[] = {"failed", "partial", "adapted", "model"};
    json_add_text(object, "kind", kinds[note->kind], scratch);
    json_add_text(object, "text", note->text, scratch);
    return object;
}

static cJSON *stats_json(const RunStats *stats, double coverage, bool with_times)
{
    cJSON *object = json_object();
    json_add_number(object, "coverage", coverage);
    json_add_number(object, "units", stats->ntu);
    json_add_number(object, "unitsFailed", stats->nfailed);
    json_add_number(object, "unitsPartial", stats->npartial);
    json_add_number(object, "functions", stats->nfn);
    json_add_number(object, "functionsExhausted", stats->nexhausted);
    json_add_number(object, "functionsUnsettled", stats->nunsettled);
    json_add_number(object, "functionsDegraded", stats->ndegraded);
    json_add_number(object, "instructions", (double)stats->nins);
    json_add_number(object, "opaque", (double)stats->nopaque);
    json_add_number(object, "calls", (double)stats->ncall);
    json_add_number(object, "callsUnresolved", (double)stats->nunresolved);
    json_add_number(object, "lines", (double)stats->lines);
    if (!with_times) return object;
    json_add_number(object, "unitsCached", stats->ncached);
    json_add_number(object, "functionRuns", stats->nrun);
    json_add_number(object, "secondsExtract", stats->seconds_extract);
    json_add_number(object, "secondsLink", stats->seconds_link);
    json_add_number(object, "secondsSummarise", stats->seconds_summarise);
    json_add_number(object, "secondsJudge", stats->seconds_judge);
    json_add_number(object, "cpuSeconds", stats->cpu_seconds);
    json_add_number(object, "peakWorkerKb", (double)stats->peak_worker_kb);
    return object;
}

static void put_list(Buf *out, bool *is_first, cJSON *item)
{
    buf_text(out, *is_first ? "\n" : ",\n");
    json_put(out, item);
    *is_first = false;
}

static void put_findings(const FindingList *list, const ReportOptions *options,
                         Arena *scratch, Buf *out)
{
    bool is_first = true;
    for (uint32_t i = 0; list && i < list->n; i++)
        if (!options || report_lists(options, &list->at[i]))
            put_list(out, &is_first, finding_json(&list->at[i], scratch));
}

static void json_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Arena *scratch = arena_new("report");
    buf_printf(out, "{\"version\":\"%s\",\n\"complete\":%s,\n\"findings\":[",
               SLUICE_VERSION, input->is_incomplete ? "false" : "true");
    put_findings(input->findings, options, scratch, out);
    buf_text(out, "],\n\"remarks\":[");
    put_findings(input->remarks, NULL, scratch, out);
    buf_text(out, "],\n\"notes\":[");
    bool is_first = true;
    for (uint32_t i = 0; i < input->nnote; i++)
        put_list(out, &is_first, note_json(&input->notes[i], scratch));
    buf_text(out, "]");
    if (input->stats) {
        buf_text(out, ",\n\"stats\":");
        json_put(out, stats_json(input->stats, input->coverage, options->verbose));
    }
    buf_text(out, "}\n");
    arena_free(scratch);
}

const Reporter reporter_json = {
    .id = "json",
    .summary = "for scripts: everything known of each finding",
    .write = json_write,
};
