/* sluice lsp: the language server, for the project that the editor names. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli.h"
#include "finding/baseline.h"
#include "gate.h"
#include "integrations/lsp/lsp.h"
#include "rules/rules.h"

static const char usage[] = "sluice lsp [OPTION]...";
static const char more[] =
    "\nSpeaks the Language Server Protocol 3.17 on standard input and output: editors "
    "start\n"
    "it, people do not. Findings are those of `sluice check` for the files as they stand "
    "in\n"
    "the editor. docs/editors.md says how to set up VS Code, Neovim and Emacs.\n";

typedef struct Serving {
    Texts words; /* of the command line */
    Project project;
    BaselineFile known;
    bool has_known;
} Serving;

static bool read_known(Serving *serving, Arena *arena, Err *err)
{
    const Project *project = &serving->project;
    const char *file = project_baseline(&project->config, project->run.directory, arena);
    serving->has_known = file_exists(file);
    return !serving->has_known || baseline_read(file, arena, &serving->known, err);
}

static bool prepare(void *data, const char *const *words, uint32_t nword, Arena *arena,
                    RunOptions *options, Err *err)
{
    Serving *serving = data;
    Args args;
    Texts all = {0};
    for (uint32_t i = 0; i < serving->words.n; i++)
        vec_push(arena, &all, serving->words.at[i]);
    for (uint32_t i = 0; i < nword; i++)
        vec_push(arena, &all, words[i]);
    const Option none[] = {{0}};
    if (!args_parse(project_options(none, &serving->project, arena), &all, arena, &args,
                    err) ||
        !project_prepare(&serving->project, &args, arena, err) ||
        !read_known(serving, arena, err))
        return false;
    *options = serving->project.run;
    return true;
}

/* What the gate would block is an error; what it would not show is not shown. */
static void judge(void *data, RunResult *result, Arena *arena)
{
    Serving *serving = data;
    const Config *config = &serving->project.config;
    if (serving->has_known)
        baseline_apply(&result->findings, &serving->known.known, NULL, 0);
    Gate gate = {.fail_on =
                     config->fail_on == CONFIG_UNSET ? (int)TIER_A : config->fail_on,
                 .show = config->show == CONFIG_UNSET ? (int)TIER_B : config->show,
                 .thresholds = config->thresholds,
                 .nthreshold = config->nthreshold};
    gate_judge(&gate, result, arena);
}

static int serve(const Texts *words, Arena *arena)
{
    Serving serving = {.words = *words};
    Project given = {0};
    Args args;
    Err err = {0};
    const Option none[] = {{0}};
    const Option *options = project_options(none, &given, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    if (args.words.n || args.has_rest) {
        err_set(&err, ERR_USAGE, "lsp takes options only: '%s' is none",
                args.words.n ? args.words.at[0] : "--");
        return fail(&err);
    }
    LspSetup setup = {.prepare = prepare,
                      .judge = judge,
                      .data = &serving,
                      .rules = all_rules,
                      .nrule = (uint32_t)all_rules_count};
    return lsp_serve(&setup, STDIN_FILENO, STDOUT_FILENO);
}

const Verb verb_lsp = {"lsp", "language server for editors, on stdio", serve};
