/* Any bytes as IR text: refused with a complaint, or read, verified and printed the same. */
#include "ir/print.h"
#include "ir/read.h"
#include "ir/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static Buf print(Arena *arena, const Unit *unit)
{
    Buf text;
    buf_init(&text, arena);
    ir_print_unit(&text, unit);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    Arena *arena = arena_new("fuzz");
    Names *names = names_new(arena);
    Unit *unit = NULL, *again = NULL;
    Err err = {0};
    if (ir_read_unit((const char *)data, len, names, arena, &unit, &err)) {
        BUG_IF(!ir_verify_unit(unit, &err));
        Buf first = print(arena, unit);
        if (!ir_read_unit(first.at, first.n, names, arena, &again, &err))
            BUG("what was printed cannot be read: %s", err.text);
        Buf second = print(arena, again);
        BUG_IF(first.n != second.n || memcmp(first.at, second.at, first.n) != 0);
    } else {
        BUG_IF(err.kind != ERR_CONFIG || !err.text[0]);
    }
    arena_free(arena);
    return 0;
}
