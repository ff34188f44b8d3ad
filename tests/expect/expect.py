#!/usr/bin/env python3
"""Runs fixtures against their own comments.

    expect.py --sluice BIN [--jobs N] [--verbose] PATH...
    expect.py --sluice BIN --verdicts FOLDER [--rules PREFIX]

A PATH is a fixture, a folder of fixtures (fixtures/null), or a rule's page (rules/null/x.md).
Each .c file below fixtures/<family>/<rule>/ is a program; a folder there is a program of
several units. What `sluice check` must say of it stands in the program:

    // expect: RULE "substring"; RULE   these findings, and no others, are on this line
    // expect-next: RULE "substring"    ... on the next line
    // step: "substring"; "substring"   a step of some finding's path is on this line
    // related: "substring"             some finding names this line as one of the same cause
    // known-miss: RULE                 should be found here, is not yet: fails once it is
    // known-false: RULE                is reported here by mistake: fails once it is not
    // run: [ARGS] [-- CC ARGS]         first line only: more arguments for this program

A family with a model.yaml (fixtures/context) is read with it, and finds its headers there.
Anything else that is reported fails the program, and so does a finding without score terms. bad_* must expect something, ok_* nothing.
In a page, each C block under "## Bad" must give its rule and no other, "## Good" nothing;
with notes, when the page says that one needs `--tier C`.
--verdicts reads FOLDER/INDEX.tsv (file, BUG or OK, shape) and prints one line a program.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
WORDS = "expect-next|expect|step|related|known-miss|known-false"
PLACES = ("step", "related")  # of a finding, without a rule of their own
MARK = re.compile(r"//\s*(%s):\s*(.*?)\s*(?=//\s*(?:%s):|$)" % (WORDS, WORDS))
ITEM = re.compile(r'\s*([a-z][a-z0-9-]*)?\s*(?:"((?:[^"\\]|\\.)*)")?\s*(?:;|$)')

Program = collections.namedtuple("Program", "name folder files args marks must")
Mark = collections.namedtuple("Mark", "word rule text file line")
Finding = collections.namedtuple("Finding", "rule tier file line text steps related")
Verdict = collections.namedtuple("Verdict", "problems findings expected known")


class Broken(Exception):
    """The program could not be judged: sluice failed, or a comment is malformed."""


# ---- reading fixtures -------------------------------------------------------------------


def marks_of_text(text, file):
    marks = []
    for number, line in enumerate(text.splitlines(), 1):
        for word, rest in MARK.findall(line):
            rest = rest.rstrip("*/ ").rstrip()
            at = 0
            while at < len(rest):
                found = ITEM.match(rest, at)
                if not found or found.end() == at:
                    raise Broken("%s:%d: cannot read '%s: %s'" % (file, number, word, rest))
                rule, substring = found.group(1), found.group(2)
                if (rule is None) != (word in PLACES):
                    raise Broken("%s:%d: '%s' takes %s" % (
                        file, number, word, 'only "text"' if word in PLACES else "a rule"))
                target = number + 1 if word == "expect-next" else number
                word_kept = "expect" if word == "expect-next" else word
                substring = (substring or "").replace('\\"', '"')
                marks.append(Mark(word_kept, rule, substring, file, target))
                at = found.end()
    return marks


def args_of_text(text):
    first = text.split("\n", 1)[0]
    found = re.match(r"//\s*run:\s*(.*)$", first)
    words = shlex.split(found.group(1)) if found else []
    if "--" in words:
        cut = words.index("--")
        return words[:cut], words[cut + 1:]
    return words, []


def args_of_family(family):
    """What all programs of fixtures/<family> are read with: its model, and its headers."""
    folder = os.path.join(ROOT, "fixtures", family)
    model = os.path.join(folder, "model.yaml")
    return (["--model", model], ["-I" + folder]) if os.path.exists(model) else ([], [])


def family_of(folder):
    parts = os.path.relpath(folder, os.path.join(ROOT, "fixtures")).split(os.sep)
    return parts[0] if parts[0] != os.pardir else ""


def program_of_files(name, folder, files, must):
    marks, args = [], args_of_family(family_of(folder))
    for file in files:
        with open(os.path.join(folder, file), encoding="utf-8") as stream:
            text = stream.read()
        marks += marks_of_text(text, file)
        own = args_of_text(text)
        args = (args[0] + own[0], args[1] + own[1])
    units = [file for file in files if file.endswith(".c")]
    return Program(name, folder, units, args, marks, must)


def shown(path):
    relative = os.path.relpath(path, ROOT)
    return path if relative.startswith("..") else relative


def must_of(name):
    if name.startswith("bad_"):
        return "bad"
    if name.startswith("ok_"):
        return "ok"
    raise Broken("%s: a fixture is called bad_<behaviour> or ok_<behaviour>" % name)


def programs_of_page(path, folder):
    with open(path, encoding="utf-8") as stream:
        text = stream.read()
    rule = re.match(r"# ([a-z0-9-]+)\s*\n", text)
    if not rule:
        raise Broken("%s: the first line must be '# rule-id'" % shown(path))
    rule = rule.group(1)
    for heading in ("Why", "Bad", "Good", "Limits"):
        if not re.search(r"^## %s\s*$" % heading, text, re.M):
            raise Broken("%s: no '## %s'" % (shown(path), heading))
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        heading = section.split("\n", 1)[0].strip()
        if heading not in ("Bad", "Good"):
            continue
        blocks = re.findall(r"^```c\n(.*?)^```", section, re.M | re.S)
        if not blocks:
            raise Broken("%s: no C block under '## %s'" % (shown(path), heading))
        for number, block in enumerate(blocks, 1):
            file = "%s_%s_%d.c" % (rule, heading.lower(), number)
            with open(os.path.join(folder, file), "w", encoding="utf-8") as stream:
                stream.write(block)
            name = "%s ## %s %d" % (shown(path), heading, number)
            must = ("page-bad", rule) if heading == "Bad" else ("page-good", rule)
            args = args_of_family(os.path.basename(os.path.dirname(os.path.abspath(path))))
            if "`--tier C`" in text:
                args = (args[0] + ["--tier", "C"], args[1])
            yield Program(name, folder, [file], args, [], must)


def programs_of_path(path, page_folder):
    path = os.path.abspath(path)
    base = os.path.basename(path)
    if path.endswith(".md"):
        yield from programs_of_page(path, page_folder)
    elif path.endswith(".c"):
        yield program_of_files(shown(path), os.path.dirname(path), [base], must_of(base))
    elif os.path.isdir(path) and re.match(r"(bad|ok)_", base):
        files = sorted(f for f in os.listdir(path) if f.endswith((".c", ".h")))
        yield program_of_files(shown(path), path, files, must_of(base))
    elif os.path.isdir(path):
        for entry in sorted(os.listdir(path)):
            inner = os.path.join(path, entry)
            if os.path.isdir(inner) or entry.endswith((".c", ".md")):
                if entry.endswith(".md") and entry == "README.md":
                    continue
                yield from programs_of_path(inner, page_folder)
    else:
        raise Broken("%s: no such fixture" % path)


# ---- running sluice ---------------------------------------------------------------------


def command_of(program, options, scratch, output):
    head = [options.sluice, "check", "--no-cache", "--jobs", "1", "--format", "json", "-o", output]
    head += program.args[0]
    cc = ["cc", "-std=gnu11"] + program.args[1] + ["-c"]
    if len(program.files) == 1:
        return head + ["--"] + cc + program.files
    database = [{"directory": program.folder, "file": file, "arguments": cc + [file]}
                for file in program.files]
    with open(os.path.join(scratch, "compile_commands.json"), "w") as stream:
        json.dump(database, stream)
    return head + ["-p", scratch]


def findings_of_report(report):
    for finding in report["findings"]:
        if "suppressed" in finding:
            continue
        place = finding["place"]
        if not finding["terms"]:
            raise Broken("%s:%d: %s says nothing of how sure it is (report_term)" % (
                place["path"], place["line"], finding["rule"]))
        steps, related = ([(os.path.basename(step["path"]), step["line"], step["text"])
                           for step in finding[word]] for word in ("steps", "related"))
        yield Finding(finding["rule"], finding["tier"], os.path.basename(place["path"]),
                      place["line"], finding["text"], steps, related)


def findings_of(program, options):
    with tempfile.TemporaryDirectory(prefix="sluice-expect-") as scratch:
        output = os.path.join(scratch, "out.json")
        command = command_of(program, options, scratch, output)
        try:
            done = subprocess.run(command, cwd=program.folder, timeout=60,
                                  stdin=subprocess.DEVNULL, capture_output=True)
        except subprocess.TimeoutExpired:
            raise Broken("no answer in 60 seconds")
        told = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[-800:]
        if done.returncode not in (0, 1):
            raise Broken("exit %d: %s" % (done.returncode, told))
        with open(output, encoding="utf-8") as stream:
            return list(findings_of_report(json.load(stream)))


# ---- judging ----------------------------------------------------------------------------


def where(program, file, line):
    head = shown(os.path.join(program.folder, file))
    return "%s:%d" % (head if program.must in ("bad", "ok") else program.name, line)


def take(findings, mark):
    """Removes and gives the finding that answers the mark."""
    for finding in findings:
        if (finding.rule, finding.file, finding.line) == (mark.rule, mark.file, mark.line):
            if mark.text in finding.text:
                findings.remove(finding)
                return finding
    return None


def judge_marks(program, findings):
    problems, left = [], list(findings)
    expected = known = 0
    for mark in program.marks:
        at = where(program, mark.file, mark.line)
        if mark.word == "expect":
            expected += 1
            if not take(left, mark):
                problems.append("%s: missing: %s%s" % (
                    at, mark.rule, ' "%s"' % mark.text if mark.text else ""))
        elif mark.word == "known-false":
            known += 1
            if not take(left, mark):
                problems.append("%s: no longer reported: delete 'known-false: %s'" % (at, mark.rule))
        elif mark.word == "known-miss":
            known += 1
            if take(left, mark):
                problems.append("%s: now found: turn 'known-miss: %s' into 'expect'" % (at, mark.rule))
        elif not any((file, line) == (mark.file, mark.line) and mark.text in text
                     for finding in findings
                     for file, line, text in (finding.related if mark.word == "related"
                                              else finding.steps)):
            problems.append('%s: missing: a %s "%s"' % (
                at, "step" if mark.word == "step" else "related place", mark.text))
    for finding in left:
        problems.append("%s: unexpected: %s: %s" % (
            where(program, finding.file, finding.line), finding.rule, finding.text))
    if program.must == "bad" and not any(m.word in ("expect", "known-miss") for m in program.marks):
        problems.append("%s: a bad_ fixture expects something" % program.name)
    if program.must == "ok" and any(m.word in ("expect", "known-miss") for m in program.marks):
        problems.append("%s: an ok_ fixture expects nothing" % program.name)
    return Verdict(problems, findings, expected, known)


def judge_page(program, findings):
    kind, rule = program.must
    problems = ["%s:%d: unexpected: %s: %s" % (program.name, f.line, f.rule, f.text)
                for f in findings if kind == "page-good" or f.rule != rule]
    if kind == "page-bad" and not any(f.rule == rule for f in findings):
        problems.append("%s: %s is not reported" % (program.name, rule))
    return Verdict(problems, findings, int(kind == "page-bad"), 0)


def judge(program, options):
    try:
        findings = findings_of(program, options)
    except (Broken, OSError, ValueError, KeyError, IndexError) as error:
        return Verdict(["%s: %s" % (program.name, error)], [], 0, 0)
    judged = judge_marks if program.must in ("bad", "ok") else judge_page
    return judged(program, findings)


def run_fixtures(options):
    with tempfile.TemporaryDirectory(prefix="sluice-pages-") as pages, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        programs = [p for path in options.paths for p in programs_of_path(path, pages)]
        verdicts = list(pool.map(lambda program: judge(program, options), programs))
    for program, verdict in zip(programs, verdicts):
        for problem in verdict.problems:
            print(problem)
        if options.verbose:
            for f in verdict.findings:
                print("    %s: %s [%s] %s" % (where(program, f.file, f.line), f.rule, f.tier, f.text))
    failed = sum(1 for verdict in verdicts if verdict.problems)
    print("%d programs, %d failed; %d findings expected, %d known to be wrong" % (
        len(programs), failed, sum(v.expected for v in verdicts), sum(v.known for v in verdicts)))
    return 1 if failed or not programs else 0


# ---- a folder of programs with a known verdict --------------------------------------------


def program_of_case(folder, name):
    path = os.path.join(folder, name)
    if os.path.isdir(path):
        return Program(name, path, sorted(f for f in os.listdir(path) if f.endswith(".c")),
                       ([], []), [], None)
    return Program(name, folder, [name], ([], []), [], None)


def cases_of_folder(folder):
    cases = []
    with open(os.path.join(folder, "INDEX.tsv"), encoding="utf-8") as stream:
        for line in stream:
            fields = line.rstrip("\n").split("\t")
            if len(fields) >= 2 and fields[1] in ("BUG", "OK"):
                cases.append((fields[0], fields[1], fields[2] if len(fields) > 2 else ""))
    listed = {case[0] for case in cases}
    for entry in sorted(os.listdir(folder)):
        if entry not in listed and os.path.isdir(os.path.join(folder, entry)):
            if entry.endswith("bug") or entry.endswith("ok"):
                cases.append((entry, "BUG" if entry.endswith("bug") else "OK", "several units"))
    return cases


def run_verdicts(options):
    folder = os.path.abspath(options.verdicts)
    cases = cases_of_folder(folder)

    def say(case):
        try:
            program = program_of_case(folder, case[0])
            found = [f for f in findings_of(program, options)
                     if f.rule.startswith(options.rules) and f.tier in "AB"]
            return found, None
        except (Broken, OSError, ValueError, KeyError, IndexError) as error:
            return [], str(error)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        answers = list(pool.map(say, cases))
    right = {"BUG": 0, "OK": 0}
    for (name, verdict, shape), (found, error) in zip(cases, answers):
        good = not error and bool(found) == (verdict == "BUG")
        right[verdict] += good
        said = error or ", ".join("%d %s" % (f.line, f.rule) for f in found) or "silent"
        print("%-5s %-4s %-8s %-34s %s" % ("ok" if good else "FAIL", verdict, name, said, shape))
    total = collections.Counter(case[1] for case in cases)
    print("%d of %d bugs found, %d of %d traps silent" % (
        right["BUG"], total["BUG"], right["OK"], total["OK"]))
    return 0 if cases and sum(right.values()) == len(cases) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True, type=os.path.abspath)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("-v", "--verbose", action="store_true", help="print every finding")
    parser.add_argument("--verdicts", metavar="FOLDER")
    parser.add_argument("--rules", default="null-", metavar="PREFIX")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    if not os.access(options.sluice, os.X_OK):
        sys.exit("expect: no program %s" % options.sluice)
    try:
        sys.exit(run_verdicts(options) if options.verdicts else run_fixtures(options))
    except Broken as error:
        sys.exit("expect: %s" % error)


if __name__ == "__main__":
    main()
