/*
 * Unified diffs, as far as they say which lines of the new files are new.
 *
 * A diff cannot tell everything that a change causes: that needs the program as it was
 * (--base). It can tell more than the line of the crash: a path that walks over a changed
 * line, or over a test that was taken away, is counted as well.
 */
#include "finding/patch.h"

#include <stdio.h>
#include <string.h>

#include "base/vec.h"

typedef struct Reader {
    const char *at, *end;
    Arena *arena;
    const char *path; /* NULL: the file is gone, or none was named */
    uint32_t nfile;
    VEC(PatchRange) ranges;
} Reader;

static size_t line_length(const Reader *reader)
{
    const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    return newline ? (size_t)(newline - reader->at) : (size_t)(reader->end - reader->at);
}

static void next_line(Reader *reader)
{
    reader->at += line_length(reader);
    if (reader->at < reader->end) reader->at++;
}

static bool starts(const Reader *reader, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(reader->end - reader->at) >= len && !memcmp(reader->at, word, len);
}

/* git quotes names with bytes that it finds odd: "b/a\303\251.c". */
static const char *unquote(Arena *arena, const char *text, size_t len)
{
    char *out = arena_copy(arena, text, len), *to = out;
    for (size_t i = 1; i < len && text[i] != '"'; i++) {
        unsigned value;
        int n = 0;
        static const char names[] = "abtnvfr", bytes[] = "\a\b\t\n\v\f\r";
        if (text[i] != '\\' || i + 1 >= len) {
            *to++ = text[i];
        } else if (sscanf(text + i + 1, "%3o%n", &value, &n) == 1 && n == 3) {
            *to++ = (char)value;
            i += 3;
        } else {
            const char *name = strchr(names, text[++i]);
            *to++ = name && *name ? bytes[name - names] : text[i];
        }
    }
    *to = 0;
    return out;
}

/* "+++ b/src/a.c\t2024-01-01", "+++ /dev/null" */
static void read_name(Reader *reader)
{
    const char *text = reader->at + 4;
    size_t len = line_length(reader) - 4;
    if (len && text[len - 1] == '\r') len--;
    const char *tab = memchr(text, '\t', len);
    if (tab) len = (size_t)(tab - text);
    const char *path = len && text[0] == '"' ? unquote(reader->arena, text, len)
                                             : arena_copy(reader->arena, text, len);
    bool is_prefixed = strlen(path) > 2 && path[1] == '/' && strchr("abciow", path[0]);
    reader->path = !strcmp(path, "/dev/null") ? NULL : is_prefixed ? path + 2 : path;
    reader->nfile++;
}

static void add_range(Reader *reader, uint32_t first, uint32_t last)
{
    PatchRange range = {reader->path, first, last};
    if (reader->path) vec_push(reader->arena, &reader->ranges, range);
}

/* "@@ -12,3 +14,2 @@ function" and the lines behind it. */
static bool read_hunk(Reader *reader, Err *err)
{
    unsigned before = 0, nbefore = 1, after = 0, nafter = 1;
    const char *line = arena_copy(reader->arena, reader->at, line_length(reader));
    bool ok =
        sscanf(line, "@@ -%u,%u +%u,%u @@", &before, &nbefore, &after, &nafter) == 4;
    if (!ok) {
        nbefore = nafter = 1;
        ok = sscanf(line, "@@ -%u +%u,%u @@", &before, &after, &nafter) == 3;
    }
    if (!ok) {
        nafter = 1;
        ok = sscanf(line, "@@ -%u,%u +%u @@", &before, &nbefore, &after) == 3;
    }
    if (!ok) {
        nbefore = nafter = 1;
        ok = sscanf(line, "@@ -%u +%u @@", &before, &after) == 2;
    }
    if (!ok)
        return err_set(err, ERR_USAGE, "the diff has a hunk like no other: %.80s", line);
    next_line(reader);
    uint32_t number = nafter ? after : after + 1, added = 0;
    bool removed = false;
    while (reader->at < reader->end && (nbefore || nafter)) {
        char mark = reader->at[0];
        if (mark == '-' && nbefore) {
            removed = true;
            nbefore--;
        } else if (mark == '+' && nafter) {
            added++;
            number++;
            nafter--;
        } else if (mark != '\\') { /* the same on both sides */
            if (added) add_range(reader, number - added, number - 1);
            if (removed && !added) add_range(reader, number, number - 1);
            removed = false;
            added = 0;
            number++;
            nbefore -= nbefore > 0;
            nafter -= nafter > 0;
        }
        next_line(reader);
    }
    if (added) add_range(reader, number - added, number - 1);
    if (removed && !added) add_range(reader, number, number - 1);
    return true;
}

bool patch_read(const char *text, size_t len, Arena *arena, Patch *patch, Err *err)
{
    Reader reader = {.at = text, .end = text + len, .arena = arena};
    bool is_blank = true;
    while (reader.at < reader.end) {
        if (line_length(&reader)) is_blank = false;
        if (starts(&reader, "diff ") || starts(&reader, "Binary files")) reader.nfile++;
        if (starts(&reader, "@@ -")) {
            if (!read_hunk(&reader, err)) return false;
            continue;
        }
        if (starts(&reader, "+++ ")) read_name(&reader);
        next_line(&reader);
    }
    *patch = (Patch){reader.ranges.at, reader.ranges.n, reader.nfile};
    return reader.nfile || is_blank ||
           err_set(err, ERR_USAGE,
                   "this is no unified diff: write one with git diff -U0 REV...");
}

static bool is_path(const char *of_patch, const char *path)
{
    if (!path) return false;
    size_t n = strlen(of_patch), len = strlen(path);
    return n >= len && !strcmp(of_patch + n - len, path) &&
           (n == len || of_patch[n - len - 1] == '/');
}

static bool is_in(const PatchRange *range, const Place *place)
{
    return place->line >= range->first && place->line <= range->last &&
           is_path(range->path, place->path);
}

/* Steps of one function before and behind what is no longer between them. */
static bool spans(const PatchRange *range, const Finding *finding)
{
    uint32_t least = finding->place.line, most = least;
    if (!is_path(range->path, finding->place.path)) return false;
    for (uint32_t i = 0; i < finding->nstep; i++) {
        const Step *step = &finding->steps[i];
        bool is_own = step->place.path &&
                      !strcmp(step->place.path, finding->place.path) && step->function &&
                      finding->function && !strcmp(step->function, finding->function);
        if (is_own && step->place.line < least) least = step->place.line;
        if (is_own && step->place.line > most) most = step->place.line;
    }
    return least <= range->last && range->last < most;
}

static bool touches(const PatchRange *range, const Finding *finding)
{
    if (range->last < range->first) return spans(range, finding);
    if (is_in(range, &finding->place)) return true;
    for (uint32_t i = 0; i < finding->nstep; i++)
        if (is_in(range, &finding->steps[i].place)) return true;
    return false;
}

void patch_apply(const FindingList *findings, const Patch *patch)
{
    for (uint32_t i = 0; i < findings->n; i++) {
        Finding *finding = &findings->at[i];
        if (finding->age == AGE_KNOWN) continue;
        finding->age = AGE_KNOWN;
        for (uint32_t k = 0; k < patch->n && finding->age == AGE_KNOWN; k++)
            if (touches(&patch->at[k], finding)) finding->age = AGE_NEW;
    }
}
