/* sluice explain: the page of a rule. */
#include <string.h>

#include "cli.h"
#include "rules/rules.h"

static void put_list(Buf *out)
{
    for (size_t i = 0; i < all_rules_count; i++)
        buf_printf(out, "%-24s %s\n", all_rules[i]->id, all_rules[i]->title);
}

static int fail_rule(const char *id, Arena *arena)
{
    Texts ids = {0};
    for (size_t i = 0; i < all_rules_count; i++)
        vec_push(arena, &ids, all_rules[i]->id);
    const char *near = args_nearest(id, ids.at, ids.n);
    Err err;
    err_set(&err, ERR_USAGE, "no rule '%s'%s%s%s", id, near ? ": did you mean " : "",
            near ? near : "", near ? "?" : "; sluice explain lists them");
    return fail(&err);
}

static int explain(const Texts *words, Arena *arena)
{
    Args args;
    Err err = {0};
    const Option options[] = {{0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help || args.words.n > 1)
        return help("sluice explain [RULE]", options,
                    "Prints the page of a rule, or the list of rules.\n", arena);
    Buf out;
    buf_init(&out, arena);
    if (args.words.n) {
        const Rule *rule = rule_find(args.words.at[0]);
        if (!rule) return fail_rule(args.words.at[0], arena);
        buf_text(&out, rule->page);
    } else {
        put_list(&out);
    }
    return print_out(&out);
}

const Verb verb_explain = {"explain", "the page of a rule, or the list of rules",
                           explain};
