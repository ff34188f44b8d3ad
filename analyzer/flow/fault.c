/* What is remembered of contexts that get lost: faults of this function, needs for its callers. */
#include "flow/fault.h"

#include <string.h>

#include "base/hash.h"
#include "flow/request.h"

enum { MOST_FAULTS = 200, MOST_NEEDS = 8, MOST_STEPS = 12, MOST_WAY = 8 };

/* Of what is said about one send, the most telling; 0: not about a send. */
static uint32_t rank_of(FaultKind kind)
{
    switch (kind) {
    case FAULT_NOT_INJECTED: return 1;
    case FAULT_PARTIAL: return 2;
    case FAULT_OVERWRITTEN: return 3;
    case FAULT_STALE: return 4;
    case FAULT_CANNOT_CARRY: return 5;
    case FAULT_FRESH_ROOT:
    case FAULT_BROKEN_CHAIN:
    case FAULT_NOT_EXTRACTED:
    case FAULT_HANDOFF:
    case FAULT_NOT_RESTORED:
    case FAULT_NOT_CLEARED:
    case FAULT_STORED:
    case FAULT_ENDED:
    case FAULT_OUTSIDE:
    case FAULT_NO_DEADLINE:
    case FAULT_OWN_DEADLINE:
    case FAULT_RETRY:
    case FAULT_ROOT:
    case FAULT_NO_ROOT:
    case FAULT_LOG:
    case FAULT_SPAN:
    case FAULT_FORBIDDEN: break;
    }
    return 0;
}

static bool is_better(const Fault *fault, const Fault *known)
{
    uint32_t mine = rank_of(fault->kind), theirs = rank_of(known->kind);
    if (mine != theirs) return mine > theirs;
    return !(fault->flags & FAULT_IS_MERGED) && (known->flags & FAULT_IS_MERGED);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

void fault_note(Engine *engine, const State *state, Fault fault, const SiteStep *more,
                uint32_t nmore)
{
    Request *request = engine->request;
    if (state->is_merged) fault.flags |= FAULT_IS_MERGED;
    if (!fault.site.fn) fault.site = (Site){engine->fn->link_name, engine_number(engine)};
    uint32_t rank = rank_of(fault.kind);
    uint64_t group = rank ? 100 : (uint64_t)fault.kind;
    uint64_t key = hash_word(MAP_KEY(fault.site.fn) ^ hash_word(fault.site.ins)) ^
                   hash_word(group << 8 | (fault.arg & 0xff));
    bool added;
    uint64_t *at = map_put(&request->fault_at, key, request->faults.n, &added);
    if (!added && !is_better(&fault, &request->faults.at[*at])) return;
    if (added && request->faults.n >= MOST_FAULTS) return;
    fault.steps = ARENA_ARRAY(engine->arena, SiteStep, MOST_WAY + MOST_STEPS + 2);
    fault.nstep = note_way(engine, state, fault.steps);
    for (uint32_t i = 0; i < nmore && i < MOST_STEPS; i++)
        fault.steps[fault.nstep++] = more[i];
    const char **texts[] = {&fault.context, &fault.came, &fault.given, &fault.missing,
                            &fault.present, &fault.fix,  &fault.chain, &fault.edit};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = or_empty(*texts[i]);
    if (added)
        vec_push(engine->arena, &request->faults, fault);
    else
        request->faults.at[*at] = fault;
}

void need_note(Engine *engine, const State *state, Need need, const SiteStep *more,
               uint32_t nmore)
{
    Request *request = engine->request;
    if (state->is_failed || request->may_root) return;
    uint64_t key = hash_word(((uint64_t)need.kind << 32) ^ need.carrier) ^
                   hash_word(MAP_KEY(need.via) ^ (uint64_t)need.cannot_carry);
    if (need.kind != NEED_SEND) key ^= hash_word(MAP_KEY(need.name) + 1);
    if (need.kind == NEED_CARRIER) key ^= hash_word(need.keys + 7);
    bool added;
    uint64_t *at = map_put(&request->need_at, key, request->needs.n, &added);
    if (!added) {
        Need *known = &request->needs.at[*at];
        if (known->steps[0].site.ins != engine_number(engine)) known->nmore++;
        known->keys |= need.kind == NEED_SEND ? need.keys : 0;
        return;
    }
    if (request->needs.n >= MOST_NEEDS) return;
    need.steps = ARENA_ARRAY(engine->arena, SiteStep, MOST_STEPS);
    need.nstep = 0;
    for (uint32_t i = 0; i < nmore && i < MOST_STEPS; i++)
        need.steps[need.nstep++] = more[i];
    vec_push(engine->arena, &request->needs, need);
}
