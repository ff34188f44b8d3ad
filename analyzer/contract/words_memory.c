/* What a contract says of memory: what callers must bring, what they find afterwards. */
#include <string.h>

#include "contract/words.h"

enum { MOST_DEMANDS = 2, MOST_GLOBALS = 4, MOST_LINES = 8 };

static const ContractSet *set_in(const ContractCase *one, const char *what)
{
    for (uint32_t i = 0; i < one->nset; i++)
        if (!strcmp(one->sets[i].what, what)) return &one->sets[i];
    return NULL;
}

/* What a case does to a place; `it` is what the sentence calls the place. */
static const char *left_text(const Words *words, const ContractSet *set, const char *it)
{
    if (!set) return arena_printf(words->arena, "leaves %s alone", it);
    if (*set->value) return arena_printf(words->arena, "sets %s to %s", it, set->value);
    if (set->null == CONTRACT_ALWAYS)
        return arena_printf(words->arena, "sets %s to NULL", it);
    if (set->null == CONTRACT_NEVER)
        return arena_printf(words->arena, "sets %s (never to NULL)", it);
    return arena_printf(words->arena, "changes %s", it);
}

static bool is_same(const Words *words, const ContractSet *a, const ContractSet *b)
{
    return a == b || !strcmp(left_text(words, a, "it"), left_text(words, b, "it"));
}

/* Every case with this result does the same. */
static bool goes_with_result(const Words *words, const char *what, uint32_t first)
{
    const Contract *contract = words->contract;
    const ContractSet *set = set_in(&contract->cases[first], what);
    for (uint32_t i = 0; i < contract->ncase; i++)
        if (!strcmp(contract->cases[i].result, contract->cases[first].result) &&
            !is_same(words, set_in(&contract->cases[i], what), set))
            return false;
    return *contract->cases[first].result;
}

static bool is_alike(const Words *words, const char *what)
{
    const Contract *contract = words->contract;
    const ContractSet *set = set_in(&contract->cases[0], what);
    for (uint32_t i = 1; i < contract->ncase; i++)
        if (!is_same(words, set_in(&contract->cases[i], what), set)) return false;
    return true;
}

/* "sets *out (never to NULL) when the result is 0; leaves it alone when it is -1 or -2" */
static void say_by_result(const Words *words, const char *what, Buf *out)
{
    const Contract *contract = words->contract;
    uint32_t n = 0;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        const ContractSet *set = set_in(&contract->cases[i], what);
        bool again = false;
        for (uint32_t k = 0; k < i && !again; k++)
            again = is_same(words, set_in(&contract->cases[k], what), set);
        if (again) continue;
        buf_printf(out, "%s%s when %s is ", n ? "; " : "",
                   left_text(words, set, n ? "it" : what), n ? "it" : "the result");
        n++;
        uint32_t named = 0;
        for (uint32_t k = i; k < contract->ncase; k++)
            if (words_is_first(contract, k) &&
                is_same(words, set_in(&contract->cases[k], what), set))
                buf_printf(out, "%s%s", named++ ? " or " : "", contract->cases[k].result);
    }
}

static void say_by_case(const Words *words, const char *what, Buf *out)
{
    const Contract *contract = words->contract;
    uint32_t n = 0, left = 0;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        const ContractSet *set = set_in(&contract->cases[i], what);
        left += !set;
        if (!set || n == MOST_CASES) continue;
        buf_printf(out, "%s%s", n ? "; " : "", left_text(words, set, n ? "it" : what));
        words_case(out, words, &contract->cases[i]);
        n++;
    }
    if (left) buf_text(out, "; else leaves it alone");
}

static bool is_plain(const Words *words, const char *what)
{
    const Contract *contract = words->contract;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        const ContractSet *set = set_in(&contract->cases[i], what);
        if (set &&
            (set->null == CONTRACT_ALWAYS || set->null == CONTRACT_NEVER || *set->value))
            return false;
    }
    return true;
}

static void say_set(Words *words, const char *what)
{
    const Contract *contract = words->contract;
    Buf out;
    buf_init(&out, words->arena);
    bool by_result = true;
    for (uint32_t i = 0; i < contract->ncase && by_result; i++)
        by_result = goes_with_result(words, what, i);
    if (is_alike(words, what))
        buf_text(&out, left_text(words, set_in(&contract->cases[0], what), what));
    else if (by_result)
        say_by_result(words, what, &out);
    else
        say_by_case(words, what, &out);
    words_say(words, &out);
}

/* Every place that some case writes; of those that nothing is known of, the names. */
static void say_sets(Words *words)
{
    const Contract *contract = words->contract;
    uint32_t nplain = 0;
    Buf plain;
    buf_init(&plain, words->arena);
    for (uint32_t i = 0; i < contract->ncase; i++)
        for (uint32_t s = 0; s < contract->cases[i].nset; s++) {
            const char *what = contract->cases[i].sets[s].what;
            bool told = false;
            for (uint32_t k = 0; k < i && !told; k++)
                told = set_in(&contract->cases[k], what) != NULL;
            if (told) continue;
            if (!is_plain(words, what))
                say_set(words, what);
            else if (nplain++ < MOST_GLOBALS)
                buf_printf(&plain, "%s%s", nplain > 1 ? ", " : "may change ", what);
        }
    if (nplain > MOST_GLOBALS) buf_printf(&plain, " and %u more", nplain - MOST_GLOBALS);
    if (nplain) words_say(words, &plain);
}

/* --- demands ------------------------------------------------------------------------------ */

static void put_need(Buf *out, const Words *words, const ContractDemand *demand)
{
    static const char *const verbs[] = {[CONTRACT_DEREFERENCED] = "dereferenced",
                                        [CONTRACT_PASSED] = "passed on",
                                        [CONTRACT_CALLED] = "called"};
    buf_text(out, " (");
    if (*demand->via)
        buf_printf(out, "%s %s()", *demand->what ? "passed to" : "by", demand->via);
    else
        buf_text(out, verbs[demand->need]);
    if (demand->place.line) {
        buf_text(out, *demand->via ? ", " : " at ");
        words_line(out, words, demand->place);
    }
    if (demand->via_place.line) {
        buf_printf(out, ", %s at ", verbs[demand->need]);
        words_line(out, words, demand->via_place);
    }
    buf_text(out, ")");
}

/* When and why, of one of the ways that something is asked for. */
static void put_demand(Buf *out, const Words *words, const ContractDemand *demand)
{
    if (demand->is_partial) buf_text(out, " on some paths");
    if (demand->nwhen) buf_text(out, " when ");
    words_when(out, demand->when, demand->nwhen);
    put_need(out, words, demand);
}

const char *words_demand(const Contract *contract, uint32_t first, Arena *arena)
{
    const Words words = {.arena = arena, .contract = contract};
    const char *what = contract->demands[first].what;
    Buf out;
    buf_init(&out, arena);
    if (*what)
        buf_printf(&out, "%s must not be NULL", what);
    else
        buf_text(&out, "crashes");
    uint32_t n = 0;
    for (uint32_t i = first; i < contract->ndemand; i++) {
        const ContractDemand *demand = &contract->demands[i];
        if (strcmp(demand->what, what) != 0) continue;
        if (n++ == MOST_DEMANDS) {
            buf_text(&out, ", or in other cases");
            break;
        }
        if (n > 1) buf_text(&out, ", or");
        put_demand(&out, &words, demand);
        if (demand->is_partial && !demand->nwhen) break; /* the others say no more */
    }
    return out.at;
}

static bool is_told(const Contract *contract, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (!strcmp(contract->demands[k].what, contract->demands[i].what)) return true;
    return false;
}

/* Callers can do little about globals: their names are enough. */
static void say_globals(Words *words)
{
    const Contract *contract = words->contract;
    uint32_t n = 0;
    Buf out;
    buf_init(&out, words->arena);
    for (uint32_t i = 0; i < contract->ndemand; i++) {
        const ContractDemand *demand = &contract->demands[i];
        if (!demand->is_global || demand->is_reached || is_told(contract, i)) continue;
        if (n++ < MOST_GLOBALS)
            buf_printf(&out, "%s%s", n > 1 ? ", " : "relies on ", demand->what);
    }
    if (n > MOST_GLOBALS) buf_printf(&out, " and %u more", n - MOST_GLOBALS);
    if (!n) return;
    buf_text(&out, ", which must not be NULL");
    words_say(words, &out);
}

static void say_demands(Words *words)
{
    const Contract *contract = words->contract;
    uint32_t n = 0;
    for (int direct = 1; direct >= 0; direct--)
        for (uint32_t i = 0; i < contract->ndemand; i++) {
            const ContractDemand *demand = &contract->demands[i];
            if (demand->is_global || demand->is_reached || is_told(contract, i)) continue;
            if ((demand->param != 0) != direct) continue;
            if (n++ < MOST_LINES || direct)
                words_text(words, words_demand(contract, i, words->arena));
        }
    if (n > MOST_LINES)
        words_text(words, arena_printf(words->arena,
                                       "and asks for %u more that it reads through them",
                                       n - MOST_LINES));
    say_globals(words);
}

static void say_params(Words *words)
{
    const Contract *contract = words->contract;
    for (uint32_t i = 0; i < contract->nparam; i++) {
        const ContractParam *param = &contract->params[i];
        bool demanded = false;
        for (uint32_t k = 0; k < contract->ndemand; k++)
            demanded |= contract->demands[k].param == i + 1;
        if (param->is_declared_nonnull && !demanded)
            words_text(words,
                       arena_printf(words->arena, "%s must not be NULL (declared so)",
                                    param->name));
        else if (param->is_tested && !demanded)
            words_text(words, arena_printf(words->arena, "%s may be NULL", param->name));
    }
}

static void say_invoke(Words *words, const ContractInvoke *invoke)
{
    Buf out;
    buf_init(&out, words->arena);
    buf_printf(&out, "calls %s(", invoke->what);
    for (uint32_t i = 0; i < invoke->narg; i++)
        buf_printf(&out, "%s%s", i ? ", " : "",
                   *invoke->args[i] ? invoke->args[i] : "...");
    buf_text(&out, ") (");
    words_line(&out, words, invoke->place);
    buf_text(&out, ")");
    words_say(words, &out);
}

void words_memory(Words *words)
{
    const Contract *contract = words->contract;
    if (!contract->is_noreturn) say_sets(words);
    say_demands(words);
    say_params(words);
    for (uint32_t i = 0; i < contract->ninvoke; i++)
        say_invoke(words, &contract->invokes[i]);
}
