#!/usr/bin/env python3
"""Random programs, run over all their inputs, against what sluice reports of them.

    oracle.py --sluice BIN [N [FROM]]       N seeds from FROM
    oracle.py --sluice BIN --show SEED      one program, its truth and its report
    oracle.py --sluice BIN --reduce SEED    each of its disagreements as a minimal program
"""
import argparse
import collections
import multiprocessing
import os
import re
import sys

from compare import judge, report
from execute import MANY_RUNS, WIDE, execute
from generate import generate
from program import listing, plain, unit_name
from reduce import disagreements, reduce

BATCH = 40
HERE = os.path.dirname(os.path.abspath(__file__))


def shown(site):
    return "%s:%d" % (unit_name(site[0]), site[1])


def run_batch(job):
    sluice, seeds = job
    programs = [generate(seed) for seed in seeds]
    truths = execute(programs)
    rows = []
    for program in programs:
        truth = truths[program.seed]
        if not truth.whole:
            rows.append((program.seed, truth, None, []))
            continue
        findings = report(program, sluice)
        truth, verdict = judged(program, truth, findings)
        rows.append((program.seed, truth, verdict, disagreements_of(program, truth, verdict, findings)))
    return rows


def judged(program, truth, findings):
    """What looks false is looked at again with more inputs: a < b && b < 0 needs room."""
    verdict = judge(program, truth, findings)
    if verdict.false:
        wide = execute([program], *WIDE, MANY_RUNS)[program.seed]
        if wide.whole:
            return wide, judge(program, wide, findings)
    return truth, verdict


def disagreements_of(program, truth, verdict, findings):
    """[(kind, site, what, the idioms it is made of)]"""
    _, places = plain(program)

    def idiom(site):
        return places[site].idiom if site in places else "?"

    rows = []
    for finding in verdict.false:
        source = finding.step_texts[0][0]
        rows.append(("false", finding.place, "%s %s: %s" % (finding.rule, finding.tier, finding.text),
                     "%s %s %s -> %s" % (finding.rule, finding.tier, idiom(source), idiom(finding.place))))
    for site in verdict.misses:
        rows.append(("miss", site, "", idiom(site)))
    stacks = collections.defaultdict(set)
    for site, stack in truth.crashes:
        stacks[site].update(stack + (site,))
    for site in verdict.notes:
        near = [f for f in findings if (f.related | {f.place}) & stacks[site]]
        terms = {term for finding in near for term in finding.terms}
        rows.append(("note", site, " ".join(sorted(terms)), idiom(site)))
    return rows


def run(sluice, first, n, jobs):
    seeds = list(range(first, first + n))
    batches = [(sluice, seeds[at:at + BATCH]) for at in range(0, n, BATCH)]
    with multiprocessing.Pool(jobs) as pool:
        for rows in pool.imap(run_batch, batches):
            yield from rows


class Totals:
    def __init__(self):
        self.count = collections.Counter()
        self.rules = collections.Counter()

    def add(self, seed, truth, verdict):
        count = self.count
        if verdict is None:
            count["skipped"] += 1
            return
        count["programs"] += 1
        count["runs"] += truth.runs
        count["sites"] += len(truth.executed | truth.sites)
        count["crashing"] += len(truth.sites)
        for what in ("found", "notes", "misses", "true", "false", "beliefs"):
            count[what] += len(getattr(verdict, what))
        for finding in verdict.false:
            self.rules[finding.rule, finding.tier, "false"] += 1
        for finding in verdict.true:
            self.rules[finding.rule, finding.tier, "true"] += 1

    def ratio(self, part, *rest):
        whole = self.count[part] + sum(self.count[name] for name in rest)
        return 100.0 * self.count[part] / whole if whole else 0.0

    @property
    def recall(self):
        return self.ratio("found", "notes", "misses")

    @property
    def recall_with_notes(self):
        told = self.count["found"] + self.count["notes"]
        whole = told + self.count["misses"]
        return 100.0 * told / whole if whole else 0.0

    @property
    def precision(self):
        return self.ratio("true", "false")

    def text(self):
        count = self.count
        lines = ["%(programs)d programs, %(runs)d runs" % count + (", %d skipped" % count["skipped"] if count["skipped"] else ""),
                 "dereferences: %d lines run, %d crash for some input" % (count["sites"], count["crashing"]),
                 "recall    %5.1f %%   %d found, %d only as a note, %d missed (%.1f %% with the notes)" % (
                     self.recall, count["found"], count["notes"], count["misses"], self.recall_with_notes),
                 "precision %5.1f %%   %d findings true, %d false, %d more trust a needless test" % (
                     self.precision, count["true"], count["false"], count["beliefs"])]
        rules = sorted({(rule, tier) for rule, tier, _ in self.rules})
        for rule, tier in rules:
            lines.append("  %-24s %s  %5d true %5d false" % (
                rule, tier, self.rules[rule, tier, "true"], self.rules[rule, tier, "false"]))
        return "\n".join(lines)


class Explained:
    """explained.txt"""

    def __init__(self):
        self.lines, self.used = [], set()
        with open(os.path.join(HERE, "explained.txt"), encoding="utf-8") as stream:
            for line in stream:
                if line.strip() and not line.startswith("#"):
                    match, _, reason = line.rstrip("\n").partition(" -- ")
                    kind, _, pattern = match.partition(" ")
                    self.lines.append((kind, re.compile(pattern.strip()), reason))

    def reason(self, kind, text):
        for number, (own, pattern, reason) in enumerate(self.lines):
            if own == kind and pattern.search(text):
                self.used.add(number)
                return reason
        return None


def show(sluice, seed):
    program = generate(seed)
    findings = report(program, sluice)
    truth, verdict = judged(program, execute([program])[seed], findings)
    print(listing(program))
    print("runs %d whole %s" % (truth.runs, truth.whole))
    for (site, stack), trail in sorted(truth.crashes.items()):
        print("crash %s through %s choices %s" % (shown(site), [shown(s) for s in stack], trail))
    for finding in findings:
        word = "TRUE " if finding in verdict.true else "FALSE" if finding in verdict.false else "-    "
        print("%s %s %s %s %s (%s)" % (word, shown(finding.place), finding.rule, finding.tier, finding.text,
                                       ", ".join(finding.terms)))
    for site in verdict.notes:
        print("ONLY A NOTE %s" % shown(site))
    for site in verdict.misses:
        print("MISS %s" % shown(site))


def reduce_all(sluice, seed, folder, lines):
    """Each disagreement of a program, or those at some lines, as small as it gets."""
    program = generate(seed)
    found = disagreements(program, sluice)
    for number, key in enumerate(sorted(found, key=str), 1):
        site = found[key] if isinstance(found[key], tuple) else found[key].place
        if lines and shown(site) not in lines:
            continue
        small, tries = reduce(program, sluice, key)
        now = disagreements(small, sluice)[key]
        if isinstance(now, tuple):
            what = "%s at %s" % (key[0], shown(now))
        else:
            what = "%s at %s: %s %s %s" % (key[0], shown(now.place), now.rule, now.tier, now.text)
        text = "// seed %d, %d tries: %s\n%s\n" % (seed, tries, what, listing(small))
        if folder:
            with open(os.path.join(folder, "%d-%d.c" % (seed, number)), "w", encoding="utf-8") as stream:
                stream.write(text)
        print(text, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--list", action="store_true", help="one line for each disagreement")
    parser.add_argument("--least-recall", type=float, default=0)
    parser.add_argument("--least-precision", type=float, default=0)
    parser.add_argument("--show", type=int)
    parser.add_argument("--reduce", type=int)
    parser.add_argument("--at", action="append", help="--reduce only what is at FILE:LINE")
    parser.add_argument("--folder", help="where --reduce writes them")
    parser.add_argument("n", type=int, nargs="?", default=200)
    parser.add_argument("first", type=int, nargs="?", default=0)
    args = parser.parse_args()
    if args.show is not None:
        show(args.sluice, args.show)
        return 0
    if args.reduce is not None:
        reduce_all(args.sluice, args.reduce, args.folder, args.at)
        return 0
    totals = Totals()
    idioms, explained, unexplained = collections.Counter(), Explained(), 0
    for seed, truth, verdict, disagreements in run(args.sluice, args.first, args.n, args.jobs):
        totals.add(seed, truth, verdict)
        for kind, site, text, idiom in disagreements:
            idioms[kind, idiom] += 1
            reason = explained.reason(kind, "%s [%s]" % (text, idiom))
            unexplained += reason is None
            if args.list:
                print("%d %s %s %s [%s]%s" % (seed, kind, shown(site), text, idiom, " -- " + reason if reason else ""))
    if args.list:
        for (kind, idiom), count in sorted(idioms.items(), key=lambda item: (-item[1], item[0])):
            print("%5d %s: %s" % (count, kind, idiom))
    print(totals.text())
    print("%d disagreements, %d of them explained" % (sum(idioms.values()), sum(idioms.values()) - unexplained))
    status = 0
    for word, least in (("recall", args.least_recall), ("precision", args.least_precision)):
        if getattr(totals, word) < least:
            print("%s is below %g %%" % (word, least))
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
