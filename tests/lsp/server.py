#!/usr/bin/env python3
"""The language server, asked by a client that speaks the protocol: server.py SLUICE [TEST...]"""
import json
import os
import shutil
import signal
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


class Project:
    """A folder with sources, a database and a server for it."""

    def __init__(self, sources=None, fixture=None, config=None):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="sluice-lsp-"))
        os.mkdir(self.path(".git"))
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
                             stderr=open(self.path("stderr"), "a"))
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
