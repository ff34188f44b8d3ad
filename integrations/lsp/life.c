/* The first request: what the client can, and what the server does. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

static bool has_word(const cJSON *list, const char *word)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *text = cJSON_GetStringValue(item);
        if (text && !strcmp(text, word)) return true;
    }
    return false;
}

/* The client's first choice of what we know; without a list it is UTF-16. */
static PositionUnits choose_units(const cJSON *encodings)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, encodings)
    {
        const char *text = cJSON_GetStringValue(item);
        if (text && !strcmp(text, "utf-8")) return UNITS_UTF8;
        if (text && !strcmp(text, "utf-16")) return UNITS_UTF16;
        if (text && !strcmp(text, "utf-32")) return UNITS_UTF32;
    }
    return UNITS_UTF16;
}

static void read_client(Server *server, const cJSON *params)
{
    const cJSON *can = get(params, "capabilities");
    const cJSON *text = get(can, "textDocument"), *workspace = get(can, "workspace");
    bool wants_push = get_true(params, "initializationOptions.push");
    server->can = (ClientCan){
        .units = choose_units(get(can, "general.positionEncodings")),
        .commands = !get_true(params, "initializationOptions.ownCommands"),
        .pull = !wants_push && cJSON_IsObject(get(text, "diagnostic")),
        .related = get_true(text, "publishDiagnostics.relatedInformation"),
        .versions = get_true(text, "publishDiagnostics.versionSupport"),
        .progress = get_true(can, "window.workDoneProgress"),
        .show_document = get_true(can, "window.showDocument.support"),
        .refresh = get_true(workspace, "diagnostics.refreshSupport"),
        .markdown = has_word(get(text, "hover.contentFormat"), "markdown"),
        .literals = cJSON_IsObject(get(text, "codeAction.codeActionLiteralSupport")),
        .watch = get_true(workspace, "didChangeWatchedFiles.dynamicRegistration")};
    const cJSON *client = get(params, "processId");
    server->client = cJSON_IsNumber(client) ? client->valueint : 0;
}

static const char *find_folder(Server *server, const cJSON *params)
{
    const cJSON *first = cJSON_GetArrayItem(get(params, "workspaceFolders"), 0);
    const char *path = uri_path(get_text(first, "uri"), server->arena);
    if (!path) path = uri_path(get_text(params, "rootUri"), server->arena);
    if (!path) path = get_text(params, "rootPath");
    if (path && *path == '/') return arena_copy(server->arena, path, strlen(path));
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return "/";
    return arena_copy(server->arena, here, strlen(here));
}

static cJSON *words_of(const char *const *words, size_t n)
{
    cJSON *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_push(list, cJSON_CreateString(words[i]));
    return list;
}

static void add_sync(cJSON *can)
{
    enum { INCREMENTAL = 2 };
    cJSON *sync = json_object();
    json_add_bool(sync, "openClose", true);
    json_add_number(sync, "change", INCREMENTAL);
    json_add_bool(sync, "save", true);
    json_add(can, "textDocumentSync", sync);
}

static cJSON *capabilities(const Server *server)
{
    static const char *const units[] = {"utf-16", "utf-8", "utf-32"};
    static const char *const kinds[] = {"quickfix"};
    static const char *const commands[] = {"sluice.explain", "sluice.allow",
                                           "sluice.contract", "sluice.recheck"};
    cJSON *can = json_object(), *actions = json_object(), *lens = json_object(),
          *execute = json_object(), *pull = json_object();
    cJSON_AddStringToObject(can, "positionEncoding", units[server->can.units]);
    add_sync(can);
    json_add(actions, "codeActionKinds", words_of(kinds, 1));
    json_add(can, "codeActionProvider", actions);
    json_add_bool(can, "hoverProvider", true);
    json_add_bool(lens, "resolveProvider", false);
    json_add(can, "codeLensProvider", lens);
    json_add(execute, "commands", words_of(commands, 4));
    if (server->can.commands)
        json_add(can, "executeCommandProvider", execute);
    else
        cJSON_Delete(execute);
    cJSON_AddStringToObject(pull, "identifier", "sluice");
    json_add_bool(pull, "interFileDependencies", true);
    json_add_bool(pull, "workspaceDiagnostics", true);
    if (server->can.pull)
        json_add(can, "diagnosticProvider", pull);
    else
        cJSON_Delete(pull);
    return can;
}

void life_initialize(Server *server, const cJSON *id, const cJSON *params)
{
    const cJSON *item;
    if (server->state != SERVER_NEW) {
        rpc_error(server, id, RPC_INVALID, "initialize was sent before");
        return;
    }
    read_client(server, params);
    server->folder = find_folder(server, params);
    cJSON_ArrayForEach(item, get(params, "initializationOptions.arguments"))
    {
        const char *word = cJSON_GetStringValue(item);
        if (word)
            vec_push(server->arena, &server->words,
                     arena_copy(server->arena, word, strlen(word)));
    }
    server->state = SERVER_RUNNING;
    cJSON *result = json_object(), *info = json_object();
    cJSON_AddStringToObject(info, "name", "sluice");
    cJSON_AddStringToObject(info, "version", SLUICE_VERSION);
    json_add(result, "capabilities", capabilities(server));
    json_add(result, "serverInfo", info);
    rpc_result(server, id, result);
}

/* What others write counts: databases, configurations, and sources that no editor has saved. */
static void watch_files(Server *server)
{
    static const char *const patterns[] = {"**/compile_commands.json", "**/.sluice.yaml",
                                           "**/*.{c,h}"};
    cJSON *params = json_object(), *list = json_array(), *item = json_object(),
          *options = json_object(), *watchers = json_array();
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        cJSON *watcher = json_object();
        cJSON_AddStringToObject(watcher, "globPattern", patterns[i]);
        json_push(watchers, watcher);
    }
    json_add(options, "watchers", watchers);
    cJSON_AddStringToObject(item, "id", "sluice/files");
    cJSON_AddStringToObject(item, "method", "workspace/didChangeWatchedFiles");
    json_add(item, "registerOptions", options);
    json_push(list, item);
    json_add(params, "registrations", list);
    rpc_request(server, "client/registerCapability", params);
}

void life_initialized(Server *server, const cJSON *params)
{
    (void)params;
    if (server->can.watch) watch_files(server);
    host_start(server);
}
