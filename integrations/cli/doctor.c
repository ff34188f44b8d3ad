/*
 * sluice doctor: is the compile database what the analysis needs, and if not, how to get one that
 * is. It looks with the eyes of `check`: what is parsed here is in the cache then.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/map.h"
#include "base/name.h"
#include "build_system.h"
#include "cli.h"
#include "gate.h"

static const char usage[] = "sluice doctor [OPTION]... [-- CC ARGS]";
static const char more[] = "\nReads the compile database, parses every translation unit, "
                           "and says what is missing "
                           "and\nwhat to do about it. Runs nothing that the database "
                           "names. Status 3: `sluice check` "
                           "would\nnot see the whole program.\n";

enum { MOST_SHOWN = 8 };

typedef struct Doctor {
    Project project;
    bool verbose;
    Arena *arena;
    const BuildSystem *system;
    RunResult result;
    Buf out;
    uint32_t nfault;
} Doctor;

typedef enum Mark { MARK_FINE, MARK_NOTE, MARK_BAD } Mark;

/* "ok    database   ..." */
static void PRINTF_LIKE(4, 5)
    say(Doctor *doctor, Mark mark, const char *what, const char *fmt, ...)
{
    static const char *const words[] = {"ok", "note", "BAD"};
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_printf(&doctor->out, "%-5s %-10s %s\n", words[mark], what, text);
    doctor->nfault += mark == MARK_BAD;
}

static void advise(Doctor *doctor, const char *text)
{
    buf_printf(&doctor->out, "%16s -> %s\n", "", text);
}

/* How this project gets a compile database. */
static void advise_build(Doctor *doctor)
{
    const BuildSystem *system = doctor->system;
    if (system->marker) {
        advise(doctor, arena_printf(doctor->arena, "%s is here, so: %s", system->marker,
                                    system->command));
    } else {
        advise(doctor, "CMake: -DCMAKE_EXPORT_COMPILE_COMMANDS=ON; Meson and Ninja "
                       "(-t compdb) write one by themselves");
        advise(doctor, "any other: sluice capture -- BUILD COMMAND, after a clean, "
                       "watches the compiler at work");
    }
    advise(doctor, "one file alone: sluice check -- cc -Iinclude -c src/a.c");
}

/* --- the database ------------------------------------------------------------------------- */

static void look_at_database(Doctor *doctor)
{
    const RunResult *result = &doctor->result;
    const RunStats *stats = &result->stats;
    if (!stats->ntu) {
        say(doctor, MARK_BAD, "database", "%s has no command that compiles C%s",
            result->origin,
            stats->nskipped
                ? ", only others (C++, assembler, -E)"
                : ": a build with nothing to do records nothing; clean first");
        advise_build(doctor);
        return;
    }
    const char *others =
        stats->nskipped
            ? arena_printf(doctor->arena,
                           ", %" PRIu32 " other entries (C++, assembler, repeated)",
                           stats->nskipped)
            : "";
    say(doctor, MARK_FINE, "database", "%s: %" PRIu32 " translation unit%s%s",
        result->origin, stats->ntu, stats->ntu == 1 ? "" : "s", others);
    const BuildSystem *system = doctor->system;
    struct stat marker, database;
    if (system->marker && stat(result->origin, &database) == 0 &&
        stat(path_join(doctor->arena, result->root, system->marker), &marker) == 0 &&
        marker.st_mtime > database.st_mtime) {
        say(doctor, MARK_NOTE, "age",
            "the database is older than %s: it may not know of "
            "new files",
            system->marker);
        advise(doctor, system->command);
    }
}

/* --- what no command compiles ------------------------------------------------------------- */

static bool is_c_file(const char *name)
{
    size_t len = strlen(name);
    return len > 2 && !strcmp(name + len - 2, ".c") && name[0] != '.';
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* C files beside those that are compiled. */
static void find_others(Doctor *doctor, const char *folder, Names *names,
                        const Map *units, Texts *others)
{
    const char *full = path_join(doctor->arena, doctor->result.root, folder);
    DIR *dir = opendir(full);
    if (!dir) return;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (!is_c_file(entry->d_name)) continue;
        const char *path =
            *folder ? arena_printf(doctor->arena, "%s/%s", folder, entry->d_name)
                    : arena_copy(doctor->arena, entry->d_name, strlen(entry->d_name));
        if (!map_get(units, MAP_KEY(name_of(names, path))))
            vec_push(doctor->arena, others, path);
    }
    closedir(dir);
}

static void look_at_others(Doctor *doctor)
{
    const RunResult *result = &doctor->result;
    Map units, folders;
    Texts others = {0};
    Names *names = names_new(doctor->arena);
    map_init(&units, doctor->arena);
    map_init(&folders, doctor->arena);
    for (uint32_t i = 0; i < result->nunit; i++)
        map_put(&units, MAP_KEY(name_of(names, result->units[i])), 1, NULL);
    for (uint32_t i = 0; i < result->nunit; i++) {
        const char *path = result->units[i], *slash = strrchr(path, '/');
        const Name *folder =
            name_of_range(names, path, slash ? (size_t)(slash - path) : 0);
        bool is_new = false;
        map_put(&folders, MAP_KEY(folder), 1, &is_new);
        if (is_new && path[0] != '/')
            find_others(doctor, folder->text, names, &units, &others);
    }
    if (!others.n) return;
    qsort(others.at, others.n, sizeof *others.at, compare_words);
    say(doctor, MARK_NOTE, "coverage",
        "%" PRIu32 " C file%s beside those that are compiled "
        "%s not in the database: %s%s",
        others.n, others.n == 1 ? "" : "s", others.n == 1 ? "is" : "are", others.at[0],
        others.n > 1 ? ", ..." : "");
    for (uint32_t i = 1; doctor->verbose && i < others.n; i++)
        buf_printf(&doctor->out, "%17s%s\n", "", others.at[i]);
    advise(doctor, "right for other platforms and options; else build all targets (and "
                   "tests) when the database is made");
}

/* --- translation units -------------------------------------------------------------------- */

static const char *remedy_of(Doctor *doctor, const RunNote *note)
{
    if (strstr(note->text, "file not found"))
        return arena_printf(doctor->arena,
                            "a generated header? Build first (%s). One of a library? "
                            "Install its -dev package",
                            doctor->system->command);
    if (!file_exists(path_join(doctor->arena, doctor->result.root, note->place.path)))
        return "the file is gone: the database is old; configure and build anew";
    if (strstr(note->text, "limit") || strstr(note->text, "time"))
        return "--tu-timeout and --tu-memory allow more";
    return NULL;
}

static void look_at_units(Doctor *doctor)
{
    const RunResult *result = &doctor->result;
    const RunStats *stats = &result->stats;
    uint32_t nshown = 0, nlost = stats->nfailed + stats->npartial;
    const char *last = NULL;
    if (!stats->ntu) return;
    if (!nlost)
        say(doctor, MARK_FINE, "parsing",
            "all of %" PRIu32 " units, %" PRIu32 " functions, %" PRIu64 " lines",
            stats->ntu, stats->nfn, stats->lines);
    else
        say(doctor, MARK_BAD, "parsing",
            "of %" PRIu32 " units %" PRIu32 " failed, %" PRIu32
            " %s partial: `sluice check` ends with status 3",
            stats->ntu, stats->nfailed, stats->npartial,
            stats->npartial == 1 ? "is" : "are");
    for (uint32_t i = 0; i < result->nnote; i++) {
        const RunNote *note = &result->notes[i];
        if (note->kind == RUN_ADAPTED && !doctor->verbose) continue;
        if (nshown++ >= MOST_SHOWN && !doctor->verbose) continue;
        buf_printf(&doctor->out, "%17s%s:%" PRIu32 ": %s\n", "", note->place.path,
                   note->place.line, note->text);
        const char *remedy = note->kind >= RUN_ADAPTED ? NULL : remedy_of(doctor, note);
        if (remedy && (!last || strcmp(last, remedy) != 0)) advise(doctor, remedy);
        if (remedy) last = remedy;
    }
    if (nshown > MOST_SHOWN && !doctor->verbose)
        buf_printf(&doctor->out, "%17s... and %" PRIu32 " more (-v lists them)\n", "",
                   nshown - MOST_SHOWN);
}

static void look_at_engine(Doctor *doctor)
{
    const RunStats *stats = &doctor->result.stats;
    if (!stats->nfn) {
        if (stats->ntu) say(doctor, MARK_BAD, "functions", "no function was analysed");
        return;
    }
    double known = stats->ncall
                       ? 100.0 - 100.0 * (double)stats->nunresolved / (double)stats->ncall
                       : 100.0;
    say(doctor, MARK_FINE, "analysis",
        "%.2f %% of the program; what is called is known at "
        "%.0f %% of %" PRIu64 " calls",
        gate_coverage(stats), known, stats->ncall);
}

/* --- what a gate needs besides ------------------------------------------------------------ */

static void look_at_project(Doctor *doctor)
{
    const Config *config = &doctor->project.config;
    const char *root =
        doctor->result.root ? doctor->result.root : doctor->project.run.directory;
    if (config->file)
        say(doctor, MARK_FINE, "config", "%s", config->file);
    else
        say(doctor, MARK_NOTE, "config", "no .sluice.yaml: sluice init writes one");
    const char *file =
        project_baseline(config, doctor->project.run.directory, doctor->arena);
    BaselineFile known;
    Err err = {0};
    if (!file_exists(file))
        say(doctor, MARK_NOTE, "baseline",
            "none: sluice baseline update lets today's "
            "findings pass");
    else if (baseline_read(file, doctor->arena, &known, &err))
        say(doctor, MARK_FINE, "baseline", "%s: %" PRIu32 " finding%s accepted", file,
            known.known.n, known.known.n == 1 ? "" : "s");
    else
        say(doctor, MARK_BAD, "baseline", "%s", err.text);
    if (!file_exists(path_join(doctor->arena, root, ".git")))
        say(doctor, MARK_NOTE, "git",
            "no repository at %s: --base needs one, --diff and a "
            "baseline do not",
            root);
    else if (file_exists(path_join(doctor->arena, root, ".git/shallow")))
        say(doctor, MARK_NOTE, "git",
            "a shallow clone: --base needs the commit where the "
            "branch began (git fetch --unshallow; fetch-depth: 0; GIT_DEPTH: 0)");
    else
        say(doctor, MARK_FINE, "git", "check --base REV can compare");
}

static int examine(Doctor *doctor)
{
    Err err = {0};
    RunOptions *run = &doctor->project.run;
    bool ok = run_check(run, doctor->arena, &doctor->result, &err);
    if (ok) {
        look_at_database(doctor);
        look_at_units(doctor);
        look_at_others(doctor);
        look_at_engine(doctor);
    } else {
        say(doctor, MARK_BAD, "database", "%s", err.text);
        advise_build(doctor);
    }
    look_at_project(doctor);
    int written = print_out(&doctor->out);
    if (written) return written;
    if (!ok) return err_exit_status(err.kind);
    return doctor->nfault || doctor->result.is_incomplete ? EXIT_INCOMPLETE : EXIT_PASSED;
}

static int doctor_run(const Texts *words, Arena *arena)
{
    Doctor doctor = {.arena = arena};
    Args args;
    Err err = {0};
    const Option own[] = {{"--verbose", 'v', OPTION_FLAG, "",
                           "everything, not only the first of each kind",
                           &doctor.verbose},
                          {0}};
    const Option *options = project_options(own, &doctor.project, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    if (args.words.n) {
        err_set(&err, ERR_USAGE, "usage: %s", usage);
        return fail(&err);
    }
    if (!project_prepare(&doctor.project, &args, arena, &err)) return fail(&err);
    options_progress(&doctor.project.run, false);
    doctor.system = build_system_of(doctor.project.run.directory, arena);
    buf_init(&doctor.out, arena);
    buf_printf(&doctor.out, "sluice %s\n", SLUICE_VERSION);
    return examine(&doctor);
}

const Verb verb_doctor = {"doctor", "what is wrong with the compile database",
                          doctor_run};
