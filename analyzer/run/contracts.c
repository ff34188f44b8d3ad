/* From what the engine saw to contracts, and what else a comparison or a patch needs. */
#include <stdlib.h>
#include <string.h>

#include "contract/infer.h"
#include "run/phases.h"

void run_see(void *data, const ProgramFn *fn, const FlowResult *result)
{
    Run *run = data;
    vec_push(run->arena, &run->seen, ((RunSeen){.fn = fn, .result = result}));
}

void run_told(void *data, const ProgramFn *fn, const Candidate *candidate,
              const Finding *made)
{
    Run *run = data;
    RunSeen *seen = &run->seen.at[run->seen.n - 1];
    vec_push(run->arena, &seen->told, contract_told(fn, candidate, made));
}

/* How many calls of each function test its result: Name -> tested << 32 | untested. */
static Map count_tests(const Run *run)
{
    Map tests;
    map_init(&tests, run->arena);
    for (uint32_t i = 0; i < run->seen.n; i++) {
        const FlowResult *result = run->seen.at[i].result;
        for (uint32_t k = 0; k < result->nevidence; k++) {
            const Evidence *evidence = &result->evidence[k];
            if (evidence->slot.kind != SLOT_RESULT) continue;
            bool tested = evidence->kind == EVIDENCE_CHECKED ||
                          evidence->kind == EVIDENCE_CHECKED_MACRO;
            if (!tested && evidence->kind != EVIDENCE_UNCHECKED) continue;
            *map_put(&tests, MAP_KEY(evidence->slot.name), 0, NULL) +=
                tested ? (uint64_t)1 << 32 : 1;
        }
    }
    return tests;
}

static int text_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What TUs read below the root, but the files that are compiled. */
static void list_headers(Run *run)
{
    Map seen;
    map_init(&seen, run->arena);
    for (uint32_t i = 0; i < run->ntu; i++)
        map_put(&seen, MAP_KEY(name_of(run->names, run->tus[i].path)), 1, NULL);
    VEC(const char *) headers = {0};
    for (uint32_t i = 0; i < run->ntu; i++)
        for (uint32_t d = 0; d < run->tus[i].ndep; d++) {
            const char *path =
                path_below(run->arena, run->root, run->tus[i].deps[d].path);
            bool added;
            map_put(&seen, MAP_KEY(name_of(run->names, path)), 1, &added);
            if (added && path[0] != '/' && run_wants(run, path))
                vec_push(run->arena, &headers, path);
        }
    if (headers.n) qsort(headers.at, headers.n, sizeof *headers.at, text_order);
    run->result->headers = headers.at;
    run->result->nheader = headers.n;
}

ContractList contracts_of(Run *run, const char *path, const char *name)
{
    Records *records = records_new(run->program, run->arena);
    Map tests = count_tests(run);
    ContractList list = {.at = ARENA_ARRAY(run->arena, Contract, run->seen.n)};
    for (uint32_t i = 0; i < run->seen.n; i++) {
        const RunSeen *seen = &run->seen.at[i];
        const ProgramFn *fn = seen->fn;
        if (name && strcmp(fn->fn->name->text, name) != 0) continue;
        if (path && strcmp(fn->unit->files[fn->fn->loc.file]->text, path) != 0) continue;
        Contract contract = contract_infer(records, fn, seen->result, run->arena);
        const uint64_t *tested = map_get(&tests, MAP_KEY(fn->link_name));
        contract.told = seen->told.at;
        contract.ntold = seen->told.n;
        contract.nchecked = tested ? (uint32_t)(*tested >> 32) : 0;
        contract.nunchecked = tested ? (uint32_t)*tested : 0;
        if (run_wants(run, contract.place.path)) list.at[list.n++] = contract;
    }
    contract_sort(&list);
    return list;
}

void phase_contracts(Run *run)
{
    if (!run->options->wants_contracts) return;
    run->result->contracts = contracts_of(run, NULL, NULL);
    list_headers(run);
}
