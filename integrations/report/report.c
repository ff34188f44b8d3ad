/* The formats there are. A new one is a file, a line here and a golden file. */
#include "report.h"

#include <string.h>

#include "formats.h"

const Reporter *const reporters[] = {&reporter_text, &reporter_sarif, &reporter_json,
                                     &reporter_github, NULL};

const Reporter *reporter_find(const char *id)
{
    for (const Reporter *const *at = reporters; *at; at++)
        if (!strcmp((*at)->id, id)) return *at;
    return NULL;
}

bool report_shows(const ReportOptions *options, const Finding *finding)
{
    if (finding->age == AGE_KNOWN && !options->show_known) return false;
    return report_lists(options, finding);
}

bool report_lists(const ReportOptions *options, const Finding *finding)
{
    Tier least = options->least ? options->least : TIER_B;
    if (finding->suppressed && !options->show_suppressed) return false;
    if (finding->is_hidden) return false;
    return finding->blocks || finding->tier <= least;
}

bool report_remarks(const ReportOptions *options, const Finding *remark)
{
    return !remark->is_hidden && (remark->age != AGE_KNOWN || options->show_known);
}

const char *report_age(Age age)
{
    return age == AGE_NEW ? "new" : age == AGE_KNOWN ? "known" : NULL;
}

uint32_t report_count_notes(const ReportInput *input, RunNoteKind kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < input->nnote; i++)
        n += input->notes[i].kind == kind;
    return n;
}

const char *report_level(Tier tier)
{
    switch (tier) {
    case TIER_A: return "error";
    case TIER_B: return "warning";
    case TIER_C: return "note";
    }
    return "none";
}
