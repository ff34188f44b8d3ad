#!/usr/bin/env python3
"""Runs sluice and its peers over the public suites of the peers.

    suites.py --sluice BIN FOLDER [--all] [--list FILE] [--suite NAME] [--tool NAME]...

Source packages are fetched into FOLDER/tar and the tests alone are unpacked beside it; what
is there already is not fetched again. Every program with an expectation about a null pointer
is taken, and every other one that has "null" in its name; with --all each program that
parses. A report answers an expectation when it stands on its line, or when its path begins
or ends there (a test and a dereference, a call and what it leads to); places that sluice
groups with a finding, as of the same cause, are reports of their own. Every other report
about a null pointer is unexpected; the ones of sluice must be argued in suites.md.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import suites_read as reader  # noqa: E402  (beside this file)

SUITES = ("clang", "gcc", "cppcheck")
TOOLS = ("sluice", "sluice+notes", "clang-19", "gcc-12", "cppcheck")
SOURCES = {"clang": "llvm-toolchain-19", "gcc": "gcc-12", "cppcheck": "cppcheck"}
INSIDE = {"clang": "*/clang/test/Analysis", "gcc": "*/gcc/testsuite/gcc.dg/analyzer",
          "cppcheck": "*/test/testnullpointer.cpp"}

Report = collections.namedtuple("Report", "places text")


# ---- sources ------------------------------------------------------------------------------


def tarball_of(suite, folder):
    kept = os.path.join(folder, "tar")
    os.makedirs(kept, exist_ok=True)
    pattern = os.path.join(kept, SOURCES[suite] + "_*.orig.tar.*")
    if not glob.glob(pattern):
        subprocess.run(["apt-get", "source", "--download-only", "--tar-only", SOURCES[suite]],
                       cwd=kept, check=True)
    return [path for path in sorted(glob.glob(pattern)) if not path.endswith(".asc")][0]


def unpack(suite, folder):
    """The folder (or file) of the suite's tests, unpacked when it is not there."""
    target = os.path.join(folder, suite)
    if not glob.glob(os.path.join(target, INSIDE[suite])):
        tarball = tarball_of(suite, folder)
        os.makedirs(target, exist_ok=True)
        take = ["--wildcards", INSIDE[suite]]
        if suite == "gcc":  # the archive of Debian has GCC's own archive inside
            outer = subprocess.Popen(["tar", "-xOf", tarball, "--wildcards", "*/gcc-*.tar.xz"],
                                     stdout=subprocess.PIPE)
            subprocess.run(["tar", "-xJf", "-", "-C", target] + take, stdin=outer.stdout,
                           check=True)
            outer.wait()
        else:
            subprocess.run(["tar", "-xf", tarball, "-C", target] + take, check=True)
    return glob.glob(os.path.join(target, INSIDE[suite]))[0]


def programs_of(suite, folder):
    path = unpack(suite, folder)
    if suite == "clang":
        return reader.clang_programs(path)
    if suite == "gcc":
        return reader.gcc_programs(path)
    return reader.cppcheck_programs(path, os.path.join(folder, "cppcheck-c"))


# ---- tools --------------------------------------------------------------------------------


def execute(command, folder):
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=120,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None


def ends(path):
    return frozenset([path[0], path[-1]]) if path else frozenset()


def place(path, line):
    return os.path.basename(path), int(line)


def run_sluice(program, options, scratch, tier="B"):
    output = os.path.join(scratch, "out.json")
    done = execute([options.sluice, "check", "--no-cache", "--jobs", "1", "--tier", tier,
                    "--format", "json", "-o", output, "--", "clang"] + program.args +
                   ["-c", program.file], program.folder)
    if not done or done.returncode not in (0, 1, 3) or not os.path.exists(output):
        return None
    with open(output, encoding="utf-8") as stream:
        findings = json.load(stream)["findings"]
    reports = []
    for found in findings:
        if not found["rule"].startswith("null-"):
            continue
        own = place(found["place"]["path"], found["place"]["line"])
        more = [found["steps"][0], found["steps"][-1]] if found["steps"] else []
        if found["rule"] != "null-check-after-deref":
            more = more[1:]  # there the first step is what was dereferenced
        text = "%s: %s" % (found["rule"], found["text"])
        reports.append(Report(frozenset([own] + [place(step["path"], step["line"])
                                                 for step in more]), text))
        reports += [Report(frozenset([place(other["path"], other["line"])]), text)
                    for other in found["related"]]
    return reports


def run_sluice_with_notes(program, options, scratch):
    return run_sluice(program, options, scratch, "C")


def run_clang(program, options, scratch):
    output = os.path.join(scratch, "out.sarif")
    done = execute(["clang-19", "--analyze", "-w"] + reader.OLD_C + ["--analyzer-output", "sarif", "-o", output,
                    "-Xclang", "-analyzer-checker=core,unix,nullability"] +
                   program.args + [program.file], program.folder)
    if not done or not os.path.exists(output):
        return None
    with open(output, encoding="utf-8") as stream:
        results = json.load(stream)["runs"][0]["results"]
    reports = []
    for result in results:
        text = result["message"]["text"]
        if reader.speaks_of_null(text) or "null" in result["ruleId"].lower():
            where = result["locations"][0]["physicalLocation"]
            reports.append(Report(frozenset([place(where["artifactLocation"]["uri"],
                                                   where["region"]["startLine"])]), text))
    return reports


def run_gcc(program, options, scratch):
    args = [word for word in program.args if not word.startswith("--target=")]
    if any("i386" in word for word in program.args):
        args.append("-m32")
    done = execute(["gcc-12", "-fanalyzer", "-fdiagnostics-format=json", "-c", "-o",
                    os.path.join(scratch, "out.o")] + args + [program.file], program.folder)
    if not done:
        return None
    reports = []
    for line in done.stderr.decode("utf-8", "replace").split("\n"):
        if not line.startswith("["):
            continue
        for told in json.loads(line):
            if "null" in told.get("option", ""):
                at = told["locations"][0]["caret"]
                reports.append(Report(frozenset([place(at["file"], at["line"])]), told["message"]))
    return reports


def run_cppcheck(program, options, scratch):
    args = [word for word in program.args if re.match(r"-[DI]", word)]
    args += ["--include=" + program.args[at + 1] for at, word in enumerate(program.args)
             if word == "-include"]
    done = execute(["cppcheck", "--enable=warning", "--language=c", "--library=posix,gnu",
                    "--xml", "--quiet"] + args + [program.file], program.folder)
    if not done:
        return None
    reports = []
    for error in ElementTree.fromstring(done.stderr).iter("error"):
        if "null" in error.get("id").lower() and reader.speaks_of_null(error.get("msg")):
            path = [place(where.get("file"), where.get("line"))
                    for where in error.iter("location")]
            if error.get("id").startswith("ctu"):
                path = path[:1]
            reports.append(Report(ends(path), error.get("msg")))
    return reports


RUNS = dict(zip(TOOLS, (run_sluice, run_sluice_with_notes, run_clang, run_gcc, run_cppcheck)))


# ---- judging ------------------------------------------------------------------------------

Verdict = collections.namedtuple("Verdict", "found missed unexpected failed")


def judge(program, reports):
    if reports is None:
        return Verdict([], program.expected, [], True)
    found = [mark for mark in program.expected if any(mark & r.places for r in reports)]
    missed = [mark for mark in program.expected if mark not in found]
    known = frozenset().union(*program.expected, *program.open)
    return Verdict(found, missed, [r for r in reports if not r.places & known], False)


def ask(program, tool, options):
    with tempfile.TemporaryDirectory(prefix="sluice-suites-") as scratch:
        return judge(program, RUNS[tool](program, options, scratch))


def is_about_null(program):
    return program.expected or program.open or "null" in program.name.lower()


def argued():
    """{(suite, program, line): verdict} of the table in suites.md."""
    rows = {}
    with open(os.path.join(HERE, "suites.md"), encoding="utf-8") as stream:
        for line in stream:
            row = re.match(r"\| (clang|gcc|cppcheck) \| `([^`:]+)` \| ([\d, ]+) \| (\w+) \|", line)
            if row:
                for number in row.group(3).split(","):
                    rows[row.group(1), row.group(2), int(number)] = row.group(4)
    return rows


def details(program, tool, verdict, rows):
    for mark in verdict.missed:
        yield "%s %s missed %s:%s" % (tool, program.suite, program.name,
                                      "/".join(str(line) for _, line in sorted(mark)))
    for report in verdict.unexpected:
        lines = sorted(line for file, line in report.places if file == program.file)
        told = {rows[program.suite, program.name, line] for line in lines
                if (program.suite, program.name, line) in rows}
        yield "%s %s unexpected %s:%s [%s] %s" % (
            tool, program.suite, program.name, ",".join(map(str, lines)),
            " ".join(sorted(told)) or "not argued", report.text)


def line_of_table(label, cells):
    return "| %-22s |" % label + "".join(" %-20s |" % cell for cell in cells)


def run_suite(suite, options, listing, rows):
    programs = [p for p in programs_of(suite, options.folder) if options.all or is_about_null(p)]
    expected = sum(len(p.expected) for p in programs)
    found, unexpected, cells = {}, {}, []
    for tool in options.tools:
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            verdicts = list(pool.map(lambda p, tool=tool: ask(p, tool, options), programs))
        for program, verdict in zip(programs, verdicts):
            listing += details(program, tool, verdict, rows)
        found[tool] = sum(len(v.found) for v in verdicts)
        unexpected[tool] = sum(len(v.unexpected) for v in verdicts)
        failed = sum(v.failed for v in verdicts)
        cells.append("%d of %d, %d other%s" % (found[tool], expected, unexpected[tool],
                                               ", %d failed" % failed if failed else ""))
    print(line_of_table("%s (%d programs)" % (suite, len(programs)), cells), flush=True)
    return expected, found, unexpected


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True, type=os.path.abspath)
    parser.add_argument("--all", action="store_true", help="programs without null as well")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", metavar="FILE", help="every missed and unexpected line")
    parser.add_argument("--suite", action="append", choices=SUITES)
    parser.add_argument("--tool", dest="tools", action="append", choices=TOOLS)
    parser.add_argument("folder", type=os.path.abspath)
    options = parser.parse_args()
    options.tools = options.tools or list(TOOLS)
    listing, rows = [], argued()
    print(line_of_table("suite", options.tools))
    print("|---" * (1 + len(options.tools)) + "|")
    for suite in options.suite or SUITES:
        run_suite(suite, options, listing, rows)
    if options.list:
        with open(options.list, "w", encoding="utf-8") as stream:
            stream.write("\n".join(listing) + "\n")


if __name__ == "__main__":
    main()
