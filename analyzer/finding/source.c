/*
 * Source text for people: files are read once, whole, and cut into lines on demand.
 *
 * A line ends with LF, CR LF or a lone CR, as clang and the code-scanning services count
 * them, so that line numbers agree everywhere. Nothing here looks at the encoding.
 */
#include "finding/source.h"

#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "base/name.h"
#include "base/vec.h"

enum { LARGEST_FILE = 64 * 1024 * 1024 };

struct Source {
    Arena *arena;
    const char *root;
    Names *paths;
    Map files;     /* Name -> SourceFile */
    Source *below; /* or NULL */
};

Source *source_new(Arena *arena, const char *root)
{
    Source *source = ARENA_NEW(arena, Source);
    source->arena = arena;
    source->root = root;
    source->paths = names_new(arena);
    map_init(&source->files, arena);
    return source;
}

Source *source_over(Arena *arena, Source *below)
{
    Source *source = source_new(arena, below->root);
    source->below = below;
    return source;
}

/* Nearly all files have no CR: then memchr finds the line ends, many times faster. */
static const char *next_end(const char *at, const char *end, bool has_cr)
{
    if (!has_cr) return memchr(at, '\n', (size_t)(end - at));
    for (; at < end; at++)
        if (*at == '\n' || (*at == '\r' && at[1] != '\n')) return at;
    return NULL;
}

static void lines_find(SourceFile *file, Arena *arena)
{
    VEC(uint32_t) starts = {0};
    const char *at = file->at, *end = at + file->len;
    bool has_cr = memchr(at, '\r', file->len);
    vec_push(arena, &starts, 0);
    while ((at = next_end(at, end, has_cr)))
        vec_push(arena, &starts, (uint32_t)(++at - file->at));
    file->starts = starts.at;
    file->nline = starts.n;
}

static SourceFile *file_load(Source *source, const char *path)
{
    SourceFile *file = ARENA_NEW(source->arena, SourceFile);
    file->path = path;
    FileText text;
    const char *full = path_join(source->arena, source->root, path);
    if (!file_read(full, LARGEST_FILE, source->arena, &text, NULL)) return file;
    file->at = text.at;
    file->len = text.len;
    lines_find(file, source->arena);
    return file;
}

void source_set(Source *source, const char *path, const char *text, size_t len)
{
    SourceFile *file = ARENA_NEW(source->arena, SourceFile);
    const Name *name = name_of(source->paths, path);
    file->path = name->text;
    file->at = text;
    file->len = len;
    if (text) lines_find(file, source->arena);
    *map_put(&source->files, MAP_KEY(name), 0, NULL) = MAP_KEY(file);
}

const SourceFile *source_file(Source *source, const char *path)
{
    const Name *name = name_of(source->paths, path ? path : "");
    uint64_t *known = map_get(&source->files, MAP_KEY(name));
    if (known) return (const SourceFile *)(uintptr_t)*known;
    Source *below = source->below;
    if (below) known = map_get(&below->files, MAP_KEY(name_of(below->paths, name->text)));
    if (known) return (const SourceFile *)(uintptr_t)*known;
    SourceFile *file = file_load(source, name->text);
    map_put(&source->files, MAP_KEY(name), MAP_KEY(file), NULL);
    return file;
}

SourceLine source_line(const SourceFile *file, uint32_t line)
{
    if (line == 0 || line > file->nline) return (SourceLine){0};
    size_t from = file->starts[line - 1];
    size_t to = line < file->nline ? file->starts[line] : file->len;
    while (to > from && (file->at[to - 1] == '\n' || file->at[to - 1] == '\r'))
        to--;
    return (SourceLine){file->at + from, to - from};
}

SourceLine source_line_at(Source *source, const char *path, uint32_t line)
{
    return source_line(source_file(source, path), line);
}
