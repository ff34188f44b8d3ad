/* Why nothing is reported on a line: a paragraph a use; and the same as JSON. */
#include "why.h"

#include <string.h>

#include "json.h"
#include "report.h"

static bool is_same_use(const WhyAnswer *a, const WhyAnswer *b)
{
    return a->place.column == b->place.column && !strcmp(a->use, b->use) &&
           !strcmp(a->function, b->function);
}

static void put_head(const WhyAnswer *answer, bool color, Buf *out)
{
    const char *bold = color ? "\033[1m" : "", *plain = color ? "\033[0m" : "";
    buf_printf(out, "%s%s:%u", bold, answer->place.path, answer->place.line);
    if (answer->place.column) buf_printf(out, ":%u", answer->place.column);
    buf_printf(out, ":%s", plain);
    if (*answer->use) buf_printf(out, " %s", answer->use);
    if (*answer->function) buf_printf(out, " (in %s)", answer->function);
    buf_text(out, "\n");
}

static void put_finding(const WhyAnswer *answer, Buf *out)
{
    const char tier[] = {(char)('A' + answer->tier - TIER_A), 0};
    buf_printf(out, " [%s, tier %s]\n", answer->rule_id, tier);
    if (answer->kind == WHY_GROUPED)
        buf_printf(out, "        told with the same null at %s:%u\n", answer->by.path,
                   answer->by.line);
    if (answer->kind == WHY_TIER) {
        buf_text(out,
                 "        a note: `sluice check --tier C` shows it; what was weighed:");
        for (uint32_t i = 0; i < answer->nterm; i++)
            buf_printf(out, "%s %s %+.2g", i ? "," : "", answer->terms[i].name,
                       answer->terms[i].value);
        buf_text(out, "\n");
    }
}

void why_text(const WhyList *list, bool color, Buf *out)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const WhyAnswer *answer = &list->at[i];
        if (!i || !is_same_use(&list->at[i - 1], answer)) put_head(answer, color, out);
        buf_printf(out, "    %s: %s", why_kind_text(answer->kind), answer->text);
        if (answer->kind <= WHY_TIER && answer->rule_id)
            put_finding(answer, out);
        else
            buf_text(out, "\n");
    }
}

static cJSON *place_json(Place place, Arena *scratch)
{
    cJSON *object = json_object();
    json_add_text(object, "path", place.path, scratch);
    json_add_number(object, "line", place.line);
    if (place.column) json_add_number(object, "column", place.column);
    return object;
}

static cJSON *answer_json(const WhyAnswer *answer, Arena *scratch)
{
    cJSON *object = json_object();
    json_add_text(object, "kind", why_kind_text(answer->kind), scratch);
    json_add(object, "place", place_json(answer->place, scratch));
    if (*answer->function) json_add_text(object, "function", answer->function, scratch);
    if (*answer->use) json_add_text(object, "use", answer->use, scratch);
    json_add_text(object, "text", answer->text, scratch);
    if (answer->by.line) json_add(object, "by", place_json(answer->by, scratch));
    if (answer->rule_id) json_add_text(object, "rule", answer->rule_id, scratch);
    if (answer->kind > WHY_TIER || !answer->rule_id) return object;
    const char tier[] = {(char)('A' + answer->tier - TIER_A), 0};
    json_add_text(object, "tier", tier, scratch);
    json_add_number(object, "score", answer->score);
    cJSON *terms = json_array();
    for (uint32_t i = 0; i < answer->nterm; i++) {
        cJSON *term = json_object();
        json_add_text(term, "name", answer->terms[i].name, scratch);
        json_add_number(term, "value", answer->terms[i].value);
        json_push(terms, term);
    }
    json_add(object, "terms", terms);
    return object;
}

void why_json(const WhyList *list, Buf *out)
{
    Arena *scratch = arena_new("why");
    buf_printf(out, "{\"schema\":1,\n\"version\":\"%s\",\n\"answers\":[", SLUICE_VERSION);
    for (uint32_t i = 0; i < list->n; i++) {
        buf_text(out, i ? ",\n" : "\n");
        json_put(out, answer_json(&list->at[i], scratch));
    }
    buf_text(out, "]}\n");
    arena_free(scratch);
}
