/*
 * The order of units: by path, whatever order they were read in. A file that is compiled
 * twice with different flags gives two units of one path; then what is in them decides, and
 * units that differ in nothing compared here may stand in any order.
 */
#include <stdlib.h>

#include "program/tables.h"

static int number_compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int ins_compare(const Ins *a, const Ins *b)
{
    int order = number_compare(a->op, b->op);
    if (!order) order = number_compare(a->calc, b->calc);
    if (!order) order = number_compare((uint64_t)a->imm, (uint64_t)b->imm);
    if (!order) order = number_compare(a->local, b->local);
    if (!order) order = number_compare(a->loc.line, b->loc.line);
    if (!order) order = number_compare(a->loc.column, b->loc.column);
    return order;
}

static int body_compare(const Body *a, const Body *b)
{
    if (!a || !b) return number_compare(a != NULL, b != NULL);
    int order = number_compare(a->nblock, b->nblock);
    for (uint32_t i = 0; !order && i < a->nblock; i++) {
        const Block *left = &a->blocks[i], *right = &b->blocks[i];
        order = number_compare(left->nins, right->nins);
        for (uint32_t k = 0; !order && k < left->nins; k++)
            order = ins_compare(&left->ins[k], &right->ins[k]);
        if (!order) order = number_compare(left->nsucc, right->nsucc);
        for (uint32_t k = 0; !order && k < left->nsucc; k++)
            order = number_compare(left->succ[k], right->succ[k]);
    }
    return order;
}

static int unit_compare(const Unit *a, const Unit *b)
{
    int order = name_compare(a->path, b->path);
    if (!order) order = number_compare(a->status, b->status);
    if (!order) order = number_compare(a->nfn, b->nfn);
    if (!order) order = number_compare(a->nglobal, b->nglobal);
    if (!order) order = number_compare(a->nfield, b->nfield);
    for (uint32_t i = 1; !order && i < a->nfn; i++) {
        order = name_compare(a->fns[i].link_name, b->fns[i].link_name);
        if (!order) order = body_compare(a->fns[i].body, b->fns[i].body);
        if (!order) order = hash_compare(a->fns[i].content, b->fns[i].content);
    }
    for (uint32_t i = 1; !order && i < a->nglobal; i++) {
        order = name_compare(a->globals[i].link_name, b->globals[i].link_name);
        if (!order) order = number_compare(a->globals[i].ninit, b->globals[i].ninit);
    }
    return order;
}

static int entry_compare(const void *a, const void *b)
{
    return unit_compare(*(Unit *const *)a, *(Unit *const *)b);
}

Unit **units_sorted(Unit *const *units, uint32_t nunit, Arena *arena)
{
    Unit **sorted = ARENA_ARRAY(arena, Unit *, nunit);
    for (uint32_t i = 0; i < nunit; i++)
        sorted[i] = units[i];
    qsort(sorted, nunit, sizeof *sorted, entry_compare);
    return sorted;
}
