/* Models of contexts: what becomes of every section, what calls mean, and what is said of mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "context/context.h"

typedef struct World {
    Arena *arena;
    ContextModel model;
} World;

static World *world_new(void)
{
    Arena *arena = arena_new("test");
    World *world = ARENA_NEW(arena, World);
    world->arena = arena;
    context_init(&world->model, arena, names_new(arena));
    return world;
}

static bool load(World *world, const char *text, Err *err)
{
    const char *whole = arena_printf(world->arena, "ctx_model: 1\n%s", text);
    return context_load(&world->model, "m.yaml", whole, strlen(whole), NULL, err);
}

static World *loaded(const char *text)
{
    World *world = world_new();
    Err err = {0};
    if (!load(world, text, &err)) fail_msg("%s", err.text);
    return world;
}

static void refuse(const char *text, const char *error)
{
    World *world = world_new();
    Err err = {0};
    assert_false(load(world, text, &err));
    assert_string_equal(err.text, error);
    assert_int_equal(err.kind, ERR_CONFIG);
    assert_int_equal(world->model.actions.n, 0);
    assert_int_equal(world->model.types.n, 0);
    arena_free(world->arena);
}

static const ContextAction *action(World *world, const char *function, ContextRole role)
{
    return context_action(&world->model, name_of(world->model.names, function), role);
}

static const char keys[] = "keys:\n"
                           "  trace: {names: ['(?i)^traceparent$'], scope: chain}\n"
                           "  lane: {names: ['(?i)^x-lane$'], implies: [trace]}\n"
                           "  hop: {names: ['^rpc-'], scope: hop}\n"
                           "  deadline: {kind: deadline}\n"
                           "require:\n"
                           "  default: [trace]\n"
                           "  http: [trace, hop, deadline]\n";

static void names_on_the_wire_are_keys(void **state)
{
    (void)state;
    World *world = loaded("keys:\n  trace: {names: ['(?i)^traceparent$']}\n"
                          "  lane: {names: ['^x-lane$', '^baggage$']}\n");
    const ContextModel *model = &world->model;
    assert_int_equal(context_keys_named(model, "TraceParent", 11), 1);
    assert_int_equal(context_keys_named(model, "baggage", 7), 2);
    assert_int_equal(context_keys_named(model, "X-Lane", 6), 0);
    assert_int_equal(context_keys_named(model, "traceparent2", 12), 0);
    assert_string_equal(context_key_text(model, 3, world->arena), "traceparent, x-lane");
    assert_string_equal(context_key_text(model, 0, world->arena), "");
    arena_free(world->arena);
}

/* What is for one hop, and what is no key on the wire, is not demanded of a carrier. */
static void transports_demand_keys(void **state)
{
    (void)state;
    World *world = loaded("keys:\n"
                          "  trace: {names: ['^traceparent$'], scope: chain}\n"
                          "  hop: {names: ['^rpc-'], scope: hop}\n"
                          "  deadline: {kind: deadline}\n"
                          "require:\n  default: [trace]\n  http: [trace, hop, deadline]\n"
                          "  redis: [deadline]\n");
    bool deadline;
    Names *names = world->model.names;
    assert_int_equal(context_required(&world->model, name_of(names, "http"), &deadline),
                     1);
    assert_true(deadline);
    assert_int_equal(context_required(&world->model, name_of(names, "amqp"), &deadline),
                     1);
    assert_false(deadline);
    assert_int_equal(context_required(&world->model, name_of(names, "redis"), &deadline),
                     0);
    assert_true(deadline);
    arena_free(world->arena);
}

static void calls_have_roles(void **state)
{
    (void)state;
    World *world =
        loaded("contexts:\n"
               "  - id: ctx\n    type: '^struct ctx \\*$'\n"
               "    derive: [{call: '^ctx_(child|ref)$', from: arg0}]\n"
               "    end: [{call: '^ctx_drop$', arg: 1}]\n"
               "    ambient: {get: ['^ctx_get$'], set: ['^ctx_set$']}\n"
               "    slot: {get: {macro: '^KEPT$'}}\n"
               "carriers:\n"
               "  - id: easy\n    new: ['^easy_new$']\n"
               "    deadline: [{call: '^easy_set$', when: {arg1: '^TIMEOUT$'}, on: arg0, "
               "value: arg2, unit: s}]\n"
               "sinks:\n  - {call: '^ops::send$', carrier: last, via: http}\n");
    assert_non_null(action(world, "ctx_ref", CONTEXT_DERIVE));
    assert_null(action(world, "ctx_refuse", CONTEXT_DERIVE));
    const ContextAction *end = action(world, "ctx_drop", CONTEXT_END);
    assert_int_equal(end->places[PLACE_ARG].kind, CONTEXT_ARG_AT);
    assert_int_equal(end->places[PLACE_ARG].index, 1);
    assert_int_equal(end->owner, 0);
    assert_false(action(world, "ctx_get", CONTEXT_GET)->flags & CONTEXT_KEPT);
    assert_true(action(world, "KEPT", CONTEXT_GET)->flags & CONTEXT_KEPT);
    assert_true(world->model.types.at[0].is_ambient);
    const ContextAction *deadline = action(world, "easy_set", CONTEXT_DEADLINE);
    assert_int_equal(deadline->nwhen, 1);
    assert_true(deadline->flags & CONTEXT_SECONDS);
    const ContextAction *send = action(world, "ops::send", CONTEXT_SEND);
    assert_int_equal(send->places[PLACE_CARRIER].kind, CONTEXT_ARG_LAST);
    assert_string_equal(send->via->text, "http");
    assert_null(*context_actions(&world->model, name_of(world->model.names, "printf")));
    arena_free(world->arena);
}

static void types_are_known_as_written(void **state)
{
    (void)state;
    World *world = loaded("contexts:\n  - {id: a, type: '^struct a \\*$'}\n"
                          "  - {id: b, type: '^(const )?b_t \\*$', shared: true}\n");
    assert_int_equal(context_type_of(&world->model, "struct a *"), 0);
    assert_int_equal(context_type_of(&world->model, "const b_t *"), 1);
    assert_int_equal(context_type_of(&world->model, "struct a **"), CONTEXT_NONE);
    assert_true(world->model.types.at[1].is_shared);
    assert_false(world->model.types.at[1].is_ambient);
    arena_free(world->arena);
}

/* A model that comes later adds, and what was said first is believed. */
static void the_first_model_wins(void **state)
{
    (void)state;
    World *world = loaded("injectors:\n  - {call: '^inject$', from: arg0, into: arg1}\n");
    Err err = {0};
    assert_true(load(
        world, "injectors:\n  - {call: '^inject$', from: arg1, into: arg0}\n", &err));
    assert_int_equal(action(world, "inject", CONTEXT_INJECT)->places[PLACE_INTO].index,
                     1);
    Hash before = world->model.identity;
    assert_true(load(world, "shared_work: ['^refill$']\n", &err));
    assert_int_not_equal(hash_compare(before, world->model.identity), 0);
    arena_free(world->arena);
}

static void a_mistake_is_told_where_it_is(void **state)
{
    (void)state;
    refuse("contexts:\n  - {id: a}\n", "m.yaml:3:5: the context 'a' needs a type");
    refuse("contexts:\n  - {type: '^a$'}\n", "m.yaml:3:5: a context needs an id");
    refuse("carriers:\n  - {new: ['^f$']}\n", "m.yaml:3:5: a carrier needs an id");
    refuse("sinks:\n  - {via: http}\n", "m.yaml:3:5: which call? say call: PATTERN");
}

static void half_a_model_is_none(void **state)
{
    (void)state;
    World *world = world_new();
    Err err = {0};
    assert_false(
        load(world,
             "contexts:\n  - {id: a, type: '^a$', end: [{call: '^drop$', arg: arg0}]}\n"
             "sinks:\n  - {call: '^send$', carier: arg0}\n",
             &err));
    assert_int_equal(world->model.types.n, 0);
    assert_int_equal(world->model.actions.n, 0);
    assert_null(action(world, "drop", CONTEXT_END));
    arena_free(world->arena);
}

static void a_model_says_so(void **state)
{
    (void)state;
    const char *texts[] = {"ctx_model: 1\n", "# why\nctx_model: 1\n", "version: 1\n",
                           "  ctx_model: 1\n"};
    const bool is_model[] = {true, true, false, false};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(context_is_model(texts[i], strlen(texts[i])), is_model[i]);
    World *world = loaded(keys);
    assert_true(world->model.is_any);
    arena_free(world->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_on_the_wire_are_keys),
        cmocka_unit_test(transports_demand_keys),
        cmocka_unit_test(calls_have_roles),
        cmocka_unit_test(types_are_known_as_written),
        cmocka_unit_test(the_first_model_wins),
        cmocka_unit_test(a_mistake_is_told_where_it_is),
        cmocka_unit_test(half_a_model_is_none),
        cmocka_unit_test(a_model_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
