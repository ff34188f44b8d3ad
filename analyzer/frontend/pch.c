/*
 * A precompiled header of the lines that a group of TUs starts with.
 *
 * The lines stand in a file that does not exist, in the folder of a member, so that quoted
 * names are looked for where the member's are. A second #include of a header that is in the
 * PCH already must mean nothing: lines from the first one without a guard on are left out.
 * Beside the PCH stands a list of its lines and of all files in it, with their contents'
 * hashes; it is written last, so whoever finds the list finds a whole PCH.
 */
#include "frontend/pch.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "frontend/attempt.h"

enum {
    WORTH_BYTES =
        300 * 1000, /* of headers: below, reading back costs what parsing does */
    PARSE_FLAGS = CXTranslationUnit_KeepGoing | CXTranslationUnit_IncludeAttributedTypes |
                  CXTranslationUnit_Incomplete | CXTranslationUnit_ForSerialization,
    CONTENT_LIMIT = 1 << 28,
    HASH_DIGITS = 32
};

typedef struct Builder {
    Frontend *frontend;
    const PchGroup *group;
    Arena *arena;
    const char *path; /* of the file that does not exist */
    CXTranslationUnit tu;
    Buf deps;
    size_t bytes;
    uint32_t nline;       /* with a guard, from the first on */
    bool is_strange_name; /* a newline in a path */
} Builder;

static void add_file(CXFile file, CXSourceLocation *stack, unsigned depth,
                     CXClientData data)
{
    Builder *builder = data;
    if (!depth) return;
    if (depth == 1 && !clang_isFileMultipleIncludeGuarded(builder->tu, file)) {
        unsigned line = 0;
        clang_getFileLocation(stack[0], NULL, &line, NULL, NULL);
        if (line && line - 1 < builder->nline) builder->nline = line - 1;
    }
    size_t size = 0;
    const char *text = clang_getFileContents(builder->tu, file, &size);
    const char *name = source_string(clang_getFileName(file), builder->arena);
    char hex[HASH_DIGITS + 1];
    hash_hex(hash_bytes(text ? text : "", text ? size : 0), hex);
    builder->bytes += size;
    builder->is_strange_name |= strchr(name, '\n') != NULL;
    buf_printf(&builder->deps, "%s %s\n", hex,
               path_join(builder->arena, builder->group->command->directory, name));
}

static bool has_error(CXTranslationUnit tu)
{
    bool found = false;
    unsigned n = clang_getNumDiagnostics(tu);
    for (unsigned i = 0; i < n && !found; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        found = clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        clang_disposeDiagnostic(diagnostic);
    }
    return found;
}

static size_t text_of_lines(const char *text, uint32_t nline)
{
    const char *end = text;
    for (uint32_t i = 0; i < nline; i++)
        end = strchr(end, '\n') + 1;
    return (size_t)(end - text);
}

/* Parses the first nline lines; says in builder->nline how many of them can be shared. */
static bool parse_lines(Builder *builder)
{
    static const char *const last[] = {"-x", "c-header"};
    struct CXUnsavedFile lines = {builder->path, builder->group->text,
                                  text_of_lines(builder->group->text, builder->nline)};
    Attempt attempt = {.frontend = builder->frontend,
                       .arena = builder->arena,
                       .path = builder->path,
                       .args = parse_args(builder->frontend, builder->group->command,
                                          last, builder->arena),
                       .unsaved = &lines,
                       .nunsaved = 1,
                       .options = PARSE_FLAGS,
                       .only_named = true};
    attempt_parse(&attempt);
    builder->tu = attempt.tu;
    if (!builder->tu || has_error(builder->tu)) return false;
    builder->bytes = 0;
    buf_init(&builder->deps, builder->arena);
    clang_getInclusions(builder->tu, add_file, builder);
    return !builder->is_strange_name;
}

static bool save(Builder *builder, const char *path)
{
    if (builder->bytes < WORTH_BYTES) return false;
    if (clang_saveTranslationUnit(builder->tu, path, CXSaveTranslationUnit_None) !=
        CXSaveError_None)
        return false;
    Buf content;
    buf_init(&content, builder->arena);
    buf_printf(&content, "%u\n", builder->nline);
    buf_put(&content, builder->group->text,
            text_of_lines(builder->group->text, builder->nline));
    buf_put(&content, builder->deps.at, builder->deps.n);
    Err err = {0};
    return file_write(arena_printf(builder->arena, "%s.list", path), content.at,
                      content.n, &err);
}

bool pch_build(Frontend *frontend, const PchGroup *group, const char *path)
{
    Arena *arena = arena_new("pch");
    Builder builder = {
        .frontend = frontend, .group = group, .arena = arena, .nline = group->nline};
    const char *member =
        path_join(arena, group->command->directory, group->command->file);
    const char *slash = strrchr(member, '/');
    builder.path = arena_printf(arena, "%.*s/.sluice-shared-headers.h",
                                (int)(slash - member), member);
    bool ok = false;
    for (uint32_t tried = 0; builder.nline && builder.nline != tried;) {
        tried = builder.nline;
        if (builder.tu) clang_disposeTranslationUnit(builder.tu);
        builder.tu = NULL;
        ok = parse_lines(&builder);
        if (!ok) break;
    }
    ok = ok && builder.nline && save(&builder, path);
    if (builder.tu) clang_disposeTranslationUnit(builder.tu);
    if (!ok) unlink(path);
    arena_free(arena);
    return ok;
}

static uint64_t hex_word(const char *digits)
{
    char word[HASH_DIGITS / 2 + 1] = {0};
    memcpy(word, digits, sizeof word - 1);
    return strtoull(word, NULL, 16);
}

bool pch_content(const char *path, Arena *arena, PchContent *content)
{
    FileText text;
    const char *list = arena_printf(arena, "%s.list", path);
    if (!file_exists(list) || !file_read(list, CONTENT_LIMIT, arena, &text, NULL))
        return false;
    static const char include[] = "#include ";
    VEC(Dependency) deps = {0};
    *content = (PchContent){.nline = (uint32_t)strtoul(text.at, NULL, 10)};
    content->lines = ARENA_ARRAY(arena, const char *, content->nline);
    uint32_t nline = 0;
    char *at = text.at + strcspn(text.at, "\n"), *next;
    for (at += *at == '\n'; *at; at = next) {
        size_t len = strcspn(at, "\n");
        next = at + len + (at[len] == '\n');
        at[len] = 0;
        if (nline < content->nline) {
            if (strncmp(at, include, sizeof include - 1) != 0) return false;
            content->lines[nline++] = at + sizeof include - 1;
            continue;
        }
        if (len <= HASH_DIGITS + 1) return false;
        Dependency dep = {at + HASH_DIGITS + 1,
                          {hex_word(at), hex_word(at + HASH_DIGITS / 2)}};
        vec_push(arena, &deps, dep);
    }
    content->deps = deps.at;
    content->ndep = deps.n;
    return nline == content->nline;
}
