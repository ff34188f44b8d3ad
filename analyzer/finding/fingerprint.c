/*
 * What makes a finding the same finding tomorrow: the rule, the function, the names it is
 * about and the text of its statement. Neither line numbers nor the path take part, so that
 * it survives code moving around it and a renamed file; nor does its message, which counts
 * votes and changes with them. Of the statement only what a formatter leaves alone counts.
 */
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "finding/finding.h"
#include "finding/statement.h"

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

/* The second, third, ... finding that is like another gets a fingerprint of its own. */
static void number_equal(FindingList *list, Arena *arena)
{
    Map seen;
    map_init(&seen, arena);
    for (uint32_t i = 0; i < list->n; i++) {
        Finding *finding = &list->at[i];
        Hash hash = hash_bytes(finding->likeness, strlen(finding->likeness));
        uint64_t *count = map_put(&seen, hash.low, 0, NULL);
        memcpy(finding->fingerprint, finding->likeness, sizeof finding->fingerprint);
        if (++*count > 1)
            hash_hex(hash_mix(hash, (Hash){0, *count}), finding->fingerprint);
    }
}

void finding_settle(FindingList *list, Source *source, Arena *arena)
{
    Statements statements;
    Arena *scratch = arena_new("statements");
    statements_init(&statements, source, scratch);
    finding_settle_with(list, &statements, arena);
    arena_free(scratch);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

static size_t word_end(SourceLine line, size_t at)
{
    while (at < line.len && is_word(line.at[at]))
        at++;
    return at;
}

static size_t blanks_end(SourceLine line, size_t at)
{
    while (at < line.len && (line.at[at] == ' ' || line.at[at] == '\t'))
        at++;
    return at;
}

/* The pointer itself where it stands there; else the word, or the access "->member". */
static size_t use_end(SourceLine line, size_t at, const char *pointer)
{
    size_t len = pointer ? strlen(pointer) : 0;
    if (len && len <= line.len - at && !memcmp(line.at + at, pointer, len) &&
        !(is_word(pointer[len - 1]) && word_end(line, at + len) > at + len))
        return at + len;
    size_t from = at;
    if (line.len - at > 1 && !memcmp(line.at + at, "->", 2))
        from = blanks_end(line, at + 2);
    else if (line.at[at] == '.' || line.at[at] == '*')
        from = blanks_end(line, at + 1);
    size_t end = word_end(line, from);
    return end > from ? end : at + 1;
}

/* Where a finding's place ends only the text can say: an access is written in many ways. */
static void end_place(Finding *finding, Source *source)
{
    Place *place = &finding->place;
    SourceLine line = source_line_at(source, place->path, place->line);
    if (!line.at || !place->column || place->column > line.len) return;
    place->end_column = (uint32_t)use_end(line, place->column - 1, finding->pointer) + 1;
}

void finding_settle_with(FindingList *list, Statements *statements, Arena *arena)
{
    for (uint32_t i = 0; i < list->n; i++) {
        Finding *finding = &list->at[i];
        end_place(finding, statements->source);
        if (!finding->fingerprint[0]) finding_identify(finding, NULL, 0);
        Hash hash = mix_text((Hash){0}, finding->fingerprint);
        hash = hash_mix(hash, statement_hash(statements, &finding->place));
        hash_hex(hash, finding->likeness);
    }
    finding_sort(list);
    number_equal(list, arena);
}
