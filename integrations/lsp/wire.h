#ifndef LSP_WIRE_H
#define LSP_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * The frames of the protocol: "Content-Length: N", an empty line, N bytes. Everything is bounded,
 * and nothing that arrives can end the stream: what is no frame is left out up to the next one.
 */
enum { WIRE_HEADER_LIMIT = 8 * 1024, WIRE_BODY_LIMIT = 64 * 1024 * 1024 };

typedef enum WireFound {
    WIRE_NOTHING,  /* more bytes are needed */
    WIRE_MESSAGE,  /* a body */
    WIRE_BROKEN,   /* bytes that are no frame were left out */
    WIRE_TOO_LARGE /* so was a body above the limit */
} WireFound;

typedef struct Wire {
    Arena *arena; /* of the bytes; made anew as they are used up */
    char *at;
    size_t start, n, room; /* bytes from start to n wait */
    size_t skip;           /* bytes of a body that is left out */
    bool is_lost;          /* inside of something that is no frame, and that was said */
} Wire;

void wire_init(Wire *wire);
void wire_free(Wire *wire);
void wire_feed(Wire *wire, const char *bytes, size_t len);
/* The next thing in the stream. A body is valid until the next call. */
WireFound wire_next(Wire *wire, const char **body, size_t *len);
/* Appends a frame. */
void wire_frame(Buf *out, const char *body, size_t len);

#endif
