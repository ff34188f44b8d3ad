#!/usr/bin/env bash
# shaken.sh SHAKEN PLAIN: a program that takes work in the opposite order wherever the order must
# not matter says the same, byte for byte: of each fixture, and of all of them as one program.
set -u
shaken=$1 plain=$2
[ -x "$plain" ] || { echo "skipped: no $plain to compare with (./dev build makes one)"; exit 77; }
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
database() { # database FOLDER FILE...
    local folder=$1 comma=''
    shift
    mkdir -p "$folder"
    {
        printf '['
        for file in "$@"; do
            printf '%s{"directory":"%s","file":"%s","command":"cc -c %s"}\n' "$comma" "$PWD" "$file" "$file"
            comma=,
        done
        printf ']'
    } >"$folder/compile_commands.json"
}
compare() { # compare NAME
    local what
    for what in --format=sarif --dump=summary; do
        for sluice in "$shaken" "$plain"; do
            "$sluice" check --no-cache --root . --tier C $what -p "$work/$1" -o "$work/$(basename "$1")$what" \
                2>/dev/null
            mv "$work/$(basename "$1")$what" "$work/said.$([ "$sluice" = "$shaken" ]; echo $?)" || bad=1
        done
        cmp "$work/said.0" "$work/said.1" || { echo "WRONG: $1 $what depends on an order"; bad=1; }
        [ -s "$work/said.0" ] || { echo "WRONG: nothing was said of $1"; bad=1; }
    done
}
# shellcheck disable=SC2046 # a list of words
database "$work/whole" $(find fixtures/null -name '*.c' | sort)
compare whole
for folder in fixtures/null/*/*/; do
    database "$work/part" "$folder"*.c
    compare part
done
exit $bad
