#!/usr/bin/env bash
# cli_cache.sh SLUICE: a second run parses nothing and says the same; what changed is noticed; a
# damaged, full or forbidden cache costs time and nothing else.
. "$(dirname "$0")/cli_common.sh"
make_project .
cache=$work/cache
check() { "$sluice" check --cache "$cache" --stats --format json -o "$work/$1.json" 2>"$work/$1.err"; }
cached() { # cached NAME N: that many units of run NAME came from the cache
    grep -q "($2 from the cache" "$work/$1.err" || {
        complain "run $1: not $2 from the cache"
        cat "$work/$1.err"
    }
}
findings() { grep -c '"fingerprint"' "$work/$1.json"; }

check first
cached first 0
check second
cached second 2
same "$work/first.json" "$work/second.json"
"$sluice" check --no-cache --format json -o "$work/none.json" 2>/dev/null
same "$work/first.json" "$work/none.json"

# Touching is no change; a header is one for who reads it; the old content is still known.
touch src/*.c inc/find.h
check touched
cached touched 2
cp inc/find.h find.h.old
sed -i 's/int value;/int value, more;/' inc/find.h
check header
cached header 0
cp find.h.old inc/find.h
check back
cached back 2
same "$work/first.json" "$work/back.json"
sed -i 's/return \*nothing/return kind/' src/use.c
check edited
cached edited 1
[ "$(findings edited)" -lt "$(findings first)" ] || complain "an edit did not reach the findings"
make_project .

# A comment changes no fact that matters to it, but it may silence.
sed -i 's|return \*nothing;|return *nothing; // sluice:allow null-deref planted|' src/use.c
"$sluice" check --cache "$cache" >"$work/said" 2>&1
! grep -q "'nothing' is NULL" "$work/said" || complain "a suppression was not seen"
make_project .

# Arguments, a header in front of another, a generated one that appears.
sed -i 's/-O2/-DX=1/' compile_commands.json
check args
cached args 1
make_project .
mkdir -p src/sys
check again
echo '#include "../inc/find.h"' >src/find.h
check front
cached front 0
rm src/find.h

# Another checkout of the same tree shares the cache.
mkdir "$work/other"
make_project "$work/other"
(cd "$work/other" && check other)
cached other 2
same "$work/first.json" "$work/other.json"

# Damage: each way, to all files at once. The findings stay, the files are made anew.
for way in ': >' 'truncate -s -3' 'truncate -s 40' 'dd bs=1 seek=20 conv=notrunc if=/dev/urandom count=8 of='; do
    check before
    find "$cache" -type f ! -name CACHEDIR.TAG | while read -r file; do
        case $way in
        dd*) eval "$way'$file'" 2>/dev/null ;;
        *) eval "$way '$file'" ;;
        esac
    done
    check damaged
    same "$work/first.json" "$work/damaged.json"
    check mended
    cached mended 2
    same "$work/first.json" "$work/mended.json"
done
# Only the facts: the manifests still lead to them.
find "$cache" -type f -size +400c -exec truncate -s -3 {} +
rm -f "$work/damaged.json"
check damaged
same "$work/first.json" "$work/damaged.json"

# No cache to be had: one warning, the same findings.
: >"$work/file"
"$sluice" check --cache "$work/file/cache" --format json -o "$work/bad.json" 2>"$work/bad.err"
same "$work/first.json" "$work/bad.json"
[ "$(grep -c 'warning' "$work/bad.err")" = 1 ] || complain "not one warning about the cache"
if can_fill_disk; then
    expect 1 "working without a cache" full_disk "$sluice" check --cache "$work/full"
    make_clean clean
    "$sluice" check -p clean --cache "$work/full" >"$work/said" 2>&1 # room for a little, then none
    expect 1 "going on without a cache" full_disk "$sluice" check --cache "$work/full"
    expect 1 "'nothing' is NULL" full_disk "$sluice" check --cache "$work/full"
    [ "$(grep -c 'warning: cannot' "$work/said")" = 1 ] || complain "not one warning about the disk"
    ! find "$work/full" -name '*.part' | grep -q . || complain "half written files were left"
fi
end
