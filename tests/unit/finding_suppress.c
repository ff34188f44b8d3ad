/* Comments that silence findings. Each case is a file; findings stand on chosen lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "finding/comment.h"
#include "finding/suppress.h"

#define FOLDER "/tmp/sluice-unit/suppress"

typedef struct Case {
    Arena *arena;
    Finding finding;
    FindingList remarks;
} Case;

static void put_file(const char *name, const char *text)
{
    Err err = {0};
    char path[256];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    assert_true(file_make_folders(FOLDER, &err));
    assert_true(file_write(path, text, strlen(text), &err));
}

/* One null-deref finding at `line` of a file with that text; its reason, or NULL. */
static const char *silence(Case *c, const char *text, uint32_t line)
{
    c->arena = arena_new("test");
    put_file("x.c", text);
    c->finding = (Finding){.rule_id = "null-deref",
                           .tier = TIER_A,
                           .place = {"x.c", line, 1, 0},
                           .text = "t",
                           .function = "f"};
    FindingList list = {&c->finding, 1};
    const char *paths[] = {"x.c"};
    c->remarks = suppress_apply(&list, paths, 1, source_new(c->arena, FOLDER), c->arena);
    return c->finding.suppressed;
}

static void expect(const char *text, uint32_t line, const char *reason, uint32_t nremark)
{
    Case c;
    const char *got = silence(&c, text, line);
    if (reason)
        assert_string_equal(got ? got : "(shown)", reason);
    else
        assert_null(got);
    assert_int_equal(c.remarks.n, nremark);
    arena_free(c.arena);
}

static void on_the_line(void **state)
{
    (void)state;
    expect("int x;\n*p; // sluice:allow null-deref p is set by init\n", 2,
           "p is set by init", 0);
    expect("int x;\n*p; /* sluice:allow null-deref: why */\n", 2, "why", 0);
    expect("int x;\n/* sluice:allow null-deref - why */ *p;\r\n", 2, "why", 0);
    expect("int x;\n*p; // sluice:allow null-arg,null-deref why, so\n", 2, "why, so", 1);
    expect("int x;\n*p; // sluice:allow null-* why\n", 2, "why", 0);
    expect("int x;\n*p; // sluice:allow null-arg why\n", 2, NULL, 1);
    expect("int x;\n*p; // sluice:allow null-deref-not why\n", 2, NULL, 1);
    expect("int x;\n*p; // sluice:allowed null-deref why\n", 2, NULL, 0);
    expect("int x;\n*p; // see sluice:allow null-deref why\n", 2, NULL, 0);
    expect("int x;\nf(\"// sluice:allow null-deref why\");\n", 2, NULL, 0);
    expect("int x; // sluice:allow null-deref why\n*p;\n", 2, NULL, 1);
}

static void on_the_statement_below(void **state)
{
    (void)state;
    expect("int x;\n// sluice:allow null-deref why\n*p;\n", 3, "why", 0);
    expect("int x;\n// sluice:allow null-deref why\n\n/* other */\n*p;\n*q;", 5, "why",
           0);
    expect("int x;\n// sluice:allow null-deref why\n*p;\n*q;", 4, NULL, 1);
    expect("int x;\n// sluice:allow null-deref why\nf(a,\n  *p,\n  b);\n", 4, "why", 0);
    expect("int x;\n// sluice:allow null-deref why\nfor (a; b; c)\n  *p;\n", 4, "why", 0);
    expect("int x;\n// sluice:allow null-deref why\nif (x) {\n  *p;\n}\n", 4, NULL, 1);
    expect("int x;\n// sluice:allow null-deref why\n#define X (\n  *p;\n", 4, NULL, 1);
    expect("int x;\n/*\n * sluice:allow null-deref why\n */\n*p;\n", 5, "why", 0);
    expect("int x;\n// sluice:allow null-deref why\n", 1, NULL, 1);
    expect("#error don't\n// sluice:allow null-deref why\n*p;\n", 3, "why", 0);
    expect("char c = '\"';\n// sluice:allow null-deref why\n*p;\n", 3, "why", 0);
    expect("char *c = \"\\\"\\\n\";\n// sluice:allow null-deref why\n*p;\n", 4, "why", 0);
}

static void for_the_file(void **state)
{
    (void)state;
    expect("/* Licence */\n// sluice:allow null-deref generated\nint x;\n\n*p;\n", 5,
           "generated", 0);
    expect("#include <a.h>\n// sluice:allow null-deref why\nint x;\n\n*p;\n", 5, NULL, 1);
}

static void nolint(void **state)
{
    (void)state;
    expect("int x;\n*p; // NOLINT(sluice-null-deref): why\n", 2, "why", 0);
    expect("int x;\n*p; // NOLINT(bugprone-x, sluice-null-deref) why\n", 2, "why", 0);
    expect("int x;\n*p; // NOLINT(sluice-*) why\n", 2, "why", 0);
    expect("int x;\n*p; // NOLINT\n", 2, NULL, 0);
    expect("int x;\n*p; // NOLINT(bugprone-x)\n", 2, NULL, 0);
    expect("int x;\n*p; // NOLINT(sluice-null-deref\n", 2, NULL, 0);
    expect("int x;\n// NOLINTNEXTLINE(sluice-null-deref) why\n*p;\n", 3, "why", 0);
    expect("// NOLINTNEXTLINE(sluice-null-deref) why\nint x;\n*p;\n", 3, NULL, 1);
    expect("int x;\n*p; // NOLINT(sluice-null-deref)\n", 2, "no reason given", 1);
}

static void in_a_block(void **state)
{
    (void)state;
    static const char block[] = "int x;\n// sluice:allow-begin null-deref why\n*p;\n{ }\n"
                                "*p;\n// sluice:allow-end null-deref\n*p;\n";
    expect(block, 3, "why", 0);
    expect(block, 5, "why", 0);
    expect(block, 7, NULL, 1);
    expect(block, 1, NULL, 1);
    expect(
        "int x;\n// NOLINTBEGIN(sluice-null-*) why\n*p;\n// NOLINTEND(sluice-null-*)\n",
        3, "why", 0);
    expect("int x;\n// sluice:allow-begin null-deref why\n*p;\n", 3, NULL, 1);
    expect("int x;\n*p;\n// sluice:allow-end null-deref\n", 2, NULL, 1);
    expect("int x;\n// sluice:allow-begin null-deref why\n*p;\n"
           "// sluice:allow-end null-arg\n",
           3, NULL, 2);
}

static void at_any_step(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    put_file("near.c", "int x;\n*p;\n");
    put_file("far.c", "int y;\np = 0; // sluice:allow null-deref never in production\n");
    put_file("all.c", "// sluice:allow null-deref the whole file\nint z;\n");
    Step steps[] = {{{"far.c", 2, 1, 0}, "set to NULL", "g", 1},
                    {{"all.c", 2, 1, 0}, "passed on", "h", 1}};
    Finding at[] = {{.rule_id = "null-deref",
                     .place = {"near.c", 2, 1, 0},
                     .text = "t",
                     .steps = steps,
                     .nstep = 2},
                    {.rule_id = "null-deref",
                     .place = {"near.c", 2, 1, 0},
                     .text = "t",
                     .steps = steps + 1,
                     .nstep = 1}};
    FindingList list = {at, 2};
    FindingList remarks =
        suppress_apply(&list, NULL, 0, source_new(arena, FOLDER), arena);
    assert_string_equal(at[0].suppressed, "never in production");
    assert_null(at[1].suppressed); /* a file speaks only of findings that are in it */
    assert_int_equal(remarks.n, 1);
    assert_string_equal(remarks.at[0].place.path, "all.c");
    arena_free(arena);
}

static void remarks_say_what_to_do(void **state)
{
    (void)state;
    Case c;
    silence(&c, "int x;\n*p; // sluice:allow null-deref\n  // sluice:allow null-arg\n",
            2);
    assert_int_equal(c.remarks.n, 2);
    assert_string_equal(c.remarks.at[0].rule_id, SUPPRESS_NO_REASON);
    assert_int_equal(c.remarks.at[0].place.line, 2);
    assert_int_equal(c.remarks.at[0].place.column, 5);
    assert_string_equal(c.remarks.at[1].rule_id, SUPPRESS_UNUSED);
    assert_non_null(strstr(c.remarks.at[1].text, "null-arg"));
    assert_int_equal(c.remarks.at[1].place.column, 3);
    assert_int_equal(strlen(c.remarks.at[1].fingerprint), 32);
    arena_free(c.arena);
    silence(&c, "int x;\n/*\n * sluice:allow\n */", 1);
    assert_int_equal(c.remarks.n, 1);
    assert_int_equal(c.remarks.at[0].place.line, 3);
    arena_free(c.arena);
}

/* Cut anywhere, a file is still read to its end and every comment stays inside it. */
static void any_bytes_are_scanned(void **state)
{
    (void)state;
    static const char text[] =
        "#if 0 // a\\\n b\r\n'\\''/*c\r*/ \"\\\r\n\" sluice /**/ ( { ; "
        "/* sluice:allow NOLINT(sluice-a,,?b) \\";
    for (size_t len = 0; len < sizeof text; len++) {
        Arena *arena = arena_new("test");
        put_file("cut.c", arena_copy(arena, text, len));
        Source *source = source_new(arena, FOLDER);
        const SourceFile *file = source_file(source, "cut.c");
        CommentList comments = comment_list(file, arena);
        for (uint32_t i = 0; i < comments.n; i++) {
            const Comment *comment = &comments.at[i];
            assert_true(comment->text + comment->len <= file->at + file->len);
            assert_true(comment->last_line <= file->nline);
        }
        const char *paths[] = {"cut.c"};
        FindingList none = {0};
        suppress_apply(&none, paths, 1, source, arena);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_the_line),
        cmocka_unit_test(on_the_statement_below),
        cmocka_unit_test(for_the_file),
        cmocka_unit_test(nolint),
        cmocka_unit_test(in_a_block),
        cmocka_unit_test(at_any_step),
        cmocka_unit_test(remarks_say_what_to_do),
        cmocka_unit_test(any_bytes_are_scanned),
    };
    return cmocka_run_group_tests_name("finding.suppress", tests, NULL, NULL);
}
