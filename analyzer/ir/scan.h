#ifndef IR_SCAN_H
#define IR_SCAN_H

#include "base/err.h"
#include "ir/form.h"

/*
 * What read reads with. The text is a copy that ends in a newline and a NUL, and no
 * function steps over a NUL: so nothing compares with the end. Functions that can fail
 * set the error, with the line, and return false.
 */
typedef struct Scan {
    const char *at, *text;
    size_t len; /* of text, without the NUL */
    Arena *scratch;
    Err *err;
} Scan;

/* A name as it stands in the text, without its quotes; lives as long as the text or the
 * scratch arena. */
typedef struct ScanWord {
    const char *text;
    uint32_t len, hash;
    uint32_t nth; /* after ~, else 1 */
} ScanWord;

/* Always false: `return scan_fail(scan, ...)`. */
bool scan_fail(Scan *scan, const char *fmt, ...) PRINTF_LIKE(2, 3);
int scan_rest(const char *at); /* how much of the line to quote in a complaint */
uint32_t scan_line(const Scan *scan, const char *at);

bool scan_word(Scan *scan, ScanWord *word);  /* a name */
bool scan_label(Scan *scan, ScanWord *word); /* what a row is called: name, name~2, ~1 */
bool scan_type(Scan *scan, Type *type);
bool scan_keyword(Scan *scan, const char *word); /* skips it when it stands here */
bool scan_flag(Scan *scan, const FormWord *words, uint32_t *flags); /* after the ! */
bool scan_number_slow(Scan *scan, uint64_t max, uint64_t *number);
bool scan_signed(Scan *scan, int64_t *number);
bool scan_end(Scan *scan); /* of the line */

static inline void scan_blanks(Scan *scan)
{
    while (*scan->at == ' ')
        scan->at++;
}

static inline bool scan_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool scan_take(Scan *scan, char c)
{
    if (*scan->at != c) return false;
    scan->at++;
    return true;
}

static inline bool scan_number(Scan *scan, uint32_t *number)
{
    const char *at = scan->at;
    uint32_t n = 0;
    while (scan_is_digit(*at) && at < scan->at + 9)
        n = n * 10 + (uint32_t)(*at++ - '0');
    if (at != scan->at && !scan_is_digit(*at)) {
        scan->at = at;
        *number = n;
        return true;
    }
    uint64_t big = 0;
    if (!scan_number_slow(scan, UINT32_MAX, &big)) return false;
    *number = (uint32_t)big;
    return true;
}

/* Rows by what they are called. */
typedef struct ScanLabels {
    Arena *arena;
    struct ScanRow {
        ScanWord word;
        uint32_t id; /* 0: an empty slot */
    } * slots;
    uint32_t nslot, n;
} ScanLabels;

void labels_init(ScanLabels *labels, Arena *arena, uint32_t expected);
uint32_t labels_find(const ScanLabels *labels, ScanWord word); /* 0 when unknown */
/* The next id. Complains unless the word is the nth of its name; `word` must outlive the
 * labels. */
bool labels_add(ScanLabels *labels, Scan *scan, ScanWord word);
ScanWord scan_word_of(const char *text, size_t len, uint32_t nth);

#endif
