/* Fixes of findings, file by file: which are made, which wait, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/temporary.h"
#include "finding/fix.h"

static const char text[] = "one\ntwo\nthree\n";

static Fix fix_of(Arena *arena, uint32_t offset, uint32_t cut, const char *with)
{
    Edit *edit = ARENA_NEW(arena, Edit);
    *edit = (Edit){offset, cut, with};
    return (Fix){.path = "a.c",
                 .text = "mend",
                 .content = hash_bytes(text, strlen(text)),
                 .edits = edit,
                 .nedit = 1};
}

static Finding finding_of(const Fix *fix, const char *function, Tier tier)
{
    return (Finding){.rule_id = "null-deref",
                     .tier = tier,
                     .place = {.path = "a.c", .line = 1, .column = 1},
                     .text = "wrong",
                     .function = function,
                     .fix = fix};
}

static void one_fix_a_function_is_made(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Temporary temporary;
    assert_true(temporary_make(&temporary, arena));
    const char *folder = temporary.path;
    assert_non_null(folder);
    assert_true(file_write(path_join(arena, folder, "a.c"), text, strlen(text), NULL));
    Fix last = fix_of(arena, 8, 5, "3"), first = fix_of(arena, 0, 0, "zero\n");
    Fix again = fix_of(arena, 4, 3, "2"), weak = fix_of(arena, 4, 3, "-");
    Finding findings[] = {
        finding_of(&last, "f", TIER_A),  finding_of(&first, "g", TIER_B),
        finding_of(&again, "f", TIER_A), finding_of(&weak, "h", TIER_C),
        finding_of(NULL, "i", TIER_A),   finding_of(&again, "j", TIER_A)};
    findings[5].suppressed = "known";
    FindingList list = {findings, 6};
    FixedFiles files = fixes_of(&list, TIER_B, folder, arena);
    assert_int_equal(files.n, 1);
    assert_string_equal(files.at[0].after, "zero\none\ntwo\n3\n");
    assert_int_equal(files.at[0].after_len, strlen(files.at[0].after));
    assert_int_equal(files.nleft, 1);
    const bool fixed[] = {true, true, false, false, false, false};
    assert_memory_equal(files.is_fixed, fixed, sizeof fixed);
    temporary_remove(&temporary);
    arena_free(arena);
}

static void edits_of_the_same_bytes_exclude_each_other(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Temporary temporary;
    assert_true(temporary_make(&temporary, arena));
    const char *folder = temporary.path;
    assert_true(file_write(path_join(arena, folder, "a.c"), text, strlen(text), NULL));
    Fix one = fix_of(arena, 4, 4, ""), other = fix_of(arena, 6, 4, "");
    Finding findings[] = {finding_of(&one, "f", TIER_A), finding_of(&other, "g", TIER_A)};
    FindingList list = {findings, 2};
    FixedFiles files = fixes_of(&list, TIER_B, folder, arena);
    assert_string_equal(files.at[0].after, "one\nthree\n");
    assert_true(files.is_fixed[0]);
    assert_false(files.is_fixed[1]);
    temporary_remove(&temporary);
    arena_free(arena);
}

static void a_file_that_has_changed_is_left_alone(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Temporary temporary;
    assert_true(temporary_make(&temporary, arena));
    const char *folder = temporary.path;
    Fix fix = fix_of(arena, 0, 3, "1");
    Finding findings[] = {finding_of(&fix, "f", TIER_A)};
    FindingList list = {findings, 1};
    FixedFiles files = fixes_of(&list, TIER_B, folder, arena);
    assert_int_equal(files.n, 1);
    assert_null(files.at[0].before); /* it is gone */
    assert_true(file_write(path_join(arena, folder, "a.c"), "one\n", 4, NULL));
    files = fixes_of(&list, TIER_B, folder, arena);
    assert_null(files.at[0].before);
    assert_null(files.at[0].after);
    assert_false(files.is_fixed[0]);
    temporary_remove(&temporary);
    arena_free(arena);
}

static void fixes_survive_the_cache(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Fix fix = fix_of(arena, 4, 3, "2\n");
    Finding findings[] = {finding_of(&fix, "f", TIER_A), finding_of(NULL, "g", TIER_A)};
    findings[0].pointer = "p->next";
    FindingList list = {findings, 2}, read;
    Buf out;
    buf_init(&out, arena);
    finding_write(&out, &list);
    assert_true(finding_read(out.at, out.n, arena, &read, NULL));
    const Fix *back = read.at[0].fix;
    assert_non_null(back);
    assert_null(read.at[1].fix);
    assert_string_equal(read.at[0].pointer, "p->next");
    assert_string_equal(back->path, "a.c");
    assert_string_equal(back->text, "mend");
    assert_int_equal(hash_compare(back->content, fix.content), 0);
    assert_int_equal(back->nedit, 1);
    assert_int_equal(back->edits[0].offset, 4);
    assert_int_equal(back->edits[0].cut, 3);
    assert_string_equal(back->edits[0].text, "2\n");
    for (size_t len = 0; len < out.n; len++)
        assert_false(finding_read(out.at, len, arena, &read, NULL));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_fix_a_function_is_made),
        cmocka_unit_test(edits_of_the_same_bytes_exclude_each_other),
        cmocka_unit_test(a_file_that_has_changed_is_left_alone),
        cmocka_unit_test(fixes_survive_the_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
