#!/usr/bin/env bash
# bare.sh BUILD: the .deb on a Debian 12 that has nothing but apt: it installs with what it depends
# on, finds a fault, and leaves nothing behind. 77: not root, no mmdebstrap, or no mirror.
set -u
build=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "not root"
for tool in mmdebstrap dpkg-shlibdeps file; do
    command -v "$tool" >/dev/null || skip "needs $tool"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$work" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
deb=$(echo "$work"/sluice_*.deb)

# The mirrors of this machine, and the way to them.
sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ -s "$file" ] && sources+=("$file")
done
[ "${#sources[@]}" -gt 0 ] || sources=("deb http://""deb.debian.""org/debian bookworm main")
apt-config dump Acquire | grep -Ei '^Acquire::(https?|Check|Retries|ForceIPv4)' >"$work/apt.conf" || true
mmdebstrap --quiet --variant=apt --format=null --aptopt="$work/apt.conf" \
    --customize-hook='touch "$1/tmp/ready"' --customize-hook="touch $work/reached" \
    --customize-hook="copy-in $deb $here/inside.sh /tmp" \
    --customize-hook='chroot "$1" sh /tmp/inside.sh' \
    bookworm /dev/null "${sources[@]}" >"$work/log" 2>&1
status=$?
[ -e "$work/reached" ] || { tail -n 5 "$work/log"; skip "no Debian to be had"; }
[ "$status" = 0 ] || { grep -v '^I:' "$work/log" | tail -n 40; exit 1; }
grep -q 'inside: all right' "$work/log"
