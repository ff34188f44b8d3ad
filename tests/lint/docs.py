#!/usr/bin/env python3
"""What the documentation names is there: docs.py ROOT [SLUICE] [--write]

Links and pictures of README.md and docs/*.md lead to files, and fragments to headings; docs/rules.md
lists every rule with its title (--write makes it anew); the report has words for every term of a score. With
SLUICE every command and every option that is named exists, by its own --help, and so does every format.
"""
import glob
import os
import re
import subprocess
import sys

FENCE = re.compile(r"^```.*?^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]+|-[a-z])(?![\w-])")
FAMILIES = (("null", "Null pointers"), ("context", "Contexts of requests"), ("arch", "Architecture"))


def read(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read()


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def link_problems(page):
    text = FENCE.sub("", read(page))
    for match in LINK.finditer(text):
        target = match.group(1) or match.group(2)
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(path):
            yield "%s: the link %s leads nowhere" % (page, target)
        elif fragment and fragment not in [anchor(h) for h in re.findall(r"^#+ (.*)$", read(path), re.M)]:
            yield "%s: no such heading: %s" % (page, target)


def rule_list():
    names = re.findall(r"^RULE\((\w+)\)$", read("rules/rules.def"), re.M)
    lines = ["# Rules", "", "`sluice explain RULE` prints a page; here they are all. *Preview*: its precision is not known well.", ""]
    for family, title in FAMILIES:
        lines += ["## " + title, "", "| rule | what | |", "|---|---|---|"]
        for name in sorted(names):
            path = "rules/%s/%s.c" % (family, name)
            if os.path.exists(path):
                code = read(path)
                about = re.search(r"\.title\s*=\s*\"([^\"]*)\"", code).group(1)
                stage = "preview" if "STAGE_PREVIEW" in code else ""
                lines.append("| [`%s`](../rules/%s/%s.md) | %s | %s |" % (name.replace("_", "-"), family, name, about, stage))
        lines.append("")
    lines += ["Comments have notes of their own: [`suppression-unused`, `suppression-without-reason`]"
              "(../integrations/cli/templates/suppressions.md).", ""]
    return "\n".join(lines)


def rule_problems(write):
    if write:
        with open("docs/rules.md", "w", encoding="utf-8") as stream:
            stream.write(rule_list())
    elif read("docs/rules.md") != rule_list():
        yield "docs/rules.md is not what rules/ says: tests/lint/docs.py . --write"


def term_problems():
    words = set(re.findall(r"^    '([\w-]+)': \[", read("integrations/report/html_words.js"), re.M))
    for path in sorted(glob.glob("rules/*/*.c")):
        code = read(path)
        terms = re.findall(r"report_term\(check,\s*\"([\w-]+)\"", code) + re.findall(r"^    \{CANDIDATE_\w+, \"([\w-]+)\"", code, re.M)
        for term in sorted(set(terms) - words):
            yield "%s: integrations/report/html_words.js has no words for the term '%s'" % (path, term)


def map_problems():
    """Each folder has its place in ARCHITECTURE.md, and each room there is a folder."""
    rows = dict(re.findall(r"^\| (`[a-z/]+`) \| (.*)$", read("ARCHITECTURE.md"), re.M))
    rooms = {row.strip("`") for row in rows}
    there = {path for path in glob.glob("analyzer/*/") if path != "analyzer/decisions/"}
    there |= {path for path in glob.glob("*/") if path not in ("analyzer/", "build/")}
    for path in sorted(rooms ^ there):
        yield "ARCHITECTURE.md: %s %s" % (path, "is no folder" if path in rooms else "is not on the map")
    for home in ("integrations/", "tests/"):
        named = rows.get("`%s`" % home, "").split(" | ")[0]
        for path in sorted(glob.glob(home + "*/")):
            if "`%s`" % path[len(home):] not in named:
                yield "ARCHITECTURE.md: %s is not on the map" % path


def help_of(sluice, *words):
    ran = subprocess.run([sluice, *words, "--help"], capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def command_problems(page, sluice, verbs, helps):
    """Options count where they stand with a command of ours, or alone in code."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", read(page)))
    spans += [line for block in FENCE.findall(read(page)) for line in block.split("\n")]
    known = set(OPTION.findall("\n".join(helps.values())))
    for span in spans:
        span = span.split(" # ")[0].split("   # ")[0].strip()
        own = re.match(r"(?:\S*/)?sluice ([a-z-]+)(.*)", span)
        if own and own.group(1) not in verbs:
            yield "%s: there is no 'sluice %s'" % (page, own.group(1))
        elif own:
            words = own.group(2).split(" -- ")[0].split("|")[0]
            for option in OPTION.findall(words):
                if option not in OPTION.findall(helps[own.group(1)]):
                    yield "%s: 'sluice %s' has no option %s" % (page, own.group(1), option)
        elif re.fullmatch(r"--[a-z-]+(?:[ =]\S.*)?", span):
            for option in OPTION.findall(span)[:1]:
                if option not in known:
                    yield "%s: no command has an option %s" % (page, option)


def help_problems(pages, sluice):
    verbs = re.findall(r"^  ([a-z-]+) {2,}\S", help_of(sluice), re.M)
    helps = {verb: help_of(sluice, verb) for verb in verbs}
    for page in pages:
        yield from command_problems(page, sluice, verbs, helps)
    told = read("docs/reports.md")
    for name in re.findall(r"^  ([a-z]+) {2,}\S", helps["check"].split("Formats", 1)[1], re.M):
        if "`%s`" % name not in told:
            yield "docs/reports.md does not speak of the format %s" % name


def main():
    words = [word for word in sys.argv[1:] if word != "--write"]
    sluice = os.path.abspath(words[1]) if len(words) > 1 else None
    os.chdir(words[0] if words else ".")
    pages = ["README.md"] + sorted(glob.glob("docs/*.md"))
    problems = list(rule_problems("--write" in sys.argv)) + list(term_problems()) + list(map_problems())
    for page in pages:
        problems += link_problems(page)
    if sluice:
        problems += help_problems(pages, sluice)
    if not read("README.md").split("```sh\n", 1)[1].startswith("./dev demo\n./dev test\n```"):
        problems.append("README.md: the first commands are not ./dev demo and ./dev test")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
