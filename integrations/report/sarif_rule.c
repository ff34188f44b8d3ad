/*
 * reportingDescriptor: what SARIF consumers show about a rule, and how GitHub, GitLab and
 * others rank it. Texts above a consumer's limit make it drop the rule, so they are cut.
 */
#include <ctype.h>
#include <string.h>

#include "finding/suppress.h"
#include "sarif.h"
#include "utf8.h"

enum { LONGEST_TEXT = 1000 };

const ReportRule sarif_own_rules[] = {
    {.id = SUPPRESS_UNUSED,
     .title = "a suppression that silences nothing",
     .advice = "Remove the comment, or correct the rule's name."},
    {.id = SUPPRESS_NO_REASON,
     .title = "a suppression without a reason",
     .advice = "Say why, behind the rule's name."},
};
const uint32_t sarif_own_rule_count = sizeof sarif_own_rules / sizeof sarif_own_rules[0];

int64_t sarif_rule_index(const Sarif *sarif, const char *id)
{
    for (uint32_t i = 0; i < sarif->input->nrule; i++)
        if (!strcmp(sarif->input->rules[i].id, id)) return i;
    for (uint32_t i = 0; i < sarif_own_rule_count; i++)
        if (!strcmp(sarif_own_rules[i].id, id)) return (int64_t)sarif->input->nrule + i;
    return -1;
}

cJSON *sarif_message(const char *text, Arena *scratch)
{
    size_t len = strlen(text), cut = utf8_cut(text, len, LONGEST_TEXT - 4);
    const char *shown =
        cut == len ? text : arena_printf(scratch, "%.*s...", (int)cut, text);
    cJSON *message = json_object();
    json_add_text(message, "text", shown, scratch);
    return message;
}

/* "null-deref" -> "NullDeref" */
static const char *pascal_name(const char *id, Arena *scratch)
{
    char *name = arena_copy(scratch, id, strlen(id)), *to = name;
    bool is_start = true;
    for (const char *from = id; *from; from++) {
        if (*from == '-') {
            is_start = true;
            continue;
        }
        *to++ = is_start ? (char)toupper((unsigned char)*from) : *from;
        is_start = false;
    }
    *to = 0;
    return name;
}

/* "a null pointer dereference" -> "A null pointer dereference." */
static const char *sentence(const char *title, Arena *scratch)
{
    char *text = arena_printf(scratch, "%s.", title);
    text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}

/* The first paragraph of the page that is no heading. */
static const char *first_paragraph(const char *page, Arena *scratch)
{
    while (*page == '\n' || *page == '#') {
        const char *end = strchr(page, '\n');
        if (!end) return NULL;
        page = end + 1;
    }
    const char *end = strstr(page, "\n\n");
    size_t len = end ? (size_t)(end - page) : strlen(page);
    char *text = arena_copy(scratch, page, len);
    for (char *c = text; *c; c++)
        if (*c == '\n') *c = ' ';
    while (len && text[len - 1] == ' ')
        text[--len] = 0;
    return len ? text : NULL;
}

/* GitHub wants a string, and makes it a security alert. Severity is a rule's there, not a
 * result's: "medium", so that a rule's weakest finding does not block a pull request. */
static const char *security_severity(const char *cwe)
{
    return strcmp(cwe, "CWE-476") == 0 ? "6.5" : "5.0";
}

static cJSON *tags_of(const ReportRule *rule, Arena *scratch)
{
    cJSON *tags = json_array();
    json_push(tags, json_text("correctness", scratch));
    const char *dash = strchr(rule->id, '-');
    size_t family = dash ? (size_t)(dash - rule->id) : strlen(rule->id);
    json_push(tags, json_text(arena_copy(scratch, rule->id, family), scratch));
    if (!rule->cwe) return tags;
    char *tag = arena_printf(scratch, "external/cwe/%s", rule->cwe);
    for (char *c = tag; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    json_push(tags, json_text("security", scratch));
    json_push(tags, json_text(tag, scratch));
    return tags;
}

static cJSON *properties_of(const ReportRule *rule, Arena *scratch)
{
    cJSON *properties = json_object();
    json_add(properties, "tags", tags_of(rule, scratch));
    json_add_text(properties, "precision", rule->is_preview ? "medium" : "high", scratch);
    json_add_text(properties, "problem.severity",
                  rule->cwe ? "warning" : "recommendation", scratch);
    if (rule->cwe)
        json_add_text(properties, "security-severity", security_severity(rule->cwe),
                      scratch);
    if (rule->since) json_add_text(properties, "since", rule->since, scratch);
    return properties;
}

cJSON *sarif_rule(const ReportRule *rule, Arena *scratch)
{
    const char *title = sentence(rule->title, scratch);
    const char *about = rule->page ? first_paragraph(rule->page, scratch) : NULL;
    const char *brief = arena_printf(scratch, "%s %s", title, rule->advice);
    const char *page = rule->page ? rule->page : brief;
    cJSON *object = json_object(), *help = json_object(), *level = json_object();
    json_add_text(object, "id", rule->id, scratch);
    json_add_text(object, "name", pascal_name(rule->id, scratch), scratch);
    json_add(object, "shortDescription", sarif_message(title, scratch));
    json_add(object, "fullDescription", sarif_message(about ? about : brief, scratch));
    json_add_text(help, "text", page, scratch);
    json_add_text(help, "markdown", page, scratch);
    json_add(object, "help", help);
    json_add_text(level, "level", "warning", scratch);
    json_add(object, "defaultConfiguration", level);
    json_add(object, "properties", properties_of(rule, scratch));
    return object;
}
