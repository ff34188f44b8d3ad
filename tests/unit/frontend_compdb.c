/* The compile database: entries, words, response files, flags, targets, and bad input. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "frontend/compdb.h"

/* A folder of its own for every test. */
typedef struct Place {
    Arena *arena;
    const char *folder;
} Place;

static int set_up(void **state)
{
    Arena *arena = arena_new("test");
    Place *place = ARENA_NEW(arena, Place);
    const char *tmp = getenv("TMPDIR");
    char *folder = arena_printf(arena, "%s/sluice-compdb-XXXXXX", tmp ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    *place = (Place){arena, path_real(arena, folder)};
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    Place *place = *state;
    const char *command = arena_printf(place->arena, "rm -rf '%s'", place->folder);
    int status = system(command);
    arena_free(place->arena);
    return status;
}

static const char *put(const Place *place, const char *name, const char *text)
{
    const char *path = path_join(place->arena, place->folder, name);
    Err err = {0};
    const char *slash = strrchr(path, '/');
    assert_true(
        file_make_folders(arena_copy(place->arena, path, (size_t)(slash - path)), &err));
    assert_true(file_write(path, text, strlen(text), &err));
    return path;
}

static CommandList read_good(const Place *place, const char *text)
{
    CommandList list;
    Err err = {0};
    const char *path = put(place, "compile_commands.json", text);
    if (!compdb_read(path, place->arena, &list, &err)) fail_msg("%s", err.text);
    return list;
}

static const char *joined(const Place *place, const Command *command)
{
    uint32_t n;
    const char **args = compdb_clang_args(command, place->arena, &n);
    const char *all = "";
    for (uint32_t i = 0; i < n && strcmp(args[i], "-w") != 0; i++)
        all = arena_printf(place->arena, "%s%s%s", all, i ? " " : "", args[i]);
    return all;
}

static const char *flags_of(const Place *place, const char *command)
{
    Words words = {0};
    assert_true(words_of_shell(command, place->arena, &words));
    Command one = {.directory = place->folder, .args = words.at, .narg = words.n};
    return joined(place, &one);
}

static void entries_are_read(void **state)
{
    const Place *place = *state;
    CommandList list = read_good(
        place,
        "\xef\xbb\xbf[{\"directory\":\".\",\"file\":\"b.c\",\"command\":\"cc -DX='a b' "
        "-c b.c\"},\n {\"directory\":\"sub/..\",\"file\":\"a.c\",\n"
        "  \"arguments\":[\"gcc\",\"-DY=\\\"q\\\"\",\"-o\",\"a.o\",\"a.c\"]}]\n");
    assert_int_equal(list.n, 2);
    assert_int_equal(list.nskipped, 0);
    assert_string_equal(list.at[0].file, path_join(place->arena, place->folder, "a.c"));
    assert_string_equal(list.at[0].directory, place->folder);
    assert_string_equal(joined(place, &list.at[0]), "-DY=\"q\"");
    assert_string_equal(joined(place, &list.at[1]), "-DX=a b");
}

static void one_compilation_is_one_command(void **state)
{
    const Place *place = *state;
    CommandList list = read_good(
        place,
        "[{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"cc -O2 -c -o 1.o a.c\"},"
        "{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"cc -fPIC -c -o 2.o a.c\"},"
        "{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"cc -DZ -c a.c\"}]");
    assert_int_equal(list.n, 2);
    assert_int_equal(list.nskipped, 1);
}

static void other_work_is_skipped(void **state)
{
    const Place *place = *state;
    static const char *const commands[] = {"cc -E a.c",
                                           "cc -S a.c",
                                           "cc -M a.c",
                                           "cc -MM a.c",
                                           "g++ -c a.c",
                                           "clang++-19 -c a.c",
                                           "cc -x c++ -c a.c",
                                           "cc -c a.S",
                                           "cc -c a.cpp",
                                           "nasm a.asm",
                                           "cc -xc++ -c a.c",
                                           "cc -x c-header a.h",
                                           "nice -n 5 g++ -c a.c",
                                           "cc --language=c++ -c a.c",
                                           "cc -Xclang -emit-pch a.c"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *file = strrchr(commands[i], ' ') + 1;
        CommandList list = read_good(
            place,
            arena_printf(place->arena,
                         "[{\"directory\":\".\",\"file\":\"%s\",\"command\":\"%s\"}]",
                         file, commands[i]));
        if (list.n) fail_msg("not skipped: %s", commands[i]);
        assert_int_equal(list.nskipped, 1);
    }
}

static void launchers_are_not_compilers(void **state)
{
    const Place *place = *state;
    static const char *const commands[] = {
        "ccache arm-linux-gnueabihf-gcc -c a.c",
        "/usr/bin/ccache /opt/x/bin/arm-linux-gnueabihf-gcc-12 -c a.c",
        "sccache key=1 distcc arm-linux-gnueabihf-gcc -c a.c",
        "icecc arm-linux-gnueabihf-gcc -c a.c",
        "env -u LANG A=b arm-linux-gnueabihf-gcc -c a.c",
        "A=b CCACHE_DIR=/x ccache arm-linux-gnueabihf-gcc -c a.c",
        "/usr/bin/cmake -E env A=b -- arm-linux-gnueabihf-gcc -c a.c",
        "cmake -E time ccache arm-linux-gnueabihf-gcc -c a.c",
        "nice -n 5 timeout -k 1 9 arm-linux-gnueabihf-gcc -c a.c",
        "libtool --mode=compile --tag=CC arm-linux-gnueabihf-gcc -c a.c",
        "any-wrapper arm-linux-gnueabihf-gcc -c a.c"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        CommandList list = read_good(
            place,
            arena_printf(place->arena,
                         "[{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"%s\"}]",
                         commands[i]));
        assert_int_equal(list.n, 1);
        assert_non_null(
            strstr(joined(place, &list.at[0]), "--target=arm-linux-gnueabihf"));
    }
    CommandList list = read_good(
        place, "[{\"directory\":\".\",\"file\":\"a.c\",\"command\":\"distcc -c a.c\"}]");
    assert_string_equal(list.at[0].args[0], "distcc");
    static const char *const same[] = {"distcc -c a.c -o foocc", "armcl -c a.c -o gcc",
                                       "env @x.rsp -c a.c"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        Words words = {0};
        assert_true(words_of_shell(same[i], place->arena, &words));
        uint32_t n = words.n;
        driver_uncover(&words);
        assert_int_equal(words.n, n);
    }
}

static void flags_are_chosen(void **state)
{
    const Place *place = *state;
    static const char *const pairs[][2] = {
        {"cc -I inc -Iother -D A -DB=1 -U C x.c", "-Iinc -Iother -DA -DB=1 -UC"},
        {"cc -MD -MF x.d -MT x.o -MMD -MP -Wp,-MD,y.d -c x.c -o x.o", ""},
        {"cc -O3 -g -ggdb3 -Wall -Werror -pedantic -pipe -flto x.c", ""},
        {"cc -save-temps -fprofile-use=p -fplugin=x.so -specs=s x.c", ""},
        {"cc -isystem /s -iquote q -idirafter /d -include a.h -imacros b.h x.c",
         "-isystem /s -iquote q -idirafter /d -include a.h -imacros b.h"},
        {"cc -includea.h -isystem/s x.c", "-include a.h -isystem /s"},
        {"cc --sysroot=/r -nostdinc -ansi -pthread x.c",
         "--sysroot=/r -nostdinc -ansi -pthread"},
        {"cc -std=gnu11 x.c", "-std=gnu11"},
        {"cc -std=gnu99x x.c", "-std=gnu2y"},
        {"cc -std=iso9899:1999 x.c", "-std=iso9899:1999"},
        {"cc -std=iso9899:2077 x.c", "-std=c2y"},
        {"cc -Wp,-include,a.h,-DA -Wp,-MMD,x.d -Wp,-D,B -Wp,-MF,x.d,-Iinc -c x.c",
         "-include a.h -DA -DB -Iinc"},
        {"cc -std=c++17 x.c", ""},
        {"cc -m32 -march=armv7-a -mindirect-branch=thunk -mtune=native x.c",
         "-m32 -march=armv7-a"},
        {"cc -funsigned-char -fshort-enums -fplan9-extensions -fno-builtin-memcpy "
         "-fconserve-stack -fanalyzer x.c",
         "-funsigned-char -fshort-enums -fms-extensions -fno-builtin-memcpy"},
        {"cc -D_FORTIFY_SOURCE=2 -U_FORTIFY_SOURCE -Wp,-D_FORTIFY_SOURCE=2 -Wp,-DQ x.c",
         "-DQ"},
        {"cc -Xclang -include-pch -Xclang p.pch -Xclang -include -Xclang p.h x.c",
         "-include p.h"},
        {"cc -Xlinker -Dno -Xassembler -Ino x.c", ""},
        {"cc -x c x.in", "-x c"},
        {"cc --language=c x.in", "-x c"},
        {"g++ -xc x.c", "-x c"},
        {"icc -xHost -xO3 x.c", ""},
        {"cc --include-directory i --include a.h --define-macro A --std c99 x.c",
         "--include-directory i --include a.h --define-macro A -std=c99"},
        {"cc --target=riscv64-linux-gnu x.c", "--target=riscv64-linux-gnu"},
        {"cc -target mips-linux-gnu x.c", "--target=mips-linux-gnu"},
        {"cc -- -Dx.c", ""},
        {"cc @lost x.c", "@lost"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(flags_of(place, pairs[i][0]), pairs[i][1]);
}

static void targets_come_from_names(void **state)
{
    const Place *place = *state;
    static const char *const pairs[][2] = {
        {"arm-none-eabi-gcc", "arm-none-eabi"},
        {"/opt/bin/aarch64-linux-gnu-gcc-12", "aarch64-linux-gnu"},
        {"x86_64-w64-mingw32-gcc.exe", "x86_64-w64-mingw32"},
        {"riscv64-unknown-elf-clang", "riscv64-unknown-elf"},
        {"powerpc64le-linux-gnu-cc", "powerpc64le-linux-gnu"},
        {"arm-linux-gnueabihf-gcc-4.9", "arm-linux-gnueabihf"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(driver_target(pairs[i][0], place->arena), pairs[i][1]);
    static const char *const hosts[] = {
        "gcc", "cc", "clang-19", "gcc-12", "musl-gcc", "afl-clang", "c99", "/usr/bin/cc"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_null(driver_target(hosts[i], place->arena));
}

static void response_files_are_expanded(void **state)
{
    const Place *place = *state;
    put(place, "d/one.rsp", "-DA\n'-DB=x y' @two.rsp\n");
    put(place, "d/two.rsp", "-DC=\\\"s\\\" @two.rsp"); /* a ring ends */
    CommandList list = read_good(
        place,
        "[{\"directory\":\"d\",\"file\":\"a.c\",\"command\":\"cc @one.rsp a.c\"}]");
    const char *flags = joined(place, &list.at[0]);
    assert_non_null(strstr(flags, "-DA -DB=x y -DC=\"s\""));
    assert_non_null(strstr(flags, "@two.rsp"));
    put(place, "open.rsp",
        "-DA '-DB=x y"); /* the file's end closes a quote, as for gcc */
    Words words = {0};
    assert_true(words_of_shell("cc @open.rsp", place->arena, &words));
    words = words_expand(place->folder, &words, place->arena);
    assert_int_equal(words.n, 3);
    assert_string_equal(words.at[2], "-DB=x y");
}

static void shell_quoting_is_posix(void **state)
{
    const Place *place = *state;
    Words words = {0};
    assert_true(
        words_of_shell("a 'b \\' \"c \\\" \\x $y\" d\\ e ''", place->arena, &words));
    assert_int_equal(words.n, 5);
    assert_string_equal(words.at[1], "b \\");
    assert_string_equal(words.at[2], "c \" \\x $y");
    assert_string_equal(words.at[3], "d e");
    assert_string_equal(words.at[4], "");
    assert_false(words_of_shell("a 'b", place->arena, &words));
}

static void bad_input_is_refused(void **state)
{
    const Place *place = *state;
    static const char *const pairs[][2] = {
        {"", ":1:1: not a compile database"},
        {"{}", ":1:1: not a compile database"},
        {"[", ":1:2: this is not JSON"},
        {"[{\"file\":\"a.c\"\n,}]", "this is not JSON"},
        {"[\n  1]", ":2:3: an entry must be an object"},
        {"[{}]", ":1:2: an entry needs a \"file\""},
        {"[{\"file\":\"a.c\"}]", "needs a \"directory\""},
        {"[{\"file\":\"a.c\",\"directory\":\".\"}]", "needs \"arguments\""},
        {"[{\"file\":\"a.c\",\"directory\":\".\",\"arguments\":[1]}]", "list of strings"},
        {"[{\"file\":\"a.c\",\"directory\":\".\",\"command\":\"\"}]",
         "without a compiler"},
        {"[{\"file\":\"a.c\",\"directory\":\".\",\"command\":\"cc 'a\"}]",
         "is not closed"},
        {"[{\"file\":\"a.c\",\"directory\":\".\",\"command\":\"cc a.c\"},]", "not JSON"},
        {"[] []", ":1:4: text after"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        CommandList list;
        Err err = {0};
        const char *path = put(place, "compile_commands.json", pairs[i][0]);
        assert_false(compdb_read(path, place->arena, &list, &err));
        assert_int_equal(err.kind, ERR_CONFIG);
        if (!strstr(err.text, pairs[i][1]))
            fail_msg("%s: '%s' not in '%s'", pairs[i][0], pairs[i][1], err.text);
    }
    CommandList list;
    Err err = {0};
    assert_false(compdb_read(path_join(place->arena, place->folder, "none.json"),
                             place->arena, &list, &err));
    assert_int_equal(err.kind, ERR_USAGE);
}

static void nesting_is_bounded(void **state)
{
    const Place *place = *state;
    Buf text;
    buf_init(&text, place->arena);
    buf_text(&text, "[");
    for (int i = 0; i < 100000; i++)
        buf_text(&text, "[");
    CommandList list;
    Err err = {0};
    const char *path = put(place, "compile_commands.json", text.at);
    assert_false(compdb_read(path, place->arena, &list, &err));
    assert_int_equal(err.kind, ERR_CONFIG);
}

static void folders_are_searched_in_order(void **state)
{
    const Place *place = *state;
    static const char *const places[] = {"compile_flags.txt",
                                         "build/dev/compile_commands.json",
                                         "out/compile_commands.json",
                                         "builddir/compile_commands.json",
                                         "build-b/compile_commands.json",
                                         "build-a/compile_commands.json",
                                         "build/compile_commands.json",
                                         "compile_commands.json"};
    assert_null(compdb_find(place->folder, place->arena));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = put(place, places[i], "[]");
        assert_string_equal(compdb_find(place->folder, place->arena), path);
    }
}

static void compile_flags_speak_for_a_tree(void **state)
{
    const Place *place = *state;
    put(place, "a.c", "");
    put(place, "sub/b.c", "");
    put(place, "sub/c.h", "");
    put(place, ".git/d.c", "");
    const char *path = put(place, "compile_flags.txt",
                           "\xef\xbb\xbf-Iinc  \r\n# no\n\n \t\n  -DA=b c\n");
    CommandList list;
    Err err = {0};
    assert_true(compdb_read(path, place->arena, &list, &err));
    assert_int_equal(list.n, 2);
    assert_string_equal(list.at[1].file,
                        path_join(place->arena, place->folder, "sub/b.c"));
    assert_string_equal(joined(place, &list.at[0]), "-Iinc -DA=b c");
}

static void commands_come_without_a_database(void **state)
{
    const Place *place = *state;
    static const char *const args[] = {"cc", "-DA", "x.c", "y.c", "z.o"};
    CommandList list;
    Err err = {0};
    assert_true(compdb_from_args(place->folder, args, 5, place->arena, &list, &err));
    assert_int_equal(list.n, 2);
    assert_int_equal(list.nskipped, 1);
    static const char *const bare[] = {"-DA", "x.c"};
    assert_true(compdb_from_args(place->folder, bare, 2, place->arena, &list, &err));
    assert_int_equal(list.n, 1);
    assert_string_equal(joined(place, &list.at[0]), "-DA");
    static const char *const none[] = {"cc", "-c"};
    assert_false(compdb_from_args(place->folder, none, 2, place->arena, &list, &err));
    assert_int_equal(err.kind, ERR_USAGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(entries_are_read),
        TEST(one_compilation_is_one_command),
        TEST(other_work_is_skipped),
        TEST(launchers_are_not_compilers),
        TEST(flags_are_chosen),
        TEST(targets_come_from_names),
        TEST(response_files_are_expanded),
        TEST(shell_quoting_is_posix),
        TEST(bad_input_is_refused),
        TEST(nesting_is_bounded),
        TEST(folders_are_searched_in_order),
        TEST(compile_flags_speak_for_a_tree),
        TEST(commands_come_without_a_database),
    };
    return cmocka_run_group_tests_name("compdb", tests, NULL, NULL);
}
