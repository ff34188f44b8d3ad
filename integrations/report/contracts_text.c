/* Contracts for people: the function, then a sentence a line. */
#include "contracts.h"

static void put_one(const Contract *contract, bool color, Arena *scratch, Buf *out)
{
    uint32_t n;
    const char *const *words = contract_words(contract, scratch, &n);
    buf_printf(out, "%s:%u: %s%s%s\n", contract->place.path, contract->place.line,
               color ? "\033[1m" : "", contract_head(contract, scratch),
               color ? "\033[0m" : "");
    for (uint32_t i = 0; i < n; i++)
        buf_printf(out, "    %s\n", words[i]);
    if (!n) buf_text(out, "    nothing about pointers\n");
}

void contracts_text(const ContractList *list, bool color, Buf *out)
{
    Arena *scratch = arena_new("contracts");
    for (uint32_t i = 0; i < list->n; i++) {
        if (i) buf_text(out, "\n");
        put_one(&list->at[i], color, scratch, out);
    }
    arena_free(scratch);
}
