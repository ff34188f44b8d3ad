/* Any bytes as what a client sends: the server lives, and what it would send is not looked at. The
 * same bytes come once as they are, in two parts, and once as the body of a message. */
#include "integrations/lsp/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char begin[] =
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"rootUri\":"
    "\"file:///\",\"capabilities\":{\"textDocument\":{\"diagnostic\":{}}}}}";
static const char open[] =
    "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/"
    "didOpen\",\"params\":{\"textDocument\":{"
    "\"uri\":\"file:///a.c\",\"version\":1,\"text\":\"int a;\\nint b;\\n\"}}}";

static void feed_body(Server *server, const char *body, size_t len)
{
    Arena *scratch = arena_new("frame");
    Buf frame;
    buf_init(&frame, scratch);
    wire_frame(&frame, body, len);
    server_feed(server, frame.at, frame.n);
    arena_free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const LspSetup nothing = {.rules = NULL};
    const char *text = (const char *)data;
    Server server;
    server_init(&server, &nothing, -1, -1);
    feed_body(&server, begin, sizeof begin - 1);
    feed_body(&server, open, sizeof open - 1);
    feed_body(&server, text, size);
    server_feed(&server, text, size / 2);
    server_feed(&server, text + size / 2, size - size / 2);
    server_free(&server);
    return 0;
}
