#!/usr/bin/env python3
"""The findings in the demo service are the planted ones, and no others.

    findings.py --sluice BIN SOURCE BUILD

As planted, what its comments expect is found at exactly those lines (see tests/expect); as
corrected, nothing is reported, the weakest tier included.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "expect"))
import expect  # noqa: E402


def program_of_demo(source):
    folder = os.path.join(source, "src")
    files = sorted(f for f in os.listdir(folder) if f.endswith((".c", ".h")))
    return expect.program_of_files("demo", folder, files, "bad")


def findings_of_build(sluice, build, source, flags):
    subprocess.run(["cmake", "-S", source, "-B", build, "-G", "Ninja"] + flags,
                   stdout=subprocess.DEVNULL, check=True)
    with tempfile.TemporaryDirectory(prefix="sluice-demo-") as scratch:
        output = os.path.join(scratch, "out.json")
        ran = subprocess.run([sluice, "check", "-p", build, "--root", source, "--no-cache",
                              "--model", os.path.join(source, "context.yaml"),
                              "--tier", "C", "--format", "json", "-o", output])
        if ran.returncode not in (0, 1):
            raise expect.Broken("sluice ended with status %d" % ran.returncode)
        with open(output, encoding="utf-8") as stream:
            return ran.returncode, list(expect.findings_of_report(json.load(stream)))


def problems_of_demo(options):
    program = program_of_demo(options.source)
    status, findings = findings_of_build(
        options.sluice, os.path.join(options.build, "planted"), options.source, [])
    problems = expect.judge_marks(program, findings).problems
    if status != 1:
        problems.append("planted: the gate should fail, but the status is %d" % status)
    status, findings = findings_of_build(
        options.sluice, os.path.join(options.build, "corrected"), options.source,
        ["-DDEMO_CORRECT=ON"])
    problems += ["corrected: %s:%d: %s [%s] %s" % (f.file, f.line, f.rule, f.tier, f.text)
                 for f in findings]
    if status != 0:
        problems.append("corrected: the gate should pass, but the status is %d" % status)
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sluice", required=True, type=os.path.abspath)
    parser.add_argument("source", type=os.path.abspath)
    parser.add_argument("build", type=os.path.abspath)
    problems = problems_of_demo(parser.parse_args())
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
