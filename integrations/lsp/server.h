#ifndef LSP_SERVER_H
#define LSP_SERVER_H

#include "analyst.h"
#include "base/temporary.h"
#include "channel.h"
#include "document.h"
#include "finding/source.h"
#include "integrations/report/json.h"
#include "wire.h"

/*
 * The server: what it knows of its client and of the program, and what it still owes. One thread;
 * serve.c turns the loop.
 */
typedef struct Server Server;
typedef struct Owed Owed;

/* Errors of JSON-RPC and of the protocol. */
enum {
    RPC_PARSE = -32700,
    RPC_INVALID = -32600,
    RPC_NO_METHOD = -32601,
    RPC_PARAMS = -32602,
    RPC_FAILED = -32803,
    RPC_NOT_READY = -32002,
    RPC_CANCELLED = -32800
};

/* A request whose answer takes work. */
struct Owed {
    cJSON *id, *params;
    /* Called when something has changed; true: it has been answered. */
    bool (*advance)(Server *server, Owed *owed);
    int socket; /* a question that was asked for it; -1: none */
    bool is_answered;
    Arena *arena;   /* of the answer */
    Message answer; /* talk TELL_FAILED when the process was lost */
};

typedef enum ServerState {
    SERVER_NEW,
    SERVER_RUNNING,
    SERVER_SHUT,
    SERVER_GONE
} ServerState;

typedef struct ClientCan {
    PositionUnits units;
    bool pull, related, progress, refresh, markdown, literals, versions, show_document,
        watch, commands; /* commands: the server's own are registered */
} ClientCan;

/* What a client was told last of a file. */
typedef struct Published {
    const char *uri;
    Hash content;
    int64_t version;
} Published;

struct Server {
    const LspSetup *setup;
    int in, out;
    ServerState state;
    bool was_shut;
    Arena *arena; /* of the server's life */
    Wire wire;
    Documents documents;
    ClientCan can;
    const char *folder;
    Temporary scratch;
    VEC(const char *) words; /* from the client's options */
    int64_t client;          /* its process; 0: unknown */
    uint64_t nrequest;
    VEC(Owed *) owed;

    /* Processes, by their sockets; -1: none. */
    int analyst; /* knows the program on the disk */
    bool is_ready, has_failed;
    int next;     /* its successor, which is still reading */
    int checking; /* works on the buffers as they are */
    int checked;  /* knows them as they were when they were checked last */
    VEC(int) preparing;
    uint32_t ncrash;

    double due;            /* when the buffers are to be checked; 0: not */
    double reload_due;     /* when the disk is to be read again; 0: not */
    double asked_at, took; /* the last check */
    uint64_t asked_change, checked_change;

    Arena *result_arena;
    ResultMessage result; /* of the last check */
    Source *source;       /* of the same moment */
    uint64_t nresult;     /* raised with each */
    VEC(Published) published;

    uint64_t fixes_for; /* nresult that `fixes` belongs to */
    Arena *fixes_arena;
    const char *fixes_path;
    FindingList fixes;

    bool is_progress; /* a progress is shown */
};

/* serve.c */
void server_init(Server *server, const LspSetup *setup, int in, int out);
void server_free(Server *server);
void server_feed(Server *server, const char *bytes, size_t len);
double server_now(void);

/* rpc.c: messages in and out; what is handed over is freed */
void rpc_take(Server *server, const char *body, size_t len);
void rpc_result(Server *server, const cJSON *id, cJSON *result);
void rpc_error(Server *server, const cJSON *id, int code, const char *text);
void rpc_notify(Server *server, const char *method, cJSON *params);
void rpc_request(Server *server, const char *method, cJSON *params);
/* Remembers a request; takes params out of the message. */
void rpc_owe(Server *server, const cJSON *id, cJSON *params,
             bool (*advance)(Server *, Owed *));
/* Calls all that are owed. */
void rpc_advance(Server *server);
void rpc_cancel(Server *server, const cJSON *id);
void rpc_owed_free(Owed *owed);
void rpc_log(Server *server, int type, const char *text); /* 1 error .. 4 log */
void rpc_show(Server *server, int type, const char *text);

/* Reading params: NULL or a default when it is not there or something else. */
const cJSON *get(const cJSON *object, const char *path); /* "a.b.c" */
const char *get_text(const cJSON *object, const char *path);
bool get_true(const cJSON *object, const char *path);
bool get_position(const cJSON *position, Position *out);
Document *get_document(Server *server, const cJSON *params); /* textDocument.uri */

/* life.c: requests about the server itself */
void life_initialize(Server *server, const cJSON *id, const cJSON *params);
void life_initialized(Server *server, const cJSON *params);

/* sync.c: documents */
void sync_open(Server *server, const cJSON *params);
void sync_change(Server *server, const cJSON *params);
void sync_close(Server *server, const cJSON *params);
void sync_save(Server *server, const cJSON *params);
void sync_watched(Server *server, const cJSON *params);

/* host.c: processes that analyse */
void host_start(Server *server); /* reads the disk (again) */
void host_touch(Server *server); /* buffers have changed */
void host_prepare(Server *server, const char *path);
/* Nothing is under way: what is known is of the buffers as they are. */
bool host_is_fresh(const Server *server);
void host_ask(Server *server, Owed *owed, Talk talk, const char *const *texts,
              uint32_t n);
void host_stop(Server *server);
int host_timeout(
    const Server *server);      /* milliseconds until something is due; -1: nothing */
void host_tick(Server *server); /* does what is due */
/* Sockets to watch, and what to do when one has something. */
uint32_t host_sockets(const Server *server, int *sockets, uint32_t most);
void host_hear(Server *server, int socket);

/* diagnostics.c */
void diagnostics_publish(Server *server);
bool diagnostics_pull(Server *server, Owed *owed);
bool diagnostics_pull_all(Server *server, Owed *owed);
cJSON *diagnostic_of(Server *server, uint32_t finding, Arena *scratch);
/* The range of a finding; false: it has no place. */
cJSON *range_of(const Server *server, const Place *place);
/* Absolute path and URI of a place. */
const char *place_path(const Server *server, const Place *place, Arena *arena);
const char *uri_of_path(Server *server, const char *path, Arena *arena);
/* file: URI of a rule's page; NULL: none. */
const char *rule_page_uri(Server *server, const char *rule_id, Arena *arena);
const Rule *rule_of(const Server *server, const char *rule_id);

/* actions.c, hover.c */
bool actions_list(Server *server, Owed *owed);
void actions_execute(Server *server, const cJSON *id, cJSON *params);
bool hover(Server *server, Owed *owed);
bool lenses(Server *server, Owed *owed);
bool contract_shown(Server *server, Owed *owed);

#endif
