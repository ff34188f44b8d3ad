/* The model language: what becomes of every key, and what is said of mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "summary/model.h"

typedef struct World {
    Arena *arena;
    Models models;
} World;

static World world_new(void)
{
    World world = {.arena = arena_new("test")};
    models_init(&world.models, world.arena, names_new(world.arena));
    return world;
}

static bool load(World *world, const char *text, Err *err)
{
    return models_load(&world->models, "m.yaml", text, strlen(text), err);
}

static const char *printed(World *world, const char *name)
{
    const Summary *summary =
        models_find(&world->models, name_of(world->models.names, name));
    if (!summary) fail_msg("there is no model of %s", name);
    Buf out;
    buf_init(&out, world->arena);
    summary_print(&out, summary);
    return out.at;
}

/* `entry`: "f: {...}" */
static void expect(const char *entry, const char *name, const char *text)
{
    World world = world_new();
    Err err = {0};
    const char *pack =
        arena_printf(world.arena, "version: 1\npack: p\nfunctions:\n  %s\n", entry);
    if (!load(&world, pack, &err)) fail_msg("%s", err.text);
    assert_string_equal(printed(&world, name), text);
    arena_free(world.arena);
}

static void refuse(const char *text, const char *error)
{
    World world = world_new();
    Err err = {0};
    assert_false(load(&world, text, &err));
    assert_string_equal(err.text, error);
    assert_int_equal(err.kind, ERR_CONFIG);
    assert_int_equal(world.models.all.n, 0);
    arena_free(world.arena);
}

static void refuse_entry(const char *entry, const char *error)
{
    Arena *arena = arena_new("test");
    refuse(arena_printf(arena, "version: 1\npack: p\nfunctions:\n  %s\n", entry), error);
    arena_free(arena);
}

static void results(void **state)
{
    (void)state;
    expect("f: {params: []}", "f", "summary f(0), model\n  outcome\n");
    expect("f: {params: [], returns: nonnull}", "f",
           "summary f(0), model\n  outcome returns new0, a valid pointer\n");
    expect("f: {params: [], returns: nonnull_or_error}", "f",
           "summary f(0), model\n  outcome returns new0, a valid pointer\n"
           "  outcome returns new0, error pointer and -1\n");
    expect("f: {params: [a], returns: a}", "f",
           "summary f(1), model\n  outcome returns arg0\n");
    expect("f: {params: [a], returns: 'a[]'}", "f",
           "summary f(1), model\n  outcome returns (arg0 + new0 * 1)\n");
    expect("f: {params: [], returns: [-1, 0]}", "f",
           "summary f(0), model\n  outcome returns new0, -1..0\n");
    expect("f: {params: [], returns: '>= 0'}", "f",
           "summary f(0), model\n  outcome returns new0, >= 0\n");
    expect("f: {params: [], returns: '!= 0'}", "f",
           "summary f(0), model\n  outcome returns new0, not 0\n");
    expect("f: {params: [], noreturn: true}", "f", "summary f(0), noreturn, model\n");
}

static void null_results(void **state)
{
    (void)state;
    expect("f: {params: [n], returns: nonnull, or_null: alloc}", "f",
           "summary f(1), model\n  outcome returns new0, a valid pointer\n"
           "  outcome returns null (allocation)\n");
    expect("f: {params: [n], returns: n, or_null: optional}", "f",
           "summary f(1), model\n  outcome returns arg0\n"
           "  outcome returns null (returned) optional\n");
    expect(
        "f: {params: [c], outcomes: [{returns: nonnull}, "
        "{when: [c != 0, 'q(c) == 0'], returns: 'null', why: rare}]}",
        "f",
        "summary f(1), model\n  outcome returns new0, a valid pointer\n"
        "  outcome when arg0 is not 0 and q(arg0) is 0 returns null (returned) rare\n");
}

static void arguments(void **state)
{
    (void)state;
    expect("f: {params: [a, b, n], nonnull: [a], nonnull_if: {a * n != 0: [b]}}", "f",
           "summary f(3), model\n  outcome\n  must needs non-null arg0\n"
           "  must needs non-null arg1 when (mul arg0 arg2) is not 0\n");
    expect("f: {params: [a, b], writes: [a, '*b'], writes_globals: true}", "f",
           "summary f(2), clobbers globals, model\n  outcome\n  clobbers arg0\n"
           "  clobbers *arg1\n");
    expect("f: {params: [a], writes: all}", "f",
           "summary f(1), clobbers parameters, model\n  outcome\n");
    expect("f: {params: [format], format: print}", "f",
           "summary f(1), model, prints\n  outcome\n");
    expect("f: {params: [s, format], format: scan}", "f",
           "summary f(2), model, scans\n  outcome\n");
    expect("f: {params: [start, arg], calls: ['start(arg, _)']}", "f",
           "summary f(2), model\n  outcome\n  invokes arg0(arg1, ?) at f\n");
    expect("f: {params: [a], also: [g], nonnull: [a]}", "g",
           "summary g(1), model\n  outcome\n  must needs non-null arg0\n");
}

static void memory(void **state)
{
    (void)state;
    expect("f: {params: [n, m], returns: nonnull, or_null: alloc, "
           "zeroes: {to: result, size: n * m}}",
           "f",
           "summary f(2), model\n  outcome returns new0, a valid pointer\n"
           "    zeroes new0 bytes (mul arg0 arg1)\n"
           "  outcome returns null (allocation)\n");
    expect("f: {params: [d, s], returns: d, copies: {to: d, from: s}}", "f",
           "summary f(2), model\n  outcome returns arg0\n    copies to arg0 from arg1\n");
    expect("f: {params: [out], outcomes: [{returns: '0', sets: {'*out': nonnull, "
           "$errors: unknown}}, {returns: '> 0', leaves: [out]}]}",
           "f",
           "summary f(1), model\n  outcome returns new0, 0\n"
           "    sets *arg0 to new1, a valid pointer\n    sets *&errors to ?\n"
           "  outcome returns new0, >= 1\n    leaves *arg0\n");
    expect("f: {params: [p], outcomes: [{when: '*p != null', returns: '*p', "
           "sets: {'*p': 'null'}}]}",
           "f",
           "summary f(1), model\n  outcome when *arg0 is not null returns *arg0\n"
           "    sets *arg0 to null, null\n");
    expect("f: {params: [n], outcomes: [{when: 'has(pair(n, $g), -1) <= 7'}]}", "f",
           "summary f(1), model\n  outcome when has(pair(arg0, g), -1) is <= 7\n");
}

/* An outcome that does not return narrows those that do. */
static void no_returns(void **state)
{
    (void)state;
    expect("f: {params: [n], outcomes: [{when: n > 0, noreturn: true}, {returns: void}]}",
           "f", "summary f(1), model\n  outcome when arg0 is <= 0\n");
    expect("f: {params: [p, n], outcomes: [{when: n == 3, returns: nonnull}, "
           "{when: [p == null], noreturn: true}, {when: n == 7, noreturn: true}]}",
           "f",
           "summary f(2), model\n  outcome when arg1 is 3 and arg0 is not null and arg1 "
           "is not 7 returns new0, a valid pointer\n");
    refuse_entry("f: {params: [n], outcomes: [{noreturn: true}, {}]}",
                 "m.yaml:4:42: it needs the key 'when'; what never returns says "
                 "'noreturn: true' beside its params");
    refuse_entry("f: {params: [n], outcomes: [{noreturn: false}]}",
                 "m.yaml:4:42: an outcome returns unless it says 'noreturn: true'");
    refuse_entry("f: {params: [n], outcomes: [{when: n != 0, noreturn: true}]}",
                 "m.yaml:4:30: no outcome returns: say 'noreturn: true' beside the "
                 "params, or add the outcome that does");
    refuse_entry("f: {params: [n], outcomes: [{when: n != 0, noreturn: true, sets: {}}]}",
                 "m.yaml:4:62: unknown key 'sets'");
    refuse_entry(
        "f: {params: [n], outcomes: [{}, {when: [n > 0, n < 9], noreturn: true}]}",
        "m.yaml:4:42: noreturn takes one condition: two ways not to return are "
        "two outcomes");
    refuse_entry(
        "f: {params: [n], outcomes: [{when: n == 1}, {when: n > 0, noreturn: true}]}",
        "m.yaml:4:31: under its condition the function does not return, as "
        "another outcome says");
}

static void nonsense(void **state)
{
    (void)state;
    refuse_entry("pool get: {params: []}",
                 "m.yaml:4:7: a function's name must be a name of C, letters, digits and "
                 "_: 'pool get' is none");
    refuse_entry(
        "f: {params: [], also: [g*]}",
        "m.yaml:4:27: a function's name must be a name of C, letters, digits and "
        "_: 'g*' is none");
    refuse_entry("f: {params: [7]}", "m.yaml:4:16: a parameter must be a name of C, "
                                     "letters, digits and _: '7' is none");
    refuse_entry("f: {params: [a], nonnull: [5]}",
                 "m.yaml:4:30: what must not be null is a parameter, what one points to "
                 "(\"*out\") or a \"$global\"");
    refuse_entry("f: {params: [a], nonnull: [result]}",
                 "m.yaml:4:30: the result is no argument: say 'returns: nonnull'");
    refuse_entry("f: {params: [a, n], writes: [a * n]}",
                 "m.yaml:4:32: what is written is a parameter, what one points to "
                 "(\"*out\") or a \"$global\"");
    refuse_entry("f: {params: [a], nonnull_if: {5 != 0: [a]}}",
                 "m.yaml:4:33: this is the same at every call: a condition is on a "
                 "parameter or a $global");
    refuse_entry("f: {params: [a], outcomes: [{when: result != 0}]}",
                 "m.yaml:4:38: a condition is one on entry: there is no result yet");
    refuse_entry("f: {params: [n], outcomes: [{when: [n > 0, n == 0]}]}",
                 "m.yaml:4:46: this is never so together with the conditions before");
    refuse_entry("f: {params: [n], outcomes: [{leaves: [8]}]}",
                 "m.yaml:4:41: what is left is a parameter, what one points to "
                 "(\"*out\") or a \"$global\"");
    refuse_entry("f: {params: [p], zeroes: {to: 1}}",
                 "m.yaml:4:33: what is filled is a parameter, what one points to "
                 "(\"*out\") or a \"$global\"");
    refuse_entry("f: {params: [p], zeroes: {to: p, size: -1}}",
                 "m.yaml:4:42: a size is not negative");
    refuse_entry("f: {params: [], returns: ['>= 1', 5]}",
                 "m.yaml:4:29: a bound is an integer");
    refuse_entry(
        "f: {params: [], returns: '0', or_null: alloc}",
        "m.yaml:4:42: or_null is of a function that returns a pointer: 'returns' "
        "says that it returns a number");
    refuse_entry(
        "f: {params: [], returns: void, or_null: alloc}",
        "m.yaml:4:43: or_null is of a function that returns a pointer: 'returns' "
        "says that it returns nothing");
    refuse_entry("f: {params: [], format: print}",
                 "m.yaml:4:27: the format is the last parameter, and there is none");
    refuse("version: 1\npack: p\nfunctions: {}\n---\nversion: 1\n",
           "m.yaml:5:1: a second document begins here: one pack stands in one file");
}

static const char *misfit(World *world, const char *entry, const Fn *fn)
{
    Err err = {0};
    const char *pack =
        arena_printf(world->arena, "version: 1\npack: p\nfunctions:\n  %s\n", entry);
    if (!load(world, pack, &err)) fail_msg("%s", err.text);
    const Summary *model = models_find(&world->models, name_of(world->models.names, "f"));
    const char *why = model_misfit(model, fn, world->arena);
    return why ? why : "fits";
}

/* f(int, char *), as the program declares it. */
static void declarations(void **state)
{
    (void)state;
    World world = world_new();
    Param params[2] = {{.type = {.kind = TYPE_INT, .size = 4}},
                       {.type = {.kind = TYPE_POINTER, .size = 8}}};
    Fn fn = {.params = params, .nparam = 2, .result = {.kind = TYPE_VOID}};
    assert_string_equal(misfit(&world, "f: {params: [a]}", &fn),
                        "has 1 parameter, but the program declares it with 2");
    assert_string_equal(misfit(&world, "f: {params: [a, b], nonnull: [b]}", &fn), "fits");
    const char *number =
        "takes parameter 1 for a pointer, but the program declares it as a number";
    assert_string_equal(misfit(&world, "f: {params: [a, b], nonnull: [a]}", &fn), number);
    assert_string_equal(misfit(&world, "f: {params: [a, b], sets: {'*a': 'null'}}", &fn),
                        number);
    assert_string_equal(misfit(&world, "f: {params: [a, b], calls: [a(b)]}", &fn),
                        number);
    assert_string_equal(misfit(&world, "f: {params: [a, b], returns: '5'}", &fn),
                        "says that it returns a number, but the program declares that it "
                        "returns nothing");
    assert_string_equal(
        misfit(&world, "f: {params: [a, b], returns: nonnull}", &fn),
        "says that it returns a pointer, but the program declares that it "
        "returns nothing");
    fn.result.kind = TYPE_INT;
    assert_string_equal(misfit(&world, "f: {params: [a, b], returns: '5'}", &fn), "fits");
    assert_string_equal(
        misfit(&world, "f: {params: [a, b], returns: any, or_null: rare}", &fn),
        "says that it returns a pointer, but the program declares that it returns a "
        "number");
    fn.result.kind = TYPE_POINTER;
    assert_string_equal(
        misfit(&world, "f: {params: [a, b], returns: nonnull, or_null: rare}", &fn),
        "fits");
    fn.flags = FN_UNPROTOTYPED;
    assert_string_equal(misfit(&world, "f: {params: [a]}", &fn), "fits");
    arena_free(world.arena);
}

static void mistakes_in_functions(void **state)
{
    (void)state;
    refuse_entry("f: {params: [a], nonul: [a]}",
                 "m.yaml:4:20: unknown key 'nonul': did you mean 'nonnull'?");
    refuse_entry("f: {nonnull: []}",
                 "m.yaml:4:6: the key 'params' is missing ([] for none)");
    refuse_entry("f: {params: [size], nonnull: [siez]}",
                 "m.yaml:4:33: there is no parameter 'siez': did you mean 'size'?");
    refuse_entry("f: {params: [a, a]}", "m.yaml:4:19: two parameters are called 'a'");
    refuse_entry("f: {params: [a], params: [a]}",
                 "m.yaml:4:20: the key 'params' stands here twice");
    refuse_entry("f: {params: a}", "m.yaml:4:15: params must be a list: [a, b]");
    refuse_entry("f: 7", "m.yaml:4:6: a function must be a mapping: {key: value}");
    refuse_entry("f: {params: [], returns: nonnull, or_null: optoinal}",
                 "m.yaml:4:46: unknown reason 'optoinal': did you mean 'optional'?");
    refuse_entry("f: {params: [], or_null: rare}",
                 "m.yaml:4:28: or_null needs the key 'returns'");
    refuse_entry("f: {params: [], noreturn: maybe}",
                 "m.yaml:4:29: this must be true or false");
    refuse_entry("f: {params: [], noreturn: true, returns: any}",
                 "m.yaml:4:44: what never returns has no returns");
    refuse_entry("f: {params: [], returns: any, outcomes: [{}]}",
                 "m.yaml:4:28: with outcomes, returns stands in them");
    refuse_entry("f: {params: [], outcomes: []}", "m.yaml:4:29: 1 to 8 outcomes");
    refuse_entry("f: {params: [], outcomes: [{why: rare}]}",
                 "m.yaml:4:36: why belongs to an outcome that returns null");
    refuse_entry("f: {params: [], also: [f]}",
                 "m.yaml:4:26: the function 'f' stands here twice");
}

static void mistakes_in_values(void **state)
{
    (void)state;
    refuse_entry("f: {params: [n], nonnull_if: {'n <> 0': [n]}}",
                 "m.yaml:4:37: an integer or null is missing here");
    refuse_entry("f: {params: [n], format: printf}",
                 "m.yaml:4:28: format must be print or scan");
    refuse_entry("f: {params: [n], outcomes: [{when: n}]}",
                 "m.yaml:4:39: one of == != < <= > >= is missing");
    refuse_entry("f: {params: [n], outcomes: [{when: n < null}]}",
                 "m.yaml:4:42: null is only equal (==) or not (!=)");
    refuse_entry("f: {params: [n], outcomes: [{when: n == 0 0}]}",
                 "m.yaml:4:45: '0' is not expected here");
    refuse_entry("f: {params: [n], returns: 'ask(n'}",
                 "m.yaml:4:35: a ')' is missing: a question has one or two operands");
    refuse_entry("f: {params: [n], sets: {n: nonnull}}",
                 "m.yaml:4:27: what is set is what a parameter points to, \"*out\", or a "
                 "\"$global\"");
    refuse_entry("f: {params: [n], returns: 12x}", "m.yaml:4:29: this is no integer");
    refuse_entry("f: {params: [n], returns: 99999999999999999999}",
                 "m.yaml:4:29: this is no integer");
    refuse_entry("f: {params: [n], returns: [0, -1]}",
                 "m.yaml:4:29: the lowest comes first");
    refuse_entry("f: {params: [n], calls: ['m(n)']}",
                 "m.yaml:4:28: there is no parameter 'm': did you mean 'n'?");
    refuse_entry("f: {params: [n], calls: ['n(']}",
                 "m.yaml:4:31: a parameter is missing here");
    refuse_entry("f: {params: [n], zeroes: {size: n}}",
                 "m.yaml:4:28: the key 'to' is missing");
}

static void mistakes_in_packs(void **state)
{
    (void)state;
    refuse("", "m.yaml:1:1: the pack is empty");
    refuse("[1]", "m.yaml:1:1: a pack must be a mapping: {key: value}");
    refuse("version: 1\npack: p\n", "m.yaml:1:1: the key 'functions' is missing");
    refuse("version: 2\npack: p\nfunctions: {}\n",
           "m.yaml:1:10: the version of the model language is 1");
    refuse("version: 1\npack: p\nfunctions: {f: {params: [}}\n",
           "m.yaml:3:26: did not find expected node content");
    refuse("version: 1\npack: \"p\\0q\"\nfunctions: {}\n",
           "m.yaml:2:7: this must be a word or text");
    refuse("version: 1\npack: \xff\n", "m.yaml:1:1: invalid leading UTF-8 octet");
}

/* Nested beyond sense: an error, not a crash. */
static void depth_is_bounded(void **state)
{
    (void)state;
    World world = world_new();
    Buf text;
    buf_init(&text, world.arena);
    buf_text(&text, "version: 1\npack: p\nfunctions: {f: {params: [n], returns: '");
    for (int i = 0; i < 20000; i++)
        buf_text(&text, "q(");
    buf_text(&text, "'}}\n");
    Err err = {0};
    assert_false(load(&world, text.at, &err));
    assert_non_null(strstr(err.text, "nested too deep"));
    text.n = 0;
    for (int i = 0; i < 20000; i++)
        buf_text(&text, "[");
    assert_false(load(&world, text.at, &err));
    text.n = 0;
    for (int i = 0; i < 20000; i++)
        buf_text(&text, "*");
    assert_false(load(&world, text.at, &err));
    arena_free(world.arena);
}

static const char *pack_with(World *world, const char *more)
{
    return arena_printf(world->arena,
                        "version: 1\npack: p\nfunctions: {f: {params: []%s}}\n", more);
}

static void later_packs_override(void **state)
{
    (void)state;
    World world = world_new();
    Err err = {0};
    assert_true(load(&world, pack_with(&world, ""), &err));
    Hash first = world.models.identity;
    assert_false(load(&world, pack_with(&world, ", x: y"), &err));
    assert_int_equal(hash_compare(first, world.models.identity), 0);
    assert_true(load(&world, pack_with(&world, ", noreturn: true"), &err));
    assert_int_not_equal(hash_compare(first, world.models.identity), 0);
    assert_string_equal(printed(&world, "f"), "summary f(0), noreturn, model\n");
    assert_int_equal(world.models.all.n, 1);
    assert_null(models_find(&world.models, name_of(world.models.names, "g")));
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results),
        cmocka_unit_test(null_results),
        cmocka_unit_test(arguments),
        cmocka_unit_test(memory),
        cmocka_unit_test(no_returns),
        cmocka_unit_test(nonsense),
        cmocka_unit_test(declarations),
        cmocka_unit_test(mistakes_in_functions),
        cmocka_unit_test(mistakes_in_values),
        cmocka_unit_test(mistakes_in_packs),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(later_packs_override),
    };
    return cmocka_run_group_tests_name("summary models", tests, NULL, NULL);
}
