/*
 * Which findings were there before. Both sides are bags, not sets: two equal dereferences
 * in one function are two, and one more of them is new.
 */
#include "finding/baseline.h"

#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"

typedef struct Match {
    const FindingList *findings;
    const KnownList *known;
    Arena *arena;
    bool *is_met; /* of findings, in this call */
} Match;

KnownList baseline_of(const FindingList *findings, Arena *arena)
{
    KnownList list = {ARENA_ARRAY(arena, Known, findings->n), 0};
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->at[i];
        if (finding->suppressed) continue;
        list.at[list.n++] =
            (Known){.rule_id = finding->rule_id,
                    .path = finding->place.path,
                    .function = finding->function ? finding->function : "",
                    .likeness = finding->likeness};
    }
    return list;
}

static uint64_t key_of(const char *likeness, const char *path)
{
    Hash hash = hash_bytes(likeness, strlen(likeness));
    return hash_mix(hash, hash_bytes(path, strlen(path))).low;
}

static const char *moved_path(const char *path, const Moved *moves, uint32_t nmove)
{
    for (uint32_t i = 0; i < nmove; i++)
        if (!strcmp(moves[i].before, path)) return moves[i].after;
    return path;
}

/* Gives every finding that is left the first known one that is left, of its key. `anywhere`:
 * paths do not count. */
static void match(const Match *match, const Moved *moves, uint32_t nmove, bool anywhere)
{
    const KnownList *known = match->known;
    Map first; /* key -> 1 + the known one; of one key they are a chain */
    uint32_t *next = ARENA_ARRAY(match->arena, uint32_t, known->n + 1);
    map_init(&first, match->arena);
    for (uint32_t i = known->n; i-- > 0;) {
        if (known->at[i].is_met) continue;
        const char *path = anywhere ? "" : moved_path(known->at[i].path, moves, nmove);
        uint64_t *head = map_put(&first, key_of(known->at[i].likeness, path), 0, NULL);
        next[i + 1] = (uint32_t)*head;
        *head = i + 1;
    }
    for (uint32_t i = 0; i < match->findings->n; i++) {
        Finding *finding = &match->findings->at[i];
        if (match->is_met[i] || finding->suppressed) continue;
        const char *path = anywhere || !finding->place.path ? "" : finding->place.path;
        uint64_t *head = map_get(&first, key_of(finding->likeness, path));
        if (!head || !*head) continue;
        known->at[*head - 1].is_met = true;
        *head = next[*head];
        finding->age = AGE_KNOWN;
        match->is_met[i] = true;
    }
}

void baseline_apply(const FindingList *findings, const KnownList *known,
                    const Moved *moves, uint32_t nmove)
{
    Arena *scratch = arena_new("baseline");
    Match work = {findings, known, scratch, ARENA_ARRAY(scratch, bool, findings->n)};
    match(&work, NULL, 0, false);
    if (nmove) match(&work, moves, nmove, false);
    match(&work, NULL, 0, true);
    for (uint32_t i = 0; i < findings->n; i++)
        if (findings->at[i].age == AGE_UNASKED) findings->at[i].age = AGE_NEW;
    arena_free(scratch);
}
