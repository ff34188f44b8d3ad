/*
 * SonarQube's generic issues (sonar.externalIssuesReportPaths), the form with `rules` of 10.3 and
 * later: it carries quality and severity, which SonarQube's reading of SARIF does not.
 */
#include <string.h>

#include "finding/source.h"
#include "finding/suppress.h"
#include "formats.h"
#include "json.h"
#include "snippet.h"

static const char *severity_of(Tier tier)
{
    return tier == TIER_A ? "HIGH" : tier == TIER_B ? "MEDIUM" : "LOW";
}

/* A rule has one severity there: rules by tier, so that a note is no blocker. */
static const char *rule_of(const char *id, Tier tier, Arena *scratch)
{
    return arena_printf(scratch, "%s-%c", id, 'a' + (int)tier - (int)TIER_A);
}

static cJSON *rule_json(const ReportRule *rule, Tier tier, Arena *scratch)
{
    cJSON *object = json_object(), *impacts = json_array(), *impact = json_object();
    json_add_text(object, "id", rule_of(rule->id, tier, scratch), scratch);
    json_add_text(object, "name", rule->title, scratch);
    json_add_text(
        object, "description",
        arena_printf(scratch, "%s (%s). %s", rule->title, rule->id, rule->advice),
        scratch);
    json_add_text(object, "engineId", "sluice", scratch);
    json_add_text(object, "cleanCodeAttribute", "LOGICAL", scratch);
    json_add_text(impact, "softwareQuality", "RELIABILITY", scratch);
    json_add_text(impact, "severity", severity_of(tier), scratch);
    json_push(impacts, impact);
    json_add(object, "impacts", impacts);
    return object;
}

typedef struct Texts {
    Source *source;
    Columns columns;
} Texts;

/* Columns count UTF-16 code units from 0, and must lie within the line. */
static cJSON *location_of(const Place *place, const char *text, Texts *texts,
                          Arena *scratch)
{
    cJSON *location = json_object();
    json_add_text(location, "message", text, scratch);
    json_add_text(location, "filePath", place->path ? place->path : "", scratch);
    if (!place->line) return location;
    cJSON *range = json_object();
    SourceLine line = source_line_at(texts->source, place->path, place->line);
    json_add_number(range, "startLine", place->line);
    if (line.at && place->column && place->column <= line.len) {
        uint32_t from = columns_utf16(&texts->columns, line, place->column) - 1;
        uint32_t to =
            columns_utf16(&texts->columns, line, snippet_end_column(line, place)) - 1;
        json_add_number(range, "endLine", place->line);
        json_add_number(range, "startColumn", from);
        json_add_number(range, "endColumn", to);
    }
    json_add(location, "textRange", range);
    return location;
}

static cJSON *issue_of(const Finding *finding, Texts *texts, Arena *scratch)
{
    cJSON *issue = json_object(), *others = json_array();
    json_add_text(issue, "ruleId", rule_of(finding->rule_id, finding->tier, scratch),
                  scratch);
    json_add_number(issue, "effortMinutes", 10);
    json_add(issue, "primaryLocation",
             location_of(&finding->place, finding->text, texts, scratch));
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        json_push(others, location_of(&step->place, step->text ? step->text : "", texts,
                                      scratch));
    }
    json_add(issue, "secondaryLocations", others);
    return issue;
}

static void put_rules(const ReportInput *input, Arena *scratch, Buf *out)
{
    static const ReportRule own[] = {
        {.id = SUPPRESS_UNUSED,
         .title = "a suppression that silences nothing",
         .advice = "Remove the comment, or correct the rule's name."},
        {.id = SUPPRESS_NO_REASON,
         .title = "a suppression without a reason",
         .advice = "Say why, behind the rule's name."}};
    const char *lead = "\n";
    for (uint32_t i = 0; i < input->nrule + 2; i++)
        for (Tier tier = TIER_A; tier <= TIER_C; tier++) {
            const ReportRule *rule =
                i < input->nrule ? &input->rules[i] : &own[i - input->nrule];
            buf_text(out, lead);
            json_put(out, rule_json(rule, tier, scratch));
            lead = ",\n";
        }
}

static void sonar_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Arena *scratch = arena_new("report"), *files = arena_new("report files");
    Texts texts = {.source = source_new(files, options->root)};
    columns_init(&texts.columns, files);
    ReportList list = report_list(input, options, true, files);
    buf_text(out, "{\"rules\":[");
    put_rules(input, scratch, out);
    buf_text(out, "],\n\"issues\":[");
    for (uint32_t i = 0; i < list.n; i++) {
        ArenaMark mark = arena_mark(scratch);
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, issue_of(list.at[i], &texts, scratch));
        arena_reset(scratch, mark);
    }
    buf_text(out, "]}\n");
    arena_free(files);
    arena_free(scratch);
}

const Reporter reporter_sonar = {
    .id = "sonar",
    .summary = "SonarQube generic issues",
    .write = sonar_write,
};
