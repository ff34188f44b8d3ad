/* Contracts as text for hovers and lenses. */
#include "words.h"

#include <string.h>

#include "integrations/report/json.h"

static const Contract *choose(const ContractList *list, const char *path)
{
    const Contract *chosen = NULL;
    for (uint32_t i = 0; i < list->n; i++) {
        const Contract *contract = &list->at[i];
        const char *place = contract->place.path ? contract->place.path : "";
        size_t have = strlen(path), want = strlen(place);
        bool here = have >= want && !strcmp(path + have - want, place);
        if (here) return contract;
        if (!contract->is_static || !chosen) chosen = contract;
    }
    return chosen;
}

void words_contract(Buf *out, Session *session, const char *path, const char *name,
                    Arena *arena)
{
    ContractList list = session_contracts(session, NULL, name, arena);
    const Contract *contract = choose(&list, path);
    if (!contract) return;
    uint32_t n;
    const char *const *words = contract_words(contract, arena, &n);
    buf_printf(out, "**sluice** · `%s`\n\n", contract_head(contract, arena));
    for (uint32_t i = 0; i < n; i++)
        buf_printf(out, "- %s\n", words[i]);
    if (!n) buf_text(out, "- promises and asks nothing about pointers\n");
    uint32_t ncall = contract->nchecked + contract->nunchecked;
    if (ncall)
        buf_printf(out, "\nIts result is tested at %u of %u calls.\n", contract->nchecked,
                   ncall);
    buf_printf(out, "\n%s:%u\n", contract->place.path, contract->place.line);
}

static const char *lens_text(const Contract *contract, Arena *arena)
{
    bool may_be_null =
        contract->result == CONTRACT_MAYBE || contract->result == CONTRACT_ALWAYS;
    if (!may_be_null) return NULL;
    if (!contract->nchecked && !contract->nunchecked) return "may return NULL";
    return arena_printf(arena, "may return NULL: %u of %u callers unchecked",
                        contract->nunchecked, contract->nchecked + contract->nunchecked);
}

void words_lenses(Buf *out, Session *session, const char *path, Arena *arena)
{
    ContractList list = session_contracts(session, path, NULL, arena);
    cJSON *lenses = json_array();
    for (uint32_t i = 0; i < list.n; i++) {
        const char *text = lens_text(&list.at[i], arena);
        if (!text) continue;
        cJSON *lens = json_object();
        json_add_number(lens, "line", list.at[i].place.line);
        json_add_text(lens, "text", text, arena);
        json_add_text(lens, "name", list.at[i].name, arena);
        json_push(lenses, lens);
    }
    json_put(out, lenses);
}
