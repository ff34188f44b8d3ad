/* Flags that the compiler library refuses: what is tried instead, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/compdb.h"

static void the_nearest_is_taken(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"-march=x86-64-v9", "-march=x86-64-v4"},
        {"-mcpu=cortex-m99", "-mcpu=cortex-m85"},
        {"-march=rv64gc_zba_znew", "-march=rv64gc_zba"},
        {"-march=armv8-a+new", "-march=armv8-a"},
        {"-march=x86-64-v4", NULL}, /* refused itself: no way on */
        {"-mabi=strange", NULL}};
    Arena *arena = arena_new("test");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *to = flags_instead(pairs[i][0], arena);
        if (pairs[i][1])
            assert_string_equal(to, pairs[i][1]);
        else
            assert_null(to);
    }
    arena_free(arena);
}

static void targets_keep_their_widths(void **state)
{
    (void)state;
    Arena *arena = arena_new("test");
    Words more = {0};
    assert_string_equal(flags_target_instead("--target=xtensa-esp32-elf", arena, &more),
                        "--target=riscv32-esp32-elf");
    assert_string_equal(more.at[more.n - 1], "-D__XTENSA__=1"); /* its char is unsigned */
    assert_string_equal(flags_target_instead("--target=sh4-linux-gnu", arena, &more),
                        "--target=riscv32-linux-gnu");
    assert_string_equal(more.at[more.n - 1], "-fsigned-char");
    assert_string_equal(flags_target_instead("--target=alpha-linux-gnu", arena, &more),
                        "--target=riscv64-linux-gnu");
    assert_null(flags_target_instead("--target=unheard-of", arena, &more));
    arena_free(arena);
}

/* A TU under other flags: its status, the note on its command (or ""), the size of a long. */
typedef struct Sight {
    UnitStatus status;
    const char *note;
    uint32_t size;
} Sight;

static Sight look(Arena *arena, const char *folder, const char *compiler,
                  const char *flag)
{
    const char *args[] = {compiler, flag, "-c", "a.c"};
    CommandList list;
    Extracted extracted;
    Err err = {0};
    Frontend *frontend = frontend_new();
    assert_true(compdb_from_args(folder, args, 4, arena, &list, &err));
    assert_true(frontend_extract(frontend, &list.at[0], folder, names_new(arena), arena,
                                 &extracted, &err));
    frontend_free(frontend);
    const Unit *unit = extracted.unit;
    Sight sight = {unit->status, "", 0};
    if (unit->nnote) sight.note = unit->notes[0].text->text;
    if (unit->nnote && unit->status == UNIT_COMPLETE)
        assert_int_equal(unit->notes[0].kind, NOTE_ADAPTED);
    if (unit->nfn > 1) sight.size = unit->fns[1].result.size;
    return sight;
}

static void no_flag_costs_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *compiler, *flag, *note;
        uint32_t size;
    } cases[] = {
        {"aarch64-linux-gnu-gcc", "-mabi=lp64", "", 8}, /* what clang does anyway */
        {"x86_64-linux-gnu-gcc", "-march=x86-64-v9", "with '-march=x86-64-v4'", 8},
        {"arm-none-eabi-gcc", "-mfpu=strange", "'-mfpu=strange' (analysed without it)",
         4},
        {"mips-linux-gnu-gcc", "-mabi=eabi", "'-mabi=eabi' (analysed without it)", 4},
        {"xtensa-esp32-elf-gcc", "-mlongcalls", "'--target=xtensa-esp32-elf'", 4},
        {"nios2-elf-gcc", "-march=r2", "'-march=r2' (analysed without it)", 4},
        {"cc", "--target=unheard-of", "(analysed as for this machine)", sizeof(long)},
        {"cc", "-std=iso9899:2077", "", sizeof(long)}};
    Arena *arena = arena_new("test");
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/sluice-attempt-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    const char *path = path_join(arena, folder, "a.c");
    Err err = {0};
    static const char text[] = "long f(long *p) { return *p; }\n";
    assert_true(file_write(path, text, sizeof text - 1, &err));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Sight sight = look(arena, folder, cases[i].compiler, cases[i].flag);
        assert_int_equal(sight.status, UNIT_COMPLETE);
        assert_int_equal(sight.size, cases[i].size);
        if (!strstr(sight.note, cases[i].note) || !*cases[i].note != !*sight.note)
            fail_msg("%s %s: %s", cases[i].compiler, cases[i].flag, sight.note);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_is_taken),
        cmocka_unit_test(targets_keep_their_widths),
        cmocka_unit_test(no_flag_costs_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
