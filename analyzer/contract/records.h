#ifndef CONTRACT_RECORDS_H
#define CONTRACT_RECORDS_H

#include "base/map.h"
#include "program/program.h"

/*
 * Which record a pointer points to, so that a byte offset in a summary gets its name back.
 * The IR has no types of pointees; but wherever a member is accessed, its record is known.
 */
typedef enum PlaceKind {
    PLACE_NONE,
    PLACE_PARAM,  /* of function `owner`, number `index` */
    PLACE_LOCAL,  /* the same */
    PLACE_RESULT, /* of function `owner` */
    PLACE_GLOBAL,
    PLACE_FIELD
} PlaceKind;

/* Something that holds a value: a parameter, a field, ... `level` loads away from it. */
typedef struct Holder {
    PlaceKind kind;
    uint32_t level;
    const void *owner; /* link name of a function or global, or name of a field */
    uint32_t index;
} Holder;

/* One member of a record, however many units use it. */
typedef struct Member {
    const Name *identity; /* program_field */
    const Name *name;
    int64_t offset; /* of bit-fields: as in terms of summaries */
    Type type;
} Member;

typedef struct Records {
    const Program *program;
    Arena *arena;
    Map pointees; /* hash of holder -> Name of a record, 0 for several */
    Map members;  /* Name of a record -> MemberList */
} Records;

/* Reads every body once. */
Records *records_new(const Program *program, Arena *arena);
/* The record that the value in a holder points to, or that a place of aggregate type is. */
const Name *records_pointee(const Records *records, Holder holder); /* NULL unknown */
const Name *records_whole(const Records *records, Holder holder);
/* The member at an offset; *rest: what is left of the offset inside it. NULL unknown. */
const Member *records_member(const Records *records, const Name *record, int64_t offset,
                             int64_t *rest);
Holder holder_field(const Member *member);

#endif
