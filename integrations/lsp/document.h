#ifndef LSP_DOCUMENT_H
#define LSP_DOCUMENT_H

#include "base/file.h"
#include "base/vec.h"
#include "position.h"

/* A file that is open in the editor: its buffer is the truth. */
typedef struct Document {
    Arena *arena; /* of this struct's text */
    const char *uri, *path;
    int64_t version;
    char *text; /* a NUL follows */
    size_t len;
    uint64_t change; /* raised with every change of any document */
} Document;

typedef struct Documents {
    VEC(Document) open;
    Arena *arena;
    uint64_t change;
} Documents;

/* One change of a buffer. */
typedef struct TextChange {
    bool is_whole; /* the whole text; else from start to end */
    Position start, end;
    const char *text;
} TextChange;

void documents_init(Documents *documents, Arena *arena);
void documents_free(Documents *documents);
Document *document_find(Documents *documents, const char *uri); /* NULL: not open */
Document *document_of_path(const Documents *documents, const char *path);
/* Opens it, or takes its text anew when it is open. NULL: the URI names no file. */
Document *document_open(Documents *documents, const char *uri, int64_t version,
                        const char *text);
void document_close(Documents *documents, Document *document);
void document_change(Documents *documents, Document *document, const TextChange *change,
                     PositionUnits units);

#endif
