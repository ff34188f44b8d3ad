/*
 * The compile database: which files the project compiles, and how.
 *
 * The file is input like any other: bounded, read entry by entry (so that memory does not
 * grow with nesting or noise), refused with line and column. Nothing in it is ever run.
 */
#include "frontend/compdb.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"

enum {
    DATABASE_BYTES = 256 * 1024 * 1024,
    ENTRY_BYTES = 16 * 1024 * 1024,
    FLAGS_BYTES = 1024 * 1024,
    FOLDER_DEPTH = 32, /* compile_flags.txt: folders below it */
    FOLDER_FILES = 200000
};

/* A database being read. */
typedef struct Reader {
    const char *path;   /* of the database */
    const char *folder; /* absolute: relative "directory" entries start here */
    const char *text;
    size_t len;
    Arena *arena;
    VEC(Command) commands;
    uint32_t nskipped;
} Reader;

static bool fail_at(const Reader *reader, const char *at, Err *err, const char *what)
{
    uint32_t line = 1, column = 1;
    for (const char *c = reader->text; c < at; c++) {
        column = *c == '\n' ? 1 : column + 1;
        line += *c == '\n';
    }
    return err_set(err, ERR_CONFIG, "%s:%u:%u: %s", reader->path, line, column, what);
}

/* The folder with its symbolic links resolved, so that one file has one name; the file's own
 * link is kept, because build sandboxes link files out of the tree. */
static const char *file_name_of(const char *directory, const char *file, Arena *arena)
{
    const char *whole =
        file[0] == '/' ? file : arena_printf(arena, "%s/%s", directory, file);
    const char *slash = strrchr(whole, '/');
    const char *folder = arena_copy(arena, whole, (size_t)(slash - whole) + 1);
    const char *real = path_real(arena, folder);
    return path_join(arena, real, slash + 1);
}

static void add(Reader *reader, const char *directory, const char *file,
                const Words *words)
{
    Command command = {.directory = directory,
                       .file = file_name_of(directory, file, reader->arena),
                       .args = words->at,
                       .narg = words->n};
    vec_push(reader->arena, &reader->commands, command);
}

static void add_entry(Reader *reader, const char *directory, const char *file,
                      const Words *raw)
{
    Words words = words_expand(directory, raw, reader->arena);
    driver_uncover(&words);
    CommandShape shape = flags_shape(words.at, words.n, reader->arena);
    if (shape.is_other_work || !flags_is_c(words.at[0], shape.language, file))
        reader->nskipped++;
    else
        add(reader, directory, file, &words);
}

static const char *string_of(const cJSON *entry, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(entry, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static const char *string_kept(const Reader *reader, const char *text)
{
    return arena_copy(reader->arena, text, strlen(text));
}

static const char *words_of_entry(const Reader *reader, const cJSON *entry, Words *words)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(entry, "arguments");
    const char *command = string_of(entry, "command");
    if (cJSON_IsArray(list)) {
        const cJSON *item;
        cJSON_ArrayForEach(item, list)
        {
            if (!cJSON_IsString(item)) return "\"arguments\" must be a list of strings";
            vec_push(reader->arena, words, string_kept(reader, item->valuestring));
        }
    } else if (command) {
        if (!words_of_shell(command, reader->arena, words))
            return "a quote in \"command\" is not closed";
    } else {
        return "an entry needs \"arguments\" (a list) or \"command\" (a string)";
    }
    return words->n ? NULL : "an entry without a compiler";
}

/* NULL, or what is wrong with the entry. */
static const char *read_entry(Reader *reader, const cJSON *entry)
{
    if (!cJSON_IsObject(entry)) return "an entry must be an object";
    const char *file = string_of(entry, "file");
    const char *directory = string_of(entry, "directory");
    if (!file || !*file) return "an entry needs a \"file\"";
    if (!directory) return "an entry needs a \"directory\"";
    Words words = {0};
    const char *wrong = words_of_entry(reader, entry, &words);
    if (wrong) return wrong;
    directory = path_join(reader->arena, reader->folder, directory);
    add_entry(reader, path_real(reader->arena, directory), string_kept(reader, file),
              &words);
    return NULL;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* Behind a byte order mark. */
static const char *after_mark(const char *text, size_t len)
{
    return len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? text + 3 : text;
}

static bool read_json(Reader *reader, Err *err)
{
    const char *end = reader->text + reader->len;
    const char *at = skip_blanks(after_mark(reader->text, reader->len));
    if (*at != '[')
        return fail_at(reader, at, err, "not a compile database: it must start with '['");
    at = skip_blanks(at + 1);
    for (bool first = true; *at != ']' || !first; first = false) {
        size_t left = (size_t)(end - at);
        const char *after = at;
        cJSON *entry = cJSON_ParseWithLengthOpts(
            at, left < ENTRY_BYTES ? left : ENTRY_BYTES, &after, false);
        if (!entry) return fail_at(reader, after, err, "this is not JSON");
        const char *wrong = read_entry(reader, entry);
        cJSON_Delete(entry);
        if (wrong)
            return fail_at(
                reader, at, err,
                arena_printf(reader->arena, "%s: mend it or take it out", wrong));
        at = skip_blanks(after);
        if (*at == ']') break;
        if (*at != ',') return fail_at(reader, at, err, "expected ',' or ']'");
        at = skip_blanks(at + 1);
    }
    at = skip_blanks(at + 1);
    return at == end || fail_at(reader, at, err, "text after the closing ']'");
}

static bool is_source(const char *name)
{
    size_t len = strlen(name);
    return len > 2 && !strcmp(name + len - 2, ".c");
}

/* compile_flags.txt speaks for every source file below its folder. */
static bool read_folder(Reader *reader, const char *folder, uint32_t depth,
                        const Words *words, Err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return err_set(err, ERR_USAGE, "cannot list %s: %s", folder, strerror(errno));
    bool ok = true;
    const struct dirent *item;
    while (ok && (item = readdir(dir))) {
        struct stat info;
        const char *path = path_join(reader->arena, folder, item->d_name);
        if (item->d_name[0] == '.' || lstat(path, &info) != 0) continue;
        if (S_ISDIR(info.st_mode) && depth < FOLDER_DEPTH)
            ok = read_folder(reader, path, depth + 1, words, err);
        else if (S_ISREG(info.st_mode) && is_source(path))
            add_entry(reader, reader->folder, path, words);
        if (reader->commands.n > FOLDER_FILES)
            ok = err_set(err, ERR_CONFIG, "%s: more than %d source files below it",
                         reader->path, FOLDER_FILES);
    }
    closedir(dir);
    return ok;
}

static bool read_flags(Reader *reader, Err *err)
{
    Words words = {0};
    vec_push(reader->arena, &words, "cc");
    const char *at = after_mark(reader->text, reader->len);
    while (*at) {
        size_t len = strcspn(at, "\r\n");
        size_t blank = strspn(at, " \t"), end = len;
        while (end > blank && strchr(" \t", at[end - 1]))
            end--;
        if (blank < end && at[blank] != '#')
            vec_push(reader->arena, &words,
                     arena_copy(reader->arena, at + blank, end - blank));
        at += len;
        at += strspn(at, "\r\n");
    }
    return read_folder(reader, reader->folder, 0, &words, err);
}

static int words_compare(const char *const *a, uint32_t na, const char *const *b,
                         uint32_t nb)
{
    for (uint32_t i = 0; i < na && i < nb; i++) {
        int order = strcmp(a[i], b[i]);
        if (order) return order;
    }
    return (na > nb) - (na < nb);
}

static int command_compare(const void *a, const void *b)
{
    const Command *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (!order) order = strcmp(x->directory, y->directory);
    return order ? order : words_compare(x->args, x->narg, y->args, y->narg);
}

/* Compiled twice the same way, into different objects: analysed once. */
static bool is_repeated(const Command *kept, const Command *command, Arena *arena)
{
    if (strcmp(kept->file, command->file) != 0) return false;
    uint32_t na, nb;
    const char **a = compdb_clang_args(kept, arena, &na);
    const char **b = compdb_clang_args(command, arena, &nb);
    return words_compare(a, na, b, nb) == 0;
}

static void finish(Reader *reader, CommandList *list)
{
    Command *all = reader->commands.at;
    uint32_t n = reader->commands.n, kept = 0;
    if (n) qsort(all, n, sizeof *all, command_compare);
    Arena *scratch = arena_new("commands");
    for (uint32_t i = 0; i < n; i++) {
        bool repeated = false;
        for (uint32_t j = kept; j-- && !repeated && !strcmp(all[j].file, all[i].file);)
            repeated = is_repeated(&all[j], &all[i], scratch);
        arena_reset(scratch, (ArenaMark){0});
        if (!repeated) all[kept++] = all[i];
    }
    arena_free(scratch);
    *list = (CommandList){.at = all, .n = kept, .nskipped = reader->nskipped + n - kept};
}

const char *compdb_find(const char *folder, Arena *arena)
{
    static const char *const places[] = {"compile_commands.json",
                                         "build/compile_commands.json",
                                         "build-*/compile_commands.json",
                                         "builddir/compile_commands.json",
                                         "out/compile_commands.json",
                                         "build/*/compile_commands.json",
                                         "compile_flags.txt"};
    Buf escaped;
    buf_init(&escaped, arena);
    for (const char *at = folder; *at; at++) {
        if (strchr("*?[\\", *at)) buf_put(&escaped, "\\", 1);
        buf_put(&escaped, at, 1);
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        glob_t found = {0};
        const char *pattern = arena_printf(arena, "%s/%s", escaped.at, places[i]);
        const char *path = NULL;
        if (glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc)
            path = path_join(arena, ".", found.gl_pathv[0]);
        globfree(&found);
        if (path) return path;
    }
    return NULL;
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool compdb_read(const char *path, Arena *arena, CommandList *list, Err *err)
{
    *list = (CommandList){0};
    if (is_folder(path)) {
        const char *found = compdb_find(path, arena);
        if (!found)
            return err_set(
                err, ERR_USAGE,
                "no compile_commands.json in %s or its build folder: let the build "
                "system write one, or pass the command after --",
                path);
        path = found;
    }
    const char *slash = strrchr(path, '/');
    const char *folder =
        slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : ".";
    Reader reader = {.path = path, .folder = path_real(arena, folder), .arena = arena};
    bool is_flags = !strcmp(slash ? slash + 1 : path, "compile_flags.txt");
    Arena *file = arena_new("compile database");
    FileText text;
    bool ok = file_read(path, is_flags ? FLAGS_BYTES : DATABASE_BYTES, file, &text, err);
    if (!ok && err) {
        err->kind = ERR_USAGE;
    } else if (ok && memchr(text.at, 0, text.len)) {
        ok = err_set(err, ERR_CONFIG, "%s: not a compile database: it holds a NUL byte",
                     path);
    } else if (ok) {
        reader.text = text.at;
        reader.len = text.len;
        ok = is_flags ? read_flags(&reader, err) : read_json(&reader, err);
    }
    arena_free(file);
    if (ok) finish(&reader, list);
    return ok;
}

bool compdb_from_args(const char *directory, const char *const *args, uint32_t narg,
                      Arena *arena, CommandList *list, Err *err)
{
    *list = (CommandList){0};
    Words raw = {0};
    if (!narg || args[0][0] == '-' || is_source(args[0])) vec_push(arena, &raw, "cc");
    for (uint32_t i = 0; i < narg; i++)
        vec_push(arena, &raw, args[i]);
    Words words = words_expand(directory, &raw, arena);
    driver_uncover(&words);
    if (driver_is_build_tool(words.at[0]))
        return err_set(
            err, ERR_USAGE,
            "'%s' after -- is no compiler: 'sluice capture -- %s' writes what it "
            "runs into a compile database",
            words.at[0], words.at[0]);
    CommandShape shape = flags_shape(words.at, words.n, arena);
    Reader reader = {.path = "--", .arena = arena};
    for (uint32_t i = 0; i < shape.inputs.n; i++) {
        if (flags_is_c(words.at[0], shape.language, shape.inputs.at[i]))
            add(&reader, directory, shape.inputs.at[i], &words);
        else
            reader.nskipped++;
    }
    if (shape.is_other_work) {
        reader.nskipped += reader.commands.n;
        reader.commands.n = 0;
    }
    for (uint32_t i = 0; i < shape.inputs.n && !reader.commands.n; i++)
        if (shape.inputs.at[i][0] == '@')
            return err_set(
                err, ERR_USAGE,
                "the response file '%s' in the command after -- cannot be read as "
                "text, and without it no source file is named",
                shape.inputs.at[i] + 1);
    if (!shape.inputs.n)
        return err_set(err, ERR_USAGE, "no source file in the command after --");
    finish(&reader, list);
    return true;
}
