/* Beliefs of the whole program: evidence in any order, any number of times, gives the same
 * votes; and what votes come to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "belief/belief.h"

typedef struct World {
    Arena *arena;
    Names *names;
    Beliefs *beliefs;
} World;

static World world_new(void)
{
    World world = {.arena = arena_new("test")};
    world.names = names_new(world.arena);
    world.beliefs = beliefs_new(NULL, world.arena);
    return world;
}

static Slot result_of(const World *world, const char *fn)
{
    return (Slot){.kind = SLOT_RESULT, .name = name_of(world->names, fn)};
}

static Evidence evidence(const World *world, EvidenceKind kind, const char *about,
                         const char *where, uint32_t ins)
{
    return (Evidence){.kind = kind,
                      .slot = result_of(world, about),
                      .site = {name_of(world->names, where), ins},
                      .use = NO_INS};
}

static void order_and_repetition_do_not_matter(void **state)
{
    (void)state;
    World a = world_new(), b = world_new();
    Evidence of_a[4], of_b[4];
    for (uint32_t i = 0; i < 4; i++) {
        EvidenceKind kind = i == 2 ? EVIDENCE_UNCHECKED : EVIDENCE_CHECKED;
        of_a[i] = evidence(&a, kind, "find", i < 2 ? "one" : "two", i);
        of_b[3 - i] = evidence(&b, kind, "find", i < 2 ? "one" : "two", i);
    }
    beliefs_add(a.beliefs, of_a, 4);
    beliefs_add(b.beliefs, of_b + 1, 3);
    beliefs_add(b.beliefs, of_b, 4);
    Votes x = belief_votes(a.beliefs, result_of(&a, "find"));
    Votes y = belief_votes(b.beliefs, result_of(&b, "find"));
    assert_int_equal(x.checked, 3);
    assert_int_equal(x.unchecked, 1);
    assert_int_equal(y.checked, 3);
    assert_int_equal(y.unchecked, 1);
    arena_free(a.arena);
    arena_free(b.arena);
}

static void slots_are_apart(void **state)
{
    (void)state;
    World world = world_new();
    Evidence found = evidence(&world, EVIDENCE_CHECKED, "find", "main", 1);
    Evidence passed = evidence(&world, EVIDENCE_PASSED_MAYBE, "find", "main", 1);
    passed.slot.kind = SLOT_PARAM;
    Evidence other = passed;
    other.slot.number = 1;
    beliefs_add(world.beliefs, &found, 1);
    beliefs_add(world.beliefs, &passed, 1);
    beliefs_add(world.beliefs, &other, 1);
    Tally tally = belief_tally(world.beliefs, passed.slot);
    assert_int_equal(tally.sites[EVIDENCE_PASSED_MAYBE], 1);
    assert_int_equal(tally.sites[EVIDENCE_CHECKED], 0);
    assert_int_equal(belief_votes(world.beliefs, found.slot).checked, 1);
    assert_int_equal(belief_votes(world.beliefs, result_of(&world, "lost")).checked, 0);
    assert_int_equal(belief_votes(world.beliefs, (Slot){0}).checked, 0);
    arena_free(world.arena);
}

static void few_must_agree_many_may_differ(void **state)
{
    (void)state;
    assert_int_equal(belief_verdict((Votes){0, 1}, 1), VERDICT_NONE);
    assert_int_equal(belief_verdict((Votes){1, 1}, 1), VERDICT_CLEAR);
    assert_int_equal(belief_verdict((Votes){3, 2}, 1), VERDICT_SOME);
    assert_int_equal(belief_verdict((Votes){4, 1}, 1), VERDICT_CLEAR);
    assert_int_equal(belief_verdict((Votes){4, 2}, 1), VERDICT_MANY);
    assert_int_equal(belief_verdict((Votes){9, 1}, 1), VERDICT_MANY);
    assert_int_equal(belief_verdict((Votes){3, 3}, 1), VERDICT_SOME);
    assert_int_equal(belief_verdict((Votes){1, 4}, 1), VERDICT_NO);
    assert_int_equal(belief_verdict((Votes){0, 0}, 1), VERDICT_NONE);
}

static void more_sites_are_surer(void **state)
{
    (void)state;
    assert_true(belief_z((Votes){0, 0}) == 0);
    assert_true(belief_z((Votes){19, 1}) > belief_z((Votes){9, 1}));
    assert_true(belief_z((Votes){1, 9}) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_and_repetition_do_not_matter),
        cmocka_unit_test(slots_are_apart),
        cmocka_unit_test(few_must_agree_many_may_differ),
        cmocka_unit_test(more_sites_are_surer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
