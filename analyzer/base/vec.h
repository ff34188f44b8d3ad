#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdint.h>

#include "base/arena.h"

/*
 * A growing array inside an arena: declare `VEC(Ins) ins;` (zero is empty), push with
 * vec_push(arena, &v, value), read v.at[i] for i < v.n. Growing leaves the old storage
 * in the arena; pointers into a vector do not survive a push.
 */
#define VEC(T)                                                                           \
    struct {                                                                             \
        T *at;                                                                           \
        uint32_t n, room;                                                                \
    }

void *vec_grow(Arena *arena, void *at, uint32_t n, uint32_t *room, size_t size);

#define vec_push(arena, v, value)                                                        \
    do {                                                                                 \
        if ((v)->n == (v)->room)                                                         \
            (v)->at = vec_grow(arena, (v)->at, (v)->n, &(v)->room, sizeof *(v)->at);     \
        (v)->at[(v)->n++] = (value);                                                     \
    } while (0)

#endif
