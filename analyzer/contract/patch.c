/*
 * Unified diffs of insertions: a changed line is taken out and put back with what was
 * inserted; three lines of context; what is closer than that is one hunk.
 */
#include "contract/patch.h"

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

void patch_insert(Patch *patch, size_t offset, const char *text)
{
    vec_push(patch->arena, &patch->words, ((Insertion){offset, text}));
}

void patch_insert_lines(Patch *patch, uint32_t line, const char *text)
{
    vec_push(patch->arena, &patch->lines, ((Insertion){line, text}));
}

static int by_offset(const void *a, const void *b)
{
    const Insertion *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static void push(Patch *patch, Rows *rows, char sign, const char *at, size_t len,
                 bool cut)
{
    vec_push(patch->arena, &rows->list, ((Row){sign, at, len, cut}));
}

/* New lines end as the others do. */
static void push_new(Patch *patch, Rows *rows, const char *text)
{
    const char *first = memchr(patch->text, '\n', patch->len);
    bool carriage = first && first > patch->text && first[-1] == '\r';
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *line =
            arena_printf(patch->arena, "%.*s%s", (int)len, text, carriage ? "\r" : "");
        push(patch, rows, '+', line, strlen(line), false);
        text += len + (text[len] == '\n');
    }
}

/* The line with its insertions, of which `next` is the first not yet written. */
static uint32_t push_line(Patch *patch, Rows *rows, size_t from, size_t to, uint32_t next)
{
    bool cut = to == patch->len;
    if (next == patch->words.n || patch->words.at[next].offset > to) {
        push(patch, rows, ' ', patch->text + from, to - from, cut);
        return next;
    }
    Buf line;
    buf_init(&line, patch->arena);
    size_t done = from;
    for (; next < patch->words.n && patch->words.at[next].offset <= to; next++) {
        size_t offset = patch->words.at[next].offset;
        buf_put(&line, patch->text + done, offset - done);
        buf_text(&line, patch->words.at[next].text);
        done = offset;
    }
    buf_put(&line, patch->text + done, to - done);
    push(patch, rows, '-', patch->text + from, to - from, cut);
    push(patch, rows, '+', line.at, line.n, cut);
    return next;
}

/* Lines follow: one that ended the text without a newline gets one. */
static void end_last(Patch *patch, Rows *rows)
{
    Row *last = &rows->list.at[rows->list.n - 1];
    if (!last->is_cut) return;
    Row ended = *last;
    if (last->sign == ' ') {
        last->sign = '-';
        push(patch, rows, '+', ended.at, ended.len, false);
    } else {
        last->is_cut = false;
    }
}

static Rows make_rows(Patch *patch)
{
    Rows rows = {0};
    uint32_t next = 0, line = 0;
    for (size_t from = 0; from < patch->len || line == 0; line++) {
        for (uint32_t i = 0; i < patch->lines.n; i++)
            if (patch->lines.at[i].offset == line)
                push_new(patch, &rows, patch->lines.at[i].text);
        const char *newline = memchr(patch->text + from, '\n', patch->len - from);
        size_t to = newline ? (size_t)(newline - patch->text) : patch->len;
        next = push_line(patch, &rows, from, to, next);
        from = to + 1;
    }
    for (uint32_t i = 0; i < patch->lines.n; i++) {
        if (patch->lines.at[i].offset < line) continue;
        end_last(patch, &rows);
        push_new(patch, &rows, patch->lines.at[i].text);
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

void patch_write(Patch *patch, Buf *out)
{
    if (patch->words.n)
        qsort(patch->words.at, patch->words.n, sizeof *patch->words.at, by_offset);
    Rows rows = make_rows(patch);
    uint32_t lines[2] = {0, 0};
    buf_printf(out, "--- a/%s\n+++ b/%s\n", patch->path, patch->path);
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
