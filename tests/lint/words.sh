#!/bin/sh
# words.sh [ROOT]: nothing committed names a machine: no home folder, no checkout path, no
# package registry; and no unfinished work (TO-DO, FIX-ME markers) is left behind.
cd "${1:-$(dirname "$0")/../..}" || exit 2
bad=0
# Patterns are put together here so that this file does not match itself.
folder='(^|[^A-Za-z0-9_.}$-])/(home|root|srv|work|Users)/[A-Za-z0-9_]'
host='(registry|mirrors?|proxy)\.[a-z0-9-]+\.[a-z]+|deb\.debian\.[o]rg|pypi\.[o]rg'
open='(^|[^A-Za-z])(TO''DO|FIX''ME|XX''X)([^A-Za-z]|$)'
look() { # look PATTERN COMPLAINT [more find words]
    pattern=$1 complaint=$2
    shift 2
    find . \( -name .git -o -path ./build -o -name node_modules \) -prune -o -type f "$@" -print |
        sort | tr '\n' '\0' | xargs -0 grep -nIE -- "$pattern" && { echo "$complaint"; bad=1; }
}
look "$folder" "a path of some machine is not for the repository"
look "$host" "a registry host is not for the repository"
checkout=$(pwd -P)
case $checkout in # a folder like /src says nothing, and half the scripts have it
/*/*) look "(^|[^A-Za-z0-9_.}\$)-])$checkout/" "the path of this checkout is not for the repository" ;;
esac
look "$open" "unfinished work: do it, or write it down as a limit" ! -path ./rules/new
exit $bad
