#ifndef LSP_POSITION_H
#define LSP_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Places and names of files as the protocol has them: lines from 0, columns in the units that
 * were agreed on, URIs. */
typedef enum PositionUnits { UNITS_UTF16, UNITS_UTF8, UNITS_UTF32 } PositionUnits;

typedef struct Position {
    uint32_t line, character; /* from 0 */
} Position;

/* The offset of a position; past the end of a line is its end, past the text the end of all. */
size_t position_offset(const char *text, size_t len, Position position,
                       PositionUnits units);
Position position_at(const char *text, size_t len, size_t offset, PositionUnits units);
/* The offset behind the word at an offset; where none is, behind the character there. */
size_t position_word_end(const char *text, size_t len, size_t offset);
/* How many units a part of a line has. */
uint32_t position_units(const char *text, size_t len, PositionUnits units);
/* Offset where a line (from 0) starts. */
size_t position_line(const char *text, size_t len, uint32_t line);

/* "file:///a%20b" -> "/a b"; NULL: it names no file of this machine. */
const char *uri_path(const char *uri, Arena *arena);
const char *uri_of(const char *path, Arena *arena);

#endif
