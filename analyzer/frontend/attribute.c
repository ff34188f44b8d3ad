/*
 * Attributes of functions: what the programmer promised.
 *
 * libclang shows most attributes without their arguments, and an inherited one not at all.
 * The declaration printed back is normalised (macros and ## resolved), so it is printed
 * once a function that has attributes, together with its first declaration, and scanned.
 * GNU noreturn lives in the type only; _Nonnull and _Nullable come with the types, and so
 * does the "static" of a parameter that is an array of at least so many elements.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/decl.h"

typedef struct Promise {
    uint64_t nonnull; /* bit i: parameter i */
    uint64_t sizes;   /* ... is a size of the result */
    bool all_nonnull;
    uint32_t flags; /* FnFlag */
} Promise;

static bool word_is(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && !memcmp(text, word, len);
}

/* "(1, 3)": the numbers count from 1. */
static uint64_t read_numbers(const char *text)
{
    uint64_t numbers = 0;
    for (text++; *text && *text != ')'; text++) {
        if (!isdigit((unsigned char)*text)) continue;
        uint32_t number = 0;
        for (; isdigit((unsigned char)*text) && number < 1000; text++)
            number = number * 10 + (uint32_t)(*text - '0');
        if (number >= 1 && number <= 64) numbers |= 1ull << (number - 1);
        text--;
    }
    return numbers;
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
        {"weakref", FN_WEAK},
        {"constructor", FN_CONSTRUCTOR},
        {"pure", FN_PURE},
        {"const", FN_PURE},
    };
    if (!strncmp(text, "gnu::", 5)) text += 5;
    if (!strncmp(text, "clang::", 7)) text += 7;
    size_t len = strcspn(text, "() ],");
    bool has_numbers = text[len] == '(';
    if (word_is(text, len, "nonnull") && has_numbers)
        promise->nonnull |= read_numbers(text + len);
    else if (word_is(text, len, "nonnull"))
        promise->all_nonnull = true;
    if (word_is(text, len, "alloc_size") && has_numbers)
        promise->sizes |= read_numbers(text + len);
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

/* int a[static 3]: not "int (*)[3]", and not an array inside of another. */
static bool is_static_array(Parse *parse, CXType type)
{
    if (type.kind != CXType_ConstantArray && type.kind != CXType_VariableArray &&
        type.kind != CXType_IncompleteArray)
        return false;
    const char *text = source_string(clang_getTypeSpelling(type), parse->tables);
    return strstr(text, "static ") != NULL;
}

static void fill_param(Parse *parse, CXCursor fn, CXCursor first, uint32_t i, Fn *row)
{
    Param *param = &row->params[i];
    CXType type = clang_getCursorType(clang_Cursor_getArgument(fn, i));
    enum CXTypeNullabilityKind kind = clang_Type_getNullability(type);
    if (kind == CXTypeNullability_NonNull || param_is_nonnull(parse, fn, i) ||
        param_is_nonnull(parse, first, i) || is_static_array(parse, type) ||
        is_static_array(parse, clang_getCursorType(clang_Cursor_getArgument(first, i))))
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
    if (promise.sizes) promise.flags |= FN_ALLOC_SIZE;
    row->flags |= promise.flags;
    access_fill(parse, fn, row);
    if (first.data[0] != fn.data[0]) access_fill(parse, first, row);
    for (uint32_t i = 0; i < row->nparam; i++) {
        fill_param(parse, fn, first, i, row);
        bool is_named = i < 64 && promise.nonnull >> i & 1;
        bool is_pointer = row->params[i].type.kind == TYPE_POINTER;
        if (is_named || (promise.all_nonnull && is_pointer))
            row->params[i].is_nonnull = true;
        if (i < 64 && promise.sizes >> i & 1) row->params[i].is_size = true;
    }
}

void attribute_fill_field(CXCursor field, Field *row)
{
    if (row->type.kind != TYPE_POINTER) return;
    enum CXTypeNullabilityKind kind =
        clang_Type_getNullability(clang_getCursorType(field));
    row->is_nonnull = kind == CXTypeNullability_NonNull;
    row->is_nullable = kind == CXTypeNullability_Nullable;
}

uint32_t attribute_flags_of_variable(Parse *parse, CXCursor variable)
{
    enum CXTypeNullabilityKind kind =
        clang_Type_getNullability(clang_getCursorType(variable));
    uint32_t flags = 0;
    if (kind == CXTypeNullability_NonNull) flags |= GLOBAL_NONNULL;
    if (kind == CXTypeNullability_Nullable) flags |= GLOBAL_NULLABLE;
    Promise promise = {0};
    print_and_scan(parse, variable, &promise);
    if (promise.flags & FN_WEAK) flags |= GLOBAL_WEAK;
    return flags;
}
