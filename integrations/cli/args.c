/* Parsing of command lines: tables in, variables out, and a guess at what was meant. */
#include "args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { PARAMS_LIMIT = 256 * 1024 * 1024, PARAMS_DEPTH = 10, NAME_LIMIT = 64 };

static bool expand(const char *word, uint32_t depth, Arena *arena, Texts *out,
                   bool *is_rest, Err *err)
{
    if (*is_rest || word[0] != '@' || !word[1]) {
        if (!strcmp(word, "--")) *is_rest = true;
        vec_push(arena, out, word);
        return true;
    }
    if (depth == PARAMS_DEPTH)
        return err_set(
            err, ERR_USAGE,
            "%s: the params file names itself, at once or through the files it "
            "names; each of its lines is one argument, and @FILE stands for "
            "the lines of FILE",
            word);
    FileText text;
    if (!file_read(word + 1, PARAMS_LIMIT, arena, &text, err)) {
        if (err) err->kind = ERR_USAGE;
        return false;
    }
    for (char *at = text.at; *at;) {
        size_t len = strcspn(at, "\r\n");
        char *next = at + len;
        next += strspn(next, "\r\n");
        at[len] = 0;
        if (len && !expand(at, depth + 1, arena, out, is_rest, err)) return false;
        at = next;
    }
    return true;
}

bool args_expand(const char *const *words, uint32_t n, Arena *arena, Texts *out, Err *err)
{
    bool is_rest = false;
    for (uint32_t i = 0; i < n; i++)
        if (!expand(words[i], 0, arena, out, &is_rest, err)) return false;
    return true;
}

/* Edits (insert, drop, replace, swap neighbours) from one word to the other. */
static uint32_t distance(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b);
    if (na > NAME_LIMIT || nb > NAME_LIMIT) return NAME_LIMIT;
    uint32_t rows[3][NAME_LIMIT + 1];
    uint32_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= nb; j++)
        last[j] = (uint32_t)j;
    for (size_t i = 1; i <= na; i++) {
        row[0] = (uint32_t)i;
        for (size_t j = 1; j <= nb; j++) {
            uint32_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        uint32_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[nb];
}

const char *args_nearest(const char *word, const char *const *names, uint32_t n)
{
    const char *best = NULL;
    uint32_t least = (uint32_t)strlen(word) / 3 + 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t edits = distance(word, names[i]);
        if (edits > least || (best && edits == least)) continue;
        best = names[i];
        least = edits;
    }
    return best;
}

static bool fail_unknown(const Option *options, const char *word, size_t len, Err *err)
{
    Arena *scratch = arena_new("options");
    Texts names = {0};
    for (const Option *option = options; option->name; option++)
        vec_push(scratch, &names, option->name);
    vec_push(scratch, &names, "--help");
    const char *name = arena_copy(scratch, word, len);
    const char *near = args_nearest(name, names.at, names.n);
    err_set(err, ERR_USAGE, "unknown option %s%s%s%s", name,
            near ? ": did you mean " : "", near ? near : "",
            near ? "?" : " (--help lists them)");
    arena_free(scratch);
    return false;
}

static bool set_number(const Option *option, const char *text, Err *err)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || number > 1000000)
        return err_set(err, ERR_USAGE, "%s takes a number, not '%s'", option->name, text);
    *(uint32_t *)option->to = (uint32_t)number;
    return true;
}

static bool set(const Option *option, const char *value, Arena *arena, Err *err)
{
    switch (option->kind) {
    case OPTION_FLAG: *(bool *)option->to = true; return true;
    case OPTION_NO: *(bool *)option->to = false; return true;
    case OPTION_TEXT: *(const char **)option->to = value; return true;
    case OPTION_MAYBE: *(const char **)option->to = value ? value : ""; return true;
    case OPTION_NUMBER: return set_number(option, value, err);
    case OPTION_LIST: vec_push(arena, (Texts *)option->to, value); return true;
    }
    return true;
}

static bool takes_value(const Option *option)
{
    return option->kind != OPTION_FLAG && option->kind != OPTION_NO &&
           option->kind != OPTION_MAYBE;
}

/* The option a word names; *value: what is written behind it in the same word, or NULL. */
static const Option *option_of(const Option *options, const char *word,
                               const char **value)
{
    *value = NULL;
    for (const Option *option = options; option->name; option++) {
        size_t len = strlen(option->name);
        if (!strncmp(word, option->name, len) && (!word[len] || word[len] == '=')) {
            if (word[len]) *value = word + len + 1;
            return option;
        }
        if (option->letter && word[1] == option->letter && word[1] != '-') {
            if (word[2]) *value = word + 2 + (word[2] == '='); /* -p=DIR, as clang-tidy */
            return option;
        }
    }
    return NULL;
}

bool args_parse(const Option *options, const Texts *words, Arena *arena, Args *args,
                Err *err)
{
    *args = (Args){0};
    for (uint32_t i = 0; i < words->n; i++) {
        const char *word = words->at[i], *value;
        if (args->has_rest) {
            vec_push(arena, &args->rest, word);
        } else if (!strcmp(word, "--")) {
            args->has_rest = true;
        } else if (word[0] != '-' || !word[1]) {
            vec_push(arena, &args->words, word);
        } else if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
            args->wants_help = true;
        } else {
            const Option *option = option_of(options, word, &value);
            if (!option) return fail_unknown(options, word, strcspn(word, "="), err);
            if (!takes_value(option) && option->kind != OPTION_MAYBE && value)
                return err_set(err, ERR_USAGE, "%s takes no value", option->name);
            if (takes_value(option) && !value && ++i < words->n) value = words->at[i];
            if (takes_value(option) && !value)
                return err_set(err, ERR_USAGE, "%s needs a value: %s %s", option->name,
                               option->name, option->value);
            if (!set(option, value, arena, err)) return false;
        }
    }
    return true;
}

void args_help(Buf *out, const Option *options)
{
    Arena *scratch = arena_new("help");
    for (const Option *option = options; option->name; option++) {
        const char *name = option->name;
        if (option->kind == OPTION_MAYBE)
            name = arena_printf(scratch, "%s[=%s]", name, option->value);
        if (takes_value(option))
            name = arena_printf(scratch, "%s %s", name, option->value);
        if (option->letter)
            name = arena_printf(scratch, "-%c, %s", option->letter, name);
        else
            name = arena_printf(scratch, "    %s", name);
        buf_printf(out, "  %-24s  %s\n", name, option->help);
    }
    arena_free(scratch);
}
