/* The finding folder: order, identity, the codec. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "finding/finding.h"
#include "finding/source.h"

#define FOLDER "/tmp/sluice-unit/finding"

static Finding sample(const char *path, uint32_t line, const char *rule, const char *text)
{
    return (Finding){.rule_id = rule,
                     .tier = TIER_B,
                     .place = {path, line, 3, 0},
                     .text = text,
                     .advice = "Check it.",
                     .function = "main"};
}

static void put_file(const char *name, const char *text, size_t len)
{
    Err err = {0};
    char path[256];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    assert_true(file_make_folders(FOLDER, &err));
    assert_true(file_write(path, text, len, &err));
}

static void lines_end_in_three_ways(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    put_file("ends.c", "a\r\nbb\rc\n\nlast", 13);
    Source *source = source_new(arena, FOLDER);
    const SourceFile *file = source_file(source, "ends.c");
    assert_ptr_equal(file, source_file(source, "ends.c"));
    assert_int_equal(file->nline, 5);
    assert_int_equal(source_line(file, 1).len, 1);
    assert_int_equal(source_line(file, 2).len, 2);
    assert_memory_equal(source_line(file, 3).at, "c", 1);
    assert_non_null(source_line(file, 4).at);
    assert_int_equal(source_line(file, 4).len, 0);
    assert_int_equal(source_line(file, 5).len, 4);
    assert_null(source_line(file, 0).at);
    assert_null(source_line(file, 6).at);
    assert_null(source_line_at(source, "none.c", 1).at);
    assert_null(source_line_at(source, NULL, 1).at);
    arena_free(arena);
}

static void order_is_total(void **state)
{
    (void)state;
    Step near[] = {{{"a.c", 1, 1, 0}, "x", "f", 0}};
    Step far[] = {{{"a.c", 1, 1, 0}, "x", "f", 1}};
    ScoreTerm terms[] = {{"checked", 2}};
    Finding base = sample("a.c", 5, "null-deref", "t");
    Finding all[12];
    for (int i = 0; i < 12; i++)
        all[i] = base;
    all[1].place.path = "b.c";
    all[2].place.line = 6;
    all[3].place.column = 4;
    all[4].rule_id = "null-zzz";
    all[5].text = "u";
    all[6].tier = TIER_C;
    all[7].steps = near, all[7].nstep = 1;
    all[8].steps = far, all[8].nstep = 1;
    all[9].terms = terms, all[9].nterm = 1;
    all[10].suppressed = "why";
    all[11].function = "zero";
    for (int i = 0; i < 12; i++)
        for (int k = 0; k < 12; k++) {
            int there = finding_compare(&all[i], &all[k]);
            int back = finding_compare(&all[k], &all[i]);
            assert_int_equal(there == 0, i == k);
            assert_int_equal(there > 0, back < 0);
        }
}

static void repeated_findings_are_one(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Step steps[] = {{{"a.c", 1, 1, 0}, "x", "f", 0}, {{"a.c", 5, 3, 0}, "y", "f", 0}};
    Finding at[] = {
        sample("b.c", 1, "null-deref", "t"), sample("a.c", 5, "null-deref", "t"),
        sample("a.c", 5, "null-deref", "t"), sample("a.c", 5, "null-deref", "t"),
        sample("a.c", 5, "null-deref", "t"),
    };
    at[1].steps = steps, at[1].nstep = 2;
    at[2].steps = steps + 1, at[2].nstep = 1;
    at[3].tier = TIER_C;
    at[4].function = "other";
    FindingList list = {at, 5};
    finding_sort(&list);
    assert_int_equal(list.n, 3);
    assert_string_equal(list.at[0].function, "main");
    assert_int_equal(list.at[0].nstep, 1); /* the shorter path, the stronger tier */
    assert_int_equal(list.at[0].tier, TIER_B);
    assert_string_equal(list.at[1].function, "other");
    assert_string_equal(list.at[2].place.path, "b.c");
    arena_free(arena);
}

/* The fingerprint of one finding at `line` of a file with that text. */
static void fingerprint_in(const char *text, uint32_t line, Finding finding,
                           const char *name, char fingerprint[33])
{
    Arena *arena = arena_new("test");
    put_file("print.c", text, strlen(text));
    finding.place.path = "print.c";
    finding.place.line = line;
    finding_identify(&finding, (const char *[]){name, NULL, "callee"}, 3);
    FindingList list = {&finding, 1};
    finding_settle(&list, source_new(arena, FOLDER), arena);
    memcpy(fingerprint, finding.fingerprint, 33);
    arena_free(arena);
}

/* Where the use at that column of this line ends. */
static uint32_t end_in(const char *text, uint32_t column, const char *pointer)
{
    Arena *arena = arena_new("test");
    Finding finding = sample("end.c", 1, "null-deref", "is null");
    put_file("end.c", text, strlen(text));
    finding.place.column = column;
    finding.place.end_column = 0;
    finding.pointer = pointer;
    FindingList list = {&finding, 1};
    finding_settle(&list, source_new(arena, FOLDER), arena);
    arena_free(arena);
    return finding.place.end_column;
}

static void the_text_says_where_a_use_ends(void **state)
{
    (void)state;
    assert_int_equal(end_in("return item->identity;\n", 14, "item"), 22);
    assert_int_equal(end_in("return item -> identity;\n", 13, "item"), 24);
    assert_int_equal(end_in("return *pointer;\n", 8, "pointer"), 16);
    assert_int_equal(end_in("strlen(s);\n", 1, "s"), 7);
    assert_int_equal(end_in("return a->b[1];\n", 8, "a->b"), 12);
    assert_int_equal(end_in("(+x)\n", 1, "y"), 2);
    assert_int_equal(end_in("x\n", 9, "x"), 0); /* no such column */
}

static void identity_survives_edits(void **state)
{
    (void)state;
    Finding finding = sample("x", 1, "null-deref", "checked at 5 of 6");
    char first[33], other[33];
    fingerprint_in("*p = \"a//b\";\n", 1, finding, "p", first);
    assert_int_equal(strlen(first), 32);

    fingerprint_in("\n\n  *p  =\t\"a//b\"; // sluice:allow x\r\n", 3, finding, "p",
                   other);
    assert_string_equal(first, other); /* moved, indented, commented */
    fingerprint_in("*p /* old */ = \"a//b\";", 1, finding, "p", other);
    assert_string_equal(first, other);
    finding.text = "checked at 6 of 7";
    finding.function = "dir/renamed.c:main";
    fingerprint_in("*p = \"a//b\";\n", 1, finding, "p", other);
    assert_string_equal(first, other);

    fingerprint_in("*p = \"a//c\";\n", 1, finding, "p", other);
    assert_string_not_equal(first, other); /* what looks like a comment is a string */
    fingerprint_in("*p = \"a//b\";\n", 1, finding, "q", other);
    assert_string_not_equal(first, other);
    finding.rule_id = "null-arg";
    fingerprint_in("*p = \"a//b\";\n", 1, finding, "p", other);
    assert_string_not_equal(first, other);
    fingerprint_in("\"unclosed \\", 1, finding, "p", other);
    fingerprint_in("/* unclosed", 1, finding, "p", other);
}

static void equal_fingerprints_are_numbered(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Finding at[3];
    for (uint32_t i = 0; i < 3; i++) {
        at[i] = sample("nowhere.c", 3 - i, "null-deref", "t");
        finding_identify(&at[i], NULL, 0);
    }
    FindingList list = {at, 3};
    finding_settle(&list, source_new(arena, FOLDER), arena);
    assert_string_equal(at[0].fingerprint, at[0].likeness);
    assert_string_equal(at[1].likeness, at[0].likeness);
    assert_string_not_equal(at[1].fingerprint, at[0].fingerprint);
    assert_string_not_equal(at[2].fingerprint, at[1].fingerprint);
    assert_string_not_equal(at[2].fingerprint, at[0].fingerprint);
    arena_free(arena);
}

static FindingList rich_list(Arena *arena)
{
    Step *steps = ARENA_ARRAY(arena, Step, 3);
    steps[0] = (Step){{"a.c", 1, 2, 9}, "'p' is set to NULL", "f", 0};
    steps[1] = (Step){{"lib/b.c", 4000000000u, 70000, 0}, "in g", NULL, 3};
    steps[2] = (Step){{NULL, 0, 0, 0}, NULL, "", 0};
    ScoreTerm *terms = ARENA_ARRAY(arena, ScoreTerm, 2);
    terms[0] = (ScoreTerm){"checked", 15};
    terms[1] = (ScoreTerm){"frames", -0.7};
    Finding *at = ARENA_ARRAY(arena, Finding, 2);
    at[0] = sample("a.c", 7, "null-deref", "text \xff");
    at[0].steps = steps, at[0].nstep = 3;
    at[0].related = steps, at[0].nrelated = 1;
    at[0].terms = terms, at[0].nterm = 2;
    at[0].score = 4.125;
    at[0].suppressed = "";
    finding_identify(&at[0], NULL, 0);
    at[1] = sample("b.c", 1, "null-arg", "");
    at[1].advice = NULL;
    at[1].function = NULL;
    return (FindingList){at, 2};
}

static void bytes_come_back(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    FindingList list = rich_list(arena), back;
    Buf out, again;
    buf_init(&out, arena);
    buf_init(&again, arena);
    finding_write(&out, &list);
    Err err = {0};
    assert_true(finding_read(out.at, out.n, arena, &back, &err));
    assert_int_equal(back.n, 2);
    for (uint32_t i = 0; i < 2; i++)
        assert_int_equal(finding_compare(&list.at[i], &back.at[i]), 0);
    assert_null(back.at[0].steps[2].text);
    assert_null(back.at[1].suppressed);
    assert_string_equal(back.at[0].suppressed, "");
    finding_write(&again, &back);
    assert_int_equal(again.n, out.n);
    assert_memory_equal(again.at, out.at, out.n);
    list.n = 0;
    out.n = 0;
    finding_write(&out, &list);
    assert_true(finding_read(out.at, out.n, arena, &back, &err));
    assert_int_equal(back.n, 0);
    arena_free(arena);
}

/* Every cut is refused; every changed byte is refused or still gives sound findings. */
static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    FindingList list = rich_list(arena), back;
    Buf out;
    buf_init(&out, arena);
    finding_write(&out, &list);
    Err err = {0};
    for (size_t len = 0; len < out.n; len++) {
        assert_false(finding_read(out.at, len, arena, &back, &err));
        assert_int_equal(err.kind, ERR_CACHE);
        assert_int_equal(back.n, 0);
    }
    for (size_t i = 0; i < out.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            char *copy = arena_copy(arena, out.at, out.n);
            copy[i] = (char)(copy[i] ^ (1 << bit));
            if (!finding_read(copy, out.n, arena, &back, NULL)) continue;
            for (uint32_t k = 0; k < back.n; k++)
                assert_true(back.at[k].tier >= TIER_A && back.at[k].tier <= TIER_C);
            finding_sort(&back);
        }
    buf_put(&out, "x", 1);
    assert_false(finding_read(out.at, out.n, arena, &back, &err));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_three_ways),
        cmocka_unit_test(order_is_total),
        cmocka_unit_test(repeated_findings_are_one),
        cmocka_unit_test(the_text_says_where_a_use_ends),
        cmocka_unit_test(identity_survives_edits),
        cmocka_unit_test(equal_fingerprints_are_numbered),
        cmocka_unit_test(bytes_come_back),
        cmocka_unit_test(damaged_bytes_are_refused),
    };
    return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
