/* The formats there are. A new one is a file, a line here and a golden file. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "formats.h"

const Reporter *const reporters[] = {&reporter_text,
                                     &reporter_sarif,
                                     &reporter_json,
                                     &reporter_github,
                                     &reporter_gitlab,
                                     &reporter_rdjsonl,
                                     &reporter_markdown,
                                     &reporter_junit,
                                     &reporter_checkstyle,
                                     &reporter_sonar,
                                     &reporter_prometheus,
                                     &reporter_html,
                                     NULL};

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

static int compare_pointers(const void *a, const void *b)
{
    return finding_compare(*(const Finding *const *)a, *(const Finding *const *)b);
}

ReportList report_list(const ReportInput *input, const ReportOptions *options,
                       bool with_known, Arena *arena)
{
    const FindingList *findings = input->findings, *remarks = input->remarks;
    uint32_t nremark = remarks ? remarks->n : 0;
    ReportList list = {ARENA_ARRAY(arena, const Finding *, findings->n + nremark), 0};
    ReportOptions all = *options;
    all.show_known |= with_known;
    for (uint32_t i = 0; i < findings->n; i++)
        if (report_shows(&all, &findings->at[i])) list.at[list.n++] = &findings->at[i];
    for (uint32_t i = 0; i < nremark; i++)
        if (report_remarks(&all, &remarks->at[i])) list.at[list.n++] = &remarks->at[i];
    if (list.n) qsort(list.at, list.n, sizeof *list.at, compare_pointers);
    return list;
}

uint32_t report_count_blocking(const ReportInput *input)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < input->findings->n; i++)
        n += input->findings->at[i].blocks;
    for (uint32_t i = 0; input->remarks && i < input->remarks->n; i++)
        n += input->remarks->at[i].blocks;
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
