# shellcheck shell=bash
# Sourced by cli_*.sh SLUICE: a scratch folder, a small project, and a way to say what must happen.
set -u
sluice=$(realpath "$1")
[ -x "$sluice" ] || { echo "$1: no such program"; exit 2; }
work=$(mktemp -d)
work=$(realpath "$work")
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/xdg HOME=$work/home LC_ALL=C
unset NO_COLOR CPATH C_INCLUDE_PATH
mkdir -p "$work/home" "$work/project"
cd "$work/project" || exit 2
bad=0
complain() {
    echo "WRONG: $*"
    bad=1
}

# expect STATUS TEXT COMMAND...: the status, and a fixed string somewhere in what it says ("" any).
# What it said stays in $work/said.
expect() {
    local status=$1 text=$2 got=0
    shift 2
    "$@" >"$work/said" 2>&1 || got=$?
    if [ "$got" != "$status" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$work/said"; }; then
        complain "$* ended with $got (must be $status), and must say: $text"
        sed 's/^/    /' "$work/said" | cut -c1-200 | tail -n 20
    fi
}
# A disk that takes nothing more. What is said goes through a pipe, which is no file.
full_disk() { bash -c 'set -o pipefail; { trap "" XFSZ; ulimit -f 0; "$@"; } 2>&1 | cat' full_disk "$@"; }
# The thread sanitizer writes a file of its own before the program begins.
can_fill_disk() { ! grep -q __tsan_init "$sluice"; }
refuse_text() { # the last command must not have said this
    ! grep -qF -- "$1" "$work/said" || complain "it said: $1"
}
same() { cmp "$1" "$2" || complain "$1 and $2 differ"; }

# Two units that need each other; one finding of tier A or B for sure.
make_project() { # make_project FOLDER
    mkdir -p "$1/src" "$1/inc"
    cat >"$1/inc/find.h" <<'EOF'
#ifndef FIND_H
#define FIND_H
struct item { int value; struct item *next; };
struct item *find(struct item *list, int value);
static inline int first(const struct item *list) { return list->value; }
#endif
EOF
    cat >"$1/src/find.c" <<'EOF'
#include "find.h"
#include <stddef.h>
struct item *find(struct item *list, int value)
{
    for (; list; list = list->next)
        if (list->value == value) return list;
    return NULL;
}
EOF
    cat >"$1/src/use.c" <<'EOF'
#include "find.h"
#include <assert.h>
#include <stddef.h>
int use(struct item *list)
{
    assert(list);
    struct item *found = find(list, 7);
    return found->value + first(list);
}
int crash(int kind)
{
    int *nothing = NULL;
    if (kind > 3) return *nothing;
    return 0;
}
EOF
    cat >"$1/compile_commands.json" <<EOF
[{"directory": "src", "file": "find.c", "command": "cc -I../inc -c find.c -o find.o"},
 {"directory": "src", "file": "use.c", "arguments": ["cc", "-I../inc", "-O2", "-c", "use.c"]}]
EOF
}
make_clean() { # make_clean FOLDER: nothing to report
    mkdir -p "$1"
    echo 'int add(int a, int b) { return a + b; }' >"$1/add.c"
    echo '[{"directory": ".", "file": "add.c", "command": "cc -c add.c"}]' \
        >"$1/compile_commands.json"
}
end() { exit "$bad"; }
