/*
 * Which TUs share their first headers.
 *
 * needs: commands. gives: groups of them whose flags are equal and whose files start with the
 * same #include lines. The lines are a path in a tree: a branch with many members becomes a
 * group with a longer prefix of its own, the others stay where they parted. Only the text is
 * looked at here; whether the headers can be shared is for the one who has parsed them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/vec.h"
#include "frontend/pch.h"

enum {
    MEMBERS_MIN = 6, /* a PCH costs as much as parsing some of its members */
    BRANCH_MIN = 12, /* what a longer prefix adds is less than the whole of it */
    LINES_MAX = 64,  /* a deeper tree is not worth its stack */
    SOURCE_LIMIT = 1 << 26
};

/* The start of one file. */
typedef struct Start {
    uint32_t command;
    Hash flags;
    const char **keys; /* equal ones are the same file */
    const char **names;
    uint32_t n;
} Start;

typedef VEC(uint32_t) Members;

typedef struct Planner {
    const Command *const *commands;
    Arena *arena, *scratch;
    Start *starts;
    uint32_t nstart;
    VEC(PchGroup) groups;
    PchPlan *plan;
} Planner;

/* Lines. */

static bool is_spliced(const char *from, const char *to)
{
    for (; from < to; from++)
        if (*from == '\\' && (from[1] == '\n' || from[1] == '\r')) return true;
    return false;
}

/* Behind blanks and comments; NULL: better not to go on. */
static const char *skip_comments(const char *at, const char *end, bool *has_newline)
{
    *has_newline = false;
    while (at < end) {
        const char *start = at;
        if (isspace((unsigned char)*at)) {
            *has_newline |= *at++ == '\n';
            continue;
        }
        if (*at != '/' || at + 1 >= end) return at;
        if (at[1] == '/') {
            while (at < end && *at != '\n')
                at++;
        } else if (at[1] == '*') {
            at = strstr(at + 2, "*/");
            if (!at || at >= end) return NULL;
            at += 2;
        } else {
            return at;
        }
        /* A comment that goes on, or ends, across a spliced line is left to the compiler. */
        if (is_spliced(start, at)) return NULL;
    }
    return at;
}

/* Behind `#include <x>`, and what stands in it; NULL: it is something else. */
static const char *read_include(const char *at, const char *end, const char **name,
                                size_t *len)
{
    static const char word[] = "include";
    for (at++; at < end && (*at == ' ' || *at == '\t');)
        at++;
    if ((size_t)(end - at) < sizeof word || memcmp(at, word, sizeof word - 1) != 0)
        return NULL;
    for (at += sizeof word - 1; at < end && (*at == ' ' || *at == '\t');)
        at++;
    if (at >= end || (*at != '<' && *at != '"')) return NULL;
    char last = *at == '<' ? '>' : '"';
    *name = at;
    for (at++; at < end && *at != last; at++)
        if (*at == '\n' || *at == '\\') return NULL;
    if (at >= end) return NULL;
    *len = (size_t)(++at - *name);
    return at;
}

IncludeLine *pch_include_lines(const char *text, size_t len, Arena *arena, uint32_t *n)
{
    VEC(IncludeLine) lines = {0};
    const char *end = text + len;
    bool has_newline = true;
    const char *at = skip_comments(text, end, &has_newline);
    has_newline = true;
    while (at && at < end && *at == '#' && has_newline && lines.n < LINES_MAX) {
        const char *name = NULL;
        size_t name_len = 0;
        at = read_include(at, end, &name, &name_len);
        if (!at) break;
        const char *next = skip_comments(at, end, &has_newline);
        if (!next || (!has_newline && next < end)) break;
        IncludeLine line = {arena_copy(arena, name, name_len), (size_t)(at - text)};
        vec_push(arena, &lines, line);
        at = next;
    }
    *n = lines.n;
    return lines.at;
}

/* Starts. */

/* What is included before the file's first line is not shared, nor is another language. */
static bool flags_allow(const char *const *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!strncmp(args[i], "-include", 8) || !strncmp(args[i], "-imacros", 8) ||
            !strncmp(args[i], "--include", 9) || !strncmp(args[i], "--imacros", 9))
            return false;
        if (!strcmp(args[i], "-x") && i + 1 < n && strcmp(args[i + 1], "c") != 0)
            return false;
    }
    return true;
}

static bool hash_flags(const Command *command, Arena *scratch, Hash *flags)
{
    uint32_t n = 0;
    const char **args = compdb_clang_args(command, scratch, &n);
    if (!flags_allow(args, n)) return false;
    *flags = hash_bytes("", 0);
    for (uint32_t i = 0; i < n; i++)
        *flags = hash_mix(*flags, hash_bytes(args[i], strlen(args[i])));
    return true;
}

static const char *folder_of(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/');
    return arena_copy(arena, path, slash ? (size_t)(slash - path) : 0);
}

/* A quoted name is looked for beside the file first. The key keeps the folder as it is spelled,
 * because __FILE__ does. */
static const char *key_of(Planner *planner, const char *folder, const char *name)
{
    if (*name == '<') return name;
    size_t len = strlen(name);
    const char *beside =
        arena_printf(planner->scratch, "%s/%.*s", folder, (int)len - 2, name + 1);
    return file_exists(beside) ? beside : name;
}

static void read_start(Planner *planner, uint32_t i)
{
    const Command *command = planner->commands[i];
    const char *path = path_join(planner->scratch, command->directory, command->file);
    size_t len = strlen(path);
    Start start = {.command = i};
    FileText text;
    if (len < 3 || strcmp(path + len - 2, ".c") != 0 ||
        !hash_flags(command, planner->scratch, &start.flags) ||
        !file_read(path, SOURCE_LIMIT, planner->scratch, &text, NULL))
        return;
    IncludeLine *lines = pch_include_lines(text.at, text.len, planner->scratch, &start.n);
    if (!start.n) return;
    const char *folder = folder_of(path, planner->scratch);
    start.keys = ARENA_ARRAY(planner->scratch, const char *, start.n);
    start.names = ARENA_ARRAY(planner->scratch, const char *, start.n);
    for (uint32_t k = 0; k < start.n; k++) {
        start.names[k] = lines[k].name;
        start.keys[k] = key_of(planner, folder, lines[k].name);
    }
    planner->starts[planner->nstart++] = start;
}

static int compare_starts(const void *a, const void *b)
{
    const Start *x = a, *y = b;
    int order = hash_compare(x->flags, y->flags);
    for (uint32_t i = 0; !order && i < x->n && i < y->n; i++)
        order = strcmp(x->keys[i], y->keys[i]);
    if (!order) order = (x->n > y->n) - (x->n < y->n);
    return order ? order : (x->command > y->command) - (x->command < y->command);
}

/* The tree. */

static void add_group(Planner *planner, const Members *members, uint32_t depth)
{
    const Start *first = &planner->starts[members->at[0]];
    const char *text = "";
    for (uint32_t i = 0; i < depth; i++)
        text = arena_printf(planner->arena, "%s#include %s\n", text, first->names[i]);
    PchGroup group = {planner->commands[first->command], text, depth};
    vec_push(planner->arena, &planner->groups, group);
    for (uint32_t i = 0; i < members->n; i++)
        planner->plan->group_of[planner->starts[members->at[i]].command] =
            planner->groups.n;
}

/* Starts lo..hi agree in flags and in `depth` lines. Those that no group takes go to `rest`. */
static void split(Planner *planner, uint32_t lo, uint32_t hi, uint32_t depth,
                  Members *rest)
{
    Members left = {0};
    for (uint32_t i = lo, next; i < hi; i = next) {
        const Start *start = &planner->starts[i];
        bool ends = start->n == depth;
        for (next = i + 1; next < hi && !ends; next++)
            if (strcmp(planner->starts[next].keys[depth], start->keys[depth]) != 0) break;
        uint32_t n = next - i;
        if (!ends && (n == hi - lo || n >= (depth ? BRANCH_MIN : MEMBERS_MIN)))
            split(planner, i, next, depth + 1, &left);
        else
            for (uint32_t k = i; k < next; k++)
                vec_push(planner->scratch, &left, k);
    }
    if (depth && left.n >= MEMBERS_MIN) {
        add_group(planner, &left, depth);
        return;
    }
    for (uint32_t i = 0; i < left.n; i++)
        vec_push(planner->scratch, rest, left.at[i]);
}

void pch_plan(const Command *const *commands, uint32_t n, Arena *arena, PchPlan *plan)
{
    Arena *scratch = arena_new("header plan");
    *plan = (PchPlan){.group_of = ARENA_ARRAY(arena, uint32_t, n)};
    Planner planner = {
        .commands = commands, .arena = arena, .scratch = scratch, .plan = plan};
    planner.starts = ARENA_ARRAY(scratch, Start, n);
    for (uint32_t i = 0; i < n && n >= MEMBERS_MIN; i++)
        read_start(&planner, i);
    const Start *starts = planner.starts;
    if (planner.nstart)
        qsort(planner.starts, planner.nstart, sizeof *starts, compare_starts);
    Members none = {0};
    for (uint32_t i = 0, next; i < planner.nstart; i = next) {
        for (next = i + 1; next < planner.nstart; next++)
            if (hash_compare(starts[i].flags, starts[next].flags) != 0) break;
        if (next - i >= MEMBERS_MIN) split(&planner, i, next, 0, &none);
    }
    plan->groups = planner.groups.at;
    plan->ngroup = planner.groups.n;
    arena_free(scratch);
}
