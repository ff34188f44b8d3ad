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

/* Where it is used without a test, as far as one line goes. */
static void print_uses(Buf *out, const Beliefs *beliefs, const Entry *entry)
{
    enum { MOST = 6 };
    uint32_t n = 0;
    for (uint32_t k = entry->detail; k && n < MOST; k = beliefs->details.at[k].next) {
        const Evidence *use = &beliefs->details.at[k].evidence;
        if (use->kind != EVIDENCE_UNCHECKED) continue;
        buf_printf(out, "%s %s", n++ ? "" : " in", use->site.fn->text);
    }
}

static void print_entry(Buf *out, const Beliefs *beliefs, const Entry *entry)
{
    static const char *const slots[SLOT_COUNT] = {
        [SLOT_RESULT] = "result", [SLOT_PARAM] = "param", [SLOT_FIELD] = "field",
        [SLOT_GLOBAL] = "global", [SLOT_OUT] = "out",     [SLOT_ACCESS] = "access",
        [SLOT_STATUS] = "status"};
    static const char *const kinds[EVIDENCE_COUNT] = {
        [EVIDENCE_CHECKED] = "checked",
        [EVIDENCE_CHECKED_MACRO] = "macro",
        [EVIDENCE_ASSERTED] = "asserted",
        [EVIDENCE_ASKED] = "asked",
        [EVIDENCE_UNCHECKED] = "unchecked",
        [EVIDENCE_SET_NULL] = "null",
        [EVIDENCE_SET_NEW] = "null-new",
        [EVIDENCE_SET_VALID] = "set-valid",
        [EVIDENCE_SET_UNKNOWN] = "set-unknown",
        [EVIDENCE_PASSED_VALID] = "passed-valid",
        [EVIDENCE_PASSED_MAYBE] = "passed-maybe",
        [EVIDENCE_PASSED_NULL] = "passed-null",
        [EVIDENCE_NAMED] = "named",
        [EVIDENCE_IGNORED] = "ignored",
        [EVIDENCE_ZERO] = "zero",
        [EVIDENCE_SIGN] = "sign",
        [EVIDENCE_EQUAL] = "equal"};
    buf_printf(out, "belief %s %s", slots[entry->slot.kind], entry->slot.name->text);
    if (entry->slot.kind == SLOT_PARAM) buf_printf(out, " %u", entry->slot.number + 1);
    for (int i = 0; i < EVIDENCE_COUNT; i++)
        if (entry->tally.sites[i])
            buf_printf(out, " %s %u", kinds[i], entry->tally.sites[i]);
    if (entry->tally.excused) buf_printf(out, " excused %u", entry->tally.excused);
    if (entry->tally.sites[EVIDENCE_CHECKED]) print_uses(out, beliefs, entry);
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
        print_entry(out, beliefs, sorted[i]);
}
