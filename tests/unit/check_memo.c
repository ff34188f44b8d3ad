/* Remembered runs: the three files belong together or are as good as absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/memo.h"

typedef struct World {
    Arena *arena;
    Names *names;
} World;

static const Hash KEY = {1, 2}, OTHER = {5, 2};

static MemoRun run_of(World *world, Hash key, uint32_t ins)
{
    MemoRun run = {.key = key, .nread = 1};
    const Name *fn = name_of(world->names, "a.c:f");
    run.reads = ARENA_NEW(world->arena, MemoRead);
    *run.reads = (MemoRead){MEMO_BY_POINTER, name_of(world->names, "g"), {7, 8}};
    run.result.summary = ARENA_NEW(world->arena, Summary);
    run.result.summary->link_name = fn;
    run.result.ncandidate = run.result.nevidence = 1;
    run.result.candidates = ARENA_NEW(world->arena, Candidate);
    *run.result.candidates = (Candidate){.kind = CANDIDATE_ARG,
                                         .block = 3,
                                         .ins = ins,
                                         .what = "p->next",
                                         .param = UINT32_MAX,
                                         .source = {fn, NO_INS}};
    run.result.evidence = ARENA_NEW(world->arena, Evidence);
    *run.result.evidence = (Evidence){.kind = EVIDENCE_UNCHECKED,
                                      .slot = {SLOT_GLOBAL, 0, fn},
                                      .site = {fn, ins},
                                      .use = NO_INS,
                                      .what = 9};
    return run;
}

static Memo *read_files(World *world, const Buf *a, const Buf *b, const Buf *c)
{
    const char *files[MEMO_FILES] = {a->at, b->at, c->at};
    size_t lens[MEMO_FILES] = {a->n, b->n, c->n};
    return memo_read(files, lens, world->names, world->arena);
}

static const Buf *files_of(World *world, uint32_t ins)
{
    const Buf none = {.at = (char[]){""}};
    Memo *memo = read_files(world, &none, &none, &none);
    memo_add(memo, run_of(world, KEY, ins));
    memo_add(memo, run_of(world, OTHER, ins + 1));
    memo_write(memo, world->names, world->arena);
    assert_non_null(memo_files(memo));
    return memo_files(memo);
}

static World world_new(void)
{
    World world = {.arena = arena_new("test")};
    world.names = names_new(world.arena);
    return world;
}

static void runs_come_back(void **state)
{
    (void)state;
    World world = world_new();
    const Buf *files = files_of(&world, 4);
    Memo *memo = read_files(&world, &files[0], &files[1], &files[2]);
    const MemoRun *run = memo_run(memo, memo_first(memo, KEY));
    assert_int_equal(hash_compare(run->key, KEY), 0);
    assert_int_equal(run->reads[0].ask, MEMO_BY_POINTER);
    assert_string_equal(run->reads[0].name->text, "g");
    assert_string_equal(run->result.summary->link_name->text, "a.c:f");
    assert_string_equal(run->result.candidates[0].what, "p->next");
    assert_int_equal(run->result.candidates[0].ins, 4);
    assert_int_equal(run->result.candidates[0].param, UINT32_MAX);
    assert_int_equal(run->result.candidates[0].source.ins, NO_INS);
    assert_int_equal(run->result.evidence[0].what, 9);
    assert_int_equal(run->result.evidence[0].use, NO_INS);
    const MemoRun *next = memo_run(memo, run->next); /* keys that are alike in part */
    assert_int_equal(hash_compare(next->key, OTHER), 0);
    assert_int_equal(next->next, 0);
    assert_int_equal(memo_first(memo, (Hash){1, 3}), 0);
    memo_write(memo, world.names, world.arena);
    assert_null(memo_files(memo)); /* nothing was added */
    arena_free(world.arena);
}

static void only_what_was_used_is_kept(void **state)
{
    (void)state;
    World world = world_new();
    const Buf *files = files_of(&world, 4);
    Memo *memo = read_files(&world, &files[0], &files[1], &files[2]);
    memo_add(memo, run_of(&world, (Hash){9, 9}, 1));
    memo_write(memo, world.names, world.arena);
    files = memo_files(memo);
    memo = read_files(&world, &files[0], &files[1], &files[2]);
    assert_int_equal(memo_first(memo, KEY), 0);
    assert_int_not_equal(memo_first(memo, (Hash){9, 9}), 0);
    arena_free(world.arena);
}

static void files_of_different_runs_are_none(void **state)
{
    (void)state;
    World world = world_new();
    const Buf *one = files_of(&world, 4), *two = files_of(&world, 5);
    const Buf *mixed[4][MEMO_FILES] = {{&one[0], &one[1], &two[2]},
                                       {&one[0], &two[1], &one[2]},
                                       {&two[0], &one[1], &one[2]},
                                       {&one[0], &one[2], &one[1]}};
    for (int i = 0; i < 4; i++)
        assert_int_equal(
            memo_first(read_files(&world, mixed[i][0], mixed[i][1], mixed[i][2]), KEY),
            0);
    for (int i = 0; i < MEMO_FILES; i++) {
        Buf cut[MEMO_FILES] = {one[0], one[1], one[2]};
        cut[i].n--;
        assert_int_equal(memo_first(read_files(&world, &cut[0], &cut[1], &cut[2]), KEY),
                         0);
    }
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_come_back),
        cmocka_unit_test(only_what_was_used_is_kept),
        cmocka_unit_test(files_of_different_runs_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
