/* What a unit says beside its bodies: notes, status, identity, reach, locations, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "frontend/frontend.h"
#include "ir/print.h"
#include "ir/verify.h"

typedef struct Place {
    Arena *arena;
    Names *names;
    const char *folder;
    Frontend *frontend;
} Place;

static int set_up(void **state)
{
    Arena *arena = arena_new("test");
    Place *place = ARENA_NEW(arena, Place);
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/sluice-lower-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    *place = (Place){arena, names_new(arena), path_real(arena, folder), frontend_new()};
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;
    frontend_free(place->frontend);
    int status = system(arena_printf(place->arena, "rm -rf '%s'", place->folder));
    arena_free(place->arena);
    return status;
}

static void put(const Place *place, const char *name, const char *text)
{
    const char *path = path_join(place->arena, place->folder, name);
    Err err = {0};
    assert_true(file_write(path, text, strlen(text), &err));
}

static Extracted extract(const Place *place, const char *name)
{
    const char *args[] = {"cc", "-std=gnu17", "-c", name};
    CommandList list = {0};
    Err err = {0};
    Extracted extracted;
    assert_true(compdb_from_args(place->folder, args, 4, place->arena, &list, &err));
    assert_true(frontend_extract(place->frontend, &list.at[0], place->folder,
                                 place->names, place->arena, &extracted, &err));
    if (!ir_verify_unit(extracted.unit, &err)) fail_msg("%s", err.text);
    return extracted;
}

static const Fn *fn_named(const Unit *unit, const char *name)
{
    for (uint32_t i = 1; i < unit->nfn; i++)
        if (!strcmp(unit->fns[i].name->text, name)) return &unit->fns[i];
    return NULL;
}

static uint32_t count_ops(const Fn *fn, Op op)
{
    uint32_t n = 0;
    for (uint32_t b = 0; b < fn->body->nblock; b++)
        for (uint32_t i = 0; i < fn->body->blocks[b].nins; i++)
            n += fn->body->blocks[b].ins[i].op == op;
    return n;
}

static void errors_are_notes(void **state)
{
    const Place *place = *state;
    put(place, "bad.c",
        "#include \"gone.h\"\nint f(int *p) { return *p; }\nint g(void) { return nope; "
        "}\n");
    Extracted extracted = extract(place, "bad.c");
    const Unit *unit = extracted.unit;
    assert_int_equal(unit->status, UNIT_PARTIAL);
    assert_int_equal(unit->nnote, 2);
    assert_int_equal(unit->notes[0].kind, NOTE_MISSING);
    assert_int_equal(unit->notes[1].loc.line, 3);
    assert_false(fn_named(unit, "f")->body->degraded);
    assert_true(fn_named(unit, "g")->body->degraded);
    assert_int_equal(unit->nline, 3);
}

static void a_missing_file_fails(void **state)
{
    const Place *place = *state;
    Extracted extracted = extract(place, "nowhere.c");
    assert_int_equal(extracted.unit->status, UNIT_FAILED);
    assert_int_equal(extracted.unit->nfn, 1);
    assert_int_equal(extracted.unit->nnote, 1);
}

static void only_reached_inlines(void **state)
{
    const Place *place = *state;
    put(place, "x.h",
        "static inline int deep(int *p) { return *p; }\n"
        "static inline int used(int *p) { return deep(p); }\n"
        "static inline int idle(int *p) { return *p; }\n");
    put(place, "x.c", "#include \"x.h\"\nint f(int *p) { return used(p); }\n");
    Extracted extracted = extract(place, "x.c");
    const Fn *deep = fn_named(extracted.unit, "deep");
    assert_non_null(deep->body);
    assert_string_equal(deep->link_name->text, "x.h:deep");
    assert_true(deep->flags & FN_INLINE_IN_HEADER);
    assert_null(fn_named(extracted.unit, "idle"));
    assert_int_equal(extracted.ndep, 2);
    assert_string_equal(extracted.deps[0].path,
                        path_join(place->arena, place->folder, "x.c"));
}

static void statics_keep_their_file(void **state)
{
    const Place *place = *state;
    put(place, "s.c",
        "static int count;\nstatic int f(void) { static int n; return n++ + count; }\n"
        "int g(void) { return f(); }\n");
    const Unit *unit = extract(place, "s.c").unit;
    assert_string_equal(fn_named(unit, "f")->link_name->text, "s.c:f");
    assert_string_equal(fn_named(unit, "g")->link_name->text, "g");
    bool is_found = false;
    for (uint32_t i = 1; i < unit->nglobal; i++)
        is_found |= !strcmp(unit->globals[i].link_name->text, "s.c:f.n");
    assert_true(is_found);
}

static void records_have_names(void **state)
{
    const Place *place = *state;
    put(place, "r.c",
        "typedef struct { struct { int a; } in; union { int u; long w; }; int b : 3; } "
        "owner;\n"
        "int f(owner *o) { return o->in.a + (int)o->w + o->b; }\n");
    const Unit *unit = extract(place, "r.c").unit;
    const char *texts = "";
    for (uint32_t i = 1; i < unit->nfield; i++)
        texts =
            arena_printf(place->arena, "%s %s.%s+%d", texts, unit->fields[i].record->text,
                         unit->fields[i].name->text, (int)unit->fields[i].offset);
    assert_string_equal(texts,
                        " owner.{a}@r.c.a+0 owner@r.c.in+0 owner@r.c.w+8 owner@r.c.b+16");
}

static void columns_are_bytes(void **state)
{
    const Place *place = *state;
    put(place, "u.c", "int f(int *p) { /* \xc3\xa9\xc3\xa9 */ return *p; }\n");
    const Body *body = fn_named(extract(place, "u.c").unit, "f")->body;
    const Block *block = &body->blocks[0];
    assert_int_equal(block->ins[2].op, OP_LOAD);
    assert_int_equal(block->ins[2].loc.column, 35);
    assert_int_equal(body->end.line, 1);
}

static void deep_nesting_is_survived(void **state)
{
    const Place *place = *state;
    Buf text;
    buf_init(&text, place->arena);
    buf_text(&text, "int f(int x)\n{\n    return x");
    for (int i = 0; i < 9000; i++)
        buf_text(&text, " + x");
    buf_text(&text, ";\n}\nint g(int x)\n{\n    if (x) return 1;\n");
    for (int i = 0; i < 1500; i++)
        buf_printf(&text, "    else if (x > %d) return 2;\n", i);
    buf_text(&text, "    return 3;\n}\n");
    put(place, "d.c", text.at);
    const Unit *unit = extract(place, "d.c").unit;
    assert_int_equal(unit->status, UNIT_COMPLETE);
    assert_in_range(count_ops(fn_named(unit, "f"), OP_OPAQUE), 1, 4);
    assert_int_equal(count_ops(fn_named(unit, "g"), OP_OPAQUE), 0);
}

static void the_same_twice(void **state)
{
    const Place *place = *state;
    put(place, "t.c",
        "struct s { struct s *n; int k; };\nint f(struct s *a, struct s *b)\n"
        "{\n    return a && b->n ? a->k : f(b, a->n);\n}\n");
    Buf first, second;
    buf_init(&first, place->arena);
    buf_init(&second, place->arena);
    ir_print_unit(&first, extract(place, "t.c").unit);
    ir_print_unit(&second, extract(place, "t.c").unit);
    assert_string_equal(first.at, second.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(errors_are_notes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_missing_file_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_reached_inlines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(statics_keep_their_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_have_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_are_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deep_nesting_is_survived, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_twice, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
