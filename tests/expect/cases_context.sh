#!/bin/sh
# Prints what sluice says of each program of a folder with an INDEX.tsv of contexts:
#     cases_context.sh SLUICE [FOLDER [MODELS]]
# The third column is the verdict: a BUG must give its rule and no other finding, an OK none.
# Without FOLDER, the collection beside the checkout is used; it is there only while developing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sluice=$1
case $sluice in /*) ;; *) sluice=$PWD/$sluice ;; esac
folder=${2:-$here/../../../shared/cases/context}
models=${3:-$folder/../../models}
if [ ! -f "$folder/INDEX.tsv" ]; then
    echo "skipped: no INDEX.tsv in $folder"
    exit 77
fi
models=$(cd "$models" && pwd)
cd "$folder"
good=0 all=0
while read -r file rule verdict shape; do
    set --
    for model in inhouse mhd_gateway keys libcurl pthread_pool librdkafka grpc_core nginx; do
        set -- "$@" --model "$models/$model.yaml"
    done
    said=$("$sluice" check --no-cache --fail-on none --root . --format github "$@" -- \
        cc -std=gnu11 -c "$file" 2>/dev/null | sed -n 's/.*title=\([a-z-]*\)::.*/\1/p' | sort -u |
        tr '\n' ' ') || said=failed
    wanted=
    [ "$verdict" != BUG ] || wanted="$rule "
    all=$((all + 1))
    if [ "$said" = "$wanted" ]; then
        good=$((good + 1))
        echo "ok    $file $verdict $rule"
    else
        echo "WRONG $file $verdict $rule: '$said' ($shape)"
    fi
done <INDEX.tsv
echo "$good of $all"
[ "$good" = "$all" ]
