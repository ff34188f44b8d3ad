/* What git knows of a revision: which files were different then, and what was in them. */
#include "run/git.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/process.h"
#include "base/vec.h"

enum { OUTPUT_LIMIT = 1024 * 1024 * 1024, MOST_ARGS = 24, NAME_LIMIT = 41 };

typedef struct Git {
    const char *folder;
    Arena *arena;
    Err *err;
} Git;

/* Nothing that asks a person, waits for a lock or starts a pager. */
static const char *const environment[] = {"LC_ALL=C", "GIT_TERMINAL_PROMPT=0",
                                          "GIT_OPTIONAL_LOCKS=0", "GIT_PAGER=cat", NULL};

static bool git_run(const Git *git, const char *const *words, const char *input,
                    ProcessResult *result)
{
    const char *args[MOST_ARGS] = {"git",
                                   "-C",
                                   git->folder,
                                   "-c",
                                   "core.fsmonitor=false",
                                   "-c",
                                   "core.quotePath=false"};
    uint32_t n = 7;
    while (*words && n + 1 < MOST_ARGS)
        args[n++] = *words++;
    if (process_run(args, environment, input, OUTPUT_LIMIT, git->arena, result, git->err))
        return true;
    result->said = NULL;
    return err_while(git->err, "a comparison with a revision needs git");
}

/* The first line of what git said, without "fatal: ". */
static const char *complaint(const Git *git, const ProcessResult *result)
{
    const char *text = result->said;
    if (!strncmp(text, "fatal: ", 7)) text += 7;
    return arena_copy(git->arena, text, strcspn(text, "\n"));
}

/* One word of output; NULL: git failed. */
static const char *git_word(const Git *git, const char *const *words,
                            ProcessResult *result)
{
    if (!git_run(git, words, NULL, result) || result->status) return NULL;
    return arena_copy(git->arena, result->out, strcspn(result->out, "\n"));
}

static bool find_top(const Git *git, GitChanges *changes)
{
    static const char *const words[] = {"rev-parse", "--show-toplevel", NULL};
    ProcessResult result = {.said = NULL};
    changes->top = git_word(git, words, &result);
    if (changes->top && *changes->top) return true;
    if (!result.said) return false; /* there is no git */
    return err_set(
        git->err, ERR_USAGE,
        "%s is in no git repository that can be used (%s): a comparison with a "
        "revision needs one",
        git->folder, complaint(git, &result));
}

static bool is_shallow(const Git *git)
{
    static const char *const words[] = {"rev-parse", "--is-shallow-repository", NULL};
    ProcessResult result;
    const char *word = git_word(git, words, &result);
    return word && !strcmp(word, "true");
}

static bool fail_revision(const Git *git, const char *revision, const char *problem)
{
    if (is_shallow(git))
        return err_set(git->err, ERR_USAGE,
                       "%s '%s' in this shallow clone: fetch it (git fetch --unshallow; "
                       "fetch-depth: 0 of actions/checkout; GIT_DEPTH: 0 of GitLab)",
                       problem, revision);
    return err_set(git->err, ERR_USAGE,
                   "%s '%s' in %s: fetch it (git fetch origin), or name another revision",
                   problem, revision, git->folder);
}

static const char *commit_of(const Git *git, const char *revision)
{
    const char *words[] = {"rev-parse",
                           "--verify",
                           "--quiet",
                           "--end-of-options",
                           arena_printf(git->arena, "%s^{commit}", revision),
                           NULL};
    ProcessResult result;
    return git_word(git, words, &result);
}

static bool find_commit(const Git *git, const char *revision, GitChanges *changes)
{
    size_t len = strlen(revision);
    bool wants_base = len > 3 && !strcmp(revision + len - 3, "...");
    const char *name = arena_copy(git->arena, revision, wants_base ? len - 3 : len);
    const char *commit = *name ? commit_of(git, name) : NULL;
    if (!commit) return fail_revision(git, name, "there is no revision");
    changes->commit = commit;
    if (!wants_base) return true;
    const char *words[] = {"merge-base", commit, "HEAD", NULL};
    ProcessResult result;
    changes->commit = git_word(git, words, &result);
    return changes->commit ||
           fail_revision(git, name, "HEAD has no commit in common with");
}

/* --- what is different -------------------------------------------------------------------- */

typedef struct Entry {
    GitChange change;
    const char *blob;   /* its name then; NULL: it has no text */
    const char *module; /* of a submodule at change.path: its commit then */
} Entry;

typedef VEC(Entry) Entries;

static const char module_mode[] = "160000";
/* Every git knows it: what a submodule was before it was there. */
static const char empty_tree[] = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

static bool is_plain_file(const char *mode)
{
    return !strncmp(mode, "100", 3);
}

static const char *below_top(const Git *git, const GitChanges *changes, const char *path)
{
    return path_join(git->arena, changes->top, path);
}

/* ":100644 100644 OLD NEW M\0path\0", or with two paths when renamed. NULL: unreadable. */
static const char *read_entry(const Git *git, const GitChanges *changes, const char *at,
                              const char *end, Entries *entries)
{
    char mode[2][7], name[2][NAME_LIMIT * 2], status;
    if (sscanf(at, ":%6s %6s %80s %80s %c", mode[0], mode[1], name[0], name[1],
               &status) != 5)
        return NULL;
    const char *first = at + strlen(at) + 1, *second = first;
    if (first >= end) return NULL;
    if (status == 'R' || status == 'C') second = first + strlen(first) + 1;
    if (second >= end) return NULL;
    Entry entry = {.blob = NULL};
    if (status != 'A' && status != 'C')
        entry.change.before = below_top(git, changes, first);
    if (status != 'D') entry.change.path = below_top(git, changes, second);
    if (entry.change.before && is_plain_file(mode[0]))
        entry.blob = arena_copy(git->arena, name[0], strlen(name[0]));
    bool was_module = !strcmp(mode[0], module_mode);
    if (!strcmp(mode[1], module_mode))
        entry.module =
            was_module ? arena_copy(git->arena, name[0], strlen(name[0])) : empty_tree;
    if (entry.module || !was_module) vec_push(git->arena, entries, entry);
    return second + strlen(second) + 1;
}

static bool list_entries(const Git *git, const GitChanges *changes, Entries *entries)
{
    const char *words[] = {"diff",
                           "--raw",
                           "-z",
                           "-M",
                           "--no-abbrev",
                           "--no-ext-diff",
                           "--no-textconv",
                           "--ignore-submodules=untracked",
                           "--no-relative",
                           changes->commit,
                           "--",
                           NULL};
    ProcessResult result;
    if (!git_run(git, words, NULL, &result)) return false;
    if (result.status)
        return err_set(git->err, ERR_USAGE, "git cannot compare with %s: %s",
                       changes->commit, complaint(git, &result));
    const char *end = result.out + result.len;
    for (const char *at = result.out; at && at < end;) {
        at = read_entry(git, changes, at, end, entries);
        if (!at) return err_set(git->err, ERR_USAGE, "git diff --raw is not understood");
    }
    return true;
}

/* "NAME blob SIZE\n", SIZE bytes, "\n". */
static bool read_blob(const Git *git, const char **at, const char *end, Entry *entry)
{
    char kind[16];
    unsigned long long size;
    const char *line = memchr(*at, '\n', (size_t)(end - *at));
    if (!line) return false;
    if (sscanf(*at, "%*80s %15s %llu", kind, &size) != 2 || strcmp(kind, "blob") != 0)
        return err_set(git->err, ERR_USAGE,
                       "git does not have what %s was: fetch it (git fetch --refetch)",
                       entry->change.before);
    if ((unsigned long long)(end - line) < size + 2) return false;
    entry->change.text = arena_copy(git->arena, line + 1, size);
    entry->change.len = size;
    *at = line + 1 + size + 1;
    return true;
}

static bool read_blobs(const Git *git, Entries *entries)
{
    static const char *const words[] = {"cat-file", "--batch", NULL};
    Buf names;
    buf_init(&names, git->arena);
    for (uint32_t i = 0; i < entries->n; i++)
        if (entries->at[i].blob) buf_printf(&names, "%s\n", entries->at[i].blob);
    if (!names.n) return true;
    ProcessResult result;
    if (!git_run(git, words, names.at, &result)) return false;
    const char *at = result.out, *end = result.out + result.len;
    err_set(git->err, ERR_USAGE, "git cat-file: %s", complaint(git, &result));
    for (uint32_t i = 0; i < entries->n; i++)
        if (entries->at[i].blob && !read_blob(git, &at, end, &entries->at[i]))
            return false;
    if (git->err) *git->err = (Err){0};
    return true;
}

static bool compare(const Git *git, const GitChanges *changes, Entries *all);

/* What is not checked out is in no program. */
static bool compare_module(const Git *git, const Entry *entry, Entries *all)
{
    const char *folder = entry->change.path;
    Git inner = {.folder = folder, .arena = git->arena, .err = git->err};
    GitChanges changes = {.top = folder, .commit = entry->module};
    if (!file_exists(path_join(git->arena, folder, ".git"))) return true;
    if (entry->module != empty_tree && !commit_of(&inner, entry->module))
        return err_set(git->err, ERR_USAGE,
                       "the submodule %s does not have %.12s, the commit it stood at: "
                       "fetch it (git -C %s fetch --unshallow)",
                       folder, entry->module, folder);
    return compare(&inner, &changes, all);
}

static bool compare(const Git *git, const GitChanges *changes, Entries *all)
{
    Entries own = {0};
    if (!list_entries(git, changes, &own) || !read_blobs(git, &own)) return false;
    for (uint32_t i = 0; i < own.n; i++) {
        if (!own.at[i].module)
            vec_push(git->arena, all, own.at[i]);
        else if (!compare_module(git, &own.at[i], all))
            return false;
    }
    return true;
}

bool git_changes(const char *folder, const char *revision, Arena *arena,
                 GitChanges *changes, Err *err)
{
    Git git = {.folder = folder, .arena = arena, .err = err};
    Entries entries = {0};
    *changes = (GitChanges){.n = 0};
    if (!find_top(&git, changes) || !find_commit(&git, revision, changes) ||
        !compare(&git, changes, &entries))
        return false;
    changes->at = ARENA_ARRAY(arena, GitChange, entries.n + 1);
    for (uint32_t i = 0; i < entries.n; i++)
        changes->at[changes->n++] = entries.at[i].change;
    return true;
}

bool git_untracked(const char *folder, const GitChanges *changes, Arena *arena,
                   const char ***paths, uint32_t *n, Err *err)
{
    Git git = {.folder = folder, .arena = arena, .err = err};
    static const char *const words[] = {"ls-files",    "--others", "--exclude-standard",
                                        "--full-name", "-z",       NULL};
    ProcessResult result;
    VEC(const char *) list = {0};
    if (!git_run(&git, words, NULL, &result)) return false;
    if (result.status)
        return err_set(err, ERR_USAGE, "git cannot list new files: %s",
                       complaint(&git, &result));
    const char *end = result.out + result.len;
    for (const char *at = result.out; at < end; at += strlen(at) + 1)
        vec_push(arena, &list, below_top(&git, changes, at));
    *paths = list.at;
    *n = list.n;
    return true;
}
