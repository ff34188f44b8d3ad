#!/usr/bin/env bash
# cli_walk.sh SLUICE: a team's first day: init, first run, baseline, a pull request with one null
# bug and one changed contract, which is blocked for exactly those, and the mended one, which passes.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GITHUB_STEP_SUMMARY
commit() { git add -A && git -c user.name=a -c user.email=a@b commit -qm "$1"; }

git init -q -b main .
git remote add origin git@github.example:team/service.git
mkdir src inc
touch Makefile
cat >inc/table.h <<'EOC'
#include <stddef.h>
struct entry { int value; struct entry *next; };
struct table { int size; struct entry *first; struct entry spare; };
struct entry *lookup(struct table *table, int value);
int direct(struct table *table);
int careful(struct table *table);
int old(int kind);
EOC
cat >src/table.c <<'EOC'
#include "table.h"
struct entry *lookup(struct table *table, int value)
{
    table->spare.value = value;
    return &table->spare;
}
EOC
cat >src/use.c <<'EOC'
#include "table.h"
int direct(struct table *table)
{
    return lookup(table, 3)->value;
}
int careful(struct table *table)
{
    struct entry *entry = lookup(table, 4);
    return entry ? entry->value : 0;
}
EOC
cat >src/old.c <<'EOC'
#include "table.h"
int old(int kind)
{
    struct entry *none = NULL;
    if (kind > 3) return none->value;
    return 0;
}
EOC
for name in table use old; do
    printf '%s{"directory": "%s", "file": "src/%s.c", "command": "cc -Iinc -c src/%s.c"}' \
        "${comma-[}" "$PWD" "$name" "$name"
    comma=,
done >compile_commands.json
echo ']' >>compile_commands.json
echo compile_commands.json >.gitignore

# The first run, and what it finds is accepted.
expect 0 ".github/workflows/sluice.yml     written" "$sluice" init
sed -i 's/^fail-on: A/fail-on: B/' .sluice.yaml
expect 0 "ok    parsing    all of 3 units" "$sluice" doctor
expect 1 "src/old.c:5:32: error: 'none' is NULL" "$sluice" check
expect 0 "1 finding accepted" "$sluice" baseline update
commit "begin with sluice"
expect 0 "no findings (1 known before)" "$sluice" check
"$sluice" check --format gitlab=main.gitlab
git branch -q pull

# The pull request: a null bug, a callee that can fail now, much that is only moved.
git checkout -q pull
sed -i 's/    table->spare.value = value;/    if (table->size == 0) return NULL;\n&/' src/table.c
cat >>src/table.c <<'EOC'
int fresh(struct table *table);
int fresh(struct table *table)
{
    struct entry *entry = NULL;
    if (table->size > 9) entry = table->first;
    return entry->value;
}
EOC
git mv src/old.c src/moved.c
sed -i 's/old\.c/moved.c/g' compile_commands.json
sed -i '1i /* moved */\n' src/moved.c
sed -i 's/    if (kind > 3) return none->value;/    if (kind > 3)\n    {\n        return none -> value;\n    }/' src/moved.c
commit "more"
run() { "$sluice" check "$@" --format text,sarif=out.sarif,gitlab=out.gitlab,github=out.github,markdown=out.md,rdjsonl=out.rdjsonl; }
expect 1 "the gate fails: 2 new findings of tier A or B" run --base main
grep -q '^src/table.c:13:.*error:.*\[null-deref\]' "$work/said" || complain "the null bug is not named"
grep -q '^src/use.c:4:.*warning:.*\[null-return-unchecked\]' "$work/said" ||
    complain "the caller that nobody touched is not named"
grep -q '(1 known before)' "$work/said" || complain "the old finding is not known"
cat >judge.py <<'EOC'
import json, re
wanted = {("src/table.c", 13, "null-deref"), ("src/use.c", 4, "null-return-unchecked")}
def same(name, got):
    assert got == wanted, f"{name}: {got}"
results = json.load(open("out.sarif"))["runs"][0]["results"]
def place(result):
    at = result["locations"][0]["physicalLocation"]
    return at["artifactLocation"]["uri"], at["region"]["startLine"], result["ruleId"]
same("SARIF", {place(r) for r in results if r["baselineState"] == "new"})
assert {place(r)[0] for r in results if r["baselineState"] == "unchanged"} == {"src/moved.c"}
# GitLab compares the fingerprints of two reports.
before = {i["fingerprint"] for i in json.load(open("main.gitlab"))}
issues = json.load(open("out.gitlab"))
assert before <= {i["fingerprint"] for i in issues}, "GitLab: the old finding would count as mended"
same("GitLab", {(i["location"]["path"], i["location"]["lines"]["begin"], i["check_name"])
                for i in issues if i["fingerprint"] not in before})
same("GitHub", {(f, int(n), r) for f, n, r in
                re.findall(r"^::(?:error|warning) file=([^,]*),line=(\d+),.*?title=([^:]*)::",
                           open("out.github").read(), re.M)})
same("reviewdog", {(d["location"]["path"], d["location"]["range"]["start"]["line"], d["code"]["value"])
                   for d in map(json.loads, open("out.rdjsonl"))})
page = open("out.md").read()
same("Markdown", {(p, int(n), r) for p, n, r in
                  re.findall(r"^\*\*(?:error|warning), new\*\* in `([^:`]*):(\d+)`.*`([^`]*)`$", page, re.M)})
assert "### sluice: 2 findings block this merge" in page
EOC
python3 judge.py || complain "the formats do not name exactly the two"
# The same without a repository at hand: by the baseline alone.
expect 1 "the gate fails: 2 new findings of tier A or B" run
python3 judge.py || complain "by the baseline: not exactly the two"

# Mended, it passes; the baseline stays as it was.
sed -i 's/    return lookup(table, 3)->value;/    struct entry *entry = lookup(table, 3);\n    return entry ? entry->value : 0;/' src/use.c
sed -i 's/    return entry->value;/    return entry ? entry->value : 0;/' src/table.c
commit "mended"
expect 0 "no findings (1 known before)" run --base main
expect 0 "no findings (1 known before)" "$sluice" check
grep -q '### sluice: nothing blocks this merge' out.md || complain "Markdown does not say that it passes"
[ ! -s out.rdjsonl ] || complain "reviewdog would still comment"
end
