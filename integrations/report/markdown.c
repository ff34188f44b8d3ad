/*
 * Markdown for a comment on a pull request, or a job's summary. It begins with a marker by which
 * the job finds its own comment again, says first whether the merge is blocked, and stops before
 * the size that services refuse.
 */
#include <inttypes.h>
#include <string.h>

#include "finding/source.h"
#include "formats.h"
#include "snippet.h"
#include "utf8.h"

enum { MOST_FINDINGS = 25, MOST_BYTES = 60000, MOST_STEPS = 30, LINE_WIDTH = 160 };

typedef struct Page {
    const ReportInput *input;
    const ReportOptions *options;
    Source *source;
    Arena *scratch;
} Page;

/* Code reads as Markdown and as HTML, and names would call for people. */
static void put_text(Buf *out, const char *text)
{
    Buf clean;
    buf_init(&clean, out->arena);
    buf_text(&clean, "");
    snippet_put_safe(&clean, text);
    for (const char *c = clean.at; *c; c++) {
        if (strchr("\\`*_[]<|~&$", *c)) buf_text(out, "\\");
        buf_put(out, c, 1);
        if (*c == '@') buf_text(out, "\xE2\x80\x8B");
    }
}

static uint32_t longest_ticks(const char *text)
{
    uint32_t most = 0, n = 0;
    for (; *text; text++) {
        n = *text == '`' ? n + 1 : 0;
        if (n > most) most = n;
    }
    return most;
}

static void put_ticks(Buf *out, uint32_t n)
{
    while (n--)
        buf_text(out, "`");
}

static void put_code(Buf *out, const char *text)
{
    Buf clean;
    buf_init(&clean, out->arena);
    buf_text(&clean, "");
    snippet_put_safe(&clean, text);
    uint32_t ticks = longest_ticks(clean.at);
    put_ticks(out, ticks + 1);
    buf_printf(out, "%s%s%s", ticks ? " " : "", clean.at, ticks ? " " : "");
    put_ticks(out, ticks + 1);
}

static void put_place(Page *page, Buf *out, const Place *place)
{
    const char *path = place->path && *place->path ? place->path : "?";
    put_code(out, place->line
                      ? arena_printf(page->scratch, "%s:%" PRIu32, path, place->line)
                      : path);
}

static void put_line(Page *page, Buf *out, const Place *place)
{
    SourceLine line = source_line_at(page->source, place->path, place->line);
    if (!line.at) return;
    Snippet snippet = snippet_make(line, place, LINE_WIDTH, true, page->scratch);
    uint32_t ticks = longest_ticks(snippet.text) + 1;
    if (ticks < 3) ticks = 3;
    put_ticks(out, ticks);
    buf_printf(out, "c\n%s\n", snippet.text);
    put_ticks(out, ticks);
    buf_text(out, "\n\n");
}

static void put_finding(Page *page, Buf *out, const Finding *finding)
{
    const char *age = report_age(finding->age);
    buf_printf(out, "**%s%s%s** in ", report_level(finding->tier), age ? ", " : "",
               age ? age : "");
    put_place(page, out, &finding->place);
    buf_text(out, ": ");
    put_text(out, finding->text);
    buf_text(out, " ");
    put_code(out, finding->rule_id);
    buf_text(out, "\n\n");
    put_line(page, out, &finding->place);
    if (finding->nstep)
        buf_text(out, "<details><summary>How it comes to this</summary>\n\n");
    for (uint32_t i = 0; i < finding->nstep && i < MOST_STEPS; i++) {
        buf_printf(out, "%" PRIu32 ". ", i + 1);
        put_place(page, out, &finding->steps[i].place);
        buf_text(out, " ");
        put_text(out, finding->steps[i].text ? finding->steps[i].text : "");
        buf_text(out, "\n");
    }
    if (finding->nstep > MOST_STEPS)
        buf_printf(out, "\n... and %" PRIu32 " more steps\n",
                   finding->nstep - MOST_STEPS);
    if (finding->nstep) buf_text(out, "\n</details>\n\n");
    if (finding->suppressed) {
        buf_text(out, "Allowed: ");
        put_text(out, finding->suppressed);
        buf_text(out, "\n\n");
    } else if (finding->advice) {
        put_text(out, finding->advice);
        buf_text(out, "\n\n");
    }
}

static void put_head(const ReportInput *input, const ReportList *list, Buf *out)
{
    uint32_t nblock = report_count_blocking(input), nknown = 0;
    for (uint32_t i = 0; i < input->findings->n; i++)
        nknown += input->findings->at[i].age == AGE_KNOWN;
    buf_text(out, "<!-- sluice -->\n### sluice: ");
    if (input->is_incomplete)
        buf_text(out, "the analysis is incomplete");
    else if (nblock)
        buf_printf(out, "%" PRIu32 " finding%s block%s this merge", nblock,
                   nblock == 1 ? "" : "s", nblock == 1 ? "s" : "");
    else
        buf_text(out, "nothing blocks this merge");
    buf_printf(out, "\n\n%" PRIu32 " finding%s shown", list->n, list->n == 1 ? "" : "s");
    if (nknown) buf_printf(out, ", %" PRIu32 " known before", nknown);
    if (input->stats)
        buf_printf(out, "; %" PRIu32 " translation unit%s, %.1f %% analysed",
                   input->stats->ntu, input->stats->ntu == 1 ? "" : "s", input->coverage);
    buf_text(out, ".\n\n");
}

static void put_notes(const ReportInput *input, Buf *out)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < input->nnote; i++) {
        if (input->notes[i].kind >= RUN_ADAPTED || n++ >= 10) continue;
        buf_text(out, "- not wholly analysed: ");
        put_code(out, input->notes[i].place.path ? input->notes[i].place.path : "?");
        buf_text(out, " ");
        put_text(out, input->notes[i].text);
        buf_text(out, "\n");
    }
    if (n > 10) buf_printf(out, "- ... and %" PRIu32 " more\n", n - 10);
    if (n) buf_text(out, "\n");
}

/* What blocks comes first, then the surer. */
static bool is_turn(const Finding *finding, uint32_t turn)
{
    return finding->blocks ? turn == 0 : turn == (uint32_t)finding->tier;
}

static void markdown_write(const ReportInput *input, const ReportOptions *options,
                           Buf *out)
{
    Arena *lists = arena_new("report list"), *scratch = arena_new("report");
    Page page = {input, options, source_new(lists, options->root), scratch};
    ReportList list = report_list(input, options, false, lists);
    uint32_t shown = 0;
    put_head(input, &list, out);
    put_notes(input, out);
    for (uint32_t turn = 0; turn <= TIER_C; turn++)
        for (uint32_t i = 0; i < list.n && shown < MOST_FINDINGS; i++) {
            if (!is_turn(list.at[i], turn)) continue;
            ArenaMark mark = arena_mark(scratch);
            Buf one;
            buf_init(&one, scratch);
            put_finding(&page, &one, list.at[i]);
            if (out->n + one.n < MOST_BYTES) {
                buf_put(out, one.at, one.n);
                shown++;
            }
            arena_reset(scratch, mark);
        }
    if (shown < list.n)
        buf_printf(out, "%" PRIu32 " more finding%s in the report.\n", list.n - shown,
                   list.n - shown == 1 ? " is" : "s are");
    arena_free(scratch);
    arena_free(lists);
}

const Reporter reporter_markdown = {
    .id = "markdown",
    .summary = "for a comment on a pull request, or a job's summary",
    .write = markdown_write,
};
