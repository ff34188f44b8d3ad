#!/usr/bin/env python3
"""The fixture runner against a stand-in for sluice that reports what a comment tells it to:
"// say: RULE text" is a finding of RULE on that line, with one step on the line above."""
import contextlib
import io
import os
import stat
import sys
import tempfile
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import expect  # noqa: E402  (beside this file)

STAND_IN = '''#!%s
import json, re, sys
args = sys.argv[1:]
files = [a for a in args if a.endswith(".c")]
if "-p" in args:
    with open(args[args.index("-p") + 1] + "/compile_commands.json") as stream:
        files = [entry["file"] for entry in json.load(stream)]
def place(file, line):
    return {"path": "some/folder/" + file, "line": line, "column": 1}
results = []
for file in files:
    with open(file) as stream:
        for number, line in enumerate(stream, 1):
            said = re.search(r"// say: ([a-z-]+) ?([a-z ]*)", line)
            if said:
                step = dict(place(file, number - 1), text="it starts here")
                results.append({"rule": said.group(1), "tier": "A", "text": said.group(2),
                                "place": place(file, number), "steps": [step],
                                "related": [], "terms": [{"name": "kind", "value": 1}]})
            if "exit three" in line:
                sys.exit(3)
with open(args[args.index("-o") + 1], "w") as stream:
    json.dump({"findings": results}, stream)
sys.exit(1 if results else 0)
''' % sys.executable


class Runner(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.sluice = os.path.join(self.folder.name, "sluice")
        self.write("sluice", STAND_IN)
        os.chmod(self.sluice, stat.S_IRWXU)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return path

    def problems(self, path):
        options = types.SimpleNamespace(sluice=self.sluice, jobs=1)
        with tempfile.TemporaryDirectory() as pages:
            found = []
            for program in expect.programs_of_path(path, pages):
                found += expect.judge(program, options).problems
            return found

    def test_expected_findings(self):
        line = 'x; // say: null-deref alpha beta // expect: null-deref "beta"\n'
        self.assertEqual(self.problems(self.write("bad_a.c", line)), [])
        other = self.problems(self.write("bad_b.c", line.replace('"beta"', '"gamma"')))
        self.assertEqual(len(other), 2)
        self.assertIn("missing: null-deref", other[0])
        self.assertIn("unexpected: null-deref", other[1])

    def test_several_on_one_line(self):
        text = "// expect-next: null-arg; null-deref\nx; // say: null-arg a\n"
        self.assertEqual(len(self.problems(self.write("bad_c.c", text))), 1)

    def test_steps(self):
        text = '// step: "starts"\nx; // say: null-arg a // expect: null-arg\n'
        self.assertEqual(self.problems(self.write("bad_d.c", text)), [])
        wrong = text.replace("starts", "ends")
        self.assertIn("a step", self.problems(self.write("bad_e.c", wrong))[0])

    def test_what_is_known_to_be_wrong(self):
        self.assertEqual(self.problems(self.write("bad_f.c", "x; // known-miss: null-arg\n")), [])
        improved = "x; // say: null-arg a // known-miss: null-arg\n"
        self.assertIn("now found", self.problems(self.write("bad_g.c", improved))[0])
        still = "x; // say: null-arg a // known-false: null-arg\n"
        self.assertEqual(self.problems(self.write("ok_f.c", still)), [])
        gone = self.problems(self.write("ok_g.c", "x; // known-false: null-arg\n"))
        self.assertIn("no longer reported", gone[0])

    def test_names_must_say_the_verdict(self):
        self.assertEqual(len(self.problems(self.write("bad_h.c", "x;\n"))), 1)
        line = "x; // say: null-arg a // expect: null-arg\n"
        self.assertEqual(len(self.problems(self.write("ok_h.c", line))), 1)

    def test_program_of_several_units(self):
        self.write("bad_many/a.c", "x; // say: null-arg a // expect: null-arg\n")
        self.write("bad_many/b.c", "x; // say: null-arg b\n")
        found = self.problems(os.path.join(self.folder.name, "bad_many"))
        self.assertEqual(len(found), 1)
        self.assertIn("bad_many/b.c:1: unexpected", found[0])

    def test_failure_of_sluice(self):
        self.assertIn("exit 3", self.problems(self.write("ok_i.c", "exit three\n"))[0])

    def test_pages(self):
        page = "# null-arg\n\nText.\n\n## Why\n\n## Bad\n\n```c\nBAD\n```\n\n## Good\n\n```c\nGOOD\n```\n\n## Limits\n"
        right = page.replace("BAD", "x; // say: null-arg a").replace("GOOD", "x;")
        self.assertEqual(self.problems(self.write("right.md", right)), [])
        wrong = page.replace("BAD", "x;").replace("GOOD", "x; // say: null-arg a")
        self.assertEqual(len(self.problems(self.write("wrong.md", wrong))), 2)

    def test_verdicts(self):
        self.write("cases/INDEX.tsv", "a.c\tBUG\tone\nb.c\tOK\ttwo\n")
        self.write("cases/a.c", "x; // say: null-arg a\n")
        self.write("cases/b.c", "x;\n")
        self.write("cases/X1bug/a.c", "x;\n")
        options = types.SimpleNamespace(sluice=self.sluice, jobs=1, rules="null-",
                                        verdicts=os.path.join(self.folder.name, "cases"))
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            self.assertEqual(expect.run_verdicts(options), 1)
        self.assertIn("1 of 2 bugs found, 1 of 1 traps silent", told.getvalue())

    def test_comments_that_cannot_be_read(self):
        with self.assertRaises(expect.Broken):
            expect.marks_of_text("x; // expect: 12\n", "a.c")


if __name__ == "__main__":
    unittest.main()
