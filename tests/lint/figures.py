#!/usr/bin/env python3
"""No figure that nobody has measured: figures.py ROOT

The verdicts in tests/bench/triage/ are counted; the tables of tests/bench/README.md must say the same, README.md must say
what follows from the tables, and any other number in it is a version, a status or an example. What docs/*.md claims
with a unit stands in tests/bench/README.md in the same words. And README.md is two screens, no more.
"""
import collections
import glob
import os
import re
import sys

BENCH, TRIAGE = "tests/bench/README.md", "tests/bench/triage/%s.md"
VERDICTS = ("true", "true (memory)", "false", "unsure")
ROW = re.compile(r"^\| ([ABC]) \| `([a-z-]+)` \| [^|]+ \| (true \(memory\)|true|false|unsure)[ ,;(]", re.M)
SCREENS_LINES, SCREENS_CHARACTERS = 100, 5300
# What is no figure: versions, statuses, names of things, and what says itself that it is an example.
NO_FIGURE = re.compile(r"(?:Debian|clang|gcc|libclang|SARIF|Neovim|LSP|UTF-?)[ (]?\d[\d.]*(?:'s)?|Exit status:[^\n]*(?:\n[^\n]+)*"
                       r"|[Ss]ay,? \d+ of \d+|\blib[a-z]+\d")
CLAIM = re.compile(r"\b\d[\d.,]* ?(?:%|ms\b|findings?\b|files?\b|times\b|of \d+)|\bpercent of \d+")


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def prose(path):
    text = re.sub(r"^```.*?^```", "", read(path), flags=re.M | re.S)
    text = re.sub(r"<picture>.*?</picture>|!\[.*?\]\(.*?\)|\]\([^)]*\)", "", text, flags=re.S)
    return re.sub(r"`[^`]*`", "", text)


def section(heading):
    return read(BENCH).split("\n%s\n" % heading, 1)[1].split("\n#", 1)[0]


def measured():
    """Rows of the last measured table: name, tier A and B, cold, warm."""
    rows = re.findall(r"^(\S+?)-[\d.]+ +\d+ +[\d.]+ +(\d+) +(\d+) +\d+ .*?(\d\.\d{3}) +(\d\.\d{3}) +[\d.]+ +[\d.]+ +\d$",
                      section("## Last measured"), re.M)
    return {row[0]: (int(row[1]) + int(row[2]), float(row[3]), float(row[4])) for row in rows}


def verdicts(projects):
    counts = collections.Counter()
    for project in projects:
        for tier, rule, verdict in ROW.findall(read(TRIAGE % project)):
            for key in ("all", "tier " + tier, "%s `%s`" % (tier, rule)):
                counts[key, verdict] += 1
    return counts


def share(counts, key):
    true = counts[key, "true"] + counts[key, "true (memory)"]
    return round(100 * true / ((true + counts[key, "false"]) or 1))


def judged_problems(counts):
    rows = re.findall(r"^\| ([^|]+?) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+)% \|$",
                      section("### Judged so far"), re.M)
    for key in sorted({key for key, _ in counts} - {row[0] for row in rows}):
        yield "%s: the table of judged findings has no row '%s'" % (BENCH, key)
    for key, *told in rows:
        counted = [counts[key, verdict] for verdict in VERDICTS]
        counted = [sum(counted), *counted, share(counts, key)]
        if [int(word) for word in told] != counted:
            yield "%s: '%s' of the judged findings: triage/ says %s" % (BENCH, key, counted)


def count_problems(projects):
    for project, (found, _, _) in projects.items():
        told = re.search(r"^(\d+) findings of tier A and B", read(TRIAGE % project), re.M)
        if told and int(told.group(1)) != found:
            yield "%s speaks of %s findings of tier A and B, the last measured table of %d" % (
                TRIAGE % project, told.group(1), found)


def peers():
    return {row[0]: tuple(int(word) for word in row[1:]) for row in re.findall(
        r"^\| (\w+) \| (\d+) \((\d+)\) \| \d+ \| \d+ \| \d+ \| (\d+) \((\d+)\) \|$",
        section("## Peers on the same findings"), re.M)}


def peer_problems(told):
    for project, (true, memory, _, _) in told.items():
        counts = verdicts([project])
        counted = (counts["all", "true"] + counts["all", "true (memory)"], counts["all", "true (memory)"])
        if (true, memory) != counted:
            yield "%s: %s beside its peers: triage/ says %d (%d) are true" % (BENCH, project, *counted)


def unseen_problems():
    text = section("### Programs that were never looked at")
    names = re.search(r"left out\): ([^.]+)\.", text).group(1)
    counts = verdicts(re.split(r",\s+", names))
    for label, key in (("before", "all"), ("before, tier A", "tier A")):
        told = re.search(r"^\| %s \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+)%%" % label, text, re.M)
        counted = [counts[key, verdict] for verdict in VERDICTS]
        counted = [sum(counted), *counted, share(counts, key)]
        if [int(word) for word in told.groups()] != counted:
            yield "%s: '%s' of programs never looked at: triage/ says %s" % (BENCH, label, counted)


def sentences(projects, counts, told):
    """What README.md must say, in the words it says it with."""
    true, memory, alone, alone_memory = (sum(row[i] for row in told.values()) for i in range(4))
    cold = ["%.1f" % limit(row[1] for row in projects.values()) for limit in (min, max)]
    warm = ["%.0f" % (100 * limit(row[2] for row in projects.values())) for limit in (min, max)]
    blocking = [counts["tier A", verdict] for verdict in VERDICTS]
    return ("of the %d true findings read so far, %d are reported by nobody else" % (true, alone),
            "%d of the %d need memory to run out; of the %d others, sluice alone has %d" % (
                memory, true, true - memory, alone - alone_memory),
            "Of the judged findings %d %% are true, of those that block (tier A) %d of %d" % (
                share(counts, "all"), sum(blocking[:2]), sum(blocking[:3])),
            "costs %s to %s times the CPU" % tuple(cold),
            "one without changes %s to %s %% of a cold one" % tuple(warm))


def readme_problems(wanted):
    text = re.sub(r"\s+", " ", NO_FIGURE.sub("", prose("README.md")))
    for sentence in wanted:
        if sentence not in text:
            yield "README.md does not say what was measured: '%s'" % sentence
        text = text.replace(sentence, "")
    for number in re.findall(r".{0,30}\b\d[\d.,]*\b.{0,20}", text):
        yield "README.md: a figure that nobody has measured: '...%s...'" % number
    lines = read("README.md").split("\n")
    if len(lines) - 1 > SCREENS_LINES or sum(map(len, lines)) > SCREENS_CHARACTERS:
        yield "README.md is more than two screens: at most %d lines and %d characters; what else there is to say goes to docs/" % (
            SCREENS_LINES, SCREENS_CHARACTERS)


def docs_problems():
    known = re.sub(r"\s+", " ", read(BENCH))
    for page in sorted(glob.glob("docs/*.md")):
        for claim in CLAIM.findall(re.sub(r"\s+", " ", NO_FIGURE.sub("", prose(page)))):
            if not re.search(r"(?<![\d.,])" + re.escape(claim), known):
                yield "%s: '%s' is not in %s: measure it there, or do not claim it" % (page, claim, BENCH)


def main():
    os.chdir(sys.argv[1] if len(sys.argv) > 1 else ".")
    projects, told = measured(), peers()
    counts = verdicts(projects)
    problems = [*judged_problems(counts), *count_problems(projects), *peer_problems(told), *unseen_problems(),
                *readme_problems(sentences(projects, counts, told)), *docs_problems()]
    if set(told) != set(projects):
        problems.append("%s: the tables do not speak of the same projects" % BENCH)
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
