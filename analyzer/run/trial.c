/* The test of a model: the programs it carries are checked as a user's would be, one by one, each in
 * a folder of its own. */
#include "run/trial.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/temporary.h"
#include "context/snippet.h"

enum { MODEL_LIMIT = 4 * 1024 * 1024 };

/* "RULE", or "RULE "part of the text"", in a comment of a program. */
typedef struct Mark {
    const char *rule, *text;
    uint32_t line; /* of the program */
} Mark;

typedef struct Marks {
    VEC(Mark) list;
} Marks;

static const char *skip_blank(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* One mark at `at`; gives what is behind it, NULL: there is none that can be read. */
static const char *read_mark(const char *at, Mark *mark, Arena *arena)
{
    const char *start = at = skip_blank(at);
    while (islower((unsigned char)*at) || isdigit((unsigned char)*at) || *at == '-')
        at++;
    if (at == start) return NULL;
    mark->rule = arena_copy(arena, start, (size_t)(at - start));
    mark->text = "";
    at = skip_blank(at);
    if (*at != '"') return at;
    const char *end = strpbrk(at + 1, "\"\n");
    if (!end || *end != '"') return NULL;
    mark->text = arena_copy(arena, at + 1, (size_t)(end - at - 1));
    return skip_blank(end + 1);
}

/* False: a comment cannot be read, and *line says which. */
static bool read_marks(const char *code, Marks *marks, Arena *arena, uint32_t *line)
{
    static const char word[] = "// expect:";
    *line = 1;
    for (const char *at = code; *at; at++) {
        if (*at == '\n') ++*line;
        if (strncmp(at, word, sizeof word - 1) != 0) continue;
        at += sizeof word - 2;
        do {
            Mark mark = {.line = *line};
            at = read_mark(at + 1, &mark, arena);
            if (!at) return false;
            vec_push(arena, &marks->list, mark);
        } while (*at == ';');
        if (*at && *at != '\n') return false;
        at--;
    }
    return true;
}

static bool is_rule(const RunOptions *options, const char *id)
{
    for (uint32_t i = 0; i < options->nrule; i++)
        if (!strcmp(options->rules[i]->id, id)) return true;
    return false;
}

/* The finding is taken out of the list when it answers the mark. */
static bool take(RunResult *result, const Mark *mark)
{
    for (uint32_t i = 0; i < result->findings.n; i++) {
        Finding *finding = &result->findings.at[i];
        if (finding->suppressed || strcmp(finding->rule_id, mark->rule) != 0) continue;
        if (finding->place.line != mark->line || !strstr(finding->text, mark->text))
            continue;
        finding->suppressed = "expected";
        return true;
    }
    return false;
}

static void compare(const RunOptions *options, RunResult *result, const Marks *marks,
                    Trial *trial, Arena *arena)
{
    for (uint32_t i = 0; i < marks->list.n; i++) {
        const Mark *mark = &marks->list.at[i];
        uint32_t line = trial->line + mark->line - 1;
        if (!is_rule(options, mark->rule))
            vec_push(
                arena, &trial->faults,
                arena_printf(arena, "line %u: there is no rule %s", line, mark->rule));
        else if (!take(result, mark))
            vec_push(arena, &trial->faults,
                     arena_printf(arena, "line %u: %s is not reported%s%s%s", line,
                                  mark->rule, *mark->text ? " with \"" : "", mark->text,
                                  *mark->text ? "\"" : ""));
    }
    for (uint32_t i = 0; i < result->findings.n; i++) {
        const Finding *finding = &result->findings.at[i];
        if (!finding->suppressed)
            vec_push(arena, &trial->faults,
                     arena_printf(arena, "line %u: %s is reported: %s",
                                  trial->line + finding->place.line - 1, finding->rule_id,
                                  finding->text));
    }
}

/* The program stands in `folder`; what is wrong with what is said of it becomes faults. */
static bool try_program(const RunOptions *options, const char *folder, const Marks *marks,
                        Trial *trial, Arena *arena, Err *err)
{
    static const char *const command[] = {"cc", "-std=gnu17", "-c", "program.c"};
    RunOptions own = *options;
    RunResult result;
    own.directory = own.root = folder;
    own.args = command;
    own.narg = sizeof command / sizeof *command;
    own.workers = 1;
    own.cache = NULL;
    if (!run_check(&own, arena, &result, err)) return false;
    for (uint32_t i = 0; i < result.nnote; i++)
        if (result.notes[i].kind < RUN_ADAPTED)
            vec_push(arena, &trial->faults,
                     arena_printf(arena, "line %u: it does not compile: %s",
                                  trial->line + (result.notes[i].place.line
                                                     ? result.notes[i].place.line - 1
                                                     : 0),
                                  result.notes[i].text));
    compare(options, &result, marks, trial, arena);
    return true;
}

static bool try_snippet(const RunOptions *options, const ContextSnippet *snippet,
                        Trial *trial, Arena *arena, Err *err)
{
    Marks marks = {0};
    uint32_t line;
    *trial = (Trial){.about = snippet->about, .line = snippet->line};
    if (!read_marks(snippet->code, &marks, arena, &line)) {
        vec_push(arena, &trial->faults,
                 arena_printf(arena,
                              "line %u: this is not '// expect: RULE' or '// expect: "
                              "RULE \"part of the text\"'",
                              trial->line + line - 1));
        return true;
    }
    Temporary folder;
    if (!temporary_make(&folder, arena))
        return err_set(err, ERR_INTERNAL,
                       "cannot make a temporary folder: set TMPDIR to one that can be "
                       "written");
    const char *path = path_join(arena, folder.path, "program.c");
    bool ok =
        file_write(path, snippet->code, strlen(snippet->code), err) &&
        try_program(options, path_real(arena, folder.path), &marks, trial, arena, err);
    temporary_remove(&folder);
    return ok;
}

bool run_trials(const RunOptions *options, const char *file, Arena *arena, TrialList *out,
                Err *err)
{
    *out = (TrialList){0};
    FileText text;
    const char *path = path_real(arena, path_join(arena, options->directory, file));
    if (!file_read(path, MODEL_LIMIT, arena, &text, err)) {
        err->kind = ERR_USAGE;
        return false;
    }
    if (!context_is_model(text.at, text.len))
        return err_set(err, ERR_USAGE,
                       "%s: no model of contexts: those begin with ctx_model: 1", file);
    ContextSnippets snippets = {0};
    if (!context_snippets(file, text.at, text.len, arena, &snippets, err)) return false;
    RunOptions own = *options;
    own.models = &path;
    own.nmodel = 1;
    for (uint32_t i = 0; i < snippets.list.n; i++) {
        Trial trial;
        if (!try_snippet(&own, &snippets.list.at[i], &trial, arena, err)) return false;
        vec_push(arena, &out->list, trial);
        out->nfailed += trial.faults.n > 0;
    }
    return true;
}
