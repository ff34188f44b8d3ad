# Run by bare.sh, as root, in a Debian with nothing but apt; /tmp holds the package.
set -eux
find / -xdev -newer /tmp/ready -prune -o -path '*sluice*' -print | grep -v '^/tmp' && exit 1
apt-get install -qq -y --no-install-recommends /tmp/sluice_*.deb
cd /tmp
printf '#include <stddef.h>\nchar *getenv(const char *);\nint f(void);\nint f(void)\n{\n    char *home = getenv("HOME");\n    return *home;\n}\n' >a.c
printf 'int f(void);\nint f(void) { return 0; }\n' >b.c
status=0
sluice check -- cc -c a.c >said || status=$?
cat said
grep -q '^a.c:7:.*null-return-unchecked' said
sluice check --fail-on B -- cc -c a.c >/dev/null && exit 1
sluice check -- cc -c b.c
sluice doctor -- cc -c b.c
sluice explain null-deref >/dev/null
[ "$status" -le 1 ]
apt-get purge -qq -y sluice
! command -v sluice
rm -rf /tmp/sluice_*.deb /root/.cache
find / -xdev -path '*sluice*' -print | grep -v '^/proc' && exit 1
echo "inside: all right"
