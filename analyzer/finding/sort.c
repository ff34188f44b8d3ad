/*
 * One order for every output: by place, then by what is said, then by all the rest, so
 * that no two different findings ever compare equal and qsort has no choice to make.
 */
#include <stdlib.h>
#include <string.h>

#include "finding/finding.h"

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_number(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare_real(double a, double b)
{
    return (a > b) - (a < b);
}

static int compare_place(const Place *a, const Place *b)
{
    int order = compare_text(a->path, b->path);
    if (!order) order = compare_number(a->line, b->line);
    if (!order) order = compare_number(a->column, b->column);
    return order;
}

static int compare_steps(const Step *a, uint32_t na, const Step *b, uint32_t nb)
{
    int order = compare_number(na, nb);
    for (uint32_t i = 0; i < na && !order; i++) {
        order = compare_place(&a[i].place, &b[i].place);
        if (!order) order = compare_number(a[i].place.end_column, b[i].place.end_column);
        if (!order) order = compare_text(a[i].text, b[i].text);
        if (!order) order = compare_text(a[i].function, b[i].function);
        if (!order) order = compare_number(a[i].depth, b[i].depth);
    }
    return order;
}

static int compare_terms(const Finding *a, const Finding *b)
{
    int order = compare_number(a->nterm, b->nterm);
    for (uint32_t i = 0; i < a->nterm && !order; i++) {
        order = compare_text(a->terms[i].name, b->terms[i].name);
        if (!order) order = compare_real(a->terms[i].value, b->terms[i].value);
    }
    return order;
}

/* What a reader would call the same finding. */
static int compare_said(const Finding *a, const Finding *b)
{
    int order = compare_place(&a->place, &b->place);
    if (!order) order = compare_text(a->rule_id, b->rule_id);
    if (!order) order = compare_text(a->text, b->text);
    if (!order) order = compare_text(a->function, b->function);
    return order;
}

const char *builds_text(Builds builds)
{
    static const char *const texts[] = {NULL, "only in builds that keep assertions",
                                        "only in builds without assertions (NDEBUG)"};
    return texts[builds];
}

int finding_compare(const void *one, const void *other)
{
    const Finding *a = one, *b = other;
    int order = compare_said(a, b);
    if (!order) order = compare_number(a->builds, b->builds);
    if (!order) order = compare_number(a->tier, b->tier);
    if (!order) order = compare_steps(a->steps, a->nstep, b->steps, b->nstep);
    if (!order) order = compare_real(b->score, a->score);
    if (!order) order = compare_number(a->place.end_column, b->place.end_column);
    if (!order) order = compare_text(a->advice, b->advice);
    if (!order) order = compare_steps(a->related, a->nrelated, b->related, b->nrelated);
    if (!order) order = compare_terms(a, b);
    if (!order) order = strcmp(a->fingerprint, b->fingerprint);
    if (!order) order = compare_text(a->suppressed, b->suppressed);
    return order;
}

static void drop_repeated(FindingList *list)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        if (kept && !compare_said(&list->at[kept - 1], &list->at[i])) continue;
        if (kept != i) list->at[kept] = list->at[i];
        kept++;
    }
    list->n = kept;
}

void finding_sort(FindingList *list)
{
    if (list->n) qsort(list->at, list->n, sizeof *list->at, finding_compare);
    drop_repeated(list);
}
