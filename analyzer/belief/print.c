/* Beliefs as text: one line a slot, by name, so that tables of two runs can be compared. */
#include <stdlib.h>

#include "belief/inner.h"

static int entry_order(const void *a, const void *b)
{
    const Entry *x = *(const Entry *const *)a, *y = *(const Entry *const *)b;
    int by_name = name_compare(x->slot.name, y->slot.name);
    if (by_name) return by_name;
    if (x->slot.kind != y->slot.kind) return x->slot.kind < y->slot.kind ? -1 : 1;
    return x->slot.number < y->slot.number ? -1 : x->slot.number > y->slot.number;
}

static void print_entry(Buf *out, const Entry *entry)
{
    static const char *const slots[] = {"result", "param", "field",
                                        "global", "out",   "access"};
    static const char *const kinds[] = {
        "checked",      "macro",       "asserted",  "asked",       "unchecked",
        "null",         "null-new",    "set-valid", "set-unknown", "passed-valid",
        "passed-maybe", "passed-null", "named"};
    buf_printf(out, "belief %s %s", slots[entry->slot.kind], entry->slot.name->text);
    if (entry->slot.kind == SLOT_PARAM) buf_printf(out, " %u", entry->slot.number + 1);
    for (int i = 0; i < EVIDENCE_COUNT; i++)
        if (entry->tally.sites[i])
            buf_printf(out, " %s %u", kinds[i], entry->tally.sites[i]);
    if (entry->tally.excused) buf_printf(out, " excused %u", entry->tally.excused);
    buf_printf(out, "\n");
}

void beliefs_print(Buf *out, const Beliefs *beliefs)
{
    uint32_t n = 0;
    const Entry **sorted = ARENA_ARRAY(beliefs->arena, const Entry *, beliefs->entries.n);
    for (uint32_t i = 1; i < beliefs->entries.n; i++)
        if (beliefs->entries.at[i].slot.kind != SLOT_ACCESS)
            sorted[n++] = &beliefs->entries.at[i];
    if (n) qsort(sorted, n, sizeof(*sorted), entry_order);
    for (uint32_t i = 0; i < n; i++)
        print_entry(out, sorted[i]);
}
