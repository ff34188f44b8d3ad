/*
 * Who answers for a use without a test. A helper that is only called once its caller has
 * asked is no exception: it relies on its callers. So the use is followed upwards, along
 * what callers showed of the very thing that their callee reads.
 *
 * In a cycle of calls nobody has asked until somebody from outside enters it: what is being
 * followed already counts as excused.
 */
#include "belief/inner.h"

enum { DEEPEST = 200 }; /* calls above each other */

static Followed follow(Beliefs *beliefs, const Name *fn, uint32_t place, uint32_t depth);

/* How much a caller decides: one that answers itself, without having asked anything of the
 * object, decides most. */
static int weight(Followed found)
{
    static const int weights[] = {[BLAME_HERE] = 6,
                                  [BLAME_CALLER] = 6,
                                  [BLAME_POINTER] = 4,
                                  [BLAME_UNKNOWN] = 2,
                                  [BLAME_NOBODY] = 0};
    return weights[found.blame] + (found.blame != BLAME_NOBODY && !found.is_guarded);
}

static Followed ask_callers(Beliefs *beliefs, uint32_t entry, uint32_t depth)
{
    Followed most = {.blame = BLAME_NOBODY};
    for (uint32_t k = beliefs->entries.at[entry].detail; k;
         k = beliefs->details.at[k].next) {
        Evidence call = beliefs->details.at[k].evidence;
        Followed found = {.blame = BLAME_HERE};
        if (call.place) found = follow(beliefs, call.site.fn, call.place, depth + 1);
        if (found.blame == BLAME_HERE) found.blame = BLAME_CALLER;
        found.is_guarded |= call.flags & EVIDENCE_GUARDED;
        found.detail = k;
        if (weight(found) > weight(most)) most = found;
    }
    return most;
}

static Followed follow(Beliefs *beliefs, const Name *name, uint32_t place, uint32_t depth)
{
    const ProgramFn *fn = program_find(beliefs->program, name);
    if (!fn || depth > DEEPEST) return (Followed){.blame = BLAME_UNKNOWN};
    if (fn->is_address_taken) return (Followed){.blame = BLAME_POINTER};
    if (!fn->ncaller) return (Followed){.blame = BLAME_HERE};
    uint32_t entry = entry_find(beliefs, (Slot){SLOT_ACCESS, place, name});
    if (!entry) return (Followed){.blame = BLAME_UNKNOWN};
    bool added;
    uint64_t *at = map_put(&beliefs->followed_at, entry, beliefs->followed.n, &added);
    if (!added) return beliefs->followed.at[*at];
    uint32_t mine = beliefs->followed.n;
    vec_push(beliefs->arena, &beliefs->followed, (Followed){.blame = BLAME_NOBODY});
    Followed found = ask_callers(beliefs, entry, depth);
    beliefs->followed.at[mine] = found;
    return found;
}

Blame belief_blame(Beliefs *beliefs, const Evidence *use, bool *is_guarded)
{
    *is_guarded = use->flags & EVIDENCE_GUARDED;
    if (use->slot.kind == SLOT_RESULT || !use->place) return BLAME_HERE;
    Followed found = follow(beliefs, use->site.fn, use->place, 0);
    *is_guarded |= found.is_guarded;
    return found.blame;
}

uint32_t belief_callers(const Beliefs *beliefs, const Evidence *use, Site *sites,
                        uint32_t most)
{
    uint32_t n = 0, place = use->place;
    const Name *fn = use->site.fn;
    while (n < most && place && use->slot.kind != SLOT_RESULT) {
        uint32_t entry = entry_find(beliefs, (Slot){SLOT_ACCESS, place, fn});
        const uint64_t *at = entry ? map_get(&beliefs->followed_at, entry) : NULL;
        uint32_t detail = at ? beliefs->followed.at[*at].detail : 0;
        if (!detail) break;
        const Evidence *call = &beliefs->details.at[detail].evidence;
        sites[n++] = call->site;
        fn = call->site.fn;
        place = call->place;
    }
    return n;
}
