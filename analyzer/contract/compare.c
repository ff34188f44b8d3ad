/* One function in two versions. */
#include "contract/compare.h"

#include <string.h>

#include "base/buf.h"
#include "contract/words.h"

typedef struct Compare {
    const Contract *before, *after;
    ContractChange *changes;
    uint32_t n;
    Arena *arena;
} Compare;

static void add(Compare *compare, ContractChangeKind kind, const char *text)
{
    if (compare->n == MOST_CHANGES) return;
    compare->changes[compare->n++] = (ContractChange){
        .kind = kind, .before = compare->before, .after = compare->after, .text = text};
}

/* --- results ------------------------------------------------------------------------------ */

static bool gives_null(const Contract *contract)
{
    return contract->result == CONTRACT_ALWAYS || contract->result == CONTRACT_MAYBE;
}

/* Some way to null was there before, or one that says less. */
static bool had_case(const Contract *before, const ContractCase *now)
{
    for (uint32_t i = 0; i < before->ncase; i++) {
        const ContractCase *one = &before->cases[i];
        bool vague = one->is_partial && !one->nwhen && !*one->cause;
        if (one->null == CONTRACT_ALWAYS && (vague || words_same_case(one, now)))
            return true;
    }
    return false;
}

static const char *null_text(const Compare *compare, bool only_new)
{
    Buf out;
    Words words = {.arena = compare->arena, .contract = compare->after};
    buf_init(&out, compare->arena);
    buf_text(&out, only_new ? "can now return NULL also" : "can now return NULL");
    uint32_t n = 0;
    for (uint32_t i = 0; i < compare->after->ncase; i++) {
        const ContractCase *one = &compare->after->cases[i];
        if (one->null != CONTRACT_ALWAYS || words_is_told(compare->after, i)) continue;
        if (only_new && had_case(compare->before, one)) continue;
        if (n++) buf_text(&out, ", or");
        words_case(&out, &words, one);
    }
    return n || !only_new ? out.at : NULL;
}

static void compare_result(Compare *compare)
{
    const Contract *before = compare->before, *after = compare->after;
    if (after->result == CONTRACT_NO_POINTER || before->result == CONTRACT_NO_POINTER)
        return;
    if (gives_null(after) && !gives_null(before)) {
        add(compare, CHANGE_RETURNS_NULL, null_text(compare, false));
    } else if (gives_null(after)) {
        const char *text = null_text(compare, true);
        if (text) add(compare, CHANGE_NULL_ALSO, text);
    } else if (gives_null(before) && after->result == CONTRACT_NEVER) {
        add(compare, CHANGE_NEVER_NULL, "no longer returns NULL");
    }
}

/* --- memory ------------------------------------------------------------------------------- */

/* From good to bad. */
typedef enum Left { LEFT_NOTHING, LEFT_OBJECT, LEFT_UNKNOWN, LEFT_ALONE, LEFT_NULL } Left;

/* The worst that cases with this result leave in a place. */
static Left left_in(const Contract *contract, const char *result, const char *what)
{
    Left worst = LEFT_NOTHING;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        const ContractCase *one = &contract->cases[i];
        if (strcmp(one->result, result) != 0) continue;
        Left left = LEFT_ALONE;
        for (uint32_t s = 0; s < one->nset; s++) {
            if (strcmp(one->sets[s].what, what) != 0) continue;
            left = one->sets[s].null == CONTRACT_NEVER    ? LEFT_OBJECT
                   : one->sets[s].null == CONTRACT_ALWAYS ? LEFT_NULL
                                                          : LEFT_UNKNOWN;
        }
        if (left > worst) worst = left;
    }
    return worst;
}

static void compare_place(Compare *compare, const char *result, const char *what)
{
    Left before = left_in(compare->before, result, what);
    Left after = left_in(compare->after, result, what);
    if (before != LEFT_OBJECT || after < LEFT_ALONE) return;
    const char *when = *result ? " when it returns " : "";
    const char *text = after == LEFT_NULL
                           ? arena_printf(compare->arena, "can now leave NULL in %s%s%s",
                                          what, when, result)
                           : arena_printf(compare->arena, "can now leave %s unset%s%s",
                                          what, when, result);
    add(compare, CHANGE_LEAVES_UNSET, text);
}

static void compare_memory(Compare *compare)
{
    const Contract *before = compare->before;
    for (uint32_t i = 0; i < before->ncase; i++) {
        if (!words_is_first(before, i)) continue;
        const char *result = before->cases[i].result;
        for (uint32_t s = 0; s < before->cases[i].nset; s++)
            if (before->cases[i].sets[s].null == CONTRACT_NEVER)
                compare_place(compare, result, before->cases[i].sets[s].what);
    }
}

/* --- parameters --------------------------------------------------------------------------- */

typedef enum Asks { ASKS_NOTHING, ASKS_SOMETIMES, ASKS_ALWAYS } Asks;

static Asks asks(const Contract *contract, uint32_t param, uint32_t *first)
{
    Asks most = ASKS_NOTHING;
    if (contract->params[param - 1].is_declared_nonnull) most = ASKS_ALWAYS;
    for (uint32_t i = 0; i < contract->ndemand; i++) {
        const ContractDemand *demand = &contract->demands[i];
        if (demand->param != param) continue;
        Asks one = demand->nwhen || demand->is_partial ? ASKS_SOMETIMES : ASKS_ALWAYS;
        if (one > most || most == ASKS_NOTHING) *first = i;
        if (one > most) most = one;
    }
    return most;
}

static void compare_params(Compare *compare)
{
    const Contract *before = compare->before, *after = compare->after;
    if (before->nparam != after->nparam) return; /* callers had to change anyway */
    for (uint32_t p = 1; p <= after->nparam; p++) {
        uint32_t old = UINT32_MAX, now = UINT32_MAX;
        if (!after->params[p - 1].is_pointer || !before->params[p - 1].is_pointer)
            continue;
        Asks then = asks(before, p, &old), here = asks(after, p, &now);
        if (here > then) {
            const char *text =
                now < after->ndemand
                    ? words_demand(after, now, compare->arena)
                    : arena_printf(compare->arena, "%s must not be NULL (declared so)",
                                   after->params[p - 1].name);
            add(compare, CHANGE_ASKS, arena_printf(compare->arena, "asks now: %s", text));
        } else if (here == ASKS_NOTHING && then != ASKS_NOTHING &&
                   after->params[p - 1].is_tested) {
            add(compare, CHANGE_ASKS_NOT,
                arena_printf(compare->arena, "accepts NULL now as %s",
                             after->params[p - 1].name));
        }
    }
}

uint32_t compare_contracts(const Contract *before, const Contract *after,
                           ContractChange *changes, Arena *arena)
{
    Compare compare = {
        .before = before, .after = after, .changes = changes, .arena = arena};
    if (before->state == CONTRACT_DEGRADED || after->state == CONTRACT_DEGRADED) return 0;
    if (after->is_noreturn && !before->is_noreturn)
        add(&compare, CHANGE_NEVER_RETURNS, "never returns now");
    if (!after->is_noreturn && before->is_noreturn)
        add(&compare, CHANGE_RETURNS, "can return now");
    bool whole = before->state == CONTRACT_WHOLE && after->state == CONTRACT_WHOLE;
    if (whole && !after->is_noreturn && !before->is_noreturn) {
        compare_result(&compare);
        compare_memory(&compare);
    }
    if (whole) compare_params(&compare);
    return compare.n;
}
