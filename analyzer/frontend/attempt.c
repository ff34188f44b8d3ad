/*
 * Flags that the compiler library does not take.
 *
 * A gcc of another age or for another machine knows -march, -mabi and targets that this
 * libclang does not, and one of them ends the parse before it has begun. What a complaint
 * names is replaced by the nearest that is known, or left out; when it names nothing, all
 * machine flags go, then the target. libclang says why there is no TU only on stderr, so the
 * parse that failed is run again with stderr caught.
 */
#include "frontend/attempt.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef VEC(const char *) Reasons;

/* Catching what it says. */

static Reasons reasons_of_text(const char *text, Arena *arena)
{
    static const char mark[] = "error: ";
    Reasons reasons = {0};
    for (const char *at = strstr(text, mark); at; at = strstr(at, mark)) {
        at += sizeof mark - 1;
        const char *reason = arena_copy(arena, at, strcspn(at, "\n"));
        vec_push(arena, &reasons, reason);
    }
    return reasons;
}

static enum CXErrorCode parse_once(Attempt *attempt, CXIndex index)
{
    attempt->tu = NULL;
    enum CXErrorCode code = clang_parseTranslationUnit2(
        index, attempt->path, attempt->args.at, (int)attempt->args.n, attempt->unsaved,
        attempt->nunsaved, attempt->options, &attempt->tu);
    if (attempt->tu && code != CXError_Success) {
        clang_disposeTranslationUnit(attempt->tu);
        attempt->tu = NULL;
    }
    return code;
}

/* Runs the parse that failed again, for what it prints. */
static Reasons reasons_printed(Attempt *attempt)
{
    int file = memfd_create("diagnostics", MFD_CLOEXEC);
    int saved = dup(STDERR_FILENO);
    Reasons reasons = {0};
    if (file >= 0 && saved >= 0 && dup2(file, STDERR_FILENO) >= 0) {
        if (!attempt->frontend->loud) attempt->frontend->loud = clang_createIndex(0, 1);
        parse_once(attempt, attempt->frontend->loud);
        if (attempt->tu) clang_disposeTranslationUnit(attempt->tu);
        attempt->tu = NULL;
        dup2(saved, STDERR_FILENO);
        off_t size = lseek(file, 0, SEEK_END);
        char *text = arena_take(attempt->arena, (size_t)(size > 0 ? size : 0) + 1, 1);
        if (size > 0 && pread(file, text, (size_t)size, 0) == size)
            reasons = reasons_of_text(text, attempt->arena);
    }
    if (saved >= 0) close(saved);
    if (file >= 0) close(file);
    return reasons;
}

/* Errors that stand nowhere in the source: complaints about the command. */
static Reasons reasons_of_tu(Attempt *attempt)
{
    Reasons reasons = {0};
    unsigned n = clang_getNumDiagnostics(attempt->tu);
    for (unsigned i = 0; i < n; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(attempt->tu, i);
        CXFile file = NULL;
        clang_getFileLocation(clang_getDiagnosticLocation(diagnostic), &file, NULL, NULL,
                              NULL);
        if (!file && clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
            const char *text =
                source_string(clang_getDiagnosticSpelling(diagnostic), attempt->arena);
            vec_push(attempt->arena, &reasons, text);
        }
        clang_disposeDiagnostic(diagnostic);
    }
    return reasons;
}

/* What it refuses. */

static bool starts_with(const char *word, const char *start)
{
    return !strncmp(word, start, strlen(start));
}

static bool is_text(const char *at, size_t len, const char *text)
{
    return strlen(text) == len && !strncmp(at, text, len);
}

/* The complaint quotes the word, or its value. */
static bool is_named(const char *word, const char *reason)
{
    const char *value = strchr(word, '=');
    value = value && value[1] ? value + 1 : word;
    const char *at = strchr(reason, '\''), *end;
    for (; at; at = strchr(end + 1, '\'')) {
        end = strchr(at + 1, '\'');
        if (!end) return false;
        size_t len = (size_t)(end - at) - 1;
        if (is_text(at + 1, len, word) || is_text(at + 1, len, value)) return true;
    }
    return false;
}

static bool is_machine_flag(const char *word)
{
    return starts_with(word, "-m");
}

static bool is_removable(const char *word)
{
    return is_machine_flag(word) ||
           (starts_with(word, "-f") && !starts_with(word, "-fmacro-prefix-map="));
}

/* Changing the command. */

static void note_change(Attempt *attempt, const char *from, const char *to)
{
    for (uint32_t i = 0; i < attempt->changes.n; i++) {
        Change *change = &attempt->changes.at[i];
        if (change->to && !strcmp(change->to, from)) {
            change->to = to;
            return;
        }
    }
    vec_push(attempt->arena, &attempt->changes, ((Change){from, to}));
}

static bool has_word(const Words *words, const char *start)
{
    for (uint32_t i = 0; i < words->n; i++)
        if (starts_with(words->at[i], start)) return true;
    return false;
}

/* gcc's name for what clang does anyway. */
static bool is_default(const Attempt *attempt, const char *word)
{
    return !strcmp(word, "-mabi=lp64") && has_word(&attempt->args, "--target=aarch64");
}

static bool is_refused(const char *word, const Reasons *reasons)
{
    for (uint32_t i = 0; i < reasons->n; i++)
        if (is_named(word, reasons->at[i])) return true;
    return false;
}

static bool change_named(Attempt *attempt, const Reasons *reasons)
{
    uint32_t kept = 0;
    bool found = false;
    for (uint32_t i = 0; i < attempt->args.n; i++) {
        const char *word = attempt->args.at[i];
        if (is_removable(word) && is_refused(word, reasons)) {
            const char *to = flags_instead(word, attempt->arena);
            if (!is_default(attempt, word)) note_change(attempt, word, to);
            found = true;
            word = to;
        }
        if (word) attempt->args.at[kept++] = word;
    }
    attempt->args.n = kept;
    return found;
}

/* All machine flags but those that say how wide types are. */
static bool drop_machine_flags(Attempt *attempt)
{
    static const char *const widths[] = {"-m32", "-m64", "-mx32", "-m16"};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < attempt->args.n; i++) {
        const char *word = attempt->args.at[i];
        bool keeps = !is_machine_flag(word);
        for (size_t k = 0; k < sizeof widths / sizeof *widths && !keeps; k++)
            keeps = !strcmp(word, widths[k]);
        if (keeps)
            attempt->args.at[kept++] = word;
        else
            note_change(attempt, word, NULL);
    }
    bool found = kept < attempt->args.n;
    attempt->args.n = kept;
    return found;
}

static bool change_target(Attempt *attempt)
{
    Words args = {0}, more = {0};
    bool found = false;
    for (uint32_t i = 0; i < attempt->args.n; i++) {
        const char *word = attempt->args.at[i];
        if (starts_with(word, "--target=")) {
            const char *to = flags_target_instead(word, attempt->arena, &more);
            note_change(attempt, word, to);
            found = true;
            word = to;
        }
        if (word) vec_push(attempt->arena, &args, word);
    }
    for (uint32_t i = 0; i < more.n; i++)
        vec_push(attempt->arena, &args, more.at[i]);
    attempt->args = args;
    return found;
}

/* False: there is nothing left to try. */
static bool adapt(Attempt *attempt, const Reasons *reasons)
{
    if (change_named(attempt, reasons)) return true;
    if (attempt->tu || attempt->only_named) return false;
    for (uint32_t i = 0; i < reasons->n; i++)
        if (strstr(reasons->at[i], "unknown target triple"))
            return change_target(attempt);
    return drop_machine_flags(attempt) || change_target(attempt);
}

void attempt_parse(Attempt *attempt)
{
    for (;;) {
        attempt->code = parse_once(attempt, attempt->frontend->index);
        Reasons reasons = {0};
        if (attempt->tu)
            reasons = reasons_of_tu(attempt);
        else if (attempt->code != CXError_Crashed)
            reasons = reasons_printed(attempt);
        attempt->why = attempt->tu || !reasons.n ? NULL : reasons.at[0];
        if (attempt->code == CXError_Crashed || !adapt(attempt, &reasons)) return;
        if (attempt->tu) clang_disposeTranslationUnit(attempt->tu);
    }
}

const char *attempt_changes(const Attempt *attempt)
{
    if (!attempt->changes.n) return NULL;
    Buf out;
    buf_init(&out, attempt->arena);
    buf_text(&out, "the compiler library does not take");
    for (uint32_t i = 0; i < attempt->changes.n; i++) {
        const Change *change = &attempt->changes.at[i];
        bool is_target = starts_with(change->from, "--target=");
        buf_printf(&out, "%s '%s' (analysed ", i ? "," : "", change->from);
        if (change->to)
            buf_printf(&out, "with '%s'%s)", change->to,
                       is_target ? ", whose types are as wide" : "");
        else
            buf_text(&out, is_target ? "as for this machine)" : "without it)");
    }
    return out.at;
}
