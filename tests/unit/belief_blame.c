/* Who answers for a use without a test: followed from a helper up to those who call it. */
#include "tests/unit/program_text.h"

#include "belief/belief.h"

/* use <- relay <- top; use <- other. alone: nobody calls it. handler: its address is taken. */
static const char calls[] = "unit a.c complete 9\nfile a.c\n"
                            "fn use v() @(a.c)1:1\n"
                            "fn relay v() @(a.c)2:1\n"
                            "fn top v() @(a.c)3:1\n"
                            "fn other v() @(a.c)4:1\n"
                            "fn alone v() @(a.c)5:1\n"
                            "fn handler v() @(a.c)6:1\n"
                            "fn names p8() @(a.c)7:1\n"
                            "body use\nb0:\n return\n"
                            "body relay\nb0:\n call v use()\n return\n"
                            "body top\nb0:\n call v relay()\n return\n"
                            "body other\nb0:\n call v use()\n return\n"
                            "body alone\nb0:\n return\n"
                            "body handler\nb0:\n return\n"
                            "body names\nb0:\n %1 = addr pf8 &handler\n return %1\n";

enum { READ = 7, READ_IN_RELAY = 9 };

typedef struct Story {
    World world;
    Beliefs *beliefs;
} Story;

static Story story_new(void)
{
    Story new = {.beliefs = NULL};
    world_init(&new.world);
    world_add(&new.world, calls);
    world_link(&new.world);
    new.beliefs = beliefs_new(new.world.program, new.world.arena);
    return new;
}

static const Name *name(const Story *at, const char *text)
{
    return name_of(at->world.names, text);
}

static Evidence use_in(const Story *at, const char *fn, uint32_t place)
{
    return (Evidence){.kind = EVIDENCE_UNCHECKED,
                      .slot = {.kind = SLOT_FIELD, .name = name(at, "r@a.c.f")},
                      .site = {name(at, fn), 3},
                      .use = 3,
                      .place = place};
}

/* `caller` hands over what `callee` reads there, by its own read `place` (0: it does not come from
 * its callers). */
static void hand_over(const Story *at, const char *caller, const char *callee,
                      uint32_t read, EvidenceKind kind, uint32_t place, uint32_t flags)
{
    Evidence evidence = {.kind = kind,
                         .flags = flags,
                         .slot = {SLOT_ACCESS, read, name(at, callee)},
                         .site = {name(at, caller), 1},
                         .use = NO_INS,
                         .place = place};
    beliefs_add(at->beliefs, &evidence, 1);
}

static Blame blame(const Story *at, const char *fn, uint32_t place, bool *is_guarded)
{
    Evidence use = use_in(at, fn, place);
    return belief_blame(at->beliefs, &use, is_guarded);
}

static void nobody_above_means_here(void **state)
{
    (void)state;
    bool guarded;
    Story at = story_new();
    assert_int_equal(blame(&at, "alone", READ, &guarded), BLAME_HERE);
    assert_int_equal(blame(&at, "use", 0, &guarded), BLAME_HERE);
    assert_false(guarded);
    arena_free(at.world.arena);
}

static void callers_that_asked_excuse(void **state)
{
    (void)state;
    bool guarded;
    Story at = story_new();
    hand_over(&at, "relay", "use", READ, EVIDENCE_PASSED_VALID, 0, 0);
    hand_over(&at, "other", "use", READ, EVIDENCE_PASSED_VALID, 0, 0);
    assert_int_equal(blame(&at, "use", READ, &guarded), BLAME_NOBODY);
    arena_free(at.world.arena);
}

static void one_that_did_not_is_found_through_others(void **state)
{
    (void)state;
    bool guarded;
    Story at = story_new();
    hand_over(&at, "relay", "use", READ, EVIDENCE_PASSED_MAYBE, READ_IN_RELAY, 0);
    hand_over(&at, "other", "use", READ, EVIDENCE_PASSED_VALID, 0, 0);
    hand_over(&at, "top", "relay", READ_IN_RELAY, EVIDENCE_PASSED_MAYBE, 0, 0);
    assert_int_equal(blame(&at, "use", READ, &guarded), BLAME_CALLER);
    assert_false(guarded);
    Site sites[4];
    Evidence use = use_in(&at, "use", READ);
    assert_int_equal(belief_callers(at.beliefs, &use, sites, 4), 2);
    assert_ptr_equal(sites[0].fn, name(&at, "relay"));
    assert_ptr_equal(sites[1].fn, name(&at, "top"));
    arena_free(at.world.arena);
}

static void what_was_asked_on_the_way_is_a_guard(void **state)
{
    (void)state;
    bool guarded;
    Story at = story_new();
    hand_over(&at, "relay", "use", READ, EVIDENCE_PASSED_MAYBE, 0, EVIDENCE_GUARDED);
    hand_over(&at, "other", "use", READ, EVIDENCE_PASSED_VALID, 0, 0);
    assert_int_equal(blame(&at, "use", READ, &guarded), BLAME_CALLER);
    assert_true(guarded);
    /* One that did not ask at all weighs more, in whatever order they come. */
    Story both = story_new();
    hand_over(&both, "other", "use", READ, EVIDENCE_PASSED_MAYBE, 0, 0);
    hand_over(&both, "relay", "use", READ, EVIDENCE_PASSED_MAYBE, 0, EVIDENCE_GUARDED);
    assert_int_equal(blame(&both, "use", READ, &guarded), BLAME_CALLER);
    assert_false(guarded);
    arena_free(at.world.arena);
    arena_free(both.world.arena);
}

static void a_cycle_is_entered_from_outside(void **state)
{
    (void)state;
    bool guarded;
    Story at = story_new();
    hand_over(&at, "relay", "use", READ, EVIDENCE_PASSED_MAYBE, READ_IN_RELAY, 0);
    hand_over(&at, "use", "relay", READ_IN_RELAY, EVIDENCE_PASSED_MAYBE, READ, 0);
    assert_int_equal(blame(&at, "use", READ, &guarded), BLAME_NOBODY);
    arena_free(at.world.arena);
}

static void pointers_and_silence(void **state)
{
    (void)state;
    bool guarded;
    Story at = story_new();
    assert_int_equal(blame(&at, "handler", READ, &guarded), BLAME_POINTER);
    assert_int_equal(blame(&at, "use", READ, &guarded), BLAME_UNKNOWN);
    arena_free(at.world.arena);
}

static void those_who_are_excused_do_not_vote(void **state)
{
    (void)state;
    Story at = story_new();
    Evidence use = use_in(&at, "use", READ), guarded = use_in(&at, "alone", READ);
    guarded.flags = EVIDENCE_GUARDED;
    hand_over(&at, "relay", "use", READ, EVIDENCE_PASSED_VALID, 0, 0);
    beliefs_add(at.beliefs, &use, 1);
    beliefs_add(at.beliefs, &guarded, 1);
    assert_int_equal(belief_votes(at.beliefs, use.slot).unchecked, 2);
    beliefs_settle(at.beliefs);
    assert_int_equal(belief_votes(at.beliefs, use.slot).unchecked, 0);
    arena_free(at.world.arena);
}

static void how_callers_compare_names_the_failure(void **state)
{
    (void)state;
    static const EvidenceKind kinds[] = {EVIDENCE_SIGN, EVIDENCE_SIGN, EVIDENCE_SIGN,
                                         EVIDENCE_ZERO, EVIDENCE_IGNORED};
    Story at = story_new();
    const Name *fn = name(&at, "use");
    assert_int_equal(belief_success(at.beliefs, fn), SUCCESS_UNKNOWN);
    for (uint32_t i = 0; i < 5; i++) {
        Evidence one = {.kind = kinds[i],
                        .slot = {.kind = SLOT_STATUS, .name = fn},
                        .site = {name(&at, "top"), i}};
        beliefs_add(at.beliefs, &one, 1);
    }
    assert_int_equal(belief_success(at.beliefs, fn), SUCCESS_SIGN);
    assert_int_equal(belief_status(at.beliefs, fn).checked, 4);
    assert_int_equal(belief_status(at.beliefs, fn).unchecked, 1);
    arena_free(at.world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_above_means_here),
        cmocka_unit_test(callers_that_asked_excuse),
        cmocka_unit_test(one_that_did_not_is_found_through_others),
        cmocka_unit_test(what_was_asked_on_the_way_is_a_guard),
        cmocka_unit_test(a_cycle_is_entered_from_outside),
        cmocka_unit_test(pointers_and_silence),
        cmocka_unit_test(those_who_are_excused_do_not_vote),
        cmocka_unit_test(how_callers_compare_names_the_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
