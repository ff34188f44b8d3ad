/*
 * One HTML file that needs nothing else: no network, no server, no other file. The findings are
 * data (html_data.c) beside a fixed page (html_*.html, .css, .js), and only the script turns the
 * one into the other, as text. What an analysed program holds can therefore not become
 * markup: '<' does not occur in the data, and the page's policy runs no script but its own.
 */
#include "html.h"

#include <inttypes.h>
#include <string.h>

#include "formats.h"
#include "snippet.h"

/* For readers without scripts. */
enum { MOST_PLAIN = 500 };

typedef struct HtmlPage {
    HtmlData *data;
    const char *json;
    size_t json_len;
    char nonce[33]; /* of the data: whoever writes the analysed source cannot know it */
} HtmlPage;

void html_put_text(Buf *out, const char *text)
{
    Buf clean;
    buf_init(&clean, out->arena);
    buf_text(&clean, "");
    snippet_put_safe(&clean, text ? text : "");
    for (const char *c = clean.at; *c; c++)
        switch (*c) {
        case '&': buf_text(out, "&amp;"); break;
        case '<': buf_text(out, "&lt;"); break;
        case '>': buf_text(out, "&gt;"); break;
        case '"': buf_text(out, "&quot;"); break;
        case '\'': buf_text(out, "&#39;"); break;
        default: buf_put(out, c, 1);
        }
}

/* In JSON these characters stand in strings only, where an escape means the same. */
static void put_json(const HtmlPage *page, Buf *out)
{
    size_t from = 0;
    for (size_t i = 0; i < page->json_len; i++) {
        char c = page->json[i];
        if (c != '<' && c != '>' && c != '&') continue;
        buf_put(out, page->json + from, i - from);
        buf_printf(out, "\\u%04x", (unsigned)c);
        from = i + 1;
    }
    buf_put(out, page->json + from, page->json_len - from);
}

static void put_style(const HtmlPage *page, Buf *out)
{
    (void)page;
    buf_text(out, page_html_style);
}

static void put_script(const HtmlPage *page, Buf *out)
{
    (void)page;
    buf_text(out, page_html_words);
    buf_text(out, page_html_base);
    buf_text(out, page_html_code);
    buf_text(out, page_html_path);
    buf_text(out, page_html_list);
    buf_text(out, page_html_view);
    buf_text(out, page_html_main);
}

static void put_nonce(const HtmlPage *page, Buf *out)
{
    buf_text(out, page->nonce);
}

static void put_version(const HtmlPage *page, Buf *out)
{
    (void)page;
    buf_text(out, SLUICE_VERSION);
}

static void put_plain_finding(Buf *out, const Finding *finding)
{
    buf_printf(out, "<tr><td>%c<td>", 'A' + (int)finding->tier - (int)TIER_A);
    html_put_text(out, finding->rule_id);
    buf_text(out, "<td>");
    html_put_text(out, finding->place.path ? finding->place.path : "?");
    buf_printf(out, ":%" PRIu32 "<td>", finding->place.line);
    html_put_text(out, finding->text);
    if (finding->suppressed) {
        buf_text(out, " (allowed: ");
        html_put_text(out, finding->suppressed);
        buf_text(out, ")");
    }
    buf_text(out, "\n");
}

static void put_plain(const HtmlPage *page, Buf *out)
{
    const FindingList *findings = page->data->input->findings;
    uint32_t n = 0, all = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        if (!html_lists(page->data, &findings->at[i])) continue;
        if (n < MOST_PLAIN) {
            put_plain_finding(out, &findings->at[i]);
            n++;
        }
        all++;
    }
    if (all > n)
        buf_printf(out, "<tr><td><td><td><td>... and %" PRIu32 " more\n", all - n);
}

static const struct {
    const char *name;
    void (*put)(const HtmlPage *page, Buf *out);
} parts[] = {{"style", put_style},     {"script", put_script}, {"data", put_json},
             {"version", put_version}, {"nonce", put_nonce},   {"plain", put_plain}};

/* "{{name}}" in the page gives way to a part. */
static void put_page(const HtmlPage *page, Buf *out)
{
    const char *at = page_html_page, *mark;
    while ((mark = strstr(at, "{{"))) {
        const char *name = mark + 2, *end = strstr(name, "}}");
        buf_put(out, at, (size_t)(mark - at));
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            if (!strncmp(parts[i].name, name, (size_t)(end - name)))
                parts[i].put(page, out);
        at = end + 2;
    }
    buf_text(out, at);
}

static void html_write(const ReportInput *input, const ReportOptions *options, Buf *out)
{
    HtmlData data = {.input = input,
                     .options = options,
                     .lists = arena_new("report list"),
                     .scratch = arena_new("report")};
    data.source = source_new(data.lists, options->root);
    map_init(&data.index, data.lists);
    Buf json;
    buf_init(&json, data.lists);
    html_data(&data, &json);
    HtmlPage page = {.data = &data, .json = json.at, .json_len = json.n};
    hash_hex(hash_bytes(json.at, json.n), page.nonce);
    put_page(&page, out);
    arena_free(data.scratch);
    arena_free(data.lists);
}

const Reporter reporter_html = {
    .id = "html",
    .summary = "one offline page for people: search, filters, paths with their source",
    .write = html_write,
};
