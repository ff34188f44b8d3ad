/*
 * Places in the source: where the user should look, which macro it came from, and the
 * text that stands there.
 *
 * libclang gives three places for a token of a macro. The file location is the one users
 * understand (an argument at its own place, body text at the expansion); the identifier at
 * the expansion location is the name of the outermost macro; the spelling location has the
 * text. Decoding costs ten times a raw location, so decoded spots are kept in a small cache.
 */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "frontend/parse.h"

enum { MACRO_BIT = 31, MAX_IDENTIFIER = 128 };

const char *source_string(CXString string, Arena *arena)
{
    const char *text = clang_getCString(string);
    const char *copy = text ? arena_copy(arena, text, strlen(text)) : "";
    clang_disposeString(string);
    return copy;
}

const char *source_relative(const Parse *parse, const char *message)
{
    const char *root = arena_printf(parse->tables, "%s/", parse->root);
    size_t len = strlen(root);
    Buf out;
    buf_init(&out, parse->tables);
    buf_text(&out, "");
    for (const char *at; (at = strstr(message, root)); message = at + len) {
        bool is_whole = at == message || strchr("'\" (", at[-1]);
        buf_put(&out, message, (size_t)(at - message) + (is_whole ? 0 : len));
    }
    buf_text(&out, message);
    return out.at;
}

const char *source_path(const Parse *parse, CXFile file)
{
    const char *name = source_string(clang_getFileName(file), parse->tables);
    const char *path = path_join(parse->tables, parse->directory, name);
    return path_below(parse->tables, parse->root, path);
}

uint32_t source_file_id(Parse *parse, CXFile file)
{
    if (!file) return 0;
    uint64_t *known = map_get(&parse->files, MAP_KEY(file));
    if (known) return (uint32_t)*known;
    uint32_t id = build_file(parse->build, source_path(parse, file));
    map_put(&parse->files, MAP_KEY(file), id, NULL);
    return id;
}

Loc source_loc(Parse *parse, CXSourceLocation location)
{
    CXFile file = NULL;
    unsigned line = 0, column = 0;
    clang_getFileLocation(location, &file, &line, &column, NULL);
    if (!file) return (Loc){0};
    return (Loc){source_file_id(parse, file), line, column};
}

bool source_is_macro(CXSourceLocation location)
{
    return location.int_data >> MACRO_BIT;
}

Text source_text_at(Parse *parse, CXFile file, unsigned offset)
{
    if (!file) return (Text){"", 0};
    if (file != parse->text_file) {
        parse->text.at = clang_getFileContents(parse->tu, file, &parse->text.left);
        parse->text_file = file;
    }
    if (!parse->text.at || offset >= parse->text.left) return (Text){"", 0};
    return (Text){parse->text.at + offset, parse->text.left - offset};
}

Text source_text(Parse *parse, CXSourceLocation location)
{
    CXFile file = NULL;
    unsigned offset = 0;
    clang_getSpellingLocation(location, &file, NULL, NULL, &offset);
    return source_text_at(parse, file, offset);
}

static size_t identifier_length(Text text)
{
    size_t n = 0;
    while (n < text.left && (isalnum((unsigned char)text.at[n]) || text.at[n] == '_'))
        n++;
    return n;
}

bool text_is_word(Text text, const char *word)
{
    size_t n = strlen(word);
    return identifier_length(text) == n && !memcmp(text.at, word, n);
}

Text text_skip(Text text, size_t n)
{
    const char *at = text.at + n, *end = text.at + text.left;
    while (at < end) {
        if (isspace((unsigned char)*at)) {
            at++;
        } else if (*at == '\\' && at + 1 < end && (at[1] == '\n' || at[1] == '\r')) {
            at += 2;
        } else if (*at == '/' && at + 1 < end && at[1] == '*') {
            for (at += 2; at + 1 < end && !(*at == '*' && at[1] == '/');)
                at++;
            at = at + 2 < end ? at + 2 : end;
        } else if (*at == '/' && at + 1 < end && at[1] == '/') {
            while (at < end && *at != '\n')
                at++;
        } else {
            break;
        }
    }
    return (Text){at, (size_t)(end - at)};
}

static Spot decode_spot(Parse *parse, CXSourceLocation location)
{
    CXFile file = NULL, expansion = NULL;
    unsigned line = 0, column = 0, offset = 0, start = 0;
    clang_getFileLocation(location, &file, &line, &column, &offset);
    Spot spot = {0};
    if (file) spot.loc = (Loc){source_file_id(parse, file), line, column};
    if (!source_is_macro(location)) return spot;
    clang_getExpansionLocation(location, &expansion, NULL, NULL, &start);
    Text text = source_text_at(parse, expansion, start);
    size_t n = identifier_length(text);
    if (!n || n >= MAX_IDENTIFIER) return spot;
    char name[MAX_IDENTIFIER];
    memcpy(name, text.at, n);
    name[n] = 0;
    spot.macro = build_macro(parse->build, name);
    spot.is_macro_arg = file != expansion || offset != start;
    return spot;
}

Spot source_spot(Parse *parse, CXSourceLocation location)
{
    unsigned key = location.int_data;
    if (!key) return (Spot){0};
    unsigned slot = (key * 2654435761u) >> 16 & (SPOT_CACHE - 1);
    if (parse->spot_keys[slot] != key) {
        parse->spots[slot] = decode_spot(parse, location);
        parse->spot_keys[slot] = key;
    }
    return parse->spots[slot];
}
