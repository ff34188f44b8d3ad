#!/bin/sh
# sarif.sh FILE...: does the world accept these SARIF logs?
#
# Three judges, because each alone misses something: the JSON Schema (does not know what a
# consumer needs), the SARIF Multitool with GitHub's rules (does not check enumerations, and
# its exit status is 0 whatever it finds, so its results are counted), and our own profile
# (what other consumers have been seen to choke on). Needs Debian's python3-jsonschema and
#     npm install --prefix DIR @microsoft/sarif-multitool
# with SLUICE_NODE_MODULES=DIR/node_modules; without them it is skipped (77).
set -u
here=$(cd "$(dirname "$0")" && pwd)
python=/usr/bin/python3
modules=${SLUICE_NODE_MODULES:-$here/../../build/node/node_modules}
tool=$modules/@microsoft/sarif-multitool-linux
if [ ! -f "$tool/sarif-2.1.0.json" ]; then
    echo "skipped: no @microsoft/sarif-multitool in \$SLUICE_NODE_MODULES ($modules)"
    exit 77
fi
$python -c 'import jsonschema' 2>/dev/null || { echo "skipped: no python3-jsonschema"; exit 77; }
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }

# Packages may arrive without the right to run; the folder may not be ours to change.
multitool=$tool/Sarif.Multitool
[ -x "$multitool" ] || chmod u+x "$multitool" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0
for file; do
    $python -W ignore -m jsonschema -i "$file" "$tool/sarif-2.1.0.json" ||
        { echo "$file: not by the schema"; bad=1; }
    "$multitool" validate "$file" --rule-kind 'Sarif;Ghas' --level 'Error;Warning' \
        -o "$work/judged.sarif" --log ForceOverwrite >"$work/said" 2>&1 ||
        { cat "$work/said"; bad=1; }
    $python "$here/sarif.py" "$file" "$work/judged.sarif" || bad=1
done
[ $bad = 0 ] && echo "$# logs are good"
exit $bad
