/*
 * The server's side of the processes that analyse.
 *
 * One analyst knows the program as it stands on the disk. When buffers have changed and the
 * keyboard has rested, it is asked for a check, which a fork of it makes; a check that is out of
 * date before it is done is given up. After a save a second analyst reads the disk, out of the
 * cache, and takes the place of the first when it is ready.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "result.h"
#include "server.h"

static void hang_up(int *socket)
{
    if (*socket >= 0) close(*socket);
    *socket = -1;
}

/* --- progress ------------------------------------------------------------------------------- */

static const char token[] = "sluice/program";

static void show_progress(Server *server, const char *kind, const char *text,
                          uint32_t percent)
{
    if (!server->can.progress) return;
    Arena *scratch = arena_new("progress");
    cJSON *params = json_object(), *value = json_object();
    cJSON_AddStringToObject(params, "token", token);
    cJSON_AddStringToObject(value, "kind", kind);
    if (!strcmp(kind, "begin"))
        cJSON_AddStringToObject(value, "title", "sluice: reading the program");
    if (text) json_add_text(value, "message", text, scratch);
    if (strcmp(kind, "end") != 0) json_add_number(value, "percentage", percent);
    json_add(params, "value", value);
    rpc_notify(server, "$/progress", params);
    arena_free(scratch);
}

static void begin_progress(Server *server)
{
    if (!server->can.progress || server->is_progress) return;
    cJSON *params = json_object();
    cJSON_AddStringToObject(params, "token", token);
    rpc_request(server, "window/workDoneProgress/create", params);
    show_progress(server, "begin", NULL, 0);
    server->is_progress = true;
}

static void end_progress(Server *server)
{
    if (server->is_progress) show_progress(server, "end", NULL, 0);
    server->is_progress = false;
}

static void hear_progress(Server *server, Message *message)
{
    uint64_t done, total;
    const char *what;
    size_t len;
    if (!server->is_progress || !body_get_number(message, &done) ||
        !body_get_number(message, &total) || !body_get(message, &what, &len))
        return;
    /* Parsing and analysing take about as long. */
    uint32_t half = total ? (uint32_t)(done * 50 / total) : 0;
    bool is_late = strcmp(what, "parsing") != 0;
    Arena *scratch = arena_new("progress");
    const char *text =
        total ? arena_printf(scratch, "%s %u/%u", what, (unsigned)done, (unsigned)total)
              : what;
    show_progress(server, "report", text, is_late ? 50 + half : half);
    arena_free(scratch);
}

/* --- the analyst ---------------------------------------------------------------------------- */

void host_start(Server *server)
{
    server->reload_due = 0;
    if (!server->setup->prepare) return;
    hang_up(&server->next);
    AnalystOrder order = {.setup = server->setup,
                          .folder = server->folder,
                          .scratch = server->scratch.path,
                          .words = server->words.at,
                          .nword = server->words.n};
    server->next = analyst_start(&order);
    if (server->next < 0) {
        rpc_show(server, 1, "sluice: no process can be started");
        server->has_failed = true;
    } else if (!server->is_ready) {
        begin_progress(server);
    }
}

static void take_over(Server *server)
{
    hang_up(&server->analyst);
    server->analyst = server->next;
    server->next = -1;
    server->is_ready = true;
    server->has_failed = false;
    server->ncrash = 0;
    end_progress(server);
    for (uint32_t i = 0; i < server->documents.open.n; i++)
        host_prepare(server, server->documents.open.at[i].path);
}

static bool take_result(Server *server, Message message)
{
    Arena *arena = arena_new("result");
    ResultMessage result;
    if (!result_read(message, arena, &result)) {
        arena_free(arena);
        return false;
    }
    arena_free(server->result_arena);
    server->result_arena = arena;
    server->result = result;
    server->source = source_new(arena, result.root);
    for (uint32_t i = 0; i < server->documents.open.n; i++) {
        const Document *document = &server->documents.open.at[i];
        const char *path = path_below(arena, result.root, document->path);
        source_set(server->source, arena_copy(arena, path, strlen(path)),
                   arena_copy(arena, document->text, document->len), document->len);
    }
    server->nresult++;
    diagnostics_publish(server);
    return true;
}

static void fail_start(Server *server, const char *why)
{
    end_progress(server);
    hang_up(&server->next);
    if (server->is_ready) {
        rpc_log(server, 2, why);
        return;
    }
    server->has_failed = true;
    Arena *scratch = arena_new("why");
    rpc_show(server, 1, arena_printf(scratch, "sluice: %s", why));
    arena_free(scratch);
}

static void hear_next(Server *server, bool ok, Message *message)
{
    enum { MOST_CRASHES = 3 };
    if (!ok) {
        if (++server->ncrash < MOST_CRASHES)
            host_start(server);
        else
            fail_start(server, "the analysis ends without a result again and again; see "
                               "its messages in the log of the server");
    } else if (message->talk == TELL_PROGRESS) {
        hear_progress(server, message);
    } else if (message->talk == TELL_FAILED) {
        fail_start(server, message->body);
    } else if (message->talk == TELL_RESULT) {
        take_over(server);
        if (!server->documents.open.n) {
            hang_up(&server->checked);
            take_result(server, *message);
            server->checked_change = server->documents.change;
        } else {
            hang_up(&server->checking);
            server->due = server_now();
        }
    }
}

/* --- checks --------------------------------------------------------------------------------- */

/* A rest of an eighth of what a check takes: quick ones come at once, slow ones are not begun
 * between two keys. */
static double debounce(const Server *server)
{
    static const double least = 0.03, most = 0.25;
    double rest = server->took / 8;
    return rest < least ? least : rest > most ? most : rest;
}

void host_touch(Server *server)
{
    hang_up(&server->checking);
    server->due = server_now() + debounce(server);
}

static void start_check(Server *server)
{
    Arena *scratch = arena_new("check");
    Buf body;
    buf_init(&body, scratch);
    body_put_number(&body, server->documents.open.n);
    for (uint32_t i = 0; i < server->documents.open.n; i++) {
        const Document *document = &server->documents.open.at[i];
        body_put(&body, document->path, strlen(document->path));
        body_put(&body, document->text, document->len);
    }
    server->due = 0;
    server->asked_at = server_now();
    server->asked_change = server->documents.change;
    hang_up(&server->checking);
    server->checking = analyst_ask(server->analyst, ASK_CHECK, body.at, body.n);
    arena_free(scratch);
}

static void hear_check(Server *server, bool ok, Message *message)
{
    server->took = server_now() - server->asked_at;
    server->checked_change = server->asked_change;
    if (ok && message->talk == TELL_RESULT) {
        hang_up(&server->checked);
        server->checked = server->checking;
        server->checking = -1;
        if (take_result(server, *message)) return;
    }
    hang_up(&server->checking);
    rpc_log(server, 2,
            ok && message->talk == TELL_FAILED
                ? message->body
                : "sluice: this text could not be analysed; what is shown is of an "
                  "earlier one");
}

bool host_is_fresh(const Server *server)
{
    if (server->has_failed || !server->setup->prepare) return true;
    return server->is_ready && server->checking < 0 && server->due <= 0 &&
           server->checked_change == server->documents.change;
}

/* --- questions ------------------------------------------------------------------------------ */

void host_prepare(Server *server, const char *path)
{
    if (!server->is_ready) return;
    Arena *scratch = arena_new("prepare");
    Buf body;
    buf_init(&body, scratch);
    body_put(&body, path, strlen(path));
    int socket = analyst_ask(server->analyst, ASK_PREPARE, body.at, body.n);
    if (socket >= 0) vec_push(server->arena, &server->preparing, socket);
    arena_free(scratch);
}

void host_ask(Server *server, Owed *owed, Talk talk, const char *const *texts, uint32_t n)
{
    int who = server->checked >= 0 ? server->checked : server->analyst;
    Arena *scratch = arena_new("ask");
    Buf body;
    buf_init(&body, scratch);
    for (uint32_t i = 0; i < n; i++)
        body_put(&body, texts[i], strlen(texts[i]));
    owed->socket = who >= 0 ? analyst_ask(who, talk, body.at, body.n) : -1;
    if (owed->socket < 0) {
        owed->is_answered = true;
        owed->answer = (Message){.talk = TELL_FAILED, .body = "", .descriptor = -1};
    }
    arena_free(scratch);
}

static bool hear_answer(Server *server, int socket)
{
    for (uint32_t i = 0; i < server->owed.n; i++) {
        Owed *owed = server->owed.at[i];
        if (owed->socket != socket) continue;
        if (!channel_receive(socket, owed->arena, &owed->answer))
            owed->answer = (Message){.talk = TELL_FAILED, .body = "", .descriptor = -1};
        owed->is_answered = true;
        hang_up(&owed->socket);
        return true;
    }
    return false;
}

/* --- the loop's side ------------------------------------------------------------------------ */

uint32_t host_sockets(const Server *server, int *sockets, uint32_t most)
{
    const int own[] = {server->analyst, server->next, server->checking, server->checked};
    uint32_t n = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i] >= 0) sockets[n++] = own[i];
    for (uint32_t i = 0; i < server->preparing.n && n < most; i++)
        sockets[n++] = server->preparing.at[i];
    for (uint32_t i = 0; i < server->owed.n && n < most; i++)
        if (server->owed.at[i]->socket >= 0) sockets[n++] = server->owed.at[i]->socket;
    return n;
}

static bool hear_prepared(Server *server, int socket)
{
    for (uint32_t i = 0; i < server->preparing.n; i++) {
        if (server->preparing.at[i] != socket) continue;
        close(socket);
        server->preparing.at[i] = server->preparing.at[--server->preparing.n];
        return true;
    }
    return false;
}

void host_hear(Server *server, int socket)
{
    if (hear_prepared(server, socket) || hear_answer(server, socket)) return;
    Arena *scratch = arena_new("hear");
    Message message = {.body = "", .descriptor = -1};
    bool ok = channel_receive(socket, scratch, &message);
    if (socket == server->next) {
        hear_next(server, ok, &message);
    } else if (socket == server->checking) {
        hear_check(server, ok, &message);
    } else if (socket == server->checked && !ok) {
        hang_up(&server->checked);
    } else if (socket == server->analyst && !ok) {
        hang_up(&server->analyst);
        server->is_ready = false;
        host_start(server);
    }
    arena_free(scratch);
}

static double next_due(const Server *server)
{
    double due = server->is_ready ? server->due : 0;
    if (server->reload_due > 0 && (due <= 0 || server->reload_due < due))
        due = server->reload_due;
    return due;
}

int host_timeout(const Server *server)
{
    double due = next_due(server);
    if (due <= 0) return -1;
    double left = due - server_now();
    return left <= 0 ? 0 : (int)(left * 1e3) + 1;
}

void host_tick(Server *server)
{
    double now = server_now();
    if (server->state != SERVER_RUNNING) return;
    if (server->reload_due > 0 && now >= server->reload_due) host_start(server);
    if (server->due > 0 && now >= server->due && server->is_ready) start_check(server);
}

void host_stop(Server *server)
{
    hang_up(&server->next);
    hang_up(&server->checking);
    hang_up(&server->checked);
    hang_up(&server->analyst);
    for (uint32_t i = 0; i < server->preparing.n; i++)
        close(server->preparing.at[i]);
    server->preparing.n = 0;
    server->is_ready = false;
    server->due = server->reload_due = 0;
}
