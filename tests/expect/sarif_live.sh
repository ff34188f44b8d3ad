#!/bin/sh
# sarif_live.sh SLUICE ROOT: what sluice writes about the fixtures of every rule passes the
# validators, and a second run gives the same bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sluice=$1 root=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
logs=
for folder in fixtures/null/*/; do
    set -- "$folder"bad_*.c
    [ -f "$1" ] || continue
    log=$work/$(basename "$folder").sarif
    for out in "$log" "$work/again"; do
        status=0
        "$sluice" check --format sarif --tier C --show-suppressed -o "$out" "$@" -- \
            cc -std=c17 >"$work/said" 2>&1 || status=$?
        [ $status -le 1 ] || { cat "$work/said"; echo "$folder: status $status"; exit 1; }
    done
    cmp "$log" "$work/again"
    grep -q '"ruleId"' "$log" || { echo "$folder: no result"; exit 1; }
    logs="$logs $log"
done
[ -n "$logs" ] || { echo "skipped: no fixtures"; exit 77; }
# shellcheck disable=SC2086 # a list of files
exec "$here/sarif.sh" $logs
