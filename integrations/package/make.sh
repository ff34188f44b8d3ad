#!/bin/sh
# make.sh SLUICE VERSION FOLDER: the manual page and the completions, from what the program says.
set -eu
here=$(dirname "$0")
cd "$3"
"$here/table.sh" "$1" >options.table
awk -f "$here/bash.awk" options.table >sluice.bash
awk -f "$here/zsh.awk" options.table >_sluice
awk -f "$here/fish.awk" options.table >sluice.fish
awk -v version="$2" -f "$here/manual.awk" options.table "$here/sluice.1.in" >sluice.1
gzip -9nc sluice.1 >sluice.1.gz
gzip -9nc changelog >changelog.gz
