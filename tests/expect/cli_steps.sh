#!/usr/bin/env bash
# cli_steps.sh SLUICE: what a finding tells: its steps in the order they happen, as deep as the
# calls they are in, none twice, and each says what is NULL there.
. "$(dirname "$0")/cli_common.sh"

cat >a.c <<'EOF'
struct list { int n; struct list *next; int (*call)(struct list *); };

int branches(int a, int b, struct list *list)
{
    struct list *p = list;
    if (a > 3) {
        if (b == 2)
            p = 0;
    }
    if (b == 2 && a > 3)
        return p->n;
    return 0;
}

static int take(int k, struct list *list)
{
    return list->n + k;
}

static int hand_on(int k, struct list *list)
{
    return take(k, list);
}

int literal(int a, int b)
{
    if (a > 3)
        if (b == 2)
            return hand_on(1, 0);
    return 0;
}

int chosen(int a, struct list *list, int k)
{
    return take(k ? 1 : 2, a > 4 ? list : 0);
}

static struct list *none(int k)
{
    static struct list list;
    return k > 2 ? 0 : &list;
}

static struct list *none_either(int k)
{
    return none(k + 1);
}

int returned(int k)
{
    return none_either(k)->n;
}

static void clear(struct list *list)
{
    list->next = 0;
    list->call = 0;
}

int cleared(void)
{
    struct list list;
    clear(&list);
    return list.next->n;
}

int called(void)
{
    struct list list;
    clear(&list);
    return list.call(&list);
}

int read_and_written(int k)
{
    struct list *list = none(k);
    return ++list->n;
}
EOF
"$sluice" check --no-cache -- cc -c a.c >said 2>/dev/null
grep -v -e '^ *[0-9]* |' -e '^ *|' -e '^  do:' said >steps
cat >wanted <<'EOF'
a.c:11:19: error: 'p' is NULL when it is dereferenced here: 'p' is set to NULL (line 8) [null-deref]
  1. a.c:8: 'p' is set to NULL
  2. a.c:11: 'p' is dereferenced here

a.c:29:20: error: NULL is passed as argument 2 of 'hand_on()', which must not be NULL [null-arg]
  1. a.c:29: NULL is passed to 'hand_on()'
  2.   a.c:22: calls 'take()' (in hand_on)
  3.     a.c:17: 'list' is dereferenced here (in take)

a.c:35:12: error: NULL is passed as argument 2 of 'take()', which must not be NULL [null-arg]
  1. a.c:35: NULL is passed to 'take()'
  2.   a.c:17: 'list' is dereferenced here (in take)

a.c:51:28: warning: 'none_either()' can return NULL, and its result is dereferenced here unchecked [null-return-unchecked]
  1. a.c:51: 'none_either()' returns NULL
  2.   a.c:46: 'none()' returns NULL (in none_either)
  3.     a.c:41: NULL is returned here (in none)
  4. a.c:51: 'none_either()' is dereferenced here (in returned)

a.c:64:23: error: 'list.next' is NULL when it is dereferenced here: 'clear()' leaves 'list.next' NULL (line 63) [null-deref]
  1. a.c:63: 'clear()' leaves 'list.next' NULL
  2.   a.c:56: 'list->next' is set to NULL (in clear)
  3. a.c:64: 'list.next' is dereferenced here (in cleared)

a.c:71:12: error: 'list.call' is called here, but holds no function: it is NULL: 'clear()' leaves 'list.call' NULL (line 70) [null-slot-empty]
  1. a.c:70: 'clear()' leaves 'list.call' NULL
  2.   a.c:57: 'list->call' is set to NULL (in clear)
  3. a.c:71: 'list.call()' is called, and is NULL (in called)

a.c:77:20: warning: 'none()' can return NULL, and its result 'list' is dereferenced here unchecked [null-return-unchecked]
  1. a.c:76: 'none()' returns NULL
  2.   a.c:41: NULL is returned here (in none)
  3. a.c:77: 'list' is dereferenced here (in read_and_written)

EOF
sed -i '$d' steps # how many there are
diff wanted steps || complain "the steps are not as they should be"

"$sluice" check --no-cache --tier C --format json -- cc -c a.c >report.json 2>/dev/null
grep -q -- ':-0[,}]' report.json && complain "a number is -0"
grep -q '"text":"calls .take()."[^}]*"depth":1' report.json || complain "no depth 1 in JSON"
grep -q '"text":".list. is dereferenced here"[^}]*"depth":2' report.json || complain "no depth 2 in JSON"
"$sluice" check --no-cache --format sarif -- cc -c a.c 2>/dev/null | grep -q '"nestingLevel":2' ||
    complain "no nestingLevel 2 in SARIF"
end
