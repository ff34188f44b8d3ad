#!/usr/bin/env python3
"""check.py FINDINGS: reports that are too large for any reader, from a made-up list (findings.c) over hostile sources.
A few thousand findings go through the readers of each format, a hundred thousand are counted, and a million must
end in time, in memory that grows with what is written and not faster, and within the limits of GitHub."""
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

tests = os.path.realpath(f"{os.path.dirname(__file__)}/..")
program = os.path.realpath(sys.argv[1])
work = tempfile.mkdtemp()
sources = f"{work}/src of it"
os.mkdir(sources)
faults = []
skipped = False
FORMATS = ["text", "sarif", "json", "github", "gitlab", "rdjsonl", "markdown", "junit", "checkstyle", "sonar",
           "prometheus", "html"]


def report(kind, n):
    """The file of the report, and the most memory that it took to write it, in MB."""
    path = f"{work}/report.{kind}"
    with open(path, "wb") as out:
        got = subprocess.run([program, sources, str(n), kind], stdout=out, stderr=subprocess.PIPE, timeout=600)
    if got.returncode:
        faults.append(f"{kind}, {n} findings: status {got.returncode}: {got.stderr.decode()[-300:]}")
        return path, 0
    return path, int(got.stderr.split()[-1])


def count(kind, path):
    """How many findings the report has, by a reader of its form."""
    if kind in ("sarif", "json", "gitlab", "sonar"):
        data = json.load(open(path, "rb"))
        return len({"sarif": lambda: data["runs"][0]["results"], "json": lambda: data["findings"],
                    "gitlab": lambda: data, "sonar": lambda: data["issues"]}[kind]())
    if kind == "rdjsonl":
        return sum(1 for line in open(path, "rb") if json.loads(line))
    if kind in ("junit", "checkstyle"):
        wanted = {"junit": ("failure", "testcase"), "checkstyle": ("error",)}[kind]
        n = 0
        for _, element in xml.iterparse(path):
            n += element.tag in wanted
            element.clear()
        return n
    text = open(path, "rb").read().decode()  # raises when it is no UTF-8
    bad = [c for c in text if ord(c) < 32 and c not in "\n\t" or c == "\x7f"]
    if bad:
        faults.append(f"{kind}: a character that a terminal obeys: {bad[0]!r}")
    return text.count("[null-") if kind == "text" else len(text)


# Through the readers.
paths = [report(kind, 2000)[0] for kind in FORMATS]
readers = [p for p in paths if p.rsplit(".")[-1] not in ("text", "sarif", "html")]
for command in ([["/usr/bin/python3", "-W", "ignore", f"{tests}/expect/formats.py", *readers],
                 [f"{tests}/expect/sarif.sh", f"{work}/report.sarif"]]):
    got = subprocess.run(command, capture_output=True, text=True)
    skipped |= got.returncode == 77
    if got.returncode not in (0, 77):
        faults.append(got.stdout[-2000:] + got.stderr[-500:])

# Counted.
MANY = 100000
for kind in FORMATS:
    path, memory = report(kind, MANY)
    n = count(kind, path)
    least = {"sarif": 25000, "github": 1, "markdown": 1, "prometheus": 1, "html": 1}.get(kind, MANY)
    if n < least or (kind == "sarif" and n != least):
        faults.append(f"{kind}: {n} findings of {MANY}")

# A million.
MILLION = 1000000
LIST = 400  # MB: the list itself
for kind in "text", "sarif", "github", "markdown", "prometheus", "html":
    path, memory = report(kind, MILLION)
    size = os.path.getsize(path) / 1e6
    if memory > LIST + 200 + 1.5 * size:
        faults.append(f"{kind}: {memory} MB of memory for a report of {size:.0f} MB")
    print(f"{kind}: a million findings, {size:.0f} MB, {memory} MB of memory")
    if kind == "text":
        if (n := count(kind, path)) != MILLION:
            faults.append(f"text: {n} findings of {MILLION}")
    if kind == "sarif":
        run = json.load(open(path, "rb"))["runs"][0]
        if len(run["results"]) != 25000 or any(result["level"] != "error" for result in run["results"]):
            faults.append("sarif: not the 25000 surest results")
        lost = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
        if not any("975000 weaker results are not in this log" in text for text in lost):
            faults.append(f"sarif: nothing is said of what was left out: {lost}")
        packed = len(gzip.compress(open(path, "rb").read(), 6))
        if packed > 10e6:
            faults.append(f"sarif: {packed} bytes packed, GitHub takes 10 MB")
    os.remove(path)
shutil.rmtree(work)
print("\n".join(faults))
sys.exit(1 if faults else 77 if skipped else 0)
