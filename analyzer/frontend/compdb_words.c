/*
 * Words of command lines: shell quoting and response files.
 *
 * Databases store a command either as a list or as one string in shell quoting. Nothing is
 * expanded ($x, `x`, *): build systems write what the compiler gets, and we run nothing.
 */
#include "frontend/compdb.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum {
    RSP_DEPTH = 10,               /* response files that name response files */
    RSP_BYTES = 16 * 1024 * 1024, /* all of one command's */
    WORDS_LIMIT = 1024 * 1024     /* words of one command: rings of files end here */
};

/* Copies one quoted or bare piece of a word; NULL: its quote is not closed. In a response file
 * the end of the file closes it, as for gcc. */
static const char *piece_put(Buf *word, const char *at, bool rsp)
{
    if (*at == '\'') {
        const char *end = at + 1;
        while (*end && *end != '\'') {
            if (rsp && *end == '\\' && end[1]) end++;
            buf_put(word, end++, 1);
        }
        if (!*end && rsp) return end;
        return *end ? end + 1 : NULL;
    }
    if (*at == '"') {
        for (at++; *at && *at != '"'; at++) {
            if (*at == '\\' && at[1] && (rsp || strchr("\"\\$`\n", at[1]))) {
                at++;
                if (*at == '\n') continue;
            }
            buf_put(word, at, 1);
        }
        if (!*at && rsp) return at;
        return *at ? at + 1 : NULL;
    }
    if (*at == '\\' && at[1]) {
        if (at[1] != '\n') buf_put(word, at + 1, 1);
        return at + 2;
    }
    buf_put(word, at, 1);
    return at + 1;
}

static bool words_of(const char *at, bool rsp, Arena *arena, Words *words)
{
    for (;;) {
        while (isspace((unsigned char)*at))
            at++;
        if (!*at) return true;
        Buf word;
        buf_init(&word, arena);
        while (*at && !isspace((unsigned char)*at)) {
            at = piece_put(&word, at, rsp);
            if (!at) return false;
        }
        vec_push(arena, words, word.at);
    }
}

bool words_of_shell(const char *text, Arena *arena, Words *words)
{
    return words_of(text, false, arena, words);
}

/* One command being expanded. */
typedef struct Expansion {
    const char *directory;
    Arena *arena;
    Words out;
    size_t bytes_left; /* of response files */
} Expansion;

static bool rsp_words(Expansion *expansion, const char *name, Words *words)
{
    Arena *arena = expansion->arena;
    FileText text;
    if (!file_read(path_join(arena, expansion->directory, name), expansion->bytes_left,
                   arena, &text, NULL))
        return false;
    if (memchr(text.at, 0, text.len)) return false;
    expansion->bytes_left -= text.len;
    return words_of(text.at, true, arena, words);
}

static void expand(Expansion *expansion, const Words *words, uint32_t depth)
{
    for (uint32_t i = 0; i < words->n && expansion->out.n < WORDS_LIMIT; i++) {
        const char *word = words->at[i];
        Words inner = {0};
        if (word[0] == '@' && word[1] && depth < RSP_DEPTH &&
            rsp_words(expansion, word + 1, &inner))
            expand(expansion, &inner, depth + 1);
        else
            vec_push(expansion->arena, &expansion->out, word);
    }
}

Words words_expand(const char *directory, const Words *words, Arena *arena)
{
    Expansion expansion = {
        .directory = directory, .arena = arena, .bytes_left = RSP_BYTES};
    expand(&expansion, words, 0);
    return expansion.out;
}
