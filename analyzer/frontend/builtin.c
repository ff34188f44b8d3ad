/*
 * Builtins of the compiler: which are no calls, which are the C library under a name of
 * their own, and which touch memory the way an assignment does.
 */
#include <string.h>

#include "frontend/decl.h"

static bool is_libc(const char *name, size_t len)
{
    static const char *const names[] = {
#define LIBC(name) name,
#include "frontend/libc.def"
#undef LIBC
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == len && !memcmp(names[i], name, len)) return true;
    return false;
}

static void fill_libc(Parse *parse, CXCursor fn, Decl *decl)
{
    const char *name = decl->name;
    if (strncmp(name, "__builtin_", 10) != 0) return;
    name += 10;
    bool is_checked = !strncmp(name, "__", 2);
    if (is_checked) name += 2;
    size_t len = strlen(name);
    if (is_checked && len > 4 && !strcmp(name + len - 4, "_chk")) len -= 4;
    if (!is_libc(name, len)) return;
    Type result = type_of(parse, clang_getResultType(clang_getCursorType(fn)))->scalar;
    decl->builtin = BUILTIN_LIBC;
    decl->has_sizes = is_checked;
    decl->plain = decl_named(parse, arena_copy(parse->tables, name, len), result);
}

void builtin_fill(Parse *parse, CXCursor fn, Decl *decl)
{
    static const struct {
        const char *name;
        Builtin builtin;
    } builtins[] = {
#define BUILTIN(kind, name) {name, BUILTIN_##kind},
#include "frontend/builtins.def"
#undef BUILTIN
    };
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (!strcmp(builtins[i].name, decl->name)) decl->builtin = builtins[i].builtin;
    if (!strncmp(decl->name, "__sync_", 7) && !decl->builtin)
        decl->builtin = BUILTIN_SYNC;
    if (!decl->builtin) fill_libc(parse, fn, decl);
}
