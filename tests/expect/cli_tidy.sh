#!/usr/bin/env bash
# cli_tidy.sh SLUICE: one file while it is compiled, by CMake's hook for clang-tidy; and the target in Meson.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
root=$(realpath "$tests/../..")
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1
skip=
commit() { git add -A && git -c user.name=a -c user.email=a@b commit -qm "${1:-more}"; }

# As clang-tidy is called.
ln -s "$sluice" sluice-tidy
mkdir "src of it"
printf 'int good(void);\nint good(void) { return 0; }\n' >"src of it/good.c"
printf '#include "bad.h"\nint bad(void)\n{\n    int *p = 0;\n    return *p;\n}\n' >"src of it/bad.c"
echo 'int bad(void);' >"src of it/bad.h"
expect 0 "" ./sluice-tidy --extra-arg-before=--driver-mode=gcc "src of it/good.c" -- cc -c "src of it/good.c"
[ ! -s "$work/said" ] || complain "something is said of a file without findings: $(cat "$work/said")"
expect 1 "bad.c:5:12: error:" ./sluice-tidy --extra-arg-before=--driver-mode=gcc --export-fixes=x.yaml --quiet \
    "src of it/bad.c" -- cc -o bad.o -c "src of it/bad.c"
expect 1 "bad.c:5:12: error:" "$sluice" tidy "src of it/bad.c" -- cc -c "src of it/bad.c"
expect 0 "bad.c:5:12: error:" "$sluice" tidy --fail-on none "src of it/bad.c" -- cc -c "src of it/bad.c"
expect 2 "tidy takes a file" "$sluice" tidy -- cc -c "src of it/bad.c"
expect 2 "unknown option --extra-arg-beforehand: did you mean --extra-arg-before?" \
    "$sluice" tidy --extra-arg-beforehand=a x.c -- cc -c x.c
# A baseline for the whole program says nothing of one file.
git init -q -b main .
cat >compile_commands.json <<EOC
[{"directory": ".", "file": "src of it/good.c", "arguments": ["cc", "-c", "src of it/good.c"]},
 {"directory": ".", "file": "src of it/bad.c", "arguments": ["cc", "-c", "src of it/bad.c"]}]
EOC
echo 'version: 1' >.sluice.yaml
expect 0 "1 finding accepted" "$sluice" baseline update
expect 0 "" ./sluice-tidy "src of it/bad.c" -- cc -c "src of it/bad.c"
expect 0 "" ./sluice-tidy "src of it/good.c" -- cc -c "src of it/good.c"
[ ! -s "$work/said" ] || complain "it speaks of a baseline: $(cat "$work/said")"
# Without a command: as run-clang-tidy calls it.
rm .sluice-baseline.json
expect 1 "bad.c:5:12" ./sluice-tidy -p=. "src of it/bad.c"
expect 0 "" ./sluice-tidy -p=. "src of it/good.c"

# CMake's hook, with both kinds of generators.
cat >CMakeLists.txt <<EOC
cmake_minimum_required(VERSION 3.22)
project(p C)
configure_file(bad.h.in made.h)
add_library(good STATIC "src of it/good.c")
add_library(bad STATIC "src of it/bad.c")
target_include_directories(bad PRIVATE \${CMAKE_BINARY_DIR})
EOC
echo 'struct made { int n; };' >bad.h.in
echo '#include "made.h"' >>"src of it/bad.h"
for generator in "Unix Makefiles" Ninja; do
    rm -rf out
    cmake -S . -B out -G "$generator" "-DCMAKE_C_CLANG_TIDY=$sluice;tidy" >"$work/said" 2>&1 ||
        { complain "CMake"; cat "$work/said"; }
    expect 0 "" cmake --build out --target good
    refuse_text "translation unit"
    got=0
    cmake --build out --target bad >"$work/said" 2>&1 || got=$?
    [ "$got" != 0 ] && grep -qF "bad.c:5:12: error: 'p' is NULL" "$work/said" ||
        { complain "$generator: the hook lets it pass ($got)"; cat "$work/said"; }
    grep -qF "bad.c:5:12: error" "$work/said" || complain "no finding"
done
cmake -S . -B out "-DCMAKE_C_CLANG_TIDY=$PWD/sluice-tidy;--fail-on;none" >"$work/said" 2>&1
expect 0 "bad.c:5:12: error" cmake --build out

# Meson: a target for all, one for what the branch brought.
if command -v meson >/dev/null; then
    mkdir -p meson/bin
    cd meson || exit 2
    git init -q -b main .
    ln -s "$sluice" bin/sluice
    cp -r "$root/integrations/build/meson" sluice
    printf "project('p', 'c')\nlibrary('p', 'a.c')\nsubdir('sluice')\n" >meson.build
    printf 'int old(int k);\nint old(int k)\n{\n    int *p = 0;\n    return k ? *p : 0;\n}\n' >a.c
    printf 'build\nbin\n' >.gitignore
    commit first
    git update-ref refs/remotes/origin/main HEAD
    git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
    PATH="$PWD/bin:$PATH" meson setup build >"$work/said" 2>&1 || { complain "meson setup"; cat "$work/said"; }
    expect 1 "a.c:5:16: error: 'p' is NULL" meson compile -C build sluice
    expect 0 "no findings (1 known before)" meson compile -C build sluice-new
    printf 'int fresh(void);\nint fresh(void)\n{\n    int *p = 0;\n    return *p;\n}\n' >>a.c
    expect 1 "1 new finding of tier A" meson compile -C build sluice-new
else
    skip="no meson"
fi
[ "$bad" = 0 ] && [ -n "$skip" ] && { echo "skipped in part: $skip"; exit 77; }
end
