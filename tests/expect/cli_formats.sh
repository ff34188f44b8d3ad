#!/usr/bin/env bash
# cli_formats.sh SLUICE: every format, on a program that is hard to write down, read by what reads it.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
formats="gitlab rdjsonl sonar checkstyle junit prometheus markdown github json"
skip=0
judge() { # judge FOLDER: the reports in it
    local got=0
    /usr/bin/python3 -W ignore "$tests/formats.py" "$1"/report.* >"$work/judged" 2>&1 || got=$?
    [ "$got" = 77 ] && skip=1 && got=0
    [ "$got" = 0 ] || { complain "$1: a report is not what it must be"; cat "$work/judged"; }
}
write_all() { # write_all FOLDER [OPTION...]: one run, all formats
    local folder=$1 list=text name
    shift
    mkdir -p "$folder"
    for name in $formats sarif; do list=$list,$name=$folder/report.$name; done
    "$sluice" check --format "$list" "$@" >"$folder/text" 2>"$folder/said"
    mv "$folder/report.sarif" "$folder/log.sarif"
}
unset GITHUB_STEP_SUMMARY

# Names with blanks, quotes, brackets and a byte that is no UTF-8; text that looks like markup.
mkdir -p 'odd & <dir>'
odd='odd & <dir>/a "b" [c](d) `e` @all,x:100%.c'
broken=$'odd & <dir>/caf\xe9.c'
cat >"$odd" <<'EOC'
struct box { int size; char *text; };
int tick(struct box *b, int k);
int tick(struct box *b, int k)
{
    /* é😀 */ struct box *gone = 0; if (k) return gone->size; /* `ticks` <b>bold</b> | *em* @all %0A ::error:: ]]> */
    return b->size;
}
EOC
printf 'int caf(int k)\n{\n    int *p = 0; /* caf\xe9 \xff\xfe \x01 */\n    if (k) return *p;\n    return 0;\n}\n' >"$broken"
{ # a line of ten megabytes
    printf 'int wide(int k) { int *p = 0; static const char s[] = "'
    head -c 10000000 /dev/zero | tr '\0' x
    printf '"; return k ? *p : s[0]; }\n'
} >wide.c
for i in $(seq 60); do printf 'int many%d(int k) { int *p = 0; return k ? *p : 0; }\n' "$i"; done >many.c
python3 - "$odd" "$broken" <<'EOC' || exit 2
import os, sys
names = [os.fsencode(name) for name in sys.argv[1:]] + [b"wide.c", b"many.c"]
entry = b'{"directory": ".", "file": "%s", "arguments": ["cc", "-c", "%s"]}'
quote = lambda name: name.replace(b'"', b'\\"')
with open("compile_commands.json", "wb") as file:
    file.write(b"[" + b",\n".join(entry % (quote(n), quote(n)) for n in names) + b"]\n")
EOC
write_all "$work/one" --tier C
grep -q "the gate fails: 6[0-9] findings of tier A" "$work/one/said" || { complain "findings"; cat "$work/one/said"; }
judge "$work/one"
"$tests/sarif.sh" "$work/one/log.sarif" >"$work/said" 2>&1
case $? in 0) ;; 77) skip=1 ;; *) complain "SARIF"; cat "$work/said" ;; esac
write_all "$work/again" --tier C --no-cache -j1
for name in $formats; do same "$work/again/report.$name" "$work/one/report.$name"; done
# GitHub counts UTF-16 and SonarQube from 0; reviewdog counts bytes.
python3 - "$work/one" <<'EOC' || complain "columns"
import json, sys
folder = sys.argv[1]
line = next(l for l in map(json.loads, open(folder + "/report.rdjsonl")) if "a \"b\"" in l["location"]["path"])
sonar = next(i for i in json.load(open(folder + "/report.sonar"))["issues"] if "a \"b\"" in i["primaryLocation"]["filePath"])
sarif = next(r for r in json.load(open(folder + "/log.sarif"))["runs"][0]["results"]
             if "%22b%22" in r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
text = open(folder + "/../project/" + line["location"]["path"]).read().splitlines()[4]
column = line["location"]["range"]["start"]["column"]
units = len(text.encode()[:column - 1].decode().encode("utf-16-le")) // 2
assert sonar["primaryLocation"]["textRange"]["startColumn"] == units, (units, sonar)
assert sarif["locations"][0]["physicalLocation"]["region"]["startColumn"] == units + 1
EOC

# Known findings: for services that keep their own list, not for people.
"$sluice" baseline update >/dev/null || complain "baseline"
echo 'int fresh(int k) { int *p = 0; return k ? *p : 0; }' >>many.c
write_all "$work/two"
judge "$work/two"
count() { grep -c "$2" "$work/two/report.$1"; }
[ "$(count gitlab check_name)" -gt 60 ] || complain "GitLab: known findings are missing"
[ "$(count rdjsonl severity)" = 1 ] || complain "reviewdog: known findings are shown"
[ "$(count junit '<failure')" = 1 ] || complain "JUnit: other than one failure"
[ "$(count checkstyle '<error')" = 1 ] || complain "Checkstyle: known findings are shown"
[ "$(count github '^::error')" = 1 ] || complain "GitHub: known findings are shown"
grep -q '^### sluice: 1 finding blocks this merge' "$work/two/report.markdown" || complain "Markdown: the verdict"
grep -q '^sluice_blocking_findings 1$' "$work/two/report.prometheus" || complain "Prometheus: blocking"

# A repair that was tried is a suggestion in the review: applied as reviewdog would, it is one.
rm -rf ./* && rm -f .sluice-baseline.json
cat >fix.c <<'EOC'
#include <stdlib.h>
int early_return(const char *name, int *out);
int early_return(const char *name, int *out)
{
    if (out == NULL) return -22;
    /* é */ const char *home = getenv(name);
    *out = home[0];
    return 0;
}
EOC
echo '[{"directory": ".", "file": "fix.c", "command": "cc -c fix.c"}]' >compile_commands.json
write_all "$work/five" --fixes
judge "$work/five"
python3 - "$work/five/report.rdjsonl" fix.c <<'EOC' || complain "no suggestion that can be applied"
import json, sys
edits = [s for line in open(sys.argv[1]) for s in json.loads(line).get("suggestions", [])]
assert edits
text = open(sys.argv[2], "rb").read()
starts = [0]
for line in text.splitlines(keepends=True):
    starts.append(starts[-1] + len(line))
def at(p):
    return starts[p["line"] - 1] + p["column"] - 1
for edit in sorted(edits, key=lambda e: -at(e["range"]["start"])):
    text = text[:at(edit["range"]["start"])] + edit["text"].encode() + text[at(edit["range"]["end"]):]
open(sys.argv[2], "wb").write(text)
EOC
expect 0 "no findings" "$sluice" check

# Nothing to say, and nothing that can be said.
rm -rf ./* && rm -f .sluice-baseline.json
make_clean .
write_all "$work/three"
judge "$work/three"
echo 'int broken(' >add.c
write_all "$work/four"
judge "$work/four"
grep -q 'the analysis is incomplete' "$work/four/report.markdown" || complain "Markdown: incomplete"
grep -q '<error message="the analysis is incomplete' "$work/four/report.junit" || complain "JUnit: incomplete"
grep -q '^sluice_complete 0$' "$work/four/report.prometheus" || complain "Prometheus: incomplete"

# The summary of a job is appended to; which formats go where.
make_clean .
echo first >"$work/summary"
GITHUB_STEP_SUMMARY=$work/summary "$sluice" check --format github >/dev/null || complain "github"
[ "$(sed -n '1p;3p' "$work/summary")" = $'first\n### sluice: nothing blocks this merge' ] || complain "summary"
expect 4 "cannot write the job's summary" env GITHUB_STEP_SUMMARY="$work/none/x" "$sluice" check --format github
expect 2 "no format 'gitlob': did you mean gitlab?" "$sluice" check --format text,gitlob=a
expect 2 "--format sarif= names no file" "$sluice" check --format text,sarif=
expect 2 "one format goes to the output, the others need a file: json=FILE" "$sluice" check --format text,json
expect 2 "-o has no use" "$sluice" check --format json=a -o b
expect 0 '"id":"sluice/nightly/"' "$sluice" check --format sarif --category nightly
[ "$bad" = 0 ] && [ "$skip" = 1 ] && { echo "skipped in part: a validator is missing"; exit 77; }
end
