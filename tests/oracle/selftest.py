#!/usr/bin/env python3
"""The oracle itself: its runs tell the truth, and no analyzer passes that is silent, or that
reports every line."""
import os
import signal
import subprocess
import sys
import tempfile
import unittest

from compare import Finding, judge
from execute import execute
from generate import PRELUDE, generate
from program import Program, parse, plain

HERE = os.path.dirname(os.path.abspath(__file__))

SILENT = """#!/usr/bin/env python3
print('{"findings": []}')
"""
LOUD = """#!/usr/bin/env python3
import json, os, sys
folder = sys.argv[sys.argv.index("-p") + 1]
found = []
for name in sorted(os.listdir(folder)):
    if name.endswith(".c"):
        for line, text in enumerate(open(os.path.join(folder, name)), 1):
            if "->" in text:
                place = {"path": name, "line": line, "text": ""}
                found.append({"rule": "null-deref", "tier": "A", "text": "", "place": place, "related": [],
                              "steps": [place]})
print(json.dumps({"findings": found}))
"""

# What the plain program is run with: choices from the command line, in the order they are asked for.
WORLD = """
#include <stdlib.h>
#include <string.h>
static char **next;
static int choice(void) { return *next ? atoi(*next++) : 0; }
int program_main(void);
int input(void) { return choice() - 1; }
int decide(void) { return choice(); }
void note(int what) { (void)what; }
void inspect(const void *what) { (void)what; }
void *world_malloc(unsigned long size) { return choice() ? NULL : memset(malloc(size), 0x5a, size); }
void *world_calloc(unsigned long count, unsigned long size) { return choice() ? NULL : calloc(count, size); }
void *world_realloc(void *old, unsigned long size) { return choice() ? NULL : realloc(old, size); }
void world_free(void *memory) { (void)memory; }
char *world_getenv(const char *name) { (void)name; return choice() ? NULL : "on"; }
void world_abort(void) { exit(0); }
int main(int argc, char **argv) { next = argv + 1; (void)argc; program_main(); return 0; }
"""
MACROS = "#define main program_main\n" + "".join("#define %s world_%s\n" % (name, name) for name in (
    "malloc", "calloc", "realloc", "free", "getenv", "abort"))

SMALL = """
struct $node {
int key;
};
PDATA struct $node $one;
static int $read(struct $node *it) {
return @it->key;
}
int $main(void) {
struct $node *p = NULL;
struct $node *q;
int a = input();
if (a > 2) {
p = &$one;
}
if (?p) {
note(@p->key);
}
if (a > 1) {
return ~{$read(p)};
}
if (a < 0) {
return @q->key;
}
return 0;
}
""".splitlines()


def small_program():
    return Program(0, PRELUDE, [parse(SMALL)])


def finding(line, tier="A", steps=()):
    return Finding({"rule": "null-deref", "tier": tier, "text": "", "related": [],
                    "place": {"path": "a.c", "line": line},
                    "steps": [{"path": "a.c", "line": n, "text": ""} for n in list(steps) + [line]]})


class Oracle(unittest.TestCase):
    def test_truth(self):
        truth = execute([small_program()])[0]
        lines = plain(small_program())[0]["a.c"].splitlines()
        read = (0, 1 + next(n for n, text in enumerate(lines) if "it->key" in text))
        call = (0, 1 + next(n for n, text in enumerate(lines) if "read(p)" in text))
        unset = (0, 1 + next(n for n, text in enumerate(lines) if "q->key" in text))
        self.assertTrue(truth.whole)
        self.assertEqual(truth.runs, 6)
        self.assertEqual({(site, stack): trail for (site, stack), trail in truth.crashes.items()}, {(read, (call,)): [3]})
        self.assertEqual(truth.unset, {unset})

    def test_verdict(self):
        program = small_program()
        truth = execute([program])[0]
        (site, (call,)), = truth.crashes
        test = min(at[1] for at in truth.tested)
        self.assertEqual(judge(program, truth, []).misses, [site])
        self.assertEqual(judge(program, truth, [finding(site[1])]).found, [site])
        self.assertEqual(judge(program, truth, [finding(call[1], steps=[site[1]])]).found, [site])
        self.assertEqual(judge(program, truth, [finding(site[1], "C")]).notes, [site])
        self.assertEqual(len(judge(program, truth, [finding(test + 1)]).false), 1)

    def test_the_plain_program_crashes_too(self):
        crashes = 0
        for seed in range(8):
            program = generate(seed)
            truth = execute([program])[seed]
            with tempfile.TemporaryDirectory() as folder:
                files = dict(plain(program, world=False)[0])
                files.update({"world.c": WORLD, "macros.h": MACROS})
                for name, text in files.items():
                    with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
                        stream.write(text)
                units = [name for name in files if name.endswith(".c") and name != "world.c"]
                subprocess.run(["gcc", "-w", "-g", "-O0", "-ftrivial-auto-var-init=pattern", "-include", "macros.h", "-c"] + units,
                               cwd=folder, check=True)
                subprocess.run(["gcc", "-w", "world.c", "-o", "it"] + [name[:-1] + "o" for name in units],
                               cwd=folder, check=True)
                for trail in truth.crashes.values():
                    ran = subprocess.run(["./it"] + [str(n) for n in trail], cwd=folder)
                    self.assertEqual(ran.returncode, -signal.SIGSEGV, "seed %d, choices %s" % (seed, trail))
                    crashes += 1
                if truth.healthy is not None:
                    ran = subprocess.run(["./it"] + [str(n) for n in truth.healthy], cwd=folder)
                    self.assertEqual(ran.returncode, 0, "seed %d, choices %s" % (seed, truth.healthy))
        self.assertGreater(crashes, 5)

    def test_same_seed_same_program(self):
        for seed in range(20):
            self.assertEqual(plain(generate(seed))[0], plain(generate(seed))[0])

    def test_broken_analyzers_fail(self):
        for text, word in ((SILENT, "recall"), (LOUD, "precision")):
            with tempfile.TemporaryDirectory() as folder:
                stub = os.path.join(folder, "stub")
                with open(stub, "w", encoding="utf-8") as stream:
                    stream.write(text)
                os.chmod(stub, 0o755)
                ran = subprocess.run([sys.executable, os.path.join(HERE, "oracle.py"), "--sluice", stub,
                                      "--least-recall", "50", "--least-precision", "50", "20"],
                                     capture_output=True, text=True)
                self.assertEqual(ran.returncode, 1, ran.stdout + ran.stderr)
                self.assertIn("%s is below" % word, ran.stdout)


if __name__ == "__main__":
    unittest.main()
