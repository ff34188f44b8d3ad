/* What makes a finding new: statements that a formatter leaves alike, baselines, diffs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "finding/baseline.h"
#include "finding/patch.h"
#include "finding/statement.h"

static Hash hash_in(Arena *arena, const char *text, uint32_t line, uint32_t column)
{
    Source *source = source_new(arena, "/");
    Statements statements;
    source_set(source, "a.c", text, strlen(text));
    statements_init(&statements, source, arena);
    Place place = {.path = "a.c", .line = line, .column = column};
    return statement_hash(&statements, &place);
}

static void statements_survive_a_formatter(void **state)
{
    static const struct {
        const char *text;
        uint32_t line, column;
        bool is_same;
    } others[] = {
        {"{ if (a && b) return f(p->x, \"a;b\"); }", 1, 24, true},
        {"{\n  if (a && b)\n    return f(p->x,\n      \"a;b\");\n}", 3, 15, true},
        {"{ if (a && b) { /* why */ return f(p -> x, \"a;b\" ) ; } }", 1, 37, true},
        {"{ int i; if (c) g(); else return f(p->x, \"a;b\");\n}", 1, 36, true},
        {"#define X 1\n  do return f(p->x, \"a;b\"); while (0);", 2, 15, true},
        {"{ return f(p->x, // no; this\n \"a;b\"); }", 1, 12, true},
        {"{ return \\\n f(p->x, \"a;b\"); }", 2, 4, true},
        {"{ return f(p->x, \"a; b\"); }", 1, 12, false},
        {"{ return f(p->y, \"a;b\"); }", 1, 12, false},
        {"{ x = f(p->x, \"a;b\"); }", 1, 9, false},
    };
    (void)state;
    Arena *arena = arena_new("test");
    Hash first = hash_in(arena, "{ return f(p->x, \"a;b\"); }", 1, 12);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        Hash other = hash_in(arena, others[i].text, others[i].line, others[i].column);
        assert_int_equal(!hash_compare(first, other), others[i].is_same);
    }
    /* Broken text and places that are not there do no harm. */
    static const char *const broken[] = {"\"", "'\\", "/*", "#", "\\", "(((", "else", ""};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        for (uint32_t line = 0; line < 3; line++)
            hash_in(arena, broken[i], line, 99);
    arena_free(arena);
}

static Finding make(const char *path, const char *likeness)
{
    Finding finding = {
        .rule_id = "r", .tier = TIER_A, .place = {.path = path, .line = 1}};
    memcpy(finding.likeness, likeness, strlen(likeness) + 1);
    return finding;
}

static void baselines_are_bags(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Finding now[] = {make("a.c", "x"),     make("a.c", "x"), make("b.c", "x"),
                     make("moved.c", "y"), make("c.c", "y"), make("c.c", "z")};
    Known then[] = {{"r", "b.c", "", "x", false},
                    {"r", "a.c", "", "x", false},
                    {"r", "old.c", "", "y", false},
                    {"r", "c.c", "", "gone", false}};
    Moved moves[] = {{"old.c", "moved.c"}};
    FindingList findings = {now, 6};
    KnownList known = {then, 4};
    baseline_apply(&findings, &known, moves, 1);
    static const Age ages[] = {AGE_KNOWN, AGE_NEW, AGE_KNOWN,
                               AGE_KNOWN, AGE_NEW, AGE_NEW};
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(now[i].age, ages[i]);
    assert_true(then[0].is_met && then[1].is_met && then[2].is_met && !then[3].is_met);
    /* Without the move the file does not count; suppressed findings meet nothing. */
    for (uint32_t i = 0; i < 4; i++)
        then[i].is_met = false;
    for (uint32_t i = 0; i < 6; i++)
        now[i].age = AGE_UNASKED;
    now[2].suppressed = "why";
    baseline_apply(&findings, &known, NULL, 0);
    assert_int_equal(now[1].age, AGE_KNOWN); /* that of b.c, wherever it went */
    assert_int_equal(now[3].age + now[4].age, AGE_KNOWN + AGE_NEW);
    assert_int_equal(now[2].age, AGE_NEW);
    arena_free(arena);
}

static const char diff_text[] =
    "diff --git a/src/a.c b/src/a.c\n--- a/src/a.c\n+++ b/src/a.c\n"
    "@@ -3,4 +3,4 @@ int f(void)\n one\n-two\n+TWO\n three\n four\n"
    "@@ -20,3 +20,2 @@\n a\n-b\n c\n"
    "diff --git \"a/\\303\\251 x.c\" \"b/\\303\\251 x.c\"\n--- /dev/null\n"
    "+++ \"b/\\303\\251 x.c\"\n@@ -0,0 +1 @@\n+new\n\\ No newline at end of file\n"
    "--- a/gone.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n"
    "+++ plain.c\t2024-01-01\n@@ -5,0 +6,2 @@\n+x\n+y\n@@ -9 +11,0 @@\n-z\n";

static void diffs_say_what_is_new(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Patch patch;
    assert_true(patch_read(diff_text, sizeof diff_text - 1, arena, &patch, NULL));
    static const PatchRange expected[] = {{"src/a.c", 4, 4},
                                          {"src/a.c", 21, 20},
                                          {"\303\251 x.c", 1, 1},
                                          {"plain.c", 6, 7},
                                          {"plain.c", 12, 11}};
    assert_int_equal(patch.n, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_string_equal(patch.at[i].path, expected[i].path);
        assert_int_equal(patch.at[i].first, expected[i].first);
        assert_int_equal(patch.at[i].last, expected[i].last);
    }
    assert_true(patch_read("", 0, arena, &patch, NULL));
    assert_false(patch_read("hello\n", 6, arena, &patch, NULL));
    assert_false(patch_read("+++ a\n@@ -x @@\n", 15, arena, &patch, NULL));
    for (size_t len = 0; len < sizeof diff_text; len++)
        patch_read(arena_copy(arena, diff_text, len), len, arena, &patch, NULL);
    arena_free(arena);
}

static Age age_after(const Patch *patch, const char *path, uint32_t first, uint32_t last)
{
    Step steps[2] = {{.place = {.path = path, .line = first}, .function = "f"},
                     {.place = {.path = path, .line = last}, .function = "f"}};
    Finding finding = make(path, "x");
    finding.place.line = last;
    finding.function = "f";
    finding.steps = steps;
    finding.nstep = 2;
    FindingList list = {&finding, 1};
    patch_apply(&list, patch);
    return finding.age;
}

static void steps_on_a_diff_count(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Patch patch;
    patch_read(diff_text, sizeof diff_text - 1, arena, &patch, NULL);
    assert_int_equal(age_after(&patch, "src/a.c", 1, 4), AGE_NEW);
    assert_int_equal(age_after(&patch, "src/a.c", 4, 9), AGE_NEW);
    assert_int_equal(age_after(&patch, "a.c", 4, 4), AGE_NEW); /* another root */
    assert_int_equal(age_after(&patch, "la.c", 4, 4), AGE_KNOWN);
    assert_int_equal(age_after(&patch, "src/a.c", 3, 5), AGE_KNOWN);
    assert_int_equal(age_after(&patch, "src/a.c", 20, 21), AGE_NEW); /* b is gone */
    assert_int_equal(age_after(&patch, "src/a.c", 21, 22), AGE_KNOWN);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_survive_a_formatter),
        cmocka_unit_test(baselines_are_bags),
        cmocka_unit_test(diffs_say_what_is_new),
        cmocka_unit_test(steps_on_a_diff_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
