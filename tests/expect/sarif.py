"""sarif.py LOG JUDGED: prints what is wrong with a SARIF log; exit 1 when anything is.

JUDGED is what the SARIF Multitool wrote about LOG. Beside its results, the profile that
consumers of SARIF need is checked here: each line of `profile` names one of them.
"""
import json
import re
import sys

# SARIF2005 wants informationUri: sluice has no home page yet.
IGNORED = {"SARIF2005"}


def judged(path):
    log = json.load(open(path, encoding="utf-8"))
    for run in log["runs"]:
        for result in run.get("results", []):
            if result["ruleId"] not in IGNORED:
                yield f"{result['ruleId']}: {json.dumps(result['message'])}"
        for invocation in run.get("invocations", []):
            for note in invocation.get("toolExecutionNotifications", []):
                if note.get("level") == "error":
                    yield f"the Multitool failed: {json.dumps(note['message'])}"


def texts(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def uris(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "uri":
                yield inner
            else:
                yield from uris(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from uris(inner)


def profile_of_rule(rule):
    severity = rule["properties"].get("security-severity")
    if severity is not None and not isinstance(severity, str):
        yield "GitHub wants security-severity as a string"
    for key in ("shortDescription", "fullDescription"):
        if not 0 < len(rule[key]["text"]) <= 1024:
            yield f"GitHub and GitLab want 1 to 1024 characters of {key}"
    if not rule["help"]["text"] or not rule["help"]["markdown"]:
        yield "GitHub wants help"
    if len(rule["properties"]["tags"]) > 10:
        yield "GitHub shows 10 tags"
    if "level" not in rule["defaultConfiguration"]:
        yield "SonarQube takes the severity from defaultConfiguration"


def profile_of_result(result, rules):
    if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
        yield "ruleIndex and ruleId disagree"
    text = result["message"]["text"]
    if len(text) > 1000:
        yield "GitLab drops messages above 1024 characters"
    if len(result["locations"]) != 1:
        yield "GitHub uses, and reviewdog repeats, every location: one is wanted"
    region = result["locations"][0]["physicalLocation"]["region"]
    if not {"startLine", "startColumn", "endLine", "endColumn"} <= region.keys():
        yield "GitHub wants the whole region"
    if "sluice/v1" not in result["partialFingerprints"]:
        yield "no fingerprint of ours"
    linked = {int(i) for i in re.findall(r"(?<!\\)\]\((\d+)\)", text)}
    related = {place["id"] for place in result.get("relatedLocations", [])}
    if not linked <= related:
        yield f"links without a related location: {sorted(linked - related)}"
    for flow in result.get("codeFlows", []):
        if len(result["codeFlows"]) != 1 or len(flow["threadFlows"]) != 1:
            yield "VS Code shows one flow"
        for step in flow["threadFlows"][0]["locations"]:
            if not step["location"]["message"]["text"]:
                yield "CodeChecker drops steps without a message"
    for fix in result.get("fixes", []):
        if not fix.get("description", {}).get("text"):
            yield "DefectDojo fails on a fix without a description"


def profile(log):
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    if len(log["runs"]) != 1 or log["version"] != "2.1.0" or "sarif-2.1.0" not in log["$schema"]:
        yield "one run of 2.1.0 is wanted"
    if run["columnKind"] != "utf16CodeUnits":
        yield "VS Code takes columns as UTF-16"
    if not run["automationDetails"]["id"].endswith("/"):
        yield "GitHub takes the category before the last '/'"
    for rule in rules:
        for complaint in profile_of_rule(rule):
            yield f"{rule['id']}: {complaint}"
    for i, result in enumerate(run["results"]):
        for complaint in profile_of_result(result, rules):
            yield f"results[{i}]: {complaint}"
    has_root = "originalUriBaseIds" in run
    for uri in uris(run):
        if re.search(r"[^A-Za-z0-9\-._~/+@,=%:]", uri):
            yield f"not percent-encoded: {uri}"
        if not has_root and (uri.startswith("/") or uri.startswith("file:")):
            yield f"an absolute path: {uri}"
    if any("\0" in text for text in texts(log)):
        yield "a NUL in a text"


def main():
    raw = open(sys.argv[1], "rb").read()
    bad = 0
    try:
        log = json.loads(raw.decode("utf-8"))  # strict: no broken bytes
        complaints = list(profile(log)) + list(judged(sys.argv[2]))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        complaints = [f"{type(error).__name__}: {error}"]
    for complaint in complaints:
        print(f"{sys.argv[1]}: {complaint}")
        bad = 1
    return bad


sys.exit(main())
