#!/usr/bin/env bash
# cli_gate.sh SLUICE: what is new, against a revision, a diff and a baseline; thresholds.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TMPDIR=$work/tmp
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
mkdir -p "$TMPDIR"
commit() { git add -A && git -c user.name=a -c user.email=a@b commit -qm "${1:-more}"; }
check() { "$sluice" check --fail-on B "$@"; }
back() { git checkout -qf . && git clean -qfd; }

git init -q -b main .
make_project .
commit first

# --- a baseline: accepted, then moved, reformatted, renamed --------------------------------
expect 1 "the gate fails: 2 findings of tier A or B" check
expect 2 "cannot read $PWD/.sluice-baseline.json" "$sluice" baseline prune
expect 2 "usage: sluice baseline update|prune|show" "$sluice" baseline
expect 0 "2 findings accepted (2 added, 0 gone), 100.00 % of 2 translation units" "$sluice" baseline update
expect 0 "src/use.c: [null-deref] in crash" "$sluice" baseline show
python3 -c 'import json,sys; d=json.load(open(".sluice-baseline.json")); sys.exit(len(d["findings"]) != 2)' ||
    complain "the baseline is not the JSON it should be"
cp .sluice-baseline.json "$work/first.json"
expect 0 "no findings (2 known before)" check
expect 0 "2 findings accepted (0 added, 0 gone)" "$sluice" baseline update
same .sluice-baseline.json "$work/first.json"
expect 1 "the gate fails: 2 findings" check --no-baseline
expect 0 "error:" check --show-known
expect 0 '"age":"known"' check --format json
expect 0 '"baselineState":"unchanged"' check --format sarif
sed -i '1i /* one */\n/* two */' src/use.c
sed -i 's/    if (kind > 3) return \*nothing;/  if ( kind>3 )\n  {\n    return\n      \*nothing; \/\/ why\n  }/' src/use.c
expect 0 "no findings (2 known before)" check
git mv src/use.c src/renamed.c
sed -i 's/use\.c/renamed.c/g' compile_commands.json
expect 0 "no findings (2 known before)" check
# One more of the same kind is one new finding, and the new one.
cat >>src/renamed.c <<'EOC'
int again(int kind)
{
    int *nothing = NULL;
    if (kind > 3) return *nothing;
    return 0;
}
EOC
expect 1 "the gate fails: 1 new finding of tier A" check
grep -q '^src/renamed.c:2.*null-deref' "$work/said" || complain "which finding is new?"
# What was mended is said, and can be forgotten.
git checkout -qf HEAD . && git clean -qfdx -e .sluice-baseline.json
cp "$work/first.json" .sluice-baseline.json
sed -i 's/return \*nothing/return 1/' src/use.c
expect 0 "1 finding of the baseline is gone: sluice baseline prune" check
expect 0 "1 of 2 findings gone, 1 kept" "$sluice" baseline prune
expect 0 "no findings (1 known before)" check
refuse_text "gone"
# A part of the program that is missing hides nothing.
echo 'int broken(' >src/find.c
cp .sluice-baseline.json "$work/before.json"
expect 3 "is left as it is: what was not analysed would be missing" "$sluice" baseline update
same .sluice-baseline.json "$work/before.json"
back
cp "$work/first.json" .sluice-baseline.json
sed -i 's/"units":2/"units":20/' .sluice-baseline.json
expect 3 "the compile database has 2 translation units, but had 20" check
# Baselines that are none.
printf '{"version":1,"findings":[\n<<<<<<< a\n=======\n' >.sluice-baseline.json
expect 2 ".sluice-baseline.json:2: not JSON, but the two sides of a merge" check
echo '{"version":2,"findings":[]}' >.sluice-baseline.json
expect 2 "not a baseline of this version" check
echo '{"version":1,"findings":[{"rule":"x","path":"y","likeness":"z"}]}' >.sluice-baseline.json
expect 2 "finding 1 has no rule, path or likeness" check
expect 2 "cannot read nowhere.json" check --baseline nowhere.json
expect 2 "use one of them" check --baseline a --no-baseline
rm .sluice-baseline.json

# --- a revision ----------------------------------------------------------------------------
expect 0 "no findings (2 known before)" check --base HEAD
# A contract that changes makes a finding in a file that nobody touched.
cat >src/more.c <<'EOC'
#include "find.h"
int more(struct item *list);
int more(struct item *list) { return list ? find(list, 9)->value : 0; }
EOC
sed -i 's/return NULL;/return list ? list : (struct item *)1;/' src/find.c
sed -i 's|^\[|[{"directory": "src", "file": "more.c", "command": "cc -I../inc -c more.c"},\n|' compile_commands.json
commit careless
git checkout -qb branch
sed -i 's/return list ? list : (struct item \*)1;/return NULL;/' src/find.c
expect 1 "src/more.c:3" check --fail-on C --tier C --base main
grep -q 'new findings* of tier' "$work/said" || complain "new findings are not called so"
[ "$(grep -c 'src/use.c:[0-9]*:[0-9]*: .*\[null-deref\]' "$work/said")" = 0 ] || complain "an old finding is shown"
commit branch
check --tier C --base main --format sarif >"$work/base.sarif" 2>/dev/null
check --tier C --base main --format sarif -j1 --no-cache >"$work/again.sarif" 2>/dev/null
same "$work/base.sarif" "$work/again.sarif"
grep -q '"baselineState":"new"' "$work/base.sarif" || complain "SARIF: nothing is new"
grep -q '"baselineState":"unchanged"' "$work/base.sarif" || complain "SARIF: nothing is unchanged"
# What main did meanwhile is not the branch's.
git checkout -q main
sed -i 's/return \*nothing;/return 0;/' src/use.c
commit elsewhere
git checkout -q branch
expect 1 "src/more.c:3" check --fail-on C --tier C --base main
refuse_text "null-deref"
# An old finding of a file that has changed stays old.
sed -i 's/return \*nothing;/return 3 + *nothing;/; 1i int early;' src/use.c
commit old
echo 'int late;' >>src/use.c
expect 0 "known before" check --base HEAD
git reset -q --hard HEAD~1
# A new file that git has not been told of; one that the build made.
git checkout -q main
mkdir build
cat >build/made.c <<'EOC'
int made(void) { int *none = 0; return *none; }
EOC
sed "s|\"src\"|\"$PWD/src\"|g" compile_commands.json >build/compile_commands.json
sed -i "s|^\[|[{\"directory\": \"$PWD/build\", \"file\": \"made.c\", \"command\": \"cc -c made.c\"},\n|" build/compile_commands.json
expect 0 "known before" check -p build --base HEAD
cp build/made.c src/fresh.c
sed -i 's/made/fresh/' src/fresh.c
sed -i "s|^\[|[{\"directory\": \"$PWD/src\", \"file\": \"fresh.c\", \"command\": \"cc -c fresh.c\"},\n|" build/compile_commands.json
expect 1 "src/fresh.c:1" check -p build --base HEAD
refuse_text "build/made.c"
back
# A suppression that is taken away brings its finding.
git checkout -q branch
sed -i 's|return \*nothing;|& // sluice:allow null-deref never|' src/use.c
commit allowed
expect 0 "1 suppressed" check --base HEAD
sed -i 's| // sluice:allow.*||' src/use.c
expect 1 "1 new finding of tier A" check --base HEAD
back
# A submodule is compared with the commit it stood at: edited in place, moved on, and when that commit is not there.
git clone -q "$PWD" ../tree && (
    cd ../tree
    git config user.email a@b.example
    git config user.name a
    git init -q -b main ../module
    echo 'int old_one(void) { int *none = 0; return *none; }' >../module/inner.c
    git -C ../module add -A
    git -C ../module -c user.email=a@b.example -c user.name=a commit -qm module
    git -c protocol.file.allow=always submodule --quiet add "$PWD/../module" module
    echo "[{\"directory\": \"$PWD/module\", \"file\": \"inner.c\", \"command\": \"cc -c inner.c\"}]" >compile_commands.json
    expect 1 "1 new finding of tier A" check -p . --root . --base HEAD~0 # the submodule is staged, and not of that commit
    git add -A && git commit -qm module
    expect 0 "1 known before" check -p . --root . --base HEAD
    echo 'int new_one(void) { int *none = 0; return *none; }' >>module/inner.c
    expect 1 "module/inner.c:2" check -p . --root . --base HEAD
    refuse_text "inner.c:1:"
    git -C module -c user.email=a@b.example -c user.name=a commit -qam more
    git commit -qam moved
    expect 1 "module/inner.c:2" check -p . --root . --base HEAD~1
    git -C module checkout -q --orphan alone
    git -C module -c user.email=a@b.example -c user.name=a commit -qm alone
    git -C module branch -qD main
    git -C module update-ref -d refs/remotes/origin/main
    git -C module remote remove origin
    git -C module reflog expire --expire=now --all
    git -C module gc -q --prune=now
    expect 2 "does not have" check -p . --root . --base HEAD~1
    exit "$bad"
) || complain "submodules"
expect 2 "there is no revision 'nowhere'" check --base nowhere
git clone -q --depth 1 "file://$PWD" ../shallow
expect 2 "in this shallow clone: fetch it (git fetch --unshallow" \
    bash -c "cd ../shallow && '$sluice' check --base HEAD~1"
[ -z "$(ls "$TMPDIR")" ] || complain "left behind: $(ls "$TMPDIR")"

# --- a diff --------------------------------------------------------------------------------
make_project ../diffed
cd ../diffed || exit 2
git init -q -b main . && commit first
sed -i 's/    if (kind > 3) return \*nothing;/    if (kind > 4) return *nothing;/' src/use.c
git diff >"$work/one.diff"
expect 1 "1 new finding of tier A" check --diff "$work/one.diff"
expect 1 "src/use.c:13" bash -c "git diff -U0 | '$sluice' check --diff -"
git checkout -qf .
sed -i 's/    return 0;/    return 2;/' src/use.c
git diff >"$work/two.diff"
expect 0 "no findings (2 known before)" check --diff "$work/two.diff"
git checkout -qf .
# A test that is taken away between two steps of a path.
sed -i 's/    return found->value/    if (!found) return 0;\n&/' src/use.c
commit checked
sed -i '/if (!found)/d' src/use.c
git diff >"$work/three.diff"
expect 1 "src/use.c:8" check --diff "$work/three.diff"
refuse_text "null-deref"
: >"$work/empty.diff"
expect 0 "" check --diff "$work/empty.diff"
echo "no diff at all" >"$work/bad.diff"
expect 2 "this is no unified diff" check --diff "$work/bad.diff"
expect 2 "cannot read nowhere.diff" check --diff nowhere.diff
git checkout -qf .

# --- thresholds ----------------------------------------------------------------------------
config() { printf 'version: 1\n%s\n' "$1" >.sluice.yaml; }
git checkout -qf HEAD~1
expect 1 "1 finding of tier A" "$sluice" check
config 'fail-on: none'
expect 0 "error:" "$sluice" check
expect 1 "2 findings of tier A or B" check
config 'thresholds: [{rule: null-deref, fail-on: none}]'
expect 0 "error:" "$sluice" check
config 'thresholds: [{rule: "null-*", path: src/use.c, fail-on: B, max: 2}]'
expect 0 "error:" "$sluice" check
config 'thresholds: [{rule: "null-*", path: src/use.c, fail-on: B, max: 1}]'
expect 1 "2 findings of tier A or B" "$sluice" check
expect 0 "" "$sluice" check --fail-on none
expect 7 "2 findings of tier A or B" "$sluice" check --exit-code 7
expect 2 "--exit-code takes 1 to 125" "$sluice" check --exit-code 126
config 'thresholds: [{path: src, fail-on: none}, {path: "*/use.c", rule: null-deref, fail-on: A}]'
expect 1 "1 finding of tier A" "$sluice" check
config 'exclude: [src]'
expect 0 "no findings (2 weaker not shown)" "$sluice" check
expect 0 "no findings" bash -c "cd src && '$sluice' check"
expect 1 "1 finding" "$sluice" check --no-config
config 'compile-database: elsewhere'
expect 2 "elsewhere" "$sluice" check
config $'baseline: known.json\nmin-coverage: 100'
expect 1 "there is no known.json yet: every finding counts" "$sluice" check
expect 0 "known.json: 2 findings accepted" "$sluice" baseline update
expect 0 "2 known before" "$sluice" check
echo 'int broken(' >>src/find.c
expect 3 "50.00 % of the program was analysed, and must be 100.00 %" "$sluice" check --allow-partial --baseline known.json
expect 3 "but 100.00 % when the baseline was written" "$sluice" check --allow-partial --min-coverage 10
expect 2 "--min-coverage takes percent" "$sluice" check --min-coverage lots
git checkout -qf .
# Comments that allow without a reason may block.
sed -i 's|return \*nothing;|& // sluice:allow null-deref|' src/use.c
config 'thresholds: [{rule: suppression-without-reason, fail-on: C}]'
expect 1 "1 finding of tier C" "$sluice" check
git checkout -qf .
end
