/*
 * A fact file that someone has edited. Random bytes never get past the checksum, so the
 * input is a list of edits (where, what; four bytes each) to a good pack, which is sealed
 * again afterwards: what is tried is everything behind the checksum.
 */
#include "ir/codec.h"
#include "ir/read.h"

enum { HEAD = 24, TRAILER = 16, EDIT = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *const units[] = {
    "unit a.c complete 1\nfile a.c\nfn f i4(p8) @(a.c)1:5\nfn g v()\nbody f @1:9\n"
    "local p p8 !param\nb0:\n %1 = addr p8 p\n %2 = load p8 %1\n return %2\nbody g\nb0:\n"
    " return\n",
    "unit b.c failed 0\nnote error \"no such file\"\n",
};

static Buf good_pack(Arena *arena, Names *names)
{
    const char *files[2] = {0};
    size_t lens[2] = {0};
    for (int i = 0; i < 2; i++) {
        Unit *unit = NULL;
        Buf fact;
        buf_init(&fact, arena);
        BUG_IF(!ir_read_unit(units[i], strlen(units[i]), names, arena, &unit, NULL));
        fact_write(&fact, unit);
        files[i] = fact.at;
        lens[i] = fact.n;
    }
    Buf pack;
    buf_init(&pack, arena);
    BUG_IF(!pack_write(&pack, files, lens, 2, arena, NULL));
    return pack;
}

static void seal(Buf *file)
{
    Hash hash = hash_bytes(file->at, file->n - TRAILER);
    for (size_t i = 0; i < 8; i++) {
        file->at[file->n - 16 + i] = (char)(hash.low >> 8 * i & 0xff);
        file->at[file->n - 8 + i] = (char)(hash.high >> 8 * i & 0xff);
    }
}

/* One edit: a byte set, a byte taken out, or a byte put in. */
static void edit(Buf *file, const uint8_t *data)
{
    size_t at = (data[0] | (size_t)data[1] << 8) % file->n;
    char *place = file->at + at;
    size_t behind = file->n - at;
    switch (data[2] % 4) {
    case 0:
        if (file->n == HEAD + TRAILER) return;
        memmove(place, place + 1, behind - 1);
        file->n--;
        break;
    case 1:
        buf_put(file, "", 1);
        memmove(file->at + at + 1, file->at + at, behind);
        file->at[at] = (char)data[3];
        break;
    default: *place = (char)data[3];
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    Arena *arena = arena_new("fuzz");
    Names *names = names_new(arena);
    Buf file = good_pack(arena, names);
    for (size_t i = 0; i + EDIT <= len; i += EDIT)
        edit(&file, data + i);
    seal(&file);
    Fact *facts = NULL;
    uint32_t n = 0;
    Err err = {0};
    const char *exact =
        arena_copy(arena, file.at, file.n); /* nothing readable behind it */
    bool ok = fact_read(exact, file.n, names, arena, &facts, &n, &err);
    BUG_IF(!ok && err.kind != ERR_CACHE);
    for (uint32_t i = 0; ok && i < n; i++) {
        Buf again;
        buf_init(&again, arena);
        fact_write(&again, facts[i].unit);
    }
    Buf pack;
    buf_init(&pack, arena);
    pack_write(&pack, &exact, &file.n, 1, arena, &err);
    arena_free(arena);
    return 0;
}
