#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Source text is bytes; what reads our reports wants characters. Broken sequences become
 * U+FFFD, one for each longest part that could have begun a character, as browsers and
 * editors do.
 */
enum { UTF8_REPLACEMENT = 0xFFFD };

/* The character at text[0], len > 0; *taken: its bytes. */
uint32_t utf8_next(const char *text, size_t len, size_t *taken);
void utf8_put(Buf *out, uint32_t character);
/* The text with broken sequences replaced. */
void utf8_clean(Buf *out, const char *text, size_t len);
/* The length of text in UTF-16 code units: what SARIF and LSP count columns in. */
uint32_t utf8_units(const char *text, size_t len);
/* Columns on a terminal: 0, 1 or 2; independent of the locale. */
uint32_t utf8_width(uint32_t character);
/* Control characters and those that reorder text: never shown as they are. */
bool utf8_is_unsafe(uint32_t character);
/* At most max bytes of text, cut between characters. */
size_t utf8_cut(const char *text, size_t len, size_t max);

#endif
