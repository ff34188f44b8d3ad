#!/bin/sh
# new.sh ROOT BUILD: the walk of CONTRIBUTING.md, "a rule in 15 minutes", in a scratch copy.
# rules/new makes a rule that builds, that is listed, whose page shows, whose fixtures run.
set -eu
root=$1 build=$2/new
rm -rf "$build/tree"
mkdir -p "$build/tree"
cd "$root"
tar -cf - --exclude=./build --exclude=./.git --exclude=node_modules . | tar -xf - -C "$build/tree"
cd "$build/tree"

first=$(sed -n 's/^RULE(\(.*\))$/\1/p' rules/rules.def | head -n 1 | tr _ -)
rules/new null null-walk-test "a pointer of the walk" "$first"
if rules/new null null-walk-test "twice" 2>/dev/null; then
    echo "rules/new made the same rule twice"
    exit 1
fi
tests/lint/parity.sh .
clang-format-14 --style=file --dry-run --Werror rules/null/null_walk_test.c

cmake -S . -B "$build/out" -G Ninja -DMODE=dev >/dev/null
cmake --build "$build/out" --target sluice >"$build/log" 2>&1 || { cat "$build/log"; exit 1; }
"$build/out/sluice" explain null-walk-test | grep -q 'null-walk-test'
python3 tests/expect/expect.py --sluice "$build/out/sluice" fixtures/null/null-walk-test \
    rules/null/null_walk_test.md
echo "a new rule builds, shows its page, fires and stays silent"
