/*
 * A session: facts, models and the memory of the engine stay where they are, and a round costs the
 * parse of what differs, one link and the runs of functions that the change reaches.
 *
 * The parse happens in the process that asks, for that is a fork which may be lost (see
 * integrations/lsp/analyst.c). Headers that a file includes first come out of a PCH which another
 * fork has made beside; until it is there, and whenever it does not fit, nothing but time is
 * lost.
 */
#include "run/session.h"

#include <string.h>
#include <unistd.h>

#include "frontend/pch.h"
#include "ir/codec.h"
#include "run/phases.h"

enum { SOURCE_LIMIT = 64 * 1024 * 1024 };

struct Session {
    RunOptions options;
    const char *folder;    /* of PCHs; NULL: none */
    const char *real_root; /* what an editor may call the root */
    Run base;              /* as it stands on the disk */
    Run *now;
};

/* --- the program on the disk ---------------------------------------------------------------- */

/* Most sources say nothing to us, and need not be read again each round. */
static void note_commented(Run *run)
{
    Map *commented = ARENA_NEW(run->arena, Map);
    map_init(commented, run->arena);
    for (uint32_t i = 0; i < run->ntu; i++) {
        Arena *scratch = arena_new("comments");
        FileText text;
        const Tu *tu = &run->tus[i];
        if (!file_read(tu->command->file, SOURCE_LIMIT, scratch, &text, NULL) ||
            memmem(text.at, text.len, "sluice", strlen("sluice")))
            map_put(commented, MAP_KEY(name_of(run->names, tu->path)), 1, NULL);
        arena_free(scratch);
    }
    run->commented = commented;
}

Session *session_open(const RunOptions *options, const char *folder, Arena *arena,
                      Err *err)
{
    Session *session = ARENA_NEW(arena, Session);
    Run *run = &session->base;
    double start = clock_seconds();
    session->options = *options;
    session->folder = folder;
    session->now = run;
    run_begin(run, &session->options, arena, ARENA_NEW(arena, RunResult));
    run->is_session = true;
    run->statements = ARENA_NEW(arena, Statements);
    statements_init(run->statements, NULL, arena);
    if (!phase_commands(run, err) || !phase_models(run, err) ||
        !phase_extract(run, err) || !phase_read(run, err))
        return NULL;
    session->real_root = path_real(arena, run->root);
    phase_link(run);
    phase_judge(run);
    phase_finish(run);
    note_commented(run);
    memo_freeze(run->memo);
    run_end(run, start);
    return session;
}

RunResult *session_result(Session *session)
{
    return session->now->result;
}

/* --- what differs --------------------------------------------------------------------------- */

/* The path that commands and dependencies have, when the editor knows the root by another name. */
static const char *own_path(const Session *session, const char *path, Arena *arena)
{
    const char *below = path_below(arena, session->real_root, path);
    return below == path ? path : path_join(arena, session->base.root, below);
}

static const CacheDep *dep_of(const Tu *tu, const char *path)
{
    for (uint32_t i = 0; i < tu->ndep; i++)
        if (!strcmp(tu->deps[i].path, path)) return &tu->deps[i];
    return NULL;
}

typedef struct Round {
    Session *session;
    Run *then;
    const FileBuffer *buffers;
    uint32_t nbuffer;
    bool *is_due; /* by TU */
    bool has_header;
} Round;

static bool has_buffer(const Round *round, const char *path)
{
    for (uint32_t i = 0; i < round->nbuffer; i++)
        if (!strcmp(round->buffers[i].path, path)) return true;
    return false;
}

static void mark_header(Round *round, const FileBuffer *buffer, Hash content)
{
    const Run *base = &round->session->base;
    uint32_t first = UINT32_MAX;
    bool any = false;
    for (uint32_t i = 0; i < base->ntu; i++) {
        const CacheDep *dep = dep_of(&base->tus[i], buffer->path);
        if (!dep || !hash_compare(dep->content, content)) continue;
        round->has_header = true;
        if (first == UINT32_MAX) first = i;
        if (!has_buffer(round, base->tus[i].command->file)) continue;
        round->is_due[i] = any = true;
    }
    if (!any && first != UINT32_MAX) round->is_due[first] = true;
}

static bool is_source(const char *path)
{
    size_t len = strlen(path);
    return len > 2 && !strcmp(path + len - 2, ".c");
}

static size_t shared_start(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n])
        n++;
    return n;
}

/* A file that the build does not know yet: the flags of the one with the nearest name. */
static void add_unknown(Round *round, const FileBuffer *buffer)
{
    Run *then = round->then;
    const Command *nearest = NULL;
    size_t most = 0;
    for (uint32_t i = 0; i < then->commands.n; i++) {
        const Command *command = &then->commands.at[i];
        size_t shared = shared_start(command->file, buffer->path);
        if (nearest && shared <= most) continue;
        nearest = command;
        most = shared;
    }
    if (!nearest || most <= strlen(then->root)) return;
    Command *made = ARENA_NEW(then->arena, Command);
    *made = *nearest;
    made->file = buffer->path;
    then->tus[then->ntu] =
        (Tu){.command = made, .path = path_below(then->arena, then->root, made->file)};
    round->is_due[then->ntu++] = true;
}

static void mark(Round *round, const FileBuffer *buffer)
{
    const Run *base = &round->session->base;
    Hash content = hash_bytes(buffer->text, buffer->len);
    bool is_main = false;
    for (uint32_t i = 0; i < base->ntu; i++) {
        const Tu *tu = &base->tus[i];
        if (strcmp(tu->command->file, buffer->path) != 0) continue;
        is_main = true;
        if (!tu->ndep || hash_compare(tu->deps[0].content, content) != 0)
            round->is_due[i] = true;
    }
    if (is_main) return;
    if (is_source(buffer->path))
        add_unknown(round, buffer);
    else
        mark_header(round, buffer, content);
}

/* --- a round -------------------------------------------------------------------------------- */

/* The same in a session that is opened anew over the same folder. */
static const char *pch_path(const Session *session, const Command *command, Arena *arena)
{
    char name[33];
    uint32_t n;
    if (!session->folder) return NULL;
    Hash hash = hash_bytes(command->file, strlen(command->file));
    const char **args = compdb_clang_args(command, arena, &n);
    for (uint32_t i = 0; i < n; i++)
        hash = hash_mix(hash, hash_bytes(args[i], strlen(args[i])));
    hash_hex(hash, name);
    return arena_printf(arena, "%s/%s.pch", session->folder, name);
}

static bool parse(Round *round, Frontend *frontend, uint32_t number, Err *err)
{
    Run *then = round->then;
    Tu *tu = &then->tus[number];
    Command *command = ARENA_NEW(then->arena, Command);
    Extracted extracted = {0};
    Buf bytes;
    *command = *tu->command;
    command->buffers = round->buffers;
    command->nbuffer = round->nbuffer;
    command->pch =
        round->has_header ? NULL : pch_path(round->session, command, then->arena);
    tu->command = command;
    if (!frontend_extract(frontend, command, then->root, then->names, then->arena,
                          &extracted, err))
        return false;
    buf_init(&bytes, then->arena);
    fact_write(&bytes, extracted.unit);
    tu->fact = bytes.at;
    tu->len = bytes.n;
    tu->content = hash_bytes(bytes.at, bytes.n);
    CacheDep *deps = ARENA_ARRAY(then->arena, CacheDep, extracted.ndep);
    for (uint32_t i = 0; i < extracted.ndep; i++)
        deps[i] = (CacheDep){extracted.deps[i].path, extracted.deps[i].content};
    tu->deps = deps;
    tu->ndep = extracted.ndep;
    return true;
}

/* The facts of a file go together: two commands may have given the same one. */
static bool is_parsed(const Round *round, const Name *path)
{
    for (uint32_t i = 0; i < round->then->ntu; i++)
        if (round->is_due[i] && !strcmp(round->then->tus[i].path, path->text))
            return true;
    return false;
}

static bool collect_facts(Round *round, Err *err)
{
    Run *then = round->then;
    const Run *base = &round->session->base;
    for (uint32_t i = 0; i < base->facts.n; i++)
        if (!is_parsed(round, base->facts.at[i].path))
            vec_push(then->arena, &then->facts, base->facts.at[i]);
    for (uint32_t i = 0; i < then->ntu; i++) {
        if (!round->is_due[i]) continue;
        Fact *facts;
        uint32_t n;
        const Tu *tu = &then->tus[i];
        if (!fact_read(tu->fact, tu->len, then->names, then->arena, &facts, &n, err))
            return err_while(err, "the fact of %s", tu->path);
        vec_push(then->arena, &then->facts, facts[0]);
    }
    run_sort_facts(then);
    return true;
}

/* Everything of the base that a round does not make anew. */
static void begin(Run *then, Session *session, uint32_t nmore, Arena *arena)
{
    const Run *base = &session->base;
    run_begin(then, &session->options, arena, ARENA_NEW(arena, RunResult));
    then->is_session = true;
    then->root = base->root;
    then->origin = base->origin;
    then->commands = base->commands;
    then->names = base->names;
    then->models = base->models;
    then->context = base->context;
    then->memo = base->memo;
    then->commented = base->commented;
    then->source = base->source;
    then->statements = base->statements;
    then->below = base->below;
    then->nbelow = base->nbelow;
    then->ntu = base->ntu;
    then->tus = ARENA_ARRAY(arena, Tu, base->ntu + nmore);
    memcpy(then->tus, base->tus, base->ntu * sizeof *then->tus);
}

static bool parse_due(Round *round, Err *err)
{
    Frontend *frontend = frontend_new();
    bool ok = true;
    for (uint32_t i = 0; i < round->then->ntu && ok; i++) {
        const Name *path = name_of(round->then->names, round->then->tus[i].path);
        round->is_due[i] = round->is_due[i] || is_parsed(round, path);
        if (round->is_due[i]) ok = parse(round, frontend, i, err);
    }
    frontend_free(frontend);
    return ok;
}

bool session_check(Session *session, const FileBuffer *buffers, uint32_t n, Arena *arena,
                   Err *err)
{
    Run *then = ARENA_NEW(arena, Run);
    double start = clock_seconds();
    begin(then, session, n, arena);
    FileBuffer *own = ARENA_ARRAY(arena, FileBuffer, n);
    for (uint32_t i = 0; i < n; i++) {
        own[i] = buffers[i];
        own[i].path = own_path(session, buffers[i].path, arena);
    }
    Round round = {.session = session, .then = then, .buffers = own, .nbuffer = n};
    round.is_due = ARENA_ARRAY(arena, bool, then->ntu + n);
    then->buffers = own;
    then->nbuffer = n;
    for (uint32_t i = 0; i < n; i++)
        mark(&round, &own[i]);
    if (!parse_due(&round, err)) return false;
    then->result->stats.seconds_extract = clock_seconds() - start;
    if (!collect_facts(&round, err)) return false;
    phase_link(then);
    phase_judge(then);
    phase_finish(then);
    run_end(then, start);
    session->now = then;
    return true;
}

/* It was made of these lines, and of headers that are as they were. */
static bool is_current(const char *pch, const PchGroup *group, Arena *arena)
{
    PchContent content;
    FileText text;
    bool same = pch_content(pch, arena, &content);
    const char *at = group->text;
    for (uint32_t i = 0; same && i < content.nline; i++) {
        const char *line = arena_printf(arena, "#include %s\n", content.lines[i]);
        same = !strncmp(at, line, strlen(line));
        at += same ? strlen(line) : 0;
    }
    for (uint32_t i = 0; same && i < content.ndep; i++) {
        same = file_read(content.deps[i].path, SOURCE_LIMIT, arena, &text, NULL);
        same =
            same && !hash_compare(hash_bytes(text.at, text.len), content.deps[i].content);
    }
    return same;
}

static bool prepare(const Session *session, const Command *command, Arena *arena)
{
    FileText text;
    PchGroup group = {.command = command};
    const char *pch = pch_path(session, command, arena);
    if (!file_read(command->file, SOURCE_LIMIT, arena, &text, NULL)) return false;
    IncludeLine *lines = pch_include_lines(text.at, text.len, arena, &group.nline);
    Buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < group.nline; i++)
        buf_printf(&out, "#include %s\n", lines[i].name);
    group.text = out.at;
    if (!group.nline) return false;
    if (is_current(pch, &group, arena)) return true;
    unlink(arena_printf(arena, "%s.list", pch));
    Frontend *frontend = frontend_new();
    bool ok = pch_build(frontend, &group, pch);
    frontend_free(frontend);
    return ok;
}

bool session_prepare(const Session *session, const char *path)
{
    const Run *base = &session->base;
    Arena *arena = arena_new("prepare");
    bool ok = false;
    path = own_path(session, path, arena);
    for (uint32_t i = 0; i < base->ntu && session->folder; i++)
        if (!strcmp(base->tus[i].command->file, path))
            ok |= prepare(session, base->tus[i].command, arena);
    arena_free(arena);
    return ok;
}

/* --- questions ------------------------------------------------------------------------------ */

ContractList session_contracts(Session *session, const char *path, const char *name,
                               Arena *arena)
{
    Run *now = session->now;
    if (path) {
        path = own_path(session, path, arena);
        path = path_below(arena, now->root, path);
    }
    return contracts_of(now, path, name);
}

bool session_fixes(Session *session, const char *path, Tier weakest, Arena *arena,
                   FindingList *findings, Err *err)
{
    Run again;
    const Run *now = session->now;
    RunOptions options = session->options;
    const char *below = path_below(arena, now->root, own_path(session, path, arena));
    begin(&again, session, 0, arena);
    options.fixes = weakest;
    again.options = &options;
    again.below = &below;
    again.nbelow = 1;
    again.tus = now->tus;
    again.ntu = now->ntu;
    again.facts.at = now->facts.at;
    again.facts.n = again.facts.room = now->facts.n;
    again.buffers = now->buffers;
    again.nbuffer = now->nbuffer;
    again.memory = check_memory_new(arena);
    phase_link(&again);
    phase_judge(&again);
    if (!phase_fix(&again, err)) return false;
    phase_finish(&again);
    *findings = again.result->findings;
    return true;
}
