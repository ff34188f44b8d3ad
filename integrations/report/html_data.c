/*
 * What the HTML report knows, as JSON. Source lines are told apart from findings, by file and
 * each once, since hundreds of paths go through the same few functions. Columns are those of
 * the text as it is told: of JavaScript, in UTF-16 code units, from 0.
 */
#include <stdlib.h>
#include <string.h>

#include "html.h"
#include "snippet.h"
#include "utf8.h"

enum {
    MOST_FINDINGS = 20000,
    MOST_STEPS = 100, /* of a path; of a longer one both ends */
    MOST_RELATED = 50,
    BEFORE = 3, /* lines around a step */
    AFTER = 2,
    LONGEST_LINE = 400, /* bytes; of a longer line the part around the place */
    LEAD = 120,
    LONGEST_CHANGE = 8000 /* bytes of whole lines; what is longer is not shown */
};

/* --- text --------------------------------------------------------------------------------- */

/* Characters stay characters, and those that would mislead become U+FFFD. Returns the length in
 * UTF-16 code units. */
static uint32_t put_clean(Buf *out, const char *text, size_t len)
{
    uint32_t units = 0;
    size_t taken;
    buf_text(out, "");
    for (size_t i = 0; i < len; i += taken) {
        uint32_t c = utf8_next(text + i, len - i, &taken);
        if (c != '\t' && utf8_is_unsafe(c)) c = UTF8_REPLACEMENT;
        utf8_put(out, c);
        units += c > 0xFFFF ? 2 : 1;
    }
    return units;
}

static void add_clean(cJSON *object, const char *key, const char *text, Arena *scratch)
{
    if (!text) return;
    Buf clean;
    buf_init(&clean, scratch);
    put_clean(&clean, text, strlen(text));
    json_add_text(object, key, clean.at, scratch);
}

/* The whole line, or its beginning. */
static size_t shown_length(SourceLine line)
{
    return utf8_cut(line.at, line.len, LONGEST_LINE);
}

/* --- places ------------------------------------------------------------------------------- */

static uint32_t file_index(HtmlData *data, const char *path)
{
    const SourceFile *source = source_file(data->source, path);
    bool is_new;
    uint64_t *index = map_put(&data->index, MAP_KEY(source), data->files.n, &is_new);
    if (is_new) {
        HtmlFile file = {.source = source, .path = path ? path : "?"};
        vec_push(data->lists, &data->files, file);
    }
    return (uint32_t)*index;
}

static void want_lines(HtmlData *data, uint32_t index, uint32_t line)
{
    HtmlFile *file = &data->files.at[index];
    if (!line || line > file->source->nline) return;
    uint32_t first = line > BEFORE ? line - BEFORE : 1;
    uint32_t last =
        line + AFTER < file->source->nline ? line + AFTER : file->source->nline;
    for (uint32_t i = first; i <= last; i++)
        vec_push(data->lists, &file->lines, i);
}

/* Of a line that is not told to its place: the part around it, with its own columns. */
static void add_part(HtmlData *data, cJSON *object, SourceLine line, size_t from,
                     size_t to)
{
    size_t start = from > LEAD ? from - LEAD : 0;
    while (start < from && ((unsigned char)line.at[start] & 0xC0) == 0x80)
        start++;
    size_t len = utf8_cut(line.at + start, line.len - start, LONGEST_LINE);
    size_t end = to < start + len ? to : start + len;
    Buf text;
    buf_init(&text, data->scratch);
    uint32_t left = put_clean(&text, line.at + start, from - start);
    uint32_t wide = put_clean(&text, line.at + from, end - from);
    put_clean(&text, line.at + end, start + len - end);
    json_add_text(object, "part", text.at, data->scratch);
    json_add_number(object, "from", left);
    json_add_number(object, "to", left + wide);
}

static void add_columns(HtmlData *data, cJSON *object, SourceLine line,
                        const Place *place)
{
    if (!line.at || !place->column) return;
    size_t from = place->column - 1, to = snippet_end_column(line, place) - 1;
    if (from >= line.len) return;
    if (to > line.len) to = line.len;
    if (to > shown_length(line)) {
        add_part(data, object, line, from, to);
        return;
    }
    Buf unused;
    buf_init(&unused, data->scratch);
    uint32_t left = put_clean(&unused, line.at, from);
    json_add_number(object, "from", left);
    json_add_number(object, "to", left + put_clean(&unused, line.at + from, to - from));
}

static cJSON *place_of(HtmlData *data, const Place *place, bool with_lines)
{
    cJSON *object = json_object();
    uint32_t file = file_index(data, place->path);
    json_add_number(object, "file", file);
    json_add_number(object, "line", place->line);
    if (place->column) json_add_number(object, "column", place->column);
    add_columns(data, object, source_line_at(data->source, place->path, place->line),
                place);
    if (with_lines) want_lines(data, file, place->line);
    return object;
}

/* --- one finding -------------------------------------------------------------------------- */

static cJSON *step_of(HtmlData *data, const Step *step)
{
    cJSON *object = place_of(data, &step->place, true);
    add_clean(object, "text", step->text ? step->text : "", data->scratch);
    add_clean(object, "in", step->function, data->scratch);
    if (step->depth) json_add_number(object, "depth", step->depth);
    return object;
}

static void add_steps(HtmlData *data, cJSON *object, const Finding *finding)
{
    cJSON *steps = json_array(), *related = json_array();
    uint32_t n = finding->nstep, left = n > MOST_STEPS ? n - MOST_STEPS : 0;
    for (uint32_t i = 0; i < n; i++)
        if (i < MOST_STEPS / 2 || i >= MOST_STEPS / 2 + left)
            json_push(steps, step_of(data, &finding->steps[i]));
    json_add(object, "steps", steps);
    if (left) json_add_number(object, "stepsLeftOut", left);
    for (uint32_t i = 0; i < finding->nrelated && i < MOST_RELATED; i++)
        json_push(related, step_of(data, &finding->related[i]));
    if (finding->nrelated)
        json_add(object, "related", related);
    else
        cJSON_Delete(related);
    if (finding->nrelated > MOST_RELATED)
        json_add_number(object, "relatedLeftOut", finding->nrelated - MOST_RELATED);
}

static void add_terms(HtmlData *data, cJSON *object, const Finding *finding)
{
    if (!finding->nterm) return;
    cJSON *terms = json_array();
    for (uint32_t i = 0; i < finding->nterm; i++) {
        cJSON *term = json_array();
        json_push(term, json_text(finding->terms[i].name, data->scratch));
        json_push(term, cJSON_CreateNumber(finding->terms[i].value));
        json_push(terms, term);
    }
    json_add(object, "terms", terms);
    json_add_number(object, "score", finding->score);
}

/* What goes and what comes, in whole lines. NULL: they are too long. */
static cJSON *change_of(HtmlData *data, const SourceFile *file, const Edit *edit)
{
    uint32_t first = 1;
    while (first < file->nline && file->starts[first] <= edit->offset)
        first++;
    uint32_t last = first;
    while (last < file->nline && file->starts[last] < edit->offset + edit->cut)
        last++;
    size_t start = file->starts[first - 1];
    size_t end = last < file->nline ? file->starts[last] : file->len;
    size_t behind = edit->offset + edit->cut;
    if (end - start > LONGEST_CHANGE) return NULL;
    cJSON *change = json_object();
    Buf old, new;
    buf_init(&old, data->scratch);
    buf_init(&new, data->scratch);
    buf_put(&old, file->at + start, end - start);
    buf_put(&new, file->at + start, edit->offset - start);
    buf_text(&new, edit->text);
    if (end > behind) buf_put(&new, file->at + behind, end - behind);
    json_add_number(change, "line", first);
    json_add_text(change, "old", old.at, data->scratch);
    json_add_text(change, "new", new.at, data->scratch);
    return change;
}

/* Only of the very bytes that were analysed. */
static void add_fix(HtmlData *data, cJSON *object, const Finding *finding)
{
    const Fix *fix = finding->fix;
    if (!fix) return;
    const SourceFile *file = source_file(data->source, fix->path);
    if (!file->at || !file->nline ||
        hash_compare(hash_bytes(file->at, file->len), fix->content) != 0)
        return;
    cJSON *own = json_object(), *changes = json_array();
    json_add_text(own, "text", fix->text, data->scratch);
    json_add_number(own, "file", file_index(data, fix->path));
    for (uint32_t i = 0; i < fix->nedit; i++) {
        cJSON *change = change_of(data, file, &fix->edits[i]);
        if (change) json_push(changes, change);
    }
    json_add(own, "changes", changes);
    json_add(object, "fix", own);
}

static cJSON *finding_of(HtmlData *data, const Finding *finding)
{
    const char tier[] = {(char)('A' + finding->tier - TIER_A), 0};
    cJSON *object = json_object();
    json_add_text(object, "rule", finding->rule_id, data->scratch);
    json_add_text(object, "tier", tier, data->scratch);
    json_add(object, "place", place_of(data, &finding->place, true));
    add_clean(object, "text", finding->text, data->scratch);
    add_clean(object, "advice", finding->advice, data->scratch);
    add_clean(object, "in", finding->function, data->scratch);
    add_clean(object, "builds", builds_text(finding->builds), data->scratch);
    add_clean(object, "age", report_age(finding->age), data->scratch);
    add_clean(object, "suppressed", finding->suppressed, data->scratch);
    if (finding->blocks) json_add_bool(object, "blocks", true);
    json_add_text(object, "id", finding->fingerprint, data->scratch);
    add_steps(data, object, finding);
    add_terms(data, object, finding);
    add_fix(data, object, finding);
    return object;
}

/* --- the whole ---------------------------------------------------------------------------- */

bool html_lists(const HtmlData *data, const Finding *finding)
{
    ReportOptions all = *data->options;
    all.show_suppressed = true;
    return report_lists(&all, finding);
}

static bool is_told(const HtmlData *data, const Finding *finding, bool is_remark)
{
    return is_remark ? !finding->is_hidden : html_lists(data, finding);
}

/* A file that no browser opens helps nobody: the surest findings are kept. */
static void make_room(HtmlData *data)
{
    uint32_t n[TIER_C + 1] = {0}, left = MOST_FINDINGS;
    const FindingList *lists[] = {data->input->findings, data->input->remarks};
    for (uint32_t k = 0; k < 2; k++)
        for (uint32_t i = 0; lists[k] && i < lists[k]->n; i++)
            n[lists[k]->at[i].tier] += is_told(data, &lists[k]->at[i], k > 0);
    for (Tier tier = TIER_A; tier <= TIER_C; tier++) {
        data->room[tier] = n[tier] < left ? n[tier] : left;
        data->nlost += n[tier] - data->room[tier];
        left -= data->room[tier];
    }
}

static void put_findings(HtmlData *data, Buf *out)
{
    const FindingList *lists[] = {data->input->findings, data->input->remarks};
    const char *lead = "\n";
    make_room(data);
    buf_text(out, "\"findings\":[");
    for (uint32_t k = 0; k < 2; k++)
        for (uint32_t i = 0; lists[k] && i < lists[k]->n; i++) {
            const Finding *finding = &lists[k]->at[i];
            if (!is_told(data, finding, k > 0) || !data->room[finding->tier]) continue;
            data->room[finding->tier]--;
            buf_text(out, lead);
            json_put(out, finding_of(data, finding));
            lead = ",\n";
            arena_reset(data->scratch, (ArenaMark){0});
        }
    buf_text(out, "],\n");
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static cJSON *line_of(HtmlData *data, const HtmlFile *file, uint32_t number)
{
    SourceLine line = source_line(file->source, number);
    size_t len = shown_length(line);
    Buf text;
    buf_init(&text, data->scratch);
    put_clean(&text, line.at, len);
    if (len < line.len) buf_text(&text, "\xE2\x80\xA6");
    return json_text(text.at, data->scratch);
}

/* [[first line, "text", "text"], [...]]: stretches of lines. */
static cJSON *lines_of(HtmlData *data, HtmlFile *file)
{
    cJSON *all = json_array(), *stretch = NULL;
    if (file->lines.n)
        qsort(file->lines.at, file->lines.n, sizeof *file->lines.at, compare_numbers);
    for (uint32_t i = 0; i < file->lines.n; i++) {
        uint32_t number = file->lines.at[i];
        uint32_t last = i ? file->lines.at[i - 1] : 0;
        if (i && number == last) continue;
        if (!i || number != last + 1) {
            stretch = json_array();
            json_push(stretch, cJSON_CreateNumber(number));
            json_push(all, stretch);
        }
        json_push(stretch, line_of(data, file, number));
    }
    return all;
}

static void put_files(HtmlData *data, Buf *out)
{
    buf_text(out, "\"files\":[");
    for (uint32_t i = 0; i < data->files.n; i++) {
        HtmlFile *file = &data->files.at[i];
        cJSON *object = json_object();
        add_clean(object, "path", file->path, data->scratch);
        json_add(object, "lines", lines_of(data, file));
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, object);
        arena_reset(data->scratch, (ArenaMark){0});
    }
    buf_text(out, "],\n");
}

static void put_rules(HtmlData *data, Buf *out)
{
    buf_text(out, "\"rules\":[");
    for (uint32_t i = 0; i < data->input->nrule; i++) {
        const ReportRule *rule = &data->input->rules[i];
        cJSON *object = json_object();
        json_add_text(object, "id", rule->id, data->scratch);
        json_add_text(object, "title", rule->title, data->scratch);
        json_add_text(object, "advice", rule->advice, data->scratch);
        if (rule->page) json_add_text(object, "page", rule->page, data->scratch);
        if (rule->cwe) json_add_text(object, "cwe", rule->cwe, data->scratch);
        json_add_bool(object, "preview", rule->is_preview);
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, object);
        arena_reset(data->scratch, (ArenaMark){0});
    }
    buf_text(out, "],\n");
}

static void put_notes(HtmlData *data, Buf *out)
{
    static const char *const kinds[] = {"failed", "partial", "adapted"};
    buf_text(out, "\"notes\":[");
    for (uint32_t i = 0; i < data->input->nnote; i++) {
        const RunNote *note = &data->input->notes[i];
        cJSON *object = json_object();
        json_add_text(object, "kind", kinds[note->kind], data->scratch);
        add_clean(object, "path", note->place.path, data->scratch);
        json_add_number(object, "line", note->place.line);
        add_clean(object, "text", note->text, data->scratch);
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, object);
        arena_reset(data->scratch, (ArenaMark){0});
    }
    buf_text(out, "],\n");
}

static void put_run(HtmlData *data, Buf *out)
{
    const ReportInput *input = data->input;
    const RunStats *stats = input->stats;
    cJSON *run = json_object();
    json_add_text(run, "version", SLUICE_VERSION, data->scratch);
    json_add_bool(run, "incomplete", input->is_incomplete);
    json_add_number(run, "blocking", report_count_blocking(input));
    json_add_number(run, "leftOut", data->nlost);
    if (stats) {
        json_add_number(run, "units", stats->ntu);
        json_add_number(run, "failed", stats->nfailed);
        json_add_number(run, "partial", stats->npartial);
        json_add_number(run, "functions", stats->nfn);
        json_add_number(run, "coverage", input->coverage);
    }
    buf_text(out, "\"run\":");
    json_put(out, run);
}

void html_data(HtmlData *data, Buf *out)
{
    buf_text(out, "{");
    put_findings(data, out);
    put_files(data, out);
    put_rules(data, out);
    put_notes(data, out);
    put_run(data, out);
    buf_text(out, "}\n");
}
