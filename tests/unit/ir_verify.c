/* The verifier sees what no text can say: indices and parts that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/read.h"
#include "ir/verify.h"

static const char text[] =
    "unit a.c complete 9\nfile a.c\nmacro m\nfield r@a.c n 8 p8\nfield r@a.c b 4 u4 1:2\n"
    "global g p8 @(a.c)1:5\nfn f i4(p8) @2:5\nfn h v()\nnote error \"e\" @1:1\n"
    "data g\n 0 p8 &f\n"
    "body f @9:1\nlocal p p8 !param\nlocal q p8\nb0:\n"
    " %1 = addr p8 p ^m @1:9\n"
    " %2 = field p8 %1 r.n\n"
    " %3 = call p8 h(%1 %2)\n"
    " %4 = add i4 %3 %1\n"
    " branch %4 b1 b2\n"
    "b1:\n jump b2\n"
    "b2:\n %5 = const i4 3\n switch %5 b3 3:b4\n"
    "b3:\n return\n"
    "b4:\n stop\n";

typedef struct Broken {
    Unit *unit;
    Fn *f;
    Body *body;
    Ins *ins; /* of block 0 */
    Block *blocks;
} Broken;

/* One way to break a unit, and what the verifier says to it. */
typedef struct Way {
    void (*make)(Broken *broken);
    const char *complaint;
} Way;

#define WAY(name, statement)                                                             \
    static void name(Broken *b)                                                          \
    {                                                                                    \
        statement;                                                                       \
    }
WAY(no_path, b->unit->path = NULL)
WAY(no_file, b->unit->files[1] = NULL)
WAY(no_macro, b->unit->macros[1] = NULL)
WAY(no_record, b->unit->fields[1].record = NULL)
WAY(lost_bits, b->unit->fields[2].bit_width = 0)
WAY(no_link_name, b->f->link_name = NULL)
WAY(odd_fn_flag, b->f->flags = 1u << 20)
WAY(odd_loc, b->f->loc.file = 2)
WAY(odd_param, b->f->params[0].type.kind = 9)
WAY(odd_access, b->f->params[0].access_size = 1)
WAY(odd_size, b->f->params[0].is_size = true)
WAY(odd_init, b->unit->globals[1].inits[0].fn = 3)
WAY(odd_init_field, b->unit->globals[1].inits[0].field = 3)
WAY(odd_note, b->unit->notes[0].text = NULL)
WAY(no_block, b->body->nblock = 0)
WAY(too_few_locals, b->body->nlocal = 1)
WAY(unmarked_param, b->body->locals[1].flags = 0)
WAY(odd_end, b->body->end.file = 7)
WAY(empty_block, b->blocks[3].nins = 0)
WAY(odd_op, b->ins[0].op = OP_COUNT)
WAY(odd_calc, b->ins[0].calc = CALC_SUB)
WAY(odd_flag, b->ins[0].flags = 0x8000)
WAY(odd_type, b->ins[0].type.kind = 7)
WAY(odd_macro, b->ins[0].macro = 2)
WAY(odd_local, b->ins[0].local = 3)
WAY(odd_reference, b->ins[0].ref = REF_FIELD)
WAY(lost_reference, b->ins[0].ref = REF_NONE)
WAY(odd_field, b->ins[1].field = 0)
WAY(odd_number, b->ins[1].imm = 3)
WAY(odd_text, b->ins[1].text = b->unit->path)
WAY(odd_operand, b->ins[1].b = 1)
WAY(no_operand, b->ins[1].a = 0)
WAY(late_operand, b->ins[1].a = 4)
WAY(huge_operand, b->ins[1].a = UINT32_MAX)
WAY(two_callees, b->ins[2].a = 1)
WAY(no_callee, b->ins[2].fn = 0; b->ins[2].ref = REF_NONE)
WAY(odd_callee, b->ins[2].fn = 3)
WAY(no_arguments, b->ins[2].args = NULL)
WAY(unary_with_two, b->ins[3].calc = CALC_NEG)
WAY(given_twice, b->ins[3].dst = 1)
WAY(given_too_high, b->ins[3].dst = 6)
WAY(not_given, b->ins[3].dst = 0)
WAY(one_way_branch, b->blocks[0].nsucc = 1)
WAY(no_cases, b->blocks[2].cases = NULL)
WAY(early_end, b->ins[1] = (Ins){.op = OP_STOP})
WAY(nowhere, b->body->nblock = 3)
WAY(too_many_values, b->body->nval = 1u << 30)

static const Way ways[] = {
    {no_path, "a unit: the unit has no path"},
    {no_file, "file 1 has no name"},
    {no_macro, "macro 1 has no name"},
    {no_record, "field 1 has no name"},
    {lost_bits, "field 2 (b) has a bit offset and no width"},
    {no_link_name, "function 1 has no name"},
    {odd_fn_flag, "function f has an unknown flag or type"},
    {odd_loc, "function f is in no file of the unit"},
    {odd_param, "function f: parameter 1 has an unknown type"},
    {odd_access, "function f: the access of parameter 1 is wrong"},
    {odd_size, "function f: parameter 1 is the size of nothing"},
    {odd_init, "global g: initialiser 0 is wrong"},
    {odd_init_field, "global g: initialiser 0 is wrong"},
    {odd_note, "note 0 is wrong"},
    {no_block, "function f: has no block"},
    {too_few_locals, "function f: parameters are no locals"},
    {unmarked_param, "function f: local 1 (p): the parameters come first"},
    {odd_end, "function f: ends in no file of the unit"},
    {empty_block, "block 3, instruction 0: is empty"},
    {odd_op, "instruction 0: unknown has an unknown operation"},
    {odd_calc, "addr has an unknown calculation"},
    {odd_flag, "addr has an unknown flag"},
    {odd_type, "addr has an unknown type"},
    {odd_macro, "addr has no such macro"},
    {odd_local, "addr has no such local"},
    {odd_reference, "addr has a reference it must not have"},
    {lost_reference, "addr has an index and no kind of reference"},
    {odd_field, "field has no such field"},
    {odd_number, "field must not have a number"},
    {odd_text, "field must not have a text"},
    {odd_operand, "field has an operand it must not have"},
    {no_operand, "field lacks an operand"},
    {late_operand, "field uses a value that is not given before it in its block"},
    {huge_operand, "field uses a value that is not given before it in its block"},
    {two_callees, "call must have either a callee or a pointer to it"},
    {no_callee, "call must have either a callee or a pointer to it"},
    {odd_callee, "call has no such function"},
    {no_arguments, "call must not have arguments"},
    {unary_with_two, "neg has an operand it must not have"},
    {given_twice, "add gives a value that was given before"},
    {given_too_high, "add gives a value above the highest"},
    {not_given, "add gives no value"},
    {one_way_branch, "block 0, instruction 4: has the wrong number of successors"},
    {no_cases, "must have cases when it switches, and only then"},
    {early_end, "block 0, instruction 1: stop ends its block too early"},
    {nowhere, "block 2, instruction 1: goes to a block that is not there"},
    {too_many_values, "function f: 1073741824 values are too many"},
};

static void every_break_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        Arena *arena = arena_new("test");
        Broken broken;
        Err err = {0};
        assert_true(ir_read_unit(text, sizeof text - 1, names_new(arena), arena,
                                 &broken.unit, &err));
        broken.f = &broken.unit->fns[1];
        broken.body = broken.f->body;
        broken.blocks = broken.body->blocks;
        broken.ins = broken.blocks[0].ins;
        assert_true(ir_verify_unit(broken.unit, &err));
        ways[i].make(&broken);
        assert_false(ir_verify_unit(broken.unit, &err));
        if (!strstr(err.text, ways[i].complaint))
            fail_msg("way %zu: said '%s', not '%s'", i, err.text, ways[i].complaint);
        assert_false(ir_verify_unit(broken.unit, NULL));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_break_is_seen)};
    return cmocka_run_group_tests_name("ir verify", tests, NULL, NULL);
}
