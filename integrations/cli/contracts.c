/* sluice contracts: what functions promise and ask, as the engine sees it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"
#include "contract/annotate.h"
#include "integrations/report/contracts.h"

static const char usage[] = "sluice contracts [OPTION]... [FUNCTION...] [-- CC ARGS]";
static const char more[] =
    "\nSays of every function (or of those named) when it returns NULL, what it leaves "
    "in\n"
    "memory, and what must not be NULL when it is called. Nothing of it was declared: "
    "it\n"
    "is what the code does. NAME names every function of that name, FILE:NAME one.\n"
    "\n--diff compares the working tree with a revision, both compiled as the database "
    "says\n"
    "now; REV... compares with the commit where the branch left REV. Status 1: a use in\n"
    "code that has not changed is wrong now, because what it calls has.\n"
    "\n--annotate writes a patch for `git apply` or `patch -p1` that says in headers "
    "what is\n"
    "certain: _Nonnull for parameters that are dereferenced whatever happens, _Nullable "
    "for\n"
    "results that can be NULL; or __attribute__((nonnull(...))).\n";

/* "name", or "path/of/file.c:name". */
static bool is_called(const Contract *contract, const char *word)
{
    if (!strcmp(contract->name, word) || !strcmp(contract->link_name, word)) return true;
    const char *colon = strrchr(word, ':');
    size_t len = colon ? (size_t)(colon - word) : 0;
    return colon && !strcmp(contract->name, colon + 1) &&
           strlen(contract->place.path) == len &&
           !strncmp(contract->place.path, word, len);
}

static bool fail_name(const ContractList *list, const char *word, Arena *arena, Err *err)
{
    Texts names = {0};
    for (uint32_t i = 0; i < list->n; i++)
        vec_push(arena, &names, list->at[i].name);
    const char *near = args_nearest(word, names.at, names.n);
    return err_set(err, ERR_USAGE, "no function '%s' is defined in the project%s%s%s",
                   word, near ? ": did you mean " : "", near ? near : "",
                   near ? "?" : "");
}

/* Only those that were named. */
static bool keep_named(ContractList *list, const Texts *words, Arena *arena, Err *err)
{
    for (uint32_t w = 0; w < words->n; w++) {
        bool found = false;
        for (uint32_t i = 0; i < list->n && !found; i++)
            found = is_called(&list->at[i], words->at[w]);
        if (!found) return fail_name(list, words->at[w], arena, err);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->n && words->n; i++) {
        bool is_named = false;
        for (uint32_t w = 0; w < words->n && !is_named; w++)
            is_named = is_called(&list->at[i], words->at[w]);
        if (is_named) list->at[kept++] = list->at[i];
    }
    if (words->n) list->n = kept;
    return true;
}

typedef struct Wish {
    Project project;
    Texts files;
    const char *revision; /* NULL: of one version */
    const char *root;
    const char *style; /* of annotations; NULL: none are wanted */
    bool as_json, wants_schema, verbose;
} Wish;

/* The path, relative to the root, is below one of --file. */
static bool is_below_any(const Wish *wish, const char *root, const char *path,
                         Arena *arena)
{
    const char *own = path_join(arena, root, path);
    for (uint32_t i = 0; i < wish->files.n; i++) {
        const char *folder = path_real(
            arena, path_join(arena, wish->project.run.directory, wish->files.at[i]));
        size_t len = strlen(folder);
        if (!strncmp(own, folder, len) && (!own[len] || own[len] == '/')) return true;
    }
    return !wish->files.n;
}

/* --- two versions ------------------------------------------------------------------------- */

static bool is_wanted(const Wish *wish, const Args *args, const Contract *contract,
                      Arena *arena)
{
    bool named = !args->words.n;
    for (uint32_t i = 0; i < args->words.n; i++)
        named |= is_called(contract, args->words.at[i]);
    return named && is_below_any(wish, wish->root, contract->place.path, arena);
}

/* Changes of the functions that were asked for; the gate is theirs, too. */
static void keep_wanted(const Wish *wish, const Args *args, ContractDiff *diff,
                        Arena *arena)
{
    if (!args->words.n && !wish->files.n) return;
    uint32_t kept = 0;
    diff->nother = diff->nendangered = 0;
    for (uint32_t i = 0; i < diff->nchange; i++) {
        const ContractChange *change = &diff->changes[i];
        if (!is_wanted(wish, args, change->after, arena)) continue;
        for (uint32_t k = 0; k < change->ndanger; k++)
            diff->nendangered += change->dangers[k].is_unchanged;
        diff->changes[kept++] = *change;
    }
    diff->nchange = kept;
}

static int compare(Wish *wish, const Args *args, Arena *arena)
{
    Err err = {0};
    RunResult result;
    ContractDiff diff;
    Buf out;
    if (!run_compare(&wish->project.run, wish->revision, arena, &result, &diff, &err))
        return fail(&err);
    wish->root = path_real(arena, result.root);
    keep_wanted(wish, args, &diff, arena);
    buf_init(&out, arena);
    if (wish->as_json)
        contracts_diff_json(&diff, wish->revision, !result.is_incomplete, &out);
    else
        contracts_diff_text(&diff, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"), &out);
    int written = print_out(&out);
    int status = output_complete(&result);
    if (diff.nendangered)
        fprintf(stderr,
                "sluice: the gate fails: %u use%s in unchanged code %s endangered\n",
                diff.nendangered, diff.nendangered == 1 ? "" : "s",
                diff.nendangered == 1 ? "is" : "are");
    if (!status && diff.nendangered) status = EXIT_GATE;
    return written ? written : status;
}

/* --- annotations -------------------------------------------------------------------------- */

static bool style_of(const char *text, AnnotateStyle *style, Err *err)
{
    *style = strcmp(text, "attributes") != 0 ? ANNOTATE_NULLABILITY : ANNOTATE_ATTRIBUTES;
    if (!*text || !strcmp(text, "nullability") || !strcmp(text, "attributes"))
        return true;
    return err_set(err, ERR_USAGE, "--annotate takes nullability or attributes, not '%s'",
                   text);
}

/* Those of the functions that were named. */
static void keep_annotations(AnnotationList *list, const ContractList *named)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->n; i++)
        for (uint32_t k = 0; k < named->n; k++)
            if (!strcmp(list->at[i].name, named->at[k].name)) {
                list->at[kept++] = list->at[i];
                break;
            }
    list->n = kept;
}

static int annotate(Wish *wish, const Args *args, Arena *arena)
{
    enum { HEADER_LIMIT = 16 * 1024 * 1024 };
    Err err = {0};
    RunResult result;
    AnnotateStyle style;
    Buf out;
    if (!style_of(wish->style, &style, &err)) return fail(&err);
    if (!run_check(&wish->project.run, arena, &result, &err)) return fail(&err);
    AnnotationList annotations = annotations_of(&result.contracts, arena);
    if (!keep_named(&result.contracts, &args->words, arena, &err)) return fail(&err);
    if (args->words.n) keep_annotations(&annotations, &result.contracts);
    const char *root = path_real(arena, result.root);
    buf_init(&out, arena);
    for (uint32_t i = 0; i < result.nheader; i++) {
        FileText text;
        const char *path = result.headers[i];
        if (is_below_any(wish, root, path, arena) &&
            file_read(path_join(arena, root, path), HEADER_LIMIT, arena, &text, NULL))
            annotate_header(&annotations, style, path, text.at, text.len, &out);
    }
    int written = print_out(&out);
    return written ? written : output_complete(&result);
}

/* --- one version -------------------------------------------------------------------------- */

static int show(Wish *wish, const Args *args, Arena *arena)
{
    Err err = {0};
    RunResult result;
    Buf out;
    if (!run_check(&wish->project.run, arena, &result, &err) ||
        !keep_named(&result.contracts, &args->words, arena, &err))
        return fail(&err);
    buf_init(&out, arena);
    bool color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    if (wish->as_json)
        contracts_json(&result.contracts, !result.is_incomplete, &out);
    else
        contracts_text(&result.contracts, color, &out);
    int written = print_out(&out);
    return written ? written : output_complete(&result);
}

static int contracts(const Texts *words, Arena *arena)
{
    Wish wish = {0};
    Args args;
    Err err = {0};
    const Option own[] = {
        {"--file", 0, OPTION_LIST, "PATH", "functions of this file, or below this folder",
         &wish.files},
        {"--diff", 0, OPTION_TEXT, "REV",
         "what has changed since a revision of git, and whom it endangers",
         &wish.revision},
        {"--annotate", 0, OPTION_MAYBE, "STYLE",
         "a patch of the headers: nullability (the default) or attributes", &wish.style},
        {"--json", 0, OPTION_FLAG, "", "for scripts, as --schema says", &wish.as_json},
        {"--schema", 0, OPTION_FLAG, "", "print the JSON Schema of --json",
         &wish.wants_schema},
        {"--verbose", 'v', OPTION_FLAG, "", "what is being done, on standard error",
         &wish.verbose},
        {0}};
    const Option *options = project_options(own, &wish.project, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    if (wish.wants_schema)
        return print_page(
            wish.revision ? page_contracts_diff_schema : page_contracts_schema, arena);
    if (!project_prepare(&wish.project, &args, arena, &err)) return fail(&err);
    options_progress(&wish.project.run, wish.verbose);
    wish.project.run.wants_contracts = true;
    if (wish.revision && wish.style) {
        err_set(&err, ERR_USAGE,
                "--diff and --annotate are two questions: use one of them");
        return fail(&err);
    }
    if (wish.style) return annotate(&wish, &args, arena);
    if (wish.revision) return compare(&wish, &args, arena);
    wish.project.run.paths = wish.files.at;
    wish.project.run.npath = wish.files.n;
    return show(&wish, &args, arena);
}

const Verb verb_contracts = {"contracts", "what functions promise and ask, inferred",
                             contracts};
