/*
 * Code actions of a finding: its fix, which was tried; a comment that allows it; its rule's page.
 *
 * Fixes are looked for when somebody asks, once for each state of the buffers: trying them takes
 * about as long as a check. A light bulb that was not asked for does not wait for them.
 */
#include <string.h>

#include "base/file.h"
#include "result.h"
#include "server.h"

enum { TRIGGER_AUTOMATIC = 2 };

/* --- edits ---------------------------------------------------------------------------------- */

static cJSON *edit_json(const Server *server, const Document *document, size_t offset,
                        size_t cut, const char *text, Arena *scratch)
{
    cJSON *edit = json_object(), *range = json_object();
    const size_t ends[] = {offset, offset + cut};
    static const char *const names[] = {"start", "end"};
    for (int i = 0; i < 2; i++) {
        Position position =
            position_at(document->text, document->len, ends[i], server->can.units);
        cJSON *end = json_object();
        json_add_number(end, "line", position.line);
        json_add_number(end, "character", position.character);
        json_add(range, names[i], end);
    }
    json_add(edit, "range", range);
    json_add_text(edit, "newText", text, scratch);
    return edit;
}

static cJSON *workspace_edit(const Document *document, cJSON *edits)
{
    cJSON *whole = json_object(), *changes = json_object();
    json_add(changes, document->uri, edits);
    json_add(whole, "changes", changes);
    return whole;
}

static const Fix *fix_of(const Server *server, const Document *document,
                         const Finding *finding)
{
    if (server->fixes_for != server->nresult) return NULL;
    Hash content = hash_bytes(document->text, document->len);
    for (uint32_t i = 0; i < server->fixes.n; i++) {
        const Finding *other = &server->fixes.at[i];
        if (!strcmp(other->fingerprint, finding->fingerprint) && other->fix &&
            !hash_compare(other->fix->content, content))
            return other->fix;
    }
    return NULL;
}

static cJSON *fix_edits(const Server *server, const Document *document, const Fix *fix,
                        Arena *scratch)
{
    cJSON *edits = json_array();
    for (uint32_t i = 0; i < fix->nedit; i++) {
        const Edit *edit = &fix->edits[i];
        json_push(edits, edit_json(server, document, edit->offset, edit->cut, edit->text,
                                   scratch));
    }
    return workspace_edit(document, edits);
}

/* A line above that allows the rule; NULL: a comment cannot stand there (inside of a macro). */
static cJSON *allow_edits(const Server *server, const Document *document, uint32_t line,
                          const char *rule_id, const char *reason, Arena *scratch)
{
    size_t at = position_line(document->text, document->len, line);
    const char *text = document->text + at;
    size_t indent = strspn(text, " \t"), before = at;
    while (before && (text[(ptrdiff_t)before - (ptrdiff_t)at - 1] == '\n' ||
                      text[(ptrdiff_t)before - (ptrdiff_t)at - 1] == '\r'))
        before--;
    if (before && document->text[before - 1] == '\\') return NULL;
    const char *comment =
        arena_printf(scratch, "%.*s// sluice:allow %s%s%s\n", (int)indent, text, rule_id,
                     *reason ? " " : "", reason);
    cJSON *edits = json_array();
    json_push(edits, edit_json(server, document, at, 0, comment, scratch));
    return workspace_edit(document, edits);
}

/* --- the list ------------------------------------------------------------------------------- */

static bool is_touched(const cJSON *diagnostic, const cJSON *range)
{
    Position a, b, start, end;
    if (!get_position(get(range, "start"), &a) || !get_position(get(range, "end"), &b) ||
        !get_position(get(diagnostic, "range.start"), &start) ||
        !get_position(get(diagnostic, "range.end"), &end))
        return false;
    return a.line <= end.line && b.line >= start.line;
}

static cJSON *new_action(const char *title, const cJSON *diagnostic, Arena *scratch)
{
    cJSON *action = json_object(), *list = json_array();
    json_add_text(action, "title", title, scratch);
    cJSON_AddStringToObject(action, "kind", "quickfix");
    json_push(list, cJSON_Duplicate(diagnostic, true));
    json_add(action, "diagnostics", list);
    return action;
}

static cJSON *command_json(const char *title, const char *name, const char *word,
                           Arena *scratch)
{
    cJSON *command = json_object(), *words = json_array();
    json_add_text(command, "title", title, scratch);
    cJSON_AddStringToObject(command, "command", name);
    json_push(words, json_text(word, scratch));
    json_add(command, "arguments", words);
    return command;
}

static void add_actions(Server *server, const Document *document, uint32_t number,
                        const cJSON *diagnostic, cJSON *actions, Arena *scratch)
{
    const Finding *finding = &server->result.findings.at[number];
    const Rule *rule = rule_of(server, finding->rule_id);
    const Fix *fix = fix_of(server, document, finding);
    if (fix) {
        cJSON *action =
            new_action(arena_printf(scratch, "Fix: %s", fix->text), diagnostic, scratch);
        json_add_bool(action, "isPreferred", true);
        json_add(action, "edit", fix_edits(server, document, fix, scratch));
        json_push(actions, action);
    }
    if (!rule) return;
    cJSON *edits = allow_edits(server, document, finding->place.line - 1,
                               finding->rule_id, "", scratch);
    if (edits) {
        cJSON *action = new_action(
            arena_printf(scratch, "Allow %s here (say why in the comment)", rule->id),
            diagnostic, scratch);
        json_add(action, "edit", edits);
        json_push(actions, action);
    }
    const char *title = arena_printf(scratch, "Explain %s", rule->id);
    cJSON *action = new_action(title, diagnostic, scratch);
    json_add(action, "command", command_json(title, "sluice.explain", rule->id, scratch));
    json_push(actions, action);
}

static bool has_fixes(const Server *server, const Document *document)
{
    return server->fixes_for == server->nresult && server->fixes_path &&
           !strcmp(server->fixes_path, document->path);
}

static void keep_fixes(Server *server, const Document *document, const Owed *owed)
{
    Arena *arena = arena_new("fixes");
    ResultMessage result = {0};
    if (owed->answer.talk != TELL_RESULT || !result_read(owed->answer, arena, &result))
        result.findings.n = 0;
    arena_free(server->fixes_arena);
    server->fixes_arena = arena;
    server->fixes = result.findings;
    server->fixes_for = server->nresult;
    server->fixes_path = arena_copy(arena, document->path, strlen(document->path));
}

static cJSON *list_actions(Server *server, const Document *document, const cJSON *range,
                           uint32_t *nfinding, Arena *scratch)
{
    cJSON *actions = json_array();
    const char *own = path_below(scratch, server->result.root, document->path);
    *nfinding = 0;
    for (uint32_t i = 0; i < server->result.findings.n; i++) {
        const Finding *finding = &server->result.findings.at[i];
        if (server->result.shown[i].kind != RESULT_FINDING || !finding->place.path ||
            !finding->place.line || strcmp(finding->place.path, own) != 0)
            continue;
        cJSON *diagnostic = diagnostic_of(server, i, scratch);
        if (is_touched(diagnostic, range)) {
            ++*nfinding;
            add_actions(server, document, i, diagnostic, actions, scratch);
        }
        cJSON_Delete(diagnostic);
    }
    return actions;
}

bool actions_list(Server *server, Owed *owed)
{
    Document *document = get_document(server, owed->params);
    const cJSON *trigger = get(owed->params, "context.triggerKind");
    bool is_automatic = cJSON_IsNumber(trigger) && trigger->valueint == TRIGGER_AUTOMATIC;
    uint32_t n = 0;
    if (!host_is_fresh(server)) return false;
    if (document && owed->is_answered) keep_fixes(server, document, owed);
    cJSON *actions =
        document && server->source && server->can.literals
            ? list_actions(server, document, get(owed->params, "range"), &n, owed->arena)
            : json_array();
    bool waits = n && !is_automatic && !has_fixes(server, document);
    if (waits) {
        cJSON_Delete(actions);
        if (owed->socket < 0) host_ask(server, owed, ASK_FIXES, &document->path, 1);
        return owed->is_answered ? actions_list(server, owed) : false;
    }
    rpc_result(server, owed->id, actions);
    return true;
}

/* --- commands ------------------------------------------------------------------------------- */

static void show_page(Server *server, const Rule *rule, Arena *scratch)
{
    const char *uri = rule_page_uri(server, rule->id, scratch);
    if (uri && server->can.show_document) {
        cJSON *params = json_object();
        json_add_text(params, "uri", uri, scratch);
        json_add_bool(params, "takeFocus", true);
        rpc_request(server, "window/showDocument", params);
    } else {
        rpc_show(server, 3,
                 arena_printf(scratch, "%s: %s. %s (sluice explain %s)", rule->id,
                              rule->title, rule->advice, rule->id));
    }
}

static void explain(Server *server, const cJSON *id, const cJSON *words, Arena *scratch)
{
    const Rule *rule =
        rule_of(server, cJSON_GetStringValue(cJSON_GetArrayItem(words, 0)));
    if (!rule) {
        rpc_error(server, id, RPC_PARAMS, "sluice.explain takes the name of a rule");
        return;
    }
    show_page(server, rule, scratch);
    rpc_result(server, id, json_text(rule->page, scratch));
}

/* [uri, line from 0, rule, reason]: for clients that ask for the reason first. */
static void allow(Server *server, const cJSON *id, const cJSON *words, Arena *scratch)
{
    const char *uri = cJSON_GetStringValue(cJSON_GetArrayItem(words, 0));
    const cJSON *line = cJSON_GetArrayItem(words, 1);
    const char *rule = cJSON_GetStringValue(cJSON_GetArrayItem(words, 2));
    const char *reason = cJSON_GetStringValue(cJSON_GetArrayItem(words, 3));
    const Document *document = document_find(&server->documents, uri);
    bool is_sound = document && cJSON_IsNumber(line) && line->valueint >= 0 &&
                    rule_of(server, rule) && reason && !strpbrk(reason, "\r\n");
    cJSON *edits = is_sound ? allow_edits(server, document, (uint32_t)line->valueint,
                                          rule, reason, scratch)
                            : NULL;
    if (!edits) {
        rpc_error(server, id, RPC_PARAMS,
                  "sluice.allow takes an open file, a line outside of macros, a rule and "
                  "a reason on one line");
        return;
    }
    cJSON *params = json_object();
    json_add(params, "edit", edits);
    rpc_request(server, "workspace/applyEdit", params);
    rpc_result(server, id, NULL);
}

void actions_execute(Server *server, const cJSON *id, cJSON *params)
{
    const char *name = get_text(params, "command");
    const cJSON *words = get(params, "arguments");
    Arena *scratch = arena_new("command");
    if (name && !strcmp(name, "sluice.explain")) {
        explain(server, id, words, scratch);
    } else if (name && !strcmp(name, "sluice.allow")) {
        allow(server, id, words, scratch);
    } else if (name && !strcmp(name, "sluice.contract")) {
        rpc_owe(server, id, params, contract_shown);
    } else if (name && !strcmp(name, "sluice.recheck")) {
        host_start(server);
        rpc_result(server, id, NULL);
    } else {
        rpc_error(server, id, RPC_PARAMS, "this server has no such command");
    }
    arena_free(scratch);
}
