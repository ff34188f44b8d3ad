/* The text form of the IR, both ways: print and read are inverse for every field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "ir/build.h"
#include "ir/print.h"
#include "ir/read.h"
#include "ir/verify.h"

typedef struct World {
    Arena *arena;
    Names *names;
    UnitBuild *build;
} World;

static World world_new(void)
{
    World world = {.arena = arena_new("test")};
    world.names = names_new(world.arena);
    return world;
}

/* A unit that uses every operation, flag and kind of row, and names that need quotes. */

static const Type int4 = {.kind = TYPE_INT, .is_signed = true, .size = 4};
static const Type pointer = {.kind = TYPE_POINTER, .size = 8};
static const Type odd_types[] = {
    {.kind = TYPE_VOID},
    {.kind = TYPE_INT, .size = 1},
    {.kind = TYPE_INT, .is_signed = true, .to_const = true},
    {.kind = TYPE_FLOAT, .size = 8},
    {.kind = TYPE_FLOAT, .is_signed = true, .size = 16},
    {.kind = TYPE_POINTER, .to_const = true, .size = 8},
    {.kind = TYPE_POINTER, .to_function = true, .size = 8},
    {.kind = TYPE_POINTER, .to_const = true, .to_function = true, .size = 4},
    {.kind = TYPE_AGGREGATE, .size = UINT32_MAX},
};
enum { ODD_TYPES = sizeof odd_types / sizeof *odd_types };

static void add_rows(World *world)
{
    build_file(world->build, "src/a.c");
    build_file(world->build, "src/with blank \"and\" \\ \n\t\x01\xc3\xa9.h");
    build_file(world->build, "");
    build_macro(world->build, "assert");
    build_macro(world->build, "odd macro");
    const char *names[] = {"next", "next", "", "", "a b", "next"};
    const char *records[] = {"node@src/a.h", "node@src/b.h",       "@src/a.c:3",
                             "@src/a.c:9",   "(unnamed struct)@x", "node"};
    Field *field = NULL;
    for (uint32_t i = 0; i < 6; i++) {
        build_field(world->build, &field);
        *field = (Field){name_of(world->names, records[i]),
                         name_of(world->names, names[i]),
                         i == 3 ? UINT64_MAX : i * 8u,
                         odd_types[i],
                         0,
                         0,
                         i == 2 ? name_of(world->names, "n_t *|struct n *") : NULL,
                         .is_nonnull = i & 1,
                         .is_nullable = i & 2};
    }
    build_field(world->build, &field);
    *field = (Field){name_of(world->names, "f@x"),
                     name_of(world->names, "b"),
                     4,
                     int4,
                     255,
                     7,
                     NULL,
                     true,
                     false};
    build_note(world->build, NOTE_MISSING, (Loc){1, 3, 10}, "no \"x.h\"\n");
    build_note(world->build, NOTE_ERROR, (Loc){0}, "");
    build_note(world->build, NOTE_ADAPTED, (Loc){0}, "without '-mx'");
    build_status(world->build, UNIT_PARTIAL);
    build_lines(world->build, 120);
}

static void add_fns(World *world)
{
    Fn *fn = NULL;
    build_fn(world->build, &fn);
    *fn = (Fn){.name = name_of(world->names, "f"),
               .link_name = name_of(world->names, "src/a.c:f"),
               .flags = FN_STATIC | FN_INLINE_IN_HEADER | FN_VARIADIC,
               .result = pointer,
               .nparam = 2,
               .params = ARENA_ARRAY(world->arena, Param, 2),
               .loc = {1, 100, 5}};
    fn->params[0] = (Param){.type = pointer,
                            .is_nonnull = true,
                            .type_name = name_of(world->names, "struct \"odd\" *"),
                            .access = ACCESS_WRITE,
                            .access_size = 2};
    fn->params[1] = (Param){.type = int4, .is_nullable = true};
    build_fn(world->build, &fn);
    *fn = (Fn){.name = name_of(world->names, "f"),
               .link_name = name_of(world->names, "odd link name"),
               .flags = 8191,
               .nparam = ODD_TYPES,
               .params = ARENA_ARRAY(world->arena, Param, ODD_TYPES),
               .loc = {2, 7, 0}};
    for (uint32_t i = 0; i < ODD_TYPES; i++)
        fn->params[i] = (Param){.type = odd_types[i],
                                .is_nonnull = i & 1,
                                .is_nullable = i & 2,
                                .is_size = i & 4,
                                .access = (Access)(i % ACCESS_COUNT),
                                .access_size = i % ACCESS_COUNT ? i % 3 : 0};
    build_fn(world->build, &fn);
    *fn = (Fn){.name = name_of(world->names, ""), .link_name = name_of(world->names, "")};
}

static void add_globals(World *world)
{
    const char *names[] = {"g", "g", "odd name"};
    for (uint32_t i = 0; i < 3; i++) {
        Global *global = NULL;
        build_global(world->build, &global);
        *global = (Global){.name = name_of(world->names, names[i]),
                           .link_name = name_of(world->names, i ? "x:g" : "g"),
                           .type = odd_types[8 - i],
                           .flags = i == 2 ? 255u : i,
                           .loc = {i, i * 7, i * 3}};
    }
    Global *table = build_global_at(world->build, 1);
    table->ninit = 7;
    table->inits = ARENA_ARRAY(world->arena, Init, 7);
    table->inits[0] = (Init){INIT_INT, 0, int4, 0, {.value = INT64_MIN}};
    table->inits[1] = (Init){INIT_INT, 4, int4, 7, {.value = INT64_MAX}};
    table->inits[2] = (Init){INIT_NULL, 8, pointer, 1, {0}};
    table->inits[3] = (Init){INIT_FN, 16, odd_types[6], 2, {.fn = 2}};
    table->inits[4] = (Init){INIT_GLOBAL, 24, pointer, 3, {.global = 3}};
    table->inits[5] = (Init){INIT_STRING, 32, pointer, 5, {0}};
    table->inits[6] = (Init){INIT_UNKNOWN, UINT64_MAX, odd_types[0], 0, {0}};
}

static Val *vals(World *world, Val a, Val b)
{
    Val *args = ARENA_ARRAY(world->arena, Val, 2);
    args[0] = a;
    args[1] = b;
    return args;
}

static Val add_values(World *world, BodyBuild *body)
{
    Loc loc = {1, 101, 9};
    build_ins(body, (Ins){.op = OP_CONST, .type = int4, .imm = INT64_MIN, .loc = loc});
    Val zero = build_ins(body, (Ins){.op = OP_CONST, .type = pointer, .loc = loc});
    build_ins(body, (Ins){.op = OP_STRING, .type = pointer, .loc = {1, 101, 20}});
    build_ins(body, (Ins){.op = OP_STRING,
                          .type = pointer,
                          .loc = {2, 1, 1},
                          .macro = 1,
                          .text = name_of(world->names, "a\"b\\c\nd\te\x7f")});
    build_ins(body,
              (Ins){.op = OP_ADDR, .type = pointer, .ref = REF_GLOBAL, .global = 3});
    build_ins(
        body,
        (Ins){.op = OP_ADDR, .type = pointer, .ref = REF_FN, .fn = 2, .loc = {1, 90, 3}});
    Val address = 0;
    for (LocalId i = 1; i <= 6; i++)
        address = build_ins(
            body, (Ins){.op = OP_ADDR, .type = pointer, .ref = REF_LOCAL, .local = i});
    for (FieldId i = 1; i <= 7; i++)
        build_ins(body, (Ins){.op = OP_FIELD,
                              .type = pointer,
                              .a = address,
                              .ref = REF_FIELD,
                              .field = i,
                              .flags = INS_ARROW,
                              .macro = 2,
                              .loc = {0, 5, 5}});
    build_ins(body, (Ins){.op = OP_INDEX,
                          .type = pointer,
                          .a = address,
                          .b = zero,
                          .imm = -8,
                          .loc = {3, UINT32_MAX, UINT32_MAX}});
    for (uint32_t i = 0; i < ODD_TYPES; i++)
        build_ins(body, (Ins){.op = OP_LOAD,
                              .type = odd_types[i],
                              .a = address,
                              .flags = (uint16_t)(1u << i)});
    for (uint32_t calc = 0; calc < CALC_COUNT; calc++)
        build_ins(body, (Ins){.op = OP_CALC,
                              .calc = (Calc)calc,
                              .type = int4,
                              .a = zero,
                              .b = calc < CALC_NEG ? address : 0});
    return address;
}

static void add_effects(World *world, BodyBuild *body, Val address)
{
    build_ins(body, (Ins){.op = OP_STORE,
                          .type = pointer,
                          .a = address,
                          .b = address,
                          .flags = 511,
                          .macro = 1,
                          .loc = {1, 100, 5}});
    build_ins(body, (Ins){.op = OP_COPY,
                          .a = address,
                          .b = address,
                          .imm = INT64_MAX,
                          .type = odd_types[8]});
    build_ins(body, (Ins){.op = OP_FILL, .a = address, .imm = 16});
    build_ins(body, (Ins){.op = OP_CALL,
                          .ref = REF_FN,
                          .fn = 1,
                          .narg = 2,
                          .args = vals(world, address, address)});
    build_ins(body, (Ins){.op = OP_CALL, .type = int4, .ref = REF_FN, .fn = 3});
    build_ins(body, (Ins){.op = OP_CALL,
                          .type = pointer,
                          .a = address,
                          .narg = 1,
                          .args = vals(world, address, 0)});
    build_ins(body, (Ins){.op = OP_ASSUME, .a = address});
    build_ins(body,
              (Ins){.op = OP_ASM, .narg = 2, .args = vals(world, address, address)});
    build_ins(body, (Ins){.op = OP_OPAQUE});
    build_ins(body, (Ins){.op = OP_OPAQUE,
                          .type = int4,
                          .narg = 1,
                          .args = vals(world, address, 0),
                          .text = name_of(world->names, "")});
    build_ins(body, (Ins){.op = OP_END, .ref = REF_LOCAL, .local = 4});
}

static void add_body(World *world)
{
    BodyBuild *body = build_body(world->build);
    build_local(body, "p", pointer, LOCAL_PARAM, (Loc){1, 100, 8});
    build_local(body, "n", int4, LOCAL_PARAM | LOCAL_ADDRESS_TAKEN, (Loc){1, 100, 11});
    build_local(body, "p", pointer, LOCAL_VOLATILE | LOCAL_STATIC_DATA, (Loc){0});
    build_local(body, "", int4, LOCAL_TEMPORARY, (Loc){2, 100, 11});
    build_local(body, "", int4, LOCAL_TEMPORARY, (Loc){2, 100, 11});
    build_local(body, "odd local", int4, 0, (Loc){1, 99, 12});
    Val address = add_values(world, body);
    uint32_t yes = build_block(body), no = build_block(body), end = build_block(body);
    build_branch(body, (Ins){.a = address, .flags = INS_LOOP_BRANCH}, yes, no);
    build_enter(body, yes);
    Val key = build_ins(body, (Ins){.op = OP_CONST, .type = int4, .imm = 3});
    add_effects(world, body, key);
    Case cases[] = {{INT64_MIN, -1}, {0, 0}, {5, INT64_MAX}};
    build_switch(body, (Ins){.a = key}, cases, (uint32_t[]){no, end, no}, 3, end);
    build_enter(body, no);
    build_ins(body, (Ins){.op = OP_OPAQUE});
    build_return(body, (Loc){1, 110, 3}, 0);
    build_enter(body, end);
    Val one = build_ins(body, (Ins){.op = OP_CONST, .type = int4, .imm = 1});
    uint32_t stop = build_block(body), jump = build_block(body), back = build_block(body);
    build_switch(body, (Ins){.a = one}, cases, (uint32_t[]){jump, back}, 2, stop);
    build_enter(body, stop);
    build_stop(body, (Loc){1, 111, 3});
    build_enter(body, jump);
    build_return(body, (Loc){1, 111, 3},
                 build_ins(body, (Ins){.op = OP_CONST, .type = int4}));
    build_enter(body, back);
    build_ins(body, (Ins){.op = OP_END, .ref = REF_LOCAL, .local = 6});
    build_jump(body, (Loc){1, 112, 3}, end);
    Fn *fn = build_fn_at(world->build, 1);
    fn->body = build_body_end(body, (Loc){1, 120, 1});
    fn->body->degraded = true;
}

static Unit *unit_of_everything(World *world)
{
    world->build = build_unit(world->arena, world->names, "src/a.c");
    add_rows(world);
    add_fns(world);
    add_globals(world);
    add_body(world);
    return build_unit_end(world->build);
}

/* Every field of ir.h; names by text, because each side has its own table of names. */

static void same_name(const Name *a, const Name *b)
{
    assert_int_equal(!a, !b);
    if (!a) return;
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->text, b->text, a->len);
}

static void same_type(Type a, Type b)
{
    assert_int_equal(a.kind, b.kind);
    assert_int_equal(a.is_signed, b.is_signed);
    assert_int_equal(a.to_const, b.to_const);
    assert_int_equal(a.to_function, b.to_function);
    assert_int_equal(a.size, b.size);
}

static void same_loc(Loc a, Loc b)
{
    assert_int_equal(a.file, b.file);
    assert_int_equal(a.line, b.line);
    assert_int_equal(a.column, b.column);
}

static void same_ins(const Ins *a, const Ins *b)
{
    assert_int_equal(a->op, b->op);
    assert_int_equal(a->calc, b->calc);
    assert_int_equal(a->flags, b->flags);
    assert_int_equal(a->narg, b->narg);
    same_type(a->type, b->type);
    same_loc(a->loc, b->loc);
    assert_int_equal(a->macro, b->macro);
    assert_int_equal(a->dst, b->dst);
    assert_int_equal(a->a, b->a);
    assert_int_equal(a->b, b->b);
    assert_int_equal(a->imm, b->imm);
    assert_int_equal(a->local, b->local);
    assert_int_equal(a->ref, b->ref);
    if (a->narg) assert_memory_equal(a->args, b->args, a->narg * sizeof(Val));
    same_name(a->text, b->text);
}

static void same_body(const Body *a, const Body *b)
{
    assert_int_equal(a->nlocal, b->nlocal);
    for (uint32_t i = 0; i < a->nlocal; i++) {
        same_name(a->locals[i].name, b->locals[i].name);
        same_type(a->locals[i].type, b->locals[i].type);
        assert_int_equal(a->locals[i].flags, b->locals[i].flags);
        same_loc(a->locals[i].loc, b->locals[i].loc);
    }
    assert_int_equal(a->nval, b->nval);
    assert_int_equal(a->degraded, b->degraded);
    same_loc(a->end, b->end);
    assert_int_equal(a->nblock, b->nblock);
    for (uint32_t i = 0; i < a->nblock; i++) {
        const Block *x = &a->blocks[i], *y = &b->blocks[i];
        assert_int_equal(x->nins, y->nins);
        for (uint32_t k = 0; k < x->nins; k++)
            same_ins(&x->ins[k], &y->ins[k]);
        assert_int_equal(x->nsucc, y->nsucc);
        if (x->nsucc) assert_memory_equal(x->succ, y->succ, x->nsucc * sizeof *x->succ);
        for (uint32_t k = 1; x->cases && k < x->nsucc; k++)
            assert_memory_equal(&x->cases[k - 1], &y->cases[k - 1], sizeof(Case));
    }
}

static void same_globals(const Unit *a, const Unit *b)
{
    assert_int_equal(a->nglobal, b->nglobal);
    for (uint32_t i = 1; i < a->nglobal; i++) {
        const Global *x = &a->globals[i], *y = &b->globals[i];
        same_name(x->name, y->name);
        same_name(x->link_name, y->link_name);
        same_type(x->type, y->type);
        assert_int_equal(x->flags, y->flags);
        same_loc(x->loc, y->loc);
        assert_int_equal(x->ninit, y->ninit);
        for (uint32_t k = 0; k < x->ninit; k++) {
            assert_int_equal(x->inits[k].kind, y->inits[k].kind);
            assert_true(x->inits[k].offset == y->inits[k].offset);
            same_type(x->inits[k].type, y->inits[k].type);
            assert_int_equal(x->inits[k].field, y->inits[k].field);
            assert_true(x->inits[k].value == y->inits[k].value);
        }
    }
}

static void same_fns(const Unit *a, const Unit *b)
{
    assert_int_equal(a->nfn, b->nfn);
    for (uint32_t i = 1; i < a->nfn; i++) {
        const Fn *x = &a->fns[i], *y = &b->fns[i];
        same_name(x->name, y->name);
        same_name(x->link_name, y->link_name);
        assert_int_equal(x->flags, y->flags);
        same_type(x->result, y->result);
        same_loc(x->loc, y->loc);
        assert_int_equal(x->nparam, y->nparam);
        for (uint32_t k = 0; k < x->nparam; k++) {
            same_type(x->params[k].type, y->params[k].type);
            assert_int_equal(x->params[k].is_nonnull, y->params[k].is_nonnull);
            assert_int_equal(x->params[k].is_nullable, y->params[k].is_nullable);
            assert_int_equal(x->params[k].is_size, y->params[k].is_size);
            assert_int_equal(x->params[k].access, y->params[k].access);
            assert_int_equal(x->params[k].access_size, y->params[k].access_size);
        }
        assert_int_equal(!x->body, !y->body);
        if (x->body) same_body(x->body, y->body);
    }
}

static void same_unit(const Unit *a, const Unit *b)
{
    same_name(a->path, b->path);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->nline, b->nline);
    assert_int_equal(a->nfile, b->nfile);
    for (uint32_t i = 1; i < a->nfile; i++)
        same_name(a->files[i], b->files[i]);
    assert_int_equal(a->nmacro, b->nmacro);
    for (uint32_t i = 1; i < a->nmacro; i++)
        same_name(a->macros[i], b->macros[i]);
    assert_int_equal(a->nfield, b->nfield);
    for (uint32_t i = 1; i < a->nfield; i++) {
        const Field *x = &a->fields[i], *y = &b->fields[i];
        same_name(x->record, y->record);
        same_name(x->name, y->name);
        assert_true(x->offset == y->offset);
        same_type(x->type, y->type);
        assert_int_equal(x->bit_offset, y->bit_offset);
        assert_int_equal(x->bit_width, y->bit_width);
        assert_int_equal(x->is_nonnull, y->is_nonnull);
        assert_int_equal(x->is_nullable, y->is_nullable);
    }
    same_globals(a, b);
    same_fns(a, b);
    assert_int_equal(a->nnote, b->nnote);
    for (uint32_t i = 0; i < a->nnote; i++) {
        assert_int_equal(a->notes[i].kind, b->notes[i].kind);
        same_loc(a->notes[i].loc, b->notes[i].loc);
        same_name(a->notes[i].text, b->notes[i].text);
    }
}

static Unit *read_text(World *world, const char *text, size_t len)
{
    Unit *unit = NULL;
    Err err = {0};
    if (!ir_read_unit(text, len, world->names, world->arena, &unit, &err))
        print_error("%s\n", err.text);
    assert_non_null(unit);
    return unit;
}

static Buf print_text(World *world, const Unit *unit)
{
    Buf text;
    buf_init(&text, world->arena);
    ir_print_unit(&text, unit);
    return text;
}

static void every_field_survives(void **state)
{
    (void)state;
    World world = world_new(), other = world_new();
    Unit *unit = unit_of_everything(&world);
    Err err = {0};
    if (!ir_verify_unit(unit, &err)) print_error("%s\n", err.text);
    assert_int_equal(err.kind, ERR_NONE);
    Buf text = print_text(&world, unit);
    Unit *again = read_text(&other, text.at, text.n);
    same_unit(unit, again);
    assert_string_equal(print_text(&other, again).at, text.at);
    arena_free(world.arena);
    arena_free(other.arena);
}

static const char *const fixtures[] = {
    "fixtures/flow/null_deref.ir",
    "fixtures/flow/null_checked.ir",
    "fixtures/flow/null_loop.ir",
};

/* What is printed is what was read, but for the comments. */
static void fixtures_are_canonical(void **state)
{
    (void)state;
    World world = world_new();
    for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
        FileText text;
        Err err = {0};
        assert_true(file_read(fixtures[i], 1 << 20, world.arena, &text, &err));
        Unit *unit = read_text(&world, text.at, text.len);
        assert_string_equal(print_text(&world, unit).at, strstr(text.at, "unit "));
    }
    arena_free(world.arena);
}

static void any_damage_is_survived(void **state)
{
    (void)state;
    World world = world_new();
    Buf text = print_text(&world, unit_of_everything(&world));
    Unit *unit = NULL;
    for (size_t n = 0; n < text.n; n++) {
        ArenaMark mark = arena_mark(world.arena);
        Names *names = names_new(world.arena);
        Err err = {0};
        if (ir_read_unit(text.at, n, names, world.arena, &unit, &err)) {
            assert_true(ir_verify_unit(unit, &err));
        } else {
            assert_int_equal(err.kind, ERR_CONFIG);
            assert_int_equal(strncmp(err.text, "line ", 5), 0);
        }
        char kept = text.at[n];
        for (const char *c = "\n\"~%0(b \x80"; *c; c++) {
            text.at[n] = *c;
            if (ir_read_unit(text.at, text.n, names, world.arena, &unit, &err))
                assert_true(ir_verify_unit(unit, &err));
        }
        text.at[n] = kept;
        arena_reset(world.arena, mark);
    }
    arena_free(world.arena);
}

static void complaint_is(const char *text, const char *complaint)
{
    World world = world_new();
    Unit *unit = NULL;
    Err err = {0};
    assert_false(ir_read_unit(text, strlen(text), world.names, world.arena, &unit, &err));
    assert_null(unit);
    assert_string_equal(err.text, complaint);
    arena_free(world.arena);
}

#define HEAD "unit a.c complete 9\nfile a.c\nfn f i4(p8) @(a.c)1:5\n"
#define BODY HEAD "body f @9:1\nlocal p p8 !param\nb0:\n"

static void errors_name_the_line(void **state)
{
    (void)state;
    complaint_is("", "line 1: there is no unit");
    complaint_is("file x\n", "line 1: the first line is: unit PATH STATUS LINES");
    complaint_is("; c\n\nunit a.c whole 3\n",
                 "line 3: the status is complete, partial or failed");
    complaint_is("unit a.c complete 9\nfn f v(p8<q)\n",
                 "line 2: an access is n, r, w or b");
    complaint_is(HEAD "what\n",
                 "line 4: a line starts with file, macro, field, global, fn, "
                 "note, data or body");
    complaint_is(HEAD "fn f i4()\n", "line 4: rows of one name are called name, name~2, "
                                     "name~3 in order: 'f~1' is not the next");
    complaint_is(HEAD "body g\n", "line 4: there is no function 'g' above");
    complaint_is(BODY " jump b7\n", "line 7: there is no block b7");
    complaint_is(BODY " %1 = lode p8 %2\n", "line 7: unknown operation 'lode p8 %2'");
    complaint_is(BODY " %1 = const i4 99999999999999999999\n",
                 "line 7: a number is too large");
    complaint_is(BODY " %1 = const i4 1 !odd\n", "line 7: unknown flag 'odd'");
    complaint_is(BODY " %1 = const i4 1 @-2:1\n", "line 7: a line is out of range");
    complaint_is(BODY " return\nb0:\n", "line 8: block b0 stands where b1 is due");
}

static void reading_verifies(void **state)
{
    (void)state;
    complaint_is(
        BODY " return %1\n",
        "line 7: function f, block 0, instruction 0: return uses a value that is "
        "not given before it in its block");
    complaint_is(
        BODY " %1 = const i4 1\n %1 = const i4 1\n return\n",
        "line 8: function f, block 0, instruction 1: const gives a value that was "
        "given before");
    complaint_is(
        BODY " %1 = const i4 1\n jump b1\nb1:\n return %1\n",
        "line 10: function f, block 1, instruction 0: return uses a value that is "
        "not given before it in its block");
    complaint_is(
        BODY " return\nb1:\n return\n",
        "line 9: function f, block 1, instruction 0: no earlier block leads here: "
        "blocks must be reachable and in reverse postorder");
    complaint_is(
        BODY " %1 = const i4 1\n",
        "line 7: function f, block 0, instruction 0: const does not end its block");
    complaint_is(
        BODY " %1 = add i4 %1 %1\n return\n",
        "line 7: function f, block 0, instruction 0: add uses a value that is not "
        "given before it in its block");
    complaint_is(HEAD "body f @9:1\nlocal p p8\nb0:\n return\n",
                 "line 4: function f: local 1 (p): the parameters "
                 "come first, and all of them, and nothing else is one");
    complaint_is(HEAD "body f values 99999999\nlocal p p8 !param\nb0:\n return\n",
                 "line 4: function f: 99999999 values are too many");
}

static Hash hash_of(World *world, const char *text, FnId id)
{
    Unit *unit = read_text(world, text, strlen(text));
    Hash *hashes = ARENA_ARRAY(world->arena, Hash, unit->nfn);
    Buf out;
    buf_init(&out, world->arena);
    ir_print_unit_hashed(&out, unit, hashes);
    return hashes[id];
}

/* A function's hash is of what it says, not of where it stands or what else there is. */
static void hashes_are_of_content(void **state)
{
    (void)state;
    World world = world_new();
    const char *one =
        "unit a.c complete 9\nfile a.c\nfield n@x k 8 p8\nfn f i4() @(a.c)1:5\n"
        "fn g p8(p8!)\nbody f @1:1\nlocal m p8\nb0:\n %1 = addr p8 m @1:9\n"
        " %2 = field p8 %1 n.k\n %3 = call p8 g(%2)\n return\n";
    const char *moved =
        "unit a.c complete 9\nfile z.h\nfile a.c\nfield o@x k 8 p8\nfield n@x k 8 p8\n"
        "fn other v()\nfn f i4() @(a.c)7:5\nfn g p8(p8!) @3:9\nbody f @1:1\nlocal m p8\n"
        "b0:\n %1 = addr p8 m @1:9\n %2 = field p8 %1 n.k\n %3 = call p8 g(%2)\n "
        "return\n";
    Hash hash = hash_of(&world, one, 1);
    assert_int_equal(hash_compare(hash, hash_of(&world, moved, 2)), 0);
    const char *changes[][2] = {
        {"k 8 p8", "k 9 p8"}, {"p8!)", "p8?)"}, {"m @1:9", "m @1:8"}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *text = arena_copy(world.arena, one, strlen(one));
        char *at = strstr(text, changes[i][0]);
        memcpy(at, changes[i][1], strlen(changes[i][1]));
        assert_int_not_equal(hash_compare(hash, hash_of(&world, text, 1)), 0);
    }
    arena_free(world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_survives),
        cmocka_unit_test(fixtures_are_canonical),
        cmocka_unit_test(any_damage_is_survived),
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(reading_verifies),
        cmocka_unit_test(hashes_are_of_content),
    };
    return cmocka_run_group_tests_name("ir text", tests, NULL, NULL);
}
