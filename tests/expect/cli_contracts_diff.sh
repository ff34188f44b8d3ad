#!/usr/bin/env bash
# cli_contracts_diff.sh SLUICE: what two versions promise differently, and whom that endangers.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 TMPDIR=$work/tmp
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
mkdir -p "$TMPDIR"
commit() { git add -A && git -c user.name=a -c user.email=a@b commit -qm "${1:-more}"; }
diff_says() { # diff_says STATUS TEXT... of `contracts --diff HEAD`
    local status=$1 text
    shift
    for text in "$@"; do expect "$status" "$text" "$sluice" contracts --diff HEAD; done
}
nothing_left() { [ -z "$(ls "$TMPDIR")" ] || complain "left behind: $(ls "$TMPDIR")"; }
back() { git checkout -qf . && git clean -qfd; }

git init -q -b main .
mkdir src inc
cat >inc/table.h <<'EOC'
#include <stddef.h>
#include "config.h"
struct entry { int value; struct entry *next; };
struct table { int size; struct entry *first; struct entry spare; };
struct entry *lookup(struct table *table, int value);
struct entry *wrapped(struct table *table, int value);
int get(struct table *table, int value, struct entry **out);
int sum(struct entry *entry);
void stop(void);
static inline struct entry *first_of(struct table *table) { return &table->spare; }
EOC
cat >src/table.c <<'EOC'
#include "table.h"
#include <stdlib.h>
struct entry *lookup(struct table *table, int value)
{
    table->spare.value = value;
    return &table->spare;
}
struct entry *wrapped(struct table *table, int value) { return lookup(table, value + 1); }
int get(struct table *table, int value, struct entry **out)
{
    if (value < 0) return -1;
    *out = &table->spare;
    return 0;
}
int sum(struct entry *entry) { return entry ? entry->value : 0; }
void stop(void) { exit(OFFSET); }
EOC
cat >src/use.c <<'EOC'
#include "table.h"
int direct(struct table *table) { return lookup(table, 3)->value; }
int through(struct table *table)
{
    struct entry *entry = wrapped(table, 3);
    return entry->value;
}
int careful(struct table *table)
{
    struct entry *entry = lookup(table, 4);
    return entry ? entry->value : 0;
}
int status(struct table *table, int k)
{
    struct entry *entry;
    if (get(table, k, &entry)) return 0;
    return entry->value;
}
int optional(void) { return sum(NULL); }
int first(struct table *table) { return first_of(table)->value; }
EOC
# A header that is generated and not tracked, a database that git does not know.
mkdir build
echo '#define OFFSET 3' >build/config.h
printf 'build/\n' >.gitignore
cat >build/compile_commands.json <<EOC
[{"directory": "$PWD/src", "file": "table.c", "command": "cc -I../inc -I../build -c table.c"},
 {"directory": "$PWD/build", "file": "$PWD/src/use.c", "command": "cc -I$PWD/inc -I. -c ../src/use.c"}]
EOC
commit first
diff_says 0 "no contract has changed"
nothing_left

# The callee can fail now: unchanged callers, also those of an unchanged wrapper, do not check.
sed -i 's/    table->spare.value = value;/    if (table->size == 0) return NULL;\n&/' src/table.c
diff_says 1 "src/table.c:3: lookup(table, value)" \
    "    can now return NULL when table->size == 0 (line 5)" \
    "      1 unchanged caller does not check:" \
    "        src/use.c:2: direct(): 'lookup()' can return NULL" \
    "      1 of 2 calls are checked" \
    "wrapped(table, value) (its own code is as it was)" \
    "        src/use.c:6: through(): 'wrapped()' can return NULL" \
    "the gate fails: 2 uses in unchanged code are endangered"
refuse_text "careful"
nothing_left
[ -z "$(git status --porcelain | grep -v '^ M src/table.c')" ] || complain "the repository was touched"
expect 1 "lookup(table, value)" "$sluice" contracts --diff HEAD lookup
refuse_text "wrapped"
expect 0 "no contract has changed" "$sluice" contracts --diff HEAD --file src/use.c
expect 1 "wrapped" bash -c "cd src && '$sluice' contracts --diff HEAD"
expect 1 "wrapped" bash -c "cd .. && '$sluice' contracts -p project/build --diff HEAD"
"$sluice" contracts --diff HEAD --json >"$work/diff.json" 2>/dev/null
"$sluice" contracts --diff HEAD --schema >"$work/schema.json"
python3 -W ignore "$tests/schema.py" "$work/schema.json" "$work/diff.json" ||
    complain "the JSON is not what the schema says"
grep -q '"passed":false' "$work/diff.json" || complain "JSON: passed"
"$sluice" contracts --diff HEAD --json -j1 --no-cache >"$work/again.json" 2>/dev/null
same "$work/diff.json" "$work/again.json"
# A comment accepts it; a caller that is mended is no danger; one that is changed and still
# wrong is told, and `check` is who blocks it.
sed -i 's|^int direct.*|& // sluice:allow null-return-unchecked never empty|' src/use.c
diff_says 1 "1 use in unchanged code is endangered"
refuse_text "direct()"
sed -i 's|^    return entry->value;|    return entry ? entry->value : 1;|' src/use.c
diff_says 0 "can now return NULL when table->size == 0"
back
sed -i 's/    table->spare.value = value;/    if (table->size == 0) return NULL;\n&/' src/table.c
sed -i 's/^int direct.*/int direct(struct table *table) { return 1 + lookup(table, 3)->value; }/' src/use.c
diff_says 1 "1 changed caller does not check:" "src/use.c:2: direct()"

# A database that writes the paths through a symbolic link.
back
sed -i 's/    table->spare.value = value;/    if (table->size == 0) return NULL;\n&/' src/table.c
ln -s project ../link
sed -i.kept "s|$PWD|$work/link|g" build/compile_commands.json
diff_says 1 "src/table.c:3: lookup(table, value)" "src/use.c:2: direct()"
mv build/compile_commands.json.kept build/compile_commands.json

# The way back: better promises endanger nobody.
commit worse
back
sed -i '/return NULL/d' src/table.c
diff_says 0 "no longer returns NULL"
back

# An out-parameter that success leaves NULL; a parameter that must not be NULL any more.
sed -i 's/    \*out = &table->spare;/    *out = value == 7 ? NULL : \&table->spare;/' src/table.c
diff_says 1 "can now leave NULL in *out when it returns 0" "1 unchanged caller relies on it" \
    "src/use.c:17: status()"
back
sed -i 's/entry ? entry->value : 0; }/entry->value; }/' src/table.c
diff_says 1 "asks now: entry must not be NULL (dereferenced at line 16)" \
    "1 unchanged caller passes NULL" "src/use.c:19: optional()"
commit asks
sed -i 's/return entry->value; }/return entry ? entry->value : 0; }/' src/table.c
diff_says 0 "accepts NULL now as entry"
back
sed -i 's/exit(OFFSET)/if (OFFSET == 3) return/' src/table.c
diff_says 0 "can return now"
back

# Headers: an inline function, a new file, one that is gone, one that was moved.
sed -i 's/return &table->spare; }$/return table->size ? \&table->spare : NULL; }/' inc/table.h
diff_says 1 "inc/table.h:10: first_of(table)" "src/use.c:20: first()"
back
printf '#include <stddef.h>\nint *fresh(void);\nint *fresh(void) { return NULL; }\n/* a comment\n that is long\n enough */\n' >src/new.c
sed -i "s|^\[|[{\"directory\": \"$PWD/src\", \"file\": \"new.c\", \"command\": \"cc -c new.c\"},\n|" \
    build/compile_commands.json
git add src/new.c
diff_says 0 "1 function is new, 0 gone"
commit new
git mv src/new.c src/renamed.c
sed -i 's/new\.c/renamed.c/g' build/compile_commands.json
printf 'static int *inner(int *p) { return p; }\nint *outer(int *p) { return inner(p); }\n' >>src/renamed.c
diff_says 0 "2 functions are new, 0 gone"
commit renamed
git mv inc/table.h src/table.h
sed -i 's/return &table->spare; }$/return table->size ? \&table->spare : NULL; }/' src/table.h
diff_says 1 "src/table.h:10: first_of(table)"
nothing_left
back
git reset -q --hard

# Revisions: a branch that left main, one that is not there, no repository, a shallow clone, no git.
git checkout -qb branch
sed -i 's/    return 0;/    return 0 * value;/' src/table.c
commit branch
git checkout -q main
sed -i 's/exit(OFFSET)/if (OFFSET == 3) return/' src/table.c
commit main
git checkout -q branch
expect 0 "never returns now" "$sluice" contracts --diff main stop
expect 0 "no contract has changed" "$sluice" contracts --diff main...
expect 2 "there is no revision 'nowhere'" "$sluice" contracts --diff nowhere
refuse_text "shallow"
expect 2 "there is no revision '--output=x'" "$sluice" contracts --diff=--output=x
expect 2 "there is no revision ''" "$sluice" contracts --diff ''
git clone -q --depth 1 "file://$PWD" ../shallow
(cd ../shallow && mkdir build && echo '#define OFFSET 3' >build/config.h &&
    sed "s|$work/project|$work/shallow|g" ../project/build/compile_commands.json >build/compile_commands.json)
expect 2 "in this shallow clone: fetch it (git fetch --unshallow" \
    bash -c "cd ../shallow && '$sluice' contracts --diff HEAD~1"
make_project ../plain
expect 2 "is in no git repository" bash -c "cd ../plain && '$sluice' contracts --diff HEAD"
mkdir ../empty
expect 2 "needs git: cannot run git" env "PATH=$work/empty" "$sluice" contracts --diff HEAD

# What did not compile then is said so, and is no pass.
sed -i '1i #error not yet' src/table.c
commit broken
sed -i '1d' src/table.c
expect 3 "at the revision: " "$sluice" contracts --diff HEAD
expect 0 "" "$sluice" contracts --diff HEAD --allow-partial
nothing_left
end
