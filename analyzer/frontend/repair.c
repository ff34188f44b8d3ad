/*
 * Repairs of one TU: finds the function of each wish, asks for the ways to mend it, and says what
 * the compiler complains of, so that a repair can be told from a new fault.
 *
 * needs: a parsed TU. gives: repairs by wish, complaints of the main file.
 */
#include "frontend/repair_inner.h"

#include <string.h>

#include "frontend/repair_run.h"

void repair_add(Bench *bench, const char *text, const Edit *edits, uint32_t n)
{
    if (bench->repairs.n == REPAIRS_A_WISH) return;
    Edit *own = ARENA_ARRAY(bench->arena, Edit, n);
    memcpy(own, edits, n * sizeof *own);
    edit_sort(own, n);
    if (!edit_is_disjoint(own, n, bench->len)) return;
    vec_push(bench->arena, &bench->repairs,
             ((Repair){.wish = bench->number, .text = text, .edits = own, .nedit = n}));
}

/* --- functions ------------------------------------------------------------------------------ */

typedef struct Search {
    const Parse *parse;
    uint32_t line;
    CXCursor found;
} Search;

static enum CXChildVisitResult visit_function(CXCursor cursor, CXCursor parent,
                                              CXClientData data)
{
    (void)parent;
    Search *search = data;
    if (cursor.kind != CXCursor_FunctionDecl || !clang_isCursorDefinition(cursor))
        return CXChildVisit_Continue;
    CXSourceRange extent = clang_getCursorExtent(cursor);
    CXFile file = NULL;
    unsigned first = 0, last = 0;
    clang_getFileLocation(clang_getRangeStart(extent), &file, &first, NULL, NULL);
    clang_getFileLocation(clang_getRangeEnd(extent), NULL, &last, NULL, NULL);
    if (!file || !clang_File_isEqual(file, search->parse->main_file) ||
        search->line < first || search->line > last)
        return CXChildVisit_Continue;
    search->found = cursor;
    return CXChildVisit_Break;
}

/* The function around a line of the main file. */
static bool function_at(const Parse *parse, uint32_t line, CXCursor *found)
{
    Search search = {.parse = parse, .line = line, .found = clang_getNullCursor()};
    clang_visitChildren(clang_getTranslationUnitCursor(parse->tu), visit_function,
                        &search);
    *found = search.found;
    return !clang_Cursor_isNull(search.found);
}

static void mend(Parse *parse, Arena *arena, const RepairOrder *order, uint32_t i,
                 Bench *bench)
{
    CXCursor fn;
    const RepairWish *wish = &order->wishes[i];
    if (!function_at(parse, wish->at.line, &fn)) return;
    Node *tree = tree_of(arena, fn), *body = tree->first;
    while (body && node_kind(body) != CXCursor_CompoundStmt)
        body = body->next;
    bench->fn = fn;
    bench->wish = wish;
    bench->number = i;
    bench->body = body;
    bench->repairs.n = 0;
    bench->repairs.room = 0;
    bench->repairs.at = NULL;
    if (!is_block(bench, body)) return;
    bench->at = offset_of(bench, wish->at);
    if (bench->at >= bench->len) return;
    switch (wish->kind) {
    case REPAIR_USE: repair_use(bench); break;
    case REPAIR_LATE_TEST: repair_late_test(bench); break;
    case REPAIR_ARGUMENT: repair_argument(bench); break;
    }
}

/* --- complaints ----------------------------------------------------------------------------- */

static const char *function_name(const Parse *parse, uint32_t line, Arena *arena)
{
    CXCursor fn;
    if (!function_at(parse, line, &fn)) return "";
    return source_string(clang_getCursorSpelling(fn), arena);
}

static void collect_complaints(const Parse *parse, Arena *arena, RepairAnswer *answer)
{
    unsigned n = clang_getNumDiagnostics(parse->tu);
    answer->complaints = ARENA_ARRAY(arena, Complaint, n);
    for (unsigned i = 0; i < n; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(parse->tu, i);
        CXFile file = NULL;
        unsigned line = 0;
        clang_getFileLocation(clang_getDiagnosticLocation(diagnostic), &file, &line, NULL,
                              NULL);
        if (file && clang_File_isEqual(file, parse->main_file) &&
            clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Warning)
            answer->complaints[answer->ncomplaint++] = (Complaint){
                .line = line,
                .function = function_name(parse, line, arena),
                .text = source_string(clang_getDiagnosticSpelling(diagnostic), arena)};
        clang_disposeDiagnostic(diagnostic);
    }
}

void repair_run(Parse *parse, const RepairOrder *order, Arena *arena,
                RepairAnswer *answer)
{
    size_t len = 0;
    const char *text = clang_getFileContents(parse->tu, parse->main_file, &len);
    *answer = (RepairAnswer){.content = hash_bytes(text ? text : "", text ? len : 0)};
    collect_complaints(parse, arena, answer);
    if (!text || len > UINT32_MAX / 2) return;
    VEC(Repair) all = {0};
    Bench bench = {.parse = parse, .arena = arena, .text = text, .len = len};
    for (uint32_t i = 0; i < order->nwish; i++) {
        mend(parse, arena, order, i, &bench);
        for (uint32_t k = 0; k < bench.repairs.n; k++)
            vec_push(arena, &all, bench.repairs.at[k]);
        bench.repairs.n = 0;
    }
    answer->repairs = all.at;
    answer->nrepair = all.n;
}
