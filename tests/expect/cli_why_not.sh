#!/usr/bin/env bash
# cli_why_not.sh SLUICE: every kind of answer of why-not, each from a line that asks for it.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
mkdir -p src other
cat >src/item.h <<'EOC'
#include <stddef.h>
struct item { int value; struct item *next; };
struct item *find(struct item *list, int value);
struct item *outside(int n);
static inline int nobody_calls(struct item *item) { return item->value; }
EOC
# What a line must say stands behind it: `// why: TEXT`, several of them `// why: A // why: B`.
cat >src/a.c <<'EOC'
#include "item.h" // why: not analysed: no code of this line // why: nearest code is on line
#include <assert.h>
#include <stdlib.h>
static struct item global;
struct item *find(struct item *list, int value)
{
    for (; list; list = list->next)      // why: guard: the test of 'list' on line 7
        if (list->value == value) return list;
    return NULL;
}
static void *must_alloc(size_t size)
{
    void *block = malloc(size);
    if (!block) abort();
    return block;
}
static int get(struct item *list, int value, struct item **out)
{
    *out = find(list, value); // why: contract: get() asks its callers // why: 1 of 1 calls
    return *out ? 0 : -2;
}
int guards(struct item *list, int k)
{
    struct item *found = find(list, k);
    if (!found) return 0;
    int value = found->value;            // why: guard: the test of 'found' on line 25
    value += found->value;               // why: guard: the test of 'found' on line 25
    struct item *other;
    if (get(list, k, &other) != 0) return value;
    value += other->value;               // why: guard: the test of 'get()' on line 29
    int ok = list != NULL;
    if (k == 3) ok = 0;
    if (ok) value += list->value;        // why: guard: the test of 'ok' on line 33
    return value;
}
int used(struct item *item)
{
    int value = item->value;             // why: contract: used() asks // why: no call of it is known
    return value + item->value;          // why: used before: it was dereferenced before, on line 38
}
int contracts(void)
{
    struct item *made = must_alloc(sizeof *made);
    return made->value;                  // why: contract: must_alloc() (line 43) never gives NULL
}
static int only_odd(struct item *item, int k) { return k & 1 ? item->value : 0; }
int passes(struct item *item)
{
    return only_odd(NULL, 2)             // why: contract: only_odd() uses it under conditions that do not hold
           + only_odd(item, 1)           // why: contract: passes() asks its callers
           + item->value;                // why: only_odd() got it on line 50 and cannot do with NULL
}
int beliefs(void)
{
    struct item *from = outside(4);
    return from->value;                  // why: nothing is known of outside()
}
int values(struct item *list)
{
    struct item *local = &global;
    local->value = 3;                    // why: value: it is the address of an object
    struct item *next = list->next;
    return next->value;                  // why: unknown: it holds what it held when values() was called
}
int kept(struct item *item)
{
    int n = 0;
    assert(item);
    return item->value + n;              // why: guard: the
}
int crashes(int k)
{
    struct item *nothing = NULL;
    if (k == 1) return nothing->value;   // why: reported: 'nothing' is NULL // why: [null-deref, tier A]
    if (k == 2) return nothing->value;   // why: grouped: // why: told with the same null at src/a.c:74
    struct item *none = NULL;
    if (k == 3) return none->value;      // sluice:allow null-deref a test // why: suppressed: // why: allowed: a test
    return 0;
}
int weak(struct item *list)
{
    struct item *last = NULL;
    for (struct item *item = list; item; item = item->next) last = item;
    return last->value;                  // why: null-deref, tier
}
static int four(void) { return 4; }
int unreachable(struct item *list)
{
    if (four() == 5) return list->value; // why: unreachable: no path gets here: the condition on line 89
    if (four() == 4) {
        struct item *null = NULL;
        int value = null->value;         // why: reported
        return value
               + list->value;            // why: unreachable: // why: all end on line 92, where NULL is used
    }
    return 0;
}
int plain(int a, int b)
{
    return a + b;                        // why: no use: no pointer is dereferenced
}
EOC
echo 'int unused(int *p) { return *p; }' >other/alone.c
echo 'int broken(int *p) { return *p + }' >src/broken.c
cat >compile_commands.json <<'EOC'
[{"directory": "src", "file": "a.c", "command": "cc -c a.c"}]
EOC

while IFS=: read -r number line; do
    "$sluice" why-not "src/a.c:$number" >"$work/said" 2>&1 || complain "line $number: status $?"
    rest=${line#*// why: }
    while :; do
        text=${rest%% // why: *}
        grep -qF -- "$text" "$work/said" || {
            complain "src/a.c:$number must say: $text"
            sed 's/^/    /' "$work/said"
        }
        [ "$rest" != "$text" ] || break
        rest=${rest#* // why: }
    done
done < <(grep -n '// why: ' src/a.c)

expect 0 "not analysed: no code of this line" "$sluice" why-not src/item.h:5
expect 0 "no translation unit of compile_commands.json compiles or includes" \
    "$sluice" why-not other/alone.c:1
expect 0 "src/a.c:26" "$sluice" why-not src/a.c:26:17
expect 0 "guard" bash -c "cd src && '$sluice' why-not a.c:26"
expect 0 "src/a.c:26" bash -c "cd other && '$sluice' why-not -p .. src/a.c:26"
expect 2 "src/a.c has 101 lines: there is no line 102" "$sluice" why-not src/a.c:102
expect 2 "there is no line 0" "$sluice" why-not src/a.c:0
expect 2 "nothing.c" "$sluice" why-not nothing.c:3
expect 2 "'src/a.c' is no FILE:LINE" "$sluice" why-not src/a.c
expect 2 "takes one FILE:LINE" "$sluice" why-not
expect 0 "usage: sluice why-not" "$sluice" why-not --help
expect 0 "broken() does not compile" "$sluice" why-not src/broken.c:1 -- cc -c src/broken.c

# Loops in loops, with a choice in each, until the budget is gone.
{
    echo 'struct s { int v; struct s *n; };'
    echo 'int deep(struct s *p, int k) { int r = 0;'
    for i in {0..13}; do
        echo "for (struct s *p$i = p; p$i; p$i = p$i->n) { struct s *q$i = k & 1 << $i ? p : p$i->n;"
    done
    echo 'r += p->v;'
    for i in {13..0}; do echo "if (q$i) r += q$i->v; }"; done
    echo 'return r; }'
} >src/deep.c
expect 0 "budget: the budget ran out in deep() after" "$sluice" why-not src/deep.c:17 -- cc -c src/deep.c
expect 0 "too large to be followed within the budget" "$sluice" contracts deep -- cc -c src/deep.c

"$sluice" why-not --schema >"$work/schema.json" || complain "--schema: status $?"
for number in 1 7 26 62 74 75 77 84 89; do
    "$sluice" why-not --json "src/a.c:$number" >"$work/one.json" || complain "--json: status $?"
    python3 -W ignore "$tests/schema.py" "$work/schema.json" "$work/one.json" ||
        complain "line $number: the JSON is not what the schema says"
done
end
