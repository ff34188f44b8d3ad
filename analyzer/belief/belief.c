/* Evidence merged by slot, and what its votes come to. */
#include "belief/belief.h"

#include <math.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"

enum { ENOUGH_SITES = 5 };

typedef struct Entry {
    Slot slot;
    uint32_t next; /* of the same name, 0 none */
    Tally tally;
} Entry;

struct Beliefs {
    Arena *arena;
    VEC(Entry) entries; /* from 1 */
    Map by_name;        /* Name -> first entry */
    Map seen;           /* hash of entry, kind and site */
};

Beliefs *beliefs_new(Arena *arena)
{
    Beliefs *beliefs = ARENA_NEW(arena, Beliefs);
    beliefs->arena = arena;
    map_init(&beliefs->by_name, arena);
    map_init(&beliefs->seen, arena);
    vec_push(arena, &beliefs->entries, (Entry){.next = 0});
    return beliefs;
}

static uint32_t entry_find(const Beliefs *beliefs, Slot slot)
{
    const uint64_t *first = map_get(&beliefs->by_name, MAP_KEY(slot.name));
    for (uint32_t i = first ? (uint32_t)*first : 0; i;) {
        const Entry *entry = &beliefs->entries.at[i];
        if (entry->slot.kind == slot.kind && entry->slot.param == slot.param) return i;
        i = entry->next;
    }
    return 0;
}

static uint32_t entry_of(Beliefs *beliefs, Slot slot)
{
    uint32_t found = entry_find(beliefs, slot);
    if (found) return found;
    uint64_t *first = map_put(&beliefs->by_name, MAP_KEY(slot.name), 0, NULL);
    Entry entry = {.slot = slot, .next = (uint32_t)*first};
    *first = beliefs->entries.n;
    vec_push(beliefs->arena, &beliefs->entries, entry);
    return beliefs->entries.n - 1;
}

static bool is_new(Beliefs *beliefs, uint32_t entry, const Evidence *evidence)
{
    uint64_t what = ((uint64_t)entry << 8) ^ (uint64_t)evidence->kind;
    uint64_t where = hash_word(MAP_KEY(evidence->site.fn)) ^ evidence->site.ins;
    bool added;
    map_put(&beliefs->seen, hash_word(hash_word(what) ^ where), 1, &added);
    return added;
}

void beliefs_add(Beliefs *beliefs, const Evidence *evidence, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = entry_of(beliefs, evidence[i].slot);
        if (is_new(beliefs, at, &evidence[i]))
            beliefs->entries.at[at].tally.sites[evidence[i].kind]++;
    }
}

Tally belief_tally(const Beliefs *beliefs, Slot slot)
{
    uint32_t at = slot.name ? entry_find(beliefs, slot) : 0;
    return beliefs->entries.at[at].tally;
}

Votes belief_votes(const Beliefs *beliefs, Slot slot)
{
    Tally tally = belief_tally(beliefs, slot);
    return (Votes){.checked = tally.sites[EVIDENCE_CHECKED] +
                              tally.sites[EVIDENCE_CHECKED_MACRO],
                   .unchecked = tally.sites[EVIDENCE_UNCHECKED]};
}

Verdict belief_verdict(Votes votes, uint32_t own)
{
    uint32_t all = votes.checked + votes.unchecked;
    uint32_t others = all > own ? all - own : 0;
    if (!others) return VERDICT_NONE;
    if (others >= ENOUGH_SITES && votes.checked * 5 >= others * 4) return VERDICT_MANY;
    if (others < ENOUGH_SITES && votes.checked == others) return VERDICT_CLEAR;
    return votes.checked * 2 >= others ? VERDICT_SOME : VERDICT_NO;
}

double belief_z(Votes votes)
{
    const double expected = 0.9;
    double n = (double)votes.checked + votes.unchecked;
    if (n == 0) return 0;
    return (votes.checked / n - expected) / sqrt(expected * (1 - expected) / n);
}
