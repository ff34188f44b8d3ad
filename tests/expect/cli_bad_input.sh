#!/usr/bin/env bash
# cli_bad_input.sh SLUICE: what the world gets wrong: each a clear sentence, the right status, and
# nothing lost or half written.
. "$(dirname "$0")/cli_common.sh"

# --- compile databases
expect 2 "no compile_commands.json here or in a folder above" "$sluice" check
expect 2 "cannot read" "$sluice" check -p nowhere.json
mkdir empty
expect 2 "no compile_commands.json in" "$sluice" check -p empty
echo 'not json' >compile_commands.json
expect 2 "compile_commands.json:1:1: not a compile database" "$sluice" check
printf '[\n {"file": }]' >compile_commands.json
expect 2 "compile_commands.json:2:11: this is not JSON" "$sluice" check
printf '[\n {"file": "a.c"}]' >compile_commands.json
expect 2 ':2:2: an entry needs a "directory"' "$sluice" check
head -c 100000 /dev/zero >compile_commands.json
expect 2 "not a compile database" "$sluice" check
echo '[]' >compile_commands.json
expect 3 "the database is empty" "$sluice" check
expect 3 "INCOMPLETE" "$sluice" check --format sarif
echo '[{"directory":".","file":"a.S","command":"cc -c a.S"}]' >compile_commands.json
expect 3 "nothing here compiles C" "$sluice" check
rm compile_commands.json
mkfifo compile_commands.json
expect 2 "not a regular file" timeout 60 "$sluice" check
rm compile_commands.json

# --- translation units
make_project .
mv src/find.c src/found.c
expect 3 "src/find.c" "$sluice" check
expect 3 "1 of 2 translation units failed" "$sluice" check --fail-on none
expect 3 "'nothing' is NULL" "$sluice" check # the other one is analysed
refuse_text "no findings in"
mv src/found.c src/find.c
echo '#include "generated.h"' >>src/find.c
expect 3 "generated.h" "$sluice" check
expect 3 "1 are partial" "$sluice" check --format json
expect 1 "generated.h" "$sluice" check --allow-partial
echo 'int generated;' >inc/generated.h
expect 1 "'nothing' is NULL" "$sluice" check # it is there now: nothing stale was kept
refuse_text "INCOMPLETE"
echo 'int broken(void) { return undeclared; }' >>src/find.c
expect 3 "undeclared" "$sluice" check
make_project .
echo 'int;' >src/use.c
echo 'int;' >src/find.c
expect 3 "no function was analysed" "$sluice" check
make_project .
head -c 5000 "$sluice" >src/find.c # no text at all
expect 3 "INCOMPLETE" "$sluice" check
make_project .
: >src/find.c
expect 1 "'nothing' is NULL" "$sluice" check # an empty file is a valid one

# --- what is no source file; a command that compiles nothing. None of them looks like a clean run.
make_project .
expect 3 "nofile.c: not analysed: the file is not there" "$sluice" check -- gcc -c nofile.c
refuse_text "no findings"
expect 3 "INCOMPLETE: nothing was analysed" "$sluice" check -- gcc -c nofile.c
expect 3 "standard input" "$sluice" check -- gcc -x c -c - </dev/null
for words in "-E src/use.c" "-c x.s" "-x c++ -c src/use.c" "-o x y.o"; do
    # shellcheck disable=SC2086 # a list of words
    expect 3 "the command after -- compiles no C" "$sluice" check -- gcc $words
    refuse_text "no findings"
done
expect 3 "1 error in 1 of 2 translation units" "$sluice" check -- gcc -Iinc -c src/use.c nofile.c
odd_file() { # odd_file TEXT: src/find.c is odd, and the other one is analysed
    expect 3 "$1" timeout 60 "$sluice" check --no-cache
    grep -qF "'nothing' is NULL" "$work/said" || complain "$1: the other unit is lost"
    rm -rf src/find.c
}
rm src/find.c
mkfifo src/find.c
odd_file "src/find.c: not analysed: the file cannot be read: it is a pipe"
mkdir src/find.c
odd_file "src/find.c: not analysed: the file cannot be read: it is a folder"
echo '#include "find.c"' >src/find.c
odd_file "#include nested too deeply"
echo 'int f(void) { return 1; }' | iconv -t UTF-16 >src/find.c
odd_file "UTF-16"
for bytes in '\000' '\357\273\277' '\r\n'; do # taken as compilers take them
    printf "${bytes}int f(void) { return 1; }\r\n" >src/find.c
    expect 1 "in 2 translation units" "$sluice" check --no-cache
done
entry() { # entry ENTRY STATUS TEXT: in a database with a sound one
    printf '[{"directory":"src","file":"use.c","command":"cc -I../inc -c use.c"},%s]' "$1" >compile_commands.json
    expect "$2" "$3" timeout 60 "$sluice" check --no-cache
    [ "$2" = 2 ] || grep -qF "'nothing' is NULL" "$work/said" || complain "$1: the other unit is lost"
}
entry '{"directory":".","file":"a.c","arguments":[]}' 2 "compile_commands.json:1:70: an entry without a compiler: mend it or take it out"
entry '{"directory":".","file":"","command":"cc"}' 2 'an entry needs a "file": mend it'
entry '{"directory":".","file":"-","command":"cc -c -"}' 1 "in 1 translation unit"
entry '{"directory":".","file":"p.c","command":"cc -x c++ -c p.c"}' 1 "in 1 translation unit"
entry '{"directory":"/gone","file":"a.c","command":"cc -c a.c"}' 3 "/gone/a.c: not analysed: the file is not there"
entry '{"directory":"src","file":"use.c","command":"cc -I../inc @gone.rsp -c use.c"}' 3 "the response file"
make_project .
(exec >&-; "$sluice" check --no-cache 2>"$work/said") && complain "no standard output: a pass"
grep -qF "cannot write the output" "$work/said" || complain "no standard output: nothing is said"
(exec 2>&-; "$sluice" check --no-cache >"$work/said") # no warning goes to where a worker listens
grep -qF "'nothing' is NULL" "$work/said" || complain "no standard error: the findings are lost"
expect 4 "(ulimit -n: open files)" bash -c 'ulimit -n 7; exec "$@"' few "$sluice" check --no-cache
expect 1 "" bash -c 'ulimit -n 20; exec "$@"' few "$sluice" check --cache "$work/few"
if unshare -m umount -l /proc 2>/dev/null; then
    expect 1 "working without a cache" unshare -m bash -c 'umount -l /proc; exec "$@"' bare "$sluice" check \
        --cache "$work/bare"
fi
if can_fill_disk && unshare -m mount -t tmpfs -o size=16k none "$work/home" 2>/dev/null; then # a disk with no room at all
    # shellcheck disable=SC2016
    expect 1 "" unshare -m bash -c 'mount -t tmpfs -o size=16k none "$HOME"; dd if=/dev/zero of="$HOME/full" 2>/dev/null
        TMPDIR=$HOME exec "$@"' full "$sluice" check --cache "$work/home/cache"
    grep -qF "without a cache" "$work/said" || complain "a full disk: nothing is said"
fi

git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm first
echo 'int more(int *p) { return p ? 0 : *p; }' >>src/find.c
expect 4 "set TMPDIR" env TMPDIR=/nonexistent "$sluice" check --no-cache --base HEAD
rm -rf .git

# --- a parser that dies, hangs or eats all memory loses its unit and no other
echo '#pragma clang __debug crash' >>src/find.c
expect 3 "1 of 2 translation units failed" "$sluice" check --no-cache
expect 3 "'nothing' is NULL" "$sluice" check --no-cache -j1
expect 3 "not analysed: the parser" \
    env LIBCLANG_DISABLE_CRASH_RECOVERY=1 "$sluice" check --no-cache -j1
expect 3 "'nothing' is NULL" \
    env LIBCLANG_DISABLE_CRASH_RECOVERY=1 "$sluice" check --no-cache -j1
cat >src/deep.h <<'EOF'
#if __INCLUDE_LEVEL__ < 40
#include "deep.h"
#include "deep.h"
#endif
EOF
echo '#include "deep.h"' >src/find.c
# Two seconds, for what is healthy must stay below them on a busy machine and under sanitizers.
expect 3 "more than 2 seconds of CPU time" "$sluice" check --no-cache --tu-timeout 2
grep -qF "'nothing' is NULL" "$work/said" || complain "the other unit was lost as well"
make_project .
echo '#include <stdlib.h>' >>src/find.c
if ! grep -q "__[at]san_init" "$sluice"; then # sanitizers reserve more than any limit
    expect 3 "translation units failed" "$sluice" check --no-cache -j1 --tu-memory 1
fi
make_project .

# --- commands of another compiler
echo 'long wide(int *p) { p = 0; return *p; }' >src/wide.c
expect 1 "does not take '-march=x86-64-v9' (analysed with '-march=x86-64-v4')" \
    "$sluice" check --no-cache -- gcc -march=x86-64-v9 -Iinc -c src/use.c
refuse_text "INCOMPLETE"
expect 1 "with '--target=riscv32-esp32-elf', whose types are as wide" \
    "$sluice" check --no-cache -- xtensa-esp32-elf-gcc -DNDEBUG -mlongcalls -c src/wide.c
expect 1 "error" "$sluice" check --no-cache -- aarch64-linux-gnu-gcc -mabi=lp64 -c src/wide.c
refuse_text "does not take" # it is what clang does anyway
expect 3 "the response file 'lost.rsp' is not there: its flags are missing" \
    "$sluice" check --no-cache -- gcc @lost.rsp -Iinc -c src/use.c
echo '-Iinc @ring.rsp @ring.rsp' >ring.rsp
expect 3 "the response file 'ring.rsp' names itself, at once or through the files it names" \
    "$sluice" check --no-cache -- gcc @ring.rsp -c src/use.c
refuse_text "more error"
printf -- '-Iinc -c src/use.c' | iconv -t UTF-16LE >wide.rsp
expect 2 "the response file 'wide.rsp' in the command after -- cannot be read as text" \
    "$sluice" check -- gcc @wide.rsp
expect 3 "the response file 'wide.rsp' holds NUL bytes" "$sluice" check -- gcc @wide.rsp -Iinc -c src/use.c
expect 2 "'sluice capture -- make' writes what it runs" "$sluice" check -- make -j2 all
expect 3 "'lost.h' file not found" \
    "$sluice" check --no-cache -- gcc -Wp,-include,lost.h -Iinc -c src/use.c

# --- models
echo 'functions: [' >bad.yaml
expect 2 "bad.yaml:" "$sluice" check --model bad.yaml
# A model of a function that the program declares otherwise: said, also when the result is recalled.
make_clean lone
cat >lone/add.c <<'EOF'
struct box;
struct box *box_open(const char *name, int mode);
int box_size(struct box *box);
int add(void) { return box_size(box_open("a", 1)); }
EOF
cat >lone/box.yaml <<'EOF'
version: 1
pack: box
functions:
  box_size:
    params: [box]
    nonnull: [box]
  box_open:
    params: [name, mode, flags]
    returns: nonnull
    or_null: optional
  box_never:
    params: []
EOF
misfit="box.yaml:7:3: warning: the model of 'box_open' has 3 parameters, but the program declares it with 2 (add.c:2)"
for _ in 1 2; do
    expect 0 "$misfit" "$sluice" check -p lone --model lone/box.yaml
    refuse_text "box_size"
    refuse_text "box_never"
done
expect 0 "::warning file=box.yaml,line=7,title=sluice::" "$sluice" check -p lone --model lone/box.yaml -f github
expect 0 '"model-misfit"' "$sluice" check -p lone --model lone/box.yaml -f sarif
sed -i 's/, flags//' lone/box.yaml
expect 1 "null-return-unchecked" "$sluice" check -p lone --model lone/box.yaml --fail-on B
refuse_text "left out"

# --- outputs that cannot be written
expect 4 "cannot write" "$sluice" check -o nowhere/out.sarif --format sarif
expect 4 "No space left" "$sluice" check -o /dev/full
expect 4 "No space left" sh -c "'$sluice' check >/dev/full"
mkdir folder
expect 4 "cannot write folder" "$sluice" check -o folder
[ -z "$(ls folder)" ] || complain "something was left in folder/"
expect 1 "" "$sluice" check -o /dev/null
[ -c /dev/null ] || complain "/dev/null was replaced"
! can_fill_disk || expect 4 "File too large" full_disk "$sluice" check --no-cache -o out.txt
[ ! -e out.txt ] && [ -z "$(ls out.txt* 2>/dev/null)" ] || complain "half a report was left"
"$sluice" check -o out.txt 2>/dev/null
cp out.txt old.txt
make_clean clean
! can_fill_disk || expect 4 "File too large" full_disk "$sluice" check -p clean --no-cache -o out.txt
same out.txt old.txt # the old report survives a disk that is full

# --- facts and packs
"$sluice" extract -o find.fact --root . -- cc -Iinc -c src/find.c || complain "extract"
"$sluice" extract -o use.fact --root . -- cc -Iinc -c src/use.c || complain "extract"
expect 1 "'nothing' is NULL" "$sluice" link find.fact use.fact
expect 3 "absent.fact" "$sluice" link find.fact absent.fact
expect 3 "absent.fact" "$sluice" pack -o x.pack find.fact absent.fact
[ ! -e x.pack ] || complain "a pack without one of its facts was written"
mkdir elsewhere
expect 1 "src/use.c cannot be read below $work/project/elsewhere: comments there allow nothing" \
    "$sluice" link --root elsewhere find.fact use.fact
sed -i 's|return \*nothing;|return *nothing; // sluice:allow null-deref planted|' src/use.c
"$sluice" link find.fact use.fact >"$work/said" 2>&1
refuse_text "'nothing' is NULL"
refuse_text "cannot be read"
make_project .
head -c 40 use.fact >short.fact
expect 3 "short.fact" "$sluice" link find.fact short.fact
cp use.fact bent.fact
printf '\377' | dd of=bent.fact bs=1 seek=100 conv=notrunc 2>/dev/null
expect 3 "bent.fact" "$sluice" link find.fact bent.fact
expect 3 "bent.fact" "$sluice" pack -o x.pack find.fact bent.fact
echo 'int x;' >text.fact
expect 3 "text.fact" "$sluice" link text.fact
printf 'src/find.c\nsrc/use.c\n' >manifest
expect 1 "" "$sluice" link --expect manifest find.fact use.fact
expect 3 "no fact of src/use.c" "$sluice" link --expect manifest find.fact
expect 2 "cannot read none" "$sluice" link --expect none find.fact
"$sluice" extract -o gone.fact --root . -- cc -c src/gone.c || complain "status inside, not outside"
expect 3 "src/gone.c" "$sluice" link find.fact gone.fact
expect 4 "cannot write" "$sluice" extract -o nowhere/x.fact -- cc -Iinc -c src/find.c

# --- no permission: as somebody who is not root
as_nobody() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
    else
        "$@"
    fi
}
cp "$sluice" "$work/sluice"
chmod 755 "$work" "$work/sluice"
if as_nobody "$work/sluice" --version >/dev/null 2>&1; then
    chmod 000 compile_commands.json
    expect 2 "Permission denied" as_nobody "$work/sluice" check --no-cache
    chmod 644 compile_commands.json
    chmod 000 src/find.c
    expect 3 "src/find.c: not analysed: the file cannot be read: Permission denied" \
        as_nobody "$work/sluice" check --no-cache
    chmod 644 src/find.c
    chmod 000 inc/find.h
    expect 3 "find.h': Permission denied" as_nobody "$work/sluice" check --no-cache
    refuse_text "$work"
    chmod 644 inc/find.h
    mkdir locked
    chmod 555 locked
    expect 1 "working without a cache" as_nobody "$work/sluice" check --cache locked/cache
    expect 4 "Permission denied" as_nobody "$work/sluice" check --no-cache -o locked/out
fi
end
