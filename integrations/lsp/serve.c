/* The loop: bytes of the client, answers of processes, and what is due by the clock. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "run/progress.h"
#include "server.h"

double server_now(void)
{
    return clock_seconds();
}

void server_init(Server *server, const LspSetup *setup, int in, int out)
{
    *server = (Server){.setup = setup,
                       .in = in,
                       .out = out,
                       .arena = arena_new("server"),
                       .analyst = -1,
                       .next = -1,
                       .checking = -1,
                       .checked = -1,
                       .result_arena = arena_new("result"),
                       .fixes_arena = arena_new("fixes")};
    wire_init(&server->wire);
    documents_init(&server->documents, server->arena);
}

void server_free(Server *server)
{
    host_stop(server);
    for (uint32_t i = 0; i < server->owed.n; i++)
        rpc_owed_free(server->owed.at[i]);
    temporary_remove(&server->scratch);
    documents_free(&server->documents);
    wire_free(&server->wire);
    arena_free(server->result_arena);
    arena_free(server->fixes_arena);
    arena_free(server->arena);
}

void server_feed(Server *server, const char *bytes, size_t len)
{
    const char *body;
    size_t n;
    WireFound found;
    wire_feed(&server->wire, bytes, len);
    while (server->state != SERVER_GONE &&
           (found = wire_next(&server->wire, &body, &n)) != WIRE_NOTHING) {
        if (found == WIRE_MESSAGE)
            rpc_take(server, body, n);
        else if (found == WIRE_BROKEN)
            rpc_error(server, NULL, RPC_PARSE,
                      "this is no message: a header with one Content-Length is expected");
        else
            rpc_error(server, NULL, RPC_INVALID, "the message is too large");
    }
    rpc_advance(server);
}

/* False: the client has closed its end. */
static bool read_client(Server *server)
{
    char bytes[65536];
    ssize_t got = read(server->in, bytes, sizeof bytes);
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    if (got > 0) server_feed(server, bytes, (size_t)got);
    return got > 0;
}

static bool is_client_alive(const Server *server)
{
    return server->client <= 0 || kill((pid_t)server->client, 0) == 0 || errno != ESRCH;
}

static void turn(Server *server)
{
    enum { MOST = 1200, LOOK_MILLISECONDS = 3000 };
    static const short events = POLLIN;
    int sockets[MOST];
    struct pollfd fds[MOST + 1];
    uint32_t n = host_sockets(server, sockets, MOST);
    for (uint32_t i = 0; i < n; i++)
        fds[i] = (struct pollfd){.fd = sockets[i], .events = events};
    fds[n] = (struct pollfd){.fd = server->in, .events = events};
    int timeout = host_timeout(server);
    if (timeout < 0 || timeout > LOOK_MILLISECONDS) timeout = LOOK_MILLISECONDS;
    int ready = poll(fds, n + 1, timeout);
    if (ready == 0 && !is_client_alive(server)) server->state = SERVER_GONE;
    for (uint32_t i = 0; i < n && ready > 0; i++)
        if (fds[i].revents) host_hear(server, fds[i].fd);
    if (ready > 0 && fds[n].revents && !read_client(server)) server->state = SERVER_GONE;
    if (server->state == SERVER_GONE) return;
    host_tick(server);
    rpc_advance(server);
}

int lsp_serve(const LspSetup *setup, int in, int out)
{
    Server server;
    signal(SIGPIPE, SIG_IGN);
    server_init(&server, setup, in, out);
    temporary_make(&server.scratch, server.arena);
    while (server.state != SERVER_GONE)
        turn(&server);
    int status = server.was_shut ? 0 : 1;
    server_free(&server);
    return status;
}
