#ifndef BELIEF_INNER_H
#define BELIEF_INNER_H

#include "base/map.h"
#include "base/vec.h"
#include "belief/belief.h"

/* Evidence that is looked at again, one by one. */
typedef struct Detail {
    Evidence evidence;
    uint32_t next; /* of the same slot, 0 none */
} Detail;

typedef struct Entry {
    Slot slot;
    uint32_t next;   /* of the same name, 0 none */
    uint32_t detail; /* the latest one, 0 none */
    Tally tally;
    const Name *reached; /* the record that it leads to, as far as known */
    bool is_chained;     /* which is the field's own: a list, a tree */
    bool is_untyped;     /* which is not always the same */
} Entry;

/* An ACCESS slot that was followed to its callers. */
typedef struct Followed {
    Blame blame;
    bool is_guarded; /* something else was asked of the object before that call */
    uint32_t detail; /* the call that decided, 0 none */
} Followed;

/* A function stands in a table. */
typedef struct TablePlace {
    const uint32_t *length; /* of the table */
    uint32_t next;          /* of the same function, 0 none */
} TablePlace;

struct Beliefs {
    Arena *arena;
    const Program *program;
    VEC(Entry) entries;     /* from 1 */
    VEC(Detail) details;    /* from 1 */
    Map by_name;            /* Name -> first entry */
    Map seen;               /* hash of entry, kind and site */
    Map tables;             /* link name of a function -> the first of its places */
    VEC(TablePlace) places; /* from 1; empty until asked for */
    Map followed_at;        /* entry of an ACCESS slot -> index in followed */
    VEC(Followed) followed; /* from the moment on that it is being followed */
};

/* Is the address of this function handed out in long lists only? */
bool table_is_list(Beliefs *beliefs, const Name *fn);
uint32_t entry_find(const Beliefs *beliefs, Slot slot); /* 0 none */

#endif
