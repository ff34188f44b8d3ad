/* What happens to documents: opened, changed, saved, closed, or changed behind the editor's back. */
#include <string.h>

#include "server.h"

void sync_open(Server *server, const cJSON *params)
{
    const char *uri = get_text(params, "textDocument.uri");
    const char *text = get_text(params, "textDocument.text");
    const cJSON *version = get(params, "textDocument.version");
    if (!uri || !text) return;
    int64_t number = cJSON_IsNumber(version) ? (int64_t)version->valueint : 0;
    const Document *document = document_open(&server->documents, uri, number, text);
    if (!document) return;
    host_prepare(server, document->path);
    host_touch(server);
}

static bool read_change(const cJSON *item, TextChange *change)
{
    *change = (TextChange){.text = get_text(item, "text")};
    const cJSON *range = get(item, "range");
    change->is_whole = !range || cJSON_IsNull(range);
    return change->text &&
           (change->is_whole || (get_position(get(range, "start"), &change->start) &&
                                 get_position(get(range, "end"), &change->end)));
}

void sync_change(Server *server, const cJSON *params)
{
    Document *document = get_document(server, params);
    const cJSON *version = get(params, "textDocument.version"), *item;
    if (!document) return;
    cJSON_ArrayForEach(item, get(params, "contentChanges"))
    {
        TextChange change;
        if (read_change(item, &change))
            document_change(&server->documents, document, &change, server->can.units);
    }
    if (cJSON_IsNumber(version)) document->version = version->valueint;
    host_touch(server);
}

/* The disk may hold something else now than when the program was read. */
static void reload_soon(Server *server)
{
    enum { SETTLE_MILLISECONDS = 200 };
    server->reload_due = server_now() + (double)SETTLE_MILLISECONDS / 1e3;
}

void sync_close(Server *server, const cJSON *params)
{
    Document *document = get_document(server, params);
    if (!document) return;
    document_close(&server->documents, document);
    host_touch(server);
}

void sync_save(Server *server, const cJSON *params)
{
    (void)params;
    reload_soon(server);
}

void sync_watched(Server *server, const cJSON *params)
{
    (void)params;
    reload_soon(server);
}
