/* JSON-RPC: from a body to the function that answers it. Whatever a body says, the server lives. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

/* --- out ------------------------------------------------------------------------------------ */

static void put_out(Server *server, const char *at, size_t len)
{
    while (len && server->out >= 0) {
        ssize_t put = write(server->out, at, len);
        if (put < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = server->out, .events = POLLOUT}, 1, -1);
        } else if (put < 0 && errno != EINTR) {
            server->state = SERVER_GONE;
            return;
        } else if (put > 0) {
            at += put;
            len -= (size_t)put;
        }
    }
}

static void put_message(Server *server, cJSON *message)
{
    Arena *scratch = arena_new("message");
    Buf body, frame;
    buf_init(&body, scratch);
    buf_init(&frame, scratch);
    json_put(&body, message);
    wire_frame(&frame, body.at, body.n);
    put_out(server, frame.at, frame.n);
    arena_free(scratch);
}

static cJSON *new_message(Server *server)
{
    (void)server;
    cJSON *message = json_object();
    cJSON_AddStringToObject(message, "jsonrpc", "2.0");
    return message;
}

static cJSON *new_reply(Server *server, const cJSON *id)
{
    cJSON *message = new_message(server);
    cJSON *copy = id ? cJSON_Duplicate(id, true) : NULL;
    json_add(message, "id", copy ? copy : cJSON_CreateNull());
    return message;
}

void rpc_result(Server *server, const cJSON *id, cJSON *result)
{
    cJSON *message = new_reply(server, id);
    json_add(message, "result", result ? result : cJSON_CreateNull());
    put_message(server, message);
}

void rpc_error(Server *server, const cJSON *id, int code, const char *text)
{
    Arena *scratch = arena_new("error");
    cJSON *message = new_reply(server, id), *error = json_object();
    json_add_number(error, "code", code);
    json_add_text(error, "message", text, scratch);
    json_add(message, "error", error);
    put_message(server, message);
    arena_free(scratch);
}

void rpc_notify(Server *server, const char *method, cJSON *params)
{
    cJSON *message = new_message(server);
    cJSON_AddStringToObject(message, "method", method);
    if (params) json_add(message, "params", params);
    put_message(server, message);
}

void rpc_request(Server *server, const char *method, cJSON *params)
{
    cJSON *message = new_message(server);
    json_add_number(message, "id", (double)++server->nrequest);
    cJSON_AddStringToObject(message, "method", method);
    if (params) json_add(message, "params", params);
    put_message(server, message);
}

static void say(Server *server, const char *method, int type, const char *text)
{
    Arena *scratch = arena_new("say");
    cJSON *params = json_object();
    json_add_number(params, "type", type);
    json_add_text(params, "message", text, scratch);
    rpc_notify(server, method, params);
    arena_free(scratch);
}

void rpc_log(Server *server, int type, const char *text)
{
    say(server, "window/logMessage", type, text);
}

void rpc_show(Server *server, int type, const char *text)
{
    say(server, "window/showMessage", type, text);
}

/* --- params --------------------------------------------------------------------------------- */

const cJSON *get(const cJSON *object, const char *path)
{
    char name[64];
    while (object && *path) {
        size_t len = strcspn(path, ".");
        if (len >= sizeof name) return NULL;
        memcpy(name, path, len);
        name[len] = 0;
        path += len + (path[len] == '.');
        object = cJSON_GetObjectItemCaseSensitive(object, name);
    }
    return object;
}

const char *get_text(const cJSON *object, const char *path)
{
    return cJSON_GetStringValue(get(object, path));
}

bool get_true(const cJSON *object, const char *path)
{
    return cJSON_IsTrue(get(object, path));
}

static bool get_count(const cJSON *object, const char *path, uint32_t *out)
{
    const cJSON *item = get(object, path);
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0)) return false;
    *out = item->valuedouble >= INT32_MAX ? INT32_MAX : (uint32_t)item->valuedouble;
    return true;
}

bool get_position(const cJSON *position, Position *out)
{
    return get_count(position, "line", &out->line) &&
           get_count(position, "character", &out->character);
}

Document *get_document(Server *server, const cJSON *params)
{
    return document_find(&server->documents, get_text(params, "textDocument.uri"));
}

/* --- what is owed --------------------------------------------------------------------------- */

void rpc_owe(Server *server, const cJSON *id, cJSON *params,
             bool (*advance)(Server *, Owed *))
{
    enum { MOST_OWED = 1000 };
    if (server->owed.n >= MOST_OWED) {
        rpc_error(server, id, RPC_FAILED, "too many requests at once");
        return;
    }
    Arena *arena = arena_new("owed");
    Owed *owed = ARENA_NEW(arena, Owed);
    *owed = (Owed){.id = cJSON_Duplicate(id, true),
                   .params = params ? cJSON_Duplicate(params, true) : json_object(),
                   .advance = advance,
                   .socket = -1,
                   .arena = arena};
    if (!owed->id || !owed->params) die("out of memory (a request)");
    vec_push(server->arena, &server->owed, owed);
}

void rpc_owed_free(Owed *owed)
{
    if (owed->socket >= 0) close(owed->socket);
    cJSON_Delete(owed->id);
    cJSON_Delete(owed->params);
    arena_free(owed->arena);
}

void rpc_advance(Server *server)
{
    uint32_t kept = 0, n = server->owed.n;
    for (uint32_t i = 0; i < n; i++) {
        Owed *owed = server->owed.at[i];
        if (owed->advance(server, owed))
            rpc_owed_free(owed);
        else
            server->owed.at[kept++] = owed;
    }
    server->owed.n = kept;
}

void rpc_cancel(Server *server, const cJSON *id)
{
    for (uint32_t i = 0; id && i < server->owed.n; i++) {
        Owed *owed = server->owed.at[i];
        if (!cJSON_Compare(owed->id, id, true)) continue;
        rpc_error(server, owed->id, RPC_CANCELLED, "cancelled");
        rpc_owed_free(owed);
        server->owed.at[i] = server->owed.at[--server->owed.n];
        return;
    }
}

/* --- in ------------------------------------------------------------------------------------- */

typedef struct Method {
    const char *name;
    void (*notified)(Server *, const cJSON *params);
    bool (*advance)(Server *, Owed *);
} Method;

static void ignore(Server *server, const cJSON *params)
{
    (void)server;
    (void)params;
}

static void cancel(Server *server, const cJSON *params)
{
    rpc_cancel(server, get(params, "id"));
}

static void end(Server *server, const cJSON *params)
{
    (void)params;
    server->was_shut = server->state == SERVER_SHUT;
    server->state = SERVER_GONE;
}

static const Method methods[] = {
    {"initialized", life_initialized, NULL},
    {"exit", end, NULL},
    {"$/cancelRequest", cancel, NULL},
    {"$/setTrace", ignore, NULL},
    {"textDocument/didOpen", sync_open, NULL},
    {"textDocument/didChange", sync_change, NULL},
    {"textDocument/didClose", sync_close, NULL},
    {"textDocument/didSave", sync_save, NULL},
    {"workspace/didChangeWatchedFiles", sync_watched, NULL},
    {"workspace/didChangeConfiguration", sync_watched, NULL},
    {"textDocument/diagnostic", NULL, diagnostics_pull},
    {"workspace/diagnostic", NULL, diagnostics_pull_all},
    {"textDocument/codeAction", NULL, actions_list},
    {"textDocument/hover", NULL, hover},
    {"textDocument/codeLens", NULL, lenses},
};

static const Method *find_method(const char *name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (!strcmp(methods[i].name, name)) return &methods[i];
    return NULL;
}

static void take_request(Server *server, const char *name, const cJSON *id, cJSON *params)
{
    const Method *method = find_method(name);
    if (!strcmp(name, "initialize")) {
        life_initialize(server, id, params);
    } else if (server->state == SERVER_NEW) {
        rpc_error(server, id, RPC_NOT_READY, "the first request must be initialize");
    } else if (server->state == SERVER_SHUT) {
        rpc_error(server, id, RPC_INVALID, "the server was shut down");
    } else if (!strcmp(name, "shutdown")) {
        server->state = SERVER_SHUT;
        host_stop(server);
        rpc_result(server, id, NULL);
    } else if (!strcmp(name, "workspace/executeCommand")) {
        actions_execute(server, id, params);
    } else if (method && method->advance) {
        rpc_owe(server, id, params, method->advance);
    } else {
        rpc_error(server, id, RPC_NO_METHOD, "this server has no such request");
    }
}

static void take_notification(Server *server, const char *name, const cJSON *params)
{
    const Method *method = find_method(name);
    if (!method || !method->notified) return;
    if (server->state == SERVER_RUNNING || method->notified == end)
        method->notified(server, params);
}

void rpc_take(Server *server, const char *body, size_t len)
{
    cJSON *message = cJSON_ParseWithLength(body, len);
    if (!message) {
        rpc_error(server, NULL, RPC_PARSE, "the body is no JSON");
        return;
    }
    const cJSON *id = get(message, "id");
    const char *name = get_text(message, "method");
    cJSON *params = cJSON_GetObjectItemCaseSensitive(message, "params");
    bool is_id = cJSON_IsNumber(id) || cJSON_IsString(id);
    if (!cJSON_IsObject(message))
        rpc_error(server, NULL, RPC_INVALID, "a message must be an object");
    else if (!name && !is_id)
        rpc_error(server, NULL, RPC_INVALID, "this is no request and no answer");
    else if (name && is_id)
        take_request(server, name, id, params);
    else if (name)
        take_notification(server, name, params);
    cJSON_Delete(message);
}
