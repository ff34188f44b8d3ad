#!/usr/bin/env bash
# cli_same_bytes.sh SLUICE: the same input gives the same bytes: in another folder, with another
# number of workers, in another order, in one go or by extract + pack + link.
. "$(dirname "$0")/cli_common.sh"
one=$work/one/deep/down two=$work/two
make_project "$one"
make_project "$two"
for i in 1 2 3 4 5 6 7 8; do
    for folder in "$one" "$two"; do
        sed "s/use(/use$i(/; s/crash(/crash$i(/" "$folder/src/use.c" >"$folder/src/use$i.c"
        printf 'static int helper(int *p) { return *p; }\nint call%s(void) { return helper(0); }\n' \
            $i >>"$folder/src/use$i.c"
    done
done
database() { # database FOLDER ORDER: absolute paths, as CMake writes them
    local first=1
    printf '['
    ls "$1"/src/*.c | sort "$2" | while read -r file; do
        [ $first = 1 ] || printf ',\n'
        first=0
        printf '{"directory":"%s","file":"%s","command":"cc -I%s/inc -DHERE=__FILE__ -c %s"}' \
            "$1/src" "$file" "$1" "$file"
    done
    printf ']\n'
}
database "$one" -u >"$one/compile_commands.json"
database "$two" -ru >"$two/compile_commands.json"
(cd "$one" && "$sluice" check --no-cache -j1 --format sarif -o "$work/one.sarif" 2>/dev/null)
"$sluice" check --no-cache -j2 -p "$two" --format sarif -o "$work/two.sarif" 2>/dev/null
"$sluice" check --no-cache -j7 -p "$two" --root "$two" --format sarif -o "$work/seven.sarif" 2>/dev/null
grep -q null-deref "$work/one.sarif" || complain "nothing was found"
same "$work/one.sarif" "$work/two.sarif"
same "$work/one.sarif" "$work/seven.sarif"

extract() { # extract FOLDER OUT
    mkdir -p "$2"
    for file in "$1"/src/*.c; do
        (cd "$1/src" && "$sluice" extract -o "$2/$(basename "$file" .c).fact" --deps "$2/d" --root "$1" \
            -- gcc-12 -I"$1/inc" -DHERE=__FILE__ -MD -c "$file") || complain "extract $file"
    done
}
extract "$one" "$work/facts1"
extract "$two" "$work/facts2"
for fact in "$work"/facts1/*.fact; do
    same "$fact" "$work/facts2/$(basename "$fact")"
done
[ ! -e "$one/src/use.d" ] || complain "the build's own files were written"
cd "$one" || exit 2
"$sluice" link --format sarif -o "$work/link1.sarif" "$work"/facts1/*.fact 2>/dev/null
cd "$two" || exit 2
ls -r "$work"/facts2/*.fact >"$work/list"
"$sluice" link --format sarif -o "$work/link2.sarif" @"$work/list" 2>/dev/null
same "$work/one.sarif" "$work/link1.sarif"
same "$work/one.sarif" "$work/link2.sarif"

# In every format, with and without fixes; and findings have some.
formats="text html markdown github sarif gitlab sonar rdjsonl checkstyle junit json prometheus"
three=$work/three
mkdir -p "$three/facts" "$three/check" "$three/link"
cd "$three" || exit 2
cat >early.c <<'EOF'
#include <stdlib.h>
int early_return(const char *name, int *out)
{
    if (out == NULL) return -22;
    const char *home = getenv(name);
    *out = home[0];
    return 0;
}
EOF
cat >late.c <<'EOF'
#include <string.h>
int early_return(const char *name, int *out);
void late(char *text)
{
    int n;
    if (early_return(text, &n)) return;
    char *colon = strchr(text, ':');
    *colon = (char)n;
}
EOF
cat >compile_commands.json <<'EOF'
[{"directory": ".", "file": "late.c", "command": "cc -c late.c"},
 {"directory": ".", "file": "half.c", "command": "cc -mx -fno-such -c half.c"},
 {"directory": ".", "file": "late.S", "command": "cc -c late.S"},
 {"directory": ".", "file": "lost.c", "command": "cc -c lost.c"},
 {"directory": ".", "file": "early.c", "command": "cc -c early.c"}]
EOF
cat >half.c <<'EOF'
#include "lost.h"
static int first(const int *p) { return *p; } // sluice:allow null-deref of no use
int half(int n) { return n > 7 ? first(0) : 0; }
EOF
"$sluice" extract -o facts/half.fact -- cc -mx -fno-such -c half.c || complain "extract half"
"$sluice" extract -o facts/lost.fact -- cc -c lost.c || complain "extract lost"
for name in early late; do "$sluice" extract -o facts/$name.fact -- cc -c $name.c || complain "extract $name"; done
for kind in plain fixes; do
    words='' fixes=''
    [ $kind = plain ] || { fixes=--fixes words='-p .'; }
    for format in $formats; do
        # shellcheck disable=SC2086 # lists of words
        "$sluice" check --no-cache --tier C --show-suppressed --root . $fixes --format "$format" -o "check/$kind.$format" 2>/dev/null
        # shellcheck disable=SC2086
        "$sluice" link --tier C --show-suppressed --root . $fixes $words --format "$format" -o "link/$kind.$format" \
            facts/late.fact facts/half.fact facts/lost.fact facts/early.fact 2>/dev/null
        same "check/$kind.$format" "link/$kind.$format"
    done
done
for format in sarif rdjsonl html; do
    ! cmp -s "link/plain.$format" "link/fixes.$format" || complain "$format: no fix with --fixes"
done
grep -q '"fixes"' link/fixes.sarif || complain "link: SARIF has no fixes"
! grep -q '"fixes"' check/plain.sarif || complain "check: fixes that nobody asked for"
expect 2 "with -p" "$sluice" link --fixes facts/early.fact facts/late.fact
# Of a text that is not what was linked nothing is proposed.
sed -i 's/-22/-23/' early.c
"$sluice" link --root . --fixes -p . --format sarif -o changed.sarif facts/*.fact 2>"$work/said"
grep -qF "no fix is looked for in early.c" "$work/said" || complain "a changed file: no warning"
[ "$(grep -o '"fixes"' changed.sarif | wc -l)" = 1 ] || complain "a fix of another text"
cd "$two" || exit 2

# Packs of any shape; facts that come twice.
"$sluice" pack -o "$work/a.pack" "$work"/facts1/use[1-4].fact "$work"/facts1/find.fact
"$sluice" pack -o "$work/b.pack" "$work"/facts2/use[4-8].fact "$work"/facts2/use.fact
"$sluice" pack -o "$work/ab.pack" "$work/b.pack" "$work/a.pack"
"$sluice" pack -o "$work/all.pack" @"$work/list"
same "$work/ab.pack" "$work/all.pack"
"$sluice" link --format sarif -o "$work/link3.sarif" "$work/b.pack" "$work/a.pack" 2>/dev/null
"$sluice" link --format sarif -o "$work/link4.sarif" "$work/all.pack" "$work"/facts1/use.fact 2>/dev/null
same "$work/one.sarif" "$work/link3.sarif"
same "$work/one.sarif" "$work/link4.sarif"

# An output that does not change is not touched: build systems stop there.
touch -d 2001-01-01 "$work/all.pack" "$work/facts2/use.fact"
"$sluice" pack -o "$work/all.pack" @"$work/list"
(cd "$two/src" && "$sluice" extract -o "$work/facts2/use.fact" --root "$two" -- cc -I"$two/inc" -DHERE=__FILE__ -c use.c)
for file in "$work/all.pack" "$work/facts2/use.fact"; do
    [ "$(date -r "$file" +%Y)" = 2001 ] || complain "$file was written although nothing changed"
done

# The Makefile names every file that was read, project files without the folder's name.
cd "$two" || exit 2
"$sluice" extract -o use.fact --deps "$work/d" -- cc -Iinc -c src/use.c
grep -q '^use.fact: ' "$work/d" || complain "deps: no target"
grep -qE '^ ?src/use.c| src/use.c' "$work/d" || complain "deps: no source"
grep -qE '^ *inc/find.h' "$work/d" || complain "deps: no header"
end
