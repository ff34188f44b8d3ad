"""The programs of three public suites and what their owners expect of null pointers.

A Program is a C file with the arguments it is to be compiled with; an Expectation is a set of
(file, line) of which one report must name one. Only what speaks of a null pointer that is
dereferenced or passed where it must not be is taken: expectations about arithmetic on null
pointers, leaks and the like are neither asked for nor held against anybody. A line of which
the owner says that it should be found and is not (xfail) is left open in the same way.
"""
import collections
import os
import re
import subprocess

Program = collections.namedtuple("Program", "suite name folder file args expected open")

NULL = re.compile(r"null|^d?ereference$", re.I)
NOT_DEREFERENCED = re.compile(r"null.terminat|leak|null character|terminating null"
                              r"|arithmetic|addition with|subtract|tautological|compar|conver"
                              r"|is not null, but",
                              re.I)
OLD_C = ["-Wno-error=implicit-function-declaration", "-Wno-error=int-conversion",
         "-Wno-error=implicit-int", "-Wno-error=return-mismatch",
         "-Wno-error=incompatible-function-pointer-types"]
PARSES = ["clang-19", "-fsyntax-only", "-x", "c", "-Wno-everything",
          "-Wimplicit-function-declaration"] + OLD_C


def speaks_of_null(text):
    return bool(NULL.search(text)) and not NOT_DEREFERENCED.search(
        re.sub(r"string (comparison|concatenation) function|memory comparison function", "", text))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def parse(folder, file, args):
    return subprocess.run(PARSES + args + [file], cwd=folder, capture_output=True, text=True,
                          errors="replace", timeout=60)


def c_files(root):
    for folder, folders, files in os.walk(root):
        folders.sort()
        for file in sorted(files):
            if file.endswith(".c"):
                yield os.path.join(folder, file)


# ---- clang: // expected-warning{{...}}, in what the first RUN line with -verify compiles ----

CLANG = re.compile(r"\b([A-Za-z-]+?)-(warning|error)(-re)?(@[^ {\n]*)?\s*(\d+\+?|\d+-\d+|[+*])?"
                   r"\s*\{\{(.*?)\}\}", re.S)
KEPT = re.compile(r"^(-D.*|-std=.*|-f(no-)?(blocks|freestanding|short-wchar|signed-char"
                  r"|gnu89-inline|builtin)|-I.*|-m32|-m64)$")
WITH_VALUE = ("-include", "-isystem", "-iquote", "-I", "-D")


def clang_run(text):
    """The words of the first RUN line that verifies, or None."""
    joined = re.sub(r"\\\n\s*(//\s*RUN:)?", " ", text)
    for line in re.findall(r"RUN:(.*)", joined):
        words = line.split()
        if any(word.startswith("-verify") for word in words) and "%s" in line:
            return words
    return None


def clang_args(words, folder):
    """What of a RUN line the language needs, and the prefixes of what is expected."""
    args, prefixes, at = [], ["expected"], 0
    while at < len(words):
        word = words[at].replace("%S", folder)
        following = words[at + 1].replace("%S", folder) if at + 1 < len(words) else ""
        if word.startswith("-verify="):
            prefixes = word[8:].split(",")
        elif word in WITH_VALUE:
            args += [word, following]
            at += 1
        elif word == "-triple":
            args.append("--target=" + following)
            at += 1
        elif KEPT.match(word):
            args.append(word)
        at += 1
    return args, prefixes


def clang_marks(folder, file, args, prefixes):
    """Marks of all lines that are compiled: comments survive -C, lines are kept in markers."""
    done = subprocess.run(["clang-19", "-E", "-C", "-x", "c"] + args + [file], cwd=folder,
                          capture_output=True, text=True, errors="replace", timeout=60)
    expected = []
    sections = re.split(r'^# (\d+) "([^"]*)".*\n', done.stdout, flags=re.M)
    for first, path, text in zip(sections[1::3], sections[2::3], sections[3::3]):
        if path.startswith("<"):
            continue
        for mark in CLANG.finditer(text):
            prefix, _, _, at, _, message = mark.groups()
            if prefix not in prefixes or not speaks_of_null(message):
                continue
            line = int(first) + text.count("\n", 0, mark.start())
            if at and re.match(r"@[+-]\d+$", at):
                line += int(at[1:])
            elif at and re.match(r"@\d+$", at):
                line = int(at[1:])
            elif at:
                continue
            expected.append(frozenset([(os.path.basename(path), line)]))
    return expected


def clang_programs(root):
    for path in c_files(root):
        text, folder = read(path), os.path.dirname(path)
        words = clang_run(text)
        if not words or "objective-c" in " ".join(words):
            continue
        args, prefixes = clang_args(words, folder)
        if "-std=" not in " ".join(args):
            args.append("-std=gnu11")
        file = os.path.basename(path)
        if parse(folder, file, args).returncode == 0:
            expected = clang_marks(folder, file, args, prefixes)
            yield Program("clang", os.path.relpath(path, root), folder, file, args, expected, [])


# ---- GCC: /* { dg-warning "..." "name" { target } .-1 } */ --------------------------------

DG = re.compile(r'\{\s*dg-(warning|bogus|error|message)\s+"((?:[^"\\]|\\.)*)"'
                r'(?:\s+"((?:[^"\\]|\\.)*)")?(?:\s+\{([^{}]*)\})?\s*(\.[+-]\d+|\d+)?\s*\}')
GCC_ALL = re.compile(r"-(?:f(?:un)?signed-char|D\S+|std=\S+)")


def gcc_marks(text, file):
    expected, left_open = [], []
    for number, line in enumerate(text.split("\n"), 1):
        for kind, message, _, target, at in DG.findall(line):
            if kind != "warning" or not speaks_of_null(message):
                continue
            where = number
            if at:
                where = number + int(at[1:]) if at.startswith(".") else int(at)
            into = left_open if "xfail" in target else expected
            into.append(frozenset([(file, where)]))
    return expected, left_open


def gcc_programs(root):
    for path in c_files(root):
        text, folder = read(path), os.path.dirname(path)
        options = " ".join(re.findall(r'dg-(?:additional-)?options "([^"]*)"', text))
        if "-fno-analyzer " in options + " " or "taint" in options:
            continue
        args = GCC_ALL.findall(options)
        if "-std=" not in options:
            args.append("-std=gnu17")
        file = os.path.basename(path)
        if parse(folder, file, args).returncode == 0:
            expected, left_open = gcc_marks(text, file)
            yield Program("gcc", os.path.relpath(path, root), folder, file, args, expected,
                          left_open)


# ---- cppcheck: programs are literals of a C++ test, what it says stands behind them -------

LITERAL = r'"(?:[^"\\]|\\.)*"'
CALL = re.compile(r"^\s*(?:const char code\[\] =|check\(|checkP\(|ctu\()\s*((?:%s|\s|//[^\n]*)+)"
                  % LITERAL, re.M)
SAYS = re.compile(r"^\s*(TO" r"DO_)?ASSERT_EQUALS\(\s*((?:%s|\s|//[^\n]*)+)," % LITERAL, re.M)
STEP = re.compile(r"^\s*// extracttests\.start: (.*)$", re.M)
TEST = re.compile(r"^    void (\w+)\(\) \{", re.M)
OLD_PLACE = re.compile(r"\[test\.cpp:(\d+)\]")
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "0": "\0", "r": "\r", "'": "'", "?": "?"}


HEAD = """#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#define nullptr ((void *)0)
"""
CPP = {"class", "namespace", "template", "using", "auto", "throw", "try", "new", "delete", "typeid",
       "this", "decltype", "operator", "static_cast", "reinterpret_cast", "const_cast"}


def text_of_literals(source):
    source = re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found.group(1) or "", source)
    joined = "".join(literal[1:-1] for literal in re.findall(LITERAL, source))
    return re.sub(r"\\(.)", lambda found: ESCAPES.get(found.group(1), found.group(0)), joined)


def cppcheck_marks(said, file):
    marks = []
    for line in said.split("\n"):
        places = [int(number) for number in OLD_PLACE.findall(line)]
        new = re.match(r"test\.cpp:(\d+):(error|warning):", line)
        if new:
            places = [int(new.group(1))]
        if places and speaks_of_null(line):
            marks.append(frozenset((file, number) for number in places))
    return marks


def last_before(pattern, text, position):
    found = None
    for found in pattern.finditer(text, 0, position):
        pass
    return found


def complete(folder, file, prelude):
    """Declares what is missing, as an int or as a struct of its own, until the program parses.
    False: it is not C, or would need more than that. nullptr may stand for NULL."""
    head = HEAD + prelude + "\n"
    for _ in range(8):
        with open(os.path.join(folder, file + ".h"), "w", encoding="utf-8") as stream:
            stream.write(head)
        done = parse(folder, file, ["-std=gnu11", "-include", file + ".h"])
        functions = set(re.findall(r"call to undeclared function '(\w+)'", done.stderr))
        if done.returncode == 0:
            return not functions & CPP
        errors = set(re.findall(r"error: use of undeclared identifier '(\w+)'", done.stderr))
        types = set(re.findall(r"error: unknown type name '(\w+)'", done.stderr))
        types |= set(re.findall(r"error: must use 'struct' tag to refer to type '(\w+)'", done.stderr))
        if not errors - types and not types:
            return False
        if (types | errors | functions) & CPP:
            return False
        head += "".join("typedef struct %s %s;\n" % (name, name) for name in sorted(types))
        head += "".join("extern int %s;\n" % name for name in sorted(errors - types))
    return False


def cppcheck_programs(source, folder):
    os.makedirs(folder, exist_ok=True)
    text, counts = read(source), collections.Counter()
    for call in CALL.finditer(text):
        test = last_before(TEST, text, call.start())
        says = SAYS.search(text, call.end())
        following = CALL.search(text, call.end())
        if not test or not says or (following and following.start() < says.start()):
            continue
        counts[test.group(1)] += 1
        file = "%s-%d.c" % (test.group(1), counts[test.group(1)])
        with open(os.path.join(folder, file), "w", encoding="utf-8") as stream:
            stream.write(text_of_literals(call.group(1)))
        steps = STEP.search(text, test.start(), call.start())
        if not complete(folder, file, steps.group(1) if steps else ""):
            continue
        marks = cppcheck_marks(text_of_literals(says.group(2)), file)
        yield Program("cppcheck", file, folder, file,
                      ["-std=gnu11", "-include", file + ".h"],
                      [] if says.group(1) else marks, marks if says.group(1) else [])
