/*
 * Outcomes of a summary as cases. A summary keeps apart what helps the engine; people want
 * few cases with few conditions, so those that say the same become one, and a condition
 * goes when it only says "and it was not the case above".
 */
#include <string.h>

#include "base/buf.h"
#include "contract/inner.h"

enum { MOST_WAYS = 16, MOST_GUARDS = 32 };

/* A case in the making. */
typedef struct Way {
    Guard guards[MOST_GUARDS];
    uint32_t nguard;
    ContractCase made;
    const Outcome *outcome;
    const char *key; /* equal: they leave the same behind */
} Way;

typedef struct Ways {
    Way at[MOST_WAYS];
    uint32_t n;
} Ways;

/* --- what one outcome leaves ------------------------------------------------------------ */

static ContractNull null_of(const Phrase *phrase, TermId value, Range range)
{
    TermKind kind = value ? phrase->summary->terms[value].kind : TERM_NONE;
    if (kind == TERM_NULL || range.classes == CLASS_NULL) return CONTRACT_ALWAYS;
    if (!(range.classes & CLASS_NULL)) return CONTRACT_NEVER;
    return CONTRACT_UNKNOWN;
}

static const char *entry_text(const Phrase *phrase, TermId value)
{
    const char *text = value ? phrase_value(phrase, value) : NULL;
    return text ? text : "";
}

static const char *pointer_text(const Phrase *phrase, const Outcome *outcome,
                                ContractNull null)
{
    if (null == CONTRACT_ALWAYS) return "NULL";
    const char *text = entry_text(phrase, outcome->result);
    if (*text) return text;
    if (outcome->result_range.classes == CLASS_ERR) return "an error pointer";
    return null == CONTRACT_NEVER ? "not NULL" : "";
}

static void set_result(const Phrase *phrase, const Outcome *outcome, ContractCase *made)
{
    TypeKind kind = phrase->fn->fn->result.kind;
    made->result = "";
    if (kind == TYPE_VOID) return;
    if (!outcome->result) {
        made->is_partial = true; /* paths were folded: nothing is known */
        made->null = kind == TYPE_POINTER ? CONTRACT_UNKNOWN : CONTRACT_NO_POINTER;
        return;
    }
    if (kind == TYPE_POINTER) {
        made->null = null_of(phrase, outcome->result, outcome->result_range);
        made->result = pointer_text(phrase, outcome, made->null);
        return;
    }
    if (kind != TYPE_INT) return;
    const char *number = phrase_number(phrase, outcome->result_range);
    made->result = *number ? number : entry_text(phrase, outcome->result);
}

static const char *cause_text(const Phrase *phrase, const Outcome *outcome)
{
    if (!outcome->nstep) return "";
    Site site = outcome->steps[0].site;
    const Program *program = phrase->records->program;
    const char *callee = site_callee(program, site);
    if (outcome->origin == ORIGIN_ALLOC) return "memory runs out";
    if (outcome->origin == ORIGIN_RETURN && *callee)
        return arena_printf(phrase->arena, "%s() returns NULL", callee);
    if (outcome->origin == ORIGIN_OUT && *callee)
        return arena_printf(phrase->arena, "%s() leaves NULL behind", callee);
    return site_ends_loop(program, site) ? "its search finds nothing" : "";
}

static void set_null_place(const Phrase *phrase, const Outcome *outcome,
                           ContractCase *made)
{
    made->cause = "";
    made->place.path = "";
    if (made->null != CONTRACT_ALWAYS) return;
    if (outcome->nstep && outcome->steps[0].site.fn == phrase->fn->link_name)
        made->place = site_place(phrase->records->program, outcome->steps[0].site);
}

static void set_sets(const Phrase *phrase, const Outcome *outcome, ContractCase *made)
{
    VEC(ContractSet) sets = {0};
    for (uint32_t i = 0; i < outcome->npost; i++) {
        const Post *post = &outcome->posts[i];
        const char *what = phrase_place(phrase, post->address);
        TypeKind type = what ? phrase_place_type(phrase, post->address) : TYPE_INT;
        if (type == TYPE_VOID) type = post->type.kind;
        if (type != TYPE_POINTER) continue;
        ContractSet set = {.what = what, .value = ""};
        set.null =
            post->value ? null_of(phrase, post->value, post->range) : CONTRACT_UNKNOWN;
        if (set.null != CONTRACT_ALWAYS) set.value = entry_text(phrase, post->value);
        vec_push(phrase->arena, &sets, set);
    }
    made->sets = sets.at;
    made->nset = sets.n;
}

static const char *key_of(const Phrase *phrase, const ContractCase *made)
{
    Buf out;
    buf_init(&out, phrase->arena);
    buf_printf(&out, "%s:%u:%d", made->result, made->place.line, (int)made->null);
    for (uint32_t i = 0; i < made->nset; i++)
        buf_printf(&out, ";%s=%d%s", made->sets[i].what, (int)made->sets[i].null,
                   made->sets[i].value);
    return out.at;
}

static void add_way(const Phrase *phrase, const Outcome *outcome, Ways *ways)
{
    Way *way = &ways->at[ways->n++];
    *way = (Way){.made = {.is_partial = outcome->is_hidden}, .outcome = outcome};
    for (uint32_t i = 0; i < outcome->nguard; i++) {
        if (phrase_is_idle(phrase, outcome->guards[i])) continue;
        bool fits = way->nguard < MOST_GUARDS && phrase_guard(phrase, outcome->guards[i]);
        if (fits)
            way->guards[way->nguard++] = outcome->guards[i];
        else
            way->made.is_partial = true;
    }
    set_result(phrase, outcome, &way->made);
    set_null_place(phrase, outcome, &way->made);
    set_sets(phrase, outcome, &way->made);
    way->key = key_of(phrase, &way->made);
}

/* Both can happen on the same entry, and leave different things behind: then something else
 * decides between them. */
static bool overlap(const Way *a, const Way *b)
{
    if (!strcmp(a->key, b->key)) return false;
    for (uint32_t i = 0; i < a->nguard; i++)
        for (uint32_t k = 0; k < b->nguard; k++)
            if (a->guards[i].term == b->guards[k].term &&
                range_is_empty(range_meet(a->guards[i].range, b->guards[k].range)))
                return false;
    return true;
}

static void mark_overlaps(const Phrase *phrase, Ways *ways)
{
    for (uint32_t i = 0; i < ways->n; i++)
        for (uint32_t k = 0; k < ways->n; k++)
            if (i != k && overlap(&ways->at[i], &ways->at[k]))
                ways->at[i].made.is_partial = true;
    for (uint32_t i = 0; i < ways->n; i++) {
        ContractCase *made = &ways->at[i].made;
        if (made->is_partial && made->null == CONTRACT_ALWAYS)
            made->cause = cause_text(phrase, ways->at[i].outcome);
    }
}

/* --- fewer of them ---------------------------------------------------------------------- */

static Guard *guard_on(Way *way, TermId term)
{
    for (uint32_t i = 0; i < way->nguard; i++)
        if (way->guards[i].term == term) return &way->guards[i];
    return NULL;
}

static void drop_guard(Way *way, Guard *guard)
{
    uint32_t i = (uint32_t)(guard - way->guards);
    memmove(guard, guard + 1, (way->nguard - i - 1) * sizeof *guard);
    way->nguard--;
}

static void drop_way(Ways *ways, uint32_t i)
{
    memmove(&ways->at[i], &ways->at[i + 1], (ways->n - i - 1) * sizeof ways->at[0]);
    ways->n--;
}

/* All that `wide` asks holds where `narrow` does. */
static bool is_within(Way *narrow, const Way *wide)
{
    for (uint32_t i = 0; i < wide->nguard; i++) {
        const Guard *guard = guard_on(narrow, wide->guards[i].term);
        if (!guard || !range_within(guard->range, wide->guards[i].range)) return false;
    }
    return true;
}

/* They differ in one condition, and together leave it open or make it one range. */
static bool merge_exact(Way *to, Way *from)
{
    Guard *differs = NULL;
    Range both = range_any;
    if (to->nguard != from->nguard) return false;
    for (uint32_t i = 0; i < to->nguard; i++) {
        const Guard *other = guard_on(from, to->guards[i].term);
        if (!other) return false;
        if (range_equal(other->range, to->guards[i].range)) continue;
        if (differs || !ranges_unite(to->guards[i].range, other->range, &both))
            return false;
        differs = &to->guards[i];
    }
    if (differs) differs->range = both;
    if (differs && range_is_any(both)) drop_guard(to, differs);
    return true;
}

/* Both are told in part only: what they have in common is told. */
static void merge_loose(Way *to, Way *from)
{
    for (uint32_t i = to->nguard; i-- > 0;) {
        const Guard *other = guard_on(from, to->guards[i].term);
        if (other) to->guards[i].range = range_join(to->guards[i].range, other->range);
        if (!other || range_is_any(to->guards[i].range)) drop_guard(to, &to->guards[i]);
    }
}

/* A search that finds nothing: where there is nothing to search, too. */
static bool is_search(const Way *way)
{
    return way->made.is_partial && *way->made.cause && way->made.place.line;
}

static bool merge(Way *to, Way *from)
{
    if (strcmp(to->key, from->key) != 0) return false;
    bool partial = to->made.is_partial, other = from->made.is_partial;
    if (partial != other && (is_search(to) || is_search(from))) {
        if (other) to->made = from->made;
        merge_loose(to, from);
        return true;
    }
    if (!partial && is_within(from, to)) return true;
    if (!other && is_within(to, from)) {
        *to = *from;
        return true;
    }
    if (partial != other) return false;
    if (merge_exact(to, from)) return true;
    if (partial) merge_loose(to, from);
    return partial;
}

static void merge_all(Ways *ways)
{
    for (uint32_t i = 0; i < ways->n; i++)
        for (uint32_t k = i + 1; k < ways->n;) {
            if (merge(&ways->at[i], &ways->at[k])) {
                drop_way(ways, k);
                k = i + 1; /* it may say less now, and fit others */
            } else {
                k++;
            }
        }
}

/* "a, or not a and b" is "a, or b", when both have the same result. */
static void absorb(const Ways *ways, Way *way)
{
    for (uint32_t i = 0; i < ways->n; i++) {
        const Way *one = &ways->at[i];
        if (one == way || one->made.is_partial || one->nguard != 1) continue;
        if (strcmp(one->made.result, way->made.result) != 0) continue;
        Guard *guard = guard_on(way, one->guards[0].term);
        Range both;
        if (guard && ranges_unite(guard->range, one->guards[0].range, &both) &&
            range_is_any(both))
            drop_guard(way, guard);
    }
}

/* What every way back has passed: told once. */
static void find_common(const Phrase *phrase, Ways *ways, TextList *common)
{
    Way first = ways->at[0];
    for (uint32_t g = 0; ways->n > 0 && g < first.nguard; g++) {
        Guard guard = first.guards[g];
        bool everywhere = true;
        for (uint32_t i = 0; i < ways->n && everywhere; i++) {
            const Guard *other = guard_on(&ways->at[i], guard.term);
            everywhere = other && range_equal(other->range, guard.range);
        }
        if (!everywhere) continue;
        add_guard(phrase, guard, common);
        for (uint32_t i = 0; i < ways->n; i++)
            drop_guard(&ways->at[i], guard_on(&ways->at[i], guard.term));
    }
}

static void finish(const Phrase *phrase, Way *way)
{
    TextList when = {0};
    for (uint32_t i = 0; i < way->nguard; i++) {
        add_guard(phrase, way->guards[i], &when);
    }
    way->made.when = when.at;
    way->made.nwhen = when.n;
}

/* Nulls first, then as they come. */
static void collect(const Phrase *phrase, const Ways *ways, Contract *contract)
{
    ContractCase *cases = ARENA_ARRAY(phrase->arena, ContractCase, ways->n + 1);
    uint32_t n = 0;
    for (int nulls = 1; nulls >= 0; nulls--)
        for (uint32_t i = 0; i < ways->n; i++)
            if ((ways->at[i].made.null == CONTRACT_ALWAYS) == nulls)
                cases[n++] = ways->at[i].made;
    contract->cases = cases;
    contract->ncase = n;
}

static ContractNull result_of(const Phrase *phrase, const Contract *contract)
{
    if (phrase->fn->fn->result.kind != TYPE_POINTER) return CONTRACT_NO_POINTER;
    uint32_t seen[CONTRACT_ALWAYS + 1] = {0};
    for (uint32_t i = 0; i < contract->ncase; i++)
        seen[contract->cases[i].null]++;
    if (contract->is_declared_nonnull) return CONTRACT_NEVER;
    if (!contract->ncase) return CONTRACT_UNKNOWN;
    if (seen[CONTRACT_ALWAYS] == contract->ncase) return CONTRACT_ALWAYS;
    if (seen[CONTRACT_NEVER] == contract->ncase) return CONTRACT_NEVER;
    return seen[CONTRACT_ALWAYS] ? CONTRACT_MAYBE : CONTRACT_UNKNOWN;
}

void cases_infer(const Phrase *phrase, Contract *contract, TextList *common)
{
    const Summary *summary = phrase->summary;
    Ways *ways = ARENA_NEW(phrase->arena, Ways);
    for (uint32_t i = 0; i < summary->noutcome && ways->n < MOST_WAYS; i++)
        add_way(phrase, &summary->outcomes[i], ways);
    mark_overlaps(phrase, ways);
    merge_all(ways);
    find_common(phrase, ways, common);
    for (uint32_t i = 0; i < ways->n; i++)
        absorb(ways, &ways->at[i]);
    for (uint32_t i = 0; i < ways->n; i++)
        finish(phrase, &ways->at[i]);
    collect(phrase, ways, contract);
    contract->result = result_of(phrase, contract);
}
