#!/usr/bin/env python3
"""From the end of a keystroke pause to diagnostics: sluice lsp beside clangd, on the same file.

lsp.py --sluice BIN [--clangd BIN] [--edits N] [--seed N] ROOT FILE...

ROOT is a project with a compile_commands.json. For each FILE (relative to ROOT) a server is started
on the whole project and the file is opened. Then N times one line inside of a function gets a declaration,
which makes it another program, and the clock runs from the change (the last key) to the
publishDiagnostics of that version; whatever the server waits by itself is in it. The servers take
turns, edit by edit, so that what else the machine does hits both. A line is taken only when it is
a statement of its own: both servers then have a program that compiles.
"""
import argparse
import os
import random
import re
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lsp"))
from client import PUSH, Client, uri_of  # noqa: E402

PAUSE = 0.15  # seconds between an answer and the next edit


def statement_lines(text):
    """Lines before which a declaration can stand: a statement in braces, after another one."""
    lines = text.split("\n")
    found = []
    for i in range(1, len(lines)):
        before, line = lines[i - 1].rstrip(), lines[i]
        if re.match(r"^(    |\t)[a-z_]\w*(\(|->| = ).*;$", line) and re.match(r"^\s+.*[;{}]$", before) and \
                not re.match(r"^\s*(case|default)\b.*", before):
            found.append(i)
    return found


def cpu_of(pid):
    """CPU seconds of a process, of all that it waited for, and of those that still run."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            ticks = sum(int(word) for word in file.read().rpartition(")")[2].split()[11:15])
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = file.read().split()
    except OSError:  # it has just ended, and is with its parent's children now
        return 0
    return ticks / os.sysconf("SC_CLK_TCK") + sum(cpu_of(child) for child in children)


class Server:
    def __init__(self, name, command, root, path, text):
        self.name, self.path, self.text, self.version = name, path, text, 1
        start = time.monotonic()
        self.client = Client(command, cwd=root, stderr=open(os.devnull, "w"))
        self.client.initialize(root, PUSH)
        self.client.open(path, text)
        self.client.wait(lambda: self.client.diagnostics(path) is not None, 600)
        self.ready = time.monotonic() - start
        self.times = []
        self.client.quiet(3)
        self.cpu = cpu_of(self.client.process.pid)

    def edit(self, line, number):
        """Adds a line, waits for what is found, and takes it out again."""
        at = {"line": line, "character": 0}
        added = f"    int sluice_bench_{number} = {number}; (void)sluice_bench_{number};\n"
        self.times.append(self.change(at, at, added))
        self.client.quiet(PAUSE)
        self.change(at, {"line": line + 1, "character": 0}, "")
        self.client.quiet(PAUSE)

    def change(self, start, end, text):
        self.version += 1
        version, uri = self.version, uri_of(self.path)
        begin = time.monotonic()
        self.client.change(self.path, version, [{"range": {"start": start, "end": end}, "text": text}])
        self.client.wait(lambda: self.client.published[uri].get("version") == version, 60)
        return time.monotonic() - begin


def measure(options, file, cache):
    path = os.path.join(options.root, file)
    with open(path, encoding="utf-8", errors="replace") as source:
        text = source.read()
    lines = random.Random(options.seed).sample(statement_lines(text), options.edits)
    servers = [Server("sluice lsp", [options.sluice, "lsp", "-p", options.root, "--cache", cache],
                      options.root, path, text)]
    if options.clangd:
        servers.append(Server(os.path.basename(options.clangd),
                              [options.clangd, "--compile-commands-dir=" + options.root, "--background-index=false",
                               "--clang-tidy=false", "--log=error"], options.root, path, text))
    for number, line in enumerate(lines):
        for server in servers:
            server.edit(line, number)
    for server in servers:
        cpu = (cpu_of(server.client.process.pid) - server.cpu) / (2 * options.edits)
        times = sorted(server.times)
        print(f"{os.path.basename(options.root)} {file:<40} {server.name:<12} "
              f"median {statistics.median(times) * 1e3:5.0f} ms  worst {times[-1] * 1e3:5.0f} ms  "
              f"CPU {cpu * 1e3:4.0f} ms a change  first {server.ready:5.1f} s", flush=True)
        server.client.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sluice", required=True, type=os.path.abspath)
    parser.add_argument("--clangd", help="for example clangd-19")
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("root", type=os.path.realpath)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        for file in options.files:
            measure(options, file, cache)


if __name__ == "__main__":
    main()
