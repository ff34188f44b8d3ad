#!/usr/bin/env bash
# deb.sh BUILD: makes the .deb and looks into it: what it says of itself, what it holds, whether the
# program in it runs away from the folder it was built in.
set -u
build=$(realpath "$1")
command -v dpkg-shlibdeps file >/dev/null || { echo "skipped: needs dpkg-dev and file"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
complain() { echo "WRONG: $*"; bad=1; }
cd "$work" || exit 2
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work" >log 2>&1 || { cat log; exit 1; }
deb=$(echo sluice_*_"$(dpkg --print-architecture)".deb)
[ -f "$deb" ] || { complain "no package of the usual name"; ls; exit 1; }

field() { dpkg-deb -f "$deb" "$1"; }
[[ $(field Depends) == *libclang1-19*libyaml-0-2* && $(field Depends) == *libclang-common-19-dev* ]] ||
    complain "Depends: $(field Depends)"
[ "$(field Section)" = devel ] || complain "Section: $(field Section)"
[[ $(field Description) == "static analyzer"*"compile database"* ]] || complain "Description: $(field Description)"
[[ $("$build/sluice" --version) == "sluice $(field Version)" ]] || complain "Version: $(field Version)"
if command -v lintian >/dev/null; then
    lintian --fail-on error,warning "$deb" >log 2>&1 || { complain "lintian"; cat log; }
fi

dpkg-deb -x "$deb" root
for path in bin/sluice share/man/man1/sluice.1.gz share/bash-completion/completions/sluice \
    share/zsh/vendor-completions/_sluice share/fish/vendor_completions.d/sluice.fish \
    bin/sluice-tidy share/man/man1/sluice-tidy.1.gz share/sluice/meson/meson.build \
    share/cmake/sluice/sluice-config.cmake share/doc/sluice/copyright; do
    [ -s "root/usr/$path" ] || complain "no $path"
done
readelf -d root/usr/bin/sluice | grep -E 'R(UN)?PATH' && complain "the program looks for libraries where it was built"
grep -aqF "$build" root/usr/bin/sluice && complain "the program names the folder it was built in"
printf 'int f(void);\nint f(void)\n{\n    int *p = 0;\n    return *p;\n}\n' >a.c
HOME=$work root/usr/bin/sluice check --no-config -- cc -c a.c >log 2>&1
[ $? = 1 ] && grep -q '^a.c:5:.*null-deref' log || { complain "the packed program"; cat log; }

# CMake finds the module.
printf 'cmake_minimum_required(VERSION 3.22)\nproject(p C)\nfind_package(sluice REQUIRED)\nadd_library(a a.c)\nsluice_add_check(check)\n' \
    >CMakeLists.txt
cmake -S . -B b -DCMAKE_PREFIX_PATH="$work/root/usr" -DSLUICE_PROGRAM="$work/root/usr/bin/sluice" >log 2>&1 ||
    { complain "find_package(sluice)"; cat log; }
cmake --build b --target check >log 2>&1
grep -q 'a.c:5:.*null-deref' log || { complain "the target of sluice_add_check"; cat log; }
exit $bad
