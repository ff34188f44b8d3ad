#!/usr/bin/env bash
# cli_contracts.sh SLUICE: what functions promise and ask, in words and as JSON.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
cat >table.h <<'EOC'
#include <stddef.h>
struct entry { char *key; struct entry *next; int value; };
struct table { int size; struct entry **bucket; struct entry *last; };
struct entry *lookup(struct table *table, const char *key);
int find(struct table *table, const char *key, struct entry **out);
EOC
cat >table.c <<'EOC'
#include "table.h"
#include <stdlib.h>
#include <string.h>
struct entry *lookup(struct table *table, const char *key)
{
    if (table->size == 0) return NULL;
    for (struct entry *e = table->bucket[0]; e; e = e->next)
        if (!strcmp(e->key, key)) return e;
    return NULL;
}
int find(struct table *table, const char *key, struct entry **out)
{
    if (!table) return -1;
    struct entry *found = lookup(table, key);
    if (!found) return -2;
    *out = found;
    return 0;
}
static void die(void) { abort(); }
void *must_alloc(size_t size)
{
    void *block = malloc(size);
    if (!block) die();
    return block;
}
struct entry *make(void) { return malloc(sizeof(struct entry)); }
struct entry *last(struct table *table) { return table->last; }
int only_small(struct table *table, unsigned mode)
{
    if (mode > 3) abort();
    return mode == 2 ? 5 : table->size;
}
void each(struct table *table, void (*visit)(struct entry *, void *), void *data)
{
    for (int i = 0; i < table->size; i++) visit(table->bucket[i], data);
}
void drop(struct entry *entry)
{
    if (entry) free(entry->key);
}
int masked(struct table *table, int flags)
{
    if (flags & 4) return 0;
    return table->size;
}
int sum(int a, int b) { return a + b; }
EOC
cat >other.c <<'EOC'
#include "table.h"
static int die(struct table *table) { return table->size; }
int use(struct table *table) { return die(table); }
EOC
cat >compile_commands.json <<'EOC'
[{"directory": ".", "file": "table.c", "command": "cc -c table.c"},
 {"directory": ".", "file": "other.c", "command": "cc -c other.c"}]
EOC

# says FUNCTION LINE...: exactly these sentences
says() {
    local function=$1
    shift
    "$sluice" contracts "$function" >"$work/said" 2>&1 || complain "contracts $function: status $?"
    sed 1d "$work/said" | sed 's/^    //' >"$work/words"
    printf '%s\n' "$@" | cmp -s - "$work/words" || {
        complain "contracts $function must say:"
        printf '    %s\n' "$@"
        echo "  and says:"
        cat "$work/said"
    }
}
says lookup \
    "returns NULL when table->size == 0 (line 6), or when its search finds nothing (line 9)" \
    "otherwise returns something else than NULL" \
    "table must not be NULL (dereferenced at line 6)" \
    "key must not be NULL when table->size != 0 and *table->bucket != NULL (passed to strcmp(), line 8)" \
    "table->bucket must not be NULL when table->size != 0 (dereferenced at line 7)"
"$sluice" contracts find >"$work/said"
for text in "returns -1 when table == NULL" "table may be NULL" \
    "sets *out (never to NULL) when the result is 0; leaves it alone when it is -2 or -1" \
    "out must not be NULL on some paths when" "passed to lookup(), line 14"; do
    grep -qF -- "$text" "$work/said" || { complain "find: no '$text'"; cat "$work/said"; }
done
says must_alloc "never returns NULL"
says make "returns NULL when memory runs out (line 26)" \
    "otherwise returns something else than NULL"
says last "returns table->last" "table must not be NULL (dereferenced at line 27)"
says only_small "returns only when mode <= 3" "returns 5 when mode == 2" \
    "returns table->size when mode != 2" \
    "table must not be NULL when mode != 2 and mode <= 3 (dereferenced at line 31)"
says each "table must not be NULL (dereferenced at line 35)" \
    "visit must not be NULL when table->size > 0 (called at line 35)" \
    "table->bucket must not be NULL when table->size > 0 (dereferenced at line 35)" \
    "calls visit(*table->bucket, data) (line 35)"
says drop "entry may be NULL"
says masked "returns 0 when flags & 4" "returns table->size when !(flags & 4)" \
    "table must not be NULL when !(flags & 4) (dereferenced at line 44)"
says sum "nothing about pointers"
says table.c:die "never returns"
says other.c:die "table must not be NULL (dereferenced at line 2)"
says use "table must not be NULL (passed to die(), line 3, dereferenced at line 2)"

expect 0 "table.c:19: die()" "$sluice" contracts die
expect 0 "other.c:2: die(table)" "$sluice" contracts die
expect 0 "other.c:3: use(table)" "$sluice" contracts --file other.c
refuse_text "table.c:"
expect 2 "did you mean lookup?" "$sluice" contracts lokup
expect 2 "no function 'frobnicate' is defined in the project" "$sluice" contracts frobnicate
expect 2 "nowhere.c: no such file" "$sluice" contracts --file nowhere.c
expect 0 "usage: sluice contracts" "$sluice" contracts --help
expect 0 "masked(table, flags)" "$sluice" contracts --no-cache -- cc -c table.c

# JSON: as its schema says, the same bytes from one worker and from a cold cache.
"$sluice" contracts --schema >"$work/schema.json" || complain "--schema: status $?"
"$sluice" contracts --json >"$work/all.json" || complain "--json: status $?"
python3 -W ignore "$tests/schema.py" "$work/schema.json" "$work/all.json" ||
    complain "the JSON is not what the schema says"
"$sluice" contracts --json -j1 --no-cache >"$work/again.json"
same "$work/all.json" "$work/again.json"
grep -q '"function":"lookup","id":"lookup",.*"result":"maybe"' "$work/all.json" ||
    complain "JSON of lookup"
sed 's/"isPointer":true/"isPointer":1/' "$work/all.json" >"$work/broken.json"
python3 -W ignore "$tests/schema.py" "$work/schema.json" "$work/broken.json" >/dev/null &&
    complain "the schema accepts anything"

# What is not wholly there is said so.
echo 'int broken(int *p) { return *p + }' >>other.c
expect 3 "INCOMPLETE" "$sluice" contracts
expect 0 "broken(p)" "$sluice" contracts --allow-partial broken
end
