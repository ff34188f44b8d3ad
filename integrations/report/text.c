/*
 * The text report: what a developer reads in ten seconds. First the place and what is
 * wrong, then the line with a caret, then how the program gets there, then what to do.
 *
 *   src/cache.c:41:12: error: 'entry' is NULL here [null-deref]
 *      41 |     return entry->value;
 *         |            ^~~~~
 *     1. src/cache.c:30: 'find' returns NULL
 *          30 | entry = find(cache, key);
 *     do: Check the pointer before use.
 *
 * The first line has the form that editors and CI systems know from compilers.
 */
#include <inttypes.h>
#include <string.h>

#include "finding/source.h"
#include "formats.h"
#include "snippet.h"

enum { DEFAULT_WIDTH = 100, GUTTER = 10, RELATED_SHOWN = 3 };

typedef struct Text {
    const ReportInput *input;
    const ReportOptions *options;
    Buf *out;
    Source *source;
    Arena *scratch; /* reset after each finding */
    uint32_t shown[TIER_C + 1], nhidden, nsuppressed, nknown;
} Text;

typedef enum Ink {
    INK_PLAIN,
    INK_BOLD,
    INK_DIM,
    INK_RED,
    INK_MAGENTA,
    INK_CYAN,
    INK_GREEN
} Ink;

static void ink(Text *text, Ink color)
{
    static const char *const codes[] = {"\033[0m",    "\033[1m",    "\033[2m",
                                        "\033[1;31m", "\033[1;35m", "\033[1;36m",
                                        "\033[1;32m"};
    if (text->options->color) buf_text(text->out, codes[color]);
}

static Ink ink_of(Tier tier)
{
    return tier == TIER_A ? INK_RED : tier == TIER_B ? INK_MAGENTA : INK_CYAN;
}

static void put_place(Text *text, const Place *place, bool with_column)
{
    snippet_put_safe(text->out, place->path ? place->path : "?");
    if (place->line) buf_printf(text->out, ":%" PRIu32, place->line);
    if (place->line && place->column && with_column)
        buf_printf(text->out, ":%" PRIu32, place->column);
}

static uint32_t room_for_text(const Text *text, uint32_t indent)
{
    uint32_t width = text->options->width ? text->options->width : DEFAULT_WIDTH;
    return width > indent + GUTTER + 20 ? width - indent - GUTTER : 20;
}

/* "   41 | the line", indented; nothing when the line is not to be had. */
static bool put_line(Text *text, const Place *place, uint32_t indent, bool trim,
                     Snippet *snippet)
{
    SourceLine line = source_line_at(text->source, place->path, place->line);
    if (!line.at) return false;
    *snippet =
        snippet_make(line, place, room_for_text(text, indent), trim, text->scratch);
    ink(text, INK_DIM);
    buf_printf(text->out, "%*s%5" PRIu32 " | ", (int)indent, "", place->line);
    ink(text, INK_PLAIN);
    buf_printf(text->out, "%s\n", snippet->text);
    return true;
}

static void put_caret(Text *text, const Snippet *snippet)
{
    ink(text, INK_DIM);
    buf_printf(text->out, "      | ");
    ink(text, INK_GREEN);
    buf_printf(text->out, "%*s^", (int)snippet->from, "");
    for (uint32_t i = snippet->from + 1; i < snippet->to; i++)
        buf_text(text->out, "~");
    ink(text, INK_PLAIN);
    buf_text(text->out, "\n");
}

static bool is_same_line(const Place *a, const Place *b)
{
    return a->line == b->line && a->path && b->path && !strcmp(a->path, b->path);
}

/* The line of a step is shown unless it has just been shown. */
static void put_steps(Text *text, const Finding *finding)
{
    const Place *last = &finding->place;
    const char *function = finding->function;
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        uint32_t depth = step->depth < 10 ? step->depth : 10;
        buf_printf(text->out, "  %" PRIu32 ". %*s", i + 1, (int)depth * 2, "");
        put_place(text, &step->place, false);
        buf_text(text->out, ": ");
        snippet_put_safe(text->out, step->text ? step->text : "");
        bool is_elsewhere =
            step->function && (!function || strcmp(function, step->function) != 0);
        if (is_elsewhere) {
            buf_text(text->out, " (in ");
            snippet_put_safe(text->out, step->function);
            buf_text(text->out, ")");
        }
        if (step->function) function = step->function;
        buf_text(text->out, "\n");
        Snippet snippet;
        if (!is_same_line(&step->place, last) &&
            !is_same_line(&step->place, &finding->place))
            put_line(text, &step->place, 5 + depth * 2, true, &snippet);
        last = &step->place;
    }
}

static void put_related(Text *text, const Finding *finding)
{
    if (!finding->nrelated) return;
    uint32_t n = text->options->verbose || finding->nrelated <= RELATED_SHOWN
                     ? finding->nrelated
                     : RELATED_SHOWN;
    buf_text(text->out, "  same cause: ");
    for (uint32_t i = 0; i < n; i++) {
        if (i) buf_text(text->out, ", ");
        put_place(text, &finding->related[i].place, true);
    }
    if (n < finding->nrelated)
        buf_printf(text->out, " and %" PRIu32 " more", finding->nrelated - n);
    buf_text(text->out, "\n");
}

static void put_score(Text *text, const Finding *finding)
{
    buf_printf(text->out, "  score %.2f", finding->score);
    for (uint32_t i = 0; i < finding->nterm; i++) {
        buf_text(text->out, i ? ", " : ": ");
        snippet_put_safe(text->out, finding->terms[i].name);
        buf_printf(text->out, " %+.2f", finding->terms[i].value);
    }
    buf_printf(text->out, "; fingerprint %s\n", finding->fingerprint);
}

static void put_finding(Text *text, const Finding *finding)
{
    ArenaMark mark = arena_mark(text->scratch);
    ink(text, INK_BOLD);
    put_place(text, &finding->place, true);
    buf_text(text->out, ": ");
    ink(text, ink_of(finding->tier));
    buf_printf(text->out, "%s: ", report_level(finding->tier));
    ink(text, INK_PLAIN);
    ink(text, INK_BOLD);
    snippet_put_safe(text->out, finding->text);
    ink(text, INK_PLAIN);
    buf_printf(text->out, " [%s]\n", finding->rule_id);
    Snippet snippet;
    if (put_line(text, &finding->place, 0, false, &snippet)) put_caret(text, &snippet);
    put_steps(text, finding);
    put_related(text, finding);
    if (builds_text(finding->builds))
        buf_printf(text->out, "  true %s\n", builds_text(finding->builds));
    if (text->options->verbose) put_score(text, finding);
    if (finding->suppressed) {
        buf_text(text->out, "  allowed: ");
        snippet_put_safe(text->out, finding->suppressed);
        buf_text(text->out, "\n");
    } else if (finding->advice) {
        buf_text(text->out, "  do: ");
        snippet_put_safe(text->out, finding->advice);
        buf_text(text->out, "\n");
    }
    buf_text(text->out, "\n");
    arena_reset(text->scratch, mark);
}

static void put_findings(Text *text)
{
    const FindingList *findings = text->input->findings;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->at[i];
        if (finding->suppressed) text->nsuppressed++;
        if (report_shows(text->options, finding)) {
            if (!finding->suppressed) text->shown[finding->tier]++;
            put_finding(text, finding);
        } else if (!finding->suppressed && finding->age == AGE_KNOWN) {
            text->nknown++;
        } else if (!finding->suppressed) {
            text->nhidden++;
        }
    }
    const FindingList *remarks = text->input->remarks;
    for (uint32_t i = 0; remarks && i < remarks->n; i++) {
        if (!report_remarks(text->options, &remarks->at[i])) continue;
        text->shown[remarks->at[i].tier]++;
        put_finding(text, &remarks->at[i]);
    }
}

static void put_note(Text *text, const RunNote *note)
{
    static const char *const lead[] = {
        ": not analysed: ", ": only in part: ", ": note: ", ": warning: "};
    buf_text(text->out, note->kind >= RUN_ADAPTED ? "" : "  ");
    put_place(text, &note->place, true);
    buf_text(text->out, lead[note->kind]);
    snippet_put_safe(text->out, note->text);
    buf_text(text->out, "\n");
}

static bool is_empty(const ReportInput *input)
{
    const RunStats *stats = input->stats;
    if (!input->is_incomplete) return false;
    if (stats) return stats->ntu == stats->nfailed || !stats->nfn;
    return !report_count_notes(input, RUN_FAILED) &&
           !report_count_notes(input, RUN_PARTIAL);
}

/* An incomplete run must not look like a clean one. */
static void put_incomplete(Text *text)
{
    const ReportInput *input = text->input;
    uint32_t nfailed = report_count_notes(input, RUN_FAILED);
    uint32_t npartial = report_count_notes(input, RUN_PARTIAL);
    if (!input->is_incomplete && !nfailed && !npartial) return;
    ink(text, INK_RED);
    buf_text(text->out, "INCOMPLETE: ");
    ink(text, INK_PLAIN);
    if (is_empty(input))
        buf_text(text->out, "nothing was analysed, so nothing is known");
    else
        buf_printf(text->out,
                   "%" PRIu32 " translation unit%s not analysed, %" PRIu32
                   " only in part; findings may be missing",
                   nfailed, nfailed == 1 ? "" : "s", npartial);
    buf_text(text->out, "\n");
    for (uint32_t i = 0; i < input->nnote; i++)
        if (input->notes[i].kind < RUN_ADAPTED) put_note(text, &input->notes[i]);
}

static void put_adapted(Text *text)
{
    for (uint32_t i = 0; i < text->input->nnote; i++)
        if (text->input->notes[i].kind >= RUN_ADAPTED)
            put_note(text, &text->input->notes[i]);
}

static void put_count(Text *text, bool *is_first, uint32_t n, const char *what)
{
    if (!n) return;
    buf_printf(text->out, "%s%" PRIu32 " %s%s", *is_first ? "" : ", ", n, what,
               n == 1 ? "" : "s");
    *is_first = false;
}

static void put_rest(Text *text, const char **lead, uint32_t n, const char *what)
{
    if (!n) return;
    buf_printf(text->out, "%s%" PRIu32 " %s", *lead, n, what);
    *lead = ", ";
}

static void put_summary(Text *text)
{
    bool is_first = true;
    for (Tier tier = TIER_A; tier <= TIER_C; tier++)
        put_count(text, &is_first, text->shown[tier], report_level(tier));
    if (is_first && text->options->is_quiet) return;
    if (is_first && is_empty(text->input)) return; /* none looks like a clean one */
    if (is_first) buf_text(text->out, "no findings");
    const char *lead = " (";
    put_rest(text, &lead, text->nknown, "known before");
    put_rest(text, &lead, text->nhidden, "weaker not shown");
    put_rest(text, &lead, text->nsuppressed, "suppressed");
    if (lead[0] == ',') buf_text(text->out, ")");
    const RunStats *stats = text->input->stats;
    if (stats) {
        uint32_t nfailed = report_count_notes(text->input, RUN_FAILED);
        buf_text(text->out, " in ");
        if (nfailed) buf_printf(text->out, "%" PRIu32 " of ", stats->ntu - nfailed);
        buf_printf(text->out, "%" PRIu32 " translation unit%s", stats->ntu,
                   stats->ntu == 1 ? "" : "s");
        if (text->options->verbose) buf_printf(text->out, ", %.1f s", stats->seconds);
    }
    buf_text(text->out, "\n");
}

static void text_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    Arena *files = arena_new("report"), *scratch = arena_new("report line");
    Text text = {.input = input,
                 .options = options,
                 .out = out,
                 .source = source_new(files, options->root),
                 .scratch = scratch};
    put_findings(&text);
    put_adapted(&text);
    put_incomplete(&text);
    put_summary(&text);
    arena_free(scratch);
    arena_free(files);
}

const Reporter reporter_text = {
    .id = "text",
    .summary = "for people: the line, a caret and the path of each finding",
    .write = text_write,
};
