#!/usr/bin/env bash
# cli_builds.sh SLUICE: what is true only where assertions are kept, or only where they are left out,
# says so, ranks below what is true in every build, and never stands in front of it.
. "$(realpath "$(dirname "$0")")/cli_common.sh"
mkdir -p src
cat >src/cell.c <<'EOC'
#include <assert.h>
#include <stdlib.h>
struct cell { int value, is_open; };
struct cell *cell_new(int value)
{
    struct cell *cell = malloc(sizeof *cell);
    assert(cell);
    cell->value = value;
    return cell;
}
int cell_count(struct cell *cell)
{
    int count = cell ? 1 : 0;
    assert(cell->is_open);
    return count;
}
int cell_value(struct cell *cell, int other)
{
    if (!cell) other = 3;
    assert(cell->is_open);
    return cell->value + other;
}
EOC
db() { # db FLAGS...: one command for each
    local out="" flags
    for flags in "$@"; do
        out+="${out:+,}{\"directory\": \"src\", \"file\": \"cell.c\", \"command\": \"cc $flags -c cell.c -o ${#out}.o\"}"
    done
    echo "[$out]" >compile_commands.json
}
labels() { # labels: "line tier builds" of each finding
    "$sluice" check --tier C --fail-on none --format json | python3 -c '
import json, sys
for f in json.load(sys.stdin)["findings"]:
    print(f["place"]["line"], f["tier"], f.get("builds", "-"))'
}
must_be() { # must_be WHAT TEXT
    [ "$(labels)" = "$2" ] || { complain "$1"; labels; }
}
out="only in builds without assertions (NDEBUG)" kept="only in builds that keep assertions"

db ""
must_be "assertions kept" "14 B $kept
21 A -"
expect 0 "  true $kept" "$sluice" check --fail-on none
db "-DNDEBUG"
must_be "assertions left out" "8 C $out
21 A -"
expect 0 "  true $out" "$sluice" check --tier C --fail-on none
"$sluice" check --tier C --fail-on none --format sarif -o "$work/a.sarif"
python3 - "$work/a.sarif" <<'EOF' || complain "SARIF: builds"
import json, sys
results = json.load(open(sys.argv[1]))["runs"][0]["results"]
builds = [(r["locations"][0]["physicalLocation"]["region"]["startLine"], r["properties"].get("builds")) for r in results]
assert builds == [(8, "assertions-compiled-out"), (21, None)], builds
assert {"name": "only-some-builds", "value": -1} in results[0]["properties"]["scoreTerms"]
EOF
# Recalled from the cache the labels are the same.
must_be "assertions left out, from the cache" "8 C $out
21 A -"
# Both builds in one database: one of the two definitions is linked, what both have is told once.
db "" "-DNDEBUG"
[ "$(labels | grep -c '^21 A -$')" = 1 ] || { complain "both builds"; labels; }
# A server's own assertion stays in every build.
sed -i 's/^#include <assert.h>/#define serverAssert(x) ((x) ? (void)0 : abort())/; s/assert(cell->/serverAssert(cell->/; s/ assert(cell)/ serverAssert(cell)/' src/cell.c
db "-DNDEBUG"
must_be "assertions that stay" "14 A -
20 A -"
end
