/*
 * Findings as bytes, for caches. Numbers are LEB128, strings are written once in a table
 * and named by position. What is read may be damaged: every count is checked against the
 * bytes that are left before memory is taken for it.
 *
 *   "SLFD" schema   count {len bytes}...   count {finding}...
 */
#include <math.h>
#include <string.h>

#include "base/map.h"
#include "base/name.h"
#include "base/vec.h"
#include "finding/finding.h"

static const char MAGIC[5] = "SLFD\2";

typedef struct Writer {
    Buf body;
    Names *names;
    Map index; /* Name -> position in strings, from 1 */
    VEC(const Name *) strings;
    Arena *arena;
} Writer;

static void put_number(Buf *out, uint64_t value)
{
    do {
        unsigned char byte = value & 127;
        value >>= 7;
        if (value) byte |= 128;
        buf_put(out, &byte, 1);
    } while (value);
}

static void put_bits(Buf *out, uint64_t bits)
{
    for (int i = 0; i < 8; i++, bits >>= 8) {
        unsigned char byte = bits & 255;
        buf_put(out, &byte, 1);
    }
}

static void put_real(Buf *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_bits(out, bits);
}

/* 0 is NULL. */
static void put_string(Writer *to, const char *text)
{
    if (!text) {
        put_number(&to->body, 0);
        return;
    }
    const Name *name = name_of(to->names, text);
    bool is_new;
    uint64_t at =
        *map_put(&to->index, MAP_KEY(name), (uint64_t)to->strings.n + 1, &is_new);
    if (is_new) vec_push(to->arena, &to->strings, name);
    put_number(&to->body, at);
}

static void put_place(Writer *to, const Place *place)
{
    put_string(to, place->path);
    put_number(&to->body, place->line);
    put_number(&to->body, place->column);
    put_number(&to->body, place->end_column);
}

static void put_steps(Writer *to, const Step *steps, uint32_t n)
{
    put_number(&to->body, n);
    for (uint32_t i = 0; i < n; i++) {
        put_place(to, &steps[i].place);
        put_string(to, steps[i].text);
        put_string(to, steps[i].function);
        put_number(&to->body, steps[i].depth);
    }
}

static void put_fix(Writer *to, const Fix *fix)
{
    put_number(&to->body, fix != NULL);
    if (!fix) return;
    put_string(to, fix->path);
    put_string(to, fix->text);
    put_bits(&to->body, fix->content.low);
    put_bits(&to->body, fix->content.high);
    put_number(&to->body, fix->nedit);
    for (uint32_t i = 0; i < fix->nedit; i++) {
        put_number(&to->body, fix->edits[i].offset);
        put_number(&to->body, fix->edits[i].cut);
        put_string(to, fix->edits[i].text);
    }
}

static void put_finding(Writer *to, const Finding *finding)
{
    put_string(to, finding->rule_id);
    put_number(&to->body, (uint64_t)finding->tier);
    put_number(&to->body, (uint64_t)finding->builds);
    put_place(to, &finding->place);
    put_string(to, finding->text);
    put_string(to, finding->advice);
    put_string(to, finding->function);
    put_string(to, finding->pointer);
    put_steps(to, finding->steps, finding->nstep);
    put_steps(to, finding->related, finding->nrelated);
    put_number(&to->body, finding->nterm);
    for (uint32_t i = 0; i < finding->nterm; i++) {
        put_string(to, finding->terms[i].name);
        put_real(&to->body, finding->terms[i].value);
    }
    put_real(&to->body, finding->score);
    put_string(to, finding->fingerprint);
    put_string(to, finding->suppressed);
    put_fix(to, finding->fix);
}

void finding_write(Buf *out, const FindingList *list)
{
    Arena *scratch = arena_new("findings out");
    Writer to = {.names = names_new(scratch), .arena = scratch};
    buf_init(&to.body, scratch);
    map_init(&to.index, scratch);
    for (uint32_t i = 0; i < list->n; i++)
        put_finding(&to, &list->at[i]);
    buf_put(out, MAGIC, sizeof MAGIC);
    put_number(out, to.strings.n);
    for (uint32_t i = 0; i < to.strings.n; i++) {
        put_number(out, to.strings.at[i]->len);
        buf_put(out, to.strings.at[i]->text, to.strings.at[i]->len);
    }
    put_number(out, list->n);
    buf_put(out, to.body.at, to.body.n);
    arena_free(scratch);
}

typedef struct Reader {
    const unsigned char *at, *end;
    Arena *arena;
    const char **strings; /* [0] is NULL */
    uint32_t nstring;
    bool is_damaged; /* sticky; readers then give zeros */
} Reader;

static uint64_t get_number(Reader *from, uint64_t limit)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && from->at < from->end; shift += 7) {
        unsigned char byte = *from->at++;
        value |= (uint64_t)(byte & 127) << shift;
        if (byte & 128) continue;
        if (value > limit) break;
        return value;
    }
    from->is_damaged = true;
    from->at = from->end;
    return 0;
}

static uint32_t get_word(Reader *from)
{
    return (uint32_t)get_number(from, UINT32_MAX);
}

/* How many things follow, each of at least `size` bytes. */
static uint32_t get_count(Reader *from, size_t size)
{
    uint64_t room = (uint64_t)(from->end - from->at) / size;
    return (uint32_t)get_number(from, room < UINT32_MAX ? room : UINT32_MAX);
}

static uint64_t get_bits(Reader *from)
{
    uint64_t bits = 0;
    if (from->end - from->at < 8) {
        from->is_damaged = true;
        return 0;
    }
    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)*from->at++ << (8 * i);
    return bits;
}

static double get_real(Reader *from)
{
    uint64_t bits = get_bits(from);
    double value;
    memcpy(&value, &bits, sizeof value);
    if (!isfinite(value)) from->is_damaged = true;
    return value;
}

static const char *get_optional(Reader *from)
{
    return from->strings[get_number(from, from->nstring)];
}

static const char *get_string(Reader *from)
{
    const char *text = get_optional(from);
    if (!text) from->is_damaged = true;
    return text ? text : "";
}

static Place get_place(Reader *from)
{
    Place place = {.path = get_optional(from)};
    place.line = get_word(from);
    place.column = get_word(from);
    place.end_column = get_word(from);
    return place;
}

static const Step *get_steps(Reader *from, uint32_t *n)
{
    enum { SMALLEST_STEP = 7 };
    *n = get_count(from, SMALLEST_STEP);
    Step *steps = *n ? ARENA_ARRAY(from->arena, Step, *n) : NULL;
    for (uint32_t i = 0; i < *n; i++) {
        steps[i].place = get_place(from);
        steps[i].text = get_optional(from);
        steps[i].function = get_optional(from);
        steps[i].depth = get_word(from);
    }
    return steps;
}

static void get_terms(Reader *from, Finding *finding)
{
    enum { SMALLEST_TERM = 9 };
    finding->nterm = get_count(from, SMALLEST_TERM);
    if (!finding->nterm) return;
    ScoreTerm *terms = ARENA_ARRAY(from->arena, ScoreTerm, finding->nterm);
    for (uint32_t i = 0; i < finding->nterm; i++) {
        terms[i].name = get_string(from);
        terms[i].value = get_real(from);
    }
    finding->terms = terms;
}

static void get_fingerprint(Reader *from, Finding *finding)
{
    const char *text = get_string(from);
    size_t len = strlen(text);
    if (len != 0 && (len != 32 || strspn(text, "0123456789abcdef") != 32))
        from->is_damaged = true;
    else
        memcpy(finding->fingerprint, text, len + 1);
}

static const Fix *get_fix(Reader *from)
{
    enum { SMALLEST_EDIT = 3 };
    if (!get_number(from, 1)) return NULL;
    Fix *fix = ARENA_NEW(from->arena, Fix);
    fix->path = get_string(from);
    fix->text = get_string(from);
    fix->content.low = get_bits(from);
    fix->content.high = get_bits(from);
    fix->nedit = get_count(from, SMALLEST_EDIT);
    Edit *edits = ARENA_ARRAY(from->arena, Edit, fix->nedit);
    for (uint32_t i = 0; i < fix->nedit; i++) {
        edits[i].offset = get_word(from);
        edits[i].cut = get_word(from);
        edits[i].text = get_string(from);
    }
    fix->edits = edits;
    return fix;
}

static void get_finding(Reader *from, Finding *finding)
{
    finding->rule_id = get_string(from);
    uint32_t tier = get_word(from);
    if (tier < TIER_A || tier > TIER_C) from->is_damaged = true;
    finding->tier = (Tier)tier;
    finding->builds = (Builds)get_number(from, BUILDS_RELEASE);
    finding->place = get_place(from);
    finding->text = get_string(from);
    finding->advice = get_optional(from);
    finding->function = get_optional(from);
    finding->pointer = get_optional(from);
    finding->steps = get_steps(from, &finding->nstep);
    finding->related = get_steps(from, &finding->nrelated);
    get_terms(from, finding);
    finding->score = get_real(from);
    get_fingerprint(from, finding);
    finding->suppressed = get_optional(from);
    finding->fix = get_fix(from);
}

static void get_strings(Reader *from)
{
    uint32_t n = get_count(from, 1);
    from->strings = ARENA_ARRAY(from->arena, const char *, (size_t)n + 1);
    for (uint32_t i = 1; i <= n && !from->is_damaged; i++) {
        uint32_t len = get_count(from, 1);
        if (memchr(from->at, 0, len)) from->is_damaged = true;
        from->strings[i] = arena_copy(from->arena, (const char *)from->at, len);
        from->at += len;
    }
    from->nstring = from->is_damaged ? 0 : n;
}

bool finding_read(const char *bytes, size_t len, Arena *arena, FindingList *list,
                  Err *err)
{
    enum { SMALLEST_FINDING = 24 };
    *list = (FindingList){0};
    if (len < sizeof MAGIC || memcmp(bytes, MAGIC, sizeof MAGIC) != 0)
        return err_set(err, ERR_CACHE, "these are not findings of this version");
    Reader from = {.at = (const unsigned char *)bytes + sizeof MAGIC,
                   .end = (const unsigned char *)bytes + len,
                   .arena = arena};
    get_strings(&from);
    uint32_t n = get_count(&from, SMALLEST_FINDING);
    Finding *findings = ARENA_ARRAY(arena, Finding, n);
    for (uint32_t i = 0; i < n && !from.is_damaged; i++)
        get_finding(&from, &findings[i]);
    if (from.is_damaged || from.at != from.end)
        return err_set(err, ERR_CACHE, "these findings are damaged");
    *list = (FindingList){findings, n};
    return true;
}
