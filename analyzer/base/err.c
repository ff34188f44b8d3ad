/* Errors: filled in by whoever meets them, given context on the way up. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool err_set(Err *err, ErrKind kind, const char *fmt, ...)
{
    if (!err) return false;
    va_list args;
    va_start(args, fmt);
    err->kind = kind;
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    return false;
}

bool err_while(Err *err, const char *fmt, ...)
{
    if (!err) return false;
    char before[sizeof err->text];
    va_list args;
    va_start(args, fmt);
    int used = vsnprintf(before, sizeof before, fmt, args);
    va_end(args);
    if (used < 0 || (size_t)used >= sizeof before) return false;
    size_t left = sizeof before - (size_t)used;
    snprintf(before + used, left, ": %.*s", (int)left - 3, err->text);
    memcpy(err->text, before, sizeof before);
    return false;
}

int err_exit_status(ErrKind kind)
{
    switch (kind) {
    case ERR_USAGE:
    case ERR_CONFIG: return 2;
    case ERR_PARSE:
    case ERR_CACHE: return 3;
    case ERR_NONE:
    case ERR_IO:
    case ERR_INTERNAL: return 4;
    }
    return 4;
}

_Noreturn void die(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("sluice: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    exit(4);
}

_Noreturn void bug_at(const char *file, int line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fprintf(stderr, "sluice: internal error at %s:%d: ", file, line);
    vfprintf(stderr, fmt, args);
    fputs("\n", stderr);
    va_end(args);
    abort();
}
