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
sluice-tidy a.c -- cc -c a.c
sluice check -- cc -c b.c
sluice doctor -- cc -c b.c
sluice explain null-deref >/dev/null
[ "$status" -le 1 ]

# What `sluice init` writes for GitLab, as a runner would run it: it installs the package itself.
mkdir ci
cd ci
printf 'all: a.o\na.o: a.c\n\tgcc -c a.c\n' >Makefile
printf 'int old(int k);\nint old(int k)\n{\n    int *p = 0;\n    return k ? *p : 0;\n}\n' >a.c
grep -qs localhost /etc/hosts || echo '127.0.0.1 localhost' >>/etc/hosts # as every container has
sluice init --gitlab
job=.gitlab/sluice.yml
sed -n '/^  before_script:/,/^  script:/s/^    - //p' $job >/tmp/before.sh
sed -n '/^  script:/,/^  artifacts:/s/^    - //p' $job >/tmp/script.sh
apt-get purge -qq -y sluice
! command -v sluice
apt-get install -qq -y --no-install-recommends git
export HOME=/root
git init -q -b main .
git add -A
git -c user.name=a -c user.email=a@b commit -qm first
base=$(git rev-parse HEAD)
printf 'int fresh(void);\nint fresh(void)\n{\n    int *p = 0;\n    return *p;\n}\n' >>a.c
git -c user.name=a -c user.email=a@b commit -qam second
SLUICE_PACKAGE="file://$(echo /tmp/sluice_*.deb)"
export SLUICE_PACKAGE
bash -e /tmp/before.sh
status=0
CI_MERGE_REQUEST_DIFF_BASE_SHA=$base bash -e /tmp/script.sh || status=$?
[ "$status" = 1 ]
grep -q '"begin": *11' sluice-quality.json
! grep -q '"begin": *5' sluice-quality.json
[ -s sluice.sarif ]
[ -s sluice-junit.xml ]
bash -e /tmp/script.sh # the default branch: reports only
cd /tmp
rm -rf ci

apt-get purge -qq -y sluice
! command -v sluice
rm -rf /tmp/sluice_*.deb /tmp/sluice.deb /root/.cache
find / -xdev -path '*sluice*' -print | grep -v '^/proc' && exit 1
echo "inside: all right"
