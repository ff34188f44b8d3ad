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
    Tier least = options->least ? options->least : TIER_B;
    if (finding->suppressed && !options->show_suppressed) return false;
    return finding->tier <= least;
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
