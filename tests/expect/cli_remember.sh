#!/usr/bin/env bash
# cli_remember.sh SLUICE: after a change only functions that it reaches are run again, and what is
# said is what a run without memory says: also when it is another file that decides.
. "$(dirname "$0")/cli_common.sh"
make_project .
cat >src/more.c <<'EOF'
#include <stddef.h>
struct ops { int *(*get)(void); };
static int *none(void) { return NULL; }
int number;
int *pointer = &number;
struct ops ops = {none};
void stop(void);
int through_slot(void) { return *ops.get(); }
int through_global(void) { return *pointer; }
int after_stop(int *p)
{
    if (!p) stop();
    return *p;
}
EOF
cat >src/other.c <<'EOF'
#include <stdlib.h>
void stop(void) { exit(1); }
EOF
cat >compile_commands.json <<'EOF'
[{"directory": "src", "file": "find.c", "command": "cc -I../inc -c find.c"},
 {"directory": "src", "file": "use.c", "command": "cc -I../inc -c use.c"},
 {"directory": "src", "file": "more.c", "command": "cc -c more.c"},
 {"directory": "src", "file": "other.c", "command": "cc -c other.c"}]
EOF
cache=$work/cache
# check NAME RUNS: with memory; that many functions are run; without memory the same is said.
check() {
    "$sluice" check --cache "$cache" --tier C --stats --format json -o "$work/$1.json" 2>"$work/$1.err"
    "$sluice" check --no-cache --tier C --format json -o "$work/$1.none.json" 2>/dev/null
    same "$work/$1.json" "$work/$1.none.json"
    grep -q ", $2 runs" "$work/$1.err" || {
        complain "$1: not $2 runs"
        grep '^functions' "$work/$1.err"
    }
}
differ() { ! cmp -s "$work/$1.json" "$work/$2.json" || complain "$1 and $2 say the same"; }

check first 9
sed -i '1i /* all lines move */' src/find.c
check moved 0
sed -i 's/list->value == value/list->value == value \&\& value/' src/find.c
check body 2 # find, and use, which learns of it
sed -i 's/return NULL;/return list;/' src/find.c
check shallow 2
sed -i 's/exit(1)/(void)0/' src/other.c
check returns 2 # stop, which comes back now, and who calls it
differ shallow returns
echo 'extern int *pointer; void clear(void) { pointer = 0; }' >>src/other.c
check written 2 # clear; and who reads the global that has a writer now
echo 'struct ops { int *(*get)(void); }; extern struct ops ops; extern int number; static int *some(void) { return &number; } void set(void) { ops.get = some; }' >>src/other.c
check slot 3 # two new ones; and the caller through the slot
differ written slot
check same 0

# Damage to any of its three files costs time and nothing else.
for magic in SLURUN SLUSUM SLUEVI; do
    file=$(find "$cache" -type f -exec grep -l "$magic" {} +)
    [ -f "$file" ] || complain "there is no file of $magic"
    dd bs=1 seek=60 count=4 conv=notrunc if=/dev/urandom of="$file" 2>/dev/null
    echo "int add_$magic;" >>src/other.c
    check "damaged.$magic" 12
done
end
