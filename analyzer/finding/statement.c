/*
 * Cuts a C file into statements without parsing it: one pass over the bytes that knows
 * comments, strings, directives and parentheses. Statements end at ';' outside of
 * parentheses, at braces, behind the parentheses of if, while, for and switch, and around
 * else and do, so that joining lines, breaking them, or adding braces changes none.
 *
 * What macros do to this does not matter: it must only come out alike for like text.
 */
#include "finding/statement.h"

#include <string.h>

#include "base/vec.h"

enum {
    CUT = '\n',     /* between statements: no line end is ever kept */
    LONGEST = 2000, /* bytes that count, on each side of the place */
};

/* The kept bytes of a file, and where each was. */
typedef struct Code {
    VEC(char) text;
    VEC(uint32_t) offsets;
} Code;

typedef struct Scan {
    const SourceFile *file;
    Arena *arena;
    Code *code;
    size_t i;
    uint32_t depth;     /* of parentheses */
    bool is_control;    /* the word before was if, while, for or switch */
    bool in_control;    /* the outermost parentheses are of such a word */
    bool is_line_start; /* nothing was kept of this line */
    bool in_directive;
} Scan;

static char byte_at(const Scan *scan, size_t i)
{
    return i < scan->file->len ? scan->file->at[i] : 0;
}

static void keep(Scan *scan, char c)
{
    vec_push(scan->arena, &scan->code->text, c);
    vec_push(scan->arena, &scan->code->offsets, (uint32_t)scan->i);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

static bool is_one_of(const char *word, size_t len, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == len && !memcmp(*words, word, len)) return true;
    return false;
}

static void skip_comment(Scan *scan, bool is_block)
{
    const SourceFile *file = scan->file;
    for (scan->i += 2; scan->i < file->len; scan->i++) {
        char c = file->at[scan->i];
        if (is_block && c == '*' && byte_at(scan, scan->i + 1) == '/') {
            scan->i += 2;
            return;
        }
        if (!is_block && c == '\n' && file->at[scan->i - 1] != '\\') return;
    }
}

/* Strings end at the line end at the latest. */
static void keep_quoted(Scan *scan, char quote)
{
    bool is_open = false;
    for (; scan->i < scan->file->len && byte_at(scan, scan->i) != '\n'; scan->i++) {
        char c = byte_at(scan, scan->i);
        if (c == '\\' && scan->i + 1 < scan->file->len) {
            keep(scan, c);
            scan->i++;
            c = byte_at(scan, scan->i);
            if (c != '\n') keep(scan, c);
            continue;
        }
        keep(scan, c);
        if (c == quote && is_open) {
            scan->i++;
            return;
        }
        is_open = true;
    }
}

static void keep_word(Scan *scan)
{
    static const char *const controls[] = {"if", "while", "for", "switch", NULL};
    static const char *const cuts[] = {"else", "do", NULL};
    const char *word = scan->file->at + scan->i;
    size_t len = 0, start = scan->i;
    while (is_word(byte_at(scan, start + len)))
        len++;
    if (is_one_of(word, len, cuts)) {
        keep(scan, CUT);
        scan->i += len;
    }
    for (; scan->i < start + len; scan->i++)
        keep(scan, byte_at(scan, scan->i));
    scan->is_control = is_one_of(word, len, controls);
}

static void keep_mark(Scan *scan, char c)
{
    bool was_control = scan->is_control;
    scan->is_control = false;
    if (c == '{' || c == '}') {
        scan->depth = 0;
        keep(scan, CUT);
        return;
    }
    keep(scan, c);
    if (c == '(' && scan->depth++ == 0) scan->in_control = was_control;
    if (c == ')' && scan->depth && --scan->depth == 0 && scan->in_control)
        keep(scan, CUT);
    if (c == ';' && !scan->depth) keep(scan, CUT);
}

static void end_line(Scan *scan)
{
    scan->is_line_start = true;
    if (!scan->in_directive) return;
    keep(scan, CUT);
    scan->in_directive = false;
    scan->depth = 0;
}

static void take(Scan *scan)
{
    char c = byte_at(scan, scan->i), next = byte_at(scan, scan->i + 1);
    if (c == '/' && (next == '/' || next == '*')) {
        skip_comment(scan, next == '*');
        return;
    }
    if (c == '\\' && (next == '\n' || next == '\r')) {
        scan->i += next == '\r' && byte_at(scan, scan->i + 2) == '\n' ? 3 : 2;
        return;
    }
    if (is_blank(c)) {
        if (c == '\n') end_line(scan);
        scan->i++;
        return;
    }
    if (c == '#' && scan->is_line_start) {
        keep(scan, CUT);
        scan->in_directive = true;
    }
    scan->is_line_start = false;
    if (c == '"' || c == '\'') {
        keep_quoted(scan, c);
    } else if (is_word(c)) {
        keep_word(scan);
    } else {
        keep_mark(scan, c);
        scan->i++;
    }
}

static const Code *code_of(Statements *statements, const SourceFile *file)
{
    uint64_t *known = map_get(&statements->by_file, MAP_KEY(file));
    if (known) return (const Code *)(uintptr_t)*known;
    Code *code = ARENA_NEW(statements->arena, Code);
    Scan scan = {
        .file = file, .arena = statements->arena, .code = code, .is_line_start = true};
    while (scan.i < file->len)
        take(&scan);
    map_put(&statements->by_file, MAP_KEY(file), MAP_KEY(code), NULL);
    return code;
}

/* The first kept byte at or behind the place. */
static uint32_t index_of(const Code *code, uint32_t offset)
{
    uint32_t low = 0, high = code->offsets.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (code->offsets.at[middle] < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void statements_init(Statements *statements, Source *source, Arena *arena)
{
    *statements = (Statements){.arena = arena, .source = source};
    map_init(&statements->by_file, arena);
}

Hash statement_hash(Statements *statements, const Place *place)
{
    const SourceFile *file = source_file(statements->source, place->path);
    if (!file->at || !place->line || place->line > file->nline) return hash_bytes("", 0);
    const Code *code = code_of(statements, file);
    const char *text = code->text.at;
    uint32_t column = place->column ? place->column - 1 : 0;
    uint32_t at = index_of(code, file->starts[place->line - 1] + column);
    uint32_t n = code->text.n;
    /* What stands alone in its line may be a brace: look past cuts. */
    while (at < n && text[at] == CUT)
        at++;
    uint32_t from = at, to = at;
    while (from > 0 && text[from - 1] != CUT && at - from < LONGEST)
        from--;
    while (to < n && text[to] != CUT && to - at < LONGEST)
        to++;
    return hash_bytes(text ? text + from : "", to - from);
}
