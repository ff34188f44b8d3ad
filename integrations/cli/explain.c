/* sluice explain: the page of a rule. */
#include <string.h>

#include "cli.h"
#include "finding/suppress.h"
#include "integrations/report/json.h"
#include "rules/rules.h"
#include "templates.h"

static const char usage[] = "sluice explain [OPTION]... [RULE]";
static const char more[] =
    "\nPrints the page of a rule, or the list of rules: suppression-unused and\n"
    "suppression-without-reason have a page, too.\n";

static void put_list(Buf *out)
{
    for (size_t i = 0; i < all_rules_count; i++)
        buf_printf(out, "%-24s %s\n", all_rules[i]->id, all_rules[i]->title);
}

/* One rule a line. */
static void put_json(Buf *out)
{
    Arena *scratch = arena_new("rules");
    buf_text(out, "[");
    for (size_t i = 0; i < all_rules_count; i++) {
        const Rule *rule = all_rules[i];
        cJSON *item = json_object();
        json_add_text(item, "id", rule->id, scratch);
        json_add_text(item, "title", rule->title, scratch);
        json_add_text(item, "advice", rule->advice, scratch);
        json_add_text(item, "since", rule->since, scratch);
        if (rule->cwe) json_add_text(item, "cwe", rule->cwe, scratch);
        json_add_bool(item, "preview", rule->stage == STAGE_PREVIEW);
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, item);
    }
    buf_text(out, "]\n");
    arena_free(scratch);
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

static const char *page_of(const char *id)
{
    if (!strcmp(id, SUPPRESS_UNUSED) || !strcmp(id, SUPPRESS_NO_REASON))
        return page_suppressions;
    const Rule *rule = rule_find(id);
    return rule ? rule->page : NULL;
}

static int explain(const Texts *words, Arena *arena)
{
    Args args;
    Err err = {0};
    bool as_json = false;
    const Option options[] = {
        {"--json", 0, OPTION_FLAG, "", "the list of rules for scripts", &as_json}, {0}};
    if (!args_parse(options, words, arena, &args, &err)) return fail(&err);
    if (args.wants_help || args.words.n > 1) return help(usage, options, more, arena);
    Buf out;
    buf_init(&out, arena);
    if (args.words.n) {
        const char *page = page_of(args.words.at[0]);
        if (!page) return fail_rule(args.words.at[0], arena);
        buf_text(&out, page);
    } else if (as_json) {
        put_json(&out);
    } else {
        put_list(&out);
    }
    return print_out(&out);
}

const Verb verb_explain = {"explain", "the page of a rule, or the list of rules",
                           explain};
