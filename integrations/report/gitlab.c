/*
 * GitLab Code Quality: a list in the shape of Code Climate, of which GitLab reads five keys.
 *
 * The merge request compares it with the target branch's by fingerprint, so every finding is in
 * it, known ones as well, and the fingerprint is the one that survives moved lines.
 */
#include "formats.h"
#include "json.h"

static const char *severity_of(Tier tier)
{
    return tier == TIER_A ? "critical" : tier == TIER_B ? "major" : "info";
}

static cJSON *issue_of(const Finding *finding, Arena *scratch)
{
    cJSON *issue = json_object(), *location = json_object(), *lines = json_object();
    const char *path = finding->place.path ? finding->place.path : "";
    json_add_text(issue, "description", finding->text, scratch);
    json_add_text(issue, "check_name", finding->rule_id, scratch);
    json_add_text(issue, "fingerprint", finding->fingerprint, scratch);
    json_add_text(issue, "severity", severity_of(finding->tier), scratch);
    json_add_text(location, "path", path, scratch);
    json_add_number(lines, "begin", finding->place.line ? finding->place.line : 1);
    json_add(location, "lines", lines);
    json_add(issue, "location", location);
    return issue;
}

static void gitlab_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Arena *scratch = arena_new("report"), *lists = arena_new("report list");
    ReportList list = report_list(input, options, true, lists);
    buf_text(out, "[");
    for (uint32_t i = 0; i < list.n; i++) {
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, issue_of(list.at[i], scratch));
    }
    buf_text(out, "]\n");
    arena_free(lists);
    arena_free(scratch);
}

const Reporter reporter_gitlab = {
    .id = "gitlab",
    .summary = "GitLab Code Quality (artifacts:reports:codequality)",
    .write = gitlab_write,
};
