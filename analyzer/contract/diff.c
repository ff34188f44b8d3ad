/*
 * Two versions of a program: who is who, what is promised differently, and which uses are
 * wrong now that were right before.
 *
 * Dangers are what the rules say of functions whose body is the same, and did not say before:
 * then it is what they call that has changed. That a result is used unchecked counts at any
 * tier when the function could not give null before, since nobody had a reason to check and
 * no vote could have been against it.
 */
#include "contract/diff.h"

#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "contract/compare.h"

typedef struct Diff {
    const ContractList *before, *after;
    const ContractMove *moves;
    uint32_t nmove;
    Arena *arena;
    const Contract **was; /* per contract of `after`; NULL: it is new */
    bool *is_met;         /* per contract of `before` */
    ContractDiff made;
} Diff;

static bool does_the_same(const Contract *before, const Contract *after)
{
    return before && hash_compare(before->body, after->body) == 0;
}

/* --- who is who --------------------------------------------------------------------------- */

/* "new.c:f" is what was "old.c:f". */
static bool is_moved(const Diff *diff, const Contract *before, const Contract *after)
{
    size_t name = strlen(after->name);
    for (uint32_t i = 0; i < diff->nmove; i++) {
        const ContractMove *move = &diff->moves[i];
        size_t from = strlen(move->before), to = strlen(move->after);
        if (strlen(before->link_name) == from + 1 + name &&
            strlen(after->link_name) == to + 1 + name &&
            !strncmp(before->link_name, move->before, from) &&
            !strncmp(after->link_name, move->after, to))
            return true;
    }
    return false;
}

static void meet(Diff *diff, uint32_t before, uint32_t after)
{
    diff->was[after] = &diff->before->at[before];
    diff->is_met[before] = true;
}

typedef bool (*Fits)(const Diff *diff, const Contract *before, const Contract *after);

static bool fits_link(const Diff *diff, const Contract *before, const Contract *after)
{
    return !strcmp(before->link_name, after->link_name) || is_moved(diff, before, after);
}

/* Moved by hand: under another file's name, a static function that does the same. */
static bool fits_body(const Diff *diff, const Contract *before, const Contract *after)
{
    (void)diff;
    return does_the_same(before, after);
}

static uint64_t name_key(const char *name)
{
    Hash hash = hash_bytes(name, strlen(name));
    return hash.low ^ hash.high;
}

/* Those of one name that fit, when there is just one on either side. */
static void meet_all(Diff *diff, Fits fits)
{
    Map first; /* name -> last of `before` with it + 1, then down the chain */
    map_init(&first, diff->arena);
    uint32_t *next = ARENA_ARRAY(diff->arena, uint32_t, diff->before->n + 1);
    for (uint32_t i = 0; i < diff->before->n; i++) {
        uint64_t *at = map_put(&first, name_key(diff->before->at[i].name), 0, NULL);
        next[i] = (uint32_t)*at;
        *at = i + 1;
    }
    for (uint32_t k = 0; k < diff->after->n; k++) {
        if (diff->was[k]) continue;
        const uint64_t *at = map_get(&first, name_key(diff->after->at[k].name));
        uint32_t found = 0, n = 0;
        for (uint32_t i = at ? (uint32_t)*at : 0; i; i = next[i - 1]) {
            if (diff->is_met[i - 1]) continue;
            if (!fits(diff, &diff->before->at[i - 1], &diff->after->at[k])) continue;
            found = i;
            n++;
        }
        if (n == 1) meet(diff, found - 1, k);
    }
}

/* --- dangers ------------------------------------------------------------------------------ */

static bool was_told(const Contract *before, const ContractTold *told)
{
    for (uint32_t i = 0; before && i < before->ntold; i++)
        if (before->told[i].key == told->key) return true;
    return false;
}

static void add_danger(Diff *diff, ContractDanger **list, uint32_t *n,
                       ContractDanger danger)
{
    ContractDanger *grown = ARENA_ARRAY(diff->arena, ContractDanger, *n + 1);
    if (*n) memcpy(grown, *list, *n * sizeof *grown);
    for (uint32_t i = 0; i < *n; i++) { /* one line is one danger; the surest speaks */
        const Place *place = &grown[i].told->place;
        if (place->line != danger.told->place.line ||
            strcmp(place->path, danger.told->place.path) != 0)
            continue;
        if (danger.told->tier < grown[i].told->tier) grown[i] = danger;
        *list = grown;
        return;
    }
    grown[(*n)++] = danger;
    *list = grown;
}

/* What a use went wrong by: a change of who gives the null, or of who gets it. */
static ContractChange *cause_of(const Diff *diff, const ContractTold *told)
{
    ContractChange *asks = NULL;
    for (uint32_t i = 0; i < diff->made.nchange; i++) {
        ContractChange *change = &diff->made.changes[i];
        bool gives = change->kind == CHANGE_RETURNS_NULL ||
                     change->kind == CHANGE_NULL_ALSO ||
                     change->kind == CHANGE_LEAVES_UNSET;
        if (gives && !strcmp(change->after->link_name, told->giver)) return change;
        if (change->kind == CHANGE_ASKS && !strcmp(change->after->link_name, told->taker))
            asks = change;
    }
    return asks;
}

/* Votes on a function that never gave null say nothing of what is right now. */
static bool counts(const ContractTold *told, const ContractChange *cause)
{
    if (told->is_suppressed) return false;
    if (told->tier < TIER_C) return true;
    return cause && cause->kind == CHANGE_RETURNS_NULL && !told->is_weak;
}

static void find_dangers(Diff *diff, uint32_t k)
{
    const Contract *caller = &diff->after->at[k], *was = diff->was[k];
    bool same = does_the_same(was, caller);
    for (uint32_t i = 0; i < caller->ntold; i++) {
        const ContractTold *told = &caller->told[i];
        ContractChange *cause = cause_of(diff, told);
        if ((same && was_told(was, told)) || !counts(told, cause)) continue;
        ContractDanger danger = {caller, told, same};
        if (cause)
            add_danger(diff, &cause->dangers, &cause->ndanger, danger);
        else if (same)
            add_danger(diff, &diff->made.others, &diff->made.nother, danger);
    }
}

/* What reaches an unchanged function from below may only be told with other words there, since
 * the conditions of its callees are cut off somewhere. It counts when it harms somebody. */
static void drop_echoes(Diff *diff)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < diff->made.nchange; i++) {
        ContractChange *change = &diff->made.changes[i];
        bool echo = change->is_unchanged && !change->ndanger &&
                    (change->kind == CHANGE_NULL_ALSO ||
                     change->kind == CHANGE_LEAVES_UNSET || change->kind == CHANGE_ASKS);
        if (!echo) diff->made.changes[kept++] = *change;
    }
    diff->made.nchange = kept;
}

static uint32_t count_unchanged(const ContractDanger *dangers, uint32_t n)
{
    uint32_t unchanged = 0;
    for (uint32_t i = 0; i < n; i++)
        unchanged += dangers[i].is_unchanged;
    return unchanged;
}

/* --- all of it ----------------------------------------------------------------------------- */

static void find_changes(Diff *diff)
{
    VEC(ContractChange) all = {0};
    for (uint32_t k = 0; k < diff->after->n; k++) {
        const Contract *before = diff->was[k], *after = &diff->after->at[k];
        if (!before) continue;
        ContractChange changes[MOST_CHANGES];
        uint32_t n = compare_contracts(before, after, changes, diff->arena);
        for (uint32_t i = 0; i < n; i++) {
            changes[i].is_unchanged = does_the_same(before, after);
            vec_push(diff->arena, &all, changes[i]);
        }
    }
    diff->made.changes = all.at;
    diff->made.nchange = all.n;
}

ContractDiff contract_diff(const ContractList *before, const ContractList *after,
                           const ContractMove *moves, uint32_t nmove, Arena *arena)
{
    Diff diff = {
        .before = before, .after = after, .moves = moves, .nmove = nmove, .arena = arena};
    diff.was = ARENA_ARRAY(arena, const Contract *, after->n + 1);
    diff.is_met = ARENA_ARRAY(arena, bool, before->n + 1);
    meet_all(&diff, fits_link);
    meet_all(&diff, fits_body);
    find_changes(&diff);
    for (uint32_t k = 0; k < after->n; k++) {
        find_dangers(&diff, k);
        diff.made.nnew += !diff.was[k];
    }
    drop_echoes(&diff);
    for (uint32_t i = 0; i < before->n; i++)
        diff.made.ngone += !diff.is_met[i];
    diff.made.nendangered = count_unchanged(diff.made.others, diff.made.nother);
    for (uint32_t i = 0; i < diff.made.nchange; i++)
        diff.made.nendangered +=
            count_unchanged(diff.made.changes[i].dangers, diff.made.changes[i].ndanger);
    return diff.made;
}

const char *contract_change_text(ContractChangeKind kind)
{
    static const char *const texts[CHANGE_KIND_COUNT] = {
        [CHANGE_RETURNS_NULL] = "returns-null",   [CHANGE_NULL_ALSO] = "null-also",
        [CHANGE_NEVER_NULL] = "never-null",       [CHANGE_ASKS] = "asks",
        [CHANGE_ASKS_NOT] = "asks-not",           [CHANGE_LEAVES_UNSET] = "leaves-unset",
        [CHANGE_NEVER_RETURNS] = "never-returns", [CHANGE_RETURNS] = "returns",
    };
    return texts[kind];
}
