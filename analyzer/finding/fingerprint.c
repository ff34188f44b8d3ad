/*
 * What makes a finding the same finding tomorrow: the rule, the function, the names it is
 * about and the text of its line. Neither line numbers nor the path take part, so that it
 * survives code moving around it and a renamed file; nor does its message, which counts
 * votes and changes with them. Blanks and comments are dropped from the line, so that it
 * also survives the formatter.
 */
#include <string.h>

#include "base/hash.h"
#include "finding/finding.h"
#include "finding/source.h"

static Hash mix_text(Hash hash, const char *text)
{
    return hash_mix(hash, hash_bytes(text, strlen(text)));
}

/* Static functions are linked as "file.c:name": the file may be renamed. What has blanks
 * is no link name but an expression, "a ? b : c". */
static const char *own_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon && !strpbrk(name, " ?(") ? colon + 1 : name;
}

void finding_identify(Finding *finding, const char *const *names, uint32_t nname)
{
    Hash hash = hash_bytes(finding->rule_id, strlen(finding->rule_id));
    hash = mix_text(hash, finding->function ? own_name(finding->function) : "");
    for (uint32_t i = 0; i < nname; i++)
        if (names[i]) hash = mix_text(hash, own_name(names[i]));
    hash_hex(hash, finding->fingerprint);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The end of the comment that starts at `i`, or `i` itself when none does. */
static size_t comment_end(SourceLine line, size_t i)
{
    if (i + 1 >= line.len || line.at[i] != '/') return i;
    if (line.at[i + 1] == '/') return line.len;
    if (line.at[i + 1] != '*') return i;
    for (size_t end = i + 3; end < line.len; end++)
        if (line.at[end - 1] == '*' && line.at[end] == '/') return end + 1;
    return line.len;
}

static Hash line_hash(SourceLine line, Arena *arena)
{
    ArenaMark mark = arena_mark(arena);
    char *kept = arena_take(arena, line.len, 1);
    size_t n = 0;
    char quote = 0;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.at[i];
        size_t end = quote ? i : comment_end(line, i);
        if (end > i) {
            i = end - 1;
            continue;
        }
        if (!is_blank(c)) kept[n++] = c;
        if (quote && c == '\\' && i + 1 < line.len) {
            kept[n++] = line.at[++i];
        } else if (c == quote) {
            quote = 0;
        } else if (!quote && (c == '"' || c == '\'')) {
            quote = c;
        }
    }
    Hash hash = hash_bytes(kept, n);
    arena_reset(arena, mark);
    return hash;
}

void finding_settle(FindingList *list, Source *source, Arena *arena)
{
    for (uint32_t i = 0; i < list->n; i++) {
        Finding *finding = &list->at[i];
        if (!finding->fingerprint[0]) finding_identify(finding, NULL, 0);
        SourceLine line =
            source_line_at(source, finding->place.path, finding->place.line);
        Hash hash = mix_text((Hash){0}, finding->fingerprint);
        hash_hex(hash_mix(hash, line_hash(line, arena)), finding->fingerprint);
    }
    finding_sort(list, arena);
}
