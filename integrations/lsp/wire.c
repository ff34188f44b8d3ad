/*
 * Framing. The bytes wait in one block of their own arena, which is given back whenever they
 * are used up, so a long life with a few large messages costs nothing.
 */
#include "wire.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char name[] = "Content-Length:";
enum { NAME = sizeof name - 1, FIRST_ROOM = 64 * 1024 };

void wire_init(Wire *wire)
{
    *wire = (Wire){.arena = arena_new("wire")};
}

void wire_free(Wire *wire)
{
    arena_free(wire->arena);
    *wire = (Wire){0};
}

static size_t waiting(const Wire *wire)
{
    return wire->n - wire->start;
}

/* Room for `more` bytes, in a new arena when the old block is too small. */
static void make_room(Wire *wire, size_t more)
{
    size_t have = waiting(wire);
    if (wire->room - wire->n >= more) return;
    size_t room = wire->room ? wire->room : FIRST_ROOM;
    while (room < have + more)
        room *= 2;
    Arena *arena = arena_new("wire");
    char *at = arena_take_raw(arena, room, 1);
    if (have) memcpy(at, wire->at + wire->start, have);
    arena_free(wire->arena);
    *wire = (Wire){.arena = arena,
                   .at = at,
                   .n = have,
                   .room = room,
                   .skip = wire->skip,
                   .is_lost = wire->is_lost};
}

void wire_feed(Wire *wire, const char *bytes, size_t len)
{
    size_t skipped = wire->skip < len ? wire->skip : len;
    wire->skip -= skipped;
    bytes += skipped;
    len -= skipped;
    if (!len) return;
    make_room(wire, len);
    memcpy(wire->at + wire->n, bytes, len);
    wire->n += len;
}

/* Behind the empty line that ends a header; 0: it is not there yet. */
static size_t header_end(const char *at, size_t len)
{
    for (size_t i = 0; i + 3 < len; i++)
        if (!memcmp(at + i, "\r\n\r\n", 4)) return i + 4;
    return 0;
}

/* False: no line says a length, or two do, or it is no number. */
static bool read_length(const char *at, size_t len, size_t *body)
{
    bool found = false;
    *body = 0;
    for (const char *end = at + len, *next; at < end; at = next) {
        const char *stop = memchr(at, '\r', (size_t)(end - at));
        next = stop ? stop + 2 : end;
        if (!stop || stop - at < NAME || strncasecmp(at, name, NAME) != 0) continue;
        if (found) return false;
        for (at += NAME; at < stop && (*at == ' ' || *at == '\t');)
            at++;
        if (at == stop || stop - at > 18) return false;
        for (; at < stop; at++) {
            if (!isdigit((unsigned char)*at)) return false;
            *body = *body * 10 + (size_t)(*at - '0');
        }
        found = true;
    }
    return found;
}

/* The next place, behind the first byte, where a header may begin. */
static size_t next_start(const char *at, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        size_t left = len - i < NAME ? len - i : NAME;
        if (!strncasecmp(at + i, name, left)) return i;
    }
    return len;
}

static WireFound lose(Wire *wire, size_t len)
{
    WireFound found = wire->is_lost ? WIRE_NOTHING : WIRE_BROKEN;
    wire->start += len;
    wire->is_lost = true;
    return found;
}

static WireFound take_body(Wire *wire, size_t head, size_t len, const char **body)
{
    size_t have = waiting(wire) - head;
    if (len > WIRE_BODY_LIMIT) {
        wire->skip = len > have ? len - have : 0;
        wire->start += head + (len < have ? len : have);
        return WIRE_TOO_LARGE;
    }
    if (have < len) {
        make_room(wire, len - have);
        return WIRE_NOTHING;
    }
    *body = wire->at + wire->start + head;
    wire->start += head + len;
    wire->is_lost = false;
    return WIRE_MESSAGE;
}

WireFound wire_next(Wire *wire, const char **body, size_t *len)
{
    while (waiting(wire)) {
        const char *at = wire->at + wire->start;
        size_t have = waiting(wire);
        size_t head = header_end(at, have < WIRE_HEADER_LIMIT ? have : WIRE_HEADER_LIMIT);
        if (!head && have < WIRE_HEADER_LIMIT) return WIRE_NOTHING;
        if (head && read_length(at, head, len)) return take_body(wire, head, *len, body);
        WireFound found = lose(wire, next_start(at, head ? head : have));
        if (found != WIRE_NOTHING) return found;
    }
    if (wire->start) {
        bool is_lost = wire->is_lost;
        size_t skip = wire->skip;
        wire_free(wire);
        wire_init(wire);
        wire->is_lost = is_lost;
        wire->skip = skip;
    }
    return WIRE_NOTHING;
}

void wire_frame(Buf *out, const char *body, size_t len)
{
    buf_printf(out, "Content-Length: %zu\r\n\r\n", len);
    buf_put(out, body, len);
}
