#!/bin/sh
# sarif_live.sh SLUICE ROOT: what sluice writes about the bad fixtures of every rule passes
# the validators, and a second run gives the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sluice=$1 root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

check() { # check OUT [OPTION...]: status 1 is right, for the fixtures are bad
    status=0
    "$sluice" check --no-cache --root "$root" -p "$work" --format sarif -o "$@" \
        >"$work/said" 2>&1 || status=$?
    [ $status -le 1 ] || { cat "$work/said"; echo "$folder: status $status"; exit 1; }
}
logs=
for folder in fixtures/null/*/; do
    comma='['
    : >"$work/compile_commands.json"
    for file in "$folder"bad_*.c; do
        [ -f "$file" ] || continue
        printf '%s{"directory":"%s","file":"%s","command":"cc -std=gnu11 -c %s"}\n' \
            "$comma" "$root" "$file" "$file" >>"$work/compile_commands.json"
        comma=,
    done
    [ $comma = , ] || continue
    echo ']' >>"$work/compile_commands.json"
    name=$work/$(basename "$folder")
    check "$name.sarif" --tier C --show-suppressed
    check "$name.again" --tier C --show-suppressed --jobs 2
    cmp "$name.sarif" "$name.again"
    grep -q '"ruleId"' "$name.sarif" || { echo "$folder: no result"; exit 1; }
    logs="$logs $name.sarif"
done
[ -n "$logs" ] || { echo "skipped: no fixtures"; exit 77; }
# shellcheck disable=SC2086 # a list of files
"$here/sarif.sh" $logs
