#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"

/*
 * Memory that grows and is thrown away whole. Arguments are borrowed, results live in
 * the arena you pass; nothing taken from an arena is freed alone. Running out of memory
 * ends the process (die() in err.h), so no caller checks for NULL. The only malloc of
 * the house is in arena.c.
 */
typedef struct Arena Arena;

/* A point to come back to: all that was taken after it is dropped. */
typedef struct ArenaMark {
    void *block;
    size_t used;
} ArenaMark;

Arena *arena_new(const char *label);
void arena_free(Arena *arena); /* NULL is allowed */

/* Zeroed memory. size 0 gives a valid, distinct pointer. */
void *arena_take(Arena *arena, size_t size, size_t align);
/* The same, not zeroed: for what is filled at once. */
void *arena_take_raw(Arena *arena, size_t size, size_t align);
/* The piece at `at`, `old` bytes, made `size` bytes; what is new is not zeroed. A large piece that was
 * taken last grows in its place where the machine can; its old address is dead either way. */
void *arena_grow(Arena *arena, void *at, size_t old, size_t size);
/* Zeroed; dies when count * size overflows. */
void *arena_take_array(Arena *arena, size_t count, size_t size, size_t align);
ArenaMark arena_mark(const Arena *arena);
void arena_reset(Arena *arena, ArenaMark mark);

char *arena_copy(Arena *arena, const char *text, size_t len); /* NUL-terminated */
char *arena_printf(Arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* For a process that fills and frees much memory over and over, whoever asks for it: keep
 * freed pages instead of giving them back to the system each time. */
void arena_keep_pages(void);

#define ARENA_NEW(arena, T)      ((T *)arena_take(arena, sizeof(T), _Alignof(T)))
#define ARENA_ARRAY(arena, T, n) ((T *)arena_take_array(arena, n, sizeof(T), _Alignof(T)))

#endif
