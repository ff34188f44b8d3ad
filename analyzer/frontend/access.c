/*
 * Attribute access of gcc, read from the text: clang does not know it and drops it.
 *
 * Only functions of files in which the word stands are looked at, and of those only what is
 * written between the declaration before and the end of this one. An attribute that a macro
 * makes is not seen.
 */
#include <ctype.h>
#include <string.h>

#include "frontend/decl.h"

enum { MOST_BEHIND = 4000, MOST_BEFORE = 400 };

static bool is_spoken_of(Parse *parse, CXFile file)
{
    uint64_t *known = map_get(&parse->access_files, MAP_KEY(file));
    if (known) return *known;
    static const char word[] = "access";
    Text text = source_text_at(parse, file, 0);
    bool is_there = false;
    for (const char *end = text.at + text.left; text.left && !is_there;) {
        const char *at = memchr(text.at, 'a', (size_t)(end - text.at));
        if (!at || (size_t)(end - at) < sizeof word) break;
        is_there = !memcmp(at, word, sizeof word - 1);
        text.at = at + 1;
    }
    map_put(&parse->access_files, MAP_KEY(file), is_there, NULL);
    return is_there;
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t word_length(Text text)
{
    size_t n = 0;
    while (n < text.left && is_word_char(text.at[n]))
        n++;
    return n;
}

/* A word, also when it is written __word__. */
static bool is_either(Text text, const char *word)
{
    size_t n = word_length(text), len = strlen(word);
    if (n == len) return !memcmp(text.at, word, len);
    return n == len + 4 && !memcmp(text.at, "__", 2) && !memcmp(text.at + 2, word, len) &&
           !memcmp(text.at + 2 + len, "__", 2);
}

static uint32_t read_number(Text *text)
{
    uint32_t number = 0;
    for (; text->left && isdigit((unsigned char)*text->at) && number < 1000;
         text->at++, text->left--)
        number = number * 10 + (uint32_t)(*text->at - '0');
    *text = text_skip(*text, 0);
    return number;
}

/* Behind the word: "(read_only, 1, 2)". */
static void read_access(Text text, Fn *row)
{
    static const char *const modes[ACCESS_COUNT] = {[ACCESS_UNSAID] = "",
                                                    [ACCESS_NONE] = "none",
                                                    [ACCESS_READ] = "read_only",
                                                    [ACCESS_WRITE] = "write_only",
                                                    [ACCESS_READ_WRITE] = "read_write"};
    if (!text.left || *text.at != '(') return;
    text = text_skip(text, 1);
    int mode = ACCESS_NONE;
    while (mode < ACCESS_COUNT && !is_either(text, modes[mode]))
        mode++;
    if (mode == ACCESS_COUNT) return;
    text = text_skip(text, word_length(text));
    if (!text.left || *text.at != ',') return;
    text = text_skip(text, 1);
    uint32_t param = read_number(&text), size = 0;
    if (text.left && *text.at == ',') {
        text = text_skip(text, 1);
        size = read_number(&text);
    }
    if (!text.left || *text.at != ')' || !param || param > row->nparam) return;
    if (size > row->nparam || row->params[param - 1].type.kind != TYPE_POINTER) return;
    row->params[param - 1].access = (Access)mode;
    row->params[param - 1].access_size = size;
}

/* From `text` to the end of the declaration, or to where `left` bytes are gone. */
static void scan_declaration(Text text, Fn *row)
{
    int depth = 0;
    while (text.left) {
        char c = *text.at;
        if (!depth && (c == ';' || c == '{')) return;
        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        size_t n = is_word_char(c) ? word_length(text) : 1;
        bool is_it = depth >= 2 && is_either(text, "access");
        text = text_skip(text, n);
        if (is_it) read_access(text, row);
    }
}

/* What stands between the declaration before and this name. */
static Text text_before(Parse *parse, CXFile file, unsigned offset)
{
    unsigned from = offset > MOST_BEFORE ? offset - MOST_BEFORE : 0;
    Text text = source_text_at(parse, file, from);
    size_t start = 0, len = offset - from;
    for (size_t i = 0; i < len && i < text.left; i++)
        if (strchr(";}>\"", text.at[i])) start = i + 1;
    return (Text){text.at + start, len - start};
}

void access_fill(Parse *parse, CXCursor fn, Fn *row)
{
    CXFile file = NULL;
    unsigned offset = 0;
    if ((row->flags & FN_SYSTEM_HEADER) || !row->nparam) return;
    CXSourceLocation location = clang_getCursorLocation(fn);
    if (source_is_macro(location)) return;
    clang_getFileLocation(location, &file, NULL, NULL, &offset);
    if (!file || !is_spoken_of(parse, file)) return;
    Text text = source_text_at(parse, file, offset);
    if (!text.left) return;
    if (text.left > MOST_BEHIND) text.left = MOST_BEHIND;
    scan_declaration(text, row);
    scan_declaration(text_before(parse, file, offset), row);
}
