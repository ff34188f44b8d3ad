/* Characters out of bytes that may be anything. */
#include "utf8.h"

typedef struct Range {
    uint32_t first, last;
} Range;

/* What the lead byte promises: how many bytes, and the range of the second one, which
 * rules out long forms, surrogates and what lies above U+10FFFF. */
static size_t lead_length(unsigned char lead, Range *second)
{
    *second = (Range){0x80, 0xBF};
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead == 0xE0) second->first = 0xA0;
    if (lead == 0xED) second->last = 0x9F;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead == 0xF0) second->first = 0x90;
    if (lead == 0xF4) second->last = 0x8F;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

uint32_t utf8_next(const char *text, size_t len, size_t *taken)
{
    const unsigned char *bytes = (const unsigned char *)text;
    Range may;
    size_t length = lead_length(bytes[0], &may);
    *taken = 1;
    if (length == 1) return bytes[0];
    if (length == 0) return UTF8_REPLACEMENT;
    uint32_t character = bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++, may = (Range){0x80, 0xBF}) {
        if (i >= len || bytes[i] < may.first || bytes[i] > may.last)
            return UTF8_REPLACEMENT;
        character = character << 6 | (bytes[i] & 0x3Fu);
        *taken = i + 1;
    }
    return character;
}

void utf8_put(Buf *out, uint32_t c)
{
    unsigned char bytes[4];
    size_t n = 0;
    if (c < 0x80) {
        bytes[n++] = (unsigned char)c;
    } else {
        if (c < 0x800) {
            bytes[n++] = (unsigned char)(0xC0 | c >> 6);
        } else {
            if (c < 0x10000) {
                bytes[n++] = (unsigned char)(0xE0 | c >> 12);
            } else {
                bytes[n++] = (unsigned char)(0xF0 | c >> 18);
                bytes[n++] = (unsigned char)(0x80 | (c >> 12 & 0x3F));
            }
            bytes[n++] = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        }
        bytes[n++] = (unsigned char)(0x80 | (c & 0x3F));
    }
    buf_put(out, bytes, n);
}

void utf8_clean(Buf *out, const char *text, size_t len)
{
    size_t taken;
    for (size_t i = 0; i < len; i += taken) {
        uint32_t c = utf8_next(text + i, len - i, &taken);
        if (c == UTF8_REPLACEMENT)
            utf8_put(out, c);
        else
            buf_put(out, text + i, taken);
    }
}

uint32_t utf8_units(const char *text, size_t len)
{
    uint32_t units = 0;
    size_t taken;
    for (size_t i = 0; i < len; i += taken)
        units += utf8_next(text + i, len - i, &taken) > 0xFFFF ? 2 : 1;
    return units;
}

static bool is_in(uint32_t c, const Range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last) return true;
    return false;
}

/* The blocks that matter in source code; a wrong guess only shifts a caret. */
static const Range WIDE[] = {{0x1100, 0x115F},  {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                             {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                             {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1FAFF},
                             {0x20000, 0x3FFFD}};
static const Range NARROWEST[] = {{0x300, 0x36F}, {0x200B, 0x200D}, {0xFE00, 0xFE0F}};
static const Range UNSAFE[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x200E, 0x200F},
                               {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};

uint32_t utf8_width(uint32_t c)
{
    if (c < 0x300) return 1;
    if (is_in(c, NARROWEST, sizeof NARROWEST / sizeof *NARROWEST)) return 0;
    return is_in(c, WIDE, sizeof WIDE / sizeof *WIDE) ? 2 : 1;
}

bool utf8_is_unsafe(uint32_t c)
{
    return is_in(c, UNSAFE, sizeof UNSAFE / sizeof *UNSAFE);
}

size_t utf8_cut(const char *text, size_t len, size_t max)
{
    if (len <= max) return len;
    size_t at = max;
    while (at > 0 && max - at < 4 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}
