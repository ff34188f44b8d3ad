/*
 * Shows one source line to a person: tabs become blanks, broken or dangerous characters
 * U+FFFD, and of a line that is too long the part around the place is kept.
 */
#include "snippet.h"

#include <string.h>

#include "base/vec.h"
#include "utf8.h"

enum { TAB = 4, FAR = 4096 };

static const char GAP[] = "...";
enum { GAP_WIDTH = 3 };

/* A character on the terminal. */
typedef struct Cell {
    uint32_t byte; /* offset in the line */
    uint32_t character;
    uint32_t width;
} Cell;

typedef struct Cells {
    Cell *at;
    uint32_t n, room;
    bool is_cut_before, is_cut_behind; /* bytes of the line are not among the cells */
} Cells;

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

uint32_t snippet_end_column(SourceLine line, const Place *place)
{
    uint32_t column = place->column ? place->column : 1;
    if (place->end_column > column) return place->end_column;
    size_t end = column - 1;
    while (end < line.len && end < column + FAR && is_word(line.at[end]))
        end++;
    return end > column - 1 ? (uint32_t)end + 1 : column + 1;
}

/* Lines of minified code have megabytes: only what can come into the window is decoded. */
static void find_span(SourceLine line, size_t column, size_t *from, size_t *to)
{
    *from = column > FAR ? column - FAR : 0;
    while (*from < column && ((unsigned char)line.at[*from] & 0xC0) == 0x80)
        ++*from;
    *to = line.len - column > FAR ? column + FAR : line.len;
}

static Cells cells_make(SourceLine line, size_t column, bool trim, Arena *arena)
{
    Cells cells = {0};
    size_t from, to, taken;
    find_span(line, column, &from, &to);
    cells.is_cut_before = from > 0;
    cells.is_cut_behind = to < line.len;
    if (trim && from == 0)
        while (from < column && (line.at[from] == ' ' || line.at[from] == '\t'))
            from++;
    uint32_t at = 0;
    for (size_t i = from; i < to; i += taken) {
        uint32_t c = utf8_next(line.at + i, to - i, &taken);
        Cell cell = {(uint32_t)i, c, 1};
        if (c == '\t') {
            cell.width = TAB - at % TAB;
        } else if (utf8_is_unsafe(c)) {
            cell.character = UTF8_REPLACEMENT;
        } else {
            cell.width = utf8_width(c);
        }
        at += cell.width;
        vec_push(arena, &cells, cell);
    }
    return cells;
}

/* The first cell at or behind a byte. */
static uint32_t cell_at(const Cells *cells, size_t byte)
{
    uint32_t low = 0, high = cells->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (cells->at[middle].byte < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t width_of(const Cells *cells, uint32_t from, uint32_t to)
{
    uint32_t width = 0;
    for (uint32_t i = from; i < to; i++)
        width += cells->at[i].width;
    return width;
}

/* Chooses cells [*first, *last) that fit: a third of the room before the place. */
static void find_window(const Cells *cells, uint32_t caret, uint32_t width,
                        uint32_t *first, uint32_t *last)
{
    *first = 0;
    *last = cells->n;
    bool is_whole = !cells->is_cut_before && !cells->is_cut_behind;
    if (is_whole && width_of(cells, 0, cells->n) <= width) return;
    uint32_t room = width > 2 * GAP_WIDTH + 3 ? width - 2 * GAP_WIDTH : 3;
    if (width_of(cells, 0, caret) > room / 2) {
        uint32_t before = 0;
        *first = caret;
        while (*first > 0 && before + cells->at[*first - 1].width <= room / 3)
            before += cells->at[--*first].width;
    }
    uint32_t used = 0;
    *last = *first;
    while (*last < cells->n && used + cells->at[*last].width <= room)
        used += cells->at[(*last)++].width;
}

static void put_cell(Buf *out, const Cell *cell)
{
    if (cell->character == '\t')
        for (uint32_t i = 0; i < cell->width; i++)
            buf_text(out, " ");
    else
        utf8_put(out, cell->character);
}

Snippet snippet_make(SourceLine line, const Place *place, uint32_t width, bool trim,
                     Arena *arena)
{
    size_t column = place->column ? place->column - 1 : 0;
    if (column > line.len) column = line.len;
    Cells cells = cells_make(line, column, trim, arena);
    uint32_t caret = cell_at(&cells, column), first, last;
    uint32_t end = cell_at(&cells, snippet_end_column(line, place) - 1);
    find_window(&cells, caret, width, &first, &last);
    if (end > last) end = last;

    Buf text;
    buf_init(&text, arena);
    bool is_cut = first > 0 || cells.is_cut_before;
    if (is_cut) buf_text(&text, GAP);
    for (uint32_t i = first; i < last; i++)
        put_cell(&text, &cells.at[i]);
    if (last < cells.n || cells.is_cut_behind) buf_text(&text, GAP);
    uint32_t from = (is_cut ? GAP_WIDTH : 0) + width_of(&cells, first, caret);
    uint32_t covered = end > caret ? width_of(&cells, caret, end) : 1;
    return (Snippet){text.at, from, from + (covered ? covered : 1)};
}

/* Characters that begin a stretch of the line, and how many units stand before them. */
typedef struct Milestones {
    VEC(size_t) bytes;
    VEC(uint32_t) units;
} Milestones;

enum { STRETCH = 4096 };

void columns_init(Columns *columns, Arena *arena)
{
    map_init(&columns->lines, arena);
    columns->arena = arena;
}

static Milestones *milestones_of(Columns *columns, SourceLine line)
{
    bool is_new;
    uint64_t *at = map_put(&columns->lines, MAP_KEY(line.at), 0, &is_new);
    if (!is_new) return (Milestones *)(uintptr_t)*at;
    Milestones *stones = ARENA_NEW(columns->arena, Milestones);
    *at = MAP_KEY(stones);
    uint32_t units = 0;
    size_t taken;
    for (size_t i = 0; i < line.len; i += taken) {
        if (i >= stones->bytes.n * (size_t)STRETCH) {
            vec_push(columns->arena, &stones->bytes, i);
            vec_push(columns->arena, &stones->units, units);
        }
        units += utf8_next(line.at + i, line.len - i, &taken) > 0xFFFF ? 2 : 1;
    }
    return stones;
}

uint32_t columns_utf16(Columns *columns, SourceLine line, uint32_t column)
{
    if (!line.at || !column) return column;
    size_t before = column - 1 < line.len ? column - 1 : line.len;
    if (before < STRETCH) return utf8_units(line.at, before) + 1;
    const Milestones *stones = milestones_of(columns, line);
    size_t at = before / STRETCH;
    if (at >= stones->bytes.n || stones->bytes.at[at] > before) at--;
    size_t from = stones->bytes.at[at];
    return stones->units.at[at] + utf8_units(line.at + from, before - from) + 1;
}

void snippet_put_safe(Buf *out, const char *text)
{
    size_t len = strlen(text), taken;
    for (size_t i = 0; i < len; i += taken) {
        uint32_t c = utf8_next(text + i, len - i, &taken);
        if (c == '\n' || c == '\t')
            buf_text(out, " ");
        else
            utf8_put(out, utf8_is_unsafe(c) ? UTF8_REPLACEMENT : c);
    }
}
