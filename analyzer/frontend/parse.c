/*
 * The driver: one TU in, one unit out.
 *
 * needs: a command of the compile database. gives: functions, globals, fields, notes and
 * the files that were read. First the main file's own definitions in source order, then,
 * until nothing new turns up, the header functions and tables they reach. Errors are
 * notes; a function with an error inside is degraded, because libclang drops statements
 * it cannot understand without leaving a trace.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/attempt.h"
#include "frontend/lower.h"
#include "frontend/pch.h"
#include "frontend/repair_run.h"

typedef struct Job {
    Frontend *frontend;
    const Command *command;
    const char *root;
    Names *names;
    Arena *arena;
    Extracted *extracted;
    Arena *tables;
    const RepairOrder *order; /* NULL: no repairs are wanted */
    RepairAnswer *answer;
} Job;

/* Errors. */

typedef struct ErrorPlace {
    CXFile file;
    unsigned offset;
} ErrorPlace;

typedef VEC(ErrorPlace) ErrorPlaces;

static ErrorPlaces collect_errors(Parse *parse)
{
    ErrorPlaces errors = {0};
    unsigned n = clang_getNumDiagnostics(parse->tu);
    for (unsigned i = 0; i < n; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(parse->tu, i);
        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
            const char *text =
                source_string(clang_getDiagnosticSpelling(diagnostic), parse->tables);
            CXSourceLocation location = clang_getDiagnosticLocation(diagnostic);
            ErrorPlace place = {0};
            clang_getFileLocation(location, &place.file, NULL, NULL, &place.offset);
            bool is_missing = strstr(text, "file not found") != NULL;
            build_note(parse->build, is_missing ? NOTE_MISSING : NOTE_ERROR,
                       source_loc(parse, location), source_relative(parse, text));
            build_status(parse->build, UNIT_PARTIAL);
            vec_push(parse->tables, &errors, place);
        }
        clang_disposeDiagnostic(diagnostic);
    }
    return errors;
}

static bool has_error_inside(const ErrorPlaces *errors, CXCursor fn)
{
    if (!errors->n) return false;
    CXSourceRange extent = clang_getCursorExtent(fn);
    CXFile file = NULL;
    unsigned start = 0, end = 0;
    clang_getFileLocation(clang_getRangeStart(extent), &file, NULL, NULL, &start);
    clang_getFileLocation(clang_getRangeEnd(extent), NULL, NULL, NULL, &end);
    for (uint32_t i = 0; i < errors->n; i++) {
        const ErrorPlace *at = &errors->at[i];
        if (at->file && clang_File_isEqual(at->file, file) && at->offset >= start &&
            at->offset <= end)
            return true;
    }
    return false;
}

/* Definitions. */

/* Defined here, or by a file that is part of the program only because it is included here. */
static bool is_ours(const Parse *parse, CXCursor fn)
{
    if (!clang_isCursorDefinition(fn)) return false;
    if (decl_is_main(parse, fn)) return true;
    return clang_getCursorLinkage(fn) == CXLinkage_External &&
           !clang_Cursor_isFunctionInlined(fn) &&
           !clang_Location_isInSystemHeader(clang_getCursorLocation(fn));
}

static void add_top_level(Parse *parse, CXCursor cursor)
{
    if (cursor.kind == CXCursor_FunctionDecl) {
        if (is_ours(parse, cursor)) vec_push(parse->tables, &parse->pending, cursor);
        decl_note(parse, cursor);
    } else if (cursor.kind == CXCursor_VarDecl) {
        bool is_initialised =
            !clang_Cursor_isNull(clang_Cursor_getVarDeclInitializer(cursor));
        if (clang_Cursor_getStorageClass(cursor) == CX_SC_Extern && !is_initialised)
            return;
        decl_note(parse, cursor);
        if (decl_is_main(parse, cursor)) vec_push(parse->tables, &parse->pending, cursor);
    }
}

static enum CXChildVisitResult visit_top(CXCursor cursor, CXCursor parent,
                                         CXClientData data)
{
    (void)parent;
    add_top_level(data, cursor);
    return CXChildVisit_Continue;
}

static void lower_one(Parse *parse, Arena *nodes, const ErrorPlaces *errors,
                      CXCursor cursor)
{
    Decl *decl = decl_of(parse, cursor);
    if (decl->kind == DECL_GLOBAL) {
        Global *row = build_global_at(parse->build, decl->id);
        if (row->flags & GLOBAL_ZEROED && !row->inits)
            lower_global(parse, nodes, decl_definition(parse, cursor), decl->id);
        return;
    }
    if (decl->kind != DECL_FN || !decl->id || build_fn_at(parse->build, decl->id)->body)
        return;
    Body *body = lower_body(parse, nodes, cursor, build_fn_at(parse->build, decl->id));
    if (!body) return;
    body->degraded = has_error_inside(errors, cursor);
    build_fn_at(parse->build, decl->id)->body = body;
}

static void lower_all(Parse *parse)
{
    ErrorPlaces errors = collect_errors(parse);
    clang_visitChildren(clang_getTranslationUnitCursor(parse->tu), visit_top, parse);
    Arena *nodes = arena_new("tree");
    for (uint32_t i = 0; i < parse->pending.n; i++) {
        ArenaMark mark = arena_mark(nodes);
        lower_one(parse, nodes, &errors, parse->pending.at[i]);
        arena_reset(nodes, mark);
    }
    arena_free(nodes);
}

/* Files. */

typedef struct DepList {
    Parse *parse;
    Arena *arena;
    VEC(Dependency) deps;
} DepList;

static void add_dep(CXFile file, CXSourceLocation *stack, unsigned depth,
                    CXClientData data)
{
    (void)stack;
    (void)depth;
    DepList *list = data;
    size_t size = 0;
    const char *text = clang_getFileContents(list->parse->tu, file, &size);
    const char *name = source_string(clang_getFileName(file), list->parse->tables);
    Dependency dep = {path_join(list->arena, list->parse->directory, name),
                      hash_bytes(text ? text : "", text ? size : 0)};
    vec_push(list->arena, &list->deps, dep);
}

static int compare_deps(const void *a, const void *b)
{
    return strcmp(((const Dependency *)a)->path, ((const Dependency *)b)->path);
}

static void collect_deps(Parse *parse, Arena *arena, const char *main_path,
                         Extracted *extracted)
{
    DepList list = {.parse = parse, .arena = arena};
    clang_getInclusions(parse->tu, add_dep, &list);
    for (uint32_t i = 0; parse->shared && i < parse->shared->ndep; i++) {
        Dependency dep = parse->shared->deps[i];
        dep.path = arena_copy(arena, dep.path, strlen(dep.path));
        vec_push(arena, &list.deps, dep);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < list.deps.n; i++) {
        if (strcmp(list.deps.at[i].path, main_path) != 0) continue;
        Dependency main = list.deps.at[i];
        list.deps.at[i] = list.deps.at[0];
        list.deps.at[0] = main;
        n = 1;
        break;
    }
    if (list.deps.n > n)
        qsort(list.deps.at + n, list.deps.n - n, sizeof *list.deps.at, compare_deps);
    uint32_t kept = n;
    for (uint32_t i = n; i < list.deps.n; i++) {
        const char *path = list.deps.at[i].path;
        bool is_again = kept && (!strcmp(path, list.deps.at[kept - 1].path) ||
                                 (n && !strcmp(path, main_path)));
        if (!is_again) list.deps.at[kept++] = list.deps.at[i];
    }
    extracted->deps = list.deps.at;
    extracted->ndep = kept;
}

static uint32_t count_lines(Parse *parse)
{
    size_t size = 0;
    const char *text = clang_getFileContents(parse->tu, parse->main_file, &size);
    uint32_t n = 0;
    for (size_t i = 0; text && i < size; i++)
        n += text[i] == '\n';
    return n + (size && text && text[size - 1] != '\n');
}

/* One TU. */

static const char *failure_text(enum CXErrorCode code)
{
    switch (code) {
    case CXError_Crashed: return "the compiler library crashed on this file";
    case CXError_InvalidArguments: return "the compiler library refused the arguments";
    case CXError_ASTReadError: return "the compiler library could not read the file";
    case CXError_Failure:
    case CXError_Success: break;
    }
    return "the compiler library could not parse this file";
}

static void init_tables(Parse *parse)
{
    Map *maps[] = {&parse->files,           &parse->types,        &parse->decls,
                   &parse->type_names,      &parse->links,        &parse->redecls,
                   &parse->variables,       &parse->records,      &parse->found_fns,
                   &parse->found_variables, &parse->access_files, &parse->labels,
                   &parse->statics};
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        map_init(maps[i], parse->tables);
}

/* Reading back a PCH. */

typedef struct Reread {
    Parse *parse;
    size_t end; /* of the lines whose headers are in the PCH */
    bool found;
} Reread;

static void see_reread(CXFile file, CXSourceLocation *stack, unsigned depth,
                       CXClientData data)
{
    (void)file;
    Reread *reread = data;
    if (depth != 1) return;
    CXFile from = NULL;
    unsigned offset = 0;
    clang_getFileLocation(stack[0], &from, NULL, NULL, &offset);
    if (from && clang_File_isEqual(from, reread->parse->main_file) &&
        offset < reread->end)
        reread->found = true;
}

/* The file starts with the very lines of the PCH, and none of them has read anything again: each
 * found the file that is in the PCH, behind its guard. */
static bool pch_fits(Parse *parse)
{
    const PchContent *shared = parse->shared;
    size_t size = 0;
    const char *text = clang_getFileContents(parse->tu, parse->main_file, &size);
    uint32_t n = 0;
    if (!text || !shared->nline) return false;
    IncludeLine *lines = pch_include_lines(text, size, parse->tables, &n);
    if (n < shared->nline) return false;
    for (uint32_t i = 0; i < shared->nline; i++)
        if (strcmp(lines[i].name, shared->lines[i]) != 0) return false;
    for (unsigned i = 0; i < clang_getNumDiagnostics(parse->tu); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(parse->tu, i);
        bool is_error = clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        clang_disposeDiagnostic(diagnostic);
        if (is_error) return false;
    }
    Reread reread = {.parse = parse, .end = lines[shared->nline - 1].end};
    clang_getInclusions(parse->tu, see_reread, &reread);
    return !reread.found;
}

Words parse_args(const Frontend *frontend, const Command *command,
                 const char *const last[2], Arena *arena)
{
    Words args = {0};
    uint32_t n = 0;
    const char **own = compdb_clang_args(command, arena, &n);
    if (frontend->resources)
        vec_push(arena, &args, frontend->resources); /* a later one wins */
    for (uint32_t i = 0; i < n; i++)
        if (own[i][0] != '@') vec_push(arena, &args, own[i]);
    if (command->overlay) vec_push(arena, &args, "-ivfsoverlay");
    if (command->overlay) vec_push(arena, &args, command->overlay);
    for (uint32_t i = 0; last && i < 2; i++)
        vec_push(arena, &args, last[i]);
    return args;
}

/* Whoever changes a file wants to know what compilers say of it. */
static void warn_of_all(Words *args, Arena *arena)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < args->n; i++)
        if (strcmp(args->at[i], "-w") != 0) args->at[kept++] = args->at[i];
    args->n = kept;
    vec_push(arena, args, "-Wall");
    vec_push(arena, args, "-Wextra");
}

static void parse_with(Job *job, Parse *parse, Attempt *attempt, const char *pch)
{
    const char *const last[] = {"-include-pch", pch};
    attempt->args =
        parse_args(job->frontend, job->command, pch ? last : NULL, job->tables);
    if (job->order) warn_of_all(&attempt->args, job->tables);
    attempt->only_named = pch != NULL;
    attempt_parse(attempt);
    parse->tu = attempt->tu;
    parse->main_file = parse->tu ? clang_getFile(parse->tu, attempt->path) : NULL;
}

/* False: nothing is parsed yet. */
static bool parse_with_pch(Job *job, Parse *parse, Attempt *attempt)
{
    const char *pch = job->command->pch;
    PchContent *shared = ARENA_NEW(job->tables, PchContent);
    if (!pch || !pch_content(pch, job->tables, shared)) return false;
    parse->shared = shared;
    parse_with(job, parse, attempt, pch);
    if (parse->main_file && pch_fits(parse)) return true;
    if (parse->tu) clang_disposeTranslationUnit(parse->tu);
    parse->tu = NULL;
    parse->main_file = NULL;
    parse->shared = NULL;
    return false;
}

static const char *rsp_fault(const Job *job, const char *name)
{
    const char *path = path_join(job->tables, job->command->directory, name);
    if (!file_exists(path)) return "is not there";
    const char *unreadable = file_unreadable(path);
    if (unreadable) return arena_printf(job->tables, "cannot be read: %s", unreadable);
    FileText text;
    if (file_read(path, UINT32_MAX, job->tables, &text, NULL) &&
        memchr(text.at, 0, text.len))
        return "holds NUL bytes, so it is no text";
    return "names itself, at once or through the files it names";
}

static bool stands_before(const char *const *args, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (!strcmp(args[i], args[at])) return true;
    return false;
}

/* Arguments that could not be read, and those that were changed. */
static void note_command(Job *job, Parse *parse, const Attempt *attempt)
{
    const Command *command = job->command;
    uint32_t n = 0;
    const char **args = compdb_clang_args(command, job->tables, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (args[i][0] != '@' || stands_before(args, i)) continue;
        const char *text =
            arena_printf(job->tables, "the response file '%s' %s: its flags are missing",
                         args[i] + 1, rsp_fault(job, args[i] + 1));
        build_note(parse->build, NOTE_MISSING, (Loc){0}, source_relative(parse, text));
        build_status(parse->build, UNIT_PARTIAL);
    }
    const char *changes = attempt_changes(attempt);
    if (changes) build_note(parse->build, NOTE_ADAPTED, (Loc){0}, changes);
}

/* Why the file cannot be parsed, or NULL. One of an overlay need not be on the disk. */
static const char *obstacle(Job *job, const char *path)
{
    if (job->command->overlay) return NULL;
    for (uint32_t i = 0; i < job->command->nbuffer; i++)
        if (!strcmp(job->command->buffers[i].path, path)) return NULL;
    const char *slash = strrchr(path, '/');
    if (!file_exists(path))
        return slash && !strcmp(slash, "/-")
                   ? "the command reads standard input, which nobody can read twice: "
                     "write it to a file and name that"
                   : "the file is not there";
    const char *unreadable = file_unreadable(path);
    return unreadable
               ? arena_printf(job->tables, "the file cannot be read: %s", unreadable)
               : NULL;
}

/* Texts in place of files; that of the order is the last word on the main file. */
static void set_unsaved(Job *job, Attempt *attempt, const char *path)
{
    const Command *command = job->command;
    struct CXUnsavedFile *list =
        ARENA_ARRAY(job->tables, struct CXUnsavedFile, command->nbuffer + 1);
    unsigned n = 0;
    bool is_ordered = job->order && job->order->text;
    for (uint32_t i = 0; i < command->nbuffer; i++) {
        const FileBuffer *buffer = &command->buffers[i];
        if (is_ordered && !strcmp(buffer->path, path)) continue;
        list[n++] = (struct CXUnsavedFile){buffer->path, buffer->text, buffer->len};
    }
    if (is_ordered)
        list[n++] = (struct CXUnsavedFile){path, job->order->text, job->order->len};
    attempt->unsaved = list;
    attempt->nunsaved = n;
}

/* NULL when there is a TU to look at, else why not. */
static const char *parse_file(Job *job, Parse *parse, const char *path)
{
    const char *in_the_way = obstacle(job, path);
    if (in_the_way) return in_the_way;
    Attempt attempt = {.frontend = job->frontend,
                       .arena = job->tables,
                       .path = path,
                       .options = CXTranslationUnit_KeepGoing |
                                  CXTranslationUnit_IncludeAttributedTypes};
    set_unsaved(job, &attempt, path);
    if (!parse_with_pch(job, parse, &attempt)) {
        attempt.changes.n = 0;
        parse_with(job, parse, &attempt, NULL);
    }
    if (parse->main_file) {
        note_command(job, parse, &attempt);
        return NULL;
    }
    const char *text = failure_text(attempt.code);
    if (attempt.why) text = arena_printf(job->tables, "%s: %s", text, attempt.why);
    return source_relative(parse, text);
}

static void extract(Job *job, const char *main_path)
{
    Parse *parse = ARENA_NEW(job->tables, Parse);
    parse->arena = job->arena;
    parse->tables = job->tables;
    parse->names = job->names;
    parse->directory = job->command->directory;
    parse->root = job->root;
    init_tables(parse);
    const char *own_path = path_below(job->tables, job->root, main_path);
    parse->build = build_unit(job->arena, job->names, own_path);
    const char *failure = parse_file(job, parse, main_path);
    if (failure) {
        build_status(parse->build, UNIT_FAILED);
        build_note(parse->build, NOTE_ERROR, (Loc){0}, failure);
    } else {
        CXCursor top = clang_getTranslationUnitCursor(parse->tu);
        parse->policy = clang_getCursorPrintingPolicy(top);
        clang_PrintingPolicy_setProperty(parse->policy, CXPrintingPolicy_TerseOutput, 1);
        source_file_id(parse, parse->main_file);
        build_lines(parse->build, count_lines(parse));
        lower_all(parse);
        if (job->order) repair_run(parse, job->order, job->arena, job->answer);
        collect_deps(parse, job->arena, main_path, job->extracted);
        clang_PrintingPolicy_dispose(parse->policy);
    }
    if (parse->tu) clang_disposeTranslationUnit(parse->tu);
    job->extracted->unit = build_unit_end(parse->build);
}

static bool run(Job *job)
{
    *job->extracted = (Extracted){0};
    job->tables = arena_new("unit tables");
    extract(job, path_join(job->tables, job->command->directory, job->command->file));
    arena_free(job->tables);
    return true;
}

bool frontend_extract(Frontend *frontend, const Command *command, const char *root,
                      Names *names, Arena *arena, Extracted *extracted, Err *err)
{
    (void)err;
    Job job = {frontend, command, root, names, arena, extracted, NULL, NULL, NULL};
    return run(&job);
}

bool frontend_repair(Frontend *frontend, const Command *command, const char *root,
                     const RepairOrder *order, Names *names, Arena *arena,
                     Extracted *extracted, RepairAnswer *answer, Err *err)
{
    (void)err;
    *answer = (RepairAnswer){0};
    Job job = {frontend, command, root, names, arena, extracted, NULL, order, answer};
    return run(&job);
}
