/* What changed in contracts and whom that endangers: for reviewers, and for scripts. */
#include <string.h>

#include "contracts.h"
#include "json.h"

/* --- text --------------------------------------------------------------------------------- */

static void put_danger(const ContractDanger *danger, Buf *out)
{
    const ContractTold *told = danger->told;
    buf_printf(out, "        %s:%u: %s(): %s [%s]\n", told->place.path, told->place.line,
               danger->caller->name, told->text, told->rule_id);
}

static uint32_t count(const ContractDanger *dangers, uint32_t n, bool unchanged)
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < n; i++)
        found += dangers[i].is_unchanged == unchanged;
    return found;
}

/* What they do wrong, when the change tells; else that they are in danger. */
static const char *fault_of(ContractChangeKind kind, bool one)
{
    if (kind == CHANGE_RETURNS_NULL || kind == CHANGE_NULL_ALSO)
        return one ? "does not check" : "do not check";
    if (kind == CHANGE_ASKS) return one ? "passes NULL" : "pass NULL";
    if (kind == CHANGE_LEAVES_UNSET) return one ? "relies on it" : "rely on it";
    return one ? "is in danger" : "are in danger";
}

static void put_dangers(const ContractChange *change, bool unchanged, Buf *out)
{
    uint32_t found = count(change->dangers, change->ndanger, unchanged);
    if (!found) return;
    buf_printf(out, "      %u %s caller%s %s:\n", found,
               unchanged ? "unchanged" : "changed", found == 1 ? "" : "s",
               fault_of(change->kind, found == 1));
    for (uint32_t i = 0; i < change->ndanger; i++)
        if (change->dangers[i].is_unchanged == unchanged)
            put_danger(&change->dangers[i], out);
}

static void put_change(const ContractChange *change, bool color, Arena *scratch, Buf *out)
{
    const Contract *after = change->after;
    buf_printf(out, "%s:%u: %s%s%s%s\n    %s\n", after->place.path, after->place.line,
               color ? "\033[1m" : "", contract_head(after, scratch),
               color ? "\033[0m" : "",
               change->is_unchanged ? " (its own code is as it was)" : "", change->text);
    put_dangers(change, true, out);
    put_dangers(change, false, out);
    if (change->kind == CHANGE_RETURNS_NULL && after->nchecked)
        buf_printf(out, "      %u of %u calls are checked\n", after->nchecked,
                   after->nchecked + after->nunchecked);
}

void contracts_diff_text(const ContractDiff *diff, bool color, Buf *out)
{
    Arena *scratch = arena_new("contracts");
    for (uint32_t i = 0; i < diff->nchange; i++)
        put_change(&diff->changes[i], color, scratch, out);
    if (diff->nother)
        buf_text(out,
                 "unchanged functions in danger by what they call, or by memory that is "
                 "left otherwise:\n");
    for (uint32_t i = 0; i < diff->nother; i++)
        put_danger(&diff->others[i], out);
    if (!diff->nchange && !diff->nother) buf_text(out, "no contract has changed\n");
    if (diff->nnew || diff->ngone)
        buf_printf(out, "%u function%s new, %u gone\n", diff->nnew,
                   diff->nnew == 1 ? " is" : "s are", diff->ngone);
    arena_free(scratch);
}

/* --- JSON --------------------------------------------------------------------------------- */

static void add_place(cJSON *object, Place place, Arena *scratch)
{
    cJSON *at = json_object();
    json_add_text(at, "path", place.path, scratch);
    json_add_number(at, "line", place.line);
    json_add_number(at, "column", place.column);
    json_add(object, "place", at);
}

static cJSON *dangers_json(const ContractDanger *dangers, uint32_t n, Arena *scratch)
{
    cJSON *array = json_array();
    for (uint32_t i = 0; i < n; i++) {
        const ContractTold *told = dangers[i].told;
        const char tier[] = {(char)('A' + told->tier - TIER_A), 0};
        cJSON *object = json_object();
        json_add_text(object, "caller", dangers[i].caller->name, scratch);
        json_add_text(object, "id", dangers[i].caller->link_name, scratch);
        json_add_bool(object, "isUnchanged", dangers[i].is_unchanged);
        add_place(object, told->place, scratch);
        json_add_text(object, "rule", told->rule_id, scratch);
        json_add_text(object, "tier", tier, scratch);
        json_add_text(object, "text", told->text, scratch);
        json_push(array, object);
    }
    return array;
}

static cJSON *change_json(const ContractChange *change, Arena *scratch)
{
    const Contract *after = change->after;
    cJSON *object = json_object();
    json_add_text(object, "function", after->name, scratch);
    json_add_text(object, "id", after->link_name, scratch);
    add_place(object, after->place, scratch);
    json_add_text(object, "kind", contract_change_text(change->kind), scratch);
    json_add_text(object, "text", change->text, scratch);
    json_add_bool(object, "isUnchanged", change->is_unchanged);
    json_add_number(object, "callsChecked", after->nchecked);
    json_add_number(object, "callsUnchecked", after->nunchecked);
    json_add(object, "endangered",
             dangers_json(change->dangers, change->ndanger, scratch));
    return object;
}

void contracts_diff_json(const ContractDiff *diff, const char *revision, bool is_complete,
                         Buf *out)
{
    Arena *scratch = arena_new("contracts");
    buf_printf(out, "{\"schema\":1,\n\"version\":\"%s\",\n\"revision\":", SLUICE_VERSION);
    json_put(out, json_text(revision, scratch));
    buf_printf(out, ",\n\"complete\":%s,\n\"passed\":%s,\n\"new\":%u,\n\"gone\":%u,\n",
               is_complete ? "true" : "false", diff->nendangered ? "false" : "true",
               diff->nnew, diff->ngone);
    buf_text(out, "\"changes\":[");
    for (uint32_t i = 0; i < diff->nchange; i++) {
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, change_json(&diff->changes[i], scratch));
    }
    buf_text(out, "],\n\"endangeredElsewhere\":");
    json_put(out, dangers_json(diff->others, diff->nother, scratch));
    buf_text(out, "}\n");
    arena_free(scratch);
}
