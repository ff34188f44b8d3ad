#!/usr/bin/env bash
# cli_config.sh SLUICE: .sluice.yaml, what is wrong with it, and what it comes to.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
make_clean .
wrong() { # wrong PLACE-AND-TEXT YAML
    printf '%s\n' "$2" >.sluice.yaml
    expect 2 ".sluice.yaml:$1" "$sluice" config verify
    expect 2 ".sluice.yaml:$1" "$sluice" check
}
expect 2 "no .sluice.yaml here or in a folder above: sluice init" "$sluice" config verify
expect 0 "these are the defaults" "$sluice" config show
expect 2 "usage: sluice config" "$sluice" config
wrong "1:1: the file is empty" ""
wrong '1:1: "version: 1" is missing' 'fail-on: A'
wrong "1:10: version 2 of this file is not known" 'version: 2'
wrong "2:1: unknown key 'fail_on': did you mean 'fail-on'?" $'version: 1\nfail_on: A'
wrong "2:10: this must be A, B, C or none, not 'high'" $'version: 1\nfail-on: high'
wrong "3:1: the key 'show' stands here twice" $'version: 1\nshow: A\nshow: B'
wrong "2:16: this must be true or false, not 'yes'" $'version: 1\nallow-partial: yes'
wrong "2:15: this must be a number from 0 to 100" $'version: 1\nmin-coverage: 101'
wrong "3:11: no rule 'null-derf': did you mean 'null-deref'?" $'version: 1\nthresholds:\n  - rule: null-derf\n    fail-on: B'
wrong "2:14: a threshold needs 'rule' or 'path'" $'version: 1\nthresholds: [{fail-on: A}]'
wrong "2:14: this threshold sets nothing" $'version: 1\nthresholds: [{rule: null-deref}]'
wrong "2:36: this must be a whole number" $'version: 1\nthresholds: [{rule: "null-*", max: 1.5}]'
wrong "2:1: here must be keys and values" $'\n- a'
wrong "3:1: this is not YAML: " $'version: 1\nshow: [A: {'
wrong "2:10: this must be a word or text" $'version: 1\nmodels: [[a]]'
expect 2 "cannot read nowhere.yaml" "$sluice" check --config nowhere.yaml
expect 2 "use one of them" "$sluice" check --config .sluice.yaml --no-config
expect 0 "" "$sluice" check --no-config

cat >.sluice.yaml <<'EOC'
# yaml-language-server: $schema=schema.json
version: 1
compile-database: .
fail-on: B
show: C
allow-partial: true
min-coverage: 99.5
exclude: [third_party, "*_generated.c"]
thresholds:
  - rule: null-alloc-unchecked
    fail-on: none
    reason: we abort when memory runs out
  - {path: tests, fail-on: none, max: 3, show: A}
EOC
expect 0 ".sluice.yaml: right" "$sluice" config verify
expect 0 "" "$sluice" check
"$sluice" config show >shown.yaml || complain "config show"
mkdir -p below/it
expect 0 "# from $PWD/.sluice.yaml" bash -c "cd below/it && '$sluice' config show"
# What is shown says the same again.
expect 0 "right" "$sluice" config verify --config shown.yaml
"$sluice" config show --config shown.yaml | sed '1d; s/ # line.*//' >again.yaml
sed '1d; s/ # line.*//' shown.yaml >once.yaml
same once.yaml again.yaml
"$sluice" config schema >schema.json
/usr/bin/python3 - <<'EOC' || complain "the schema refuses what the program accepts, or the reverse"
import json, sys
schema = json.load(open("schema.json"))
import jsonschema
jsonschema.Draft7Validator.check_schema(schema)
good = {"version": 1, "exclude": "a", "min-coverage": 99.5, "thresholds": [{"rule": "null-*", "max": 3}]}
jsonschema.validate(good, schema)
for bad in [{}, {"version": 2}, {"version": 1, "fail_on": "A"}, {"version": 1, "fail-on": "high"},
            {"version": 1, "thresholds": [{"fail-on": "A"}]}, {"version": 1, "min-coverage": 101}]:
    try:
        jsonschema.validate(bad, schema)
    except jsonschema.ValidationError:
        continue
    sys.exit(f"accepted: {bad}")
EOC
end
