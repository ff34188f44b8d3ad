/*
 * primaryLocationLineHash: the one fingerprint that GitHub code scanning looks at.
 *
 * For every line, a polynomial hash modulo 2^64 over the 100 UTF-16 code units that begin
 * with the first one of the line that is neither blank nor tab. Blanks and tabs do not
 * count anywhere; CR and CR LF count as LF; after the text come 0xFFFF and 100 zeros. A
 * window of 100 units moves over the file once; when a unit that began a line is about to
 * leave it, the hash is that line's.
 */
#include "rolling.h"

#include "base/map.h"
#include "base/vec.h"
#include "utf8.h"

enum { WINDOW = 100, FACTOR = 37, END_OF_FILE = 0xFFFF };

typedef struct Roller {
    uint64_t hash, last_factor; /* FACTOR to the power of WINDOW */
    uint16_t window[WINDOW];
    uint32_t line_of[WINDOW]; /* the line that the unit begins, or 0 */
    uint32_t at;
    uint32_t line;
    bool is_line_start, was_cr;
    LineHashes *out;
    Map counts;
} Roller;

static void line_done(Roller *roller)
{
    uint32_t line = roller->line_of[roller->at];
    roller->line_of[roller->at] = 0;
    if (line == 0 || line > roller->out->nline) return;
    uint64_t *count = map_put(&roller->counts, roller->hash, 0, NULL);
    roller->out->hash[line - 1] = roller->hash;
    roller->out->count[line - 1] = (uint32_t)++ * count;
}

static void push(Roller *roller, uint16_t unit)
{
    uint64_t leaving = roller->window[roller->at];
    roller->window[roller->at] = unit;
    roller->hash = roller->hash * FACTOR + unit - roller->last_factor * leaving;
    roller->at = (roller->at + 1) % WINDOW;
}

static void take_unit(Roller *roller, uint16_t unit)
{
    bool is_skipped = unit == ' ' || unit == '\t' || (roller->was_cr && unit == '\n');
    roller->was_cr = !is_skipped && unit == '\r';
    if (is_skipped) return;
    if (unit == '\r') unit = '\n';
    line_done(roller);
    if (roller->is_line_start) roller->line_of[roller->at] = ++roller->line;
    roller->is_line_start = unit == '\n';
    push(roller, unit);
}

static void take_text(Roller *roller, const SourceFile *file)
{
    size_t taken;
    for (size_t i = 0; i < file->len; i += taken) {
        uint32_t c = utf8_next(file->at + i, file->len - i, &taken);
        if (c > 0xFFFF) {
            take_unit(roller, (uint16_t)(0xD800 + ((c - 0x10000) >> 10)));
            take_unit(roller, (uint16_t)(0xDC00 + ((c - 0x10000) & 0x3FF)));
        } else {
            take_unit(roller, (uint16_t)c);
        }
    }
}

LineHashes rolling_hashes(const SourceFile *file, Arena *arena)
{
    LineHashes out = {.nline = file->nline};
    out.hash = ARENA_ARRAY(arena, uint64_t, file->nline);
    out.count = ARENA_ARRAY(arena, uint32_t, file->nline);
    Roller *roller = ARENA_NEW(arena, Roller);
    roller->out = &out;
    roller->is_line_start = true;
    roller->last_factor = 1;
    for (int i = 0; i < WINDOW; i++)
        roller->last_factor *= FACTOR;
    map_init(&roller->counts, arena);
    take_text(roller, file);
    take_unit(roller, END_OF_FILE);
    for (int i = 0; i < WINDOW; i++) {
        line_done(roller);
        push(roller, 0);
    }
    return out;
}
