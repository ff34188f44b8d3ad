#!/usr/bin/env bash
# cli_model.sh SLUICE: sluice model: the programs that a model carries, and the schema.
. "$(dirname "$0")/cli_common.sh"

cat >right.yaml <<'EOF'
ctx_model: 1
about: a model that carries two programs
contexts: [{id: call, type: '^struct call \*$'}]
tests:
  - about: nothing is wrong here
    code: |
      int add(int a, int b)
      {
          return a + b;
      }
  - about: one line, two comments
    code: |
      #include <stddef.h>
      int crash(int kind)
      {
          int *nothing = NULL;
          if (kind > 3) return *nothing; // expect: null-deref "nothing"
          return 0;
      }
EOF
expect 0 "2 tests, 0 wrong" "$sluice" model test right.yaml
grep -qx "right.yaml:7: right: nothing is wrong here" "$work/said" ||
    complain "the first test is not named"

sed 's/"nothing"/"something else"/; s/kind > 3/kind > 4/; s/return a + b;/return *(int *)0; return a + c;/' right.yaml >wrong.yaml
expect 1 "2 tests, 2 wrong" "$sluice" model test wrong.yaml
expect 1 'line 17: null-deref is not reported with "something else"' "$sluice" model test wrong.yaml
expect 1 "line 17: null-deref is reported: " "$sluice" model test wrong.yaml
expect 1 "line 9: it does not compile: " "$sluice" model test wrong.yaml
expect 1 "4 tests, 2 wrong" "$sluice" model test wrong.yaml right.yaml

sed 's/expect: null-deref/expect: nul-deref/' right.yaml >unknown.yaml
expect 1 "line 17: there is no rule nul-deref" "$sluice" model test unknown.yaml
sed 's/expect: null-deref.*/expect: "nothing"/' right.yaml >comment.yaml
expect 1 "line 17: this is not '// expect: RULE'" "$sluice" model test comment.yaml

# What is no model, and models without programs.
printf 'ctx_model: 1\n' >bare.yaml
expect 0 "bare.yaml: it carries no tests" "$sluice" model test bare.yaml
printf 'ctx_model: 1\ntests: [{about: nothing}]\n' >codeless.yaml
expect 2 "codeless.yaml:2:9: a test needs 'code'" "$sluice" model test codeless.yaml
printf 'ctx_model: 1\ntests: [{code: a, cod: b}]\n' >key.yaml
expect 2 "unknown key 'cod': did you mean 'code'?" "$sluice" model test key.yaml
printf 'ctx_model: 1\ntests: [{code: "int a;"}]\nsink: []\n' >section.yaml
expect 2 "did you mean 'sinks'?" "$sluice" model test section.yaml
printf 'version: 1\npack: p\nfunctions: {}\n' >null.yaml
expect 2 "no model of contexts" "$sluice" model test null.yaml
expect 2 "missing.yaml" "$sluice" model test missing.yaml
expect 2 "usage: sluice model" "$sluice" model
expect 2 "usage: sluice model" "$sluice" model test
expect 2 "usage: sluice model" "$sluice" model schema extra
expect 0 "usage: sluice model" "$sluice" model --help

"$sluice" model schema >"$work/schema.json" || complain "schema: status $?"
python3 - "$work/schema.json" <<'EOF' || complain "the schema is no JSON Schema"
import json, sys
import jsonschema
jsonschema.Draft7Validator.check_schema(json.load(open(sys.argv[1], encoding="utf-8")))
EOF
# A proposal for a program that has no model: what is handed through, and by whom it is made.
mkdir -p shop
cat >shop/shop.c <<'EOF'
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
struct need { char *trace_id; char *tenant; long deadline_ms; };
struct later { struct later *next; void (*run)(void *); void *data; };
static _Thread_local struct need *current;
static struct later *waiting;
struct need *need_new(void)
{
    struct need *need = calloc(1, sizeof *need);
    if (need) need->deadline_ms = 100;
    return need;
}
struct need *need_child(struct need *need)
{
    struct need *child = need_new();
    if (child) child->trace_id = need->trace_id;
    return child;
}
void need_free(struct need *need) { free(need->trace_id); }
int run_later(void (*run)(void *), void *data)
{
    struct later *later = malloc(sizeof *later);
    if (!later) return -1;
    later->run = run, later->data = data, later->next = waiting, waiting = later;
    return 0;
}
static struct curl_slist *add(const struct need *need, struct curl_slist *headers)
{
    char line[80];
    snprintf(line, sizeof line, "traceparent: %s", need->trace_id);
    return curl_slist_append(headers, line);
}
static int fetch(struct need *need, CURL *curl)
{
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, add(need, NULL));
    return curl_easy_perform(curl) == CURLE_OK && need->tenant;
}
int handle(struct need *need)
{
    current = need;
    CURL *curl = curl_easy_init();
    return curl ? fetch(need, curl) : -1;
}
EOF
"$sluice" model init -o shop.yaml -- cc -c shop/shop.c || complain "model init: status $?"
expect 2 "shop.yaml is there already" "$sluice" model init -o shop.yaml -- cc -c shop/shop.c
while IFS= read -r line; do
    grep -qF -- "$line" shop.yaml || complain "the proposal does not say: $line"
done <<'EOF'
#   curl_easy_perform                1 place
  # 2 of the 2 functions between an entry and an outbound call take it, 2 as the first argument
  - id: need
    type: '^(const )?(struct )?need \*$'
    fields: {trace: trace_id, identity: tenant, deadline: deadline_ms}
      - {call: '^need_child$', from: arg0}
      - {call: '^need_new$'}
      - {call: '^need_free$', arg: 0}
    ambient: {slot: '^current$'}
  - {call: '^add$', from: arg0, into: arg1, keys: [trace, lane, request]}
  - {call: '^run_later$', fn: arg0, data: arg1}
EOF
expect 0 "it carries no tests" "$sluice" model test shop.yaml
expect 1 "ctx-partial-inject" "$sluice" check --no-cache --model shop.yaml -- cc -c shop/shop.c
echo 'int add(int a, int b) { return a + b; }' >shop/none.c
expect 0 "no struct is handed through" "$sluice" model init -- cc -c shop/none.c
expect 0 "No call leaves through a library that has a model" "$sluice" model init -- cc -c shop/none.c
end
