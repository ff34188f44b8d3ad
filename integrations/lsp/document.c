/* Open documents. Each text has an arena of its own, which is left when the text changes. */
#include "document.h"

#include <string.h>

#include "base/buf.h"

void documents_init(Documents *documents, Arena *arena)
{
    *documents = (Documents){.arena = arena};
}

void documents_free(Documents *documents)
{
    for (uint32_t i = 0; i < documents->open.n; i++)
        arena_free(documents->open.at[i].arena);
    documents->open.n = 0;
}

Document *document_find(Documents *documents, const char *uri)
{
    for (uint32_t i = 0; uri && i < documents->open.n; i++)
        if (!strcmp(documents->open.at[i].uri, uri)) return &documents->open.at[i];
    return NULL;
}

Document *document_of_path(const Documents *documents, const char *path)
{
    for (uint32_t i = 0; i < documents->open.n; i++)
        if (!strcmp(documents->open.at[i].path, path)) return &documents->open.at[i];
    return NULL;
}

/* The document with another text, in an arena of its own. */
static void set_text(Documents *documents, Document *document, const char *text,
                     size_t len)
{
    Arena *arena = arena_new("document");
    document->uri = arena_copy(arena, document->uri, strlen(document->uri));
    document->path = arena_copy(arena, document->path, strlen(document->path));
    document->text = arena_copy(arena, text, len);
    document->len = len;
    document->change = ++documents->change;
    arena_free(document->arena);
    document->arena = arena;
}

Document *document_open(Documents *documents, const char *uri, int64_t version,
                        const char *text)
{
    Arena *scratch = arena_new("open");
    Document *document = document_find(documents, uri);
    const char *path = uri_path(uri, scratch);
    if (!document && path) {
        vec_push(documents->arena, &documents->open,
                 ((Document){.uri = uri, .path = path}));
        document = &documents->open.at[documents->open.n - 1];
    }
    if (document) {
        set_text(documents, document, text, strlen(text));
        document->version = version;
    }
    arena_free(scratch);
    return document;
}

void document_close(Documents *documents, Document *document)
{
    uint32_t at = (uint32_t)(document - documents->open.at);
    arena_free(document->arena);
    memmove(document, document + 1, (documents->open.n - at - 1) * sizeof *document);
    documents->open.n--;
    documents->change++;
}

void document_change(Documents *documents, Document *document, const TextChange *change,
                     PositionUnits units)
{
    if (change->is_whole) {
        set_text(documents, document, change->text, strlen(change->text));
        return;
    }
    size_t start = position_offset(document->text, document->len, change->start, units);
    size_t end = position_offset(document->text, document->len, change->end, units);
    if (end < start) end = start;
    Arena *scratch = arena_new("change");
    Buf text;
    buf_init(&text, scratch);
    buf_put(&text, document->text, start);
    buf_text(&text, change->text);
    buf_put(&text, document->text + end, document->len - end);
    set_text(documents, document, text.at, text.n);
    arena_free(scratch);
}
