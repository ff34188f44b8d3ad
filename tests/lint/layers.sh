#!/bin/sh
# layers.sh [ROOT]: fails when a file includes a header its room may not see (layers.txt).
# Includes are written from analyzer/ ("ir/ir.h"), from the top for rules and integrations
# ("rules/rules.h"), or bare for the including file's own folder.
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}" || exit 2
bad=0
if grep -rn '#include <clang-c/' --include='*.[ch]' analyzer rules integrations 2>/dev/null |
    grep -v '^analyzer/frontend/'; then
    echo "libclang is for analyzer/frontend only"
    bad=1
fi
grep -rn '^ *# *include "' --include='*.[ch]' analyzer rules integrations 2>/dev/null |
    awk -F: -v table="$here/layers.txt" '
function complain(text) { print $1 ":" $2 ": " text; bad = 1 }
function room(path,   part) {
    split(path, part, "/")
    if (part[1] == "rules") return "rules"
    if (part[1] == "analyzer" || part[1] == "integrations") return part[1] "/" part[2]
    return "analyzer/" part[1]
}
BEGIN {
    while ((getline line < table) > 0) {
        n = split(line, word, " ")
        if (line ~ /^#/ || n == 0) continue
        known[word[1]] = 1
        for (i = 2; i <= n; i++) may[word[1], word[i]] = 1
    }
    if (!("analyzer/base" in known)) { print table ": cannot be read"; exit 2 }
}
{
    split($3, quoted, "\""); header = quoted[2]
    from = room($1)
    if (header !~ /\//) {
        folder = $1; sub(/[^\/]*$/, "", folder)
        if (system("test -f " folder header)) complain(header " is not in " folder)
        next
    }
    to = room(header)
    if (from == to) next
    law = from
    if (!(law in known) && law ~ /^integrations\//) law = "integrations/*"
    if (!(law in known)) complain(from " is not in tests/lint/layers.txt")
    else if (!((law, to) in may)) complain(from " may not include " header)
}
END { exit bad }' || bad=1
exit $bad
