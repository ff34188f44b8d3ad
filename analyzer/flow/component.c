/* Who may depend on whom: a call into a file, or an address, of a component that is denied. */
#include <string.h>

#include "flow/request.h"

static const char *file_of(const ProgramFn *fn)
{
    uint32_t file = fn->fn->loc.file;
    return file < fn->unit->nfile && fn->unit->files[file] ? fn->unit->files[file]->text
                                                           : "";
}

static const Component *component_named(const ContextModel *model, const char *name)
{
    for (uint32_t i = 0; i < model->components.n; i++)
        if (!strcmp(model->components.at[i].name->text, name))
            return &model->components.at[i];
    return NULL;
}

/* "audit.svc" of "http://audit.svc/events"; the text itself when it is no address. */
static const char *host_of(const char *text)
{
    const char *slashes = strstr(text, "://");
    return slashes ? slashes + 3 : text;
}

static bool is_allowed(const ContextModel *model, const Component *from, const char *host)
{
    for (uint32_t i = 0; i < model->allows.n; i++) {
        const ComponentRule *rule = &model->allows.at[i];
        if (rule->from != from->name) continue;
        if (pattern_matches(rule->host, host, strlen(host))) return true;
        size_t end = strcspn(host, ":/"); /* the host alone */
        if (pattern_matches(rule->host, host, end)) return true;
    }
    return false;
}

static void forbid(Engine *engine, const State *state, const ComponentRule *rule,
                   const Name *callee, const char *where)
{
    Fault fault = {.kind = FAULT_FORBIDDEN,
                   .callee = callee,
                   .context = rule->from->text,
                   .given = rule->to,
                   .came = where,
                   .chain = rule->message};
    SiteStep step = {STEP_CALL, false, {engine->fn->link_name, engine_number(engine)}};
    fault_note(engine, state, fault, &step, 1);
}

/* Some argument is the text of an address of the component. */
static const char *address_in(Engine *engine, const RequestCall *call,
                              const ContextModel *model, const Component *from,
                              const Component *to)
{
    for (uint32_t i = 0; i < call->narg; i++) {
        const Term *term = call->args[i] ? &engine->terms.at[call->args[i]] : NULL;
        if (!term || term->kind != TERM_STRING || !term->name) continue;
        const char *host = host_of(term->name->text);
        if (host != term->name->text && context_matches(&to->hosts, host) &&
            !is_allowed(model, from, host))
            return arena_printf(engine->arena, "it speaks to '%s'", term->name->text);
    }
    return NULL;
}

void component_call(Engine *engine, const State *state, const RequestCall *call)
{
    const ContextModel *model = engine->request->model;
    const char *file = file_of(engine->fn);
    for (uint32_t i = 0; i < model->denies.n; i++) {
        const ComponentRule *rule = &model->denies.at[i];
        const Component *from = component_named(model, rule->from->text);
        const Component *to = component_named(model, rule->to);
        if (!from || !to || !context_matches(&from->files, file)) continue;
        const char *where = address_in(engine, call, model, from, to);
        const char *callee = call->callee ? file_of(call->callee) : "";
        if (!where && *callee && context_matches(&to->files, callee) &&
            !context_matches(&from->files, callee))
            where = arena_printf(engine->arena, "it calls '%s()' of '%s'",
                                 call->callee->fn->name->text, callee);
        if (where) forbid(engine, state, rule, call->name, where);
    }
}
