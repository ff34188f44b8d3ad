/* The one place where XML is escaped. */
#include "xml.h"

#include <string.h>

#include "utf8.h"

static bool is_allowed(uint32_t c)
{
    return c == '\t' || c == '\n' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
}

void xml_put(Buf *out, const char *text)
{
    size_t len = strlen(text), taken;
    for (size_t i = 0; i < len; i += taken) {
        uint32_t c = utf8_next(text + i, len - i, &taken);
        switch (c) {
        case '&': buf_text(out, "&amp;"); break;
        case '<': buf_text(out, "&lt;"); break;
        case '>': buf_text(out, "&gt;"); break;
        case '"': buf_text(out, "&quot;"); break;
        case '\n': buf_text(out, "&#10;"); break;
        case '\t': buf_text(out, "&#9;"); break;
        default: utf8_put(out, is_allowed(c) ? c : UTF8_REPLACEMENT);
        }
    }
}

void xml_attribute(Buf *out, const char *name, const char *text)
{
    buf_printf(out, " %s=\"", name);
    xml_put(out, text);
    buf_text(out, "\"");
}
