#ifndef LSP_CHANNEL_H
#define LSP_CHANNEL_H

#include "base/buf.h"
#include "base/file.h"

/* What the server and the processes that analyse for it say to each other, over sockets. */
typedef enum Talk {
    ASK_CHECK,    /* buffers; answered by TELL_RESULT, then the process takes questions */
    ASK_PREPARE,  /* a path; answered by the end of the process */
    ASK_FIXES,    /* a path; TELL_RESULT with the findings of that file that have a fix */
    ASK_CONTRACT, /* a path, a function's name; TELL_TEXT: Markdown, empty for none */
    ASK_LENSES,   /* a path; TELL_TEXT: JSON */
    TELL_PROGRESS, /* done, total, what */
    TELL_RESULT,
    TELL_TEXT,
    TELL_FAILED /* a text: why there is nothing to tell */
} Talk;

/* One thing that was said. */
typedef struct Message {
    Talk talk;
    const char *body;
    size_t len;
    int descriptor; /* that came with it, or -1; the receiver's */
} Message;

/* Both take all of it, or fail: the other side is gone. descriptor -1: none goes with it. */
bool channel_send(int socket, Talk talk, const char *body, size_t len, int descriptor);
bool channel_receive(int socket, Arena *arena, Message *message);

/* Parts of a body: texts and numbers. */
void body_put(Buf *out, const char *text, size_t len);
void body_put_number(Buf *out, uint64_t number);
/* False: the body ends before. */
bool body_get(Message *message, const char **text, size_t *len);
bool body_get_number(Message *message, uint64_t *number);

#endif
