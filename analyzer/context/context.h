#ifndef CONTEXT_CONTEXT_H
#define CONTEXT_CONTEXT_H

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/name.h"
#include "base/vec.h"
#include "context/pattern.h"

/*
 * What a program's request context is: read from YAML (`ctx_model: 1`), known to the path
 * engine and to rules as roles that functions play. No rule knows a name: a call means what the
 * model says it means. The language, with every key, stands in rules/models/context/README.md.
 */

/* Where in a call something stands. */
typedef enum ContextArgKind {
    CONTEXT_ARG_NONE,
    CONTEXT_ARG_AT,       /* arg2, arg1->ctx: `index`, then `path` */
    CONTEXT_ARG_RESULT,   /* ret */
    CONTEXT_ARG_LAST,     /* last */
    CONTEXT_ARG_TAGGED,   /* {after_tag: WORD}: behind the constant of that name */
    CONTEXT_ARG_OF_TYPE,  /* {first_of_type: WORD} */
    CONTEXT_ARG_FIRST_FN, /* {first_fn: true} */
    CONTEXT_ARG_NEXT,     /* {next: 1}: behind the function by that many */
    CONTEXT_ARG_ARRAY, /* {array: arg1, where: {field: F, equals: C}, path: P}: of the element
                          whose field `word` is `equals` */
    CONTEXT_ARG_MADE, /* {ctor: F, arg: 0}: what `word` was given when it made arg0 */
    CONTEXT_ARG_SET, /* {call: F, on: arg0, arg: 1}: what `word` was given with this object */
    CONTEXT_ARG_OPTION /* WORD: what an attach with that constant was given */
} ContextArgKind;

typedef struct ContextArg {
    ContextArgKind kind;
    uint32_t index;
    const char *path;   /* "->ctx", ".headers_in.headers"; "" none */
    const char *word;   /* see the kinds */
    const char *equals; /* ARRAY */
} ContextArg;

/* What a call does to a context or to what carries it. */
typedef enum ContextRole {
#define CONTEXT_ROLE(NAME, text) CONTEXT_##NAME,
#include "context/roles.def"
#undef CONTEXT_ROLE
    CONTEXT_ROLE_COUNT
} ContextRole;

/* The places a role speaks of; which of them it has is in roles.def. */
typedef enum ContextPlace {
    PLACE_FROM,    /* the context, or what is copied */
    PLACE_ON,      /* the carrier that is changed */
    PLACE_INTO,    /* the carrier that receives keys */
    PLACE_CARRIER, /* of a send; what is attached */
    PLACE_VALUE,   /* a deadline, an address to send to */
    PLACE_FN,      /* hand-off: who runs */
    PLACE_FN_MORE, /* ... and afterwards */
    PLACE_DATA,    /* ... with what */
    PLACE_ITEM,    /* of a queue */
    PLACE_ARG,     /* end, free: what dies */
    PLACE_OUT,     /* written through this */
    PLACE_REASON,  /* root: a text here says why, and that is intent */
    PLACE_KEY,     /* the key's name */
    PLACE_HEADERS, /* of a send: an array of them */
    PLACE_ALSO,    /* of a send: single ones */
    PLACE_FLAG,    /* of a send: a number whose `bits` say that keys go along */
    PLACE_COUNT
} ContextPlace;

typedef struct ContextWhen {
    uint32_t arg;
    const Pattern *name; /* of the constant that is passed */
} ContextWhen;

enum { CONTEXT_MOST_WHEN = 4 };
#define CONTEXT_NONE UINT32_MAX

typedef enum ContextActionFlag {
    CONTEXT_SAME_RESULT = 1,  /* put: the result is the carrier */
    CONTEXT_REPLACES = 2,     /* attach: instead of what was attached */
    CONTEXT_ALL_KEYS = 4,     /* read, put, copy: whatever there is */
    CONTEXT_CANNOT_CARRY = 8, /* send: this variant has no place for keys */
    CONTEXT_AUTO_INJECT = 16, /* send: the library adds the keys itself */
    CONTEXT_EXEMPT = 32,      /* send: not on behalf of a request */
    CONTEXT_CARRIES =
        64, /* hand-off: the ambient slot goes along; log: it says the context */
    CONTEXT_INTRUSIVE = 128, /* hand-off: the callback gets the item, not its data */
    CONTEXT_ASYNC = 256,     /* send: the answer comes to a callback */
    CONTEXT_DROPS_ALL = 512, /* detach: no key stays */
    CONTEXT_SECONDS = 2048,  /* deadline: not milliseconds */
    CONTEXT_KEPT =
        1024 /* get, set: of what is kept with a context, not of the ambient one */
} ContextActionFlag;

/* One thing that one kind of call does. */
typedef struct ContextAction {
    ContextRole role;
    const Pattern
        *call; /* a function's name, or "struct::field" of a call through a slot */
    const Pattern *macro;   /* ... or of a macro */
    const Pattern *fn_type; /* ... or of any function that is converted to this type */
    const Pattern *field;   /* derive: reading this member */
    uint32_t owner;         /* context or carrier it belongs to; CONTEXT_NONE */
    uint32_t flags;         /* ContextActionFlag */
    ContextArg places[PLACE_COUNT];
    ContextWhen when[CONTEXT_MOST_WHEN];
    uint32_t nwhen;
    uint32_t keys; /* inject, extract: set of keys; detach: those that are dropped */
    const Pattern *split;    /* put: group 1 is the key's name in the text */
    const char *key_field;   /* put: the key is stored to this member of the result */
    uint32_t bits;           /* send: see PLACE_FLAG */
    const Name *via;         /* send: the transport */
    const char *use_instead; /* send: what can carry */
    const char *file;
    uint32_t line, column; /* where it stands in the model */
} ContextAction;

typedef enum ContextScope { CONTEXT_CHAIN, CONTEXT_HOP } ContextScope;

typedef struct ContextKey {
    const Name *name;
    const Pattern **names; /* as they stand on the wire */
    uint32_t nname;
    const Pattern **with; /* belong to it, and are nothing without it */
    uint32_t nwith;
    ContextScope scope;
    bool is_sensitive, is_deadline;
    uint32_t implies; /* set of keys that it brings along */
} ContextKey;

typedef struct ContextRequire {
    const Name *via; /* "default": where nothing else is said */
    uint32_t keys;
} ContextRequire;

typedef struct ContextField {
    uint32_t key;
    const Name *field;
} ContextField;

/* A type whose values are the context of a request. */
typedef struct ContextType {
    const Name *id;
    const Pattern *type; /* as written or without typedefs: "struct req_ctx *" */
    const Pattern
        *name; /* only parameters and members called so are at hand; NULL: all */
    const Pattern
        *not_in; /* records whose members are not: of an answer, say; NULL: none */
    ContextField *fields;
    uint32_t nfield;
    const Pattern *ambient;            /* a variable that holds the one of this thread */
    bool is_ambient;                   /* ... or calls that get and set it */
    bool is_shared, is_per_connection; /* lives longer than a request */
} ContextType;

typedef enum ContextEntryKind {
    CONTEXT_REQUEST,
    CONTEXT_MESSAGE,
    CONTEXT_CRON,
    CONTEXT_MAIN,
    CONTEXT_CALLBACK,
    CONTEXT_THREAD
} ContextEntryKind;

/* Where requests come in. One of the patterns is set. */
typedef struct ContextEntry {
    ContextEntryKind kind;
    const Pattern *fn_type;   /* functions converted to this type */
    const Pattern *field;     /* functions stored in this "struct::field" */
    const Pattern *name;      /* functions called so */
    const Pattern *call;      /* functions handed to this call ... */
    const Pattern *result_of; /* ... or the caller of this one */
    ContextArg fn;            /* ... here */
    ContextArg context;       /* what of the entry's arguments is the request */
    const Pattern *type;      /* its type */
    ContextArg per_request;   /* a place that lives as long as the request */
    const char *headers_call; /* result_of: what reads the keys of a message */
    const char *file;
    uint32_t line, column;
} ContextEntry;

/* What goes out with a send: a list of headers, a handle, a message. */
typedef struct ContextCarrier {
    const Name *id;
    const Pattern *type;
    bool is_long_lived;                  /* used for several requests */
    const Name *key_field, *value_field; /* put_field: an array of records */
    const Pattern **key_from;
    uint32_t nkey_from;
    bool has_parent, needs_parent; /* made from the context it belongs to */
    ContextArg parent, mask;
    const char **mask_words; /* constants that the mask must have */
    uint32_t nmask_word;
    const char **deadline_calls; /* made with a deadline, in this argument */
    uint32_t *deadline_args;
    uint32_t ndeadline;
    const Pattern **infinite; /* calls that give a deadline that never comes */
    uint32_t ninfinite;
    const Name *follow;   /* iterate: a list has several parts ... */
    const Pattern *parts; /* ... which are records called so */
} ContextCarrier;

typedef struct ContextPatterns {
    const Pattern **at;
    uint32_t n;
} ContextPatterns;

typedef struct Component {
    const Name *name;
    ContextPatterns files, hosts;
} Component;

/* `from` may not (or, with a reason and an end, may) depend on `to`. */
typedef struct ComponentRule {
    const Name *from;
    const char *to;      /* a component, or a pattern of hosts */
    const Pattern *host; /* ... that one */
    const char *message, *until, *reason;
    const char *file;
    uint32_t line, column;
} ComponentRule;

typedef struct ContextModel {
    Arena *arena;
    Names *names;
    PatternSpace *space;
    VEC(ContextKey) keys; /* at most 32: sets of them are bits */
    VEC(ContextRequire) requires;
    VEC(ContextType) types;
    VEC(ContextCarrier) carriers;
    VEC(ContextAction) actions;
    VEC(ContextEntry) entries;
    ContextPatterns roots_in, roots_files; /* who may start a trace */
    ContextPatterns external, exempt;      /* addresses */
    VEC(Component) components;
    VEC(ComponentRule) denies, allows;
    VEC(const char *) defines; /* for the parser */
    uint32_t short_ms;         /* a constant deadline below this harms nobody */
    Map by_call;               /* Name -> ContextUse list */
    Hash identity;             /* of all texts, in order */
    bool is_any;               /* something was loaded */
} ContextModel;

/* Models that are built into the program, by name; used when the project has one of its own. */
typedef struct ContextPack {
    const char *name, *text;
    size_t len;
} ContextPack;

typedef struct ContextPacks {
    const ContextPack *at;
    uint32_t n;
} ContextPacks;

void context_init(ContextModel *model, Arena *arena, Names *names);
/* The text says of itself that it is a model of contexts ("ctx_model: 1" at a line's start). */
bool context_is_model(const char *text, size_t len);
/* Other models that one builds on, as written. */
typedef struct ContextUses {
    VEC(const char *) at;
} ContextUses;
/* What the model names under `use`: to be loaded before it. Errors as below. */
bool context_uses(const char *file, const char *text, size_t len, ContextModel *model,
                  ContextUses *uses, Err *err);
/* Nothing is kept of a model with an error: "file:line:column: what is wrong". `uses`, or
 * NULL, gets what it names. Where two speak of the same thing, what was loaded first wins. */
bool context_load(ContextModel *model, const char *file, const char *text, size_t len,
                  ContextUses *uses, Err *err);

/* The roles of a function; the list ends with NULL and is in order of loading. */
const ContextAction *const *context_actions(ContextModel *model, const Name *function);
/* ... the first with this role, or NULL */
const ContextAction *context_action(ContextModel *model, const Name *function,
                                    ContextRole role);
/* The set of keys that a name on the wire stands for; 0: none. */
uint32_t context_keys_named(const ContextModel *model, const char *name, size_t len);
/* The keys that a send this way must have, without deadlines; *deadline: it needs one. */
uint32_t context_required(const ContextModel *model, const Name *via, bool *deadline);
/* "traceparent, x-request-id" of a set, by the names on the wire */
const char *context_key_text(const ContextModel *model, uint32_t keys, Arena *arena);
/* The context type that values of a type are, from 0; CONTEXT_NONE. */
uint32_t context_type_of(const ContextModel *model, const char *type);
bool context_matches(const ContextPatterns *patterns, const char *text);

#endif
