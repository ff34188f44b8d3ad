#!/usr/bin/env python3
"""The schema of models of contexts: every pack is what it says, and the program agrees with it.

    schema.py --sluice BIN

Each small model below is accepted by both, the schema and the program, or by neither.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile

import jsonschema

import pack as packs
from headers import ROOT

GOOD = [
    "pack: a\nabout: b\nheaders: [a.h]\n",
    "keys: {trace: {names: ['^a$'], with: ['^b$'], scope: hop, sensitive: true, kind: header}}\n",
    "keys: {trace: {names: '^a$'}, lane: {names: ['^b$'], implies: [trace]}}\nrequire: {default: [trace, lane]}\n",
    "contexts: [{id: c, type: '^struct c \\*$', root: ['^make$'], derive: [{call: '^child$', from: arg0}]}]\n",
    "contexts: [{id: c, type: '^struct c \\*$', ambient: {slot: '^now$'}, end: [{call: '^drop$', arg: 0}]}]\n",
    "carriers: [{id: l, put: [{call: '^add$', on: arg0, result: same, key: {arg: 1, split: '^(.*):'}}]}]\n",
    "carriers: [{id: h, new: ['^make$'], long_lived: true, deadline: {arg_of_new: {make: 3}, infinite: ['^never$']}}]\n",
    "carriers: [{id: h, attach: [{call: '^set$', when: {arg1: '^HEADER$'}, on: arg0, carrier: arg2, mode: add}]}]\n",
    "carriers: [{id: h, new: ['^make$'], parent: {arg: 1, mask: {arg: 2, must_include: [A, B]}}}]\n",
    "sinks: [{call: '^send$', carrier: 'arg0->head.list', via: http, async: {data: OPTION}}]\n",
    "sinks: [{call: '^send$', via: kafka, carrier: {after_tag: HEADERS}, also: {after_tag: HEADER, key: 1}}]\n",
    "sinks: [{call: '^send$', via: x, headers: {array: arg1, where: {field: op, equals: META}, path: a.b}}]\n",
    "entries: [{fn_type: '^handler_fn$', kind: request, context: arg1, per_request: arg2}]\n",
    "entries: [{register: {call: '^serve$', fn: arg1}, context: {type: '^struct c \\*$', param: 0}}]\n",
    "entries: [{result_of: '^poll$', kind: message, context: {headers: {call: '^get$', msg: arg0, out: arg1}}}]\n",
    "handoffs: [{call: '^start$', fn: [arg2, arg3], data: 'arg1->data', intrusive: arg1}]\n",
    "handoffs: [{call: '^push$', fn: {ctor: make, arg: 0}, data: {next: 1}}, {call: '^go$', fn: {first_fn: true}}]\n",
    "queues: [{push: '^push$', item: arg1, pop: '^pop$', result: ret}]\n",
    "log: [{call: '^say$', carries: false}]\nspans: {start: ['^begin$'], finish: [{call: '^end$', arg: 0}]}\n",
    "components: {a: {files: ['^a/'], hosts: ['^a$']}, b: {}}\ndeny: [{from: a, to: b, message: no}]\n",
    "allow: [{from: a, to: '^b$', until: '2030-01-01', reason: it moves}]\nparse: {define: [A]}\n",
    "roots: {allow_in: ['^main$'], allow_files: '^test/'}\nendpoints: {external: '^https', exempt: ['^http:']}\n",
    "shared_work: ['^refresh$']\ndeadline: {remaining: ['^left$']}\n",
]
BAD = [
    "packs: a\n",
    "keys: {trace: {names: ['^a$'], scope: far}}\n",
    "keys: {trace: {name: ['^a$']}}\n",
    "keys: [trace]\n",
    "contexts: {id: c}\n",
    "contexts: [{id: c}]\n",
    "contexts: [{type: '^struct c \\*$'}]\n",
    "contexts: [{id: c, type: '^c$', derived: ['^child$']}]\n",
    "contexts: [{id: c, type: '^c$', derive: [{from: arg0}]}]\n",
    "contexts: [{id: c, type: '^c$', derive: [{call: '^child$', into: arg0}]}]\n",
    "carriers: [{new: ['^make$']}]\n",
    "carriers: [{id: l, put: [{call: '^add$', on: first}]}]\n",
    "carriers: [{id: l, put: [{call: '^add$', on: argX}]}]\n",
    "carriers: [{id: l, put: [{call: '^add$', result: other}]}]\n",
    "carriers: [{id: h, attach: [{call: '^set$', mode: twice}]}]\n",
    "carriers: [{id: h, long_lived: maybe}]\n",
    "carriers: [{id: h, parent: {argument: 1}}]\n",
    "sinks: [{call: '^send$', carrier: {behind: TAG}}]\n",
    "sinks: [{call: '^send$', on: arg0}]\n",
    "sinks: [{call: '^send$', cannot_carry: often}]\n",
    "entries: [{kind: request}]\n",
    "entries: [{name: '^f$', kind: sometimes}]\n",
    "entries: [{name: '^f$', contexts: arg0}]\n",
    "handoffs: [{call: '^start$', fn: [arg1, arg2, arg3]}]\n",
    "queues: [{push: '^push$'}]\n",
    "deny: [{from: a}]\n",
    "roots: {allow: ['^main$']}\n",
    "spans: {begin: ['^f$']}\n",
    "tests: {code: a}\n",
]


def is_valid(validator, path):
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in validator.iter_errors(packs.load(path))]


class Program:
    """What the program says of a model: it is given with a file to check."""

    def __init__(self, sluice, folder):
        self.sluice, self.folder = sluice, folder
        with open(os.path.join(folder, "empty.c"), "w", encoding="utf-8") as file:
            file.write("int nothing;\n")

    def refuses(self, path):
        run = subprocess.run(
            [self.sluice, "check", "--no-cache", "--model", path, "--", "cc", "-c", "empty.c"],
            cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        return run.stderr.strip() if run.returncode == 2 else ""


def agree(validator, program, text, is_good):
    path = os.path.join(program.folder, "model.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("ctx_model: 1\n" + text)
    wrong = []
    bad, refused = is_valid(validator, path), program.refuses(path)
    if is_good and bad:
        wrong.append(f"the schema refuses {text!r}: {bad[0]}")
    if is_good and refused:
        wrong.append(f"the program refuses {text!r}: {refused}")
    if not is_good and not bad:
        wrong.append(f"the schema accepts {text!r}")
    if not is_good and "model.yaml:" not in refused:
        wrong.append(f"the program accepts {text!r}: {refused}")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--sluice", required=True)
    options = arguments.parse_args()
    folder = os.path.join(ROOT, "rules/models/context")
    with open(os.path.join(folder, "context_schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong, paths = [], sorted(glob.glob(os.path.join(folder, "*.yaml")))
    for path in paths:
        wrong += [f"{os.path.basename(path)}: {line}" for line in is_valid(validator, path)]
    with tempfile.TemporaryDirectory() as scratch:
        program = Program(os.path.abspath(options.sluice), scratch)
        for texts, is_good in ((GOOD, True), (BAD, False)):
            for text in texts:
                wrong += agree(validator, program, text, is_good)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(paths)} packs, {len(GOOD)} good and {len(BAD)} bad models; {len(wrong)} wrong")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
