/* sluice config: is the configuration right, and what does it come to? */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char usage[] = "sluice config verify|show|schema [OPTION]...";
static const char more[] =
    "\nverify  is .sluice.yaml understood? Status 2 and the place of the first mistake "
    "if not\n"
    "show    what holds, with the defaults, as a .sluice.yaml\n"
    "schema  the JSON Schema, for editors: # yaml-language-server: $schema=FILE\n";

static void put_tier(Buf *out, const char *lead, int tier)
{
    static const char *const names[] = {"none", "A", "B", "C"};
    if (tier != CONFIG_UNSET) buf_printf(out, "%s%s", lead, names[tier]);
}

/* In quotes: a pattern may begin with '*', which means something else in YAML. */
static void put_quoted(Buf *out, const char *lead, const char *text)
{
    if (!text) return;
    buf_printf(out, "%s\"", lead);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') buf_text(out, "\\");
        buf_put(out, text, 1);
    }
    buf_text(out, "\"");
}

static void put_threshold(Buf *out, const Threshold *threshold)
{
    const char *lead = threshold->rule ? ", path: " : "path: ";
    buf_text(out, "  - {");
    put_quoted(out, "rule: ", threshold->rule);
    put_quoted(out, lead, threshold->path);
    put_tier(out, ", fail-on: ", threshold->fail_on);
    put_tier(out, ", show: ", threshold->show);
    if (threshold->max >= 0) buf_printf(out, ", max: %" PRId64, threshold->max);
    buf_printf(out, "} # line %" PRIu32 "\n", threshold->line);
}

static int show(const Config *config, const char *folder, Arena *arena)
{
    Buf out;
    buf_init(&out, arena);
    if (config->file)
        buf_printf(&out, "# from %s\nversion: 1\n", config->file);
    else
        buf_text(&out,
                 "# no .sluice.yaml here or above: these are the defaults\nversion: 1\n");
    put_quoted(&out, "compile-database: ", config->compdb);
    buf_text(&out, config->compdb
                       ? "\n"
                       : "# compile-database: looked for here, in build*/, above\n");
    put_quoted(&out, "baseline: ", project_baseline(config, folder, arena));
    buf_text(&out, "\nmodels:");
    for (uint32_t i = 0; i < config->nmodel; i++)
        put_quoted(&out, "\n  - ", config->models[i]);
    buf_printf(&out, "%s\nallow-partial: %s\n", config->nmodel ? "" : " []",
               config->allow_partial == 1 ? "true" : "false");
    if (config->min_coverage >= 0)
        buf_printf(&out, "min-coverage: %g\n", config->min_coverage);
    put_tier(&out, "fail-on: ",
             config->fail_on == CONFIG_UNSET ? (int)TIER_A : config->fail_on);
    put_tier(&out, "\nshow: ", config->show == CONFIG_UNSET ? (int)TIER_B : config->show);
    buf_printf(&out, "\nthresholds:%s\n", config->nthreshold ? "" : " []");
    for (uint32_t i = 0; i < config->nthreshold; i++)
        put_threshold(&out, &config->thresholds[i]);
    return print_out(&out);
}

static int config_run(const Texts *words, Arena *arena)
{
    Args args;
    Err err = {0};
    const char *file = NULL;
    Config config;
    const Option options[] = {{"--config", 0, OPTION_TEXT, "FILE",
                               "default: the .sluice.yaml here or in a folder above",
                               &file},
                              {0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    const char *what = args.words.n == 1 ? args.words.at[0] : "";
    if (!strcmp(what, "schema")) return print_page(page_config_schema, arena);
    bool is_show = !strcmp(what, "show");
    if (!is_show && strcmp(what, "verify") != 0) {
        err_set(&err, ERR_USAGE, "usage: %s", usage);
        return fail(&err);
    }
    const char *folder = current_folder(arena, &err);
    if (!folder) return fail(&err);
    const char *folders[] = {folder, NULL};
    if (!project_config(file, folders, arena, &config, &err)) return fail(&err);
    if (is_show) return show(&config, folder, arena);
    if (!config.file) {
        err_set(&err, ERR_USAGE,
                "no .sluice.yaml here or in a folder above: sluice init writes one");
        return fail(&err);
    }
    printf("%s: right\n", config.file);
    return 0;
}

const Verb verb_config = {"config", "the configuration: verify, show, schema",
                          config_run};
