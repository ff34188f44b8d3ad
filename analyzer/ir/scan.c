/* Tokens of the text form, and the tables that find rows by name. */
#include "ir/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const uint32_t HASH_START = 2166136261u, HASH_STEP = 16777619u; /* FNV-1a */

uint32_t scan_line(const Scan *scan, const char *at)
{
    uint32_t line = 1;
    for (const char *c = scan->text; c < at; c++)
        if (*c == '\n') line++;
    return line;
}

bool scan_fail(Scan *scan, const char *fmt, ...)
{
    char text[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return err_set(scan->err, ERR_CONFIG, "line %u: %s", scan_line(scan, scan->at), text);
}

int scan_rest(const char *at)
{
    int n = 0;
    while (n < 16 && at[n] != '\n' && at[n])
        n++;
    return n;
}

bool scan_end(Scan *scan)
{
    scan_blanks(scan);
    if (scan_take(scan, '\n')) return true;
    return scan_fail(scan, "unexpected '%.*s'", scan_rest(scan->at), scan->at);
}

static inline uint32_t hash_step(uint32_t hash, char c)
{
    return (hash ^ (uint8_t)c) * HASH_STEP;
}

ScanWord scan_word_of(const char *text, size_t len, uint32_t nth)
{
    uint32_t hash = HASH_START;
    for (size_t i = 0; i < len; i++)
        hash = hash_step(hash, text[i]);
    return (ScanWord){text, (uint32_t)len, hash, nth};
}

static int hex_digit(char c)
{
    if (scan_is_digit(c)) return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape after its backslash; -1 when there is none. */
static int escape_value(const char **at)
{
    const char *c = *at;
    *at = c + 1;
    if (*c == 'n') return '\n';
    if (*c == 't') return '\t';
    if (*c == '"' || *c == '\\') return *c;
    if (*c != 'x') return -1;
    int high = hex_digit(c[1]);
    int low = high < 0 ? -1 : hex_digit(c[2]);
    *at = c + 3;
    return low < 0 ? -1 : high * 16 + low;
}

static bool scan_quoted(Scan *scan, ScanWord *word)
{
    const char *start = ++scan->at, *end = start;
    bool is_escaped = false;
    while (*end != '"' && *end != '\n' && *end) {
        if (*end == '\\') {
            is_escaped = true;
            end++;
            if (*end == '\n' || !*end) break;
        }
        end++;
    }
    if (*end != '"') return scan_fail(scan, "a quote without its end");
    scan->at = end + 1;
    size_t len = (size_t)(end - start);
    if (is_escaped) {
        char *plain = arena_take(scan->scratch, len, 1);
        len = 0;
        for (const char *c = start; c < end;) {
            int value = *c++;
            if (value == '\\') value = escape_value(&c);
            if (value == -1) return scan_fail(scan, "an unknown escape in quotes");
            plain[len++] = (char)value;
        }
        start = plain;
    }
    *word = scan_word_of(start, len, 1);
    return true;
}

bool scan_word(Scan *scan, ScanWord *word)
{
    scan_blanks(scan);
    if (*scan->at == '"') return scan_quoted(scan, word);
    const char *start = scan->at, *at = start;
    uint32_t hash = HASH_START;
    for (; form_plain[(uint8_t)*at]; at++)
        hash = hash_step(hash, *at);
    if (at == start) return scan_fail(scan, "a name is missing");
    scan->at = at;
    *word = (ScanWord){start, (uint32_t)(at - start), hash, 1};
    return true;
}

bool scan_label(Scan *scan, ScanWord *word)
{
    scan_blanks(scan);
    if (*scan->at == '~')
        *word = scan_word_of(scan->at, 0, 1);
    else if (!scan_word(scan, word))
        return false;
    return !scan_take(scan, '~') || scan_number(scan, &word->nth);
}

bool scan_keyword(Scan *scan, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(scan->at, word, len) != 0 || form_plain[(uint8_t)scan->at[len]])
        return false;
    scan->at += len;
    return true;
}

bool scan_flag(Scan *scan, const FormWord *words, uint32_t *flags)
{
    const char *at = scan->at;
    while ((*at >= 'a' && *at <= 'z') || *at == '_')
        at++;
    size_t len = (size_t)(at - scan->at);
    for (; words->text; words++) {
        if (strncmp(scan->at, words->text, len) != 0 || words->text[len]) continue;
        *flags |= words->bit;
        scan->at = at;
        return true;
    }
    return scan_fail(scan, "unknown flag '%.*s'", (int)(len < 40 ? len : 40), scan->at);
}

bool scan_number_slow(Scan *scan, uint64_t max, uint64_t *number)
{
    if (!scan_is_digit(*scan->at)) return scan_fail(scan, "a number is missing");
    uint64_t n = 0;
    for (; scan_is_digit(*scan->at); scan->at++) {
        uint64_t digit = (uint64_t)(*scan->at - '0');
        if (n > (max - digit) / 10) return scan_fail(scan, "a number is too large");
        n = n * 10 + digit;
    }
    *number = n;
    return true;
}

bool scan_signed(Scan *scan, int64_t *number)
{
    bool is_negative = scan_take(scan, '-');
    uint64_t n = 0;
    if (!scan_number_slow(scan, (uint64_t)INT64_MAX + is_negative, &n)) return false;
    *number = is_negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

static bool type_kind(char letter, Type *type)
{
    switch (letter) {
    case 'v': type->kind = TYPE_VOID; return true;
    case 'i':
        type->is_signed = true;
        type->kind = TYPE_INT;
        return true;
    case 'u': type->kind = TYPE_INT; return true;
    case 'f': type->kind = TYPE_FLOAT; return true;
    case 'p': type->kind = TYPE_POINTER; return true;
    case 'a': type->kind = TYPE_AGGREGATE; return true;
    default: return false;
    }
}

bool scan_type(Scan *scan, Type *type)
{
    *type = (Type){0};
    scan_blanks(scan);
    const char *at = scan->at;
    if (!type_kind(*at, type)) return scan_fail(scan, "a type is missing");
    scan->at++;
    if (*scan->at == 's' && type->kind != TYPE_INT) {
        type->is_signed = true;
        scan->at++;
    }
    type->to_const = scan_take(scan, 'c');
    type->to_function = scan_take(scan, 'f');
    if (scan_is_digit(*scan->at) && !scan_number(scan, &type->size)) return false;
    if (!form_plain[(uint8_t)*scan->at]) return true;
    scan->at = at;
    return scan_fail(scan, "unknown type '%.*s'", scan_rest(at), at);
}

/* Rows by name. */

void labels_init(ScanLabels *labels, Arena *arena, uint32_t expected)
{
    uint32_t nslot = 8;
    while (nslot / 2 <= expected)
        nslot *= 2;
    *labels = (ScanLabels){.arena = arena,
                           .slots = ARENA_ARRAY(arena, struct ScanRow, nslot),
                           .nslot = nslot};
}

static struct ScanRow *label_slot(const ScanLabels *labels, ScanWord word)
{
    uint32_t i = (word.hash ^ (word.nth - 1) * HASH_STEP) & (labels->nslot - 1);
    for (;; i = (i + 1) & (labels->nslot - 1)) {
        struct ScanRow *row = &labels->slots[i];
        if (!row->id) return row;
        if (row->word.hash == word.hash && row->word.nth == word.nth &&
            row->word.len == word.len && !memcmp(row->word.text, word.text, word.len))
            return row;
    }
}

uint32_t labels_find(const ScanLabels *labels, ScanWord word)
{
    return label_slot(labels, word)->id;
}

static void labels_grow(ScanLabels *labels)
{
    ScanLabels grown;
    labels_init(&grown, labels->arena, labels->nslot);
    grown.n = labels->n;
    for (uint32_t i = 0; i < labels->nslot; i++)
        if (labels->slots[i].id)
            *label_slot(&grown, labels->slots[i].word) = labels->slots[i];
    *labels = grown;
}

bool labels_add(ScanLabels *labels, Scan *scan, ScanWord word)
{
    ScanWord before = word;
    before.nth--;
    if (word.nth == 0 || labels_find(labels, word) ||
        (word.nth > 1 && !labels_find(labels, before)))
        return scan_fail(scan,
                         "rows of one name are called name, name~2, name~3 in order: "
                         "'%.*s~%u' is not the next",
                         (int)(word.len < 80 ? word.len : 80), word.text, word.nth);
    if ((labels->n + 1) * 2 > labels->nslot) labels_grow(labels);
    *label_slot(labels, word) = (struct ScanRow){word, ++labels->n};
    return true;
}
