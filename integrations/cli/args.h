#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

/* Command lines: a table of options a verb, words in, variables set. */

typedef VEC(const char *) Texts;

typedef enum OptionKind {
    OPTION_FLAG,   /* bool: set to true */
    OPTION_NO,     /* bool: set to false */
    OPTION_TEXT,   /* const char *: the last one counts */
    OPTION_MAYBE,  /* const char *: "" without a value, which only "=" can give it */
    OPTION_NUMBER, /* uint32_t */
    OPTION_LIST    /* Texts: all of them */
} OptionKind;

typedef struct Option {
    const char *name; /* "--format" */
    char letter;      /* 'f', or 0 */
    OptionKind kind;
    const char *value; /* what the help calls its value: "FILE" */
    const char *help;
    void *to;
} Option;

typedef struct Args {
    Texts words; /* what is no option */
    Texts rest;  /* after "--" */
    bool has_rest;
    bool wants_help;
} Args;

/* Puts the lines of params files in place of their "@file", up to "--". Build systems write such
 * files when a list is longer than a command line may be. */
bool args_expand(const char *const *words, uint32_t n, Arena *arena, Texts *out,
                 Err *err);
/* `options` ends with a row without name. Every verb knows --help and -h. */
bool args_parse(const Option *options, const Texts *words, Arena *arena, Args *args,
                Err *err);
void args_help(Buf *out, const Option *options);
/* The name closest to a word that is none of them; NULL: nothing is close. */
const char *args_nearest(const char *word, const char *const *names, uint32_t n);

#endif
