/*
 * Arenas: blocks in a list, filled from the front. The only door to malloc.
 *
 * A block doubles the one before, so an arena of any size has few blocks. A reset keeps them
 * for the next takings: an arena filled and reset over and over touches no new pages. Under
 * SHAKE blocks are tiny, so that nothing can rely on two takings lying side by side, and
 * freed at once, so that a sanitizer sees who comes too late.
 */
#include "base/arena.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#ifdef SHAKE
enum { FIRST_BLOCK = 64, LAST_BLOCK = 4096 };
#else
enum { FIRST_BLOCK = 16 * 1024, LAST_BLOCK = 4 * 1024 * 1024 };
#endif

typedef struct ArenaBlock {
    struct ArenaBlock *before;
    size_t room;
    _Alignas(16) char bytes[];
} ArenaBlock;

struct Arena {
    const char *label;
    ArenaBlock *block;
    ArenaBlock *spare; /* blocks dropped by a reset, smallest first as a rule */
    size_t used;       /* of block */
};

Arena *arena_new(const char *label)
{
    Arena *arena = calloc(1, sizeof *arena);
    if (!arena) die("out of memory (%s)", label);
    arena->label = label;
    return arena;
}

static void blocks_free(ArenaBlock *block)
{
    while (block) {
        ArenaBlock *before = block->before;
        free(block);
        block = before;
    }
}

void arena_free(Arena *arena)
{
    if (!arena) return;
    arena_reset(arena, (ArenaMark){0});
    blocks_free(arena->spare);
    free(arena);
}

static void block_push(Arena *arena, ArenaBlock *block)
{
    block->before = arena->block;
    arena->block = block;
    arena->used = 0;
}

static void block_add(Arena *arena, size_t size)
{
    ArenaBlock *spare = arena->spare;
    if (spare && spare->room >= size) {
        arena->spare = spare->before;
        block_push(arena, spare);
        return;
    }
    size_t room = arena->block ? arena->block->room * 2 : FIRST_BLOCK;
    if (room > LAST_BLOCK) room = LAST_BLOCK;
    if (room < size) room = size;
    if (room > SIZE_MAX - sizeof(ArenaBlock)) die("out of memory (%s)", arena->label);
    ArenaBlock *block = malloc(sizeof *block + room);
    if (!block) die("out of memory (%s, %zu bytes)", arena->label, room);
    block->room = room;
    block_push(arena, block);
}

void *arena_take_raw(Arena *arena, size_t size, size_t align)
{
    if (size == 0) size = 1;
    size_t at = (arena->used + align - 1) & ~(align - 1);
    if (!arena->block || at > arena->block->room || size > arena->block->room - at) {
        block_add(arena, size);
        at = 0;
    }
    arena->used = at + size;
    return arena->block->bytes + at;
}

void *arena_take(Arena *arena, size_t size, size_t align)
{
    return memset(arena_take_raw(arena, size, align), 0, size);
}

void *arena_grow(Arena *arena, void *at, size_t old, size_t size)
{
    ArenaBlock *block = arena->block;
    bool is_alone = block && at == block->bytes && arena->used == old;
    if (!is_alone || old < LAST_BLOCK)
        return memcpy(arena_take_raw(arena, size, 1), at, old);
    if (size > SIZE_MAX - sizeof(ArenaBlock)) die("out of memory (%s)", arena->label);
    block = realloc(block, sizeof *block + size);
    if (!block) die("out of memory (%s, %zu bytes)", arena->label, size);
    block->room = arena->used = size;
    arena->block = block;
    return block->bytes;
}

void *arena_take_array(Arena *arena, size_t count, size_t size, size_t align)
{
    if (size && count > SIZE_MAX / size) die("out of memory (%s)", arena->label);
    return arena_take(arena, count * size, align);
}

ArenaMark arena_mark(const Arena *arena)
{
    return (ArenaMark){arena->block, arena->used};
}

void arena_reset(Arena *arena, ArenaMark mark)
{
    while (arena->block && arena->block != mark.block) {
        ArenaBlock *block = arena->block;
        arena->block = block->before;
        block->before = arena->spare;
        arena->spare = block;
    }
    arena->used = mark.used;
#ifdef SHAKE
    blocks_free(arena->spare);
    arena->spare = NULL;
#endif
}

char *arena_copy(Arena *arena, const char *text, size_t len)
{
    char *copy = arena_take(arena, len + 1, 1);
    if (len) memcpy(copy, text, len);
    return copy;
}

char *arena_printf(Arena *arena, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len < 0) BUG("bad format: %s", fmt);
    char *text = arena_take(arena, (size_t)len + 1, 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

void arena_keep_pages(void)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}
