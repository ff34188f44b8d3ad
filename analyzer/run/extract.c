/*
 * From commands to facts: out of the cache where source, headers and arguments are as they
 * were, else by parsing in worker processes.
 *
 * Only complete facts are kept: what was missing for the others may be there next time, and
 * nothing in the cache's key would tell.
 */
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shake.h"
#include "run/phases.h"
#include "run/pool.h"

/* A library that is loaded, by size and time: hashing them all would cost more than it tells. */
static int mix_library(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    struct stat file;
    Hash *tool = data;
    if (info->dlpi_name && info->dlpi_name[0] && stat(info->dlpi_name, &file) == 0)
        *tool = hash_mix(*tool, (Hash){(uint64_t)file.st_size, (uint64_t)file.st_mtime});
    return 0;
}

/* Everything besides its input that decides what a fact says. The program's own bytes stand for
 * its version, so that no change of the code ever needs a number to be raised. */
static bool tool_identity(Hash *identity)
{
    enum { PROGRAM_LIMIT = 1024 * 1024 * 1024 };
    static const char *const variables[] = {"CPATH", "C_INCLUDE_PATH"};
    Arena *scratch = arena_new("program");
    const char *version = frontend_version(scratch);
    Hash tool = hash_mix(hash_bytes(SLUICE_VERSION, strlen(SLUICE_VERSION)),
                         hash_bytes(version, strlen(version)));
    FileText program;
    bool ok = file_read("/proc/self/exe", PROGRAM_LIMIT, scratch, &program, NULL);
    if (ok) tool = hash_mix(tool, hash_bytes(program.at, program.len));
    dl_iterate_phdr(mix_library, &tool);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value) tool = hash_mix(tool, hash_bytes(value, strlen(value)));
    }
    arena_free(scratch);
    *identity = tool;
    return ok;
}

static void open_cache(Run *run)
{
    const char *folder = run->options->cache;
    if (!folder) return;
    Err err = {0};
    Hash tool;
    if (!tool_identity(&tool)) {
        progress_warn(
            run->progress,
            "/proc/self/exe cannot be read (is /proc mounted?), so "
            "nobody can tell which version a cache is of: working without a cache");
        return;
    }
    folder = path_join(run->arena, run->options->directory, folder);
    run->cache = cache_open(folder, run->root, tool, run->arena, &err);
    if (!run->cache)
        progress_warn(run->progress, "%s: working without a cache", err.text);
}

static void set_tus(Run *run)
{
    run->ntu = run->commands.n;
    run->tus = ARENA_ARRAY(run->arena, Tu, run->ntu);
    for (uint32_t i = 0; i < run->ntu; i++) {
        const Command *command = &run->commands.at[i];
        run->tus[i] = (Tu){.command = command,
                           .path = path_below(run->arena, run->root, command->file)};
    }
}

static bool has_fact(const Tu *tu)
{
    return tu->fact || tu->content.high || tu->content.low;
}

static void find_in_cache(Run *run)
{
    for (uint32_t i = 0; i < run->ntu && run->cache; i++) {
        Tu *tu = &run->tus[i];
        CacheUnit unit = {.file = tu->command->file};
        CacheFact fact;
        Arena *scratch = arena_new("args");
        unit.args = compdb_clang_args(tu->command, scratch, &unit.narg);
        if (cache_key(run->cache, &unit, &tu->key) &&
            cache_find(run->cache, &unit, tu->key, run->arena, &fact)) {
            tu->content = fact.content;
            tu->deps = fact.deps;
            tu->ndep = fact.ndep;
            run->result->stats.ncached++;
        }
        arena_free(scratch);
    }
}

static void keep_in_cache(Run *run, const Tu *tu)
{
    if (!run->cache || !(tu->key.high || tu->key.low)) return;
    Err err = {0};
    Arena *scratch = arena_new("keep");
    CacheFact fact = {.content = tu->content, .ndep = tu->ndep};
    CacheUnit unit = {.file = tu->command->file};
    fact.deps = ARENA_ARRAY(scratch, CacheDep, tu->ndep);
    if (tu->ndep) memcpy(fact.deps, tu->deps, tu->ndep * sizeof *fact.deps);
    unit.args = compdb_clang_args(tu->command, scratch, &unit.narg);
    bool ok = cache_keep(run->cache, &unit, tu->key, &fact, tu->fact, tu->len, &err);
    arena_free(scratch);
    if (ok) return;
    progress_warn(run->progress, "%s: going on without a cache", err.text);
    run->cache = NULL;
}

/* What workers are sent to do. */
typedef struct Missing {
    Run *run;
    uint32_t *which; /* by number of the command: of the TU */
    uint32_t n;
} Missing;

static void take_fact(void *data, uint32_t number, const Answer *answer)
{
    const Missing *missing = data;
    Tu *tu = &missing->run->tus[missing->which[number]];
    tu->fact = answer->fact;
    tu->len = answer->len;
    tu->content = hash_bytes(tu->fact, tu->len);
    tu->deps = answer->deps;
    tu->ndep = answer->ndep;
    if (answer->is_complete) keep_in_cache(missing->run, tu);
}

static void say_interrupted(void *data, uint32_t nanswer)
{
    const Missing *missing = data;
    const Run *run = missing->run;
    fprintf(stderr, "sluice: interrupted: %u of %u files parsed; %s\n",
            run->ntu - missing->n + nanswer, run->ntu,
            run->cache ? "what is done is kept in the cache, run the same command again "
                         "to go on"
                       : "nothing is kept, for there is no cache");
}

bool extract_missing(Run *run, Err *err)
{
    const RunOptions *options = run->options;
    Missing missing = {.run = run};
    const Command **commands = ARENA_ARRAY(run->arena, const Command *, run->ntu);
    uint32_t *which = ARENA_ARRAY(run->arena, uint32_t, run->ntu), n = 0;
    for (uint32_t k = 0; k < run->ntu; k++) {
        uint32_t i = shaken(k, run->ntu);
        if (has_fact(&run->tus[i])) continue;
        commands[n] = run->tus[i].command;
        which[n++] = i;
    }
    if (!n) return true;
    PoolOptions pool = {.root = run->root,
                        .workers = options->workers,
                        .seconds = options->tu_seconds,
                        .megabytes = options->tu_megabytes,
                        .progress = run->progress,
                        .shares_headers = !options->no_pch,
                        .answered = take_fact,
                        .interrupted = run->is_session ? NULL : say_interrupted,
                        .data = &missing};
    missing.which = which;
    missing.n = n;
    Answer *answers = ARENA_ARRAY(run->arena, Answer, n);
    progress_start(run->progress, "parsing", n);
    bool ok = pool_run(&pool, commands, n, run->arena, answers,
                       &run->result->stats.peak_worker_kb, err);
    progress_clear(run->progress);
    return ok;
}

static bool is_below(const char *folder, const char *path)
{
    size_t len = strlen(folder);
    return !strncmp(path, folder, len) && (!path[len] || path[len] == '/');
}

/* A part of the tree that nothing analysed belongs to must not look like a clean one. */
static bool find_asked(const Run *run, Err *err)
{
    for (uint32_t i = 0; i < run->nbelow; i++) {
        const char *folder = path_join(run->arena, run->root, run->below[i]);
        bool found = false;
        for (uint32_t t = 0; t < run->ntu && !found; t++) {
            const Tu *tu = &run->tus[t];
            found = is_below(folder, tu->command->file);
            for (uint32_t d = 0; d < tu->ndep && !found; d++)
                found = is_below(folder, tu->deps[d].path);
        }
        if (!found)
            return err_set(err, ERR_USAGE,
                           "%s: no translation unit is below it, and none "
                           "includes a file below it",
                           run->below[i]);
    }
    return true;
}

bool phase_extract(Run *run, Err *err)
{
    double start = clock_seconds();
    set_tus(run);
    open_cache(run);
    find_in_cache(run);
    bool ok = extract_missing(run, err) && find_asked(run, err);
    run->result->stats.seconds_extract = clock_seconds() - start;
    return ok;
}

/* Fetches bytes that are only in the cache. A fact that cannot be read as what it was named is
 * made again. */
static bool fetch(Run *run, Err *err)
{
    for (uint32_t i = 0; i < run->ntu; i++) {
        Tu *tu = &run->tus[i];
        FileText text;
        if (tu->fact) continue;
        if (run->cache && cache_read(run->cache, tu->content, run->arena, &text)) {
            tu->fact = text.at;
            tu->len = text.len;
        } else {
            tu->content = (Hash){0};
            run->result->stats.ncached--;
        }
    }
    return extract_missing(run, err);
}

static int fact_compare(const void *a, const void *b)
{
    const Fact *x = a, *y = b;
    int order = name_compare(x->path, y->path);
    return order ? order : hash_compare(x->identity, y->identity);
}

/* One order, whatever order they came in; a fact that came twice is one. */
void run_sort_facts(Run *run)
{
    Fact *all = run->facts.at;
    uint32_t kept = 0;
    if (run->facts.n) qsort(all, run->facts.n, sizeof *all, fact_compare);
    for (uint32_t i = 0; i < run->facts.n; i++)
        if (!kept || fact_compare(&all[kept - 1], &all[i]) != 0) all[kept++] = all[i];
    run->facts.n = kept;
}

bool phase_read(Run *run, Err *err)
{
    double start = clock_seconds();
    if (!fetch(run, err)) return false;
    progress_start(run->progress, "reading facts", 0);
    for (uint32_t i = 0; i < run->ntu; i++) {
        const Tu *tu = &run->tus[i];
        Fact *facts;
        uint32_t n;
        if (!fact_read(tu->fact, tu->len, run->names, run->arena, &facts, &n, err))
            return err_while(err, "the fact of %s", tu->path);
        if (n != 1) BUG("%u facts of one TU", n);
        vec_push(run->arena, &run->facts, facts[0]);
    }
    run_sort_facts(run);
    run->result->stats.seconds_link += clock_seconds() - start;
    return true;
}

/* Every TU of the manifest must have come. */
static bool meet_expectations(const Run *run, Err *err)
{
    enum { MANIFEST_LIMIT = 1024 * 1024 * 1024 };
    FileText text;
    if (!file_read(run->options->expect, MANIFEST_LIMIT, run->arena, &text, err)) {
        if (err) err->kind = ERR_USAGE;
        return false;
    }
    Map present;
    map_init(&present, run->arena);
    for (uint32_t i = 0; i < run->facts.n; i++)
        map_put(&present, MAP_KEY(run->facts.at[i].path), 1, NULL);
    const char *missing = NULL;
    uint32_t nmissing = 0;
    for (const char *at = text.at; *at; at += strspn(at, "\r\n")) {
        size_t len = strcspn(at, "\r\n");
        const Name *path = name_of_range(run->names, at, len);
        at += len;
        if (!len || map_get(&present, MAP_KEY(path))) continue;
        if (!nmissing++) missing = path->text;
    }
    if (!nmissing) return true;
    return err_set(err, ERR_PARSE, "no fact of %s%s: %u of the TUs in %s did not come",
                   missing, nmissing > 1 ? " (and others)" : "", nmissing,
                   run->options->expect);
}

bool phase_read_files(Run *run, const char *const *files, uint32_t nfile, Err *err)
{
    enum { FACT_LIMIT = INT32_MAX };
    double start = clock_seconds();
    run->root = path_real(run->arena, run->options->root ? run->options->root
                                                         : run->options->directory);
    for (uint32_t i = 0; i < nfile; i++) {
        Arena *scratch = arena_new("fact file");
        FileText text;
        Fact *facts;
        uint32_t n = 0;
        bool ok = file_read(files[i], FACT_LIMIT, scratch, &text, err);
        if (!ok && err)
            err->kind = ERR_PARSE; /* a missing fact: the program is not whole */
        if (ok && !fact_read(text.at, text.len, run->names, run->arena, &facts, &n, err))
            ok = err_while(err, "%s", files[i]);
        for (uint32_t k = 0; k < n && ok; k++)
            vec_push(run->arena, &run->facts, facts[k]);
        arena_free(scratch);
        if (!ok) return false;
    }
    run_sort_facts(run);
    run->result->stats.seconds_link += clock_seconds() - start;
    return !run->options->expect || meet_expectations(run, err);
}
