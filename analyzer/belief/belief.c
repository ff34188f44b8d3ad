/* Evidence merged by slot, and what its votes come to. */
#include "belief/belief.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "belief/inner.h"

enum { ENOUGH_SITES = 5 };

Beliefs *beliefs_new(const Program *program, Arena *arena)
{
    Beliefs *beliefs = ARENA_NEW(arena, Beliefs);
    beliefs->arena = arena;
    beliefs->program = program;
    map_init(&beliefs->by_name, arena);
    map_init(&beliefs->seen, arena);
    map_init(&beliefs->tables, arena);
    map_init(&beliefs->followed_at, arena);
    vec_push(arena, &beliefs->entries, (Entry){.next = 0});
    vec_push(arena, &beliefs->details, (Detail){.next = 0});
    return beliefs;
}

uint32_t entry_find(const Beliefs *beliefs, Slot slot)
{
    const uint64_t *first = map_get(&beliefs->by_name, MAP_KEY(slot.name));
    for (uint32_t i = first ? (uint32_t)*first : 0; i;) {
        const Entry *entry = &beliefs->entries.at[i];
        if (entry->slot.kind == slot.kind && entry->slot.number == slot.number) return i;
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
    uint64_t where = hash_word(MAP_KEY(evidence->site.fn)) ^
                     ((uint64_t)evidence->place << 32 | evidence->site.ins);
    bool added;
    map_put(&beliefs->seen, hash_word(hash_word(what) ^ where), 1, &added);
    return added;
}

static bool is_looked_at(const Evidence *evidence)
{
    if (evidence->kind == EVIDENCE_PASSED_MAYBE)
        return evidence->slot.kind == SLOT_ACCESS;
    return evidence->kind == EVIDENCE_NAMED || evidence->kind == EVIDENCE_UNCHECKED ||
           evidence->kind == EVIDENCE_SET_NULL;
}

/* Of a field's name "tag@file.field", the record is what stands before the last dot. */
static void see_record(Entry *entry, const Name *reached)
{
    if (!reached || entry->slot.kind != SLOT_FIELD) return;
    const char *field = entry->slot.name->text, *dot = strrchr(field, '.');
    size_t len = dot ? (size_t)(dot - field) : 0;
    if (reached->len == len && !memcmp(reached->text, field, len))
        entry->is_chained = true;
    if (entry->reached && entry->reached != reached) entry->is_untyped = true;
    entry->reached = reached;
}

void beliefs_add(Beliefs *beliefs, const Evidence *evidence, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = entry_of(beliefs, evidence[i].slot);
        if (!is_new(beliefs, at, &evidence[i])) continue;
        Entry *entry = &beliefs->entries.at[at];
        entry->tally.sites[evidence[i].kind]++;
        see_record(entry, evidence[i].reached);
        if (!is_looked_at(&evidence[i])) continue;
        vec_push(beliefs->arena, &beliefs->details,
                 ((Detail){evidence[i], entry->detail}));
        entry->detail = beliefs->details.n - 1;
    }
}

void beliefs_settle(Beliefs *beliefs)
{
    bool is_guarded;
    for (uint32_t i = 1; i < beliefs->entries.n; i++) {
        Entry *entry = &beliefs->entries.at[i];
        if (entry->slot.kind != SLOT_FIELD && entry->slot.kind != SLOT_GLOBAL) continue;
        for (uint32_t k = entry->detail; k; k = beliefs->details.at[k].next) {
            const Evidence *use = &beliefs->details.at[k].evidence;
            if (use->kind != EVIDENCE_UNCHECKED) continue;
            Blame blame = belief_blame(beliefs, use, &is_guarded);
            if (blame == BLAME_NOBODY || is_guarded) entry->tally.excused++;
        }
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
    Votes votes = {.checked = tally.sites[EVIDENCE_CHECKED],
                   .unchecked = tally.sites[EVIDENCE_UNCHECKED] - tally.excused};
    uint32_t cautious = tally.sites[EVIDENCE_CHECKED_MACRO];
    uint32_t asserted = tally.sites[EVIDENCE_ASSERTED];
    if (slot.kind == SLOT_RESULT) /* a result is new: who asks, asks because he must */
        votes.checked += cautious + asserted;
    else /* who asserts, believes that it is never null */
        votes.unchecked += asserted;
    return votes;
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

Votes belief_status(const Beliefs *beliefs, const Name *fn)
{
    Tally tally = belief_tally(beliefs, (Slot){.kind = SLOT_STATUS, .name = fn});
    uint32_t asked = tally.sites[EVIDENCE_ZERO] + tally.sites[EVIDENCE_SIGN] +
                     tally.sites[EVIDENCE_EQUAL];
    return (Votes){.checked = asked, .unchecked = tally.sites[EVIDENCE_IGNORED]};
}

Success belief_success(const Beliefs *beliefs, const Name *fn)
{
    Tally tally = belief_tally(beliefs, (Slot){.kind = SLOT_STATUS, .name = fn});
    uint32_t zero = tally.sites[EVIDENCE_ZERO], sign = tally.sites[EVIDENCE_SIGN];
    if (sign > 2 * zero) return SUCCESS_SIGN;
    return zero > 2 * sign ? SUCCESS_ZERO : SUCCESS_UNKNOWN;
}

double belief_z(Votes votes)
{
    const double expected = 0.9;
    double n = (double)votes.checked + votes.unchecked;
    if (n == 0) return 0;
    return (votes.checked / n - expected) / sqrt(expected * (1 - expected) / n);
}
