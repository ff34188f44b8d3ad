#!/usr/bin/env bash
# cli_any_order.sh SLUICE: what is found does not depend on what files and functions are called,
# nor on the order they stand in.
. "$(dirname "$0")/cli_common.sh"

# Rules and how often each, of the program in this folder.
rules_of() {
    "$sluice" check --no-cache --root "$1" --fail-on none -p "$1" --format json 2>"$work/said" |
        python3 -c 'import json, sys
print(*sorted(f["rule"] for f in json.load(sys.stdin)["findings"]))'
}
# as_always NAME FOLDER WANTED: the program of FOLDER gives these rules
as_always() {
    local got
    got=$(rules_of "$2")
    [ "$got" = "$3" ] || complain "$1: found '$got', must be '$3'"
    rm -rf "$2"
}
database() { # database FOLDER: of all its files
    (cd "$1" && python3 -c 'import glob, json
print(json.dumps([{"directory": ".", "file": f, "command": "cc -c " + f} for f in sorted(glob.glob("*.c"))]))' \
        >compile_commands.json)
}
# in_files HEADER ORDER: `parts` in files of that order, in the folder `any`
in_files() {
    mkdir any
    echo "$1" >any/all.h
    for i in 0 1 2; do
        printf '#include "all.h"\n%s\n' "${parts[${2:$i:1}]}" >any/f$i.c
    done
    database any
}
orders="012 021 102 120 201 210"

# A callback that only the caller of its caller knows: three functions in files of any order, and all
# in one file of any name.
timer='struct thing { int n; };
struct timer { void (*fn)(void *); void *arg; };
void tick(void *); void fire(struct timer *); void go(struct timer *);'
tick='void tick(void *a) { struct thing *t = a; t->n++; }'
fire='void fire(struct timer *t) { t->fn(t->arg); }'
go='void go(struct timer *t) { t->fn = tick; t->arg = 0; fire(t); }'
parts=("$tick" "$fire" "$go")
for order in $orders; do
    in_files "$timer" $order
    as_always "the timer in files $order" any null-deref
done
for name in a m z; do
    mkdir any
    printf '%s\n' "struct thing { int n; }; struct timer { void (*fn)(void *); void *arg; };" \
        "static $tick" "$fire" "$go" >any/$name.c
    database any
    as_always "the timer in $name.c" any null-deref
done

# An operation that can fail, behind a table, behind a wrapper.
table='struct ops { int *(*get)(int); };
extern struct ops the; int *middle(int); int bottom(int);'
get='static int *get(int k) { static int x; return k < 0 ? 0 : &x; } struct ops the = { get };'
middle='int *middle(int k) { return the.get(k); }'
bottom='int bottom(int k) { return *middle(k); }'
parts=("$get" "$middle" "$bottom")
for order in $orders; do
    in_files "$table" $order
    as_always "the table in files $order" any null-return-unchecked
done

# A ring of functions: whatever they are called, and whichever of them it is that gives up.
for order in $orders; do
    for quits in 0 1 2; do
        mkdir any
        {
            echo 'int g(int); static int x;'
            for i in 0 1 2; do echo "int *f$i(int k);"; done
            for i in 0 1 2; do
                next=$(((i + 1) % 3))
                give_up=''
                [ $i != $quits ] || give_up='if (k < 0) return 0;'
                echo "int *f${order:$i:1}(int k) { $give_up if (g(k)) return &x; return f${order:$next:1}(k - 1); }"
            done
            echo "int use(int k) { return *f${order:0:1}(k); }"
        } >any/ring.c
        database any
        as_always "the ring $order, $quits gives up" any null-return-unchecked
    done
done
end
