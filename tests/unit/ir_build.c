/* Building bodies: threaded jumps, merged lines, dropped blocks; and values said in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/build.h"
#include "ir/verify.h"

static const Type INT = {.kind = TYPE_INT, .is_signed = true, .size = 4};
static const Type POINTER = {.kind = TYPE_POINTER, .size = 8};

typedef struct Made {
    Arena *arena;
    UnitBuild *build;
    BodyBuild *body;
    FnId fn;
} Made;

static int set_up(void **state)
{
    Arena *arena = arena_new("test");
    Made *made = ARENA_NEW(arena, Made);
    made->arena = arena;
    made->build = build_unit(arena, names_new(arena), "x.c");
    build_file(made->build, "x.c");
    Fn *fn = NULL;
    made->fn = build_fn(made->build, &fn);
    fn->name = fn->link_name = build_name(made->build, "f");
    fn->result = INT;
    made->body = build_body(made->build);
    *state = made;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((Made *)*state)->arena);
    return 0;
}

static Val constant(Made *made, int64_t value)
{
    return build_ins(made->body, (Ins){.op = OP_CONST, .type = INT, .imm = value});
}

static const Body *finish(Made *made)
{
    Body *body = build_body_end(made->body, (Loc){1, 9, 1});
    build_fn_at(made->build, made->fn)->body = body;
    Err err = {0};
    if (!ir_verify_unit(build_unit_end(made->build), &err)) fail_msg("%s", err.text);
    return body;
}

static void lines_are_merged(void **state)
{
    Made *made = *state;
    uint32_t next = build_block(made->body), last = build_block(made->body);
    constant(made, 1);
    build_jump(made->body, (Loc){0}, next);
    build_enter(made->body, next);
    constant(made, 2);
    build_jump(made->body, (Loc){0}, last);
    build_enter(made->body, last);
    build_return(made->body, (Loc){0}, constant(made, 3));
    const Body *body = finish(made);
    assert_int_equal(body->nblock, 1);
    assert_int_equal(body->blocks[0].nins, 4);
}

static void jumps_are_threaded(void **state)
{
    Made *made = *state;
    uint32_t yes = build_block(made->body), no = build_block(made->body),
             end = build_block(made->body);
    build_branch(made->body, (Ins){.a = constant(made, 1)}, yes, no);
    build_enter(made->body, yes);
    build_jump(made->body, (Loc){0}, end);
    build_enter(made->body, no);
    build_jump(made->body, (Loc){0}, end);
    build_enter(made->body, end);
    build_return(made->body, (Loc){0}, constant(made, 2));
    const Body *body = finish(made);
    assert_int_equal(body->nblock, 2);
    assert_int_equal(body->blocks[0].succ[0], 1);
    assert_int_equal(body->blocks[0].succ[1], 1);
}

static void what_follows_an_end_is_dropped(void **state)
{
    Made *made = *state;
    build_return(made->body, (Loc){0}, constant(made, 1));
    assert_true(build_ended(made->body));
    assert_true(constant(made, 2) != 0);
    build_enter(made->body, build_block(made->body)); /* nobody comes here */
    build_stop(made->body, (Loc){0});
    const Body *body = finish(made);
    assert_int_equal(body->nblock, 1);
    assert_int_equal(body->blocks[0].nins, 2);
}

static void an_empty_loop_stays(void **state)
{
    Made *made = *state;
    uint32_t loop = build_block(made->body);
    build_jump(made->body, (Loc){0}, loop);
    build_enter(made->body, loop);
    build_jump(made->body, (Loc){0}, loop);
    const Body *body = finish(made);
    assert_int_equal(body->blocks[body->nblock - 1].succ[0], body->nblock - 1);
}

static void names_and_files_are_rows(void **state)
{
    Made *made = *state;
    assert_int_equal(build_file(made->build, "x.c"), 1);
    assert_int_equal(build_file(made->build, "y.h"), 2);
    assert_int_equal(build_macro(made->build, "M"), 1);
    assert_int_equal(build_macro(made->build, "M"), 1);
    build_status(made->build, UNIT_PARTIAL);
    build_status(made->build, UNIT_COMPLETE);
    build_return(made->body, (Loc){0}, constant(made, 0));
    build_body_end(made->body, (Loc){0});
    const Unit *unit = build_unit_end(made->build);
    assert_int_equal(unit->status, UNIT_PARTIAL);
    assert_int_equal(unit->nfile, 3);
}

static void values_are_said(void **state)
{
    Made *made = *state;
    Field *field = NULL;
    FieldId next = build_field(made->build, &field);
    *field = (Field){.record = build_name(made->build, "s@x.c"),
                     .name = build_name(made->build, "next"),
                     .offset = 8,
                     .type = POINTER};
    LocalId p = build_local(made->body, "p", POINTER, 0, (Loc){0});
    BodyBuild *body = made->body;
    Ins address = {.op = OP_ADDR, .ref = REF_LOCAL, .local = p, .type = POINTER};
    Val at = build_ins(body, address), escaped = build_ins(body, address);
    Val loaded = build_ins(body, (Ins){.op = OP_LOAD, .a = at, .type = POINTER});
    Val member = build_ins(body, (Ins){.op = OP_FIELD,
                                       .a = loaded,
                                       .ref = REF_FIELD,
                                       .field = next,
                                       .type = POINTER});
    Val value = build_ins(body, (Ins){.op = OP_LOAD, .a = member, .type = POINTER});
    Val two = constant(made, 2);
    Val element = build_ins(
        body, (Ins){.op = OP_INDEX, .a = value, .b = two, .imm = 4, .type = POINTER});
    Val read = build_ins(body, (Ins){.op = OP_LOAD, .a = element, .type = INT});
    Ins call = {.op = OP_CALL, .ref = REF_FN, .fn = made->fn, .type = INT};
    Val result = build_ins(body, call);
    Ins calc = {.op = OP_CALC, .calc = CALC_SUB, .a = read, .b = two, .type = INT};
    Val less = build_ins(body, calc);
    calc = (Ins){.op = OP_CALC, .calc = CALC_GE, .a = less, .b = result, .type = INT};
    Val compared = build_ins(body, calc);
    calc = (Ins){.op = OP_CALC, .calc = CALC_NOT, .a = value, .type = INT};
    Val negated = build_ins(body, calc);
    LocalId nameless = build_local(body, "", POINTER, LOCAL_TEMPORARY, (Loc){0});
    address.local = nameless;
    Val room = build_ins(body, address);
    build_ins(body, (Ins){.op = OP_STORE, .a = room, .b = value, .type = POINTER});
    Val waited = build_ins(body, (Ins){.op = OP_LOAD, .a = room, .type = POINTER});
    address.local = build_local(body, "", POINTER, LOCAL_TEMPORARY, (Loc){0});
    Val either = build_ins(body, address);
    build_ins(body, (Ins){.op = OP_STORE, .a = either, .b = value, .type = POINTER});
    build_ins(body, (Ins){.op = OP_STORE, .a = either, .b = loaded, .type = POINTER});
    Val chosen = build_ins(body, (Ins){.op = OP_LOAD, .a = either, .type = POINTER});
    build_return(body, (Loc){0}, read);
    const Body *done = finish(made);
    const Unit *unit = build_unit_end(made->build);
    const struct {
        Val val;
        const char *text;
    } said[] = {
        {at, "p"},
        {escaped, "&p"},
        {loaded, "p"},
        {member, "p->next"},
        {value, "p->next"},
        {element, "p->next[2]"},
        {result, "f()"},
        {read, "p->next[2]"},
        {two, "2"},
        {999, ""},
        {compared, "(p->next[2] - 2) >= f()"},
        {negated, "!p->next"},
        {waited, "p->next"},
        {chosen, ""},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        assert_string_equal(ir_text(unit, done, 0, said[i].val, made->arena),
                            said[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_are_merged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(jumps_are_threaded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_follows_an_end_is_dropped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_empty_loop_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_and_files_are_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_said, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
