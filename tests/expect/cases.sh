#!/bin/sh
# Prints the verdict of sluice on each program of a folder with an INDEX.tsv:
#     cases.sh SLUICE [FOLDER]
# A BUG must give at least one finding that blocks or warns, an OK none. Without FOLDER, the
# collection beside the checkout is used; it is there only while developing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sluice=$1
folder=${2:-$here/../../../shared/cases/null}
if [ ! -f "$folder/INDEX.tsv" ]; then
    echo "skipped: no INDEX.tsv in $folder"
    exit 77
fi
exec python3 "$here/expect.py" --sluice "$sluice" --verdicts "$folder"
