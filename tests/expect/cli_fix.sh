#!/usr/bin/env bash
# cli_fix.sh SLUICE: repairs in the words of the function, tried before they are offered; written,
# shown as a patch, told in SARIF; none where none is obvious.
. "$(realpath "$(dirname "$0")")/cli_common.sh"
mkdir -p src
cat >src/idiom.c <<'EOC'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct item { int value; struct item *next; char *name; };

int cleanup_label(const char *text)
{
    int rc = -1;
    struct item *copy = malloc(sizeof *copy);
    char *dot;
    if (!copy)
        return -1;
    copy->name = strdup("copy");
    if (!copy->name) {
        rc = -2;
        goto out;
    }
    dot = strrchr(text, '.'); /* behind a comment */
    copy->value = dot[1];
    rc = 0;
out:
    free(copy->name);
    free(copy);
    return rc;
}

int early_return(const char *name, int *out)
{
    if (out == NULL) return -22;
    const char *home = getenv(name);
    *out = home[0];
    return 0;
}

void in_loop(char **values, int n)
{
    for (int i = 0; i < n; i++) {
        if (!values[i]) {
            continue;
        }
        char *colon = strchr(values[i], ':');
        *colon = '.';
    }
}

struct item *returns_a_pointer(int value)
{
    struct item *made = malloc(sizeof *made);

    made->value = value;
    return made;
}

int test_too_late(const struct item *item)
{
    int value = item->value;

    if (!item)
        return 0;
    return value;
}

int test_moves(struct item *item)
{
    item->value = 3;
    if (!item) return 0;
    return item->value;
}

int in_a_condition(struct item *item)
{
    if (item) item->value = 0;
    if (item->value == 3) puts("three");
    return 1;
}

static int item_get(int key, struct item **out)
{
    *out = NULL;
    if (key > 9) return -1;
    *out = malloc(sizeof **out);
    if (!*out) return -1;
    (*out)->value = key;
    return 0;
}

int status_ignored(int key)
{
    struct item *item;

    if (key < 0) return -1;
    item_get(key, &item);
    return item->value;
}
EOC
# Nothing of these is obvious, or it would be wrong.
cat >src/none.c <<'EOC'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct node { int size; struct node *next; };
void lock(void);
void unlock(void);

/* The message of a branch that is taken because it is null. */
int message(struct node *node)
{
    if (!node) {
        printf("%d is gone\n", node->size);
        return -1;
    }
    return 0;
}
/* What was there is lost with the result. */
int *grow(int *numbers, size_t n)
{
    numbers = realloc(numbers, n * sizeof *numbers);
    numbers[n - 1] = 0;
    return numbers;
}
/* No value says that it failed. */
size_t length(const char *text)
{
    char *copy = strdup(text);
    size_t n = strlen(copy);
    free(copy);
    return n;
}
/* Whoever left would leave it locked. */
int locked(int n)
{
    int *cell;
    if (n < 0) return -1;
    lock();
    cell = malloc(sizeof *cell);
    *cell = n;
    unlock();
    n = *cell;
    free(cell);
    return n;
}
/* It is null whatever happens: a test would only hide that. */
int always(int n)
{
    int *cell = NULL;
    if (n < 0) return -1;
    return *cell;
}
/* A macro makes the statement. */
#define MAKE(p) p = malloc(sizeof *(p))
int by_macro(int n)
{
    int *cell;
    if (n < 0) return -1;
    MAKE(cell); n = *cell;
    free(cell);
    return n;
}
EOC
cat >compile_commands.json <<EOF
[{"directory": "src", "file": "idiom.c", "command": "cc -c idiom.c"},
 {"directory": "src", "file": "none.c", "command": "cc -c none.c"}]
EOF
cp -r src kept
has() { grep -qF -- "$2" "$1" || { complain "$1 must have: $2"; cat "$1"; }; }
behind() { # behind FILE LINE NEXT: one line follows the other
    grep -A1 -F -- "$2" "$1" | grep -qF -- "$3" || { complain "$1: behind $2 must be $3"; cat "$1"; }
}

# As a patch: it applies, and nothing is written.
"$sluice" check --fix=diff --fail-on none >"$work/patch" || complain "--fix=diff: status $?"
has "$work/patch" "+++ b/src/idiom.c"
same src/idiom.c kept/idiom.c
patch -p1 --dry-run --fuzz=0 <"$work/patch" >"$work/said" 2>&1 || { complain "patch"; cat "$work/said"; }
grep -q "none.c" "$work/patch" && complain "a fix where none is obvious" && cat "$work/patch"

# Written: the same, and it compiles as before. What has no fix is still reported.
expect 1 "leave when '!dot' [null-return-unchecked]" \
    "$sluice" check --fix --fail-on B
grep -q "^src/none.c:.*null-deref" "$work/said" || complain "what is not fixed is reported"
grep -q "^sluice: fixed: src/idiom.c:" "$work/said" || complain "what is fixed is told"
! grep -q "^src/idiom.c:.*'dot'" "$work/said" || complain "what is fixed is not reported"
cp -r src written && rm -rf src && cp -r kept src
patch -s -p1 <"$work/patch" && same src/idiom.c written/idiom.c
for cc in gcc clang-19; do
    command -v "$cc" >/dev/null || continue
    "$cc" -Wall -Wextra -Werror -c src/idiom.c -o idiom.o 2>"$work/said" || { complain "$cc"; cat "$work/said"; }
done
behind src/idiom.c "/* behind a comment */" "    if (!dot) {"
behind src/idiom.c "    if (!dot) {" "        rc = -2;"
behind src/idiom.c "getenv(name);" "    if (!home) return -22;"
behind src/idiom.c "strchr(values[i], ':');" "        if (!colon) {"
behind src/idiom.c "        if (!colon) {" "            continue;"
has src/idiom.c "    if (!made) return NULL;"
behind src/idiom.c "        return 0;" "    value = item->value;"
behind src/idiom.c "    if (!item) return 0;" "    item->value = 3;"
has src/idiom.c "    if (item && item->value == 3) puts(\"three\");"
has src/idiom.c "    if (item_get(key, &item) != 0) return -1;"
"$sluice" check --fix=diff --fail-on none src/idiom.c >"$work/said" # all is done
[ ! -s "$work/said" ] || { complain "fixes of what is fixed"; cat "$work/said"; }
rm -rf src && cp -r kept src

# SARIF tells them, from the cache as well.
"$sluice" check --fixes --format sarif --fail-on none -o "$work/a.sarif"
python3 - "$work/a.sarif" <<'EOF' || complain "SARIF: fixes"
import json, sys
results = json.load(open(sys.argv[1]))["runs"][0]["results"]
fixed = [r for r in results if "fixes" in r]
assert len(fixed) == 8, len(fixed)
lines = open("src/idiom.c").read().splitlines(keepends=True)
whole = "".join(lines)
def offset(line, column):
    return sum(len(l) for l in lines[: line - 1]) + column - 1
removed = []
for result in fixed:
    change, = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "src/idiom.c"
    assert result["fixes"][0]["description"]["text"]
    for replacement in change["replacements"]:
        region = replacement["deletedRegion"]
        start = offset(region["startLine"], region["startColumn"])
        end = offset(region["endLine"], region["endColumn"])
        assert 0 < start <= end <= len(whole)
        removed.append(whole[start:end])
assert " = item->value" in removed, removed
EOF
"$sluice" check --fixes --format sarif --fail-on none -o "$work/b.sarif" -j 1
same "$work/a.sarif" "$work/b.sarif"

# A caller that cannot do with the null it would get then rules a repair out.
mkdir -p other
cat >other/call.c <<'EOF'
#include <stdlib.h>
struct item { int value, other; };
static int *value_of(const char *name)
{
    struct item *made = malloc(sizeof *made);
    made->other = *name;
    return &made->value;
}
int use(const char *name) { return *value_of(name); }
EOF
"$sluice" check --no-cache --root . --fix=diff --fail-on none -- cc -c other/call.c >"$work/said"
[ ! -s "$work/said" ] || { complain "a fix that breaks a caller"; cat "$work/said"; }
sed -i 's/return \*value_of(name);/int *value = value_of(name); return value ? *value : 0;/' other/call.c
expect 0 "+    if (!made)" "$sluice" check --no-cache --root . --fix=diff --fail-on none -- cc -c other/call.c

# NULL where the context of a request is at hand: each NULL of the call is tried, and the one that
# takes it away is written.
cat >other/ctx.yaml <<'EOF'
ctx_model: 1
contexts:
  - {id: need, type: '^struct need \*$'}
EOF
cat >other/ctx.c <<'EOF'
#include <stddef.h>
struct need;
int ask(const char *name, struct need *need);
int twice(const char *name, const char *other, struct need *need)
{
    return ask(name, need) + (other ? ask(other, need) : 0);
}
int both(struct need *need, const char *name) { return need ? twice(name, NULL, NULL) : 0; }
EOF
expect 0 "+int both(struct need *need, const char *name) { return need ? twice(name, NULL, need) : 0; }" \
    "$sluice" check --no-cache --root . --model other/ctx.yaml --fix=diff --fail-on none -- cc -c other/ctx.c

expect 2 "--fix takes diff, or nothing, not 'all'" "$sluice" check --fix=all
end
