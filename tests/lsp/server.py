#!/usr/bin/env python3
"""The language server, asked by a client that speaks the protocol: server.py SLUICE [TEST...]"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

from client import PUSH, Client, Gone, uri_of

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "..", "fixtures", "null")
SLUICE = os.path.abspath(sys.argv[1])
RULE = "null-return-unchecked"
SINGLE = "int *find(int);\n\nint use(int n)\n{\n    int *p = 0;\n    if (n) p = find(n);\n    return *p;\n}\n"


FIXABLE = """char *getenv(const char *);

int early_return(const char *name, int *out)
{
    if (out == 0) return -22;
    const char *home = getenv(name);
    *out = home[0];
    return 0;
}
"""


class Project:
    """A folder with sources, a database and a server for it."""

    def __init__(self, sources=None, fixture=None, config=None):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="sluice-lsp-"))
        os.mkdir(self.path(".git"))
        os.mkdir(self.path("tmp"))
        if fixture:
            for name in os.listdir(os.path.join(FIXTURES, fixture)):
                shutil.copy(os.path.join(FIXTURES, fixture, name), self.folder)
        for name, text in (sources or {}).items():
            self.write(name, text)
        if config:
            self.write(".sluice.yaml", config)
        self.write_database()
        self.client = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def write_database(self):
        files = sorted(name for name in os.listdir(self.folder) if name.endswith(".c"))
        self.write("compile_commands.json", json.dumps(
            [{"directory": self.folder, "file": name, "arguments": ["cc", "-c", name]} for name in files]))

    def start(self, capabilities=None, options=None, words=()):
        self.client = Client([SLUICE, "lsp", "--cache", self.path(".cache"), *words],
                             stderr=open(self.path("stderr"), "a"), env=dict(os.environ, TMPDIR=self.path("tmp")))
        self.client.initialize(self.folder, capabilities, options)
        return self.client

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.client and self.client.process.poll() is None:
            self.client.process.kill()
            self.client.process.wait()
        if kind and self.client:
            with open(self.path("stderr"), encoding="utf-8") as file:
                sys.stderr.write(file.read())
        shutil.rmtree(self.folder)


def codes(client, path):
    found = client.diagnostics(path)
    return None if found is None else sorted(item["code"] for item in found)


def expect(value, wanted, what):
    if value != wanted:
        raise AssertionError(f"{what}: {value!r}, expected {wanted!r}")


def text_at(text, place):
    """What a range on one line covers, counted in UTF-16."""
    line = text.split("\n")[place["start"]["line"]].encode("utf-16-le")
    return line[2 * place["start"]["character"]:2 * place["end"]["character"]].decode("utf-16-le")


# --- tests ------------------------------------------------------------------------------------


def test_path_in_other_file():
    """A finding comes with the path walked, through the other file."""
    with Project(fixture=f"{RULE}/bad_lookup_in_other_file") as project:
        client, path = project.start(), project.path("main.c")
        client.open(path)
        client.wait(lambda: codes(client, path))
        expect(codes(client, path), [RULE], "codes")
        item = client.diagnostics(path)[0]
        expect(text_at(project.read("main.c"), item["range"]), "speed", "the place")
        steps = [(os.path.basename(step["location"]["uri"]), step["message"]) for step in item["relatedInformation"]]
        expect(steps[1], ("table.c", "2. NULL is returned here"), "second step")
        expect(len(item["data"]["fingerprint"]), 32, "length of the fingerprint")
        expect(client.published[uri_of(path)]["version"], 1, "version")
        with open(item["codeDescription"]["href"][len("file://"):], encoding="utf-8") as page:
            expect(RULE in page.read(), True, "the page of the rule names it")
        kinds = [note["params"]["value"]["kind"] for note in client.notes if note["method"] == "$/progress"]
        expect((kinds[0], kinds[-1]), ("begin", "end"), "progress")
        expect(client.stop(), 0, "exit status")


def test_while_typing():
    """The buffer counts, not the file: a change takes the finding away, another brings it back."""
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == ["null-deref"])
        at = {"line": 6, "character": 4}
        client.change(path, 2, [{"range": {"start": at, "end": at}, "text": "if (!p) return 0;\n    "}])
        client.wait(lambda: codes(client, path) == [])
        expect(client.published[uri_of(path)]["version"], 2, "version")
        client.change(path, 3, [{"text": SINGLE}])
        client.wait(lambda: codes(client, path) == ["null-deref"])
        expect(project.read("a.c"), SINGLE, "the file on the disk")


PULL = json.loads(json.dumps(PUSH))
PULL["textDocument"]["diagnostic"] = {}
PULL["workspace"] = {"diagnostics": {"refreshSupport": True}}


def pull(client, path, before=None):
    params = {"textDocument": {"uri": uri_of(path)}}
    if before:
        params["previousResultId"] = before
    return client.request("textDocument/diagnostic", params)


def test_pull():
    """A client that asks gets the answer for its last change, and nothing twice."""
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(PULL), project.path("a.c")
        client.open(path)
        report = pull(client, path)
        expect(report["kind"], "full", "kind")
        expect([item["code"] for item in report["items"]], ["null-deref"], "codes")
        again = pull(client, path, report["resultId"])
        expect(again["kind"], "unchanged", "kind of the second")
        client.change(path, 2, [{"text": SINGLE.replace("return *p", "return p ? *p : 0")}])
        expect(pull(client, path, report["resultId"])["items"], [], "items after the change")
        client.change(path, 3, [{"text": SINGLE}])
        whole = client.request("workspace/diagnostic", {"previousResultIds": []})
        expect([(item["uri"], len(item["items"])) for item in whole["items"]], [(uri_of(path), 1)], "workspace")
        expect(client.published, {}, "nothing is pushed")


def test_cross_file():
    """A change of one file shows its finding in another, open or not, and takes it away again."""
    sources = {"find.c": "int x;\nint *find(int n)\n{\n    return &x + n;\n}\n",
               "use.c": "int *find(int);\nint use(int n)\n{\n    return *find(n);\n}\n"}
    with Project(sources) as project:
        client, path, other = project.start(), project.path("find.c"), project.path("use.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == [])
        client.change(path, 2, [{"text": sources["find.c"].replace("return", "if (n > 5) return 0;\n    return")}])
        client.wait(lambda: codes(client, other) == [RULE])
        client.open(other)
        client.change(path, 3, [{"text": sources["find.c"]}])
        client.wait(lambda: codes(client, other) == [])


def test_header():
    """A header that is being edited counts for the open file that reads it."""
    sources = {"a.h": "#define SAFE 1\n", "a.c": '#include "a.h"\n' + SINGLE.replace(
        "    return *p", "    if (SAFE && !p) return 0;\n    return *p")}
    with Project(sources) as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == [])
        client.open(project.path("a.h"), "#define SAFE 0\n")
        client.wait(lambda: codes(client, path) == ["null-deref"])


def test_utf16():
    """Columns are counted in what was agreed on."""
    text = SINGLE.replace("return *p", "/* \u00e9\U0001f600 */ return *p")
    for encodings, column in ((None, 21), (["utf-8"], 24), (["utf-32"], 20)):
        with Project({"a.c": text}) as project:
            capabilities = dict(PUSH, general={"positionEncodings": encodings}) if encodings else PUSH
            client, path = project.start(capabilities), project.path("a.c")
            client.open(path)
            client.wait(lambda: codes(client, path))
            expect(client.diagnostics(path)[0]["range"]["start"]["character"], column, f"column in {encodings}")
            at = {"line": 6, "character": column}
            client.change(path, 2, [{"range": {"start": at, "end": at}, "text": "q ? 1 : *"}])
            client.wait(lambda: client.published[uri_of(path)]["version"] == 2)
            whole = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}, "text": text}
            client.change(path, 3, [whole])
            client.wait(lambda: codes(client, path) == ["null-deref"])


def apply_edits(text, edits):
    """Edits of a text without characters beyond ASCII."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)

    def offset(position):
        return starts[position["line"]] + position["character"]

    for edit in sorted(edits, key=lambda edit: -offset(edit["range"]["start"])):
        text = text[:offset(edit["range"]["start"])] + edit["newText"] + text[offset(edit["range"]["end"]):]
    return text


def actions_at(client, path, trigger=1):
    found = client.diagnostics(path)[0]
    return {action["title"]: action for action in client.request("textDocument/codeAction", {
        "textDocument": {"uri": uri_of(path)}, "range": found["range"],
        "context": {"diagnostics": [found], "triggerKind": trigger}})}


def test_actions():
    """The fix that --fix would write, a comment that allows it, and the rule's page."""
    with Project({"a.c": FIXABLE}) as project:
        client, path = project.start(), project.path("a.c")
        project.write("a.c", "int other;\n")  # what is on the disk does not count
        client.open(path, FIXABLE)
        client.wait(lambda: codes(client, path) == [RULE])
        quick = actions_at(client, path, trigger=2)
        expect(sorted(quick), ["Allow null-return-unchecked here (say why in the comment)", "Explain null-return-unchecked"], "at once")
        actions = actions_at(client, path)
        fix = next(action for title, action in actions.items() if title.startswith("Fix: "))
        expect(fix["isPreferred"], True, "preferred")
        fixed = apply_edits(FIXABLE, fix["edit"]["changes"][uri_of(path)])
        client.change(path, 2, [{"text": fixed}])
        client.wait(lambda: codes(client, path) == [])
        client.change(path, 3, [{"text": FIXABLE}])
        client.wait(lambda: codes(client, path) == [RULE])
        allow = actions["Allow null-return-unchecked here (say why in the comment)"]
        allowed = apply_edits(FIXABLE, allow["edit"]["changes"][uri_of(path)])
        client.change(path, 4, [{"text": allowed}])
        client.wait(lambda: codes(client, path) == ["suppression-without-reason"])
        client.change(path, 5, [{"text": FIXABLE}])
        client.wait(lambda: codes(client, path) == [RULE])
        client.request("workspace/executeCommand", {"command": "sluice.allow", "arguments": [
            uri_of(path), 6, RULE, "it is set before main"]})
        client.wait(lambda: client.edits)
        client.change(path, 6, [{"text": apply_edits(FIXABLE, client.edits[0]["changes"][uri_of(path)])}])
        client.wait(lambda: codes(client, path) == [])
        page = client.request("workspace/executeCommand", {"command": "sluice.explain", "arguments": [RULE]})
        expect(RULE in page, True, "the page")


def test_hover_and_lens():
    """The contract of a function, as the buffers have it, where it is called and above it."""
    sources = {"find.c": "int x;\nint *find(int n)\n{\n    return n ? &x : 0;\n}\n",
               "use.c": "int *find(int);\nint use(int n)\n{\n    return *find(n);\n}\n"}
    with Project(sources) as project:
        client, path = project.start(), project.path("use.c")
        client.open(path)
        place = {"textDocument": {"uri": uri_of(path)}, "position": {"line": 3, "character": 14}}
        text = client.request("textDocument/hover", place)["contents"]
        expect(text["kind"], "markdown", "kind")
        expect("NULL" in text["value"] and "find(n)" in text["value"], True, text["value"])
        lens = client.request("textDocument/codeLens", {"textDocument": {"uri": uri_of(project.path("find.c"))}})
        expect(lens, [], "lenses of a file that is not open")
        client.open(project.path("find.c"))
        lens = client.request("textDocument/codeLens", {"textDocument": {"uri": uri_of(project.path("find.c"))}})
        expect([(item["range"]["start"]["line"], item["command"]["title"]) for item in lens],
               [(1, "may return NULL: 1 of 1 callers unchecked")], "lenses")
        client.change(path, 2, [{"text": sources["use.c"].replace("return *find(n)", "int *p = find(n);\n    return p ? *p : 0")}])
        lens = client.request("textDocument/codeLens", {"textDocument": {"uri": uri_of(project.path("find.c"))}})
        expect([item["command"]["title"] for item in lens], ["may return NULL: 0 of 1 callers unchecked"], "after")
        place["position"] = {"line": 2, "character": 0}
        expect(client.request("textDocument/hover", place), None, "hover over a brace")


def test_cancel():
    """A request that is called off is answered so, and the server goes on."""
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(PULL), project.path("a.c")
        client.open(path)
        number = client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri_of(path)}})
        client.notify("$/cancelRequest", {"id": number})
        expect(client.answer(number)["error"]["code"], -32800, "code")
        expect(len(pull(client, path)["items"]), 1, "findings afterwards")


def test_noise():
    """Nothing that arrives ends the server."""
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(PUSH), project.path("a.c")
        deep = b"[" * 5000
        for body in (b"", b"{", b"[]", b"7", deep, b'{"id":1}', b'{"id":[],"method":3}', b"\xff\xfe",
                     b'{"jsonrpc":"2.0","id":77,"method":"no/such"}',
                     b'{"jsonrpc":"2.0","method":"textDocument/didChange","params":[1]}',
                     b'{"jsonrpc":"2.0","id":"x","method":"textDocument/hover","params":{"position":{"line":-1}}}'):
            client.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        for junk in (b"hello\n\n", b"Content-Length: -3\r\n\r\n", b"Content-Length: x\r\n\r\n",
                     b"Content-Type: a\r\n\r\n", b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                     b"A" * 20000 + b"\r\n\r\n", b"Content-Length: 70000000\r\n\r\n" + b" " * 70000000):
            client.write(junk)
        client.open(path)
        client.wait(lambda: codes(client, path) == ["null-deref"])
        expect(client.stop(), 0, "exit status")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def test_lost_process():
    """A process of the analysis that dies takes nothing with it."""
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == ["null-deref"])
        for version, depth in ((2, 2), (4, 1)):
            victims = [client.process.pid]
            for _ in range(depth):
                victims = [child for pid in victims for child in children(pid)]
            expect(len(victims) > 0, True, "there is a process to lose")
            for pid in victims:
                os.kill(pid, signal.SIGKILL)
            client.change(path, version, [{"text": SINGLE.replace("return *p", "return p ? *p : 0")}])
            client.wait(lambda: codes(client, path) == [])
            client.change(path, version + 1, [{"text": SINGLE}])
            client.wait(lambda: codes(client, path) == ["null-deref"])


def test_nothing_is_left():
    """When the client is gone so are all processes and temporary files."""
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == ["null-deref"])
        mine = children(client.process.pid)
        mine += [pid for parent in mine for pid in children(parent)]
        client.process.stdin.close()
        expect(client.process.wait(20), 1, "status without shutdown")
        deadline = time.monotonic() + 10
        while any(os.path.exists(f"/proc/{pid}") for pid in mine) and time.monotonic() < deadline:
            time.sleep(0.05)
        expect([pid for pid in mine if os.path.exists(f"/proc/{pid}")], [], "processes")
        expect(os.listdir(project.path("tmp")), [], "temporary files")


def test_life():
    """The order of a session's life is kept by the server."""
    with Project({"a.c": SINGLE}) as project:
        client = project.client = Client([SLUICE, "lsp", "--no-cache"])
        expect(client.answer(client.ask("textDocument/hover", {}))["error"]["code"], -32002, "before initialize")
        client.initialize(project.folder)
        expect(client.answer(client.ask("initialize", {}))["error"]["code"], -32600, "twice")
        client.request("shutdown")
        expect(client.answer(client.ask("textDocument/hover", {}))["error"]["code"], -32600, "after shutdown")
        client.notify("exit")
        expect(client.process.wait(20), 0, "exit status")


def test_no_database():
    """Without a database the user is told what to do; once there is one and it is saved, it works."""
    with Project({"a.c": SINGLE}) as project:
        os.rename(project.path("compile_commands.json"), project.path("later"))
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: [note for note in client.notes if note["method"] == "window/showMessage"])
        said = [note for note in client.notes if note["method"] == "window/showMessage"][0]["params"]
        expect("compile_commands.json" in said["message"], True, said["message"])
        os.rename(project.path("later"), project.path("compile_commands.json"))
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
        client.wait(lambda: codes(client, path) == ["null-deref"])


def test_unknown_file():
    """A new file, which the database does not have yet, is compiled as its neighbour."""
    with Project({"a.c": "int one;\n"}) as project:
        client, path = project.start(), project.path("b.c")
        client.open(path, SINGLE)
        client.wait(lambda: codes(client, path) == ["null-deref"])


def test_save_reads_the_disk():
    """After a save the program on the disk is read again: what others changed counts."""
    with Project({"a.c": SINGLE, "b.c": "int b;\n"}) as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == ["null-deref"])
        project.write("b.c", SINGLE.replace("use", "use_too").replace("find", "find_too"))
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
        client.wait(lambda: codes(client, project.path("b.c")) == ["null-deref"])


def test_watched_files():
    """Files that others write are watched, where the client can, and read again."""
    with Project({"a.c": SINGLE, "b.c": "int b;\n"}) as project:
        capabilities = dict(PUSH, workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}})
        client, path = project.start(capabilities), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path) == ["null-deref"])
        asked = [note for note in client.notes if note["method"] == "client/registerCapability"]
        expect(asked[0]["params"]["registrations"][0]["method"], "workspace/didChangeWatchedFiles", "registration")
        project.write("b.c", SINGLE.replace("use", "use_too").replace("find", "find_too"))
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(project.path("b.c")), "type": 2}]})
        client.wait(lambda: codes(client, project.path("b.c")) == ["null-deref"])


def test_configuration():
    """Thresholds and the baseline of the project decide what is an error, a warning or not shown."""
    with Project({"a.c": SINGLE}, config="version: 1\nfail-on: none\n") as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path))
        expect(client.diagnostics(path)[0]["severity"], 2, "severity")
    with Project({"a.c": SINGLE}) as project:
        client, path = project.start(), project.path("a.c")
        client.open(path)
        client.wait(lambda: codes(client, path))
        expect(client.diagnostics(path)[0]["severity"], 1, "severity")


def test_without_related():
    """A client that drops related information has the path in the message."""
    with Project(fixture=f"{RULE}/bad_lookup_in_other_file") as project:
        client, path = project.start({}), project.path("main.c")
        client.open(path)
        client.wait(lambda: codes(client, path))
        item = client.diagnostics(path)[0]
        expect("relatedInformation" in item, False, "related information")
        expect("2. table.c:9: NULL is returned here" in item["message"], True, item["message"])


def test_same_as_check():
    """What is shown is what `sluice check` says of the same files."""
    folder = f"{RULE}/bad_ring_of_three.c"
    with Project({"a.c": open(os.path.join(FIXTURES, folder), encoding="utf-8").read(), "b.c": SINGLE}) as project:
        client = project.start()
        client.open(project.path("b.c"), SINGLE + "\n")
        client.wait(lambda: codes(client, project.path("a.c")))
        shown = {(os.path.basename(uri), item["code"], item["range"]["start"]["line"] + 1)
                 for uri, params in client.published.items() for item in params["diagnostics"]}
        out = subprocess.run([SLUICE, "check", "--no-cache", "--format", "json"], cwd=project.folder,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
        said = {(found["place"]["path"], found["rule"], found["place"]["line"]) for found in json.loads(out)["findings"]}
        expect(shown, said, "findings")


TESTS = {name[5:]: value for name, value in list(globals().items()) if name.startswith("test_")}


def main():
    failed = 0
    for name in sys.argv[2:] or TESTS:
        try:
            TESTS[name]()
            print("ok", name)
        except Exception:  # one that fails must not hide the others
            failed += 1
            print("FAILED", name)
            traceback.print_exc(file=sys.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
