/* Growing text. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void buf_init(Buf *buf, Arena *arena)
{
    *buf = (Buf){.arena = arena, .at = arena_take(arena, 1, 1)};
}

static void buf_reserve(Buf *buf, size_t len)
{
    if (buf->room - buf->n > len) return;
    size_t room = buf->room ? buf->room * 2 : 256;
    while (room - buf->n <= len)
        room *= 2;
    buf->at = arena_grow(buf->arena, buf->at, buf->room ? buf->room : 1, room);
    buf->at[buf->n] = 0;
    buf->room = room;
}

void buf_put(Buf *buf, const void *bytes, size_t len)
{
    buf_reserve(buf, len);
    if (len) memcpy(buf->at + buf->n, bytes, len);
    buf->n += len;
    buf->at[buf->n] = 0;
}

void buf_text(Buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}

void buf_printf(Buf *buf, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) BUG("bad format: %s", fmt);
    buf_reserve(buf, (size_t)len + 1);
    vsnprintf(buf->at + buf->n, (size_t)len + 1, fmt, again);
    va_end(again);
    buf->n += (size_t)len;
}
