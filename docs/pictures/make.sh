#!/usr/bin/env bash
# make.sh SLUICE: makes the pictures of the README anew, from what SLUICE really says about the demo service
# (without the comments that mark its planted defects). Needs what tests/page/page.sh needs, and imagemagick.
set -euo pipefail
sluice=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
top=$(realpath "$here/../..")
modules=$(realpath "${SLUICE_NODE_MODULES:-$top/build/node/node_modules}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$top/fixtures/demo" "$work/shop"
cd "$work/shop"
sed -i -E 's,[[:blank:]]*// (expect|step|known-miss).*$,,' src/*.[ch]
cmake -S . -B build -G Ninja --log-level=WARNING >/dev/null
printf 'version: 1\nmodels: context.yaml\n' >.sluice.yaml
git init -q .

command="sluice check src/main.c src/upstream.c"
status=0
PATH="$(dirname "$sluice"):$PATH" script -qec "stty cols 110; $command --no-cache 2>&1" /dev/null >"$work/said" </dev/null || status=$?
[ "$status" = 1 ] || { cat "$work/said"; echo "make.sh: status $status"; exit 1; }
python3 "$here/terminal.py" "$command" <"$work/said" >"$here/terminal.svg"

"$sluice" check --no-cache --format html -o "$work/report.html" 2>/dev/null || true
node "$here/shot.cjs" "$modules" "$(command -v chromium)" "$work"
for scheme in light dark; do
    convert "$work/$scheme.png" -resize 1280x -dither None -colors 80 -strip -define png:compression-level=9 \
        -define png:exclude-chunks=date,time "$here/report-$scheme.png"
done
ls -l "$here"/*.svg "$here"/*.png
