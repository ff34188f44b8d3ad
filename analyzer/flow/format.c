/*
 * Format strings: which of the arguments behind `...` must be objects.
 *
 * scanf() stores through every one. printf() reads what goes with %s; the C libraries of today
 * print "(null)" for a null there, which nobody wants and C does not promise, so only what is
 * null for certain is worth a word. "%.*s" of nothing is fine, and places written as "%2$s" are
 * not followed.
 */
#include <string.h>

#include "flow/engine.h"

enum { MOST_FOLLOWED = 32 }; /* arguments, as many as a call keeps */

/* What one argument behind a format string is for. */
typedef enum FormatArg {
    FORMAT_NONE, /* never returned: a conversion without an argument */
    FORMAT_VALUE,
    FORMAT_WIDTH,  /* "%*d": the number */
    FORMAT_LIMIT,  /* "%.*s": the number */
    FORMAT_OBJECT, /* null is wrong here */
    FORMAT_UNREAD, /* "%2$s": not followed from here on */
    FORMAT_END     /* no more arguments */
} FormatArg;

/* A format of printf() or scanf() that is read; starts as {.at = text, .is_scan = ...}. */
typedef struct Format {
    const char *at;
    bool is_scan;
    FormatArg last;
} Format;

static const char *skip(const char *at, const char *set)
{
    return at + strspn(at, set);
}

/* From behind "%[" to behind its "]". */
static const char *skip_set(const char *at)
{
    if (*at == '^') at++;
    if (*at == ']') at++;
    at += strcspn(at, "]");
    return *at ? at + 1 : at;
}

static FormatArg scan_arg(const char **at)
{
    bool is_skipped = **at == '*';
    *at = skip(*at + is_skipped, "0123456789'");
    if (**at == '$') return FORMAT_UNREAD;
    *at = skip(*at, "hlqLjztm");
    char conversion = **at;
    if (!conversion) return FORMAT_END;
    *at = conversion == '[' ? skip_set(*at + 1) : *at + 1;
    return conversion == '%' || is_skipped ? FORMAT_NONE : FORMAT_OBJECT;
}

static FormatArg print_arg(const char **at)
{
    *at = skip(*at, "-+ #0'I123456789");
    if (**at == '$') return FORMAT_UNREAD;
    if (**at == '*') { /* the width; the rest is read as if it stood alone */
        ++*at;
        return FORMAT_WIDTH;
    }
    bool is_limited = **at == '.';
    *at = skip(*at + is_limited, "0123456789");
    if (is_limited && **at == '*') {
        ++*at;
        return FORMAT_LIMIT;
    }
    *at = skip(*at, "hlqLjztZ");
    char conversion = **at;
    if (!conversion) return FORMAT_END;
    ++*at;
    if (conversion == '%' || conversion == 'm') return FORMAT_NONE;
    return strchr("sSn", conversion) && !is_limited ? FORMAT_OBJECT : FORMAT_VALUE;
}

/* What stands behind "%*" or "%.*". */
static FormatArg after_star(const char **at, FormatArg before)
{
    if (before == FORMAT_WIDTH && **at == '.') {
        ++*at;
        if (**at == '*') {
            ++*at;
            return FORMAT_LIMIT;
        }
        *at = skip(*at, "0123456789");
        before = FORMAT_LIMIT;
    }
    *at = skip(*at, "hlqLjztZ");
    char conversion = **at;
    if (!conversion) return FORMAT_END;
    ++*at;
    return strchr("sS", conversion) && before == FORMAT_WIDTH ? FORMAT_OBJECT
                                                              : FORMAT_VALUE;
}

static FormatArg next_arg(Format *format)
{
    bool starred = format->last == FORMAT_WIDTH || format->last == FORMAT_LIMIT;
    do {
        if (starred) {
            format->last = after_star(&format->at, format->last);
            starred = false;
            continue;
        }
        format->at += strcspn(format->at, "%");
        if (!*format->at) return format->last = FORMAT_END;
        format->at++;
        format->last = format->is_scan ? scan_arg(&format->at) : print_arg(&format->at);
    } while (format->last == FORMAT_NONE);
    return format->last;
}

/* --- arguments --------------------------------------------------------------------------- */

/* The origin of a null; one that is written in the call itself may stand there as 0. */
static uint32_t null_of_arg(Engine *engine, State *state, TermId term, Val val)
{
    Range range = value_range(engine, state, term);
    if (range.classes != CLASS_NULL && !(range.low == 0 && range.high == 0)) return 0;
    uint32_t origin = value_origin(engine, state, term);
    if (origin || !exec_is_literal(engine, val)) return origin;
    Origin written = {.kind = ORIGIN_CONST, .ins = engine_number(engine)};
    return note_origin(engine, written);
}

/* False when the path ends: scanf() stores through null. */
static bool check_object(Engine *engine, State *state, Candidate candidate, TermId term,
                         Val val)
{
    bool is_scan = !(candidate.flags & CANDIDATE_PRINTED);
    uint32_t origin = null_of_arg(engine, state, term, val);
    if (origin) {
        NullOrigin kind = engine->origins.at[origin].kind;
        bool certain = kind == ORIGIN_CONST || kind == ORIGIN_TESTED;
        if (is_scan || certain)
            note_candidate(engine, state, candidate, term, origin, NULL, 0);
        return !is_scan;
    }
    if (is_scan && (value_range(engine, state, term).classes & CLASS_NULL)) {
        note_latent(engine, state, LATENT_NONNULL, term, NULL, 0);
        value_assume(engine, state, term, true, 0);
    }
    return true;
}

bool format_check(Engine *engine, State *state, const Ins *ins, const ProgramFn *callee,
                  const Summary *summary, const TermId *args)
{
    bool is_scan = summary->flags & SUMMARY_SCANS;
    uint32_t first = summary->nparam;
    if (!is_scan && !(summary->flags & SUMMARY_PRINTS)) return true;
    if (!first || ins->narg <= first) return true;
    Format format = {.at = exec_text(engine, ins->args[first - 1]), .is_scan = is_scan};
    for (uint32_t i = first; format.at && i < ins->narg && i < MOST_FOLLOWED; i++) {
        FormatArg arg = next_arg(&format);
        if (arg == FORMAT_END || arg == FORMAT_UNREAD) break;
        if (arg != FORMAT_OBJECT || !args[i]) continue;
        Val val = ins->args[i];
        Candidate candidate = {
            .kind = CANDIDATE_ARG,
            .what =
                ir_text(engine->unit, engine->body, engine->block, val, engine->arena),
            .target = callee ? callee->link_name : NULL,
            .param = i,
            .flags = (is_scan ? 0 : (uint32_t)CANDIDATE_PRINTED) |
                     (exec_is_literal(engine, val) ? (uint32_t)CANDIDATE_LITERAL : 0)};
        if (!check_object(engine, state, candidate, args[i], val)) return false;
    }
    return true;
}
