/*
 * What stands in for flags of a gcc that is newer than this clang, or for a machine that clang
 * does not know. Code that is compiled for the nearest kin has the same null pointers.
 */
#include <string.h>

#include "frontend/compdb.h"

static bool starts_with(const char *word, const char *start)
{
    return !strncmp(word, start, strlen(start));
}

const char *flags_instead(const char *word, Arena *arena)
{
    /* The newest that clang 19 has of a series. */
    static const char *const newest[][2] = {
        {"-march=x86-64-v", "-march=x86-64-v4"}, {"-march=znver", "-march=znver5"},
        {"-march=armv8.", "-march=armv8.9-a"},   {"-march=armv9", "-march=armv9.5-a"},
        {"-mcpu=cortex-m", "-mcpu=cortex-m85"},  {"-mcpu=cortex-a", "-mcpu=cortex-a78"},
        {"-mcpu=cortex-r", "-mcpu=cortex-r52"},  {"-mcpu=neoverse-", "-mcpu=neoverse-n1"},
        {"-mcpu=power", "-mcpu=pwr10"}};
    /* "rv64gc_zba_znew", "armv8-a+new": without the last of its extensions. */
    const char *extension = strrchr(word, '+');
    if (!extension && starts_with(word, "-march=rv")) extension = strrchr(word, '_');
    if (extension) return arena_copy(arena, word, (size_t)(extension - word));
    for (size_t i = 0; i < sizeof newest / sizeof *newest; i++)
        if (starts_with(word, newest[i][0]) && strcmp(word, newest[i][1]) != 0)
            return newest[i][1];
    return NULL;
}

/* A machine that the library does not know, and one that it does, with types as wide. */
typedef struct StandIn {
    const char *arch, *instead, *macro;
} StandIn;

static const StandIn stand_ins[] = {
    {"alpha", "riscv64", "__alpha__"}, {"hppa", "mips", "__hppa__"},
    {"ia64", "riscv64", "__ia64__"},   {"microblaze", "riscv32", "__microblaze__"},
    {"nds32", "riscv32", "__nds32__"}, {"nios2", "riscv32", "__nios2__"},
    {"or1k", "mips", "__or1k__"},      {"rx", "riscv32", "__RX__"},
    {"sh", "riscv32", "__sh__"},       {"tricore", "riscv32", "__TRICORE__"},
    {"v850", "riscv32", "__v850__"},   {"xtensa", "riscv32", "__XTENSA__"}};

const char *flags_target_instead(const char *word, Arena *arena, Words *more)
{
    const char *name = word + strlen("--target=");
    const StandIn *found = NULL;
    for (size_t i = 0; i < sizeof stand_ins / sizeof *stand_ins && !found; i++)
        if (starts_with(name, stand_ins[i].arch)) found = &stand_ins[i];
    if (!found) return NULL;
    static const char *const own[] = {"-U__riscv", "-U__mips", "-U__mips__", "-U_mips",
                                      "-Umips"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        vec_push(arena, more, own[i]);
    vec_push(arena, more, arena_printf(arena, "-D%s=1", found->macro));
    if (strcmp(found->arch, "xtensa") != 0) vec_push(arena, more, "-fsigned-char");
    return arena_printf(arena, "--target=%s%s", found->instead,
                        name + strcspn(name, "-"));
}
