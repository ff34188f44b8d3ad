#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* Text or bytes being written, in an arena. `at` is always NUL-terminated after a put. */
typedef struct Buf {
    Arena *arena;
    char *at;
    size_t n, room;
} Buf;

void buf_init(Buf *buf, Arena *arena);
void buf_put(Buf *buf, const void *bytes, size_t len);
void buf_text(Buf *buf, const char *text);
void buf_printf(Buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
