/*
 * sluice init: the files by which a project begins to use sluice. It asks nothing: what the
 * repository is built with and where it is hosted can be seen. A file that is there is left alone.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "build_system.h"
#include "cli.h"
#include "templates.h"

static const char usage[] = "sluice init [OPTION]... [FOLDER]";
static const char more[] =
    "\nWrites .sluice.yaml, and a job for every CI system that the repository already "
    "shows "
    "signs\nof; the options name others. Files that exist are left as they are.\n";

typedef struct Setup {
    const char *folder;
    const BuildSystem *system;
    Arena *arena;
    bool force, is_dry;
    bool github, gitlab, jenkins, pre_commit;
    uint32_t nwritten;
} Setup;

static const char *in_folder(const Setup *setup, const char *path)
{
    return path_join(setup->arena, setup->folder, path);
}

static bool exists(const Setup *setup, const char *path)
{
    return file_exists(in_folder(setup, path));
}

/* --- what can be found out ---------------------------------------------------------------- */

/* The address of a remote says where the project is hosted. */
static bool has_remote(const Setup *setup, const char *word)
{
    enum { CONFIG_LIMIT = 1024 * 1024 };
    FileText text;
    return file_read(in_folder(setup, ".git/config"), CONFIG_LIMIT, setup->arena, &text,
                     NULL) &&
           strstr(text.at, word);
}

static void look_around(Setup *setup)
{
    bool is_told = setup->github || setup->gitlab || setup->jenkins || setup->pre_commit;
    if (is_told) return;
    setup->github = exists(setup, ".github") || has_remote(setup, "github.");
    setup->gitlab = exists(setup, ".gitlab-ci.yml") || has_remote(setup, "gitlab.");
    setup->jenkins = exists(setup, "Jenkinsfile");
    setup->pre_commit = exists(setup, ".pre-commit-config.yaml");
}

/* A database that is there already is better than the one we would make. */
static const char *database_of(const Setup *setup)
{
    static const char *const folders[] = {
        "build", "builddir", "out", "cmake-build-debug", "_build", "."};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (exists(setup,
                   arena_printf(setup->arena, "%s/compile_commands.json", folders[i])))
            return folders[i];
    return setup->system->database;
}

/* Code of others is not the team's to mend. */
static const char *excluded(const Setup *setup)
{
    static const char *const names[] = {"third_party", "third-party", "vendor",
                                        "external",    "extern",      "subprojects",
                                        "deps"};
    const char *text = "", *lead = "\n# Code of others.\nexclude: [";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!exists(setup, names[i])) continue;
        text = arena_printf(setup->arena, "%s%s%s", text, lead, names[i]);
        lead = ", ";
    }
    return *text ? arena_printf(setup->arena, "%s]\n", text) : "";
}

/* --- files -------------------------------------------------------------------------------- */

static const char *value_of(const Setup *setup, const char *key, size_t len)
{
    struct {
        const char *key, *value;
    } values[] = {{"DATABASE", database_of(setup)},
                  {"EXCLUDE", excluded(setup)},
                  {"BUILD", setup->system->command},
                  {"PACKAGES", setup->system->packages}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strlen(values[i].key) == len && !memcmp(values[i].key, key, len))
            return values[i].value;
    return NULL;
}

/* The page with a value in place of every "@KEY@". */
static void fill(const Setup *setup, const char *page, Buf *out)
{
    while (*page) {
        size_t len = strspn(page + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        const char *value = *page == '@' && len && page[1 + len] == '@'
                                ? value_of(setup, page + 1, len)
                                : NULL;
        if (value)
            buf_text(out, value);
        else
            buf_put(out, page, 1);
        page += value ? len + 2 : 1;
    }
}

static bool write_file(Setup *setup, const char *path, const char *page, Err *err)
{
    Buf out;
    const char *full = in_folder(setup, path);
    if (file_exists(full) && !setup->force) {
        printf("  %-32s is there, and left as it is (--force writes it anew)\n", path);
        return true;
    }
    buf_init(&out, setup->arena);
    fill(setup, page, &out);
    if (setup->is_dry) {
        printf("--- %s\n%s", path, out.at);
        return true;
    }
    const char *slash = strrchr(full, '/');
    const char *folder = arena_copy(setup->arena, full, (size_t)(slash - full));
    if (!file_make_folders(folder, err) || !file_write(full, out.at, out.n, err))
        return false;
    printf("  %-32s written\n", path);
    setup->nwritten++;
    return true;
}

static bool write_gitlab(Setup *setup, Err *err)
{
    static const char include[] = "include:\n  - local: .gitlab/sluice.yml\n";
    if (!write_file(setup, ".gitlab/sluice.yml", page_gitlab_job, err)) return false;
    if (!exists(setup, ".gitlab-ci.yml"))
        return write_file(setup, ".gitlab-ci.yml", include, err);
    printf("  %-32s add to it:\n\n%s\n", ".gitlab-ci.yml", include);
    return true;
}

static bool write_pre_commit(Setup *setup, Err *err)
{
    if (!exists(setup, ".pre-commit-config.yaml") || setup->force)
        return write_file(setup, ".pre-commit-config.yaml", page_pre_commit, err);
    printf("  %-32s add to it:\n\n%s\n", ".pre-commit-config.yaml",
           strchr(page_pre_commit, '\n') + 1);
    return true;
}

static bool write_all(Setup *setup, Err *err)
{
    return write_file(setup, ".sluice.yaml", page_sluice_config, err) &&
           (!setup->github || write_file(setup, ".github/workflows/sluice.yml",
                                         page_github_workflow, err)) &&
           (!setup->gitlab || write_gitlab(setup, err)) &&
           (!setup->jenkins ||
            write_file(setup, "Jenkinsfile.sluice", page_jenkinsfile, err)) &&
           (!setup->pre_commit || write_pre_commit(setup, err));
}

static void say_next(const Setup *setup)
{
    bool has_job = setup->github || setup->gitlab || setup->jenkins || setup->pre_commit;
    if (setup->is_dry) return;
    printf("\nBuilt with %s. Next:\n"
           "  %s\n"
           "  sluice doctor             # is the compile database whole?\n"
           "  sluice baseline update    # let today's findings pass; commit the file\n",
           setup->system->name, setup->system->command);
    if (setup->github || setup->gitlab)
        printf(
            "  In the CI system: set the variable SLUICE_PACKAGE to the address of "
            "sluice's "
            ".deb\n  (`./dev package` in its repository makes it; keep it where jobs can "
            "fetch it).\n");
    if (!has_job)
        printf(
            "No CI system was recognised: --github, --gitlab, --jenkins and --pre-commit "
            "write a job.\n");
}

static int init_run(const Texts *words, Arena *arena)
{
    Setup setup = {.arena = arena};
    Args args;
    Err err = {0};
    const Option options[] = {
        {"--github", 0, OPTION_FLAG, "", "a GitHub workflow with code scanning",
         &setup.github},
        {"--gitlab", 0, OPTION_FLAG, "", "a GitLab job with Code Quality", &setup.gitlab},
        {"--jenkins", 0, OPTION_FLAG, "", "a Jenkins pipeline", &setup.jenkins},
        {"--pre-commit", 0, OPTION_FLAG, "", "a hook for pre-commit, before a push",
         &setup.pre_commit},
        {"--force", 0, OPTION_FLAG, "", "write files anew that are there", &setup.force},
        {"--dry-run", 'n', OPTION_FLAG, "", "show the files instead of writing them",
         &setup.is_dry},
        {0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    const char *here = current_folder(arena, &err);
    if (!here) return fail(&err);
    if (args.words.n > 1) {
        err_set(&err, ERR_USAGE, "usage: %s", usage);
        return fail(&err);
    }
    setup.folder = args.words.n ? path_join(arena, here, args.words.at[0]) : here;
    if (!file_exists(setup.folder)) {
        err_set(&err, ERR_USAGE, "%s: no such folder", args.words.at[0]);
        return fail(&err);
    }
    setup.system = build_system_of(setup.folder, arena);
    look_around(&setup);
    if (!write_all(&setup, &err)) return fail(&err);
    say_next(&setup);
    return 0;
}

const Verb verb_init = {"init", "configuration and CI jobs for a project", init_run};
