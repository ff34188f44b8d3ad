/* Declarations read as text, and patches: what is taken, what is left alone, where lines go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rewrite.h"
#include "contract/declare.h"

/* The names that are read, in order, each with its number of parameters. */
static const char *names_in(const char *text, Arena *arena)
{
    Declarations all = declarations_read(text, strlen(text), arena);
    Buf out;
    buf_init(&out, arena);
    for (uint32_t i = 0; i < all.n; i++)
        buf_printf(&out, "%.*s/%u ", (int)all.at[i].name_len, all.at[i].name,
                   all.at[i].nparam);
    return out.at;
}

static void only_plain_declarations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *names;
    } rows[] = {
        {"int f(void);", "f/0 "},
        {"int f();", "f/0 "},
        {"extern const char *f(int a, char *b, ...);", "f/2 "},
        {"int f(int (*g)(int, int), char h[2]);", "f/2 "},
        {"int f(int a) __attribute__((x(1, 2))) __asm__(\"f\");", "f/1 "},
        {"extern \"C\" {\nint f(int);\n}\nint g(int);", "f/1 g/1 "},
        {"struct s { int (*f)(int); int n; };\nint g(struct s);", "g/1 "},
        {"static inline int f(int a) { return g(a); }\nint h(int);", "h/1 "},
        {"enum e { A, B } x;\nint g(int);", "g/1 "},
        {"int f(int), g(int);", ""},
        {"int *(*f(int))(int);", ""},
        {"typedef int f(int);", ""},
        {"MACRO(x)\nint f(int);\nint g(int);", "g/1 "},
        {"MACRO(x);\nint f(int);", "f/1 "},
        {"int a = f(1);\nint g(int);", "g/1 "},
        {"#if X\nint f(int);\n#endif\nint g(int);", "g/1 "},
        {"#ifndef A\n#define A\nint f(int);\n#ifdef B\nint g(int);\n#endif\n#endif",
         "f/1 "},
        {"#ifndef A\n#define A\n#endif\nint f(int);", ""},
        {"int f(\n#if X\nint a\n#endif\n);\nint g(int);", "g/1 "},
        {"/* int f(int); */ // int g(int);\nint h(int);", "h/1 "},
        {"#define M \\\n int f(int);\nint g(int);", "g/1 "},
        {"const char *t = \"; int f(int);\";\nint g(int);", "g/1 "},
        {"int f(int", ""},
        {"{", ""},
        {"\"", ""},
        {"/*", ""},
        {"#", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new("test");
        assert_string_equal(names_in(rows[i].text, arena), rows[i].names);
        arena_free(arena);
    }
}

static void stars_are_found_where_a_word_can_stand(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    static const char text[] =
        "char *const f(int **a, const T *restrict b, T c, int *d[2], "
        "void (*e)(int), int *, char *_Nullable g);";
    Declarations all = declarations_read(text, strlen(text), arena);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.at[0].nparam, 7);
    assert_int_equal(all.at[0].result_star, strlen("char *"));
    assert_ptr_equal(text + all.at[0].param_stars[0], strstr(text, "a, const"));
    assert_ptr_equal(text + all.at[0].param_stars[1], strstr(text, "restrict b"));
    assert_int_equal(all.at[0].param_stars[2], 0);
    assert_int_equal(all.at[0].param_stars[3], 0);
    assert_int_equal(all.at[0].param_stars[4], 0);
    assert_ptr_equal(text + all.at[0].param_stars[5], strstr(text, ", char *_N"));
    assert_int_equal(all.at[0].param_stars[6], 0);
    arena_free(arena);
}

static void patch_is(const char *text, const char *expected, size_t word, uint32_t line)
{
    Arena *arena = arena_new("test");
    Rewrite rewrite = {.arena = arena, .path = "a.h", .text = text, .len = strlen(text)};
    Buf out;
    buf_init(&out, arena);
    if (word) rewrite_insert(&rewrite, word, "X");
    if (line != UINT32_MAX) rewrite_insert_lines(&rewrite, line, "N\n");
    rewrite_write(&rewrite, &out);
    assert_string_equal(out.at, expected);
    arena_free(arena);
}

static void patches_are_unified_diffs(void **state)
{
    (void)state;
    patch_is("ab\nc\n", "--- a/a.h\n+++ b/a.h\n@@ -1,2 +1,2 @@\n-ab\n+aXb\n c\n", 1,
             UINT32_MAX);
    patch_is("1\n2\n3\n4\n5\n6\n7\n8\n",
             "--- a/a.h\n+++ b/a.h\n@@ -1,3 +1,4 @@\n+N\n 1\n 2\n 3\n"
             "@@ -5,4 +6,4 @@\n 5\n 6\n 7\n-8\n+8X\n",
             15, 0);
    patch_is("1\n2",
             "--- a/a.h\n+++ b/a.h\n@@ -1,2 +1,3 @@\n 1\n-2\n"
             "\\ No newline at end of file\n+2\n+N\n",
             0, 2);
    patch_is("1\n2",
             "--- a/a.h\n+++ b/a.h\n@@ -1,2 +1,2 @@\n 1\n-2\n"
             "\\ No newline at end of file\n+2X\n\\ No newline at end of file\n",
             3, UINT32_MAX);
    patch_is("1\r\n2\r\n", "--- a/a.h\n+++ b/a.h\n@@ -1,2 +1,3 @@\n 1\r\n+N\r\n 2\r\n", 0,
             1);
}

static void replacements_may_span_lines(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    static const char text[] = "1\n2\n3\n4\n5\n6\n";
    Rewrite rewrite = {.arena = arena, .path = "a.c", .text = text, .len = strlen(text)};
    Buf out;
    buf_init(&out, arena);
    rewrite_replace(&rewrite, 2, 4, "x\n");   /* two lines for one */
    rewrite_replace(&rewrite, 7, 0, "\n4.5"); /* behind a line: it stays */
    rewrite_replace(&rewrite, 8, 0, "4.7\n"); /* before one */
    rewrite_write(&rewrite, &out);
    assert_string_equal(out.at,
                        "--- a/a.c\n+++ b/a.c\n@@ -1,6 +1,7 @@\n 1\n-2\n-3\n-4\n+x\n"
                        "+4\n+4.5\n+4.7\n 5\n 6\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_plain_declarations_are_read),
        cmocka_unit_test(stars_are_found_where_a_word_can_stand),
        cmocka_unit_test(patches_are_unified_diffs),
        cmocka_unit_test(replacements_may_span_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
