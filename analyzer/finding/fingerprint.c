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

void finding_settle_with(FindingList *list, Statements *statements, Arena *arena)
{
    for (uint32_t i = 0; i < list->n; i++) {
        Finding *finding = &list->at[i];
        if (!finding->fingerprint[0]) finding_identify(finding, NULL, 0);
        Hash hash = mix_text((Hash){0}, finding->fingerprint);
        hash = hash_mix(hash, statement_hash(statements, &finding->place));
        hash_hex(hash, finding->likeness);
    }
    finding_sort(list);
    number_equal(list, arena);
}
