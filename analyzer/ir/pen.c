/* Words, numbers, types and names of the text form. */
#include "ir/pen.h"

void pen_flush(Pen *pen)
{
    buf_put(pen->out, pen->chunk, pen->n);
    pen->n = 0;
}

void pen_bytes(Pen *pen, const char *bytes, size_t len)
{
    if (len > sizeof pen->chunk - pen->n) {
        pen_flush(pen);
        if (len > sizeof pen->chunk) {
            buf_put(pen->out, bytes, len);
            return;
        }
    }
    memcpy(pen->chunk + pen->n, bytes, len);
    pen->n += len;
}

void pen_number(Pen *pen, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    pen_bytes(pen, digits + at, sizeof digits - at);
}

void pen_signed(Pen *pen, int64_t number)
{
    if (number < 0) pen_char(pen, '-');
    pen_number(pen, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void pen_quoted(Pen *pen, const char *text, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    pen_char(pen, '"');
    for (size_t i = 0; i < len; i++) {
        uint8_t c = (uint8_t)text[i];
        if (c == '"' || c == '\\') {
            pen_bytes(pen, c == '"' ? "\\\"" : "\\\\", 2);
        } else if (c == '\n' || c == '\t') {
            pen_bytes(pen, c == '\n' ? "\\n" : "\\t", 2);
        } else if (c < 0x20 || c >= 0x7f) {
            pen_bytes(pen, (char[]){'\\', 'x', hex[c >> 4], hex[c & 15]}, 4);
        } else {
            pen_char(pen, (char)c);
        }
    }
    pen_char(pen, '"');
}

void pen_word(Pen *pen, const Name *name)
{
    if (form_is_plain(name->text, name->len))
        pen_bytes(pen, name->text, name->len);
    else
        pen_quoted(pen, name->text, name->len);
}

void pen_type(Pen *pen, Type type)
{
    bool is_int = type.kind == TYPE_INT;
    char letter = type.kind <= TYPE_AGGREGATE ? form_type_letters[type.kind] : '?';
    pen_char(pen, is_int && !type.is_signed ? 'u' : letter);
    if (type.is_signed && !is_int) pen_char(pen, 's');
    if (type.to_const) pen_char(pen, 'c');
    if (type.to_function) pen_char(pen, 'f');
    if (type.size) pen_number(pen, type.size);
}

void pen_flags(Pen *pen, uint32_t flags, const FormWord *words)
{
    for (; flags && words->text; words++) {
        if (!(flags & words->bit)) continue;
        pen_bytes(pen, " !", 2);
        pen_text(pen, words->text);
        flags &= ~words->bit;
    }
    if (flags) { /* no such flag: the verifier complains, but a dump must show it */
        pen_bytes(pen, " !", 2);
        pen_number(pen, flags);
    }
}
