#ifndef FRONTEND_PARSE_H
#define FRONTEND_PARSE_H

#include <clang-c/Index.h>

#include "base/vec.h"
#include "frontend/compdb.h"
#include "frontend/frontend.h"
#include "ir/build.h"

/*
 * One TU while it is lowered: what all parts of the front end share. Tables are keyed by
 * libclang's own pointers, which live as long as the TU.
 */

/* Where something stands for the user, and the outermost macro it came from. */
typedef struct Spot {
    Loc loc;
    MacroId macro;
    bool is_macro_arg;
} Spot;

/* The text of a file from some offset on. */
typedef struct Text {
    const char *at;
    size_t left; /* 0: no text (made by ## or #) */
} Text;

struct Frontend {
    Arena *arena;
    CXIndex index;
    CXIndex loud; /* prints what is wrong; NULL: not needed yet */
    const char
        *resources; /* "-resource-dir=...": headers of the compiler; NULL: not found */
};

enum { SPOT_CACHE = 512 };

typedef struct Parse {
    Arena *arena;  /* the result */
    Arena *tables; /* dropped with the TU */
    Names *names;
    UnitBuild *build;
    CXTranslationUnit tu;
    CXPrintingPolicy policy;
    CXFile main_file;
    const char *directory, *root;

    Map files;      /* CXFile -> file id */
    Map types;      /* QualType -> TypeInfo * */
    Map type_names; /* QualType -> Name * or NULL, see type_name */
    Map decls;      /* Decl -> Decl * of ours */
    Map links;      /* link Name -> FnId: a function is one row, whoever names it */
    Map redecls; /* canonical function -> Redecls *: those with attributes of their own */
    Map variables; /* canonical variable -> CXCursor *: its definition in this TU */
    Map records;   /* record declaration -> its name */
    Map found_fns, found_variables; /* Name -> Decl *, looked up by name */
    Map access_files; /* CXFile -> 1: the word "access" stands in it, see access.c */
    Map labels;       /* LabelStmt -> its number, for tables of && label */
    Map statics;      /* Name of a static local -> how many have it */
    struct TypeInfo *int_type;
    struct PchContent *shared; /* what came out of a PCH; NULL: nothing */
    VEC(CXCursor) pending;     /* bodies of header functions that something refers to */

    CXFile text_file; /* the last file looked into */
    Text text;
    unsigned spot_keys[SPOT_CACHE];
    Spot spots[SPOT_CACHE];
} Parse;

/* parse.c */
/* What libclang is given for a command, followed by the two words `last` (NULL: none). */
Words parse_args(const Frontend *frontend, const Command *command,
                 const char *const last[2], Arena *arena);

/* source.c */
uint32_t source_file_id(Parse *parse, CXFile file);
const char *source_path(const Parse *parse, CXFile file); /* relative to the root */
Loc source_loc(Parse *parse, CXSourceLocation location);
Spot source_spot(Parse *parse, CXSourceLocation location);
bool source_is_macro(CXSourceLocation location);
Text source_text(Parse *parse,
                 CXSourceLocation location); /* where the token is written */
Text source_text_at(Parse *parse, CXFile file, unsigned offset);
bool text_is_word(Text text, const char *word);
Text text_skip(Text text, size_t n); /* ... and the blanks and comments behind */
const char *source_string(CXString string, Arena *arena); /* disposes of it */
/* A message without the root in front of the paths it names. */
const char *source_relative(const Parse *parse, const char *message);

#endif
