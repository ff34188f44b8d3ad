/* Columns are bytes inside and whatever the client counts in outside; here is the edge. */
#include "position.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "integrations/report/utf8.h"

size_t position_line(const char *text, size_t len, uint32_t line)
{
    size_t at = 0;
    while (line-- && at < len) {
        const char *end = memchr(text + at, '\n', len - at);
        if (!end) return len;
        at = (size_t)(end - text) + 1;
    }
    return at;
}

/* The end of the line that starts at `at`, without its line end. */
static size_t line_end(const char *text, size_t len, size_t at)
{
    const char *end = memchr(text + at, '\n', len - at);
    size_t stop = end ? (size_t)(end - text) : len;
    return stop > at && text[stop - 1] == '\r' ? stop - 1 : stop;
}

static uint32_t width(uint32_t character, size_t taken, PositionUnits units)
{
    switch (units) {
    case UNITS_UTF8: return (uint32_t)taken;
    case UNITS_UTF32: return 1;
    case UNITS_UTF16: break;
    }
    return character > 0xFFFF ? 2 : 1;
}

size_t position_offset(const char *text, size_t len, Position position,
                       PositionUnits units)
{
    size_t at = position_line(text, len, position.line), end = line_end(text, len, at);
    for (uint32_t done = 0; at < end && done < position.character;) {
        size_t taken;
        uint32_t character = utf8_next(text + at, end - at, &taken);
        done += width(character, taken, units);
        if (done > position.character) break; /* in the middle of one */
        at += taken;
    }
    return at;
}

uint32_t position_units(const char *text, size_t len, PositionUnits units)
{
    uint32_t n = 0;
    for (size_t at = 0, taken; at < len; at += taken) {
        uint32_t character = utf8_next(text + at, len - at, &taken);
        n += width(character, taken, units);
    }
    return n;
}

Position position_at(const char *text, size_t len, size_t offset, PositionUnits units)
{
    Position position = {0};
    size_t start = 0;
    if (offset > len) offset = len;
    for (size_t i = 0; i < offset; i++)
        if (text[i] == '\n') {
            position.line++;
            start = i + 1;
        }
    position.character = position_units(text + start, offset - start, units);
    return position;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

size_t position_word_end(const char *text, size_t len, size_t offset)
{
    size_t at = offset;
    while (at < len && is_word(text[at]))
        at++;
    if (at == offset && at < len && text[at] != '\n' && text[at] != '\r') at++;
    return at;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

const char *uri_path(const char *uri, Arena *arena)
{
    static const char scheme[] = "file://";
    if (!uri || strncmp(uri, scheme, sizeof scheme - 1) != 0) return NULL;
    uri += sizeof scheme - 1;
    if (!strncmp(uri, "localhost/", 10)) uri += 9;
    if (*uri != '/') return NULL;
    Buf out;
    buf_init(&out, arena);
    for (; *uri; uri++) {
        char c = *uri;
        if (c == '%') {
            int high = hex_value(uri[1]), low = high < 0 ? -1 : hex_value(uri[2]);
            if (low < 0 || !(high | low)) return NULL;
            c = (char)(high << 4 | low);
            uri += 2;
        }
        buf_put(&out, &c, 1);
    }
    return out.at;
}

const char *uri_of(const char *path, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_text(&out, "file://");
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        if ((isalnum(c) && c < 0x80) || strchr("/-._~+", c))
            buf_put(&out, path, 1);
        else
            buf_printf(&out, "%%%02X", (unsigned)c);
    }
    return out.at;
}
