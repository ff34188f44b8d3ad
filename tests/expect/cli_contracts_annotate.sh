#!/usr/bin/env bash
# cli_contracts_annotate.sh SLUICE: the patch of headers applies, compiles, and says no more than
# what is certain.
. "$(realpath "$(dirname "$0")")/cli_common.sh"
mkdir -p src inc
cat >inc/list.h <<'EOC'
/* A comment: int size_of(struct list *list); */
#ifndef LIST_H
#define LIST_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif
#define EXPORT
#define OLD(name) int name(struct list *list)
struct list { int size; struct node *first; };
struct node { int value; struct node *next; void (*free)(struct node *node); };
typedef struct node *node_pointer;

int size_of(struct list *list);
int size_of(struct list *list); /* said twice */
EXPORT struct node *find(const struct list *list, int value);
struct node *
    find_after(struct node * const node,
               const char *__restrict name, /* int size_of(struct list *list); */
               struct node **out);
struct node* cramped(struct list*,int);
int tested(struct list *list);
int passed_null(struct list *list);
int sometimes(struct list *list, int flags);
int visit(struct list *list, void (*visit)(struct node *node), char buffer[16]);
node_pointer typed(node_pointer node);
int declared(struct list *list) __attribute__((nonnull(1)));
int labelled(struct list *list) __asm__("labelled_really");
int several(struct list *list), others(struct list *list);
int count(struct list *list, ...);
OLD(old);
static inline int inlined(struct list *list) { return list->size; }
#if OFFSET > 3
int conditional(struct list *list);
#else
int conditional(struct list *list);
#endif
void *made(size_t size);
#ifdef __cplusplus
}
#endif
#endif
EOC
# Without a guard, with the line ends of another system, without a newline at its end.
printf '#include "list.h"\r\nint dos(struct list *list);\r\nint plain(int a);' >inc/dos.h
printf 'struct list;\nint last(struct list *list);' >inc/last.h
cat >src/list.c <<'EOC'
#include "list.h"
#include "dos.h"
#include "last.h"
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
int size_of(struct list *list) { return list->size; }
struct node *find(const struct list *list, int value)
{
    for (struct node *node = list->first; node; node = node->next)
        if (node->value == value) return node;
    return NULL;
}
struct node *find_after(struct node *const node, const char *__restrict name, struct node **out)
{
    *out = node->next;
    return strlen(name) ? *out : NULL;
}
struct node *cramped(struct list *list, int value) { return list->size ? find(list, value) : NULL; }
int tested(struct list *list)
{
    assert(list);
    return list->size;
}
int passed_null(struct list *list) { return list->size; }
int calls(int k) { return k > 1 ? passed_null(NULL) : 0; }
int sometimes(struct list *list, int flags) { return flags ? list->size : 0; }
int visit(struct list *list, void (*visit)(struct node *node), char buffer[16])
{
    buffer[0] = 0;
    visit(list->first);
    return list->size;
}
node_pointer typed(node_pointer node) { return node->next->value ? NULL : node->next; }
int declared(struct list *list) { return list->size; }
int labelled(struct list *list) { return list->size; }
int several(struct list *list) { return list->size; }
int others(struct list *list) { return list->size; }
int count(struct list *list, ...)
{
    va_list rest;
    va_start(rest, list);
    int n = list->size + va_arg(rest, int);
    va_end(rest);
    return n;
}
int old(struct list *list) { return list->size; }
int conditional(struct list *list) { return list->size; }
void *made(size_t size) { return malloc(size); }
int dos(struct list *list) { return list->size; }
int plain(int a) { return a; }
int last(struct list *list) { return list->size + inlined(list); }
EOC
echo '[{"directory": "src", "file": "list.c", "command": "cc -I../inc -c list.c"}]' >compile_commands.json
cp -r inc inc.kept

compiles() { # with both compilers, nothing said
    local cc
    for cc in gcc clang-19; do
        command -v "$cc" >/dev/null || continue
        "$cc" -std=gnu17 -O2 -Wall -Wextra -Wpedantic -Wno-newline-eof -Werror -Iinc -c src/list.c -o list.o \
            >"$work/said" 2>&1 || { complain "$cc, $1"; cat "$work/said"; }
    done
    echo '#include "list.h"' | g++ -x c++ -Wall -Werror -Iinc -fsyntax-only - 2>"$work/said" ||
        command -v g++ >/dev/null && { [ ! -s "$work/said" ] || { complain "g++, $1"; cat "$work/said"; }; }
}
has() { grep -qF -- "$2" "$1" || { complain "$1 must have: $2"; cat "$1"; }; }
apply() { # apply STYLE
    "$sluice" contracts "--annotate=$1" >"$work/patch" || complain "--annotate=$1: status $?"
    patch -p1 --dry-run --fuzz=0 <"$work/patch" >"$work/said" 2>&1 || { complain "patch, $1"; cat "$work/said"; }
    git apply -p1 "$work/patch" 2>"$work/said" || { complain "git apply, $1"; cat "$work/said"; }
    compiles "$1"
    "$sluice" contracts "--annotate=$1" >"$work/again" # all is said
    [ ! -s "$work/again" ] || { complain "$1 twice"; cat "$work/again"; }
}
compiles "before"
apply nullability
has inc/list.h "int size_of(struct list *_Nonnull list); /* said twice */"
has inc/list.h "/* A comment: int size_of(struct list *list); */"
has inc/list.h "EXPORT struct node *_Nullable find(const struct list *_Nonnull list, int value);"
has inc/list.h "struct node * _Nullable"
has inc/list.h "find_after(struct node * _Nonnull const node,"
has inc/list.h "const char *_Nonnull __restrict name, /* int size_of(struct list *list); */"
has inc/list.h "struct node **_Nonnull out);"
has inc/list.h "struct node* _Nullable cramped(struct list*_Nonnull,int);"
has inc/list.h "int visit(struct list *_Nonnull list, void (*visit)(struct node *node), char buffer[16]);"
has inc/list.h "int labelled(struct list *_Nonnull list) __asm__"
has inc/list.h "int count(struct list *_Nonnull list, ...);"
has inc/list.h "void *_Nullable made(size_t size);"
has inc/last.h "int last(struct list *_Nonnull list);"
grep -q $'^int dos(struct list \*_Nonnull list);\r$' inc/dos.h || complain "dos.h: line ends"
grep -q $'^#pragma clang diagnostic pop\r$' inc/dos.h || complain "dos.h: line ends of what is new"
for same in "int tested(struct list *list);" "int passed_null(struct list *list);" \
    "int sometimes(struct list *list, int flags);" "node_pointer typed(node_pointer node);" \
    "int declared(struct list *list) __attribute__((nonnull(1)));" \
    "int several(struct list *list), others(struct list *list);" "OLD(old);" \
    "int conditional(struct list *list);" "int inlined(struct list *list) {"; do
    has inc/list.h "$same"
done
rm -rf inc && cp -r inc.kept inc
apply attributes
has inc/list.h "EXPORT struct node *find(const struct list *list, int value) __attribute__((nonnull(1)));"
has inc/list.h "struct node **out) __attribute__((nonnull(1, 2, 3)));"
has inc/list.h "node_pointer typed(node_pointer node) __attribute__((nonnull(1)));"
has inc/list.h 'int labelled(struct list *list) __asm__("labelled_really") __attribute__((nonnull(1)));'
has inc/list.h "char buffer[16]) __attribute__((nonnull(1, 2, 3)));"
has inc/list.h "int tested(struct list *list);"
has inc/list.h "void *made(size_t size);"
rm -rf inc && cp -r inc.kept inc

# Some of it only; what is asked wrongly.
expect 0 "+int size_of(struct list *_Nonnull list);" "$sluice" contracts --annotate size_of
refuse_text "_Nullable find"
expect 0 "+++ b/inc/dos.h" "$sluice" contracts --annotate --file inc/dos.h
refuse_text "inc/list.h"
expect 2 "--annotate takes nullability or attributes, not 'rust'" "$sluice" contracts --annotate=rust
expect 2 "use one of them" "$sluice" contracts --annotate --diff HEAD
expect 2 "no function 'nobody'" "$sluice" contracts --annotate nobody
end
