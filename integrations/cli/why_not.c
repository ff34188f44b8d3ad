/* sluice why-not: what silenced a finding that somebody expected. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "integrations/report/why.h"

static const char usage[] = "sluice why-not [OPTION]... FILE:LINE [-- CC ARGS]";
static const char more[] =
    "\nSays for every use of a pointer on the line why it is not reported: a test keeps\n"
    "NULL away (guard), a function's promise does (contract), too few others check it\n"
    "(belief), the finding is too weak to be shown (tier), a comment allows it\n"
    "(suppressed), the function was too large (budget), no path gets there\n"
    "(unreachable), nobody looked (not analysed), ... or that it is reported.\n";

/* A number behind the last colon, which is cut off. */
static bool cut_number(char *word, uint32_t *number)
{
    char *colon = strrchr(word, ':'), *end;
    if (!colon || colon == word || colon[1] < '0' || colon[1] > '9') return false;
    unsigned long value = strtoul(colon + 1, &end, 10);
    if (*end || value > UINT32_MAX) return false;
    *number = (uint32_t)value;
    *colon = 0;
    return true;
}

/* FILE:LINE, or FILE:LINE:COLUMN as compilers print it. */
static bool read_question(RunOptions *run, const char *word, Arena *arena, Err *err)
{
    char *file = arena_copy(arena, word, strlen(word));
    uint32_t last, line;
    if (!cut_number(file, &last))
        return err_set(err, ERR_USAGE, "'%s' is no FILE:LINE", word);
    run->why_line = cut_number(file, &line) ? line : last;
    run->why_file = file;
    return true;
}

static int why_not(const Texts *words, Arena *arena)
{
    Project project = {0};
    bool as_json = false, verbose = false, wants_schema = false;
    Args args;
    Err err = {0};
    RunResult result;
    const Option own[] = {
        {"--json", 0, OPTION_FLAG, "", "for scripts, as --schema says", &as_json},
        {"--schema", 0, OPTION_FLAG, "", "print the JSON Schema of --json",
         &wants_schema},
        {"--verbose", 'v', OPTION_FLAG, "", "what is being done, on standard error",
         &verbose},
        {0}};
    const Option *options = project_options(own, &project, arena);
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help) return help(usage, options, more, arena);
    if (wants_schema) return print_page(page_why_schema, arena);
    if (args.words.n != 1) {
        err_set(&err, ERR_USAGE, "why-not takes one FILE:LINE");
        return fail(&err);
    }
    if (!read_question(&project.run, args.words.at[0], arena, &err) ||
        !project_prepare(&project, &args, arena, &err))
        return fail(&err);
    options_progress(&project.run, verbose);
    if (!run_check(&project.run, arena, &result, &err)) return fail(&err);
    Buf out;
    buf_init(&out, arena);
    if (as_json)
        why_json(&result.why, &out);
    else
        why_text(&result.why, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"), &out);
    return print_out(&out);
}

const Verb verb_why_not = {"why-not", "why nothing is reported on a line", why_not};
