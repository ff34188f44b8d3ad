/*
 * Workflow commands: findings as annotations in GitHub Actions, without an upload.
 *
 * A step shows ten errors and ten warnings and drops the rest without a word, so we stop
 * there ourselves and say how many more there are.
 */
#include <inttypes.h>
#include <string.h>

#include "finding/source.h"
#include "formats.h"
#include "snippet.h"

enum { MOST_SHOWN = 10 };

/* Values of properties also end at ':' and ','. */
static void put_escaped(Buf *out, const char *text, bool is_property)
{
    Buf clean;
    buf_init(&clean, out->arena);
    snippet_put_safe(&clean, text);
    for (const char *c = clean.at; *c; c++)
        if (*c == '%' || (is_property && (*c == ':' || *c == ',')))
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
        else
            buf_put(out, c, 1);
}

static void put_command(Buf *out, const Finding *finding, Source *source)
{
    const Place *place = &finding->place;
    SourceLine line = source_line_at(source, place->path, place->line);
    buf_printf(out, "::%s file=",
               finding->tier == TIER_C ? "notice" : report_level(finding->tier));
    put_escaped(out, place->path ? place->path : "", true);
    if (place->line)
        buf_printf(out,
                   ",line=%" PRIu32 ",endLine=%" PRIu32 ",col=%" PRIu32
                   ",endColumn=%" PRIu32,
                   place->line, place->line, place->column ? place->column : 1,
                   snippet_end_column(line, place));
    buf_text(out, ",title=");
    put_escaped(out, finding->rule_id, true);
    buf_text(out, "::");
    put_escaped(out, finding->text, false);
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        buf_printf(out, "%%0A%" PRIu32 ". ", i + 1);
        put_escaped(out, step->place.path ? step->place.path : "?", false);
        buf_printf(out, ":%" PRIu32 ": ", step->place.line);
        put_escaped(out, step->text ? step->text : "", false);
    }
    if (finding->advice) {
        buf_text(out, "%0A");
        put_escaped(out, finding->advice, false);
    }
    buf_text(out, "\n");
}

static void put_notes(const ReportInput *input, Buf *out)
{
    uint32_t shown = 0, n = report_count_notes(input, RUN_FAILED) +
                            report_count_notes(input, RUN_PARTIAL);
    if (!input->is_incomplete && !n) return;
    buf_printf(out,
               "::error title=sluice%%3A incomplete::%" PRIu32
               " translation units were not wholly analysed; findings may be missing",
               n);
    for (uint32_t i = 0; i < input->nnote && shown < MOST_SHOWN; i++) {
        if (input->notes[i].kind >= RUN_ADAPTED) continue;
        shown++;
        buf_text(out, "%0A");
        const Place *place = &input->notes[i].place;
        put_escaped(out, place->path ? place->path : "?", false);
        buf_text(out, ": ");
        put_escaped(out, input->notes[i].text, false);
    }
    buf_text(out, "\n");
}

static void put_misfits(const ReportInput *input, Buf *out)
{
    for (uint32_t i = 0; i < input->nnote; i++) {
        const RunNote *note = &input->notes[i];
        if (note->kind != RUN_MODEL) continue;
        buf_text(out, "::warning file=");
        put_escaped(out, note->place.path, true);
        buf_printf(out, ",line=%" PRIu32 ",title=sluice::", note->place.line);
        put_escaped(out, note->text, false);
        buf_text(out, "\n");
    }
}

static void github_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Arena *files = arena_new("report");
    Source *source = source_new(files, options->root);
    uint32_t n[TIER_C + 1] = {0}, left = 0;
    put_notes(input, out);
    put_misfits(input, out);
    for (Tier tier = TIER_A; tier <= TIER_C; tier++)
        for (uint32_t i = 0; i < input->findings->n; i++) {
            const Finding *finding = &input->findings->at[i];
            if (finding->tier != tier || finding->suppressed) continue;
            if (!report_shows(options, finding)) continue;
            if (n[tier]++ < MOST_SHOWN)
                put_command(out, finding, source);
            else
                left++;
        }
    if (left)
        buf_printf(out,
                   "::notice title=sluice::%" PRIu32
                   " more findings are not shown here; see the report\n",
                   left);
    arena_free(files);
}

const Reporter reporter_github = {
    .id = "github",
    .summary = "annotations in GitHub Actions (workflow commands)",
    .write = github_write,
};
