#ifndef FRONTEND_COMPDB_H
#define FRONTEND_COMPDB_H

#include "base/vec.h"
#include "frontend/frontend.h"

/* What the parts of the compile database reader say to each other. */

typedef VEC(const char *) Words;

/* POSIX shell quoting, without expansion of any kind. False: a quote is not closed. */
bool words_of_shell(const char *text, Arena *arena, Words *words);
/* Puts the words of response files in place of their "@file", relative to `directory`. One that
 * cannot be read stays as it is: the parse of that TU then fails, and says so. */
Words words_expand(const char *directory, const Words *words, Arena *arena);

/* Leaves the compiler and its arguments: without "ccache", "env -u X", "cmake -E time", VAR=value. */
void driver_uncover(Words *words);
/* "aarch64-linux-gnu" of "/opt/x/bin/aarch64-linux-gnu-gcc-12"; NULL: the host's own compiler. */
const char *driver_target(const char *compiler, Arena *arena);
/* "make" and its kind: they run compilers and are none. */
bool driver_is_build_tool(const char *word);

/* What a command line does, as far as it can be told without running anything. */
typedef struct CommandShape {
    const char *language; /* of -x, NULL: by the name of the file */
    bool is_other_work;   /* -E, -S, -M, ...: no compilation to look at */
    Words inputs;         /* what is no option and no option's value */
} CommandShape;

CommandShape flags_shape(const char *const *args, uint32_t narg, Arena *arena);
/* `language` says so; without one the driver and the file's name do. */
bool flags_is_c(const char *compiler, const char *language, const char *file);
/* For `word`, one that the library named in a complaint: what to try instead; NULL: nothing. */
const char *flags_instead(const char *word, Arena *arena);
/* The same for "--target=...": a target whose types have the same sizes; NULL: none is known.
 * `more` gets the flags that make up for the rest. */
const char *flags_target_instead(const char *word, Arena *arena, Words *more);

#endif
