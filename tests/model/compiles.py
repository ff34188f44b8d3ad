#!/usr/bin/env python3
"""The fixtures of contexts are programs: each compiles without a warning against the real headers.

    compiles.py [FIXTURE.c...]
"""
import concurrent.futures
import glob
import os
import re
import shlex
import subprocess
import sys

from headers import ROOT


def compiles(path):
    """What the compiler says of a fixture; empty: nothing."""
    with open(path, encoding="utf-8") as file:
        first = re.match(r"// run:(.*)", file.readline())
    words = shlex.split(first.group(1)) if first else []
    flags = words[words.index("--") + 1 :] if "--" in words else []
    command = ["clang-19", "-std=gnu11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]
    # The library's own headers are not ours to warn of.
    flags = [flag.replace("-I/", "-isystem/", 1) for flag in flags]
    run = subprocess.run(command + flags + [os.path.basename(path)], cwd=os.path.dirname(path),
                         capture_output=True, text=True, timeout=60, check=False)
    return run.stderr


def main():
    paths = sys.argv[1:] or sorted(glob.glob(os.path.join(ROOT, "fixtures/ctx/**/*.c"), recursive=True))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        said = [text for text in pool.map(compiles, map(os.path.abspath, paths)) if text]
    sys.stderr.write("".join(said))
    print(f"{len(paths)} programs, {len(said)} do not compile")
    return 1 if said or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
