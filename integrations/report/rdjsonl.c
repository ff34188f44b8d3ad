/*
 * Reviewdog's diagnostic format, one JSON object a line: reviewdog turns it into review comments
 * on GitHub, GitLab, Gerrit and others. Its columns count bytes of UTF-8, as ours do.
 */
#include <string.h>

#include "finding/source.h"
#include "formats.h"
#include "json.h"
#include "snippet.h"

static cJSON *position_of(uint32_t line, uint32_t column)
{
    cJSON *position = json_object();
    json_add_number(position, "line", line);
    if (column) json_add_number(position, "column", column);
    return position;
}

static cJSON *location_of(const Place *place, Source *source, Arena *scratch)
{
    cJSON *location = json_object();
    json_add_text(location, "path", place->path ? place->path : "", scratch);
    if (!place->line) return location;
    cJSON *range = json_object();
    json_add(range, "start", position_of(place->line, place->column));
    if (place->column) {
        SourceLine line = source_line_at(source, place->path, place->line);
        json_add(range, "end", position_of(place->line, snippet_end_column(line, place)));
    }
    json_add(location, "range", range);
    return location;
}

static cJSON *related_of(const Finding *finding, Source *source, Arena *scratch)
{
    cJSON *all = json_array();
    for (uint32_t i = 0; i < finding->nstep + finding->nrelated; i++) {
        const Step *step = i < finding->nstep ? &finding->steps[i]
                                              : &finding->related[i - finding->nstep];
        cJSON *related = json_object();
        json_add_text(related, "message", step->text ? step->text : "", scratch);
        json_add(related, "location", location_of(&step->place, source, scratch));
        json_push(all, related);
    }
    return all;
}

/* The message stands alone: not every review shows related places. */
static const char *message_of(const Finding *finding, Arena *scratch)
{
    Buf text;
    buf_init(&text, scratch);
    snippet_put_safe(&text, finding->text);
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        buf_printf(&text, "\n%u. ", i + 1);
        snippet_put_safe(&text, step->place.path ? step->place.path : "?");
        buf_printf(&text, ":%u: ", step->place.line);
        snippet_put_safe(&text, step->text ? step->text : "");
    }
    if (finding->advice) {
        buf_text(&text, "\n");
        snippet_put_safe(&text, finding->advice);
    }
    return text.at;
}

/* Bytes of a file as reviewdog's lines and columns. */
static cJSON *offset_of(const SourceFile *file, uint32_t offset)
{
    uint32_t line = 1;
    while (line < file->nline && file->starts[line] <= offset)
        line++;
    return position_of(line, offset - (file->nline ? file->starts[line - 1] : 0) + 1);
}

/* A review can show it as a change to accept. Only in the finding's own file, and only while that
 * is as it was when the fix was tried. */
static void add_suggestions(cJSON *diagnostic, const Finding *finding, Source *source,
                            Arena *scratch)
{
    const Fix *fix = finding->fix;
    if (!fix || !finding->place.path || strcmp(fix->path, finding->place.path) != 0)
        return;
    const SourceFile *file = source_file(source, fix->path);
    if (!file->at || hash_compare(hash_bytes(file->at, file->len), fix->content) != 0)
        return;
    cJSON *all = json_array();
    for (uint32_t i = 0; i < fix->nedit; i++) {
        const Edit *edit = &fix->edits[i];
        cJSON *suggestion = json_object(), *range = json_object();
        json_add(range, "start", offset_of(file, edit->offset));
        json_add(range, "end", offset_of(file, edit->offset + edit->cut));
        json_add(suggestion, "range", range);
        json_add_text(suggestion, "text", edit->text, scratch);
        json_push(all, suggestion);
    }
    json_add(diagnostic, "suggestions", all);
}

static cJSON *diagnostic_of(const Finding *finding, Source *source, Arena *scratch)
{
    static const char *const severities[] = {"", "ERROR", "WARNING", "INFO"};
    cJSON *diagnostic = json_object(), *tool = json_object(), *code = json_object();
    json_add_text(diagnostic, "message", message_of(finding, scratch), scratch);
    json_add(diagnostic, "location", location_of(&finding->place, source, scratch));
    json_add_text(diagnostic, "severity", severities[finding->tier], scratch);
    json_add_text(tool, "name", "sluice", scratch);
    json_add(diagnostic, "source", tool);
    json_add_text(code, "value", finding->rule_id, scratch);
    json_add(diagnostic, "code", code);
    if (finding->nstep + finding->nrelated)
        json_add(diagnostic, "relatedLocations", related_of(finding, source, scratch));
    add_suggestions(diagnostic, finding, source, scratch);
    return diagnostic;
}

static void rdjsonl_write(const ReportInput *input, const ReportOptions *options,
                          Buf *out)
{
    Arena *scratch = arena_new("report"), *files = arena_new("report files");
    Source *source = source_new(files, options->root);
    ReportList list = report_list(input, options, false, files);
    buf_text(out, "");
    for (uint32_t i = 0; i < list.n; i++) {
        ArenaMark mark = arena_mark(scratch);
        json_put(out, diagnostic_of(list.at[i], source, scratch));
        buf_text(out, "\n");
        arena_reset(scratch, mark);
    }
    arena_free(files);
    arena_free(scratch);
}

const Reporter reporter_rdjsonl = {
    .id = "rdjsonl",
    .summary = "for reviewdog: review comments on GitHub, GitLab, Gerrit, ...",
    .write = rdjsonl_write,
};
