#!/usr/bin/env python3
"""Compile databases of the bench.

    database.py filter TREE KEEP DROP PREFER    TREE/compile_commands.full.json -> stdout
    database.py check DATABASE                  every entry through clang-19 -fsyntax-only

filter keeps one C entry for each source whose path in the tree matches KEEP and not DROP;
of several, the one whose command line matches PREFER. check prints units, failures, lines.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys

GCC_ONLY = re.compile(r"^(-ffat-lto-objects|-fno-fat-lto-objects|-flto.*|-specs=.*|-fno-tree-.*"
                      r"|-fno-var-tracking.*|-fconserve-stack|-fno-ipa-.*|-fprofile-.*)$")


def args_of(entry):
    return list(entry["arguments"]) if "arguments" in entry else shlex.split(entry["command"])


def path_of(entry):
    return os.path.realpath(os.path.join(entry["directory"], entry["file"]))


def read(path):
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


def filtered(tree, keep, drop, prefer):
    tree, best = os.path.realpath(tree), {}
    for entry in read(os.path.join(tree, "compile_commands.full.json")):
        path = path_of(entry)
        inside = os.path.relpath(path, tree)
        if not path.endswith(".c") or inside.startswith("..") or not os.path.exists(path):
            continue
        if re.search(r"(^|/)(conftest|CMakeFiles|autotest)", inside):
            continue
        if not re.search(keep, inside) or re.search(drop, inside):
            continue
        args = args_of(entry)
        score = bool(re.search(prefer, " ".join(args)))
        if path not in best or score > best[path][0]:
            best[path] = (score, {"directory": entry["directory"], "file": path, "arguments": args})
    return [best[path][1] for path in sorted(best)]


def clang_command(entry):
    """The entry's command as a syntax check; flags that only gcc knows are left out."""
    command, words = ["clang-19", "-fsyntax-only", "-w"], iter(args_of(entry)[1:])
    for word in words:
        if word in ("-o", "-MF", "-MT", "-MQ"):
            next(words, None)
        elif word in ("-c", "-MD", "-MMD", "-MP", "-pipe") or GCC_ONLY.match(word):
            continue
        elif word.startswith(("-Wa,", "-Wl,")) or re.match(r"-o(?!penmp).", word):
            continue
        else:
            command.append(word)
    return command


def lines_of(entries):
    count = 0
    for path in {path_of(entry) for entry in entries}:
        with open(path, "rb") as stream:
            count += stream.read().count(b"\n")
    return count


def check(entries):
    def parses(entry):
        done = subprocess.run(clang_command(entry), cwd=entry["directory"], capture_output=True)
        if done.returncode != 0:
            print("%s\n%s" % (path_of(entry), done.stderr.decode("utf-8", "replace")[:3000]))
        return done.returncode == 0

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        good = sum(pool.map(parses, entries))
    print("%d units, %d do not parse, %d lines" % (len(entries), len(entries) - good, lines_of(entries)))
    return bool(entries)


def main():
    if sys.argv[1:2] == ["filter"] and len(sys.argv) == 6:
        entries = filtered(*sys.argv[2:])
        json.dump(entries, sys.stdout, indent=1)
        print()
        sys.exit(0 if entries else "no entry is left")
    if sys.argv[1:2] == ["check"] and len(sys.argv) == 3:
        sys.exit(0 if check(read(sys.argv[2])) else 1)
    sys.exit(__doc__)


if __name__ == "__main__":
    main()
