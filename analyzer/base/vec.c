/* Growing arrays: double the room, copy, leave the old storage to the arena. */
#include "base/vec.h"

#include <string.h>

#include "base/err.h"

void *vec_grow(Arena *arena, void *at, uint32_t n, uint32_t *room, size_t size)
{
    if (*room > UINT32_MAX / 2) die("out of memory (a list of %u entries)", n);
#ifdef SHAKE
    /* Every push moves; long lists by and by, for all that moved stays in the arena. */
    *room = n + 1 + (n > 256 ? n / 8 : 0);
#else
    *room = *room ? *room * 2 : 8;
#endif
    void *grown = arena_take_array(arena, *room, size, _Alignof(max_align_t));
    if (n) memcpy(grown, at, n * size);
    return grown;
}
