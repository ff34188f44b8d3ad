#!/usr/bin/env python3
"""formats.py FILE...: does the world accept these reports? FILE is named report.FORMAT.

Each is read by what really reads it, where that runs here (junitparser, the Prometheus client,
GitHub's dialect of Markdown by cmark-gfm, an XML parser), and held against what its consumer's
documentation asks for. Needs python3-jsonschema, python3-junitparser, python3-prometheus-client
and cmark-gfm; without one of them the status is 77, after all others were asked.
"""
import importlib
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml

TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
skipped = []


def closed(required, **optional):
    return {"type": "object", "additionalProperties": False, "required": list(required),
            "properties": {**required, **optional}}


GITLAB = {"type": "array", "items": closed({
    "description": TEXT, "check_name": TEXT,
    "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
    "location": closed({"path": {"type": "string", "pattern": "^[^/]"},
                        "lines": closed({"begin": LINE})})})}

POSITION = closed({"line": LINE}, column=LINE)
LOCATION = closed({"path": TEXT}, range=closed({"start": POSITION}, end=POSITION))
RDJSONL = closed({"message": TEXT, "location": LOCATION,
                  "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                  "source": closed({"name": TEXT}), "code": closed({"value": TEXT})},
                 relatedLocations={"type": "array",
                                   "items": closed({"message": {"type": "string"},
                                                    "location": LOCATION})},
                 suggestions={"type": "array", "minItems": 1,
                              "items": closed({"text": {"type": "string"},
                                               "range": closed({"start": POSITION,
                                                                "end": POSITION})})})

PLACE = closed({"message": {"type": "string"}, "filePath": TEXT},
               textRange=closed({"startLine": LINE}, endLine=LINE,
                                startColumn={"type": "integer", "minimum": 0}, endColumn=LINE))
SONAR = closed({
    "rules": {"type": "array", "items": closed({
        "id": TEXT, "name": TEXT, "description": TEXT, "engineId": TEXT,
        "cleanCodeAttribute": {"enum": ["LOGICAL"]},
        "impacts": {"type": "array", "minItems": 1, "items": closed({
            "softwareQuality": {"enum": ["SECURITY", "RELIABILITY", "MAINTAINABILITY"]},
            "severity": {"enum": ["BLOCKER", "HIGH", "MEDIUM", "LOW", "INFO"]}})}})},
    "issues": {"type": "array", "items": closed({
        "ruleId": TEXT, "effortMinutes": {"type": "integer"}, "primaryLocation": PLACE,
        "secondaryLocations": {"type": "array", "items": PLACE}})}})


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        skipped.append(name)
        return None


def by_schema(value, schema):
    jsonschema = module("jsonschema")
    if not jsonschema:
        return
    jsonschema.Draft7Validator.check_schema(schema)
    for error in list(jsonschema.Draft7Validator(schema).iter_errors(value))[:3]:
        yield f"{list(error.absolute_path)}: {error.message[:200]}"


def gitlab(data):
    issues = json.loads(data)
    yield from by_schema(issues, GITLAB)
    if data.startswith(b"\xef\xbb\xbf"):
        yield "a byte order mark"
    prints = [issue["fingerprint"] for issue in issues]
    if len(set(prints)) != len(prints):
        yield "fingerprints repeat: GitLab shows one of them"
    return


def rdjsonl(data):
    for line in data.decode().splitlines():
        diagnostic = json.loads(line)
        yield from by_schema(diagnostic, RDJSONL)
        span = diagnostic["location"].get("range", {})
        if "end" in span and span["end"]["column"] <= span["start"]["column"]:
            yield f"an empty range: {span}"


def sonar(data):
    report = json.loads(data)
    yield from by_schema(report, SONAR)
    rules = {rule["id"] for rule in report["rules"]}
    for issue in report["issues"]:
        if issue["ruleId"] not in rules:
            yield f"no such rule: {issue['ruleId']}"
        for place in [issue["primaryLocation"], *issue["secondaryLocations"]]:
            span = place.get("textRange", {})
            if span.get("endColumn", 1) <= span.get("startColumn", 0):
                yield f"an empty range: {span}"


def checkstyle(data):
    root = xml.fromstring(data)
    if root.tag != "checkstyle" or not root.get("version"):
        yield "no checkstyle"
    for file in root:
        if file.tag != "file" or not file.get("name") or not len(file):
            yield f"what is <{file.tag}>?"
        for error in file:
            if error.get("severity") not in ("error", "warning", "info"):
                yield f"severity {error.get('severity')}"
            if int(error.get("line")) < 1 or not error.get("message"):
                yield f"an error without line or message: {error.attrib}"
            if not error.get("source", "").startswith("sluice."):
                yield "an error without source"


def junit(data):
    root = xml.fromstring(data)
    for suite in root:
        counts = {what: len(suite.findall(f"testcase/{what}"))
                  for what in ("failure", "error", "skipped")}
        said = [int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")]
        if said != [len(suite.findall("testcase")), *counts.values()]:
            yield f"{suite.get('name')}: the figures are wrong: {said} {counts}"
    if int(root.get("tests")) < 1:
        yield "no test at all"
    junitparser = module("junitparser")
    if not junitparser:
        return
    read = junitparser.JUnitXml.fromstring(data)
    if (read.tests, read.failures, read.errors) != tuple(
            int(root.get(key)) for key in ("tests", "failures", "errors")):
        yield "junitparser counts otherwise"
    read.update_statistics()
    if (read.tests, read.failures, read.errors) != tuple(
            int(root.get(key)) for key in ("tests", "failures", "errors")):
        yield "junitparser finds other tests than are announced"


def prometheus(data):
    parser = module("prometheus_client.parser")
    if not parser:
        return
    names = set()
    for family in parser.text_string_to_metric_families(data.decode()):
        names.add(family.name)
        if family.type != "gauge" or not family.documentation:
            yield f"{family.name}: no type or no help"
        seen = [tuple(sorted(sample.labels.items())) for sample in family.samples]
        if len(set(seen)) != len(seen):
            yield f"{family.name}: a sample repeats"
    for name in ("sluice_findings", "sluice_blocking_findings", "sluice_coverage_ratio"):
        if name not in names:
            yield f"no {name}"


def markdown(data):
    text = data.decode()
    if not text.startswith("<!-- sluice -->\n### sluice: "):
        yield "it does not begin with its marker and the verdict"
    if len(text) > 65536:
        yield "too long for a comment"
    if not shutil.which("cmark-gfm"):
        skipped.append("cmark-gfm")
        return
    page = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "autolink", "-t", "xml"],
                          input=data, stdout=subprocess.PIPE, check=True).stdout
    root = xml.fromstring(page)
    kinds = [node.tag.split("}")[1] for node in root.iter()]
    # Nothing of the program may have become markup: no link, image, emphasis or table.
    for kind in ("link", "image", "emph", "table", "html_inline"):
        if kind in kinds:
            yield f"text of the program has become a {kind}"
    for node in root.iter():
        if node.tag.endswith("html_block"):
            for line in node.text.splitlines():
                if not re.fullmatch(r"<!-- sluice -->|<details><summary>How it comes to this"
                                    r"</summary>|</details>|", line):
                    yield f"foreign HTML: {line}"


COMMAND = re.compile(r"^::(error|warning|notice) ([^:]*)::(.+)$")


def github(data):
    """As actions/runner reads it: properties by ',', then '%25', '%0A', '%3A' ... are undone."""
    counts = {}
    for line in data.decode().splitlines():
        found = COMMAND.match(line)
        if not found:
            yield f"no workflow command: {line[:80]}"
            continue
        counts[found[1]] = counts.get(found[1], 0) + 1
        properties = dict(item.split("=", 1) for item in found[2].split(","))
        wrong = set(properties) - {"file", "line", "endLine", "col", "endColumn", "title"}
        if wrong or not properties.get("title"):
            yield f"properties {wrong}"
        for value in [*properties.values(), found[3]]:
            if re.search(r"%(?!25|0A|0D|3A|2C)", value):
                yield f"a stray %: {value[:80]}"
        if "line" in properties and int(properties["endColumn"]) <= int(properties["col"]):
            yield "an empty range"
    for kind, n in counts.items():
        if n > 11:
            yield f"{n} of {kind}: a step shows ten"


def as_json(data):
    report = json.loads(data)
    if not {"version", "complete", "findings", "remarks", "notes"} <= set(report):
        yield "keys are missing"


CHECKS = {"gitlab": gitlab, "rdjsonl": rdjsonl, "sonar": sonar, "checkstyle": checkstyle,
          "junit": junit, "prometheus": prometheus, "markdown": markdown, "github": github,
          "json": as_json}


def main():
    bad = 0
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            data = file.read()
        try:
            faults = list(CHECKS[path.rsplit(".", 1)[1]](data))
        except (ValueError, KeyError, TypeError, xml.ParseError) as error:
            faults = [f"{type(error).__name__}: {error}"]
        for fault in faults[:5]:
            print(f"{path}: {fault}")
        bad |= bool(faults)
    if skipped and not bad:
        print(f"skipped in part: no {', '.join(sorted(set(skipped)))}")
        sys.exit(77)
    sys.exit(bad)


if __name__ == "__main__":
    main()
