/*
 * Attributes of functions: what the programmer promised.
 *
 * libclang shows most attributes without their arguments, and an inherited one not at all.
 * The declaration printed back is normalised (macros and ## resolved), so it is printed
 * once a function that has attributes, together with its first declaration, and scanned.
 * GNU noreturn lives in the type only; _Nonnull and _Nullable come with the types.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/decl.h"

typedef struct Promise {
    uint64_t nonnull; /* bit i: parameter i */
    bool all_nonnull;
    uint32_t flags; /* FnFlag */
} Promise;

static bool word_is(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && !memcmp(text, word, len);
}

/* "nonnull(1, 3)": the numbers count from 1. */
static void read_nonnull(const char *text, Promise *promise)
{
    if (*text != '(') {
        promise->all_nonnull = true;
        return;
    }
    for (text++; *text && *text != ')'; text++) {
        if (!isdigit((unsigned char)*text)) continue;
        uint32_t number = 0;
        for (; isdigit((unsigned char)*text) && number < 1000; text++)
            number = number * 10 + (uint32_t)(*text - '0');
        if (number >= 1 && number <= 64) promise->nonnull |= 1ull << (number - 1);
        text--;
    }
}

static void read_attribute(const char *text, Promise *promise)
{
    static const struct {
        const char *word;
        uint32_t flag;
    } flags[] = {
        {"returns_nonnull", FN_RETURNS_NONNULL},
        {"noreturn", FN_NORETURN},
        {"_Noreturn", FN_NORETURN},
        {"analyzer_noreturn", FN_NORETURN},
        {"malloc", FN_MALLOC},
        {"weak", FN_WEAK},
        {"constructor", FN_CONSTRUCTOR},
        {"pure", FN_PURE},
        {"const", FN_PURE},
    };
    if (!strncmp(text, "gnu::", 5)) text += 5;
    if (!strncmp(text, "clang::", 7)) text += 7;
    size_t len = strcspn(text, "() ],");
    if (word_is(text, len, "nonnull")) read_nonnull(text + len, promise);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (word_is(text, len, flags[i].word)) promise->flags |= flags[i].flag;
}

static const char *skip_string(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        if (*text == '\\' && text[1]) text++;
    return text;
}

/* Attributes of the function itself stand outside of its parentheses. */
static void scan(const char *text, Promise *promise)
{
    for (int depth = 0; *text; text++) {
        if (*text == '"') {
            text = skip_string(text);
            if (!*text) return;
        }
        if (!depth && !strncmp(text, "__attribute__((", 15))
            read_attribute(text + 15, promise);
        if (!depth && !strncmp(text, "[[", 2)) read_attribute(text + 2, promise);
        if (!depth && !strncmp(text, "_Noreturn", 9)) promise->flags |= FN_NORETURN;
        if (*text == '(' || *text == '[') depth++;
        if (*text == ')' || *text == ']') depth--;
    }
}

static void print_and_scan(Parse *parse, CXCursor cursor, Promise *promise)
{
    if (!clang_Cursor_hasAttrs(cursor)) return;
    scan(
        source_string(clang_getCursorPrettyPrinted(cursor, parse->policy), parse->tables),
        promise);
}

static bool param_is_nonnull(Parse *parse, CXCursor fn, uint32_t i)
{
    CXCursor param = clang_Cursor_getArgument(fn, i);
    if (!clang_Cursor_hasAttrs(param)) return false;
    const char *text =
        source_string(clang_getCursorPrettyPrinted(param, parse->policy), parse->tables);
    return strstr(text, "nonnull") != NULL;
}

static void fill_param(Parse *parse, CXCursor fn, CXCursor first, uint32_t i, Fn *row)
{
    Param *param = &row->params[i];
    CXType type = clang_getCursorType(clang_Cursor_getArgument(fn, i));
    enum CXTypeNullabilityKind kind = clang_Type_getNullability(type);
    if (kind == CXTypeNullability_NonNull || param_is_nonnull(parse, fn, i) ||
        param_is_nonnull(parse, first, i))
        param->is_nonnull = true;
    if (kind == CXTypeNullability_Nullable) param->is_nullable = true;
}

void attribute_fill(Parse *parse, CXCursor fn, Fn *row)
{
    CXCursor first = clang_getCanonicalCursor(fn);
    CXType type = clang_getCursorType(fn);
    Promise promise = {0};
    print_and_scan(parse, fn, &promise);
    if (first.data[0] != fn.data[0]) print_and_scan(parse, first, &promise);
    if (type_never_returns(parse, type_of(parse, type))) promise.flags |= FN_NORETURN;
    enum CXTypeNullabilityKind kind =
        clang_Type_getNullability(clang_getResultType(type));
    if (kind == CXTypeNullability_NonNull) promise.flags |= FN_RETURNS_NONNULL;
    if (kind == CXTypeNullability_Nullable) promise.flags |= FN_RETURNS_NULLABLE;
    row->flags |= promise.flags;
    for (uint32_t i = 0; i < row->nparam; i++) {
        fill_param(parse, fn, first, i, row);
        bool is_named = i < 64 && promise.nonnull >> i & 1;
        bool is_pointer = row->params[i].type.kind == TYPE_POINTER;
        if (is_named || (promise.all_nonnull && is_pointer))
            row->params[i].is_nonnull = true;
    }
}
