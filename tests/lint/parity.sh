#!/bin/sh
# parity.sh [ROOT]: every rule of rules/rules.def has its code, its page with the four
# headings in order, a fixture that fires and one that stays silent; and nothing of these
# is there without the rule. Every idiom of fixtures/idioms has its programs.
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
complain() { echo "$1"; bad=1; }
listed() { grep -qx "RULE($1)" rules/rules.def; }

names=$(sed -n 's/^RULE(\(.*\))$/\1/p' rules/rules.def)
[ -n "$names" ] || complain "rules/rules.def: no rule"
for name in $names; do
    id=$(echo "$name" | tr _ -)
    code=$(ls rules/*/"$name".c 2>/dev/null)
    [ -f "$code" ] || { complain "$id: no rules/<family>/$name.c"; continue; }
    family=$(basename "$(dirname "$code")")
    grep -q "^const Rule rule_$name = {" "$code" || complain "$code: no 'const Rule rule_$name'"
    grep -q "\.id = \"$id\"" "$code" || complain "$code: .id is not \"$id\""
    for part in title advice since page judge; do
        grep -q "\.$part =" "$code" || complain "$code: no .$part"
    done
    page=rules/$family/$name.md
    [ -f "$page" ] || { complain "$id: no page $page"; continue; }
    [ "$(head -n 1 "$page")" = "# $id" ] || complain "$page: the first line is not '# $id'"
    headings=$(sed -n 's/^## //p' "$page" | tr '\n' ' ')
    [ "$headings" = "Why Bad Good Limits " ] ||
        complain "$page: headings are '$headings', not 'Why Bad Good Limits'"
    cases=fixtures/$family/$id
    grep -rqs "expect\(-next\)\?: *\(.*; *\)\?$id" "$cases" || complain "$cases: nothing fires"
    ls -d "$cases"/ok_* >/dev/null 2>&1 || complain "$cases: nothing stays silent (no ok_*)"
done
for code in $(grep -l '^const Rule rule_' rules/*/*.c 2>/dev/null); do
    listed "$(basename "$code" .c)" || complain "$code: not in rules/rules.def"
done
for page in rules/*/*.md; do
    case $page in rules/\** | */README.md | rules/models/*) continue ;; esac
    listed "$(basename "$page" .md)" || complain "$page: a page without a rule"
done
for family in rules/*/; do
    for cases in fixtures/"$(basename "$family")"/*/; do
        [ -d "$cases" ] || continue
        listed "$(basename "$cases" | tr - _)" || complain "$cases: fixtures without a rule"
    done
done
# Every idiom is shown done wrong twice and right twice, once at least in several files.
for idiom in fixtures/idioms/*/; do
    [ -d "$idiom" ] || { complain "fixtures/idioms: none"; continue; }
    for kind in bad ok; do
        [ "$(ls -d "$idiom$kind"_* 2>/dev/null | wc -l)" -ge 2 ] ||
            complain "$idiom: fewer than two ${kind}_ programs"
    done
    ls -d "$idiom"*_*/ >/dev/null 2>&1 || complain "$idiom: no program of several files"
done
exit $bad
