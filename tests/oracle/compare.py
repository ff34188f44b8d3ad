"""What sluice reports of a program, held against what the program does."""
import json
import os
import re
import subprocess
import tempfile

from program import functions, plain

# Rules about something else than a dereference that crashes.
OTHER_RULES = {"null-check-after-deref", "null-return-contract"}
REPORTED_TIERS = ("A", "B")


class Finding:
    def __init__(self, data):
        self.rule, self.tier, self.text = data["rule"], data["tier"], data["text"]
        self.place = site_of(data["place"])
        self.related = {site_of(step) for step in data["related"]}
        self.steps = {site_of(step) for step in data["steps"]}
        self.terms = [term["name"] for term in data.get("terms", [])]
        self.step_texts = [(site_of(step), step["text"]) for step in data["steps"]]


def site_of(place):
    return ("abcdefgh".index(place["path"][0]) if place["path"].endswith(".c") else -1, place["line"])


class Verdict:
    """`misses`: sites that crash and are not reported; `notes`: reported as a note only;
    `false`: findings where nothing crashes; `beliefs`: those of them that take a test for a
    sign that the pointer may be null, where the test never finds it to be null."""

    def __init__(self):
        self.true, self.false, self.beliefs = [], [], []
        self.misses, self.notes, self.found = [], [], []


def report(program, sluice):
    """All findings, notes included."""
    files, _ = plain(program)
    with tempfile.TemporaryDirectory() as folder:
        entries = []
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
                stream.write(text)
            if name.endswith(".c"):
                entries.append({"directory": folder, "file": name, "arguments": ["cc", "-c", name]})
        with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as stream:
            json.dump(entries, stream)
        ran = subprocess.run([sluice, "check", "-p", folder, "--root", folder, "--no-cache", "-j", "1", "--tier", "C",
                              "--fail-on", "none", "--format", "json"], capture_output=True, text=True, timeout=120)
        if ran.returncode:
            raise RuntimeError("sluice ended with %d\n%s" % (ran.returncode, ran.stderr[:2000]))
    return [Finding(data) for data in json.loads(ran.stdout)["findings"] if data["rule"] not in OTHER_RULES]


def explains(finding, site, stack):
    """Whether the finding tells of this crash: at its place, or at a call that led there."""
    if site == finding.place or site in finding.related:
        return True
    if finding.related & set(stack):
        return True
    return finding.place in stack and (site in finding.steps or finding.tier == "C")


def judge(program, truth, findings):
    verdict = Verdict()
    heads = functions(program)
    for finding in findings:
        if finding.tier not in REPORTED_TIERS:
            continue
        told = [crash for crash in truth.crashes if explains(finding, *crash)]
        if told:
            verdict.true.append(finding)
        elif heads.get(finding.place) not in truth.executed:
            continue
        elif ({finding.place} | finding.related) & (truth.unset | truth.behind):
            continue
        elif rests_on_useless_test(finding, truth):
            verdict.beliefs.append(finding)
        else:
            verdict.false.append(finding)
    reported = [f for f in findings if f.tier in REPORTED_TIERS]
    noted = [f for f in findings if f.tier not in REPORTED_TIERS]
    for site in sorted(truth.sites):
        stacks = [stack for at, stack in truth.crashes if at == site]
        places = set().union(*stacks)
        if any(explains(f, site, stack) for f in reported for stack in stacks):
            verdict.found.append(site)
        # One null passed to one callee is one finding, however many lines of the callee crash.
        elif any(f.place in places and f.steps & inside(truth, site) for f in reported):
            verdict.found.append(site)
        elif any(explains(f, site, stack) for f in noted for stack in stacks):
            verdict.notes.append(site)
        else:
            verdict.misses.append(site)
    return verdict


def rests_on_useless_test(finding, truth):
    site, text = finding.step_texts[0]
    return re.match("th(e|is) test ", text) and truth.tested.get(site) == 2


def inside(truth, site):
    """Other crashes that share a caller with this one."""
    stacks = [set(stack) for at, stack in truth.crashes if at == site]
    return {at for at, stack in truth.crashes if at != site and any(set(stack) & other for other in stacks)}
