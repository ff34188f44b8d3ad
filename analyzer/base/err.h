#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/attr.h"

/*
 * Three ways to fail, and no fourth:
 *
 *   Err    the world is wrong (no such file, bad config): fill it in, return false.
 *   die()  the machine is wrong (no memory, full disk): say so, exit 4.
 *   BUG()  we are wrong: say where, then abort.
 *
 * A bug in the analysed program is none of these: it is a Finding.
 */
typedef enum ErrKind {
    ERR_NONE,
    ERR_USAGE,   /* the command line or the configuration: exit 2   */
    ERR_IO,      /* a file could not be read or written: exit 4     */
    ERR_CONFIG,  /* a file we were given does not say what it must: exit 2 */
    ERR_PARSE,   /* one TU could not be analysed: exit 3            */
    ERR_CACHE,   /* a fact or cache file is damaged or from another version: exit 3 */
    ERR_INTERNAL /* ours: exit 4                                    */
} ErrKind;

typedef struct Err {
    ErrKind kind;
    char text[512]; /* a full sentence that says what to do, ready to print */
} Err;

/* Both return false, so that `return err_set(...)` reads as it should. A NULL err is
 * allowed; an err that is already set is overwritten. err_while puts "...: " in front. */
bool err_set(Err *err, ErrKind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
bool err_while(Err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The exit status that an error of this kind ends the program with (2, 3 or 4). */
int err_exit_status(ErrKind kind);

_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
_Noreturn void bug_at(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
#define BUG_IF(cond)                                                                     \
    do {                                                                                 \
        if (cond) BUG("%s", #cond);                                                      \
    } while (0)

#endif
