/*
 * Reading declarations as text: tokens of one statement at the top level of the file. What is
 * not plainly `type name(parameters) ...;` is not read at all, so that a macro, an odd
 * declarator or a branch of the preprocessor is never taken for something that it is not.
 */
#include "contract/declare.h"

#include <string.h>

#include "base/vec.h"

typedef struct Token {
    const char *at;
    size_t len;
    bool is_word;
} Token;

typedef struct Reader {
    const char *text, *at, *end;
    Arena *arena;
    VEC(Token) tokens; /* of the statement at work */
    VEC(Declaration) found;
    uint32_t depth;      /* of braces */
    uint32_t conditions; /* of #if */
    bool has_guard;      /* the first one is around everything */
    bool is_broken;      /* the statement is none that we read */
    uint32_t ndirective;
    const char *guard; /* name behind the first #ifndef */
    size_t guard_len;
    const char *after_guard, *guard_end; /* the #endif */
    bool has_more;                       /* behind the guard */
    bool is_framed;
} Reader;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool is_text(Token token, const char *text)
{
    return token.len == strlen(text) && !memcmp(token.at, text, token.len);
}

/* --- what is between tokens --------------------------------------------------------------- */

/* The end of a line, past those that end in a backslash. */
static const char *line_end(const Reader *reader, const char *at)
{
    while (at < reader->end && *at != '\n') {
        bool joins = *at++ == '\\';
        if (joins && at < reader->end && *at == '\r') at++;
        if (joins && at < reader->end) at++;
    }
    return at;
}

static void skip_comment(Reader *reader)
{
    if (reader->at[1] == '/') {
        reader->at = line_end(reader, reader->at);
        return;
    }
    reader->at += 2;
    while (
        reader->at < reader->end &&
        !(reader->at[0] == '*' && reader->at + 1 < reader->end && reader->at[1] == '/'))
        reader->at++;
    if (reader->at < reader->end) reader->at += 2;
}

static bool is_comment(const Reader *reader)
{
    return reader->at[0] == '/' && reader->at + 1 < reader->end &&
           (reader->at[1] == '/' || reader->at[1] == '*');
}

static bool starts_line(const Reader *reader)
{
    const char *at = reader->at;
    while (at > reader->text && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == reader->text || at[-1] == '\n';
}

static Token word_at(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    Token word = {.at = at, .is_word = true};
    while (at + word.len < end && is_letter(at[word.len]))
        word.len++;
    return word;
}

/* `#ifndef X`, then `#define X`: around the whole file when the last #endif closes it. */
static void see_guard(Reader *reader, Token kind, Token name, const char *end)
{
    if (reader->ndirective == 1 && is_text(kind, "ifndef")) {
        reader->guard = name.at;
        reader->guard_len = name.len;
    } else if (reader->ndirective == 2 && reader->guard && is_text(kind, "define") &&
               name.len == reader->guard_len &&
               !memcmp(name.at, reader->guard, name.len)) {
        reader->has_guard = true;
        reader->after_guard = end;
    }
}

static void skip_directive(Reader *reader)
{
    const char *start = reader->at, *end = line_end(reader, start);
    Token kind = word_at(start + 1, end), name = word_at(kind.at + kind.len, end);
    reader->ndirective++;
    reader->has_more |= reader->guard_end != NULL;
    if (is_text(kind, "if") || is_text(kind, "ifdef") || is_text(kind, "ifndef"))
        reader->conditions++;
    if (is_text(kind, "endif")) {
        if (reader->conditions) reader->conditions--;
        if (reader->has_guard && !reader->conditions) reader->guard_end = start;
    }
    see_guard(reader, kind, name, end);
    reader->at = end;
    reader->is_broken |= reader->tokens.n != 0; /* a condition inside of a statement */
}

/* --- tokens ------------------------------------------------------------------------------- */

static void take_quoted(Reader *reader, Token *token)
{
    char quote = *reader->at;
    do {
        if (*reader->at == '\\' && reader->at + 1 < reader->end) reader->at++;
        reader->at++;
    } while (reader->at < reader->end && *reader->at != quote && *reader->at != '\n');
    if (reader->at < reader->end) reader->at++;
    token->len = (size_t)(reader->at - token->at);
}

static bool next_token(Reader *reader, Token *token)
{
    while (reader->at < reader->end) {
        char c = *reader->at;
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v')
            reader->at++;
        else if (is_comment(reader))
            skip_comment(reader);
        else if (c == '#' && starts_line(reader))
            skip_directive(reader);
        else
            break;
    }
    if (reader->at >= reader->end) return false;
    *token = (Token){.at = reader->at, .len = 1};
    if (is_letter(*reader->at)) {
        *token = word_at(reader->at, reader->end);
        reader->at += token->len;
    } else if (*reader->at == '"' || *reader->at == '\'') {
        take_quoted(reader, token);
    } else {
        reader->at++;
    }
    return true;
}

/* --- statements --------------------------------------------------------------------------- */

static bool is_any(Token token, const char *const *texts)
{
    for (; *texts; texts++)
        if (is_text(token, *texts)) return true;
    return false;
}

static bool is_nullability(Token token)
{
    static const char *const texts[] = {"_Nonnull",  "_Nullable",  "_Null_unspecified",
                                        "__nonnull", "__nullable", NULL};
    return is_any(token, texts);
}

static bool is_qualifier(Token token)
{
    static const char *const texts[] = {
        "const", "volatile", "restrict", "__restrict", "_Atomic", "__restrict__", NULL};
    return is_any(token, texts);
}

/* Behind the last star of tokens [from, to), when only names and qualifiers follow it and no
 * bracket is among them; 0: it is not plain. */
static size_t star_in(const Reader *reader, uint32_t from, uint32_t to)
{
    size_t star = 0;
    uint32_t nword = 0;
    for (uint32_t i = from; i < to; i++) {
        Token token = reader->tokens.at[i];
        if (is_nullability(token)) return 0;
        if (is_text(token, "*")) {
            star = (size_t)(token.at + 1 - reader->text);
            nword = 0;
        } else if (!token.is_word) {
            return 0;
        } else if (!is_qualifier(token)) {
            nword++;
        }
    }
    return nword <= 1 ? star : 0;
}

/* The closing parenthesis of the one at `open`; tokens.n: none. */
static uint32_t closing(const Reader *reader, uint32_t open)
{
    uint32_t depth = 0;
    for (uint32_t i = open; i < reader->tokens.n; i++) {
        if (is_text(reader->tokens.at[i], "(")) depth++;
        if (is_text(reader->tokens.at[i], ")") && --depth == 0) return i;
    }
    return reader->tokens.n;
}

static void read_param(Reader *reader, Declaration *made, uint32_t from, uint32_t to)
{
    bool is_void = to == from + 1 && is_text(reader->tokens.at[from], "void");
    bool is_rest = from < to && is_text(reader->tokens.at[from], ".");
    if (from == to || is_void || is_rest) return;
    size_t *stars = ARENA_ARRAY(reader->arena, size_t, made->nparam + 1);
    if (made->nparam) memcpy(stars, made->param_stars, made->nparam * sizeof *stars);
    stars[made->nparam++] = star_in(reader, from, to);
    made->param_stars = stars;
}

static void read_params(Reader *reader, Declaration *made, uint32_t open, uint32_t close)
{
    uint32_t depth = 0, from = open + 1;
    for (uint32_t i = open + 1; i <= close; i++) {
        Token token = reader->tokens.at[i];
        if (i == close || (!depth && is_text(token, ","))) {
            read_param(reader, made, from, i);
            from = i + 1;
        }
        if (is_text(token, "(") || is_text(token, "[")) depth++;
        if (is_text(token, ")") || is_text(token, "]")) depth--;
    }
}

/* `type * name (`: words and stars, at least one word before the name. */
static uint32_t name_in(const Reader *reader)
{
    for (uint32_t i = 0; i + 1 < reader->tokens.n; i++) {
        Token token = reader->tokens.at[i];
        if (is_text(token, "typedef")) return 0;
        if (!token.is_word && !is_text(token, "*")) return 0;
        if (i && token.is_word && is_text(reader->tokens.at[i + 1], "(")) return i;
    }
    return 0;
}

/* What follows the parameters: attributes, an asm label, macros; no second declarator. */
static bool is_plain_end(const Reader *reader, uint32_t close, Declaration *made)
{
    static const char *const refused[] = {"=", ",", "[", "{", NULL};
    static const char *const nonnull[] = {"nonnull", "__nonnull__", "__nonnull",
                                          "NONNULL", "_Nonnull",    NULL};
    uint32_t depth = 0;
    for (uint32_t i = close + 1; i < reader->tokens.n; i++) {
        Token token = reader->tokens.at[i];
        if (is_text(token, "(")) depth++;
        if (is_text(token, ")")) depth--;
        if (!depth && is_any(token, refused)) return false;
        if (is_any(token, nonnull)) made->has_attribute = true;
    }
    return true;
}

static void end_statement(Reader *reader, Token semicolon)
{
    uint32_t name = reader->is_broken ? 0 : name_in(reader);
    uint32_t expected = reader->has_guard ? 1 : 0;
    if (!name || reader->conditions != expected) return;
    uint32_t open = name + 1, close = closing(reader, open);
    Declaration made = {.name = reader->tokens.at[name].at,
                        .name_len = reader->tokens.at[name].len,
                        .end = (size_t)(semicolon.at - reader->text)};
    if (close == reader->tokens.n || !is_plain_end(reader, close, &made)) return;
    read_params(reader, &made, open, close);
    made.result_star = star_in(reader, 0, name);
    if (name && !is_text(reader->tokens.at[name - 1], "*") &&
        !is_qualifier(reader->tokens.at[name - 1]))
        made.result_star = 0;
    vec_push(reader->arena, &reader->found, made);
}

static void reset(Reader *reader)
{
    reader->tokens.n = 0;
    reader->is_broken = false;
}

static bool is_linkage(const Reader *reader)
{
    return reader->tokens.n == 2 && is_text(reader->tokens.at[0], "extern") &&
           reader->tokens.at[1].at[0] == '"';
}

static void open_brace(Reader *reader)
{
    if (!reader->depth && is_linkage(reader)) {
        reset(
            reader); /* extern "C" { is no level; its end looks like an empty statement's */
        return;
    }
    reader->depth++;
    reader->is_broken = true;
}

static void close_brace(Reader *reader)
{
    if (reader->depth) reader->depth--;
    /* A body is the end of its statement; behind a record, names may follow. */
    bool body = reader->tokens.n && is_text(reader->tokens.at[reader->tokens.n - 1], ")");
    if (!reader->depth && (body || !reader->tokens.n)) reset(reader);
}

static void read_all(Reader *reader)
{
    Token token;
    while (next_token(reader, &token)) {
        reader->has_more |= reader->guard_end != NULL;
        if (is_nullability(token)) reader->is_framed = true;
        if (is_text(token, "{")) {
            open_brace(reader);
        } else if (is_text(token, "}")) {
            close_brace(reader);
        } else if (is_text(token, ";") && !reader->depth) {
            end_statement(reader, token);
            reset(reader);
        } else if (!reader->depth) {
            vec_push(reader->arena, &reader->tokens, token);
        }
    }
}

static uint32_t line_of(const Reader *reader, const char *at)
{
    uint32_t line = 0;
    for (const char *c = reader->text; c < at; c++)
        line += *c == '\n';
    return line;
}

Declarations declarations_read(const char *text, size_t len, Arena *arena)
{
    Reader reader = {.text = text, .at = text, .end = text + len, .arena = arena};
    read_all(&reader);
    Declarations all = {
        .at = reader.found.at, .n = reader.found.n, .is_framed = reader.is_framed};
    all.last_line = line_of(&reader, reader.end);
    if (len && text[len - 1] != '\n') all.last_line++;
    if (!reader.has_guard) return all;
    if (!reader.guard_end || reader.has_more)
        all.n = 0; /* it guards less than we took it for */
    all.first_line = line_of(&reader, reader.after_guard) + 1;
    if (reader.guard_end) all.last_line = line_of(&reader, reader.guard_end);
    return all;
}
