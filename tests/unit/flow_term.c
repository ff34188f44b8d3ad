/* Terms of the path engine: equal values look equal, and ranges keep what they know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flow/term.h"

static void comparisons_have_one_form(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Terms terms;
    terms_init(&terms, arena);
    TermId p = term_param(&terms, 0), q = term_param(&terms, 1),
           zero = term_int(&terms, 0);
    assert_int_equal(term_eq(&terms, p, q), term_eq(&terms, q, p));
    assert_int_equal(term_not(&terms, p), term_eq(&terms, p, zero));
    assert_int_equal(term_calc(&terms, CALC_NE, false, p, zero),
                     term_not(&terms, term_eq(&terms, zero, p)));
    assert_int_equal(term_calc(&terms, CALC_GT, false, p, q),
                     term_calc(&terms, CALC_LT, false, q, p));
    TermId ge = term_calc(&terms, CALC_GE, true, p, q);
    assert_int_equal(term_not(&terms, ge), term_calc(&terms, CALC_LT, true, p, q));
    assert_int_equal(term_eq(&terms, term_eq(&terms, p, q), term_int(&terms, 1)),
                     term_eq(&terms, p, q));
    arena_free(arena);
}

static void arithmetic_is_folded(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Terms terms;
    terms_init(&terms, arena);
    TermId p = term_param(&terms, 0), three = term_int(&terms, 3),
           four = term_int(&terms, 4);
    int64_t value;
    assert_true(
        term_is_int(&terms, term_calc(&terms, CALC_MUL, false, three, four), &value));
    assert_int_equal(value, 12);
    TermId sum = term_calc(&terms, CALC_ADD, false, p, three);
    assert_int_equal(term_calc(&terms, CALC_SUB, false, sum, three), p);
    assert_int_equal(term_eq(&terms, sum, four), term_eq(&terms, p, term_int(&terms, 1)));
    TermId zero = term_int(&terms, 0);
    TermId division = term_calc(&terms, CALC_DIV, false, three, zero);
    assert_false(term_is_int(&terms, division, &value));
    TermId least = term_int(&terms, INT64_MIN);
    TermId quotient = term_calc(&terms, CALC_DIV, false, least, term_int(&terms, -1));
    assert_false(term_is_int(&terms, quotient, &value));
    arena_free(arena);
}

static void addresses_are_object_and_offset(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Terms terms;
    terms_init(&terms, arena);
    TermId p = term_param(&terms, 0), i = term_param(&terms, 1);
    TermId field = term_offset(&terms, term_offset(&terms, p, 24), -16);
    int64_t offset;
    assert_int_equal(term_object(&terms, field, &offset), p);
    assert_int_equal(offset, 8);
    assert_int_equal(term_offset(&terms, field, -8), p);
    assert_int_equal(term_index(&terms, p, term_int(&terms, 2), 4), field);
    TermId element = term_offset(&terms, term_index(&terms, p, i, 16), 8);
    assert_int_equal(term_root(&terms, element), p);
    assert_int_equal(term_object(&terms, element, &offset), term_index(&terms, p, i, 16));
    arena_free(arena);
}

static void entry_terms_have_no_fresh_part(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Terms terms;
    terms_init(&terms, arena);
    TermId p = term_param(&terms, 0), fresh = term_fresh(&terms, FRESH_RESULT, 7, 0);
    TermId next = term_init(&terms, term_offset(&terms, p, 8));
    assert_true(terms.at[next].is_entry);
    assert_false(terms.at[term_eq(&terms, next, fresh)].is_entry);
    assert_true(terms.at[term_eq(&terms, next, fresh)].has_fresh);
    assert_int_not_equal(term_old(&terms, fresh), fresh);
    TermId deep = p;
    for (int k = 0; k < 1000; k++)
        deep = term_calc(&terms, CALC_XOR, false, deep, term_int(&terms, k + 1));
    assert_true(terms.at[deep].depth < 60);
    arena_free(arena);
}

static void ranges_meet_and_join(void **state)
{
    (void)state;
    Range low = range_any, high = range_any;
    low.high = -1;
    high.low = 1;
    Range either = range_join(low, high);
    assert_true(range_skips(either, 0));
    assert_true(range_is_empty(range_meet(low, high)));
    assert_true(range_within(range_of_int(5), high));
    assert_false(range_within(range_of_int(0), either));
    assert_true(
        range_equal(range_join(range_of_int(3), range_of_int(3)), range_of_int(3)));
    Range hole = range_without(4);
    assert_true(range_is_empty(range_meet(range_of_int(4), hole)));
    Range edge = range_any;
    edge.low = 4;
    assert_int_equal(range_meet(edge, hole).low, 5);
    assert_int_equal(
        range_meet(range_of_class(CLASS_NULL), range_of_class(CLASS_VALID)).classes, 0);
    /* A gap between two intervals stays one, however large. */
    Range below = range_any, above = range_any;
    below.high = 64;
    above.low = 91;
    Range outside = range_join(below, above);
    assert_true(range_skips(outside, 65) && range_skips(outside, 90));
    assert_false(range_skips(outside, 64) || range_skips(outside, 91));
    assert_true(range_is_empty(range_meet(outside, range_of_int(82))));
    assert_true(range_within(below, outside) && !range_within(range_of_int(70), outside));
    assert_int_equal(range_join(outside, range_of_int(70)).hole, 71);
    Range upper = range_any;
    upper.low = 65;
    assert_int_equal(range_meet(outside, upper).low, 91);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_have_one_form),
        cmocka_unit_test(arithmetic_is_folded),
        cmocka_unit_test(addresses_are_object_and_offset),
        cmocka_unit_test(entry_terms_have_no_fresh_part),
        cmocka_unit_test(ranges_meet_and_join),
    };
    return cmocka_run_group_tests_name("flow terms", tests, NULL, NULL);
}
