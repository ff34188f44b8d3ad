/*
 * Unified diffs of edits: changed lines are taken out and put back as they are now; three
 * lines of context; what is closer than that is one hunk.
 */
#include "base/rewrite.h"

#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3 };

/* One line of the diff. */
typedef struct Row {
    char sign; /* ' ', '-', '+' */
    const char *at;
    size_t len;
    bool is_cut; /* the text ends in it, without a newline */
} Row;

typedef struct Rows {
    VEC(Row) list;
} Rows;

void rewrite_insert(Rewrite *rewrite, size_t offset, const char *text)
{
    rewrite_replace(rewrite, offset, 0, text);
}

void rewrite_replace(Rewrite *rewrite, size_t offset, size_t cut, const char *text)
{
    vec_push(rewrite->arena, &rewrite->words, ((Insertion){offset, cut, text}));
}

void rewrite_insert_lines(Rewrite *rewrite, uint32_t line, const char *text)
{
    vec_push(rewrite->arena, &rewrite->lines, ((Insertion){line, 0, text}));
}

static int by_offset(const void *a, const void *b)
{
    const Insertion *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void push(Rewrite *rewrite, Rows *rows, char sign, const char *at, size_t len,
                 bool cut)
{
    vec_push(rewrite->arena, &rows->list, ((Row){sign, at, len, cut}));
}

/* New lines end as the others do. */
static void push_new(Rewrite *rewrite, Rows *rows, const char *text)
{
    const char *first = memchr(rewrite->text, '\n', rewrite->len);
    bool carriage = first && first > rewrite->text && first[-1] == '\r';
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *line =
            arena_printf(rewrite->arena, "%.*s%s", (int)len, text, carriage ? "\r" : "");
        push(rewrite, rows, '+', line, strlen(line), false);
        text += len + (text[len] == '\n');
    }
}

/* The lines of a piece of text: rows without a sign. */
static Rows lines_of(Rewrite *rewrite, const char *at, size_t len, bool cut)
{
    Rows rows = {0};
    const char *end = at + len, *newline;
    while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
        push(rewrite, &rows, 0, at, (size_t)(newline - at), false);
        at = newline + 1;
    }
    push(rewrite, &rows, 0, at, (size_t)(end - at), cut);
    return rows;
}

static bool is_same(const Row *a, const Row *b)
{
    return a->len == b->len && a->is_cut == b->is_cut &&
           (!a->len || !memcmp(a->at, b->at, a->len));
}

static void push_as(Rewrite *rewrite, Rows *rows, char sign, const Rows *from,
                    uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        push(rewrite, rows, sign, from->list.at[i].at, from->list.at[i].len,
             from->list.at[i].is_cut);
}

/* Lines that stay at both ends are context. */
static void push_changed(Rewrite *rewrite, Rows *rows, const Rows *old, const Rows *made)
{
    uint32_t no = old->list.n, nm = made->list.n, head = 0, tail = 0;
    uint32_t least = no < nm ? no : nm;
    while (head < least && is_same(&old->list.at[head], &made->list.at[head]))
        head++;
    while (tail < least - head &&
           is_same(&old->list.at[no - tail - 1], &made->list.at[nm - tail - 1]))
        tail++;
    push_as(rewrite, rows, ' ', old, 0, head);
    push_as(rewrite, rows, '-', old, head, no - tail);
    push_as(rewrite, rows, '+', made, head, nm - tail);
    push_as(rewrite, rows, ' ', old, no - tail, no);
}

static size_t line_end(const Rewrite *rewrite, size_t at)
{
    const char *newline =
        at < rewrite->len ? memchr(rewrite->text + at, '\n', rewrite->len - at) : NULL;
    return newline ? (size_t)(newline - rewrite->text) : rewrite->len;
}

/* The lines from there on that the next words reach, at least one; *next is the first word
 * not written yet. Returns where they end. */
static size_t push_lines(Rewrite *rewrite, Rows *rows, size_t from, uint32_t *next)
{
    size_t to = line_end(rewrite, from), done = from;
    if (*next == rewrite->words.n || rewrite->words.at[*next].offset > to) {
        push(rewrite, rows, ' ', rewrite->text + from, to - from, to == rewrite->len);
        return to;
    }
    Buf text;
    buf_init(&text, rewrite->arena);
    uint32_t n = *next;
    for (; n < rewrite->words.n && rewrite->words.at[n].offset <= to; n++) {
        const Insertion *word = &rewrite->words.at[n];
        buf_put(&text, rewrite->text + done, word->offset - done);
        buf_text(&text, word->text);
        done = word->offset + word->cut;
        if (done > to) to = line_end(rewrite, done);
    }
    buf_put(&text, rewrite->text + done, to - done);
    const Rows old =
        lines_of(rewrite, rewrite->text + from, to - from, to == rewrite->len);
    const Rows made = lines_of(rewrite, text.at, text.n, to == rewrite->len);
    push_changed(rewrite, rows, &old, &made);
    *next = n;
    return to;
}

/* Lines follow: one that ended the text without a newline gets one. */
static void end_last(Rewrite *rewrite, Rows *rows)
{
    Row *last = &rows->list.at[rows->list.n - 1];
    if (!last->is_cut) return;
    Row ended = *last;
    if (last->sign == ' ') {
        last->sign = '-';
        push(rewrite, rows, '+', ended.at, ended.len, false);
    } else {
        last->is_cut = false;
    }
}

static Rows make_rows(Rewrite *rewrite)
{
    Rows rows = {0};
    uint32_t next = 0, line = 0;
    for (size_t from = 0; from < rewrite->len || line == 0; line++) {
        for (uint32_t i = 0; i < rewrite->lines.n; i++)
            if (rewrite->lines.at[i].offset == line)
                push_new(rewrite, &rows, rewrite->lines.at[i].text);
        size_t to = push_lines(rewrite, &rows, from, &next);
        for (; from < to; from++)
            line += rewrite->text[from] == '\n';
        from = to + 1;
    }
    for (uint32_t i = 0; i < rewrite->lines.n; i++) {
        if (rewrite->lines.at[i].offset < line) continue;
        end_last(rewrite, &rows);
        push_new(rewrite, &rows, rewrite->lines.at[i].text);
    }
    return rows;
}

static void put_row(const Row *row, Buf *out)
{
    buf_put(out, &row->sign, 1);
    buf_put(out, row->at, row->len);
    buf_text(out, "\n");
    if (row->is_cut) buf_text(out, "\\ No newline at end of file\n");
}

/* Rows [from, to); before and after: lines of the two texts in front of them. */
static void put_hunk(const Rows *rows, uint32_t from, uint32_t to,
                     const uint32_t lines[2], Buf *out)
{
    uint32_t n[2] = {0, 0};
    for (uint32_t i = from; i < to; i++) {
        n[0] += rows->list.at[i].sign != '+';
        n[1] += rows->list.at[i].sign != '-';
    }
    buf_printf(out, "@@ -%u,%u +%u,%u @@\n", lines[0] + (n[0] ? 1 : 0), n[0],
               lines[1] + (n[1] ? 1 : 0), n[1]);
    for (uint32_t i = from; i < to; i++)
        put_row(&rows->list.at[i], out);
}

/* Where the hunk that starts with the change at `first` ends: context included. */
static uint32_t hunk_end(const Rows *rows, uint32_t first)
{
    uint32_t last = first;
    for (uint32_t i = first; i < rows->list.n && i <= last + 2 * CONTEXT + 1; i++)
        if (rows->list.at[i].sign != ' ') last = i;
    uint32_t end = last + 1 + CONTEXT;
    return end < rows->list.n ? end : rows->list.n;
}

void rewrite_write(Rewrite *rewrite, Buf *out)
{
    if (rewrite->words.n)
        qsort(rewrite->words.at, rewrite->words.n, sizeof *rewrite->words.at, by_offset);
    Rows rows = make_rows(rewrite);
    uint32_t lines[2] = {0, 0};
    buf_printf(out, "--- a/%s\n+++ b/%s\n", rewrite->path, rewrite->path);
    for (uint32_t i = 0, done = 0; i < rows.list.n; i++) {
        if (rows.list.at[i].sign == ' ') continue;
        uint32_t from = i - done > CONTEXT ? i - CONTEXT : done, to = hunk_end(&rows, i);
        for (; done < from; done++) {
            lines[0]++;
            lines[1]++;
        }
        put_hunk(&rows, from, to, lines, out);
        for (; done < to; done++) {
            lines[0] += rows.list.at[done].sign != '+';
            lines[1] += rows.list.at[done].sign != '-';
        }
        i = to - 1;
    }
}
