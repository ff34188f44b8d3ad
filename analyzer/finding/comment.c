/*
 * Finds the comments of a C file and what each one speaks about.
 *
 * One pass over the bytes knows strings, character constants and comments, nothing else of
 * C; it notes for every line whether there is code on it and whether a statement ends
 * there. A comment beside code speaks of its own line, one that stands alone of the whole
 * statement that follows, however many lines that has.
 */
#include "finding/comment.h"

#include <string.h>

#include "base/vec.h"

/* A statement longer than this is a sign that we lost count of parentheses. */
enum { LONGEST_STATEMENT = 30 };

enum { LINE_HAS_CODE = 1, LINE_ENDS_STATEMENT = 2 };

typedef struct Scan {
    const SourceFile *file;
    size_t i;
    uint32_t line;
    uint32_t depth;       /* of parentheses */
    bool in_directive;    /* between '#' and the end of its line */
    unsigned char *lines; /* flags, from 1 */
    Arena *arena;
    VEC(Comment) comments;
} Scan;

static char byte_at(const Scan *scan, size_t i)
{
    return i < scan->file->len ? scan->file->at[i] : 0;
}

/* Bytes of the line end at i: 0 when there is none. */
static size_t line_end(const Scan *scan, size_t i)
{
    char c = byte_at(scan, i);
    if (c == '\r') return byte_at(scan, i + 1) == '\n' ? 2 : 1;
    return c == '\n';
}

/* One byte on, or one line end. */
static void step(Scan *scan)
{
    size_t end = line_end(scan, scan->i);
    scan->i += end ? end : 1;
    if (end) scan->line++;
}

static bool at_end(const Scan *scan)
{
    return scan->i >= scan->file->len;
}

/* A backslash takes the next character, or the line end, with it. */
static bool step_over_escape(Scan *scan)
{
    if (byte_at(scan, scan->i) != '\\') return false;
    step(scan);
    if (!at_end(scan)) step(scan);
    return true;
}

/* Strings end at the line end at the latest: "don't" in an #error opens none. */
static void skip_quoted(Scan *scan, char quote)
{
    step(scan);
    while (!at_end(scan) && !line_end(scan, scan->i)) {
        if (step_over_escape(scan)) continue;
        bool closes = byte_at(scan, scan->i) == quote;
        step(scan);
        if (closes) return;
    }
}

static void take_comment(Scan *scan, bool is_block)
{
    size_t start = scan->i, text = start + 2;
    Comment comment = {.text = scan->file->at + text, .line = scan->line};
    comment.column = (uint32_t)(start - scan->file->starts[scan->line - 1]) + 1;
    scan->i = text;
    size_t end = scan->file->len;
    while (!at_end(scan)) {
        if (is_block && byte_at(scan, scan->i) == '*' &&
            byte_at(scan, scan->i + 1) == '/') {
            end = scan->i;
            scan->i += 2;
            break;
        }
        if (!is_block && line_end(scan, scan->i)) {
            end = scan->i;
            break;
        }
        if (is_block || !step_over_escape(scan)) step(scan);
    }
    if (scan->i > scan->file->len) scan->i = scan->file->len;
    comment.len = end > text ? end - text : 0;
    comment.last_line = scan->line;
    vec_push(scan->arena, &scan->comments, comment);
}

static void take_code(Scan *scan, char c)
{
    unsigned char *flags = &scan->lines[scan->line];
    if (c == '#' && !(*flags & LINE_HAS_CODE)) scan->in_directive = true;
    *flags |= LINE_HAS_CODE;
    if (c == '(') scan->depth++;
    if (c == ')' && scan->depth) scan->depth--;
    if (c == '{' || c == '}') scan->depth = 0;
    if (c == '{' || c == '}' || (c == ';' && !scan->depth)) *flags |= LINE_ENDS_STATEMENT;
}

static void take_line_end(Scan *scan)
{
    if (scan->in_directive) {
        scan->lines[scan->line] |= LINE_ENDS_STATEMENT;
        scan->in_directive = false;
        scan->depth = 0;
    }
    step(scan);
}

static void scan_file(Scan *scan)
{
    while (!at_end(scan)) {
        char c = byte_at(scan, scan->i), next = byte_at(scan, scan->i + 1);
        if (c == '/' && (next == '/' || next == '*')) {
            take_comment(scan, next == '*');
        } else if (line_end(scan, scan->i)) {
            take_line_end(scan);
        } else if (c == '\\') {
            step_over_escape(scan);
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            step(scan);
        } else {
            take_code(scan, c);
            if (c == '"' || c == '\'')
                skip_quoted(scan, c);
            else
                step(scan);
        }
    }
}

static void comment_place(const Scan *scan, Comment *comment, uint32_t first_code)
{
    uint32_t nline = scan->file->nline;
    for (uint32_t line = comment->line; line <= comment->last_line; line++)
        if (scan->lines[line] & LINE_HAS_CODE) {
            comment->code_first = comment->line;
            comment->code_last = comment->last_line;
            return;
        }
    comment->is_head = comment->line < first_code;
    uint32_t first = comment->last_line + 1;
    while (first <= nline && !(scan->lines[first] & LINE_HAS_CODE))
        first++;
    if (first > nline) return;
    uint32_t last = first;
    while (last < nline && !(scan->lines[last] & LINE_ENDS_STATEMENT))
        last++;
    comment->code_first = first;
    comment->code_last = last - first < LONGEST_STATEMENT ? last : first;
}

CommentList comment_list(const SourceFile *file, Arena *arena)
{
    if (!file->at) return (CommentList){0};
    Scan scan = {.file = file, .line = 1, .arena = arena};
    scan.lines = ARENA_ARRAY(arena, unsigned char, (size_t)file->nline + 2);
    scan_file(&scan);
    uint32_t first_code = 1;
    while (first_code <= file->nline && !(scan.lines[first_code] & LINE_HAS_CODE))
        first_code++;
    for (uint32_t i = 0; i < scan.comments.n; i++)
        comment_place(&scan, &scan.comments.at[i], first_code);
    return (CommentList){scan.comments.at, scan.comments.n};
}
