/* Contracts for scripts; contracts_schema.json says what each key means. */
#include "contracts.h"
#include "json.h"

static const char *null_text(ContractNull null)
{
    switch (null) {
    case CONTRACT_NEVER: return "never";
    case CONTRACT_MAYBE: return "maybe";
    case CONTRACT_ALWAYS: return "always";
    case CONTRACT_NO_POINTER:
    case CONTRACT_UNKNOWN: break;
    }
    return "unknown";
}

static void add_place(cJSON *object, const char *key, Place place, Arena *scratch)
{
    if (!place.line) return;
    cJSON *at = json_object();
    json_add_text(at, "path", place.path, scratch);
    json_add_number(at, "line", place.line);
    json_add_number(at, "column", place.column);
    json_add(object, key, at);
}

static cJSON *texts_json(const char *const *texts, uint32_t n, Arena *scratch)
{
    cJSON *array = json_array();
    for (uint32_t i = 0; i < n; i++)
        json_push(array, json_text(texts[i], scratch));
    return array;
}

static void add_some(cJSON *object, const char *key, const char *text, Arena *scratch)
{
    if (*text) json_add_text(object, key, text, scratch);
}

static cJSON *param_json(const ContractParam *param, Arena *scratch)
{
    cJSON *object = json_object();
    json_add_text(object, "name", param->name, scratch);
    json_add_bool(object, "isPointer", param->is_pointer);
    if (!param->is_pointer) return object;
    json_add_text(object, "declared",
                  param->is_declared_nonnull    ? "nonnull"
                  : param->is_declared_nullable ? "nullable"
                                                : "nothing",
                  scratch);
    json_add_bool(object, "isTested", param->is_tested);
    return object;
}

static cJSON *set_json(const ContractSet *set, Arena *scratch)
{
    cJSON *object = json_object();
    json_add_text(object, "what", set->what, scratch);
    json_add_text(object, "null", null_text(set->null), scratch);
    add_some(object, "value", set->value, scratch);
    return object;
}

static cJSON *case_json(const ContractCase *one, Arena *scratch)
{
    cJSON *object = json_object();
    json_add(object, "when", texts_json(one->when, one->nwhen, scratch));
    json_add_bool(object, "isPartial", one->is_partial);
    add_some(object, "cause", one->cause, scratch);
    add_some(object, "result", one->result, scratch);
    if (one->null != CONTRACT_NO_POINTER)
        json_add_text(object, "null", null_text(one->null), scratch);
    add_place(object, "place", one->place, scratch);
    cJSON *sets = json_array();
    for (uint32_t i = 0; i < one->nset; i++)
        json_push(sets, set_json(&one->sets[i], scratch));
    json_add(object, "sets", sets);
    return object;
}

static cJSON *demand_json(const ContractDemand *demand, Arena *scratch)
{
    static const char *const needs[] = {[CONTRACT_DEREFERENCED] = "dereferenced",
                                        [CONTRACT_PASSED] = "passed",
                                        [CONTRACT_CALLED] = "called"};
    cJSON *object = json_object();
    add_some(object, "what", demand->what, scratch);
    if (demand->param) json_add_number(object, "parameter", demand->param);
    json_add_text(object, "need", needs[demand->need], scratch);
    json_add(object, "when", texts_json(demand->when, demand->nwhen, scratch));
    json_add_bool(object, "isPartial", demand->is_partial);
    json_add_bool(object, "isGlobal", demand->is_global);
    add_place(object, "place", demand->place, scratch);
    add_some(object, "via", demand->via, scratch);
    add_place(object, "viaPlace", demand->via_place, scratch);
    return object;
}

static cJSON *invoke_json(const ContractInvoke *invoke, Arena *scratch)
{
    cJSON *object = json_object();
    json_add_text(object, "what", invoke->what, scratch);
    json_add(object, "arguments", texts_json(invoke->args, invoke->narg, scratch));
    add_place(object, "place", invoke->place, scratch);
    return object;
}

static void add_lists(cJSON *object, const Contract *contract, Arena *scratch)
{
    cJSON *params = json_array(), *cases = json_array(), *demands = json_array(),
          *invokes = json_array();
    for (uint32_t i = 0; i < contract->nparam; i++)
        json_push(params, param_json(&contract->params[i], scratch));
    for (uint32_t i = 0; i < contract->ncase; i++)
        json_push(cases, case_json(&contract->cases[i], scratch));
    for (uint32_t i = 0; i < contract->ndemand; i++)
        json_push(demands, demand_json(&contract->demands[i], scratch));
    for (uint32_t i = 0; i < contract->ninvoke; i++)
        json_push(invokes, invoke_json(&contract->invokes[i], scratch));
    json_add(object, "parameters", params);
    json_add(object, "returnsOnlyWhen",
             texts_json(contract->returns_when, contract->nreturns_when, scratch));
    json_add(object, "cases", cases);
    json_add(object, "demands", demands);
    json_add(object, "calls", invokes);
}

static cJSON *contract_json(const Contract *contract, Arena *scratch)
{
    static const char *const states[] = {[CONTRACT_WHOLE] = "whole",
                                         [CONTRACT_TOO_LARGE] = "too-large",
                                         [CONTRACT_DEGRADED] = "degraded"};
    cJSON *object = json_object();
    json_add_text(object, "function", contract->name, scratch);
    json_add_text(object, "id", contract->link_name, scratch);
    add_place(object, "place", contract->place, scratch);
    json_add_text(object, "state", states[contract->state], scratch);
    json_add_bool(object, "isStatic", contract->is_static);
    json_add_bool(object, "isInHeader", contract->is_in_header);
    json_add_bool(object, "isVariadic", contract->is_variadic);
    json_add_bool(object, "isRecursive", contract->is_recursive);
    json_add_bool(object, "neverReturns", contract->is_noreturn);
    if (contract->result != CONTRACT_NO_POINTER)
        json_add_text(object, "result", null_text(contract->result), scratch);
    add_lists(object, contract, scratch);
    uint32_t n;
    const char *const *words = contract_words(contract, scratch, &n);
    json_add(object, "words", texts_json(words, n, scratch));
    return object;
}

void contracts_json(const ContractList *list, bool is_complete, Buf *out)
{
    Arena *scratch = arena_new("contracts");
    buf_printf(out,
               "{\"schema\":1,\n\"version\":\"%s\",\n\"complete\":%s,\n\"functions\":[",
               SLUICE_VERSION, is_complete ? "true" : "false");
    for (uint32_t i = 0; i < list->n; i++) {
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, contract_json(&list->at[i], scratch));
    }
    buf_text(out, "]}\n");
    arena_free(scratch);
}
