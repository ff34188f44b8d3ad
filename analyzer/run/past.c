/*
 * Files that have changed are laid over the working tree while libclang reads it (a virtual
 * file system of its own making, -ivfsoverlay), so that every path stays what it is: include
 * folders, generated headers beside tracked ones, facts of files that nothing has touched. No
 * command of the database is ever run.
 *
 * What this cannot do is hide a file that is new. It would have to stand in front of an older
 * one of the same name to be seen.
 */
#include "run/past.h"

#include <string.h>

#include "base/temporary.h"
#include "run/pool.h"

/* Another way to write paths of the working tree, through a symbolic link. */
typedef struct Spelling {
    const char *real, *written;
} Spelling;

typedef struct Past {
    Run *run;
    const Run *now;
    const GitChanges *changes;
    VEC(Spelling) spellings;
    Names *names;
    Map touched; /* paths that TUs may have read -> number of the change */
    Map lost;    /* file names of files that are gone or were elsewhere -> 1 */
    Temporary folder;
} Past;

/* --- paths -------------------------------------------------------------------------------- */

static bool is_in(const char *folder, const char *path)
{
    size_t len = strlen(folder);
    return !strncmp(path, folder, len) && path[len] == '/';
}

static void add_spelling(Past *past, const char *real, const char *written)
{
    for (uint32_t i = 0; i < past->spellings.n; i++)
        if (!strcmp(past->spellings.at[i].written, written)) return;
    vec_push(past->run->arena, &past->spellings, ((Spelling){real, written}));
}

/* How the database writes the path of the working tree, from one file in it. */
static void learn_spelling(Past *past, const char *written)
{
    Arena *arena = past->run->arena;
    const char *top = past->changes->top, *real = path_real(arena, written);
    size_t top_len = strlen(top), real_len = strlen(real), len = strlen(written);
    if (!is_in(top, real)) return;
    size_t rest = real_len - top_len;
    if (len <= rest || strcmp(written + len - rest, real + top_len) != 0) return;
    add_spelling(past, top, arena_copy(arena, written, len - rest));
}

static const char *spelled(const Past *past, const char *path, const Spelling *spelling)
{
    return arena_printf(past->run->arena, "%s%s", spelling->written,
                        path + strlen(spelling->real));
}

static void touch(Past *past, const char *path, uint32_t change)
{
    for (uint32_t i = 0; path && i < past->spellings.n; i++) {
        const char *written = spelled(past, path, &past->spellings.at[i]);
        map_put(&past->touched, MAP_KEY(name_of(past->names, written)), change, NULL);
    }
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void find_touched(Past *past)
{
    Run *run = past->run;
    past->names = names_new(run->arena);
    map_init(&past->touched, run->arena);
    map_init(&past->lost, run->arena);
    add_spelling(past, past->changes->top, past->changes->top);
    for (uint32_t i = 0; i < past->now->ntu; i++)
        learn_spelling(past, past->now->tus[i].command->file);
    for (uint32_t i = 0; i < past->changes->n; i++) {
        const GitChange *change = &past->changes->at[i];
        touch(past, change->path, i);
        bool moved = change->before &&
                     (!change->path || strcmp(change->path, change->before) != 0);
        if (moved)
            map_put(&past->lost, MAP_KEY(name_of(past->names, file_name(change->before))),
                    1, NULL);
    }
}

/* --- the overlay -------------------------------------------------------------------------- */

static void put_quoted(Buf *out, const char *text)
{
    buf_text(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') buf_text(out, "\\");
        buf_put(out, text, 1);
    }
    buf_text(out, "\"");
}

/* In every spelling of the path. */
static void put_file(const Past *past, const char *path, const char *copy, Buf *out)
{
    for (uint32_t s = 0; s < past->spellings.n; s++) {
        buf_text(out, ",\n{\"type\": \"file\", \"name\": ");
        put_quoted(out, spelled(past, path, &past->spellings.at[s]));
        buf_text(out, ", \"external-contents\": ");
        put_quoted(out, copy);
        buf_text(out, "}");
    }
}

/* A file that was moved stands under both names: where it is now it may be found first. */
static bool write_overlay(Past *past, Err *err)
{
    Arena *arena = past->run->arena;
    if (!temporary_make(&past->folder, arena))
        return err_set(err, ERR_IO,
                       "cannot make a temporary folder: set TMPDIR to one that can be "
                       "written");
    Buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < past->changes->n; i++) {
        const GitChange *change = &past->changes->at[i];
        if (!change->text) continue;
        const char *copy = arena_printf(arena, "%s/%u", past->folder.path, i);
        if (!file_write(copy, change->text, change->len, err)) return false;
        put_file(past, change->before, copy, &out);
        if (change->path && strcmp(change->path, change->before) != 0)
            put_file(past, change->path, copy, &out);
    }
    const char *text = arena_printf(arena,
                                    "{\"version\": 0, \"case-sensitive\": \"true\", "
                                    "\"use-external-names\": \"false\",\n"
                                    "\"roots\": [%s]}\n",
                                    out.n ? out.at + 1 : "");
    const char *path = arena_printf(arena, "%s/overlay.json", past->folder.path);
    return file_write(path, text, strlen(text), err);
}

/* --- translation units -------------------------------------------------------------------- */

static bool is_touched(const Past *past, const Tu *tu)
{
    for (uint32_t i = 0; i < tu->ndep; i++) {
        const char *path = tu->deps[i].path;
        if (map_get(&past->touched, MAP_KEY(name_of(past->names, path)))) return true;
        if (map_get(&past->lost, MAP_KEY(name_of(past->names, file_name(path)))))
            return true;
    }
    /* What is not wholly there may have been. */
    return !tu->ndep ||
           map_get(&past->touched, MAP_KEY(name_of(past->names, tu->command->file)));
}

static const GitChange *change_of(const Past *past, const char *file)
{
    const uint64_t *at = map_get(&past->touched, MAP_KEY(name_of(past->names, file)));
    return at ? &past->changes->at[*at] : NULL;
}

/* The command of the same TU then; NULL: there was none. */
static const Command *command_then(const Past *past, const Command *now)
{
    Arena *arena = past->run->arena;
    const GitChange *change = change_of(past, now->file);
    if (change && !change->before) return NULL;
    Command *then = ARENA_NEW(arena, Command);
    *then = *now;
    then->overlay = arena_printf(arena, "%s/overlay.json", past->folder.path);
    if (change && strcmp(change->path, change->before) != 0) then->file = change->before;
    return then;
}

static void set_tus(Past *past)
{
    Run *run = past->run;
    run->tus = ARENA_ARRAY(run->arena, Tu, past->now->ntu);
    for (uint32_t i = 0; i < past->now->ntu; i++) {
        Tu tu = past->now->tus[i];
        if (is_touched(past, &tu)) {
            const Command *command = command_then(past, tu.command);
            if (!command) continue;
            tu = (Tu){.command = command,
                      .path = path_below(run->arena, run->root, command->file)};
        }
        run->tus[run->ntu++] = tu;
    }
}

bool past_extract(Run *run, const Run *now, const GitChanges *changes, Err *err)
{
    Past past = {.run = run, .now = now, .changes = changes};
    run->root = now->root;
    run->origin = now->origin;
    find_touched(&past);
    bool ok = write_overlay(&past, err);
    if (ok) {
        set_tus(&past);
        ok = extract_missing(run, err);
    }
    temporary_remove(&past.folder);
    return ok;
}

ContractMove *past_moves(const Run *now, const GitChanges *changes, uint32_t *n)
{
    ContractMove *moves = ARENA_ARRAY(now->arena, ContractMove, changes->n + 1);
    *n = 0;
    for (uint32_t i = 0; i < changes->n; i++) {
        const GitChange *change = &changes->at[i];
        if (!change->before || !change->path || !strcmp(change->before, change->path))
            continue;
        const char *root = path_real(now->arena, now->root);
        moves[(*n)++] =
            (ContractMove){.before = path_below(now->arena, root, change->before),
                           .after = path_below(now->arena, root, change->path)};
    }
    return moves;
}
