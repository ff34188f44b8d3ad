#ifndef IR_IR_H
#define IR_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/loc.h"
#include "base/name.h"

/*
 * The program as the analysis sees it: one Unit a TU, a control-flow graph a function.
 * Memory-based, no SSA: variables live in memory and are read by LOAD. Temporaries (Val)
 * are written once and used only within their block. Built by ir/build.h, const after.
 *
 * A dereference is a LOAD, STORE, COPY, FILL or an indirect CALL whose address rests on a pointer
 * that was loaded, returned or computed. FIELD and INDEX only compute addresses, so
 * `&p->f`, `p->array`, sizeof and offsetof are no dereferences.
 *
 * The value of an aggregate is its address. Passed by value it is the ADDR, of type
 * TYPE_AGGREGATE, of a temporary local that holds the copy; a CALL of that type gives the
 * address of the result, which an INS_IMPLICIT COPY takes to a temporary; RETURN names it.
 */

/* What kind of scalar an instruction produces or moves. Records and arrays have a size. */
typedef enum TypeKind {
    TYPE_VOID,
    TYPE_INT, /* integers, enums, bool */
    TYPE_FLOAT,
    TYPE_POINTER,
    TYPE_AGGREGATE /* struct, union, array, vector, complex */
} TypeKind;

typedef struct Type {
    TypeKind kind : 8;
    bool is_signed : 1;
    bool to_const : 1;    /* pointer to const */
    bool to_function : 1; /* pointer to function */
    uint32_t size;        /* bytes; 0 unknown or variable */
} Type;

/* A temporary: index below Fn.nval. 0 is "no value". */
typedef uint32_t Val;
/* Indices into the tables of a unit or function. 0 is "none" in all of them. */
typedef uint32_t FieldId, GlobalId, FnId, LocalId, MacroId;

typedef enum Op {
#define OP(name, text, is_terminator) OP_##name,
#include "ir/ops.def"
#undef OP
    OP_COUNT
} Op;

typedef enum Calc {
#define CALC(name, text) CALC_##name,
#include "ir/calcs.def"
#undef CALC
    CALC_COUNT
} Calc;

typedef enum InsFlag {
    INS_UNSIGNED = 1, /* CALC: compare or divide as unsigned */
    INS_VOLATILE = 2, /* LOAD, STORE through a volatile lvalue */
    INS_MACRO_ARG =
        4, /* inside a macro expansion, but written by the user as an argument */
    INS_DECL_INIT = 8,    /* STORE, FILL: the initialiser of a declaration */
    INS_IMPLICIT = 16,    /* not written by the user (cleanup calls, implicit zeroing) */
    INS_LOOP_BRANCH = 32, /* BRANCH: the condition of for, while, do */
    INS_BITFIELD = 64,    /* LOAD, STORE of a bit-field */
    INS_ARROW = 128,      /* FIELD: written with -> */
    INS_EXPLICIT_CAST = 256, /* CALC_CAST: written by the user */
    INS_MEMORY = 512         /* ASM: with a "memory" clobber */
} InsFlag;

typedef struct Ins {
    Op op : 8;
    Calc calc : 8;
    uint32_t flags : 16; /* InsFlag */
    uint32_t narg;       /* CALL, ASM, OPAQUE */
    Type type;           /* of dst; of what LOAD and STORE move */
    Loc loc; /* in user code: where the user looks (macro arguments at their own place) */
    MacroId macro; /* outermost macro this came from, 0 when written directly */
    Val dst, a, b;
    int64_t imm; /* CONST; COPY, FILL: bytes; INDEX: bytes an element */
    union {
        LocalId local;   /* ADDR (ref = REF_LOCAL), END */
        GlobalId global; /* ADDR */
        FnId fn;         /* ADDR; CALL: the callee, 0 = through pointer a */
        FieldId field;   /* FIELD */
    };
    enum { REF_NONE, REF_LOCAL, REF_GLOBAL, REF_FN, REF_FIELD } ref;
    const Val *args;
    const Name *text; /* STRING: the literal (at most 200 bytes); OPAQUE: what it was;
                         CONST: the enumerator it was written as, or NULL */
} Ins;

typedef struct Case {
    int64_t low, high; /* inclusive */
} Case;

typedef struct Block {
    Ins *ins; /* at least one; only the last is a terminator */
    uint32_t nins;
    const uint32_t *succ; /* block ids; JUMP 1, BRANCH 2, SWITCH ncase + 1, else 0 */
    uint32_t nsucc;
    const Case *cases; /* SWITCH: nsucc - 1 of them */
} Block;

typedef enum LocalFlag {
    LOCAL_PARAM = 1,
    LOCAL_TEMPORARY = 2, /* made by the lowering: value of ?:, &&, statement expression */
    LOCAL_ADDRESS_TAKEN = 4,
    LOCAL_VOLATILE = 8,
    LOCAL_STATIC_DATA = 16 /* never set: static locals are globals, named "fn.local" */
} LocalFlag;

typedef struct Local {
    const Name *name; /* "" for temporaries */
    Type type;
    uint32_t flags; /* LocalFlag */
    Loc loc;
} Local;

/* A function body. locals[1 .. nparam] are the parameters in order; locals[0] is unused.
 * blocks[0] is the entry; blocks stand in reverse postorder and all are reachable. */
typedef struct Body {
    Local *locals;
    uint32_t nlocal;
    Block *blocks;
    uint32_t nblock;
    uint32_t nval;
    Loc end;       /* the closing brace */
    bool degraded; /* an error diagnostic falls inside: no reports, summary unknown */
} Body;

typedef enum FnFlag {
    FN_STATIC = 1,
    FN_INLINE_IN_HEADER =
        2, /* defined outside the main file: analysed once per program */
    FN_VARIADIC = 4,
    FN_NORETURN = 8,
    FN_RETURNS_NONNULL = 16,
    FN_RETURNS_NULLABLE = 32,
    FN_MALLOC = 64,
    FN_SYSTEM_HEADER = 128, /* declared in a system header */
    FN_WEAK = 256,
    FN_CONSTRUCTOR = 512,
    FN_UNPROTOTYPED = 1024,
    FN_PURE = 2048,      /* attribute pure or const */
    FN_ALLOC_SIZE = 4096 /* the result is memory of a size: see Param.is_size */
} FnFlag;

/* Attribute access: what the function does with what a parameter points to. It says nothing
 * of null: without a size a null may be passed, with one it may where the size is 0. */
typedef enum Access {
    ACCESS_UNSAID,
    ACCESS_NONE, /* only the address is used */
    ACCESS_READ,
    ACCESS_WRITE,
    ACCESS_READ_WRITE,
    ACCESS_COUNT
} Access;

/* What a pointer is called, where it has a name that says something: "struct conn *",
 * "handler_fn"; "conn_t *|struct conn *" when typedefs are in it. NULL: "char *" and the like. */
typedef struct Param {
    Type type;
    bool is_nonnull;  /* attribute nonnull, _Nonnull, or int a[static 3] */
    bool is_nullable; /* _Nullable */
    const Name *type_name;
    bool is_size; /* attribute alloc_size: a factor of the size of what is returned */
    Access access : 8;
    uint32_t access_size; /* the parameter, from 1, with the number of elements; 0 none */
} Param;

/* A function this unit declares, calls or defines. */
typedef struct Fn {
    const Name *name; /* as written */
    const Name *
        link_name; /* unique in the program: "name", or "path/of/file.c:name" for statics */
    uint32_t flags; /* FnFlag */
    Type result;
    const Name *result_name; /* see Param.type_name */
    Param *params;
    uint32_t nparam;
    Loc loc;
    Body *body; /* NULL when only declared */
    Hash
        content; /* of the body and the rows it mentions, when it was read from a fact (see
                     ir_print_unit_hashed); else all zero */
} Fn;

/* One scalar of a global's initialiser. What is not listed is zero when is_zeroed. */
typedef struct Init {
    enum { INIT_INT, INIT_NULL, INIT_FN, INIT_GLOBAL, INIT_STRING, INIT_UNKNOWN } kind;
    uint64_t offset;
    Type type;
    FieldId
        field; /* innermost record field this scalar is, 0 for plain variables and array elements */
    union {
        int64_t value;
        FnId fn;
        GlobalId global; /* address of, plus value bytes are not kept */
    };
} Init;

typedef enum GlobalFlag {
    GLOBAL_STATIC = 1,
    GLOBAL_EXTERN = 2, /* declared only */
    GLOBAL_CONST = 4,  /* the object itself is const: never changes */
    GLOBAL_THREAD = 8,
    GLOBAL_ZEROED = 16,   /* defined here: bytes not in inits are zero at start */
    GLOBAL_WEAK = 32,     /* attribute weak: only declared, it may have no address */
    GLOBAL_NONNULL = 64,  /* a pointer, _Nonnull */
    GLOBAL_NULLABLE = 128 /* _Nullable */
} GlobalFlag;

typedef struct Global {
    const Name *name,
        *link_name; /* statics: "file:name"; static locals: "file:fn.name" */
    Type type;
    const Name *type_name; /* see Param.type_name */
    uint32_t flags;
    Loc loc;
    Init *inits;
    uint32_t ninit;
} Global;

typedef struct Field {
    const Name
        *record; /* "tag@file": equal tags of different files are different records */
    const Name *name;
    uint64_t
        offset; /* bytes, from the start of the outermost named record level it is accessed through */
    Type type;
    uint8_t bit_offset,
        bit_width; /* bit-fields: bit_width != 0; bit_offset from `offset` */
    const Name *
        type_name; /* see Param.type_name; of a pointer to a function that takes something with
                      a name, what it takes stands behind it: "handler_fn|(frame_t *;;struct job *)" */
    bool is_nonnull, is_nullable; /* _Nonnull, _Nullable */
} Field;

typedef enum NoteKind {
    NOTE_ERROR,   /* a compile error: the function around it is degraded */
    NOTE_MISSING, /* a header, or a file of arguments, that was not found */
    NOTE_ADAPTED /* the command was changed to what the compiler library takes; says nothing
                     of the status */
} NoteKind;

typedef struct Note {
    NoteKind kind;
    Loc loc;
    const Name *text;
} Note;

typedef enum UnitStatus {
    UNIT_COMPLETE,
    UNIT_PARTIAL, /* errors or missing headers: analysed, but never a clean run */
    UNIT_FAILED   /* no AST at all (libclang crashed, file missing): nothing below */
} UnitStatus;

/* One TU. Tables start at index 1. All paths are relative to the root when below it. */
typedef struct Unit {
    const Name *path; /* of the main file */
    UnitStatus status;
    const Name **files;
    uint32_t nfile;
    const Name **macros; /* names of the macros instructions came from */
    uint32_t nmacro;
    Field *fields;
    uint32_t nfield;
    Global *globals;
    uint32_t nglobal;
    Fn *fns;
    uint32_t nfn;
    Note *notes; /* from 0 */
    uint32_t nnote;
    uint32_t nline; /* of the main file */
} Unit;

const char *op_text(Op op);
const char *calc_text(Calc calc);
bool op_is_terminator(Op op);

/* The member that a call through a pointer goes through: `o->read(...)`, or through a local that
 * holds a copy of it (`f = o->read; f(...)`), and of no other; 0: no member, or not known. */
FieldId ir_called_member(const Body *body, const Block *block, const Ins *call);

/* Names the address of a LOAD, STORE, ... or a value the way the user wrote it, rebuilt
 * from the instructions of the block: "p->next", "t[i].k", "lookup()". "" if unknown. */
const char *ir_text(const Unit *unit, const Body *body, uint32_t block, Val value,
                    Arena *arena);

#endif
