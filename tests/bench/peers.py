#!/usr/bin/env python3
"""Which of sluice's true findings do its peers report too?

    peers.py FOLDER [PROJECT...]        FOLDER as prepare.sh leaves it

Takes the findings that triage/<project>.md judges to be true and runs clang-19 --analyze
(core, unix, nullability), gcc-12 -fanalyzer and cppcheck --enable=warning on the files they
are in, as the compile database compiles them. A peer reports a finding when it says
something about null within three lines of it, or of a line that its path begins or ends at.
Prints a row for each finding, then the count for each project.
"""
import argparse
import collections
import concurrent.futures
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
import database  # noqa: E402  (beside this file)

PEERS = ("clang-19", "gcc-12", "cppcheck")
NEAR = 3
ROW = re.compile(r"\| ([ABC]) \| `(null-[a-z-]+)` \| ([^ |]+):(\d+) \| (true[^|]*) \| (.*) \|$")

Finding = collections.namedtuple("Finding", "project rule file line verdict")


def findings_of(project, path):
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            row = ROW.match(line.rstrip())
            if row:
                yield Finding(project, row.group(2), row.group(3), int(row.group(4)),
                              row.group(5).strip())


def entry_of(tree, entries, file):
    wanted = os.path.realpath(os.path.join(tree, file))
    for entry in entries:
        if database.path_of(entry) == wanted:
            return entry
    return None


def execute(command, folder, limit):
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=limit,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None


def lines_in(path, places):
    return {line for file, line in places if os.path.realpath(file) == path}


def clang(entry, limit):
    """Lines of the file about null, or None when there is no answer in time."""
    words = [word for word in database.clang_command(entry)
             if word not in ("clang-19", "-fsyntax-only", "-w")]
    with tempfile.TemporaryDirectory(prefix="sluice-peers-") as scratch:
        output = os.path.join(scratch, "out.sarif")
        command = ["clang-19", "--analyze", "-w", "--analyzer-output", "sarif", "-o", output,
                   "-Xclang", "-analyzer-checker=core,unix,nullability"] + words
        done = execute(command, entry["directory"], limit)
        if not done or not os.path.exists(output):
            return None
        with open(output, encoding="utf-8") as stream:
            results = json.load(stream)["runs"][0]["results"]
    lines = set()
    for result in results:
        if "null" not in (result["message"]["text"] + result["ruleId"]).lower():
            continue
        where = result["locations"][0]["physicalLocation"]
        uri = where["artifactLocation"]["uri"].replace("file://", "")
        path = os.path.join(entry["directory"], uri)
        lines |= lines_in(database.path_of(entry), [(path, where["region"]["startLine"])])
    return lines


def gcc(entry, limit):
    words, command = iter(database.args_of(entry)[1:]), ["gcc-12"]
    for word in words:
        if word == "-o":
            next(words, None)
        elif word not in ("-Werror", "-c"):
            command.append(word)
    command += ["-fanalyzer", "-fdiagnostics-format=json", "-c", "-o", "/dev/null"]
    done = execute(command, entry["directory"], limit)
    if not done or done.returncode != 0:
        return None
    places = []
    for text in done.stderr.decode("utf-8", "replace").split("\n"):
        for told in json.loads(text) if text.startswith("[") else []:
            if "null" in told.get("option", ""):
                at = told["locations"][0]["caret"]
                places.append((os.path.join(entry["directory"], at["file"]), at["line"]))
    return lines_in(database.path_of(entry), places)


def cppcheck(entry, limit):
    words, args = iter(database.args_of(entry)[1:]), []
    for word in words:
        if word in ("-D", "-I", "-U", "-include"):
            args.append(("--include=" if word == "-include" else word) + next(words, ""))
        elif word.startswith(("-D", "-I", "-U")):
            args.append(word)
    done = execute(["cppcheck", "--enable=warning", "--language=c", "--library=posix,gnu",
                    "--xml", "--quiet"] + args + [database.path_of(entry)],
                   entry["directory"], limit)
    if not done:
        return None
    places = []
    for error in ElementTree.fromstring(done.stderr).iter("error"):
        if "null" in error.get("id").lower():
            path = [(os.path.join(entry["directory"], where.get("file")), int(where.get("line")))
                    for where in error.iter("location")]
            places += [path[0], path[-1]] if path else []
    return lines_in(database.path_of(entry), places)


RUNS = dict(zip(PEERS, (clang, gcc, cppcheck)))


def answers_of(tree, findings, options):
    """{(file, peer): lines or None}."""
    entries = database.read(os.path.join(tree, "compile_commands.json"))
    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for file in sorted({finding.file for finding in findings}):
            entry = entry_of(tree, entries, file)
            for peer in PEERS:
                jobs[file, peer] = entry and pool.submit(RUNS[peer], entry, options.limit)
        return {key: job.result() if job else None for key, job in jobs.items()}


def word_of(lines, line):
    if lines is None:
        return "no answer"
    return "yes" if any(abs(other - line) <= NEAR for other in lines) else "-"


def compare(project, options):
    tree = [os.path.join(options.folder, name) for name in sorted(os.listdir(options.folder))
            if name.rsplit("-", 1)[0] == project][0]
    findings = list(findings_of(project, os.path.join(HERE, "triage", project + ".md")))
    answers = answers_of(tree, findings, options)
    alone = by_memory = 0
    said = collections.Counter()
    for finding in findings:
        words = [word_of(answers[finding.file, peer], finding.line) for peer in PEERS]
        said.update(peer for peer, word in zip(PEERS, words) if word == "yes")
        if "yes" not in words:
            alone += 1
            by_memory += finding.verdict != "true"
        print("| %s | `%s` | %s:%d | %s | %s |" % (
            project, finding.rule, finding.file, finding.line, finding.verdict,
            " | ".join(words)), flush=True)
    memory = sum(finding.verdict != "true" for finding in findings)
    return "| %s | %d (%d) | %s | %d (%d) |" % (
        project, len(findings), memory, " | ".join(str(said[peer]) for peer in PEERS), alone,
        by_memory)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=int, default=900, help="seconds for one file and peer")
    parser.add_argument("folder", type=os.path.abspath)
    parser.add_argument("projects", nargs="*")
    options = parser.parse_args()
    projects = options.projects or sorted(
        name[:-3] for name in os.listdir(os.path.join(HERE, "triage")) if name.endswith(".md"))
    print("| project | rule | where | verdict | %s |" % " | ".join(PEERS))
    print("|---" * (4 + len(PEERS)) + "|")
    rows = [compare(project, options) for project in projects]
    print("\n| project | true (memory) | %s | by sluice alone (memory) |" % " | ".join(PEERS))
    print("|---" * (3 + len(PEERS)) + "|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
