/* What a function promises and asks: at the cursor, and above functions that return NULL. */
#include <ctype.h>
#include <string.h>

#include "server.h"

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The identifier around a position; NULL: none. */
static const char *word_at(const Server *server, const Document *document,
                           Position position, Arena *arena)
{
    const char *text = document->text;
    size_t at = position_offset(text, document->len, position, server->can.units);
    size_t start = at, end = at;
    while (start && is_word(text[start - 1]))
        start--;
    while (end < document->len && is_word(text[end]))
        end++;
    if (start == end || isdigit((unsigned char)text[start])) return NULL;
    return arena_copy(arena, text + start, end - start);
}

bool hover(Server *server, Owed *owed)
{
    Position position;
    Document *document = get_document(server, owed->params);
    if (!host_is_fresh(server)) return false;
    const char *word = NULL;
    if (!owed->is_answered && owed->socket < 0) {
        if (document && get_position(get(owed->params, "position"), &position))
            word = word_at(server, document, position, owed->arena);
        if (!word) {
            rpc_result(server, owed->id, NULL);
            return true;
        }
        const char *texts[] = {document->path, word};
        host_ask(server, owed, ASK_CONTRACT, texts, 2);
    }
    if (!owed->is_answered) return false;
    if (owed->answer.talk != TELL_TEXT || !owed->answer.len) {
        rpc_result(server, owed->id, NULL);
        return true;
    }
    cJSON *result = json_object(), *contents = json_object();
    cJSON_AddStringToObject(contents, "kind",
                            server->can.markdown ? "markdown" : "plaintext");
    json_add_text(contents, "value", owed->answer.body, owed->arena);
    json_add(result, "contents", contents);
    rpc_result(server, owed->id, result);
    return true;
}

static cJSON *lens_of(const Server *server, const Document *document, const cJSON *item)
{
    uint32_t line = (uint32_t)cJSON_GetNumberValue(get(item, "line"));
    Place place = {.line = line};
    cJSON *lens = json_object(), *command = json_object(), *words = json_array();
    place.path = path_below(server->result_arena, server->result.root, document->path);
    json_add(lens, "range", range_of(server, &place));
    json_add(command, "title", cJSON_Duplicate(get(item, "text"), false));
    cJSON_AddStringToObject(command, "command", "sluice.contract");
    json_push(words, cJSON_CreateString(document->uri));
    json_push(words, cJSON_Duplicate(get(item, "name"), false));
    json_add(command, "arguments", words);
    json_add(lens, "command", command);
    return lens;
}

bool lenses(Server *server, Owed *owed)
{
    Document *document = get_document(server, owed->params);
    if (!host_is_fresh(server)) return false;
    if (document && !owed->is_answered && owed->socket < 0)
        host_ask(server, owed, ASK_LENSES, &document->path, 1);
    if (document && !owed->is_answered) return false;
    cJSON *result = json_array();
    cJSON *list = document && owed->answer.talk == TELL_TEXT
                      ? cJSON_Parse(owed->answer.body)
                      : NULL;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        json_push(result, lens_of(server, document, item));
    }
    cJSON_Delete(list);
    rpc_result(server, owed->id, result);
    return true;
}

/* sluice.contract: [uri, name]; shown to the user, and given back. */
bool contract_shown(Server *server, Owed *owed)
{
    const cJSON *words = get(owed->params, "arguments");
    const char *uri = cJSON_GetStringValue(cJSON_GetArrayItem(words, 0));
    const char *name = cJSON_GetStringValue(cJSON_GetArrayItem(words, 1));
    const char *path = uri_path(uri, owed->arena);
    if (!host_is_fresh(server)) return false;
    if (!path || !name) {
        rpc_error(server, owed->id, RPC_PARAMS, "sluice.contract takes a URI and a name");
        return true;
    }
    if (!owed->is_answered && owed->socket < 0) {
        const char *texts[] = {path, name};
        host_ask(server, owed, ASK_CONTRACT, texts, 2);
    }
    if (!owed->is_answered) return false;
    bool found = owed->answer.talk == TELL_TEXT && owed->answer.len;
    if (found) rpc_show(server, 3, owed->answer.body);
    rpc_result(server, owed->id,
               found ? json_text(owed->answer.body, owed->arena) : NULL);
    return true;
}
