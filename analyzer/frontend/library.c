/*
 * libclang as a library: its version, its headers, the stack it needs.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "frontend/parse.h"

enum { STACK_BYTES = 120 * 1024 * 1024 };

const char *frontend_version(Arena *arena)
{
    const char *text = source_string(clang_getClangVersion(), arena);
    const char *at = strstr(text, "clang version ");
    return at ? arena_copy(arena, at, strcspn(at, "(\n")) : text;
}

/* libclang looks for the compiler's headers beside itself and, on Debian, below the working
 * directory, so that a run in / finds none. It is told where they are instead. */
static const char *find_resources(Arena *arena)
{
    const char *version = frontend_version(arena);
    version += strcspn(version, "0123456789");
    const char *major = arena_copy(arena, version, strcspn(version, "."));
    Dl_info library = {0};
    const char *places[4] = {
        arena_printf(arena, "/usr/lib/llvm-%s/lib/clang/%s", major, major),
        arena_printf(arena, "/usr/lib/clang/%s", major),
        arena_printf(arena, "/usr/lib64/clang/%s", major)};
    void *symbol = NULL;
    CXIndex (*function)(int, int) = clang_createIndex;
    memcpy(&symbol, &function, sizeof symbol);
    if (dladdr(symbol, &library) && library.dli_fname)
        places[3] = arena_printf(arena, "%s/../../lib/clang/%s",
                                 path_real(arena, library.dli_fname), major);
    for (size_t i = 0; i < sizeof places / sizeof *places && places[i]; i++)
        if (file_exists(arena_printf(arena, "%s/include/stddef.h", places[i])))
            return arena_printf(arena, "-resource-dir=%s", places[i]);
    return NULL;
}

/* Long chains of operators or `else if` recurse deeply in libclang, whose own threads have
 * 8 MB. The main thread's stack grows on demand up to the limit, so the limit is raised; a
 * thread of our own would cost a tenth more, because malloc gives each thread a heap. */
static void raise_stack_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0) return;
    rlim_t wanted = STACK_BYTES;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted)
        wanted = limit.rlim_max;
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        setrlimit(RLIMIT_STACK, &limit);
    }
    setenv("LIBCLANG_NOTHREADS", "1", 1);
}

Frontend *frontend_new(void)
{
    Arena *arena = arena_new("frontend");
    Frontend *frontend = ARENA_NEW(arena, Frontend);
    frontend->arena = arena;
    raise_stack_limit();
    frontend->index = clang_createIndex(0, 0); /* what is in a PCH is seen too */
    frontend->resources = find_resources(arena);
    return frontend;
}

void frontend_free(Frontend *frontend)
{
    if (!frontend) return;
    clang_disposeIndex(frontend->index);
    if (frontend->loud) clang_disposeIndex(frontend->loud);
    arena_free(frontend->arena);
}
