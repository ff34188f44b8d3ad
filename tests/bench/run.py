#!/usr/bin/env python3
"""Measures sluice on real programs.

    run.py --sluice BIN FOLDER [PROJECT...]      FOLDER as prepare.sh leaves it

For each project: findings by tier and by thousand lines, what was not understood, the CPU
time of a cold check against `clang-19 -fsyntax-only -w` of the same units, of a second check
without changes against the first, and the peak memory of a worker. The two programs run in
turns (--pairs) and the medians are compared, so that a busy machine disturbs both alike.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import database  # noqa: E402  (beside this file)

COLUMNS = (("project", "%-18s"), ("units", "%6d"), ("klines", "%7.1f"), ("A", "%4d"), ("B", "%5d"),
           ("C", "%5d"), ("A/20kl", "%7.2f"), ("AB/kl", "%6.2f"), ("opaque%", "%8.3f"),
           ("unres%", "%7.2f"), ("exhaust", "%8d"), ("clang s", "%8.2f"), ("cold s", "%7.2f"),
           ("cold/clang", "%11.3f"), ("warm/cold", "%10.3f"), ("worker MB", "%10.1f"),
           ("main MB", "%8.1f"), ("exit", "%5d"))


def run(command, directory=None):
    """Exit status, CPU seconds of the process and all that it waited for, its peak memory."""
    child = subprocess.Popen(command, cwd=directory, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def syntax_check(entries):
    return sum(run(database.clang_command(entry), entry["directory"])[1] for entry in entries)


def sluice_check(options, project, cache, output):
    command = [options.sluice, "check", "-p", project, "--cache", cache, "--format", "json",
               "--verbose", "--tier", "C", "-o", output]
    if options.workers:
        command += ["--jobs", str(options.workers)]
    return run(command, project)


def measure(options, project):
    entries = database.read(os.path.join(project, "compile_commands.json"))
    clang, cold, warm = [], [], []
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as scratch:
        output = os.path.join(scratch, "out.json")
        for pair in range(options.pairs):
            cache = os.path.join(scratch, "cache%d" % pair)
            clang.append(syntax_check(entries))
            status, seconds, peak = sluice_check(options, project, cache, output)
            cold.append(seconds)
            report = database.read(output)
            warm.append(sluice_check(options, project, cache, output)[1])
        if options.keep:
            os.makedirs(options.keep, exist_ok=True)
            name = os.path.join(options.keep, os.path.basename(project) + ".json")
            with open(name, "w", encoding="utf-8") as stream:
                json.dump(report, stream, indent=1)
    return row_of(project, entries, report, status, peak, (clang, cold, warm))


def row_of(project, entries, report, status, peak, times):
    clang, cold, warm = (statistics.median(seconds) for seconds in times)
    stats = report["stats"]
    klines = database.lines_of(entries) / 1000
    tiers = [sum(f["tier"] == tier for f in report["findings"]) for tier in "ABC"]
    return (os.path.basename(project), stats["units"], klines, *tiers, 20 * tiers[0] / klines,
            (tiers[0] + tiers[1]) / klines, 100 * stats["opaque"] / max(1, stats["instructions"]),
            100 * stats["callsUnresolved"] / max(1, stats["calls"]), stats["functionsExhausted"],
            clang, cold, cold / clang, warm / cold, stats["peakWorkerKb"] / 1024, peak, status)


def projects_of(folder, wanted):
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        name = entry.rsplit("-", 1)[0]
        if os.path.exists(os.path.join(path, "compile_commands.json")) and (
                not wanted or name in wanted or entry in wanted):
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True, type=os.path.abspath)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--keep", metavar="DIR", help="keep each project's JSON report here")
    parser.add_argument("folder")
    parser.add_argument("projects", nargs="*")
    options = parser.parse_args()
    print(" ".join("%*s" % (len(form % (0 if "s" not in form else "")), name)
                   for name, form in COLUMNS), flush=True)
    for project in projects_of(os.path.abspath(options.folder), options.projects):
        row = measure(options, project)
        print(" ".join(form % value for (_, form), value in zip(COLUMNS, row)), flush=True)


if __name__ == "__main__":
    main()
