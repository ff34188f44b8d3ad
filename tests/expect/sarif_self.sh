#!/bin/sh
# sarif_self.sh GOOD: sarif.sh accepts a good log and refuses each of these broken ones.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
good=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
"$here/sarif.sh" "$good" >"$work/said" 2>&1 || status=$?
[ $status = 0 ] || { cat "$work/said"; exit $status; }

bad=0
refuse() { # refuse NAME 's/sed/script/'
    sed "$2" "$good" >"$work/$1.sarif"
    if cmp -s "$good" "$work/$1.sarif"; then
        echo "$1: the script changes nothing"
        bad=1
    elif "$here/sarif.sh" "$work/$1.sarif" >"$work/said" 2>&1; then
        echo "$1: accepted"
        bad=1
    fi
}
refuse enumeration '0,/"level":"error","kind"/s//"level":"fatal","kind"/'
refuse column 's/"startColumn":12/"startColumn":0/'
refuse property 's/"version":"2.1.0"/"version":"2.1.0","colour":"red"/'
refuse rule_index 's/"ruleIndex":0/"ruleIndex":99/'
refuse other_rule 's/"ruleIndex":0/"ruleIndex":1/'
refuse backwards 's/"endColumn":17/"endColumn":3/'
refuse absolute 's|"uri":"cache.c"|"uri":"/tmp/cache.c"|'
refuse blank 's/odd%20name/odd name/'
refuse number 's/"security-severity":"6.5"/"security-severity":6.5/'
refuse link 's/\[here\](2)/[here](7)/'
refuse cut '$d'
refuse text 's/caf/\xe9/'
exit $bad
