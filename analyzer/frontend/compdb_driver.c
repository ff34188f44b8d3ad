/*
 * Who compiles: the compiler in a command line, behind what launches it, and the machine that
 * its name speaks of. Told by names alone: nothing is run, and it need not be installed.
 */
#include <string.h>

#include "frontend/compdb.h"

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The base name's length without ".exe" and without a version: "-12", "-4.9". */
static size_t bare_length(const char *base)
{
    size_t len = strlen(base);
    if (len > 4 && !strcmp(base + len - 4, ".exe")) len -= 4;
    size_t bare = len;
    while (bare && strchr("0123456789.", base[bare - 1]))
        bare--;
    return bare && bare < len && base[bare - 1] == '-' ? bare - 1 : len;
}

static bool is_one_of(const char *word, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(base_of(word), names[i])) return true;
    return false;
}
#define IS_ONE_OF(word, names) is_one_of(word, names, sizeof(names) / sizeof *(names))

static bool is_launcher(const char *word)
{
    static const char *const launchers[] = {
        "buildcache", "ccache",  "chrt",   "cmake",   "distcc",  "env",
        "fastcache",  "gomacc",  "icecc",  "ionice",  "libtool", "nice",
        "rewrapper",  "sccache", "strace", "taskset", "time",    "timeout"};
    return IS_ONE_OF(word, launchers);
}

/* "gcc", "/opt/x/bin/arm-none-eabi-gcc-12", "icc", "g++": what names itself a compiler. A file
 * x.cc does not. */
static bool is_driver(const char *word)
{
    static const char *const drivers[] = {"cc", "clang", "icx", "++", "c89", "c99"};
    const char *base = base_of(word);
    size_t len = bare_length(base);
    if (is_launcher(word) || base[0] == '-' || base[0] == '@') return false;
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        size_t n = strlen(drivers[i]);
        if (len < n || strncmp(base + len - n, drivers[i], n) != 0) continue;
        if (len == n || base[len - n - 1] != '.') return true;
    }
    return false;
}

static bool is_assignment(const char *word)
{
    return word[0] != '-' && strchr(word, '=');
}

static bool is_source(const char *word)
{
    size_t len = strlen(word);
    return len > 2 && !strcmp(word + len - 2, ".c");
}

/* A launcher that stands alone ("distcc -c x.c") is the compiler's stand-in. */
void driver_uncover(Words *words)
{
    uint32_t first = 0;
    while (first + 1 < words->n && is_assignment(words->at[first]))
        first++;
    bool is_known = first || is_launcher(words->at[first]);
    uint32_t at = first;
    while (at < words->n && !is_driver(words->at[at])) {
        bool ends = is_source(words->at[at]) || !strcmp(words->at[at], "-o") ||
                    (!is_known && at > first);
        at = ends ? words->n : at + 1;
    }
    if (at >= words->n && is_launcher(words->at[first])) {
        /* "sccache key=1 armcl": a compiler of no known name. */
        at = first + 1;
        while (at < words->n && is_assignment(words->at[at]))
            at++;
        if (at < words->n && strchr("-@", words->at[at][0])) at = first;
        if (at < words->n && strchr(words->at[at], '.')) at = first;
    }
    if (at >= words->n) at = first;
    words->at += at;
    words->n -= at;
}

bool driver_is_build_tool(const char *word)
{
    static const char *const tools[] = {"bazel", "bmake", "gmake", "make",
                                        "meson", "ninja", "samu",  "scons"};
    return IS_ONE_OF(word, tools);
}

static bool is_arch(const char *word, size_t len)
{
    static const char *const archs[] = {
        "aarch64",   "alpha", "amd64",      "arc",    "arm",    "avr",   "bpf",   "csky",
        "hexagon",   "hppa",  "i386",       "i486",   "i586",   "i686",  "ia64",  "lanai",
        "loongarch", "m68k",  "microblaze", "mips",   "msp430", "nds32", "nios2", "or1k",
        "powerpc",   "ppc",   "riscv",      "rx",     "s390",   "sh",    "sparc", "thumb",
        "tricore",   "v850",  "wasm",       "x86_64", "xtensa"};
    for (size_t i = 0; i < sizeof archs / sizeof *archs; i++) {
        size_t n = strlen(archs[i]);
        if (len >= n && !strncmp(word, archs[i], n)) return true;
    }
    return false;
}

const char *driver_target(const char *compiler, Arena *arena)
{
    const char *base = base_of(compiler);
    size_t len = bare_length(base);
    static const char *const drivers[] = {"-gcc", "-cc", "-clang"};
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        size_t n = strlen(drivers[i]);
        if (len <= n || strncmp(base + len - n, drivers[i], n) != 0) continue;
        size_t first = strcspn(base, "-");
        if (is_arch(base, first)) return arena_copy(arena, base, len - n);
    }
    return NULL;
}
