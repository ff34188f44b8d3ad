/* Interned strings: open addressing, doubled when half full. */
#include "base/name.h"

#include <string.h>

#include "base/err.h"

struct Names {
    Arena *arena;
    const Name **slots;
    uint32_t nslot, n;
};

static uint32_t text_hash(const char *text, size_t len)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

Names *names_new(Arena *arena)
{
    Names *names = ARENA_NEW(arena, Names);
    names->arena = arena;
    names->nslot = 256;
    names->slots = ARENA_ARRAY(arena, const Name *, names->nslot);
    return names;
}

static const Name **slot_of(Names *names, const char *text, size_t len, uint32_t hash)
{
    uint32_t i = hash & (names->nslot - 1);
    for (; names->slots[i]; i = (i + 1) & (names->nslot - 1)) {
        const Name *name = names->slots[i];
        if (name->hash == hash && name->len == len && !memcmp(name->text, text, len))
            break;
    }
    return &names->slots[i];
}

static void names_grow(Names *names)
{
    const Name **old = names->slots;
    uint32_t nold = names->nslot;
    names->nslot *= 2;
    names->slots = ARENA_ARRAY(names->arena, const Name *, names->nslot);
    for (uint32_t i = 0; i < nold; i++)
        if (old[i]) *slot_of(names, old[i]->text, old[i]->len, old[i]->hash) = old[i];
}

const Name *name_of_range(Names *names, const char *text, size_t len)
{
    if (len > UINT32_MAX / 2) die("a name of %zu bytes", len);
    uint32_t hash = text_hash(text, len);
    const Name **slot = slot_of(names, text, len, hash);
    if (*slot) return *slot;
    if (names->n * 2 >= names->nslot) {
        names_grow(names);
        slot = slot_of(names, text, len, hash);
    }
    Name *name = arena_take(names->arena, sizeof *name + len + 1, _Alignof(Name));
    name->len = (uint32_t)len;
    name->hash = hash;
    memcpy(name->text, text, len);
    names->n++;
    return *slot = name;
}

const Name *name_of(Names *names, const char *text)
{
    return name_of_range(names, text, strlen(text));
}

int name_compare(const Name *a, const Name *b)
{
    if (a == b) return 0;
    if (!a || !b) return a ? 1 : -1;
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->text, b->text, len);
    if (order) return order;
    return a->len < b->len ? -1 : a->len > b->len;
}
