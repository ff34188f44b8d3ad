#!/usr/bin/env bash
# cli_shared_headers.sh SLUICE: headers that many units include first are parsed once for all of them,
# and nothing but the time tells: the same IR and findings, and no file left behind.
. "$(dirname "$0")/cli_common.sh"
export TMPDIR=$work/tmp
mkdir -p "$TMPDIR" inc src
{
    printf '#ifndef BIG_H\n#define BIG_H\n#include <stddef.h>\n#define GET(p) ((p)->value)\n'
    printf 'struct item { int value; struct item *next; };\nvoid stop(void) __attribute__((noreturn));\n'
    printf 'static inline int first(struct item *p) { return GET(p); }\n'
    seq -f 'extern struct item *function_with_a_long_name_%.0f(struct item *one, struct item *other);' 5000
    printf '#endif\n'
} >inc/big.h
printf 'int again(void);\n' >inc/bare.h
separator='['
for i in $(seq 20); do
    flag=-DSAME
    [ $((i % 9)) != 0 ] || flag=-DOTHER$i
    {
        printf '// %s\n#include "big.h"\n#include "bare.h"\n' "$i"
        printf 'int use%s(int kind)\n{\n    struct item *p = NULL;\n' "$i"
        printf '    if (kind > 3) return GET(p) + first(p);\n    if (kind) stop();\n    return again();\n}\n'
    } >"src/m$i.c"
    [ "$i" != 7 ] || sed -i '1i #define BIG_H\nstruct item { int value, more; };\nvoid stop(void);' "src/m$i.c"
    printf '%s{"directory":"src","file":"m%s.c","command":"cc %s -I../inc -c m%s.c"}' \
        "$separator" "$i" "$flag" "$i"
    separator=,
done >compile_commands.json
printf ']\n' >>compile_commands.json

for jobs in 1 2 5; do
    "$sluice" check --no-cache --allow-partial -j$jobs --dump ir -o "$work/ir$jobs" 2>/dev/null
    "$sluice" check --no-cache --allow-partial -j$jobs --format sarif -o "$work/sarif$jobs" 2>/dev/null
    [ -z "$(ls -A "$TMPDIR")" ] || complain "files were left in the temporary folder"
done
"$sluice" check --no-cache --allow-partial --no-pch --dump ir -o "$work/ir" 2>/dev/null
"$sluice" check --no-cache --allow-partial --no-pch --format sarif -o "$work/sarif" 2>/dev/null
[ -s "$work/ir" ] || complain "there is no IR"
grep -q null-deref "$work/sarif" || complain "nothing was found"
for jobs in 1 2 5; do
    same "$work/ir" "$work/ir$jobs"
    same "$work/sarif" "$work/sarif$jobs"
done

# Where nothing can be written, every unit is parsed on its own.
TMPDIR=$work/none "$sluice" check --no-cache --allow-partial --dump ir -o "$work/ir0" 2>/dev/null
same "$work/ir" "$work/ir0"

# A crash where a PCH was used costs what it costs without one.
{ cat src/m1.c; printf '#pragma clang __debug crash\n'; } >src/m2.c
for option in --no-pch -j2; do
    LIBCLANG_DISABLE_CRASH_RECOVERY=1 "$sluice" check --no-cache $option --format sarif \
        -o "$work/crash$option" >/dev/null 2>&1
    LIBCLANG_DISABLE_CRASH_RECOVERY=1 "$sluice" check --no-cache $option --dump ir \
        -o "$work/ir$option" >/dev/null 2>&1
done
same "$work/crash--no-pch" "$work/crash-j2"
same "$work/ir--no-pch" "$work/ir-j2"

# What the headers are is part of what the cache believes.
export XDG_CACHE_HOME=$work/cache
"$sluice" check --allow-partial --format sarif -o "$work/before" 2>/dev/null
sed -i 's/return GET(p); }/return p ? GET(p) : 0; }/' inc/big.h
"$sluice" check --allow-partial --dump ir -o "$work/after" 2>/dev/null
"$sluice" check --no-cache --no-pch --allow-partial --dump ir -o "$work/anew" 2>/dev/null
same "$work/after" "$work/anew"
! cmp -s "$work/after" "$work/ir--no-pch" || complain "a changed header was overlooked"
[ -z "$(ls -A "$TMPDIR")" ] || complain "files were left in the temporary folder"
end
