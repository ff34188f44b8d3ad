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
end
