#ifndef FRONTEND_DECL_H
#define FRONTEND_DECL_H

#include "frontend/type.h"

typedef enum DeclKind {
    DECL_NONE, /* something we have no use for */
    DECL_LOCAL,
    DECL_GLOBAL,
    DECL_FN,
    DECL_ENUM,
    DECL_FIELD
} DeclKind;

/* How calls of a builtin are lowered. */
typedef enum Builtin {
    BUILTIN_NONE,
    BUILTIN_EXPECT, /* the value of its first argument */
    BUILTIN_CONSTANT_P,
    BUILTIN_STOP,
    BUILTIN_OBJECT_SIZE,
    BUILTIN_ASSUME,
    BUILTIN_NOTHING,
    BUILTIN_SYNC, /* __sync_...: sync_text says which */
    BUILTIN_LIBC, /* a call of the function itself; ndropped says what _chk adds */
} Builtin;

typedef struct Decl {
    DeclKind kind;
    uint32_t id;
    Builtin builtin;
    const char *name;
    int64_t value;    /* DECL_ENUM */
    TypeInfo *type;   /* of variables and fields */
    bool is_unnamed;  /* DECL_FIELD: an anonymous member, no step of an access path */
    bool is_bitfield; /* DECL_FIELD */
    bool is_noreturn; /* DECL_FN */
    bool has_sizes;   /* BUILTIN_LIBC: a _chk variant */
    FnId plain;       /* BUILTIN_LIBC: the function that is meant */
} Decl;

/* What a reference names; never NULL. Functions and globals get their row on first use,
 * and what they define is queued on parse->pending. */
Decl *decl_of(Parse *parse, CXCursor cursor);
Decl *decl_put_local(Parse *parse, CXCursor cursor, LocalId id);
/* A static local of function `owner`: the global "owner.name". */
Decl *decl_static_local(Parse *parse, CXCursor cursor, const char *owner);
/* A function that is known by name only. */
FnId decl_named(Parse *parse, const char *name, Type result);
/* The function of that name in this TU; 0: none. */
FnId decl_find_fn(Parse *parse, const char *name);
/* The variable with that name at file scope; NULL: none. */
Decl *decl_find_variable(Parse *parse, const char *name);
/* Remembers top-level declarations that say more than the first one. */
void decl_note(Parse *parse, CXCursor cursor);
CXCursor decl_definition(Parse *parse,
                         CXCursor variable);            /* null cursor: only declared */
bool decl_is_main(const Parse *parse, CXCursor cursor); /* written in the main file */

/* field.c */
Decl *field_of(Parse *parse, CXCursor cursor);
const Name *field_record(Parse *parse, CXCursor record);

/* attribute.c */
void attribute_fill(Parse *parse, CXCursor fn, Fn *row);
void attribute_fill_field(CXCursor field, Field *row);
uint32_t attribute_flags_of_variable(Parse *parse, CXCursor variable); /* GlobalFlag */

/* access.c: attribute access, as this declaration writes it */
void access_fill(Parse *parse, CXCursor fn, Fn *row);

/* builtin.c */
void builtin_fill(Parse *parse, CXCursor fn, Decl *decl);

#endif
