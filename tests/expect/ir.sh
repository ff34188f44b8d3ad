#!/bin/sh
# ir.sh SLUICE [--bless] [x.c]...: every fixtures/ir/x.c lowers to exactly fixtures/ir/x.ir.
# A fixture's first line may say how it is compiled: // args: -DNDEBUG -std=c17
# --bless writes what came out as the new x.ir: read the difference before you commit it.
sluice=${1:?usage: ir.sh SLUICE [--bless] [x.c]...}
shift
case $sluice in /*) ;; *) sluice=$PWD/$sluice ;; esac
bless=no
[ "${1:-}" != --bless ] || { bless=yes && shift; }
cd "$(dirname "$0")/../../fixtures/ir" || exit 2
[ $# -gt 0 ] || set -- *.c
out=$(mktemp) || exit 2
trap 'rm -f "$out" "$out.err"' EXIT
bad=0 n=0
for source; do
    source=$(basename "$source")
    [ -f "$source" ] || { echo "fixtures/ir/$source: no such fixture"; exit 2; }
    golden=${source%.c}.ir
    args=$(sed -n '1s,^// args: ,,p' "$source")
    # shellcheck disable=SC2086 # $args is a list of words
    "$sluice" check --no-cache --allow-partial --fail-on none --root . --dump ir -- \
        cc $args "$source" >"$out" 2>"$out.err"
    status=$?
    if [ $status != 0 ]; then
        echo "fixtures/ir/$source: exit status $status"
        cat "$out.err"
        bad=1
    elif [ $bless = yes ]; then
        cmp -s "$out" "$golden" || { cp "$out" "$golden" && echo "fixtures/ir/$golden: written"; }
    elif ! diff -u --label "fixtures/ir/$golden" --label "$source, lowered now" "$golden" "$out"; then
        bad=1
    fi
    n=$((n + 1))
done
echo "$n fixtures"
exit $bad
