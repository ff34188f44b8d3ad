/* A contract in sentences, the way a careful author would have written them in a header. */
#include <string.h>

#include "base/buf.h"
#include "contract/words.h"

enum { MOST_WHEN = 3, MOST_NUMBERS = 4 };

void words_say(Words *words, const Buf *line)
{
    vec_push(words->arena, &words->lines, (const char *)line->at);
}

void words_text(Words *words, const char *text)
{
    vec_push(words->arena, &words->lines, text);
}

/* "a and b and 2 more conditions" */
void words_when(Buf *out, const char *const *when, uint32_t n)
{
    uint32_t shown = n > MOST_WHEN + 1 ? MOST_WHEN : n;
    for (uint32_t i = 0; i < shown; i++)
        buf_printf(out, "%s%s", i ? " and " : "", when[i]);
    if (shown < n) buf_printf(out, " and %u more conditions", n - shown);
}

void words_line(Buf *out, const Words *words, Place place)
{
    if (!place.line) return;
    if (strcmp(place.path, words->contract->place.path) != 0)
        buf_printf(out, "%s:%u", place.path, place.line);
    else
        buf_printf(out, "line %u", place.line);
}

/* --- results ---------------------------------------------------------------------------- */

/* "when a and b", "when its search finds nothing", "in some cases" */
void words_case(Buf *out, const Words *words, const ContractCase *one)
{
    if (*one->cause) {
        buf_printf(out, " when %s", one->cause);
        if (one->nwhen) buf_text(out, " and ");
    } else if (one->is_partial) {
        buf_text(out, one->nwhen ? " in some cases when " : " in some cases");
    } else if (one->nwhen) {
        buf_text(out, " when ");
    }
    words_when(out, one->when, one->nwhen);
    if (!one->place.line) return;
    buf_text(out, " (");
    words_line(out, words, one->place);
    buf_text(out, ")");
}

/* All cases of one result, in one sentence. */
static void say_result(Words *words, const char *result, const char *verb)
{
    const Contract *contract = words->contract;
    Buf out;
    buf_init(&out, words->arena);
    buf_printf(&out, "%s %s", verb, result);
    uint32_t n = 0;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        const ContractCase *one = &contract->cases[i];
        if (strcmp(one->result, result) != 0 || words_is_told(contract, i)) continue;
        if (n++ == MOST_CASES) {
            buf_text(&out, ", and in other cases");
            break;
        }
        if (n > 1) buf_text(&out, ", or");
        words_case(&out, words, one);
    }
    words_say(words, &out);
}

bool words_same_case(const ContractCase *a, const ContractCase *b)
{
    if (a->nwhen != b->nwhen || a->is_partial != b->is_partial) return false;
    for (uint32_t i = 0; i < a->nwhen; i++)
        if (strcmp(a->when[i], b->when[i]) != 0) return false;
    return !strcmp(a->cause, b->cause);
}

bool words_is_told(const Contract *contract, uint32_t i)
{
    const ContractCase *one = &contract->cases[i];
    for (uint32_t k = 0; k < i; k++) {
        const ContractCase *other = &contract->cases[k];
        if (!strcmp(one->result, other->result) && words_same_case(one, other) &&
            one->place.line == other->place.line)
            return true;
    }
    return false;
}

bool words_is_first(const Contract *contract, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (!strcmp(contract->cases[k].result, contract->cases[i].result)) return false;
    return true;
}

static void say_pointer(Words *words)
{
    const Contract *contract = words->contract;
    if (contract->result == CONTRACT_ALWAYS) {
        words_text(words, "always returns NULL");
        return;
    }
    if (contract->result == CONTRACT_NEVER) {
        words_text(words, contract->is_declared_nonnull
                              ? "never returns NULL (declared so)"
                              : "never returns NULL");
        return;
    }
    bool unknown = false;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        const ContractCase *one = &contract->cases[i];
        unknown |= one->null == CONTRACT_UNKNOWN && !*one->result;
        if (!*one->result || !words_is_first(contract, i)) continue;
        if (one->null == CONTRACT_ALWAYS || one->null == CONTRACT_UNKNOWN)
            say_result(words, one->result, "returns");
    }
    if (unknown && contract->result == CONTRACT_UNKNOWN)
        words_text(words, "whether it returns NULL is not known");
    else if (contract->result == CONTRACT_MAYBE)
        words_text(words, unknown ? "otherwise it is not known whether the result is NULL"
                                  : "otherwise returns something else than NULL");
}

/* Numbers are worth telling when they go with pointers. */
static bool tells_numbers(const Contract *contract)
{
    bool differ = false, sets = false;
    for (uint32_t i = 0; i < contract->ncase; i++) {
        if (!*contract->cases[i].result) return false;
        if (strcmp(contract->cases[i].result, contract->cases[0].result) != 0)
            differ = true;
        sets |= contract->cases[i].nset != 0;
    }
    return differ && (sets || contract->ncase <= MOST_NUMBERS);
}

/* "returns 1 in some cases" is no news. */
static bool has_condition(const Contract *contract, const char *result)
{
    for (uint32_t i = 0; i < contract->ncase; i++)
        if (!strcmp(contract->cases[i].result, result) && contract->cases[i].nwhen)
            return true;
    return false;
}

static void say_numbers(Words *words)
{
    const Contract *contract = words->contract;
    if (!tells_numbers(contract)) return;
    for (uint32_t i = 0; i < contract->ncase; i++)
        if (words_is_first(contract, i) &&
            has_condition(contract, contract->cases[i].result))
            say_result(words, contract->cases[i].result, "returns");
}

static void say_end(Words *words)
{
    const Contract *contract = words->contract;
    Buf out;
    buf_init(&out, words->arena);
    if (contract->state == CONTRACT_DEGRADED) {
        words_text(words, "not known: its body does not compile");
        return;
    }
    if (contract->state == CONTRACT_TOO_LARGE)
        words_text(words, "what it returns is not known: it is too large to be followed "
                          "within the budget");
    if (contract->is_noreturn) {
        words_text(words, "never returns");
        return;
    }
    if (contract->nreturns_when) {
        buf_text(&out, "returns only when ");
        words_when(&out, contract->returns_when, contract->nreturns_when);
        words_say(words, &out);
    }
    if (contract->state != CONTRACT_WHOLE) return;
    if (contract->result != CONTRACT_NO_POINTER)
        say_pointer(words);
    else
        say_numbers(words);
}

const char *const *contract_words(const Contract *contract, Arena *arena, uint32_t *n)
{
    Words words = {.arena = arena, .contract = contract};
    say_end(&words);
    words_memory(&words);
    *n = words.lines.n;
    return words.lines.at;
}

const char *contract_head(const Contract *contract, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    buf_printf(&out, "%s(", contract->name);
    for (uint32_t i = 0; i < contract->nparam; i++)
        buf_printf(&out, "%s%s", i ? ", " : "", contract->params[i].name);
    if (contract->is_variadic) buf_text(&out, contract->nparam ? ", ..." : "...");
    buf_text(&out, ")");
    return out.at;
}
